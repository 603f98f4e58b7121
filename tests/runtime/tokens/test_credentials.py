"""From which arguments and variables of the environment a token comes, and that none of them is shown."""

from __future__ import annotations

import logging
from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import quote_plus

import httpx2
import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Reply, json_reply
from tests.runtime.example_api import GET_RUN, ExampleClient
from tests.runtime.shown import shown
from tests.runtime.tokens.token_server import (
    FLOW,
    SECRET,
    Call,
    TokenServer,
    api_of,
    client_of,
    get_run,
    run_of,
    settings,
)


def test_id_and_secret_come_from_the_environment(
    server: TokenServer, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXAMPLE_CLIENT_ID", "me")
    monkeypatch.setenv("EXAMPLE_CLIENT_SECRET", "word")
    run_of(call, server, client_id=None, client_secret=None)
    run_of(call, server, client_id="you", client_secret=None)
    pairs = [b64decode(request.headers["authorization"][6:]).decode() for request in server.token_requests]
    assert pairs == ["me:word", "you:word"]


def test_a_token_goes_before_id_and_secret_unless_these_alone_are_arguments(
    server: TokenServer, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.accepts = lambda _: True
    monkeypatch.setenv("EXAMPLE_ACCESS_TOKEN", "by-hand")
    run_of(call, server)
    monkeypatch.setenv("EXAMPLE_CLIENT_ID", "me")
    monkeypatch.setenv("EXAMPLE_CLIENT_SECRET", "word")
    run_of(call, server, client_id=None, client_secret=None)
    run_of(call, server, client_id=None, client_secret=None, token_url=None, access_token="passed")
    sent = [request.headers["authorization"] for request in server.api_requests]
    assert sent == ["Bearer token-1", "Bearer by-hand", "Bearer passed"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"client_id": "me"},
            core.CredentialsError,
            r"ExampleClient: client_id needs client_secret= \(or set EXAMPLE_CLIENT_SECRET\)$",
        ),
        (
            {"client_secret": SECRET},
            core.CredentialsError,
            r"ExampleClient: client_secret needs client_id= \(or set EXAMPLE_CLIENT_ID\)$",
        ),
        (
            {"client_id": "", "client_secret": SECRET},
            core.CredentialsError,
            "ExampleClient: client_id is empty; leave it out to use EXAMPLE_CLIENT_ID",
        ),
        (
            {"client_id": "me", "client_secret": lambda: "x"},
            core.CredentialsError,
            "client_secret must be a str, not f",
        ),
        ({"client_id": "me\n", "client_secret": SECRET}, core.CredentialsError, "client_id holds a control character"),
        (
            {"client_id": "me", "client_secret": SECRET, "access_token": "t"},
            ValueError,
            "ExampleClient: pass access_token or client_id and client_secret, not both",
        ),
        (
            {"client_id": "me", "client_secret": SECRET, "auth": httpx2.BasicAuth("a", "b")},
            ValueError,
            "ExampleClient: pass auth or client_id or client_secret, not both",
        ),
        (
            {},
            core.CredentialsError,
            r"ExampleClient needs a credential: pass access_token= \(or set EXAMPLE_ACCESS_TOKEN\) or client_id= "
            r"\(or set EXAMPLE_CLIENT_ID\) with client_secret= \(or set EXAMPLE_CLIENT_SECRET\)$",
        ),
    ],
)
def test_what_callers_pass_has_to_fit(
    monkeypatch: pytest.MonkeyPatch, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        ExampleClient(api_of(FLOW), **arguments)
    assert not any(SECRET in text for text in shown(caught.value))


def test_a_secret_in_the_environment_that_cannot_be_sent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_CLIENT_ID", "me")
    monkeypatch.setenv("EXAMPLE_CLIENT_SECRET", f"{SECRET}\n")
    message = "cannot use what is in EXAMPLE_CLIENT_SECRET: it holds a control character"
    with pytest.raises(core.CredentialsError, match=message) as caught:
        ExampleClient(api_of(FLOW))
    assert SECRET not in str(caught.value)


def test_a_token_is_sent_beside_another_credential(server: TokenServer, call: Call) -> None:
    both: core.Security = (("Bearer", "Key"),)
    client = settings(server, api=api_of(FLOW, both), api_key="k-1")
    call("call", replace(GET_RUN, security=both), run_id="1", client=client)
    assert (server.api_requests[0].headers["authorization"], server.api_requests[0].headers["x-api-key"]) == (
        "Bearer token-1",
        "k-1",
    )
    assert "x-api-key" not in server.token_requests[0].headers


def test_calls_that_need_no_token_fetch_none(server: TokenServer, call: Call) -> None:
    server.accepts = lambda _: True
    api = api_of(FLOW, (("Bearer",), ("Key",), ()))
    call("call", replace(GET_RUN, security=()), run_id="1", client=settings(server, api=api))
    call(
        "call",
        replace(GET_RUN, security=(("Key",), ("Bearer",))),
        run_id="1",
        client=settings(server, api=api, api_key="k"),
    )
    assert server.token_requests == []


# Secrets

ECHOES = (SECRET, quote_plus(SECRET), b64encode(f"me%3Ayou:{quote_plus(SECRET)}".encode()).decode(), "token-1")
ANSWERS = {
    "a token that is refused": {"answer": {}},
    "an echo": {
        "replies": [json_reply({"error": "invalid_client", "error_description": " ".join(ECHOES[:3])}, 401)] * 2
    },
    "an echo in a redirect": {"replies": [Reply(302, headers={"Location": f"/x?{quote_plus(SECRET)}"})]},
    "a bad token": {"replies": [json_reply({"access_token": "token-1\n"})]},
    "another kind of token": {"replies": [json_reply({"access_token": "token-1", "token_type": "mac"})]},
    "broken JSON": {"replies": [Reply(200, b'{"access_token": "token-1"')]},
    "a server error": {"replies": [json_reply({"message": ECHOES[2]}, 500)]},
    "half an answer": {
        "replies": [Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"access_token": "token-1"')]
    },
    "nonsense": {"replies": [Reply(raw=f"HTTP/1.1 {ECHOES[2]}\r\n\r\n".encode())]},
    "too large": {"replies": [Reply(200, b'"token-1"' * 1000)]},
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_secret_is_shown_or_logged(
    server: TokenServer, call: Call, caplog: pytest.LogCaptureFixture, answer: dict[str, Any]
) -> None:
    caplog.set_level(logging.DEBUG)
    server.accepts = lambda _: False
    server.token_replies = [*answer.get("replies", [])]
    with pytest.raises(core.ApiError) as caught:
        run_of(call, server, max_response_size=1000)
    assert any("/token" in record.getMessage() for record in caplog.records if record.name == "workflow_client_core")
    texts = [f"{record.name}: {record.getMessage()}" for record in caplog.records]
    for text in [*texts, *shown(caught.value)]:
        assert not any(echo in text for echo in ECHOES), text


def test_no_secret_is_in_the_repr_of_a_client(server: TokenServer) -> None:
    with client_of(server) as client:
        get_run(client)
        texts = [
            repr(client),
            repr(vars(client)),
            *(repr(vars(part)) for part in vars(client).values() if hasattr(part, "__dict__")),
        ]
    assert not any(echo in text for echo in ECHOES for text in texts)
