"""What a method returns, and when a success cannot be used."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
import workflow_client_core as core
from msgspec.structs import replace
from workflow_client_core import _text

from tests.loopback import Loopback, Reply
from tests.runtime.example_api import GET_RUN, RUN, Run, RunStatus

Call = Callable[..., Any]


def test_json_becomes_a_model(server: Loopback, call: Call) -> None:
    server.reply(200, {"id": "1", "status": "paused", "undeclared": [1]})
    run = call("get_run", "1")
    assert run == Run(id="1", status=RunStatus("paused"))
    assert run.credits is core.UNSET


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "application/vnd.x+json", "APPLICATION/JSON", ""],
)
def test_every_way_to_say_json_is_understood(server: Loopback, call: Call, content_type: str) -> None:
    server.reply(200, b'{"id": "1"}', **({"Content_Type": content_type} if content_type else {}))
    assert call("get_run", "1").id == "1"


def test_compressed_responses_are_unpacked(server: Loopback, call: Call) -> None:
    server.reply(200, gzip.compress(b'{"id": "1"}'), Content_Encoding="gzip")
    assert call("get_run", "1").id == "1"


def test_no_content_is_none(server: Loopback, call: Call) -> None:
    server.reply(204)
    assert call("delete_run", "1") is None


def test_text_and_bytes(server: Loopback, call: Call) -> None:
    server.reply(200, "zwölf".encode("latin-1"), Content_Type='text/plain; charset="ISO-8859-1"')
    assert call("get_log") == "zwölf"
    server.reply(200, "zwölf".encode())
    assert call("get_log") == "zwölf"
    server.reply(200, b"\x00\xff", Content_Type="text/html")
    assert call("get_archive") == b"\x00\xff"


@pytest.mark.parametrize(
    ("type_", "sent", "body", "value"),
    [
        (Any, "application/json", b'{"a": 1}', {"a": 1}),
        (Any, "application/problem+json", b"[1]", [1]),
        (Any, "text/csv", "ä".encode(), "ä"),
        (Any, "application/zip", b"\xff", b"\xff"),
        (Any, "", b"{}", b"{}"),
        (str, "application/json", b'"a"', "a"),
        (str, "text/plain; charset=latin-1", b"\xe4", "ä"),
        (str, "", b"a", "a"),
        (str, "application/xml", b"<a/>", "<a/>"),
    ],
)
def test_a_response_of_any_media_type_is_read_as_what_is_sent(
    server: Loopback, call: Call, type_: Any, sent: str, body: bytes, value: object
) -> None:
    operation = replace(GET_RUN, responses={"200": core.Content("*/*", type_, decode="any")})
    server.reply(200, body, **({"Content_Type": sent} if sent else {}))
    assert call("call", operation, run_id="1") == value


def test_text_where_json_is_sent_is_invalid(server: Loopback, call: Call) -> None:
    operation = replace(GET_RUN, responses={"200": core.Content("*/*", str, decode="any")})
    server.reply(200, b"{}", Content_Type="application/json")
    with pytest.raises(core.InvalidResponse, match="expected text, found object"):
        call("call", operation, run_id="1")


def test_a_documented_redirection_is_an_error_with_its_body_and_headers(server: Loopback, call: Call) -> None:
    moved = replace(
        GET_RUN,
        responses={"200": RUN, "302": core.Content("application/json", Run), "304": None},
        headers={"302": (core.Header("X-Wait", int),)},
    )
    server.reply(302, {"id": "2"}, Location="/runs/2", X_Wait="5")
    with pytest.raises(core.StatusError) as caught:
        call("call", moved, run_id="1")
    assert (caught.value.status, caught.value.body) == (302, Run(id="2"))
    assert dict(caught.value.documented_headers) == {"X-Wait": 5}
    server.reply(304)
    with pytest.raises(core.StatusError, match="304 Not Modified") as unchanged:
        call("call", moved, run_id="1")
    assert unchanged.value.body is None


@pytest.mark.parametrize("status", [201, 206, 299])
def test_another_success_is_read_like_the_documented_one(server: Loopback, call: Call, status: int) -> None:
    server.reply(status, {"id": "1"})
    assert call("get_run", "1").id == "1"


def test_a_range_of_successes_can_be_documented(server: Loopback, call: Call) -> None:
    ranged = replace(GET_RUN, responses={"200": None, "2XX": RUN})
    server.reply(202, {"id": "1"})
    assert call("call", ranged, run_id="1").id == "1"


def test_the_default_is_for_errors_unless_it_is_all_there_is(server: Loopback, call: Call) -> None:
    server.reply(200, {"id": "1"})
    assert call("call", replace(GET_RUN, responses={"default": RUN}), run_id="1").id == "1"
    assert call("call", replace(GET_RUN, responses={"201": None, "default": RUN}), run_id="1") is None


def test_an_undocumented_success_is_invalid_where_it_could_be_anything(server: Loopback, call: Call) -> None:
    texts = core.Content("application/json", list[str])
    server.reply(202, {"id": "1"})
    with pytest.raises(core.InvalidResponse) as caught:
        call("call", replace(GET_RUN, responses={"200": RUN, "201": texts}), run_id="1")
    assert str(caught.value) == (
        f"202 Accepted from GET {server.url}/runs/1, but get_run does not document this status"
    )


BAD_BODIES = [
    (b'{"id": 1}', "application/json", "the body cannot be read: at /id, expected text, found number 1"),
    (b"{}", "application/json", "the body cannot be read: at /id, expected text, found nothing"),
    (b"[]", "application/json", "the body cannot be read: expected object, found array"),
    (b'{"id": "1"', "application/json", "the body cannot be read: Input data was truncated"),
    (b"", "application/json", "the body cannot be read: it is empty"),
    (b'{"id": "\xff"}', "application/json", "the body cannot be read: it is not UTF-8: invalid start byte (byte 8)"),
    (b"<html>", "text/html; charset=utf-8", "the body is 'text/html; charset=utf-8', not application/json"),
    (b'{"id": "1"', "text/plain", "the body is 'text/plain', not application/json"),
    (b'{"id": 1}', "text/plain", "the body cannot be read: at /id, expected text, found number 1"),
]


@pytest.mark.parametrize(("body", "content_type", "problem"), BAD_BODIES)
def test_a_body_that_is_not_as_documented_is_invalid(
    server: Loopback, call: Call, body: bytes, content_type: str, problem: str
) -> None:
    server.reply(200, body, Content_Type=content_type)
    with pytest.raises(core.InvalidResponse) as caught:
        call("get_run", "1", limit=2)
    error = caught.value
    assert str(error) == f"200 OK from GET {server.url}/runs/1, but {problem}"
    assert (error.status, error.content) == (200, body)
    assert error.headers["CONTENT-TYPE"] == content_type
    assert (error.operation, error.method, error.url) == ("get_run", "GET", f"{server.url}/runs/1?limit=2")
    assert error.__cause__ is None


def test_json_without_a_bottom_is_invalid(server: Loopback, call: Call) -> None:
    anything = replace(GET_RUN, responses={"200": core.Content("application/json", Any)})
    server.reply(200, b"[" * 100_000, Content_Type="application/json")
    with pytest.raises(core.InvalidResponse, match="the body cannot be read: it is nested too deeply"):
        call("call", anything, run_id="1")


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        *[("utf8", "utf_8"), ("", "utf_8"), ("ISO88591", "latin_1"), ("iso8859-15", "iso8859_15"), ("l2", "iso8859_2")],
        *[("Windows-874", "cp874"), ("x-sjis", "shift_jis"), ("x-cp1252", "cp1252"), ("unicode", "utf_16")],
        *[
            ("iso-8859-8-i", "iso8859_8"),
            ("iso-8859-12", None),
            ("undefined", None),
            ("punycode", None),
            ("idna", None),
        ],
        *[("utf-7", None), ("rot13", None), ("unicode_escape", None), ("base64", None), ("x" * 100_000, None)],
    ],
)
def test_charsets_have_a_fixed_list_of_names(label: str, codec: str | None) -> None:
    assert _text.codec_of(label) == codec


def test_python_has_a_codec_for_each_charset() -> None:
    assert all(isinstance("a".encode(codec), bytes) for codec in _text._CODECS)


@pytest.mark.parametrize("content_type", ["text/plain; charset=utf-8", "text/plain; charset=no-such"])
def test_text_in_another_encoding_than_declared_is_invalid(server: Loopback, call: Call, content_type: str) -> None:
    server.reply(200, b"\xff", Content_Type=content_type)
    with pytest.raises(core.InvalidResponse):
        call("get_log")


def test_a_body_that_cannot_be_unpacked_is_invalid(server: Loopback, call: Call) -> None:
    server.reply(200, b"not gzip", Content_Encoding="gzip")
    with pytest.raises(core.InvalidResponse, match="the body cannot be unpacked") as caught:
        call("get_run", "1")
    assert caught.value.status == 200


def test_what_the_server_says_stays_on_one_short_line(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(200, b"{}", {"Content-Type": "text/" + "x" * 1000})
    with pytest.raises(core.InvalidResponse) as caught:
        call("get_run", "1")
    assert len(str(caught.value)) < 300
