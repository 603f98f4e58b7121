"""Bodies of each kind on the wire; werkzeug, which shares no code with the core, reads forms and multipart."""

from __future__ import annotations

import asyncio
import email.parser
import io
import json
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import workflow_client_core as core
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import replace
from werkzeug.formparser import parse_form_data

from tests.loopback import Loopback, Received, Reply
from tests.runtime.example_api import AsyncExampleClient, ExampleClient

Make = Callable[..., ExampleClient]


def operation(*bodies: core.Body) -> core.Operation[None]:
    return core.Operation(name="do", method="POST", path="/x", bodies=bodies, responses={"2XX": None})


@pytest.fixture
def sent(server: Loopback, make: Make) -> Callable[..., Received]:
    """`sent(body, value)`: the request that arrives."""
    server.reply(204)
    client = make(api_key="k")

    def send(body: core.Body, value: object) -> Received:
        client.call(operation(body), body=value)
        return server.last

    return send


Sent = Callable[..., Received]


class Inner(Struct, frozen=True, kw_only=True):
    low: int


class Order(Struct, frozen=True, kw_only=True):
    order_id: str | UnsetType = field(default=UNSET, name="orderId")
    made: date | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    inner: Inner | UnsetType = UNSET
    inners: list[Inner] | UnsetType = UNSET
    note: str | UnsetType | None = UNSET
    key: bytes | UnsetType = UNSET
    paid: bool | UnsetType = UNSET


ORDER = Order(
    order_id="a&b=c d+ü",
    made=date(2026, 1, 31),
    tags=["x", "y,z"],
    inner=Inner(low=1),
    inners=[Inner(low=2), Inner(low=3)],
    note=None,
    key=b"\xff",
    paid=True,
)
FIELDS = [
    ("orderId", "a&b=c d+ü"),
    ("made", "2026-01-31"),
    ("tags", "x"),
    ("tags", "y,z"),
    ("inner", '{"low":1}'),
    ("inners", '{"low":2}'),
    ("inners", '{"low":3}'),
    ("key", "/w=="),
    ("paid", "true"),
]


# Forms

FORM = "application/x-www-form-urlencoded"


def test_a_form_has_a_pair_for_each_single_value_and_json_for_objects(sent: Sent) -> None:
    received = sent(core.Body(FORM, encode="form"), ORDER)
    assert received.headers["content-type"] == FORM
    assert parse_qsl(received.body.decode("ascii"), keep_blank_values=True, strict_parsing=True) == FIELDS


def test_the_examples_of_the_specification_for_forms(sent: Sent) -> None:
    address = {"streetAddress": "123 Example Dr.", "city": "Somewhere", "state": "CA", "zip": "99999+1234"}
    value = {"id": "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "address": address}
    # OpenAPI 3.1.1, section 4.8.15.3
    assert sent(core.Body(FORM, encode="form"), value).body.decode() == (
        "id=f81d4fae-7dec-11d0-a765-00a0c91e6bf6&address=%7B%22streetAddress%22%3A%22123+Example+Dr.%22%2C%22city%22"
        "%3A%22Somewhere%22%2C%22state%22%3A%22CA%22%2C%22zip%22%3A%2299999%2B1234%22%7D"
    )
    as_json = core.Body(FORM, encode="form", parts=(core.Part("id", media_type="application/json"),))
    assert sent(as_json, {"id": value["id"]}).body.decode() == "id=%22f81d4fae-7dec-11d0-a765-00a0c91e6bf6%22"


@pytest.mark.parametrize(
    ("part", "value", "pairs"),
    [
        (core.Part("p", style="form", explode=True), ["a", "b&"], [("p", "a"), ("p", "b&")]),
        (core.Part("p", style="form"), ["a", "b"], [("p", "a,b")]),
        (core.Part("p", style="form", explode=True), {"a": 1, "b": 2}, [("a", "1"), ("b", "2")]),
        (core.Part("p", style="spaceDelimited"), ["a", "b"], [("p", "a b")]),
        (core.Part("p", style="pipeDelimited"), ["a", "b"], [("p", "a|b")]),
        (core.Part("p", style="deepObject", explode=True), {"a": {"b": [1]}}, [("p[a][b][0]", "1")]),
        (core.Part("p", media_type="application/json"), ["a", 1], [("p", '["a",1]')]),
        (core.Part("other", style="form"), {"a": 1}, [("p", '{"a":1}')]),
    ],
)
def test_a_field_of_a_form_as_its_encoding_says(
    sent: Sent, part: core.Part, value: object, pairs: list[tuple[str, str]]
) -> None:
    body = sent(core.Body(FORM, encode="form", parts=(part,)), {"p": value}).body
    assert parse_qsl(body.decode()) == pairs


def test_a_form_holds_any_text(sent: Sent) -> None:
    body = sent(core.Body(FORM, encode="form"), {"a\r\n=": "b\r\n&", "c": "", "d": core.File(b"\x00")}).body
    assert parse_qsl(body.decode(), keep_blank_values=True) == [("a\r\n=", "b\r\n&"), ("c", ""), ("d", "AA==")]


# Multipart

MULTIPART = core.Body("multipart/form-data", encode="multipart")


def read(received: Received) -> tuple[list[tuple[str, str]], list[tuple[str, bytes, str | None, str]]]:
    """The fields, and the files (name, content, filename, media type), as werkzeug reads them."""
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": received.headers["content-type"],
        "CONTENT_LENGTH": str(len(received.body)),
        "wsgi.input": io.BytesIO(received.body),
    }
    _, fields, files = parse_form_data(environ, silent=False)
    contents = []
    for key, file in files.items(multi=True):
        contents.append((key, file.read(), file.filename, file.content_type or ""))
        file.close()
    return list(fields.items(multi=True)), contents


