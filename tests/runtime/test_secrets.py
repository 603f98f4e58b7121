"""A canary in every kind of credential, and a search of everything that could be shown or logged."""

from __future__ import annotations

import asyncio
import logging
import traceback
from base64 import b64decode, b64encode
from collections.abc import Callable, Generator, Iterator
from typing import Any
from urllib.parse import quote, unquote

import httpx2
import pytest
import workflow_client_core as core
from msgspec.structs import replace
from workflow_client_core._credentials.secrets import SentCredential, traces_of

from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runtime.example_api import API, AsyncExampleClient, ExampleClient
from tests.runtime.shown import shown

Call = Callable[..., Any]
Make = Callable[..., ExampleClient]

CANARY = "c4nary/+=&secret"


class Own(httpx2.Auth):
    """Puts the canary everywhere but into the body."""

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        request.headers["X-Own"] = CANARY
        request.url = request.url.copy_merge_params({"own": CANARY})
        yield request


class OwnQuery(httpx2.Auth):
    """Puts the canary into the query alone."""

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        request.url = request.url.copy_merge_params({"own": CANARY})
        yield request


CREDENTIALS: dict[str, dict[str, Any]] = {
    "header": {"api_key": CANARY},
    "function": {"api_key": lambda: CANARY},
    "auth": {"auth": Own()},
    "auth by the query": {"auth": OwnQuery()},
    "basic auth": {"auth": httpx2.BasicAuth("user", CANARY)},
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
    "half a response": lambda _: Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
    "reset": lambda _: Reply(raw=b"", reset=True),
    "headers, with an echo": lambda received: Reply(403, headers={"X-Echo": echo(received)}),
    "a reason, with an echo": lambda received: Reply(
        raw=f"HTTP/1.1 418 {echo(received)}\r\nContent-Length: 0\r\n\r\n".encode()
    ),
    "a bad head, with an echo": lambda received: Reply(raw=f"HTTP/1.1 {echo(received)}\r\n\r\n".encode()),
    "a cookie": lambda _: Reply(200, b"{}", {"Set-Cookie": f"sid={CANARY}; Path=/"}),
    "too large": lambda _: Reply(200, b" " * 200_000),
    "not gzip": lambda _: Reply(body=b"no", headers={"Content-Encoding": "gzip"}),
    "too slow": lambda _: Reply(delay=25),
}


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("behavior", MISBEHAVIORS)
def test_no_secret_is_shown_or_logged(
    server: Loopback, call: Call, caplog: pytest.LogCaptureFixture, behavior: str, credential: str
) -> None:
    caplog.set_level(logging.DEBUG)
    server.respond = MISBEHAVIORS[behavior]
    error: BaseException | None = None
    # Where the time limit ends a call, a short one does, if the request has arrived by then.
    for timeout in (0.2, 1, 20) if behavior == "too slow" else (20,):
        client = {"api_key": None, **CREDENTIALS[credential], "timeout": timeout, "max_response_size": 100_000}
        client["retry"] = core.Retry(max_retries=1, initial=0.001, minimum=0.0)
        try:
            call("get_run", "1", limit=1, client=client)
        except core.ApiError as caught:
            error = caught
        if server.requests:
            break
    assert (error is None) is (behavior == "success")
    sent = server.last.target + "".join(server.last.headers.values())
    assert any(form in sent for form in FORMS), "the credential itself must have arrived"
    assert any(record.name == "workflow_client_core" for record in caplog.records)
    assert any(record.name == "httpcore2.http11" for record in caplog.records)
    texts = [f"{record.name}: {record.getMessage()}" for record in caplog.records]
    for text in [*texts, *shown(error)]:
        assert not any(form in text for form in FORMS), text


@pytest.mark.parametrize("credential", [name for name in CREDENTIALS if "auth" not in name])
def test_no_secret_is_in_the_repr_of_a_client_or_of_its_parts(server: Loopback, credential: str) -> None:
    server.reply(200, {"id": "1"})
    with ExampleClient(base_url=server.url, **CREDENTIALS[credential]) as client:
        client.get_run("1")
        for text in (repr(client), str(client), repr(vars(client)), *parts(client)):
            assert not any(form in text for form in FORMS), text


def parts(value: object, depth: int = 3) -> Iterator[str]:
    """The reprs of an object's attributes, and of the attributes' own attributes."""
    for attribute in getattr(value, "__dict__", {}).values():
        yield repr(attribute)
        if depth:
            yield from parts(attribute, depth - 1)


@pytest.mark.parametrize("argument", ["api_key", "access_token", "session", "login", "query_key"])
def test_a_malformed_secret_is_not_shown(argument: str) -> None:
    with pytest.raises(core.CredentialsError) as caught:
        ExampleClient(**{argument: f"{CANARY}\r\n"})
    assert not any(CANARY in text for text in (str(caught.value), repr(caught.value)))


