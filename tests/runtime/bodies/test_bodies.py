"""Bodies of JSON, text and bytes on the wire, and which of several bodies is sent."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from decimal import Decimal
from pathlib import Path

import pytest
import workflow_client_core as core
from msgspec import UNSET

from tests.loopback import Loopback
from tests.runtime.bodies.sending import FORM, JSON, MULTIPART, Bed, Inner, Make, Sent, operation


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


def test_decimal_numbers_keep_their_digits(sent: Sent) -> None:
    rates = core.Body("application/json", type=list[core.DecimalNumber])
    assert sent(rates, [Decimal("1.10"), 2]).body == b"[1.10,2]"
    bed = Bed(rate=Decimal("12345678901234567890.10"), free={"a": Decimal("1.10")})
    assert sent(JSON, bed).body == b'{"rate":12345678901234567890.10,"free":{"a":"1.10"}}'
    assert sent(core.Body(FORM, encode="form"), Bed(rate=Decimal("1.10"))).body == b"rate=1.10"