def heads(received: Received) -> list[dict[str, str]]:
    """The headers of the parts, as the standard library reads them."""
    head = f"Content-Type: {received.headers['content-type']}\r\n\r\n".encode()
    message = email.parser.BytesParser().parsebytes(head + received.body)
    assert message.is_multipart()
    assert not message.defects
    return [{key.lower(): value for key, value in part.items()} for part in message.get_payload()]  # type: ignore[union-attr]


def test_multipart_has_a_part_for_each_value(sent: Sent) -> None:
    received = sent(MULTIPART, ORDER)
    assert received.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert read(received) == (FIELDS, [])
    types = [head.get("content-type") for head in heads(received)]
    assert types == [None, None, None, None, "application/json", "application/json", "application/json", None, None]


def test_files_have_names_and_types(sent: Sent, tmp_path: Path) -> None:
    path = tmp_path / "odd name.png"
    path.write_bytes(b"\x89PNG\r\n--\r\n")
    with path.open("rb") as opened:
        value = {
            "bytes": b"\x00\xff",
            "open": opened,
            "file": core.File(b"1", filename="../a.txt"),
            "typed": core.File(b"2", filename="b.txt", content_type="image/webp"),
            "many": [core.File(b"3", "c.pdf"), b"4"],
            "unnamed": io.BytesIO(b"5"),
        }
        fields, files = read(sent(MULTIPART, value))
    assert fields == []
    assert files == [
        ("bytes", b"\x00\xff", "bytes", "application/octet-stream"),
        ("open", b"\x89PNG\r\n--\r\n", "odd name.png", "image/png"),
        ("file", b"1", "../a.txt", "text/plain"),
        ("typed", b"2", "b.txt", "image/webp"),
        ("many", b"3", "c.pdf", "application/pdf"),
        ("many", b"4", "many", "application/octet-stream"),
        ("unnamed", b"5", "unnamed", "application/octet-stream"),
    ]