@pytest.mark.parametrize("credential", ["header", "query", "cookie", "basic"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "http://api.example.com"},
        {"base_url": "no"},
        {"timeout": -1},
        {"retry": 3},
        {"max_response_size": 0},
        {"auth": Own()},
        {"auth": 3},
        {"tenant": "a\nb"},
        {"access_token": CANARY, "api_key": ""},
        {"access_token": f"{CANARY}\n"},
        {"access_token": CANARY.encode()},
        {"no_such": CANARY},
    ],
)
def test_a_constructor_that_refuses_shows_no_secret(credential: str, wrong: dict[str, Any]) -> None:
    try:
        ExampleClient(**{**CREDENTIALS[credential], **wrong})
    except (core.CredentialsError, ValueError, TypeError) as error:
        for text in shown(error):
            assert not any(form in text for form in FORMS), text
    else:
        assert "no_such" in wrong, "the test API takes any argument"


@pytest.mark.parametrize(
    "options",
    [
        *({"base_url": f"{scheme}://user:{CANARY}@api.example.com/"} for scheme in ("https", "http", "ftp")),
        {"base_url": f"https://user:{CANARY}@[::1/"},
        {"server_urls": {"https://files.example.com": f"https://user:{CANARY}@api.example.com"}},
        {"server_urls": {f"https://user:{CANARY}@api.example.com": "https://files.example.com"}},
        {"base_url": f"https://user:{CANARY}@api.example.com", "max_response_size": 0},
    ],
)
@pytest.mark.parametrize("class_", [ExampleClient, AsyncExampleClient])
@pytest.mark.parametrize("by", ["constructor", "with_options"])
def test_options_that_are_refused_show_no_secret(
    by: str, class_: type[ExampleClient] | type[AsyncExampleClient], options: dict[str, Any]
) -> None:
    api = replace(API, own_servers=("https://files.example.com",))
    try:
        if by == "constructor":
            class_(api, api_key="k", **options)
        else:
            class_(api, api_key="k").with_options(**options)
    except (core.CredentialsError, ValueError, TypeError) as error:
        for text in shown(error):
            assert not any(form in text for form in FORMS), text
    else:
        raise AssertionError("they are not refused")


@pytest.mark.parametrize("credential", [*CREDENTIALS])
def test_arguments_that_cannot_be_sent_show_no_secret(server: Loopback, call: Call, credential: str) -> None:
    for run_id, limit in (("", 1), ("a\nb", 1), (object(), 1), ("1", object()), ("1", "\ud800")):
        with pytest.raises((ValueError, TypeError)) as caught:
            call("get_run", run_id, limit=limit, client={"api_key": None, **CREDENTIALS[credential]})
        for text in shown(caught.value):
            assert not any(form in text for form in FORMS), text
    assert not server.requests


@pytest.mark.parametrize("bad", [f"{CANARY}\r\n", f"{CANARY}\u00fc", CANARY.encode(), [CANARY]])
def test_what_a_function_gives_is_not_shown_when_it_is_refused(call: Call, bad: object) -> None:
    with pytest.raises(core.CredentialsError) as caught:
        call("get_run", "1", client={"api_key": lambda: bad})
    for text in shown(caught.value):
        assert CANARY not in text, text


def test_an_auth_that_sets_what_cannot_be_sent_shows_no_secret(call: Call) -> None:
    class Broken(httpx2.Auth):
        def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
            request.headers["X-Own"] = f"{CANARY}\r\nX-Evil: 1"
            yield request

    with pytest.raises(core.ConnectionFailed) as caught:
        call("get_run", "1", client={"api_key": None, "auth": Broken()})
    for text in shown(caught.value):
        assert CANARY not in text, text


def test_a_write_that_fails_shows_no_secret(call: Call) -> None:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(core.RequestTimeout) as caught:
            call("start_run", {"id": "x" * 20_000_000}, client={"api_key": CANARY, "base_url": url, "timeout": 0.3})
    for text in shown(caught.value):
        assert CANARY not in text, text[:1000]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("credential", CREDENTIALS)
def test_no_credential_arrives_where_a_redirect_leads(
    server: Loopback, call: Call, credential: str, status: int
) -> None:
    with Loopback() as target:
        server.reply(status, Location=f"{target.url}/elsewhere")
        with pytest.raises(core.StatusError, match=f"redirects are not followed, and this one leads to {target.url}"):
            call("get_run", "1", client={"api_key": None, **CREDENTIALS[credential]})
        assert len(server.requests) == 1
        assert not target.requests


@pytest.mark.parametrize("secret", ["c4nary\\'x", "c4nary'\"x", "c4nary\\\\x"])
@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n{}\r\n\r\n", b"HTTP/1.1 200 {}\r\nX: '\"\r\n\r\n"])
def test_an_echo_with_quotes_and_backslashes_is_masked_in_logs(
    server: Loopback, call: Call, caplog: pytest.LogCaptureFixture, secret: str, answer: bytes
) -> None:
    caplog.set_level(logging.DEBUG)
    server.respond = lambda _: Reply(raw=answer.replace(b"{}", secret.encode()))
    with pytest.raises(core.ApiError):
        call("get_run", "1", client={"api_key": secret})
    assert any("***" in message for message in caplog.messages)
    assert not [message for message in caplog.messages if "c4nary" in message]


