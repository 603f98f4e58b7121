"""Types of the intermediate representation -> annotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..ir.model import Api, Enum
from ..ir.types import ListOf, MapOf, Ref, Scalar, Type, UnionOf
from . import imports
from .expressions import ANY, MODELS, NONE, STR, Annotation, Name, annotated, union
from .quoting import Code, literal, name


@dataclass(frozen=True, slots=True)
class Dialect:
    """How models are written."""

    options: Code
    """The class arguments after `Struct`."""
    absent: Name
    """The value of an attribute that is absent; `absent_type` is its type."""
    absent_type: Annotation
    text_enum: Name
    """The base class of enums of text."""
    literal: Name
    """What stands before the brackets of a constant."""
    formats: Mapping[str, Name]
    """The types of values with a JSON Schema `format`."""


CLIENT = Dialect(
    options=Code("frozen=True, kw_only=True"),
    absent=imports.UNSET,
    absent_type=annotated(imports.UNSET_TYPE),
    text_enum=imports.OPEN_STR_ENUM,
    literal=imports.OPEN_LITERAL,
    formats={
        "date-time": imports.DATETIME,
        "date": imports.DATE,
        "time": imports.TIME,
        "duration": imports.TIMEDELTA,
        "byte": Name("bytes"),
        "decimal": imports.DECIMAL,
        "binary": imports.FILE,
    },
)
"""The models of clients: absent is not null, and enums are open."""
UNIFIED = Dialect(
    options=Code("frozen=True, omit_defaults=True"),
    absent=Name("None"),
    absent_type=NONE,
    text_enum=imports.STR_ENUM,
    literal=imports.LITERAL,
    formats={"date-time": imports.AWARE_DATETIME, "date": imports.DATE, "duration": imports.UNIFIED_TIMEDELTA},
)
"""The unified model: absent is None, a list is a tuple, and enums are closed."""
LIST = Name("list")


def annotation(type_: Type, dialect: Dialect = CLIENT) -> Annotation:
    """The annotation of a value in a body or a response."""
    match type_:
        case Scalar("bool", constant=bool(constant)) | Ref(_, str() | int() as constant):
            return _constant(constant, dialect.literal)
        case Scalar():
            return _scalar(type_, dialect)
        case Ref(class_name):
            return annotated(Name(name(class_name), MODELS))
        case ListOf(item) if dialect is UNIFIED:
            return annotated(Name("tuple"), annotation(item, dialect), annotated(Name("...")))
        case ListOf(item):
            return annotated(LIST, annotation(item, dialect))
        case MapOf(value):
            return annotated(Name("dict"), STR, annotation(value, dialect))
        case UnionOf(members):
            return union(annotation(member, dialect) for member in members)
        case _:
            return ANY


def _scalar(type_: Scalar, dialect: Dialect) -> Annotation:
    match type_:
        case Scalar("null"):
            return NONE
        case Scalar("str", format_):
            return annotated(dialect.formats.get(format_, Name("str")))
        case Scalar("float", "decimal") if dialect is CLIENT:
            return annotated(imports.DECIMAL_NUMBER)
        case Scalar(json_type):
            return annotated(Name(json_type))


def accepted(type_: Type, enums: Mapping[str, str]) -> Annotation:
    """The annotation of a parameter, which also takes UUIDs as text, and the plain values of enums.

    `enums`: the type of each enum's values, "str" or "int".
    """
    match type_:
        case Scalar("bool", constant=bool(constant)) | Ref(_, str() | int() as constant):
            return _constant(constant, imports.LITERAL)
        case Scalar("str", "uuid"):
            return union((annotated(imports.UUID), STR))
        case Scalar("str", "binary"):  # only bodies contain files
            return STR
        case Ref(class_name) if class_name in enums:
            return union((annotation(type_), annotated(Name(enums[class_name]))))
        case ListOf(item):
            return annotated(imports.SEQUENCE, accepted(item, enums))
        case MapOf(value):
            return annotated(imports.MAPPING, STR, accepted(value, enums))
        case UnionOf(members):
            return union(accepted(member, enums) for member in members)
        case _:
            return annotation(type_)


def _constant(value: str | int, literal_name: Name) -> Annotation:
    return annotated(literal_name, annotated(Name(literal(value))))


def enum_types(api: Api) -> dict[str, str]:
    """The type of each enum's values, "str" or "int", by the enum's name."""
    return {enum.name: enum_type(enum) for enum in api.enums}


def enum_classes(api: Api) -> list[Enum]:
    """The enums that are classes, as constants are not."""
    return [enum for enum in api.enums if not is_constant(enum)]


def is_constant(enum: Enum) -> bool:
    """Whether an enum has only one value."""
    return len(enum.values) == 1


def enum_type(enum: Enum) -> str:
    """The type of an enum's values, "str" or "int"."""
    return type(enum.values[0].value).__name__
