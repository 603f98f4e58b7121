"""The intermediate representation in Python's terms: annotations, fields, classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..ir.model import Alias, Api, Enum, Field, Model
from ..ir.types import NULL, ListOf, MapOf, Ref, Scalar, Type, UnionOf, types_in
from .quoting import Code, docstring, literal, name


@dataclass(frozen=True, slots=True)
class Dialect:
    """How models are written."""

    options: Code
    """What stands behind `Struct` in the list of bases."""
    absent: Code
    """The value of what is absent, and in `absent_type` its type."""
    absent_type: Code
    list_: Code
    text_enum: Code
    formats: Mapping[str, str]
    """Formats of text that Python has a type for."""


_MOST_IN_CHAIN = 100
CLIENT = Dialect(
    options=Code("frozen=True, kw_only=True"),
    absent=Code("UNSET"),
    absent_type=Code("UnsetType"),
    list_=Code("list[{}]"),
    text_enum=Code("OpenStrEnum"),
    formats={
        "date-time": "datetime",
        "date": "_date",
        "time": "_time",
        "duration": "_timedelta",
        "byte": "bytes",
        "decimal": "_Decimal",
        "binary": "_File",
    },
)
"""The models of clients: absent is not null, and enums are open."""
UNIFIED = Dialect(
    options=Code("frozen=True, omit_defaults=True"),
    absent=Code("None"),
    absent_type=Code("None"),
    list_=Code("tuple[{}, ...]"),
    text_enum=Code("_StrEnum"),
    formats={"date-time": "AwareDatetime", "date": "_date", "duration": "timedelta"},
)
"""The unified model: absent is None, no items is (), and enums hold the words that they list."""


def annotation(type_: Type, models: str = "", dialect: Dialect = CLIENT) -> Code:
    """The annotation of a value in a body or an answer; `models` stands before the names of classes."""
    match type_:
        case Scalar("null"):
            return Code("None")
        case Scalar("str", "binary") if models:  # elsewhere than among the models
            return Code("_core.File")
        case Scalar("str", format_):
            return Code(dialect.formats.get(format_, "str"))
        case Scalar(kind):
            return Code(kind)
        case Ref(class_name):
            return Code(models + name(class_name))
        case ListOf(item):
            return Code(dialect.list_.format(annotation(item, models, dialect)))
        case MapOf(value):
            return Code(f"dict[str, {annotation(value, models, dialect)}]")
        case UnionOf():
            return Code(" | ".join(alternatives(type_, models, dialect)))
        case _:
            return Code("Any")


def alternatives(type_: Type, models: str = "", dialect: Dialect = CLIENT) -> list[str]:
    """The annotations of which `annotation` is the union."""
    members = type_.members if isinstance(type_, UnionOf) else (type_,)
    return list(dict.fromkeys(annotation(member, models, dialect) for member in members))


def accepted(type_: Type, words: Mapping[str, str]) -> Code:
    """The annotation of a parameter, which takes more than it sends: identifiers as text, and the words of enums.

    `words` tells of each enum which type its words are of.
    """
    return Code(" | ".join(dict.fromkeys(_accepted(type_, words))))


def _accepted(type_: Type, words: Mapping[str, str]) -> list[str]:
    match type_:
        case Scalar("str", "uuid"):
            return ["UUID", "str"]
        case Scalar("str", "binary"):  # there are no files outside of bodies
            return ["str"]
        case Ref(class_name):
            return [f"_models.{name(class_name)}", *((words[class_name],) if class_name in words else ())]
        case ListOf(item):
            return [f"_Sequence[{accepted(item, words)}]"]
        case MapOf(value):
            return [f"_Mapping[str, {accepted(value, words)}]"]
        case UnionOf(members):
            return [word for member in members for word in _accepted(member, words)]
        case _:
            return [annotation(type_)]


def may_be_absent(field: Field) -> bool:
    """Whether a field can be left out: what only one side sends, the other one does without."""
    return not field.required or field.read_only or field.write_only


def field_code(field: Field, dialect: Dialect = CLIENT) -> Code:
    """The line that declares a field."""
    optional = may_be_absent(field)
    type_, absent = annotation(field.type, dialect=dialect), dialect.absent
    if dialect is UNIFIED and isinstance(field.type, ListOf):
        absent = Code("()")
    elif dialect is UNIFIED and field.default == "{}":
        absent = Code("{}")
    elif optional:
        type_ = Code(f"{type_} | {dialect.absent_type}")
    renamed = f"name={literal(field.wire)}" if field.wire != field.name else ""
    if optional:
        default = f"_field(default={absent}, {renamed})" if renamed else absent
    else:
        default = f"_field({renamed})" if renamed else ""
    return Code(f"{name(field.name)}: {type_}{' = ' if default else ''}{default}")


def additional_code(field: Field) -> Code:
    """The line that declares what holds properties beyond the declared ones."""
    return Code(f"{name(field.name)}: {annotation(field.type)} = _additional_properties()")


def enum_base(enum: Enum, dialect: Dialect = CLIENT) -> Code:
    """The base class of an enum."""
    return Code("OpenIntEnum") if isinstance(enum.values[0].value, int) else dialect.text_enum


def field_doc(field: Field) -> Code:
    """The docstring of a field, "" when the document says nothing about it."""
    notes = [field.description]
    if field.default and field.default != "null":
        notes.append(f"Default: `{field.default}`")
    return _doc(notes, 4, deprecated=field.deprecated)


def class_doc(value: Model | Enum | Alias) -> Code:
    """The docstring of a class."""
    return _doc([value.description], 8 if isinstance(value, Alias) else 4, deprecated=value.deprecated)


def alias_type(alias: Alias) -> Code:
    """What an alias stands for, as an annotation."""
    if _is_wide(alias):
        return Code(f"_Union[{', '.join(alternatives(alias.type))}]")
    return annotation(alias.type)


def _is_wide(alias: Alias) -> bool:
    """Whether a chain of `|` would be nested too deeply for Python, and long before that for type checkers."""
    return isinstance(alias.type, UnionOf) and len(alias.type.members) > _MOST_IN_CHAIN


def alias_text(alias: Alias) -> Code:
    """The same as text, which type checkers read without looking for names that come later."""
    return literal(alias_type(alias))


def member_doc(description: str) -> Code:
    """The docstring of an enum's member."""
    return _doc([description], 4)


def _doc(parts: list[str], indent: int, *, deprecated: bool = False) -> Code:
    text = "\n\n".join(part.strip() for part in ["Deprecated." if deprecated else "", *parts] if part.strip())
    return docstring(text, indent) if text else Code("")


def uses(api: Api, dialect: Dialect = CLIENT) -> frozenset[str]:
    """Which imports the module of models needs."""
    types = [t for m in api.models for f in m.attributes for t in types_in(f.type)]
    types += [t for alias in api.aliases for t in types_in(alias.type)]
    words = {str(enum_base(enum, dialect)) for enum in api.enums}
    words |= {
        str(annotation(t, "", dialect)) for t in types if not isinstance(t, (ListOf, MapOf, UnionOf)) and t != NULL
    }
    lines = " ".join(field_code(f, dialect) for m in api.models for f in m.fields)
    words |= {word for word in ("UNSET", "UnsetType", "_field") if word in lines}
    words |= {"Struct"} if api.models else set()
    words |= {"_Union"} if any(map(_is_wide, api.aliases)) else set()
    words |= {"_additional_properties" for m in api.models if m.additional_field}
    return frozenset(words | ({"TYPE_CHECKING", "_TypeAlias", "_Alias"} if api.aliases else set()))
