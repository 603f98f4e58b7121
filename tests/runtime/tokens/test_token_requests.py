"""How a token is asked for, by the client credentials of OAuth 2 (RFC 6749, 4.4)."""

from __future__ import annotations

from base64 import b64decode
from typing import Any
from urllib.parse import quote_plus

import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback, Reply, json_reply
from tests.runtime.example_api import GET_RUN, ExampleClient, Run
from tests.runtime.tokens.token_server import (
    FLOW,
    RELATIVE,
    SECRET,
    Call,
    TokenServer,
    api_of,
    client_of,
    form,
    get_run,
    run_of,
    settings,
)


def test_a_token_is_fetched_and_sent(server: TokenServer, call: Call) -> None:
    assert run_of(call, server) == Run(id="1")
    (token_request,), (api_request,) = server.token_requests, server.api_requests
    assert (token_request.method, token_request.target) == ("POST", "/token")
    assert token_request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert token_request.headers["accept"] == "application/json"
    assert token_request.headers["user-agent"] == "workflow-client-example/0.1.0"
    assert form(token_request) == {"grant_type": ["client_credentials"], "scope": ["runs:read runs:write"]}
    kind, _, pair = token_request.headers["authorization"].partition(" ")
    assert (kind, b64decode(pair).decode()) == ("Basic", f"me%3Ayou:{quote_plus(SECRET)}")
    assert api_request.headers["authorization"] == "Bearer token-1"


@pytest.mark.parametrize(
    ("scopes", "sent"),
    [
        (["a", "b"], ["a b"]),
        ("a  b", ["a b"]),
        (("a",), ["a"]),
        ((scope for scope in "ab"), ["a b"]),
        ([], None),
        ("", None),
    ],
)
def test_callers_choose_other_scopes(server: TokenServer, scopes: object, sent: list[str] | None) -> None:
    with client_of(server, scopes=scopes) as client:
        get_run(client)
    assert form(server.token_requests[0]).get("scope") == sent


def test_an_api_without_scopes_is_asked_for_none(server: TokenServer, call: Call) -> None:
    run_of(call, server, api=api_of(replace(FLOW, scopes=())))
    assert form(server.token_requests[0]) == {"grant_type": ["client_credentials"]}


@pytest.mark.parametrize("scopes", [3, [1, "a"], b"a"])
def test_scopes_are_texts(server: TokenServer, scopes: object) -> None:
    with pytest.raises(TypeError, match="ExampleClient: scopes must be texts, or a text with blanks between"):
        client_of(server, scopes=scopes)


@pytest.mark.parametrize(
    ("base", "target"), [("", "/oauth/token"), ("/v1", "/v1/oauth/token"), ("/v1/", "/v1/oauth/token")]
)
def test_a_relative_token_url_is_resolved_against_the_server(
    server: TokenServer, call: Call, base: str, target: str
) -> None:
    run_of(call, server, api=api_of(RELATIVE), token_url=None, base_url=server.url + base)
    assert server.token_requests[0].target == target


def test_a_token_url_keeps_its_slash_and_its_query(server: TokenServer, call: Call) -> None:
    run_of(call, server, token_url=f"{server.url}/token/?kind=app")
    assert server.token_requests[0].target == "/token/?kind=app"


def test_a_token_url_can_have_variables_of_the_server(server: TokenServer, call: Call) -> None:
    port = server.url.rpartition(":")[2]
    variables = (core.ServerVariable("host", argument="host", default="127.0.0.9"),)
    url = f"http://{{host}}:{port}"
    api = api_of(replace(FLOW, url=f"{url}/token"), server=url, variables=variables)
    run_of(call, server, api=api, token_url=None, base_url=None, host="127.0.0.1")
    assert server.token_requests[0].target == "/token"


def test_a_variable_cannot_move_a_token_url_to_another_host() -> None:
    variables = (core.ServerVariable("region", argument="region", default="eu"),)
    flow = replace(FLOW, url="https://{region}.login.example.com/token")
    api = api_of(flow, server="https://api.example.com/{region}", variables=variables)
    with pytest.raises(ValueError, match=r"region is part of a host name that goes on with '\.login\.example\.com'"):
        ExampleClient(api, client_id="me", client_secret=SECRET, region="evil.example/")


