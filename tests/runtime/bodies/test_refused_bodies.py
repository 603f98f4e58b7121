"""What cannot be a body is refused before anything is sent, with its place."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import workflow_client_core as core

from tests.loopback import Loopback
from tests.runtime.bodies.sending import FORM, JSON, MULTIPART, Bed, Make, operation
from tests.runtime.example_api import AsyncExampleClient


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


def _reassigned(file: core.File) -> core.File:
    file.content_type = "image/png\r\nX-Evil: 1"
    return file


LATER = datetime(2026, 3, 1)
NO_DATE, NO_ZONE = "must be a date, not a datetime", "needs a time zone: 2026-03-01T00:00:00 could be any instant"
NO_NUMBER = "cannot be nan: it must be a finite number"
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