@pytest.mark.parametrize(
    ("declared", "file", "media_type"),
    [
        ("*/*", core.File(b"", "a.png"), "image/png"),
        ("*/*", core.File(b"", "a"), "application/octet-stream"),
        ("image/png", core.File(b""), "image/png"),
        ("image/png", core.File(b"", "a.jpeg"), "image/png"),
        ("image/png, image/jpeg", core.File(b"", "a.jpeg"), "image/jpeg"),
        ("image/png, image/jpeg", core.File(b"", "a.txt"), "image/png"),
        ("image/png, image/jpeg", core.File(b"\xff\xd8\xff\xe0"), "image/jpeg"),
        ("image/png, image/jpeg", core.File(b"GIF89a"), "image/png"),
        ("image/gif, image/*;q=0.5", core.File(b"x"), "image/gif"),
        ("image/*", core.File(b"\x89PNG\r\n\x1a\n"), "image/png"),
        ("image/*", core.File(b"RIFF\x00\x00\n\x00WEBP"), "image/webp"),
        ("image/*", core.File(b"%PDF-1.7"), "application/octet-stream"),
        ("image/*", core.File(b"GIF89a", "a.txt"), "image/gif"),
        ("image/*", core.File(b"", "a.jpeg"), "image/jpeg"),
        ("image/*", core.File(b"", "a.txt"), "application/octet-stream"),
        ("image/png", core.File(b"", "a.txt", "text/x-own"), "text/x-own"),
        ("", core.File(b"", "a.txt"), "text/plain"),
    ],
)
def test_the_media_type_of_a_file(sent: Sent, declared: str, file: core.File, media_type: str) -> None:
    body = core.Body("multipart/form-data", encode="multipart", parts=(core.Part("f", media_type=declared),))
    ((_, _, _, sent_media_type),) = read(sent(body, {"f": file}))[1]
    assert sent_media_type == media_type


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        (core.Part("p", media_type="application/json"), "a", [("p", '"a"')]),
        (core.Part("p", media_type="application/json"), [1, 2], [("p", "1"), ("p", "2")]),
        (core.Part("p", media_type="text/csv"), "a,b", [("p", "a,b")]),
        (core.Part("p", media_type="application/xml"), {"a": 1}, [("p", '{"a":1}')]),
        (core.Part("p", style="form"), ["a&", "b"], [("p", "a&,b")]),
        (core.Part("p", style="deepObject", explode=True), {"a": {"b c": 1}}, [("p[a][b c]", "1")]),
    ],
)
def test_a_part_as_its_encoding_says(
    sent: Sent, part: core.Part, value: object, expected: list[tuple[str, str]]
) -> None:
    body = core.Body("multipart/form-data", encode="multipart", parts=(part,))
    assert read(sent(body, {"p": value})) == (expected, [])


def test_bytes_of_a_model_are_base64_unless_the_document_says_that_they_are_a_file(sent: Sent) -> None:
    assert read(sent(MULTIPART, Order(key=b"\xff"))) == ([("key", "/w==")], [])
    files = core.Body("multipart/form-data", encode="multipart", parts=(core.Part("key", media_type="*/*"),))
    assert read(sent(files, Order(key=b"\xff"))) == ([], [("key", b"\xff", "key", "application/octet-stream")])


def test_a_file_of_a_bytearray_holds_what_it_held_then(sent: Sent) -> None:
    content = bytearray(b"a")
    file = core.File(content)
    content += b"b"
    assert (file, file.read()) == (core.File(b"a"), b"a")
    assert sent(core.Body("application/octet-stream", encode="bytes"), file).body == b"a"


def test_other_kinds_of_multipart_are_the_same_under_their_own_name(sent: Sent) -> None:
    received = sent(core.Body("multipart/mixed", encode="multipart"), Order(order_id="1"))
    assert received.headers["content-type"].startswith("multipart/mixed; boundary=")
    assert heads(received) == [{"content-disposition": 'form-data; name="orderId"'}]
    assert heads(sent(core.Body("multipart/mixed", encode="multipart"), [{"a": 1}, b"x"])) == [
        {"content-type": "application/json"},
        {"content-type": "application/octet-stream"},
    ]


def test_a_boundary_of_the_document_is_not_the_one_that_is_sent(sent: Sent) -> None:
    body = core.Body("multipart/form-data; boundary=abc; x=y", encode="multipart")
    received = sent(body, {"a": "1"})
    assert received.headers["content-type"].startswith("multipart/form-data; x=y; boundary=")
    assert read(received) == ([("a", "1")], [])


def test_boundaries_differ_and_a_retry_sends_the_same_bytes(server: Loopback, make: Make) -> None:
    once = replace(operation(MULTIPART), method="PUT")
    server.reply_in_turn(Reply(503), Reply(204))
    opened = io.BytesIO(b"content")
    again = make(api_key="k", retry=core.Retry(max_retries=1, initial=0))
    again.call(once, body={"f": opened})
    first, second = server.requests
    assert b"content" in first.body
    assert (first.body, first.headers["content-type"]) == (second.body, second.headers["content-type"])
    again.call(once, body={"f": b"content"})
    assert server.last.headers["content-type"] != first.headers["content-type"]


ODD = 'a"b\r\nX-Evil: 1\r\n\r\n--x; name="c"\\\x00ü𝄞%22'