def test_a_redirect_that_cuts_a_secret_shows_no_part_of_it(server: Loopback, call: Call) -> None:
    server.reply(302, Location="/login/c4nary#of?me")
    with pytest.raises(core.StatusError, match=r"this one leads to http://127\.0\.0\.1:\d+/login/\*\*\*$"):
        call("get_run", "1", client={"api_key": "c4nary#of?me"})


@pytest.mark.parametrize("limit", [100_000, 50])
def test_an_event_that_cannot_be_read_shows_no_echo_in_locals(server: Loopback, make: Make, limit: int) -> None:
    server.reply(200, f"data: {CANARY} {'x' * 60}\n\n".encode(), Content_Type="text/event-stream")
    client = make(api_key=CANARY, max_response_size=limit)
    with client.follow_run("1") as stream, pytest.raises(core.InvalidResponse) as caught:
        next(stream)
    for text in shown(caught.value):
        assert not any(form in text for form in FORMS), text


def test_rich_shows_no_secret_either(make: Make) -> None:
    from rich.pretty import pretty_repr

    client = make(query_key=CANARY, transport=httpx2.MockTransport(lambda _: httpx2.Response(404)))
    with pytest.raises(core.NotFound) as caught:
        client.get_run("1")
    trace = caught.tb
    frames = [frame for frame, _ in traceback.walk_tb(trace) if "workflow_client_core" in frame.f_code.co_filename]
    assert frames
    for frame in frames:
        for name, value in frame.f_locals.items():
            text = pretty_repr(value)
            assert not any(form in text for form in FORMS), (name, text)


@pytest.mark.parametrize("error_class", [httpx2.ConnectError, httpx2.ReadTimeout, httpx2.DecodingError])
def test_what_a_transport_quotes_of_the_request_is_masked(make: Make, error_class: type[httpx2.RequestError]) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise error_class(f"no way to {request.url.raw_path.decode()}")

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


@pytest.mark.parametrize("asynchronously", [False, True])
@pytest.mark.parametrize(
    "given", [{"headers": {"Authorization": f"Bearer {CANARY}"}}, {"auth": ("user", CANARY)}], ids=["header", "auth"]
)
def test_credentials_of_a_passed_client_are_masked_in_what_a_server_says(
    server: Loopback, caplog: pytest.LogCaptureFixture, given: dict[str, Any], asynchronously: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    server.respond = lambda received: json_reply({"message": echo(received)}, 401)
    options: dict[str, Any] = {"base_url": server.url, "api_key": "harmless"}

    async def ask() -> None:
        async with httpx2.AsyncClient(**given) as http, AsyncExampleClient(http_client=http, **options) as client:
            await client.get_run("1")

    def ask_synchronously() -> None:
        with httpx2.Client(**given) as http:
            ExampleClient(http_client=http, **options).get_run("1")

    with pytest.raises(core.Unauthorized) as caught:
        asyncio.run(ask()) if asynchronously else ask_synchronously()
    assert server.last.headers["authorization"].startswith(("Bearer", "Basic"))
    for text in (str(caught.value), *caplog.messages):
        assert not any(form in text for form in FORMS), text


def test_an_event_that_cannot_be_read_shows_no_secret(server: Loopback) -> None:
    body = f"data: {{{CANARY}\n\n".encode()
    server.reply(200, body, Content_Type="text/event-stream")
    with (
        ExampleClient(base_url=server.url, api_key=CANARY) as client,
        client.follow_run("1") as events,
        pytest.raises(core.InvalidResponse) as caught,
    ):
        next(events)
    for text in shown(caught.value):
        assert CANARY not in text, text


@pytest.mark.parametrize("form", ["{}", "{%}", "{%%}", "{bytes}", "{bytearray}", "{error}"])
def test_every_form_in_which_a_secret_is_shown_is_masked(form: str) -> None:
    secret = 'it\'s a 100% "c4nary"'
    escaped = quote(secret, safe="")
    shown_bytes = {"{bytes}": repr(secret.encode()), "{bytearray}": repr(bytearray(secret.encode()))}
    error = repr(ValueError(f"no {bytearray(secret.encode())!r}, \"said\" 'it'"))
    forms = {"{}": secret, "{%}": escaped, "{%%}": quote(escaped), "{error}": error, **shown_bytes}
    assert "c4nary" not in SentCredential("header", "X", secret, traces_of([secret])).masked(forms[form])


def test_a_secret_with_a_question_mark_is_masked_where_a_redirect_leads(server: Loopback, call: Call) -> None:
    server.reply(302, Location="/login/c4nary?word#more")
    with pytest.raises(core.StatusError, match=rf"leads to {server.url}/login/\*\*\*$"):
        call("get_run", "1", client={"api_key": "c4nary?word#more"})
