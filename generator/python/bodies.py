"""Request bodies in Python's terms: what a method takes as the body, and how the run-time core writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..document.media_types import LINES, base_name, is_json
from ..interpreter.fast_dataclasses import dataclass
from ..ir.media_types import FORM, holds_files, is_file, is_form_text, is_plain_text, type_read
from ..ir.model import Api, Encoding, Field, Media, Operation
from ..ir.types import ANY as ANY_TYPE
from ..ir.types import ListOf, MapOf, Ref, Scalar, Type, alternatives, without_null
from .annotations import accepted, passed
from .expressions import ANY, BYTES, CORE, STR, Annotation, Call, Name, Value, annotated, call, union
from .imports import BINARY_IO, FILE
from .quoting import Code, literal

_FILE = union((BYTES, annotated(BINARY_IO), annotated(FILE)))


@dataclass(frozen=True, slots=True)
class RequestMedia:
    """A media type that a client sends a body as: `media_type` is that of `media`, or a concrete one of its range."""

    media: Media
    media_type: str
    encode: str
    """How the core writes the body: "json", "form", "multipart", "lines", "text", "base64" or "bytes"."""
    annotation: Annotation
    """What a method takes as the body."""

    @property
    def base_name(self) -> str:
        """`media_type` without its parameters."""
        return base_name(self.media_type)


def request_media(operation: Operation, enums: Mapping[str, str]) -> list[RequestMedia]:
    """The media types of a body, JSON first; `enums` as in `annotations.accepted`."""
    bodies: dict[str, RequestMedia] = {}
    for media in operation.body.content if operation.body else ():
        if not media.can_be_sent:
            continue
        media_type, encode = _encode(media, enums)
        bodies.setdefault(media_type, RequestMedia(media, media_type, encode, _annotation(media, encode, enums)))
    return sorted(bodies.values(), key=lambda body: (body.encode != "json", not is_json(body.base_name)))


def _annotation(media: Media, encode: str, enums: Mapping[str, str]) -> Annotation:
    if encode == "bytes":
        return _FILE
    if encode in ("text", "base64"):
        return accepted(without_null(type_read(media)), enums) if is_plain_text(media) else STR
    if media.type is None:
        return passed(MapOf(ANY_TYPE), enums) if media.base_name in (FORM, "multipart/form-data") else ANY
    is_item = encode == "lines" and not isinstance(media.type, ListOf)
    return passed(ListOf(media.type) if is_item else media.type, enums)


def _encode(media: Media, enums: Mapping[str, str]) -> tuple[str, str]:
    """The media type to send, and how the core writes the body."""
    name = media.base_name
    # Text can stand for anything, such as YAML or a file.
    structured = media.type is not None and any(_is_structured(member, enums) for member in alternatives(media.type))
    top, _, subtype = name.partition("/")
    if is_file(media.type) and name != FORM and top != "multipart":
        return media.media_type, "bytes"
    media_type = media.media_type
    if is_form_text(media):
        encode = "text"
    elif "*" in subtype:
        media_type, encode = _encode_range(media, top, subtype, structured=structured)
    else:
        encode = _encode_named(name, top, subtype, structured=structured)
    return media_type, "base64" if encode == "text" and _is_base64(media) else encode


def _encode_named(name: str, top: str, subtype: str, *, structured: bool) -> str:
    if is_json(name):
        return "json"
    if name == FORM:
        return "form"
    if top == "multipart":
        return "multipart"
    if name in LINES and structured:
        return "lines"
    if re.fullmatch(r"(x-|vnd\.)?yaml|.*\+yaml", subtype):  # JSON is a part of YAML (YAML 1.2.2, section 1.2)
        return "json" if structured else "text"
    if top == "text" or subtype == "xml" or subtype.endswith("+xml"):
        return "text"
    return "bytes"


def _encode_range(media: Media, top: str, subtype: str, *, structured: bool) -> tuple[str, str]:
    if top == "multipart":
        return "multipart/form-data", "multipart"
    if subtype.endswith("json") or (top in ("*", "application") and structured):
        return "application/json", "json"
    is_text = media.type is not None and all(
        isinstance(member, Ref) or (isinstance(member, Scalar) and member.format not in ("binary", "byte"))
        for member in alternatives(media.type)
    )
    if top == "text" or (top == "*" and is_text):
        return "text/plain", "text"
    return media.media_type, "bytes"


def _is_base64(media: Media) -> bool:
    members = alternatives(type_read(media))
    return all(isinstance(member, Scalar) and member.format == "byte" for member in members)


def _is_structured(type_: Type, enums: Mapping[str, str]) -> bool:
    return isinstance(type_, (ListOf, MapOf)) or (isinstance(type_, Ref) and type_.name not in enums)


def body_declaration(api: Api, body: RequestMedia) -> Call:
    """A body of an operation, as declared to the run-time core."""
    keywords: dict[str, Value] = {} if body.encode == "json" else {"encode": literal(body.encode)}
    if body.encode in ("form", "multipart") and (parts := _parts(api, body)):
        keywords["parts"] = parts
    return call(Name("Body", CORE), literal(body.media_type), **keywords)


def _parts(api: Api, body: RequestMedia) -> tuple[Call, ...]:
    """The declarations of the fields that are not written in the default way."""
    encodings = {encoding.wire: encoding for encoding in body.media.encodings}
    fields = {field.wire: field for field in _fields(api, body.media.type or ANY_TYPE, set())}
    parts: list[Call | None] = []
    for wire in dict.fromkeys([*fields, *encodings]):
        encoding, field = encodings.get(wire, Encoding(wire)), fields.get(wire)
        if body.encode == "form":
            parts.append(_part(encoding))
        elif field is None or _can_be_file(field):
            # A style says nothing about a file (OpenAPI 3.0.3, section 4.7.15.1).
            is_styled = bool(encoding.style) and not (field and holds_files(field.type))
            parts.append(_part(encoding if is_styled else Encoding(wire, encoding.media_type or "*/*")))
        else:
            parts.append(_part(encoding))
    return tuple(part for part in parts if part)


def _part(encoding: Encoding) -> Call | None:
    keywords: dict[str, Value] = {}
    if encoding.style:
        keywords["style"] = literal(encoding.style)
        if encoding.explode:
            keywords["explode"] = Code("True")
    elif encoding.media_type:
        keywords["media_type"] = literal(encoding.media_type)
    return call(Name("Part", CORE), literal(encoding.wire), **keywords) if keywords else None


def _fields(api: Api, type_: Type, seen: set[str]) -> list[Field]:
    """The properties that an object of a type can have."""
    fields: list[Field] = []
    for member in alternatives(type_):
        if not isinstance(member, Ref) or member.name in seen:
            continue
        seen.add(member.name)
        fields += [field for model in api.models if model.name == member.name for field in model.fields]
        for alias in api.aliases:
            if alias.name == member.name:
                fields += _fields(api, alias.type, seen)
    return fields


def _can_be_file(field: Field) -> bool:
    """Whether a field can contain raw bytes: its format is `binary`, or it has no type."""
    items = (member.item if isinstance(member, ListOf) else member for member in alternatives(field.type))
    types = (type_ for item in items for type_ in alternatives(item))
    return any(type_ == ANY_TYPE or is_file(type_) for type_ in types)