def test_nothing_in_a_name_ends_it(sent: Sent) -> None:
    received = sent(MULTIPART, {ODD: "1", "f": core.File(b"2", filename=ODD)})
    first, second = heads(received)
    assert set(first) == {"content-disposition"}
    assert set(second) == {"content-disposition", "content-type"}
    escaped = "a%22b%0D%0AX-Evil: 1%0D%0A%0D%0A--x; name=%22c%22%5C%00ü𝄞%22"
    # HTML, "multipart/form-data encoding algorithm": percent signs are not escaped. A backslash is, as some readers
    # take it for an escape of the quote behind it.
    assert f'name="{escaped}"\r\n'.encode() in received.body
    assert f'name="f"; filename="{escaped}"\r\n'.encode() in received.body


@given(
    st.text(st.characters(exclude_categories=["Cs"])), st.binary(), st.text(st.characters(exclude_categories=["Cs"]))
)
def test_every_part_is_read_back(name: str, content: bytes, text: str) -> None:
    from workflow_client_core._request.bodies import encode_body

    value = {"f": core.File(content, filename=f"f{name}"), f"t{name}": text}
    body, content_type = encode_body(MULTIPART, value)
    fields, files = read(Received("POST", "/", {"content-type": content_type}, body))
    assert [(key, data) for key, data, _, _ in files] == [("f", content)]
    assert [value for _, value in fields] == [text]


# Everything else


def test_json_of_every_kind_of_value(sent: Sent) -> None:
    received = sent(
        core.Body("application/merge-patch+json"), {"a": None, "f": core.File(b"text"), "g": core.File(b"\xff")}
    )
    assert received.headers["content-type"] == "application/merge-patch+json"
    assert json.loads(received.body) == {"a": None, "f": "text", "g": b64encode(b"\xff").decode()}


def test_json_lines(sent: Sent) -> None:
    lines = core.Body("application/x-ndjson", encode="lines")
    assert sent(lines, [Inner(low=1), {"a": "\n"}]).body == b'{"low":1}\n{"a":"\\n"}\n'
    assert sent(lines, (Inner(low=n) for n in range(2))).body == b'{"low":0}\n{"low":1}\n'
    assert sent(lines, b'{"a": 1}\n').body == b'{"a": 1}\n'


@pytest.mark.parametrize(
    ("media_type", "content_type", "body"),
    [
        ("text/plain", "text/plain; charset=utf-8", "ü".encode()),
        ("text/*", "text/plain; charset=utf-8", "ü".encode()),
        ("text/csv; header=absent", "text/csv; header=absent; charset=utf-8", "ü".encode()),
        ("text/plain; charset=iso-8859-1", "text/plain; charset=iso-8859-1", b"\xfc"),
        ('text/plain; Charset="UTF-16-BE"', 'text/plain; Charset="UTF-16-BE"', b"\x00\xfc"),
        ("application/xml", "application/xml", "ü".encode()),
    ],
)
def test_text_is_written_in_its_charset(sent: Sent, media_type: str, content_type: str, body: bytes) -> None:
    received = sent(core.Body(media_type, encode="text"), "ü")
    assert (received.headers["content-type"], received.body) == (content_type, body)


def test_bytes_go_out_as_they_are(sent: Sent, tmp_path: Path) -> None:
    octets = core.Body("application/octet-stream", encode="bytes")
    path = tmp_path / "a.png"
    path.write_bytes(b"0123")
    with path.open("rb") as opened:
        opened.seek(1)
        received = sent(octets, opened)
        assert not opened.closed
    assert (received.body, received.headers["content-type"]) == (b"123", "application/octet-stream")
    assert sent(octets, b"\x00").body == b"\x00"
    assert sent(octets, core.File(b"x", content_type="image/png")).headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("range_", "value", "content_type"),
    [
        ("*/*", b"", "application/octet-stream"),
        ("*/*", core.File(b"", "a.pdf"), "application/pdf"),
        ("image/*", b"GIF87a", "image/gif"),
        ("image/*", b"x", "application/octet-stream"),
        ("text/*", b"x", "text/plain"),
        ("text/*", core.File(b"x", "a.csv"), "text/csv"),
        ("text/*", core.File(b"x", "a.png"), "text/plain"),
        ("audio/*, application/pdf", io.BytesIO(b"%PDF-1.7"), "application/pdf"),
        ("image/*", core.File(b"", "a.gif"), "image/gif"),
        ("image/*", core.File(b"", content_type="image/x-own"), "image/x-own"),
        ("image/*", core.File(b"", "a.pdf"), "application/octet-stream"),
    ],
)
def test_what_is_sent_for_a_range_is_concrete(sent: Sent, range_: str, value: object, content_type: str) -> None:
    assert sent(core.Body(range_, encode="bytes"), value).headers["content-type"] == content_type


