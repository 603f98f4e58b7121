"""Request bodies in Python's terms: what a method takes, and how the run-time core makes a body of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..ir.model import Api, Encoding, Field, Media, Operation
from ..ir.types import ANY, ListOf, MapOf, Ref, Scalar, Type, alternatives
from .classes import alternatives as python_alternatives
from .quoting import Code, literal

_FORM = "application/x-www-form-urlencoded"
_LINES = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")


@dataclass(frozen=True, slots=True)
class RequestMedia:
    """A media type that a client can send a body as: `media_type` is concrete where the value decides about it."""

    media: Media
    media_type: str
    encode: str
    annotations: tuple[str, ...]
    """Those of which what a method takes is the union."""


def request_media(operation: Operation, words: Mapping[str, str]) -> list[RequestMedia]:
    """The media types of a body, JSON first. `words` tells the enums, as `taken` wants to know them."""
    if operation.body is None:
        return []
    found: dict[str, RequestMedia] = {}
    for media in operation.body.content:
        media_type, encode = _encode(media, words)
        found.setdefault(media_type, RequestMedia(media, media_type, encode, _annotations(media, encode)))
    return sorted(found.values(), key=lambda one: one.encode != "json")


def body_media(operation: Operation, words: Mapping[str, str]) -> Media | None:
    """What a client sends of a body unless it is told otherwise; None where it sends none."""
    return next((one.media for one in request_media(operation, words)), None)


def declarations(api: Api, operation: Operation, words: Mapping[str, str]) -> tuple[Code, ...]:
    """The bodies of an operation, as the run-time core is told of them."""
    return tuple(_declaration(api, one) for one in request_media(operation, words))


def base_name(media_type: str) -> str:
    """A media type without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def _annotations(media: Media, encode: str) -> tuple[str, ...]:
    if encode == "bytes":
        return ("bytes", "BinaryIO", "_core.File")
    if encode == "text":
        return ("str",)
    if media.type is None:
        return ("Any",)
    is_item = encode == "lines" and not isinstance(media.type, ListOf)
    return tuple(python_alternatives(ListOf(media.type) if is_item else media.type, "_models."))


def _encode(media: Media, words: Mapping[str, str]) -> tuple[str, str]:
    """The media type to send, and the core's word for how."""
    kind = base_name(media.media_type)
    # A type of text alone can be anything: YAML, say, or a file.
    structured = media.type is not None and any(_is_structured(one, words) for one in alternatives(media.type))
    top, _, rest = kind.partition("/")
    if "*" in rest:
        return _of_range(media, top, rest, structured)
    if rest == "json" or rest.endswith("+json"):
        return media.media_type, "json"
    if kind == _FORM:
        return media.media_type, "form"
    if top == "multipart":
        return media.media_type, "multipart"
    if kind in _LINES and structured:
        return media.media_type, "lines"
    if re.fullmatch(r"(x-|vnd\.)?yaml|.*\+yaml", rest):  # of which JSON is a part (YAML 1.2.2, section 1.2)
        return media.media_type, "json" if structured else "text"
    if top == "text" or rest == "xml" or rest.endswith("+xml"):
        return media.media_type, "text"
    return media.media_type, "bytes"


def _of_range(media: Media, top: str, rest: str, structured: bool) -> tuple[str, str]:
    if top == "multipart":
        return "multipart/form-data", "multipart"
    if rest.endswith("json") or (top in ("*", "application") and structured):
        return "application/json", "json"
    is_text = media.type is not None and all(
        isinstance(one, Ref) or (isinstance(one, Scalar) and one.format not in ("binary", "byte"))
        for one in alternatives(media.type)
    )
    if top == "text" or (top == "*" and is_text and media.type != ANY):
        return "text/plain", "text"
    return media.media_type, "bytes"


def _is_structured(type_: Type, words: Mapping[str, str]) -> bool:
    return isinstance(type_, (ListOf, MapOf)) or (isinstance(type_, Ref) and type_.name not in words)


def _declaration(api: Api, one: RequestMedia) -> Code:
    arguments = [literal(one.media_type)]
    if one.encode != "json":
        arguments.append(Code(f"encode={literal(one.encode)}"))
    parts = _parts(api, one) if one.encode in ("form", "multipart") else []
    if parts:
        arguments.append(Code(f"parts=({', '.join(parts)},)"))
    return Code(f"_core.Body({', '.join(arguments)})")


def _parts(api: Api, one: RequestMedia) -> list[Code]:
    """The fields that are not written as their values alone would be."""
    encodings = {encoding.wire: encoding for encoding in one.media.encodings}
    fields = {field.wire: field for field in _fields(api, one.media.type or ANY, set())}
    found: list[Code] = []
    for wire in dict.fromkeys([*fields, *encodings]):
        field = fields.get(wire)
        has_file = one.encode == "multipart" and (field is None or _holds_files(field))
        part = _part(encodings.get(wire, Encoding(wire)), has_file=has_file)
        if part:
            found.append(part)
    return found


def _part(encoding: Encoding, *, has_file: bool) -> Code | None:
    arguments = [Code(literal(encoding.wire))]
    # Each of the three stands for a parameter's way of writing, and contentType then says nothing (section 4.8.15.1.2).
    if encoding.style or encoding.explode is not None or encoding.allow_reserved:
        style = encoding.style or "form"
        arguments.append(Code(f"style={literal(style)}"))
        if style == "form" if encoding.explode is None else encoding.explode:
            arguments.append(Code("explode=True"))
    elif encoding.media_type or has_file:
        arguments.append(Code(f"media_type={literal(encoding.media_type or '*/*')}"))
    else:
        return None
    return Code(f"_core.Part({', '.join(arguments)})")


def _fields(api: Api, type_: Type, seen: set[str]) -> list[Field]:
    """The properties that an object of a type can have."""
    found: list[Field] = []
    for one in alternatives(type_):
        if not isinstance(one, Ref) or one.name in seen:
            continue
        seen.add(one.name)
        found += [field for model in api.models if model.name == one.name for field in model.fields]
        for alias in api.aliases:
            if alias.name == one.name:
                found += _fields(api, alias.type, seen)
    return found


def _holds_files(field: Field) -> bool:
    """Whether a field can be bytes as they are: `binary`, or without any type."""
    return any(one == ANY or (isinstance(one, Scalar) and one.format == "binary") for one in _items(field.type))


def _items(type_: Type) -> list[Type]:
    found = [one.item if isinstance(one, ListOf) else one for one in alternatives(type_)]
    return [inner for one in found for inner in alternatives(one)]
