"""A canary in every kind of credential, and a search of everything that could be shown or logged."""

from __future__ import annotations

import logging
import traceback
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote

import httpx2
import pytest
import workflow_client_core as core

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runtime.example_api import ExampleClient

Call = Callable[..., Any]
Make = Callable[..., ExampleClient]

CANARY = "c4nary/+=&secret"
CREDENTIALS = {
    "header": {"api_key": CANARY},
    "bearer": {"access_token": CANARY},
    "query": {"query_key": CANARY},
    "cookie": {"session": CANARY},
    "basic": {"login": f"user:{CANARY}"},
}
FORMS = {CANARY, quote(CANARY, safe=""), quote(CANARY), b64encode(f"user:{CANARY}".encode()).decode()}


def echo(received: Received) -> str:
    """The credential as it came, decoded, and escaped once more."""
    texts = [received.target, *received.headers.values()]
    texts += [b64decode(text[6:]).decode() for text in texts if text.startswith("Basic ")]
    texts = [text for text in texts if any(form in text for form in FORMS)]
    return " ".join(f"{text} {unquote(text)} {quote(text)} {quote(text, safe='')}" for text in texts)


MISBEHAVIORS: dict[str, Callable[[Received], Reply]] = {
    "success": lambda _: Reply(body=b'{"id": "1"}'),
    "unauthorized, with an echo": lambda received: json_reply({"message": echo(received)}, 401),
    "redirect, with an echo": lambda received: Reply(302, headers={"Location": f"/x{echo(received)}?{echo(received)}"}),
    "server error": lambda _: Reply(500),
    "not json, with an echo": lambda received: Reply(headers={"Content-Type": f"text/x; {echo(received)}"}),
    "not the model": lambda _: Reply(body=b'{"id": 1}'),
    "nonsense": lambda _: Reply(raw=b"nonsense\r\n\r\n"),
    "nothing": lambda _: Reply(raw=b""),
    "half an answer": lambda _: Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
    "not gzip": lambda _: Reply(body=b"no", headers={"Content-Encoding": "gzip"}),
    "too slow": lambda _: Reply(delay=0.4),
}


def shown(error: BaseException | None) -> Iterator[str]:
    """Everything that the error and those behind it show."""
    if error is None:
        return
    yield from traceback.format_exception(error)
    while error is not None:
        yield from (str(error), repr(error), *map(repr, error.args))
        request = getattr(error, "_request", None)
        if request is not None:
            yield from (repr(request), str(request.url), repr(request.url), repr(request.headers))
        yield from (repr(getattr(error, name, "")) for name in ("url", "method", "operation"))
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("behavior", MISBEHAVIORS)
def test_no_secret_is_shown_or_logged(
    server: Loopback, call: Call, caplog: pytest.LogCaptureFixture, behavior: str, credential: str
) -> None:
    caplog.set_level(logging.DEBUG)
    server.respond = MISBEHAVIORS[behavior]
    error: BaseException | None = None
    try:
        call("get_run", "1", limit=1, client={"api_key": None, **CREDENTIALS[credential], "timeout": 0.2})
    except core.ApiError as caught:
        error = caught
    assert (error is None) is (behavior == "success")
    sent = server.last.target + "".join(server.last.headers.values())
    assert any(form in sent for form in FORMS), "the credential itself must have arrived"
    texts = [record.getMessage() for record in caplog.records if record.name.startswith(("httpx2", "workflow"))]
    assert texts or behavior in ("nonsense", "nothing", "too slow"), "nothing was logged, so nothing was tested"
    # What httpcore2 logs of the answer's head is the server's own text; it never holds the request's.
    if "echo" not in behavior:
        texts += [record.getMessage() for record in caplog.records]
    for text in [*texts, *shown(error)]:
        assert not any(form in text for form in FORMS), text


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_no_secret_is_in_the_repr_of_a_client_or_of_its_parts(server: Loopback, credential: str) -> None:
    server.reply(200, {"id": "1"})
    with ExampleClient(base_url=server.url, **CREDENTIALS[credential]) as client:
        client.get_run("1")
        for text in (repr(client), str(client), repr(vars(client)), *parts(client)):
            assert not any(form in text for form in FORMS), text


def parts(value: object, depth: int = 3) -> Iterator[str]:
    """The reprs of an object's attributes, and of theirs."""
    for attribute in getattr(value, "__dict__", {}).values():
        yield repr(attribute)
        if depth:
            yield from parts(attribute, depth - 1)


@pytest.mark.parametrize("argument", ["api_key", "access_token", "session", "login", "query_key"])
def test_a_malformed_secret_is_not_shown(argument: str) -> None:
    with pytest.raises(core.CredentialsError) as caught:
        ExampleClient(**{argument: f"{CANARY}\r\n"})
    assert not any(CANARY in text for text in (str(caught.value), repr(caught.value)))


@pytest.mark.parametrize("kind", [httpx2.ConnectError, httpx2.ReadTimeout, httpx2.DecodingError])
def test_what_a_transport_quotes_of_the_request_is_masked(make: Make, kind: type[httpx2.RequestError]) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise kind(f"no way to {request.url.raw_path.decode()}")

    with pytest.raises(core.ApiError) as caught:
        make(query_key=CANARY, transport=httpx2.MockTransport(fail)).get_run("1")
    assert "no way to /runs/1?key=***" in str(caught.value)
    assert not any(form in text for form in FORMS for text in traceback.format_exception(caught.value))


def test_the_query_credential_is_masked_in_the_address_of_an_error(
    server: Loopback, caplog: pytest.LogCaptureFixture, make: Make
) -> None:
    caplog.set_level(logging.INFO)
    server.reply(404)
    with pytest.raises(core.NotFound) as caught:
        make(query_key=CANARY).get_run("1", limit=3)
    assert caught.value.url == f"{server.url}/runs/1?limit=3&key=***"
    assert f'HTTP Request: GET {server.url}/runs/1?limit=3&key=*** "HTTP/1.1 404 Not Found"' in caplog.messages
