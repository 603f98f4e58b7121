"""The intermediate representation in Python's terms: annotations, fields, classes."""

from __future__ import annotations

from collections.abc import Mapping

from generator.ir import (
    NULL,
    Api,
    Enum,
    Field,
    ListOf,
    MapOf,
    Model,
    Ref,
    Scalar,
    Type,
    UnionOf,
    types_in,
)
from generator.text import Code, docstring, literal, name

_FORMATS = {"date-time": "datetime", "date": "_date"}


def annotation(type_: Type, models: str = "") -> Code:
    """The annotation of a value in a body or an answer; `models` stands before the names of classes."""
    match type_:
        case Scalar("null"):
            return Code("None")
        case Scalar("str", format_):
            return Code(_FORMATS.get(format_, "str"))
        case Scalar(kind):
            return Code(kind)
        case Ref(class_name):
            return Code(models + name(class_name))
        case ListOf(item):
            return Code(f"list[{annotation(item, models)}]")
        case MapOf(value):
            return Code(f"dict[str, {annotation(value, models)}]")
        case UnionOf():
            return Code(" | ".join(alternatives(type_, models)))
        case _:
            return Code("Any")


def alternatives(type_: Type, models: str = "") -> list[str]:
    """The annotations of which `annotation` is the union."""
    members = type_.members if isinstance(type_, UnionOf) else (type_,)
    return list(dict.fromkeys(annotation(member, models) for member in members))


def accepted(type_: Type, words: Mapping[str, str]) -> Code:
    """The annotation of a parameter, which takes more than it sends: identifiers as text, and the words of enums.

    `words` tells the enums whose words are not text.
    """
    return Code(" | ".join(dict.fromkeys(_accepted(type_, words))))


def _accepted(type_: Type, words: Mapping[str, str]) -> list[str]:
    match type_:
        case Scalar("str", "uuid"):
            return ["UUID", "str"]
        case Ref(class_name):
            return [f"_models.{name(class_name)}", words.get(class_name, "str")]
        case ListOf(item):
            return [f"_Sequence[{accepted(item, words)}]"]
        case UnionOf(members):
            return [word for member in members for word in _accepted(member, words)]
        case _:
            return [annotation(type_)]


def field_code(field: Field) -> Code:
    """The line that declares a field."""
    optional = not field.required or field.read_only or field.write_only
    type_ = annotation(field.type) + (" | UnsetType" if optional else "")
    renamed = f"name={literal(field.wire)}" if field.wire != field.name else ""
    if optional:
        default = f"_field(default=UNSET, {renamed})" if renamed else "UNSET"
    else:
        default = f"_field({renamed})" if renamed else ""
    return Code(f"{name(field.name)}: {type_}{' = ' if default else ''}{default}")


def field_doc(field: Field) -> Code:
    """The docstring of a field, "" when the document says nothing about it."""
    notes = [field.description]
    if field.default and field.default != "null":
        notes.append(f"Default: `{field.default}`")
    return _doc(notes, 4, deprecated=field.deprecated)


def class_doc(value: Model | Enum) -> Code:
    """The docstring of a class."""
    return _doc([value.description], 4, deprecated=value.deprecated)


def member_doc(description: str) -> Code:
    """The docstring of an enum's member."""
    return _doc([description], 4)


def _doc(parts: list[str], indent: int, *, deprecated: bool = False) -> Code:
    text = "\n\n".join(part.strip() for part in ["Deprecated." if deprecated else "", *parts] if part.strip())
    return docstring(text, indent) if text else Code("")


def uses(api: Api) -> frozenset[str]:
    """Which imports the module of models needs."""
    types = [t for m in api.models for f in m.fields for t in types_in(f.type)]
    words = {"OpenIntEnum" if isinstance(e.members[0].value, int) else "OpenStrEnum" for e in api.enums}
    words |= {str(annotation(t)) for t in types if not isinstance(t, (ListOf, MapOf, UnionOf)) and t != NULL}
    lines = " ".join(field_code(f) for m in api.models for f in m.fields)
    words |= {word for word in ("UNSET", "UnsetType", "_field") if word in lines}
    return frozenset(words | ({"Struct"} if api.models else set()))
