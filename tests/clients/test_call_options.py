"""What every method takes beside its parameters, and `client.request`, over HTTP."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import workflow_client_core as core
from msgspec import Struct

from tests.loopback import Loopback, Received, Reply
from tests.packages import imported_package

SPEC = Path(__file__).with_name("own_calls.yaml")


class Bed(Struct, frozen=True):
    id: int


@pytest.fixture(scope="module")
def own_calls_client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return imported_package(SPEC, "own-calls-client", tmp_path_factory.mktemp("own-calls"))


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, own_calls_client: Any, server: Loopback) -> Any:
    """Calls the method with the dotted name, of a client of either kind."""

    def of(client: Any, name: str) -> Any:
        for part in name.split("."):
            client = getattr(client, part)
        return client

    def sync(name: str, *args: object, **kwargs: object) -> Any:
        with own_calls_client.OwnCallsClient(key="s3cret", base_url=server.url) as client:
            return of(client, name)(*args, **kwargs)

    async def in_task(name: str, *args: object, **kwargs: object) -> Any:
        async with own_calls_client.AsyncOwnCallsClient(key="s3cret", base_url=server.url) as client:
            return await of(client, name)(*args, **kwargs)

    if request.param == "sync":
        return sync
    return lambda *args, **kwargs: asyncio.run(in_task(*args, **kwargs))


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as loopback:
        loopback.reply(200, ["rose"])
        yield loopback


def test_extra_headers_are_added_or_replace_others(call: Any, server: Loopback) -> None:
    headers = {"X-Trace": "1", "user-agent": "mine/1", "X-GARDEN": "south"}
    assert call("list_beds", x_garden="north", extra_headers=headers) == ["rose"]
    sent = server.last.headers
    assert (sent["x-trace"], sent["user-agent"], sent["x-garden"]) == (
        "1",
        "mine/1 own-calls-client/0.1.0",
        "south",
    )
    assert sent["x-api-key"] == "s3cret"


def test_extra_query_is_added_or_replaces_others(call: Any, server: Loopback) -> None:
    query = {"shade": "full", "tag": ["a b", "c"], "deep": True, "absent": None, "filter": {"kind": "rose"}}
    call("raw.list_beds", shade="half", timeout_=3, extra_query=query)
    assert server.last.target == "/beds?timeout=3&shade=full&tag=a%20b&tag=c&deep=true&filter%5Bkind%5D=rose"


def test_a_time_limit_for_one_call(call: Any, server: Loopback) -> None:
    assert call("list_beds", timeout=5) == ["rose"]
    with pytest.raises(ValueError, match="timeout is 0, but must be a number of seconds above zero"):
        call("list_beds", timeout=0)
    with pytest.raises(core.RequestTimeout):
        call("list_beds", timeout=core.Timeout(total=1e-9))


def test_options_are_keywords(own_calls_client: Any) -> None:
    for client in (own_calls_client.OwnCallsClient, own_calls_client.AsyncOwnCallsClient):
        parameters = inspect.signature(client.list_beds).parameters
        assert {parameters[name].kind for name in core.CallOptions.__annotations__} == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"extra_headers": {"Host": "a"}},
            ValueError,
            "extra_headers cannot have Host: it belongs to the connection, for which the client writes it",
        ),
        ({"extra_headers": {"A B": "a"}}, ValueError, "extra_headers has 'A B', which is not the name of a header"),
        (
            {"extra_headers": {"A": "a\r\nB: c"}},
            ValueError,
            "A in extra_headers must be printable ASCII without blanks at its ends",
        ),
        ({"extra_headers": {"A": 1}}, TypeError, "A in extra_headers must be a str, not int"),
        ({"extra_headers": {1: "a"}}, TypeError, "a name in extra_headers must be a str, not int"),
        (
            {"extra_headers": {"X-A": "1", "x-a": "2"}},
            ValueError,
            "extra_headers has x-a twice: case does not distinguish headers",
        ),
        (
            {"extra_query": {"token": "other"}},
            ValueError,
            "extra_query cannot have token, which carries a credential: make a client with another token",
        ),
        (
            {"extra_headers": {"x-api-key": "other"}},
            ValueError,
            "extra_headers cannot have X-Api-Key, which carries a credential: make a client with another key",
        ),
        ({"extra_query": {"a": "b\n"}}, ValueError, "a holds a control character, such as a line end"),
        (
            {"extra_query": {"a\n": "b"}},
            ValueError,
            "a name in extra_query holds a control character, such as a line end",
        ),
        (
            {"extra_query": {"\ud800": "b"}},
            ValueError,
            "a name in extra_query holds half of a surrogate pair, which has no place in UTF-8",
        ),
        ({"extra_query": {"a": object()}}, TypeError, "a cannot be a object"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    call: Any, server: Loopback, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as raised:
        call("list_beds", **options)
    assert str(raised.value) == message
    assert server.requests == []


def test_a_credential_among_extra_headers_is_masked(call: Any, server: Loopback) -> None:
    server.reply(400, {"message": "bad token t0ken"})
    with pytest.raises(core.BadRequest) as raised:
        call("list_beds", extra_headers={"Authorization": "Bearer t0ken"})
    assert server.last.headers["authorization"] == "Bearer t0ken"
    assert "t0ken" not in str(raised.value)


def test_a_documented_credential_in_a_call_without_one_is_masked(call: Any, server: Loopback) -> None:
    server.reply(400, {"message": "bad key 0ther"})
    with pytest.raises(core.BadRequest) as raised:
        call("list_open_beds", extra_headers={"X-API-KEY": "0ther"})
    assert server.last.headers["x-api-key"] == "0ther"
    assert "0ther" not in str(raised.value)


def test_cookies_among_extra_headers_are_masked_one_by_one(call: Any, server: Loopback) -> None:
    server.reply(400, {"message": "bad sessi0n in theme 1"})
    with pytest.raises(core.BadRequest, match=r"bad \*\*\* in theme 1$"):
        call("list_open_beds", extra_headers={"Cookie": "theme=1; sid=sessi0n"})


def test_a_user_and_a_password_among_extra_headers_are_masked(call: Any, server: Loopback) -> None:
    server.reply(400, {"message": "bad password w0rd"})
    with pytest.raises(core.BadRequest, match=r"bad password \*\*\*$"):
        call("list_open_beds", extra_headers={"Authorization": "Basic bWU6dzByZA=="})


def test_a_credential_among_extra_headers_does_not_travel_in_clear_text(own_calls_client: Any) -> None:
    with own_calls_client.OwnCallsClient(base_url="http://garden.example") as client:
        with pytest.raises(core.CredentialsError) as raised:
            client.list_open_beds(extra_headers={"Authorization": "Bearer t0ken"})
        assert str(raised.value) == (
            "OwnCallsClient would send a credential in clear text to http://garden.example:"
            " use https, or pass allow_insecure_http=True"
        )


def test_cookies_of_a_client_are_not_replaced(own_calls_client: Any, server: Loopback) -> None:
    message = "extra_headers cannot have Cookie, which carries a credential: make a client with another session"
    with own_calls_client.OwnCallsClient(session="s3cret", base_url=server.url) as client:
        with pytest.raises(ValueError) as raised:
            client.list_sheds(extra_headers={"cookie": "a=b"})
        assert str(raised.value) == message
        client.list_sheds()
    assert server.last.headers["cookie"] == "sid=s3cret"


def test_options_hold_for_every_page(own_calls_client: Any, server: Loopback) -> None:
    def respond(request: Received) -> Reply:
        if "page=2" in request.target:
            return Reply(200, b'["b"]', {"Content-Type": "application/json"})
        link = "</pages?page=2&shade=full>; rel=next"
        return Reply(200, b'["a"]', {"Content-Type": "application/json", "Link": link})

    server.respond = respond
    with own_calls_client.OwnCallsClient(key="s3cret", base_url=server.url) as client:
        pages = client.paginated.list_pages(extra_headers={"X-Trace": "1"}, extra_query={"shade": "half", "deep": 1})
        assert list(pages) == ["a", "b"]
    assert [request.target for request in server.requests] == [
        "/pages?shade=half&deep=1",
        "/pages?page=2&shade=full&deep=1",
    ]
    assert {request.headers["x-trace"] for request in server.requests} == {"1"}


def test_request_calls_what_a_document_lacks(call: Any, server: Loopback) -> None:
    server.reply(200, {"id": 1})
    assert call("request", "get", "/sheds/a b?x=1", extra_query={"y": 2}) == {"id": 1}
    assert (server.last.method, server.last.target) == ("GET", "/sheds/a%20b?x=1&y=2")
    assert server.last.headers["x-api-key"] == "s3cret"
    assert call("request", "POST", "/sheds", type=Bed, json=Bed(id=2)) == Bed(id=1)
    assert server.last.body == b'{"id":2}'
    assert server.last.headers["content-type"] == "application/json"
    raw = call("raw.request", "PUT", "/sheds", type=Bed, content=b"1", extra_headers={"Content-Type": "image/png"})
    assert (raw.status, raw.parsed, server.last.headers["content-type"]) == (200, Bed(id=1), "image/png")
    server.reply(204)
    assert call("request", "DELETE", "/sheds/1") is None
    assert call("request_") is None


def test_request_raises_what_every_call_raises(call: Any, server: Loopback) -> None:
    server.reply(404, {"message": "no such shed"})
    with pytest.raises(core.NotFound, match="no such shed") as raised:
        call("request", "GET", "/sheds/1")
    assert raised.value.body == {"message": "no such shed"}


ONE_SLASH = "must begin with one slash: it is appended to base_url, and leads to no other server"


@pytest.mark.parametrize(
    ("method", "path", "problem"),
    [
        ("GET", "sheds", ONE_SLASH),
        ("GET", "https://evil.example/", ONE_SLASH),
        ("GET", "//evil.example/", ONE_SLASH),
        ("GET", "@evil.example/", ONE_SLASH),
        ("GET", "/a/%2E%2E/b", "holds a segment . or .., which would change where it leads"),
        ("GET", "/a\r\nX: y", "holds a fragment, backslash or control character"),
        ("GET", "/a#b", "holds a fragment, backslash or control character"),
    ],
)
def test_request_refuses_other_places(call: Any, server: Loopback, method: str, path: str, problem: str) -> None:
    with pytest.raises(ValueError) as raised:
        call("request", method, path)
    assert str(raised.value) == f"the path {problem}; expected something like /runs/1?expand=steps"
    assert server.requests == []


def test_request_refuses_other_methods_and_two_bodies(call: Any) -> None:
    with pytest.raises(ValueError, match=r"^'GET /' is not the method of a request$"):
        call("request", "GET /", "/")
    with pytest.raises(ValueError, match=r"^a request has one body: pass json or content, not both$"):
        call("request", "POST", "/", json=1, content=b"")
