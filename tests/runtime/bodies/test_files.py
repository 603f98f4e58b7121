"""Files: what they are, how they are sent in multipart, and how they are read from responses."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import workflow_client_core as core
from msgspec import UNSET, Struct, UnsetType

from tests.runtime.bodies.sending import MULTIPART, Order, Sent, read


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


# Files in multipart


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