def test_an_unknown_token_url_has_to_be_passed(server: TokenServer, call: Call) -> None:
    with pytest.raises(core.CredentialsError, match=r"^(Async)?ExampleClient\.get_run needs token_url: the API does"):
        run_of(call, server, api=api_of(replace(FLOW, url="")), token_url=None)
    assert server.requests == []


def test_a_relative_token_url_needs_a_base_url(server: TokenServer, call: Call) -> None:
    api = api_of(RELATIVE, server="", own_servers=(server.url,))
    operation = replace(GET_RUN, security=(("Bearer",),), server=server.url)
    client = settings(server, api=api, token_url=None, base_url=None)
    with pytest.raises(core.CredentialsError, match="get_run needs token_url: 'oauth/token' is relative to a base_url"):
        call("call", operation, run_id="1", client=client)
    assert server.requests == []


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("login.example.com", "token_url is not an absolute http or https URL; expected something like"),
        ("ftp://example.com/token", "token_url is not an absolute http or https URL"),
        ("https://me:word@example.com/token", "token_url must not hold a user name or password"),
        ("https://example.com/token#x", "token_url must not have a fragment"),
        ("https://example.com/a b", "token_url holds a space, backslash or control character"),
        (3, "token_url is a int"),
    ],
)
def test_a_token_url_that_cannot_be_used_is_refused(url: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        ExampleClient(api_of(FLOW), client_id="me", client_secret=SECRET, token_url=url)


def test_a_secret_does_not_travel_in_clear_text(server: TokenServer, call: Call) -> None:
    text = r"ExampleClient would send a credential in clear text to http://login\.example\.com/token: use https"
    with pytest.raises(core.CredentialsError, match=text):
        client_of(server, token_url="http://login.example.com/token?kind=app")
    with pytest.raises(core.CredentialsError, match=text):
        run_of(call, server, api=api_of(replace(FLOW, url="http://login.example.com/token")), token_url=None)
    assert server.requests == []
    client_of(server, token_url="http://login.example.com/token", allow_insecure_http=True).close()


def test_a_redirect_is_not_followed(server: TokenServer, call: Call) -> None:
    with Loopback() as elsewhere:
        server.token_replies = [Reply(307, headers={"Location": f"{elsewhere.url}/token"})]
        with pytest.raises(core.CredentialsError, match="redirects are not followed, and this one leads to http"):
            run_of(call, server)
        assert elsewhere.requests == []


# The secret in the body

REFUSED = [
    json_reply({"error": "invalid_client"}, 401),
    json_reply({"error": "invalid_client"}, 400),
    json_reply({"error": "invalid_request"}, 400),
    Reply(401, b"no"),
]


@pytest.mark.parametrize("refusal", REFUSED)
def test_a_server_that_looks_for_the_secret_in_the_body_gets_it_there(server: TokenServer, refusal: Reply) -> None:
    server.token_replies = [refusal]
    server.answer["expires_in"] = 0
    with client_of(server) as client:
        assert get_run(client) == Run(id="1")
        with_header, with_body = server.token_requests
        assert "authorization" in with_header.headers
        assert "authorization" not in with_body.headers
        assert form(with_body) == {
            **form(with_header),
            "client_id": ["me:you"],
            "client_secret": [SECRET],
        }
        get_run(client)
    assert [("authorization" in request.headers) for request in server.token_requests] == [True, False, False], (
        "it is known now"
    )


def test_a_way_that_worked_once_is_kept(server: TokenServer) -> None:
    server.answer["expires_in"] = 0
    with client_of(server) as client:
        get_run(client)
        server.token_replies = [REFUSED[0]]
        with pytest.raises(core.CredentialsError):
            get_run(client)
    assert len(server.token_requests) == 2


@pytest.mark.parametrize(
    ("reply_to_header", "reply_to_body", "expected_message"),
    [
        (REFUSED[0], json_reply({"error": "invalid_request", "error_description": "second"}, 400), "invalid_client"),
        (REFUSED[2], json_reply({"error": "invalid_client", "error_description": "second"}, 401), "second"),
    ],
)
def test_the_error_is_the_one_about_the_client(
    server: TokenServer, call: Call, reply_to_header: Reply, reply_to_body: Reply, expected_message: str
) -> None:
    server.token_replies = [reply_to_header, reply_to_body]
    with pytest.raises(core.CredentialsError, match=f": {expected_message}$|: invalid_client: {expected_message}$"):
        run_of(call, server)
    assert len(server.token_requests) == 2
