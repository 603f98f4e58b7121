"""An operation with a body, a value of every kind of member, and what arrives of it as other libraries read it."""

from __future__ import annotations

import email.parser
import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import workflow_client_core as core
from msgspec import UNSET, Struct, UnsetType, field
from werkzeug.formparser import parse_form_data

from tests.loopback import Received
from tests.runtime.example_api import ExampleClient

Make = Callable[..., ExampleClient]
Sent = Callable[..., Received]
JSON = core.Body("application/json")
FORM = "application/x-www-form-urlencoded"
MULTIPART = core.Body("multipart/form-data", encode="multipart")


def operation(*bodies: core.Body) -> core.Operation[None]:
    return core.Operation(name="do", method="POST", path="/x", bodies=bodies, responses={"2XX": None})


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


class Bed(Struct, frozen=True, kw_only=True):
    day: date | UnsetType = UNSET
    days: list[date] | UnsetType = UNSET
    at: datetime | UnsetType = UNSET
    rate: core.DecimalNumber | UnsetType = UNSET
    free: dict[str, Any] | UnsetType = UNSET
    inner: Bed | UnsetType = UNSET


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