def test_a_body_that_is_not_given_is_not_sent(server: Loopback, make: Make) -> None:
    server.reply(204)
    make(api_key="k").call(operation(MULTIPART), body=UNSET)
    assert server.last.body == b""
    assert "content-type" not in server.last.headers


def test_one_of_several_bodies_is_chosen_by_its_media_type(server: Loopback, make: Make) -> None:
    server.reply(204)
    several = operation(core.Body("application/json"), core.Body(FORM, encode="form"))
    make(api_key="k").call(several, body={"a": 1})
    assert server.last.headers["content-type"] == "application/json"
    make(api_key="k").call(several.sending(FORM), body={"a": 1})
    assert (server.last.headers["content-type"], server.last.body) == (FORM, b"a=1")
    with pytest.raises(ValueError, match=r"content_type cannot be 'text/plain'; do takes application/json, appl"):
        several.sending("text/plain")


@pytest.mark.parametrize(
    ("body", "value", "error", "message"),
    [
        (core.Body("application/pdf", encode="bytes"), 5, TypeError, "the body cannot be a int: application/pdf takes"),
        (core.Body("application/pdf", encode="bytes"), io.StringIO("x"), TypeError, "must be opened in binary mode"),
        (MULTIPART, "text", TypeError, "the body cannot be a str: multipart/form-data takes an object or a mapping"),
        (core.Body(FORM, encode="form"), [1], TypeError, "the body cannot be a list: application/x-www"),
        (core.Body(FORM, encode="form"), {"a": object()}, TypeError, "a cannot be a object"),
        (MULTIPART, {"a": object()}, TypeError, "a cannot be a object"),
        (
            core.Body("application/json"),
            object(),
            TypeError,
            "the body cannot be written as JSON: a value of object cannot be encoded as JSON",
        ),
        (
            core.Body("text/plain; charset=none-such", encode="text"),
            "x",
            ValueError,
            "cannot be written in the charset",
        ),
        (core.Body("text/plain; charset=ascii", encode="text"), "ü", ValueError, "cannot be written in ascii"),
    ],
)
def test_what_cannot_be_a_body_is_refused(
    server: Loopback, make: Make, body: core.Body, value: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make(api_key="k").call(operation(body), body=value)
    assert not server.requests


class Bed(Struct, frozen=True, kw_only=True):
    day: date | UnsetType = UNSET
    days: list[date] | UnsetType = UNSET
    at: datetime | UnsetType = UNSET
    rate: core.DecimalNumber | UnsetType = UNSET
    free: dict[str, Any] | UnsetType = UNSET
    inner: Bed | UnsetType = UNSET


def _reassigned(file: core.File) -> core.File:
    file.content_type = "image/png\r\nX-Evil: 1"
    return file


LATER = datetime(2026, 3, 1)
NO_DATE, NO_ZONE = "must be a date, not a datetime", "needs a time zone: 2026-03-01T00:00:00 could be any instant"
NO_NUMBER = "cannot be nan: it must be a finite number"
JSON = core.Body("application/json")
LINES = core.Body("application/jsonl", encode="lines")


@pytest.mark.parametrize(
    ("body", "value", "message"),
    [
        (JSON, Bed(day=LATER), f"the body at /day {NO_DATE}"),
        (JSON, [{"a/b": Bed(inner=Bed(days=[LATER]))}], f"the body at /0/a~1b/inner/days/0 {NO_DATE}"),
        (JSON, Bed(at=LATER), f"the body at /at {NO_ZONE}"),
        (JSON, Bed(free={"a": [LATER]}), f"the body at /free/a/0 {NO_ZONE}"),
        (JSON, LATER, f"the body {NO_ZONE}"),
        (JSON, {"a": float("nan")}, f"the body at /a {NO_NUMBER}"),
        (core.Body("application/json", type=dict[str, date]), {"a": LATER}, f"the body at /a {NO_DATE}"),
        (core.Body("application/json", type=list[date]), [LATER], f"the body at /0 {NO_DATE}"),
        (LINES, [Bed(), Bed(day=LATER)], f"line 2 of the body at /day {NO_DATE}"),
        (LINES, [1, float("nan")], f"line 2 of the body {NO_NUMBER}"),
        (core.Body("text/plain", encode="text", type=date), LATER, f"the body {NO_DATE}"),
        *(
            case
            for body in (core.Body(FORM, encode="form"), MULTIPART)
            for case in (
                (body, Bed(day=LATER), f"day {NO_DATE}"),
                (body, Bed(days=[LATER]), f"days at /0 {NO_DATE}"),
                (body, Bed(at=LATER), f"at {NO_ZONE}"),
                (body, Bed(inner=Bed(free={"a": LATER})), f"inner at /free/a {NO_ZONE}"),
                (body, {"a": [1.5, float("nan")]}, f"a at /1 {NO_NUMBER}"),
                (body, {"a": Decimal("Infinity")}, "a cannot be Infinity: it must be a finite number"),
            )
        ),
        (core.Body(FORM, encode="form", type=dict[str, date]), {"a": LATER}, f"a {NO_DATE}"),
        (
            core.Body("multipart/form-data", encode="multipart", parts=(core.Part("a", style="form"),)),
            {"a": ["b,c"]},
            "a cannot hold ',' inside an item: it stands between items",
        ),
        (MULTIPART, {"upload": _reassigned(core.File(b""))}, "content_type must be a media type such as image/png"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(
    server: Loopback, make: Make, body: core.Body, value: Any, message: str
) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        make(api_key="k").call(operation(body), body=value)
    assert str(caught.value) == message

    async def call() -> None:
        async with AsyncExampleClient(base_url=server.url, api_key="k") as client:
            await client.call(operation(body), body=value)

    with pytest.raises(type(caught.value), match=re.escape(message)):
        asyncio.run(call())
    assert not server.requests


def test_decimal_numbers_keep_their_digits(sent: Sent) -> None:
    rates = core.Body("application/json", type=list[core.DecimalNumber])
    assert sent(rates, [Decimal("1.10"), 2]).body == b"[1.10,2]"
    bed = Bed(rate=Decimal("12345678901234567890.10"), free={"a": Decimal("1.10")})
    assert sent(JSON, bed).body == b'{"rate":12345678901234567890.10,"free":{"a":"1.10"}}'
    assert sent(core.Body(FORM, encode="form"), Bed(rate=Decimal("1.10"))).body == b"rate=1.10"


# Files


def test_a_file_shows_no_content() -> None:
    assert repr(core.File(b"secret", filename="a.txt")) == "<File 'a.txt', 6 bytes>"
    assert repr(core.File(io.BytesIO(b"secret"))) == "<File '', an open file>"


@pytest.mark.parametrize(
    "content_type", ["", "png", "image/png\r\nX-Evil: 1", "image/png\x00", "image/ü", " image/png"]
)
def test_a_media_type_of_a_file_that_cannot_be_is_refused(content_type: str) -> None:
    with pytest.raises(ValueError, match="content_type must be a media type such as image/png"):
        core.File(b"", content_type=content_type)


def test_a_file_is_bytes_or_an_open_file() -> None:
    with pytest.raises(TypeError, match="content must be bytes, or a file opened in binary mode, not str"):
        core.File("text")  # type: ignore[arg-type]


def test_files_are_equal_when_they_hold_the_same() -> None:
    assert core.File(b"a", "b") == core.File(b"a", "b")
    assert core.File(b"a", "b") != core.File(b"a", "c")
    assert core.File(b"a") != b"a"


class Attachment(Struct, frozen=True, kw_only=True):
    data: core.File | UnsetType | None = UNSET
    more: list[core.File] | UnsetType = UNSET


def test_files_in_responses_are_the_text_that_stands_there() -> None:
    read = core.decode(b'{"data": "text \xc3\xbc", "more": ["a", "b"]}', Attachment)
    assert read.issues == ()
    assert read.parsed == Attachment(data=core.File("text ü".encode()), more=[core.File(b"a"), core.File(b"b")])
    assert core.decode(b'{"data": null}', Attachment).parsed == Attachment(data=None)


def test_a_file_in_a_response_that_is_not_text_is_an_issue() -> None:
    read = core.decode(b'{"data": 5, "more": ["a", {}, "b"]}', Attachment)
    assert [issue.pointer for issue in read.issues] == ["/data", "/more/1"]
    assert read.parsed == Attachment(more=[core.File(b"a"), core.File(b"b")])
