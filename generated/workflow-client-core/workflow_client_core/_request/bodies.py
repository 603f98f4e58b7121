"""Bodies of requests: JSON, forms, multipart, text, bytes. Each becomes bytes, so that it can be sent again.

Forms and multipart follow OpenAPI 3.1, section 4.8.15 (Encoding Object): single values are text, objects are JSON, a
list repeats its field for each item, unless the document says otherwise. What is None or absent is left out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import cast
from urllib.parse import quote_plus

from msgspec import Struct

from .._api import Body, Part
from .._models.encoding import write
from .._models.files import File
from .._models.types import item_type, value_type
from .._models.writable import is_array, properties_of, writable
from .._text import charset_of, codec_of
from .styles import pairs, percent_encoded
from .values import free_text, is_absent, json_text, list_items, to_plain

_OCTETS = "application/octet-stream"
_NAME = "the body"
"""What messages call it."""


def encode_body(body: Body, value: object) -> tuple[bytes, str]:
    """The bytes of a body, and its Content-Type.

    Raises:
        TypeError: the value, or something in it, is of a type that such a body cannot hold.
        ValueError: a text in it cannot be sent.
    """
    if body.encode == "json":
        return write(value, _NAME, body.type), body.media_type
    if body.encode == "form":
        return _form(body, value), body.media_type
    if body.encode == "multipart":
        return _multipart(body, value)
    file = File.of(value, octets=body.encode != "base64")
    if isinstance(value, str) or (body.encode in ("text", "base64") and file is None):
        writable(value, body.type, _NAME, aware=True)  # to refuse what cannot be sent
        return _text(body.media_type, free_text(_NAME, value))
    if file is None and body.encode == "lines" and isinstance(value, Iterable):
        items = enumerate(cast("Iterable[object]", value), 1)
        written = (write(item, f"line {number} of {_NAME}", item_type(body.type)) for number, item in items)
        return b"".join(line + b"\n" for line in written), body.media_type
    if file is None:
        raise TypeError(f"{_NAME} cannot be a {type(value).__name__}: {body.media_type} takes bytes or an open file")
    content = file.read()
    return content, _media_type(file, content, body.media_type)


def _text(media_type: str, value: str) -> tuple[bytes, str]:
    """Text in the charset that the media type names, else UTF-8."""
    if "*" in media_type:
        media_type = "text/plain"
    charset = charset_of(media_type)
    codec = codec_of(charset)
    if codec is None:
        raise ValueError(f"{_NAME} cannot be written in the charset of {media_type}")
    if not charset and media_type.lower().startswith("text/"):
        media_type = f"{media_type}; charset=utf-8"  # servers disagree on the default
    try:
        return value.encode(codec), media_type
    except UnicodeEncodeError as error:
        reason = error.reason
    raise ValueError(f"{_NAME} cannot be written in {charset or 'utf-8'}: {reason}")


# Forms


def _form(body: Body, value: object) -> bytes:
    """WHATWG URL, "application/x-www-form-urlencoded serializing"."""
    parts = {part.wire: part for part in body.parts}
    written: list[tuple[str, str]] = []
    for wire, item in _fields(body, value):
        part = parts.get(wire, Part(wire))
        if part.style:
            plain = to_plain(item)
            written += pairs(wire, wire, plain, style=part.style, explode=part.explode, quoted=percent_encoded)
        elif "json" in part.media_type:  # of a list as well: the pair holds all of it
            written.append((wire, quote_plus(json_text(wire, item))))
        else:
            written += [(wire, quote_plus(_field_text(wire, single))) for single in list_items(item)]
    return "&".join(f"{quote_plus(key)}={text}" for key, text in written).encode()


def _field_text(wire: str, value: object) -> str:
    file = File.of(value)
    return free_text(wire, value if file is None else file.read())


def _fields(body: Body, value: object) -> list[tuple[str, object]]:
    """The fields of an object that are sent, by their wire names."""
    if isinstance(value, Struct):
        members = properties_of(value)
    elif isinstance(value, Mapping):
        type_ = value_type(body.type)
        items = cast("Mapping[object, object]", value).items()
        members = {free_text(_NAME, key): (item, type_) for key, item in items}
    else:
        raise TypeError(f"{_NAME} cannot be a {type(value).__name__}: {body.media_type} takes an object or a mapping")
    for wire, (item, type_) in members.items():
        writable(item, type_, wire, aware=True)  # to refuse what cannot be sent; text is written from the values
    return [(wire, item) for wire, (item, _) in members.items() if not is_absent(item)]


# Multipart. httpx2's `files=` cannot write these bodies: it writes `multipart/form-data` alone, winds open files back,
# gives every part a name, and leaves some control characters in names as they are.


def _multipart(body: Body, value: object) -> tuple[bytes, str]:
    """RFC 7578; other types than `multipart/form-data` have the same parts (OpenAPI 3.1, section 4.8.15.3)."""
    is_form = body.media_type.lower().startswith("multipart/form-data")
    if is_form or not is_array(value):
        written = list(_named_parts(body, value))
    else:  # parts without names, as `multipart/mixed` may have
        written = [_part("", Part("", "*/*"), item) for item in cast("list[object]", value)]
    boundary = os.urandom(16).hex()
    delimiter = f"--{boundary}".encode()
    content = b"".join(delimiter + b"\r\n" + part + b"\r\n" for part in written) + delimiter + b"--\r\n"
    media_type = re.sub(r"\s*;\s*boundary=[^;]*", "", body.media_type, flags=re.IGNORECASE)  # of the document
    return content, f"{media_type}; boundary={boundary}"


def _named_parts(body: Body, value: object) -> Iterator[bytes]:
    """The parts for the fields of an object; a list has one for each item, unless the document says otherwise."""
    parts = {part.wire: part for part in body.parts}
    for wire, item in _fields(body, value):
        part = parts.get(wire, Part(wire, "" if isinstance(value, Struct) else "*/*"))
        if part.style:
            styled = pairs(wire, wire, to_plain(item), style=part.style, explode=part.explode, quoted=str)
            yield from (_part(key, Part(key), text) for key, text in styled)
        else:
            yield from (_part(wire, part, single) for single in list_items(item))


def _part(wire: str, part: Part, value: object) -> bytes:
    """The head and the content of one part."""
    disposition = f'Content-Disposition: form-data; name="{_quoted(wire)}"' if wire else ""
    file = File.of(value, octets=_takes_files(part))
    if file is not None:
        content = file.read()
        media_type = _media_type(file, content, part.media_type)
        # Without a filename most servers take a part for text.
        disposition += f'; filename="{_quoted(file.name or wire)}"' if wire else ""
    else:
        content, media_type = _part_text(wire, part, value)
    head = [disposition] if disposition else []
    head += [f"Content-Type: {media_type}"] if media_type else []
    return "\r\n".join([*head, "", ""]).encode("utf-8", "replace") + content


def _part_text(wire: str, part: Part, value: object) -> tuple[bytes, str]:
    """The content of a part that is not a file, and its media type; "" for plain text, which is the default."""
    declared = next(filter(_is_concrete, _listed(part.media_type)), "")
    name = wire or _NAME
    if "json" in declared:
        return write(value, name), declared
    if isinstance(to_plain(value), list | dict):
        return write(value, name), "application/json"
    return free_text(name, value).encode(), declared


def _takes_files(part: Part) -> bool:
    """Whether bytes are sent as they are; otherwise as base64, as in JSON."""
    return bool(part.media_type) and "json" not in part.media_type and not part.media_type.startswith("text/")


def _media_type(file: File, content: bytes, declared: str) -> str:
    """The media type of a file where the document allows `declared`: types and ranges. It is never a range itself."""
    listed = _listed(declared)
    if file.content_type or (len(listed) == 1 and _is_concrete(declared)):
        # If the document allows a single media type, that is sent, whatever the file is called.
        return file.media_type if file.content_type else declared
    for known in (file.media_type, _recognized(content)):
        if known and (not listed or any(fnmatchcase(known.lower(), allowed.lower()) for allowed in listed)):
            return known
    if "text/*" in map(str.lower, listed):
        listed.append("text/plain")
    return next(filter(_is_concrete, listed), _OCTETS)


_BEGINNINGS = (
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBP", "image/webp"),
    (rb"....ftypavif", "image/avif"),
    (rb"II\*\x00|MM\x00\*", "image/tiff"),
    (rb"%PDF-", "application/pdf"),
    (rb"RIFF....WAVE", "audio/wav"),
    (rb"ID3", "audio/mpeg"),
    (rb"fLaC", "audio/flac"),
    (rb"OggS", "audio/ogg"),
    (rb"....ftyp(isom|mp4|iso)", "video/mp4"),
    (rb"\x1a\x45\xdf\xa3", "video/webm"),
)
"""How files of some media types begin (WHATWG, "MIME Sniffing", 6)."""


def _recognized(content: bytes) -> str:
    """The media type that the first bytes of a file tell; "" where they do not."""
    return next((media_type for start, media_type in _BEGINNINGS if re.match(start, content, re.DOTALL)), "")


def _listed(declared: str) -> list[str]:
    return [media_type.strip() for media_type in declared.split(",") if media_type.strip()]


def _is_concrete(media_type: str) -> bool:
    return "*" not in media_type


def _quoted(text: str) -> str:
    """A name between quotes (HTML, "multipart/form-data encoding algorithm").

    Other control characters likewise, and backslashes, which some readers take for an escape of the quote after them.
    """
    return re.sub(r'["\\\x00-\x1f\x7f]', lambda match: f"%{ord(match[0]):02X}", text)
