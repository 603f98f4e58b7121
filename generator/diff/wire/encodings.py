"""How the fields of form and multipart bodies are written in two versions (OpenAPI 3.1, section 4.8.15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from ...ir.model import Encoding, Field, Media, Model
from ...ir.types import Ref
from ..finding import Finding
from ..forms import field_form
from .kinds import members
from .pairs import Classes, Sides


def compare_encodings(sides: Sides, root: str, encode: str, old: Media, new: Media) -> Iterator[Finding]:
    """The findings about fields that both versions have; `encode` is "form" or "multipart"."""
    ours, theirs = _fields(old, sides.old), _fields(new, sides.new)
    before, after = _encodings(old), _encodings(new)
    for wire in sorted(ours.keys() & theirs.keys() & (before.keys() | after.keys())):
        one, other = before.get(wire, Encoding(wire)), after.get(wire, Encoding(wire))
        words = (
            field_form(ours[wire].type, sides.enums[0], one, encode),
            field_form(theirs[wire].type, sides.enums[1], other, encode),
        )
        if words[0] == words[1]:
            continue
        rule = "request-part-encoding-changed"
        if words == (f"as {one.media_type}", f"as {other.media_type}"):
            missing = [name for name in _listed(one) if not _takes(_listed(other), name)]
            rule = "request-part-media-type-removed" if missing else "request-part-media-type-added"
        yield Finding(rule, "", f"{root} /{wire}", *words, old.source, new.source)


def _encodings(media: Media) -> dict[str, Encoding]:
    return {encoding.wire: encoding for encoding in media.encodings}


def _fields(media: Media, classes: Classes) -> dict[str, Field]:
    """The fields that a body can have."""
    types = members(media.type, classes) if media.type else ()
    items = [classes[type_.name] for type_ in types if isinstance(type_, Ref)]
    return {field.wire: field for item in items if isinstance(item, Model) for field in item.fields}


def _listed(encoding: Encoding) -> list[str]:
    return [name.strip().lower() for name in encoding.media_type.split(",") if name.strip()]


def _takes(listed: Iterable[str], name: str) -> bool:
    return any(fnmatchcase(name, one) for one in listed)
