"""Dates, numbers and files that a generated client sends, and what it refuses to send."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from workflow_client_core import File, decode, encode

from tests.loopback import Loopback
from tests.packages import imported_package

SPEC = Path(__file__).with_name("sent_values.yaml")
DAY, LATER = date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC)
JSON, FORM, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    return imported_package(SPEC, "sent-values-client", tmp_path_factory.mktemp("sent-values"))


@pytest.fixture
def bed(package: ModuleType) -> Callable[..., Any]:
    class_: Callable[..., Any] = import_module(f"{package.__name__}.models").Bed
    return class_


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, package: ModuleType, server: Loopback) -> Call:
    """`call(method, ...)`: what the method of a client returns."""
    server.reply(200, {})

    def sync_call(method: str, *args: object, **values: object) -> Any:
        with package.SentValuesClient(base_url=server.url) as client:
            return getattr(client, method)(*args, **values)

    async def async_call(method: str, *args: object, **values: object) -> Any:
        async with package.AsyncSentValuesClient(base_url=server.url) as client:
            return await getattr(client, method)(*args, **values)

    return sync_call if request.param == "sync" else lambda *args, **values: asyncio.run(async_call(*args, **values))


def test_dates_and_digits_are_sent_as_they_are(call: Call, server: Loopback, bed: Call) -> None:
    body = bed(day=DAY, rate=Decimal("1.10"), price=Decimal("2.20"), additional_properties={"sown": DAY})
    call("put_bed", DAY, body, days=[DAY, DAY], rate=Decimal("3.30"), words=["a", "b"], piped=["a,b", "c"])
    assert server.last.target == "/beds/2026-03-01?days=2026-03-01,2026-03-01&rate=3.30&piped=a%2Cb%7Cc"
    assert server.last.headers["words"] == "a,b"
    assert server.last.body == b'{"day":"2026-03-01","rate":1.10,"price":"2.20","sown":"2026-03-01"}'
    call("put_bed", DAY, body, content_type=FORM)
    assert server.last.body == b"day=2026-03-01&rate=1.10&price=2.20&sown=2026-03-01"
    call("put_bed", DAY, body, content_type=MULTIPART)
    assert b'name="rate"\r\n\r\n1.10\r\n' in server.last.body


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"day": LATER}, TypeError, "day must be a date, not a datetime"),
        ({"days": [DAY, LATER]}, TypeError, "days at /1 must be a date, not a datetime"),
        ({"rate": Decimal("NaN")}, ValueError, "rate cannot be NaN: it must be a finite number"),
        ({"words": ["a,b"]}, ValueError, "words cannot hold ',' inside an item: it stands between items"),
        ({"piped": ["a|b"]}, ValueError, "piped cannot hold '|' inside an item: it stands between items"),
    ],
)
def test_parameters_that_cannot_be_meant_are_refused(
    call: Call, server: Loopback, bed: Call, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call("put_bed", **{"day": DAY, "body": bed(), **arguments})
    assert str(caught.value) == message
    assert not server.requests


@pytest.mark.parametrize("content_type", [JSON, FORM, MULTIPART])
@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"day": LATER}, TypeError, "day must be a date, not a datetime"),
        ({"additional_properties": {"sown": LATER}}, TypeError, "sown must be a date, not a datetime"),
        ({"at": datetime(2026, 3, 1)}, ValueError, "at needs a time zone: 2026-03-01T00:00:00 could be any instant"),
        ({"width": float("inf")}, ValueError, "width cannot be inf: it must be a finite number"),
        ({"rate": Decimal("NaN")}, ValueError, "rate cannot be NaN: it must be a finite number"),
    ],
)
def test_bodies_that_cannot_be_meant_are_refused(
    call: Call, server: Loopback, bed: Call, content_type: str, values: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call("put_bed", DAY, bed(**values), content_type=content_type)
    assert str(caught.value) == (f"the body at /{message}" if content_type == JSON else message)
    assert not server.requests


def test_a_response_is_written_again_with_its_digits(call: Call, server: Loopback, bed: Call) -> None:
    text = b'{"day":"2026-03-01","rate":12345678901234567890.10,"price":"1.50","sown":"2026-03-02"}'
    server.reply(200, text, Content_Type=JSON)
    read = call("put_bed", DAY, bed())
    assert read == bed(
        day=DAY,
        rate=Decimal("12345678901234567890.10"),
        price=Decimal("1.50"),
        additional_properties={"sown": date(2026, 3, 2)},
    )
    assert encode(read) == text
    assert decode(encode(read), type(read)).parsed == read
    server.reply(200, b'{"rate": NaN, "width": Infinity, "price": "1"}', Content_Type=JSON)
    assert call("put_bed", DAY, bed()) == bed(price=Decimal(1))


def test_files_have_a_media_type_that_fits_whatever_style_the_document_gives_them(
    call: Call, server: Loopback, package: ModuleType, bed: Call
) -> None:
    models = import_module(f"{package.__name__}.models")
    photos = [File(b"GIF89a", "b.gif"), File(b"?", 'a"\r\nX-Evil: 1.bin'), File(b"RIFF....WEBP")]
    server.reply(204)
    call("add_photos", models.AddPhotosBody(photo=File(b"\xff\xd8\xff"), photos=photos, bed=bed(rate=Decimal("1.10"))))
    heads = [part.partition(b"\r\n\r\n")[0].decode() for part in server.last.body.split(b"\r\n--")]
    assert [head.partition("\r\n")[2] for head in heads[:-1]] == [
        'Content-Disposition: form-data; name="photo"; filename="photo"\r\nContent-Type: image/jpeg',
        'Content-Disposition: form-data; name="photos"; filename="b.gif"\r\nContent-Type: image/gif',
        'Content-Disposition: form-data; name="photos"; filename="a%22%0D%0AX-Evil: 1.bin"\r\n'
        "Content-Type: application/octet-stream",
        'Content-Disposition: form-data; name="photos"; filename="photos"\r\nContent-Type: image/webp',
        'Content-Disposition: form-data; name="bed"\r\nContent-Type: application/json',
    ]
    assert b'{"rate":1.10}' in server.last.body
    for content, media_type in ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"?", "application/octet-stream")):
        call("put_photo", content)
        assert (server.last.body, server.last.headers["content-type"]) == (content, media_type)
