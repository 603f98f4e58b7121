"""Files, plain text and redirects, over a real connection: what a generated client returns, and what it sends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import workflow_client_core as core

from tests.loopback import Loopback
from tests.packages import imported_package

SPEC = Path(__file__).with_name("media_types.yaml")
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return imported_package(SPEC, "garden-client", tmp_path_factory.mktemp("garden"))


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, module: ModuleType, server: Loopback) -> Call:
    """`call("get_photo")`: what a method returns; `call("raw.get_photo")` of the raw methods."""

    def called(client: Any, method: str, *arguments: Any) -> Any:
        raw, _, name = method.rpartition(".")
        return getattr(client.raw if raw else client, name)(*arguments)

    def sync_call(method: str, *arguments: Any) -> Any:
        with module.GardenClient(base_url=server.url, retry=core.Retry(max_retries=0)) as client:
            return called(client, method, *arguments)

    def async_call(method: str, *arguments: Any) -> Any:
        async def run() -> Any:
            async with module.AsyncGardenClient(base_url=server.url, retry=core.Retry(max_retries=0)) as client:
                return await called(client, method, *arguments)

        return asyncio.run(run())

    return sync_call if request.param == "sync" else async_call


@pytest.mark.parametrize(
    ("method", "sent_type"), [("photo", "application/json"), ("table", "text/csv; charset=utf-16")]
)
def test_a_file_is_bytes_whatever_its_media_type_is(server: Loopback, call: Call, method: str, sent_type: str) -> None:
    content = b'\xff\x00{"a": 1}'
    server.reply(200, content, Content_Type=sent_type)
    assert call(f"get_{method}") == content
    response = call(f"raw.get_{method}")
    assert (response.parsed, response.content, response.issues) == (content, content, ())
    server.reply(204)
    call(f"put_{method}", content)
    assert server.last.body == content
    assert server.last.headers["content-type"] == sent_type.partition(";")[0]


@pytest.mark.parametrize(
    ("method", "body", "value"),
    [
        ("get_height", b"12", 12),
        ("get_height", b" 12\r\n", 12),
        ("get_height", b"1.2e1", 12),
        ("get_depth", b"0.5", 0.5),
        ("get_depth", b"null", None),
        ("get_depth", b"\n", None),
        ("get_watered", b"true\n", True),
        ("get_sown", b"2026-03-01T08:00:00Z", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("get_sown", b'"2026-03-01T08:00:00Z"', datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("get_state", b"grown\n", "grown"),
        ("get_state", b"7", "7"),
        ("get_state", b"dug up", "dug up"),
        ("get_seal", b"/wA=", b"\xff\x00"),
        ("get_seal", b"1234", b"\xd7m\xf8"),
        ("get_any_seal", b"/wA=", b"\xff\x00"),
        ("get_count", b"3", 3),
        ("get_note", b" a\n", " a\n"),
        ("get_note", "grün".encode(), "grün"),
    ],
)
def test_plain_text_is_the_value_that_is_documented(
    server: Loopback, call: Call, method: str, body: bytes, value: object
) -> None:
    server.reply(200, body, Content_Type="text/plain")
    read = call(method)
    assert (read, isinstance(read, bool)) == (value, isinstance(value, bool))


@pytest.mark.parametrize(
    ("method", "body", "message"),
    [
        ("get_height", b"tall", "expected integer, found text 'tall'"),
        ("get_height", b"1.5", "expected integer, found number 1.5"),
        ("get_height", b"", "expected integer, found text ''"),
        ("get_watered", b"True", "expected true or false, found text 'True'"),
        ("get_sown", b"soon", "expected date-time, found text 'soon'"),
        ("get_seal", b"?", "expected base64 text, found text '?'"),
    ],
)
def test_text_that_is_not_such_a_value_is_invalid(
    server: Loopback, call: Call, method: str, body: bytes, message: str
) -> None:
    server.reply(200, body, Content_Type="text/plain")
    for name in (method, f"raw.{method}"):
        with pytest.raises(core.InvalidResponse, match=message):
            call(name)


def test_an_error_in_plain_text_has_its_value_too(module: ModuleType, server: Loopback, call: Call) -> None:
    server.reply(409, b"grown", Content_Type="text/plain")
    with pytest.raises(core.Conflict) as caught:
        call("get_height")
    assert caught.value.body is module.models.State.GROWN


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("ISO-8859-1", "latin-1"), ('"windows-1252"', "cp1252"), ("Shift_JIS", "shift_jis"), ("utf-16", "utf-16")],
)
def test_text_is_read_in_the_charset_that_is_sent(server: Loopback, call: Call, charset: str, codec: str) -> None:
    text = "Gärten" if codec != "shift_jis" else "庭"
    server.reply(200, text.encode(codec), Content_Type=f"text/plain; charset={charset}")
    assert call("get_note") == text
    server.reply(200, "12".encode(codec), Content_Type=f"text/plain; charset={charset}")
    assert call("get_height") == 12


@pytest.mark.parametrize("charset", ["none-such", "unicode_escape", "rot13", "zlib", "utf-7", "punycode"])
def test_only_charsets_of_text_are_known(server: Loopback, call: Call, charset: str) -> None:
    server.reply(200, b"\\u0041", Content_Type=f"text/plain; charset={charset}")
    with pytest.raises(core.InvalidResponse, match=f"the body cannot be read: the charset '{charset}' is not known"):
        call("get_note")


@pytest.mark.parametrize(
    ("method", "value", "body"),
    [
        ("put_height", 12, b"12"),
        ("put_watered", False, b"false"),
        ("put_sown", datetime(2026, 3, 1, 8, tzinfo=UTC), b"2026-03-01T08:00:00Z"),
        ("put_state", "grown", b"grown"),
        ("put_seal", b"\xff\x00", b"/wA="),
        ("put_any_seal", b"\xff\x00", b"/wA="),
    ],
)
def test_a_value_is_sent_as_plain_text(server: Loopback, call: Call, method: str, value: object, body: bytes) -> None:
    server.reply(204)
    call(method, value)
    assert server.last.body == body
    assert server.last.headers["content-type"] == "text/plain; charset=utf-8"


def test_an_enum_value_is_sent_as_its_text(module: ModuleType, server: Loopback, call: Call) -> None:
    server.reply(204)
    call("put_state", module.models.State.SOWN)
    assert server.last.body == b"sown"


def test_what_has_no_text_is_not_sent(server: Loopback, call: Call) -> None:
    with pytest.raises(ValueError, match="the body needs a time zone"):
        call("put_sown", datetime(2026, 3, 1, 8))
    with pytest.raises(TypeError, match="the body cannot be a object"):
        call("put_height", object())
    assert server.requests == []


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://files.example/a.zip?sig=1", "https://files.example/a.zip?sig=1"),
        ("/files/a%20b.zip", "{server}/files/a%20b.zip"),
        ("a.zip#end", "{server}/a.zip#end"),
        ("//files.example/a", "http://files.example/a"),
        ("?page=2", "{server}/archive?page=2"),
    ],
)
def test_a_documented_redirect_is_the_url_that_it_leads_to(
    server: Loopback, call: Call, location: str, url: str
) -> None:
    server.reply(302, b'{"size": 3}', Location=location, X_Size="3", Content_Type="application/json")
    url = url.format(server=server.url)
    assert call("get_archive") == url
    response = call("raw.get_archive")
    assert (response.status, response.parsed, response.document) == (302, url, {"size": 3})
    assert dict(response.documented_headers) == {"Location": location, "X-Size": 3}
    assert (response.headers["location"], response.issues, response.complete) == (location, (), True)
    assert len(server.requests) == 2, "it is not followed"
    for status in (300, 308):  # of a range
        server.reply(status, Location=location)
        assert call("check_archive") == url


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ({}, "302 Found from GET .*/archive, but there is no Location to which it leads"),
        ({"Location": " "}, "302 Found from GET .*/archive, but there is no Location to which it leads"),
        ({"Location": "https://[files/a"}, "302 Found from GET .*/archive, but its Location is not a URL"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_invalid(
    server: Loopback, call: Call, location: dict[str, str], message: str
) -> None:
    server.reply(302, **location)
    for method in ("get_archive", "raw.get_archive"):
        with pytest.raises(core.InvalidResponse, match=message) as caught:
            call(method)
        assert caught.value.status == 302


def test_other_statuses_stay_errors(module: ModuleType, server: Loopback, call: Call) -> None:
    for status in (301, 304, 410):
        server.reply(status, Location="/elsewhere")
        with pytest.raises(core.StatusError) as caught:
            call("get_archive")
        assert caught.value.status == status
    server.reply(304, Location="/elsewhere")
    with pytest.raises(core.StatusError, match="304 Not Modified"):
        call("check_archive")
    server.reply(500, "grown")
    with pytest.raises(core.ServerError) as failed:
        call("get_archive")
    assert failed.value.body is module.models.State.GROWN
    server.reply(200, "grown")
    with pytest.raises(core.InvalidResponse, match="but get_archive does not document this status"):
        call("get_archive")


def test_beside_another_success_a_redirect_is_an_error(server: Loopback, call: Call) -> None:
    server.reply(302, Location="/elsewhere")
    with pytest.raises(core.StatusError, match=r"not followed, and this one leads to http://.*/elsewhere"):
        call("get_maybe_elsewhere")
    server.reply(200, b"here", Content_Type="text/plain")
    assert call("get_maybe_elsewhere") == "here"
