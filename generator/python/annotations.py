"""Types of the intermediate representation -> annotations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Api, Enum
from ..ir.types import ListOf, MapOf, Ref, Scalar, Type, UnionOf, types_in
from ..ir.uses import Uses, uses
from . import imports
from .expressions import ANY, MODELS, NONE, STR, Annotation, Name, annotated, union
from .quoting import Code, literal, name


@dataclass(frozen=True, slots=True)
class Dialect:
    """How models are written."""

    options: Code
    """The class arguments after `Struct`."""
    keywords_from: int
    """From how many fields on the arguments of a model need names."""
    absent: Name
    """The value of an attribute that is absent; `absent_type` is its type."""
    absent_type: Annotation
    literal: Name
    """What stands before the brackets of a constant."""
    formats: Mapping[str, Name]
    """The types of values with a JSON Schema `format`."""


CLIENT = Dialect(
    options=Code("frozen=True"),
    keywords_from=0,
    absent=imports.UNSET,
    absent_type=annotated(imports.UNSET_TYPE),
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
"""The models of clients: absent is not null."""
UNIFIED = Dialect(
    options=Code("frozen=True, omit_defaults=True"),
    keywords_from=6,
    absent=Name("None"),
    absent_type=NONE,
    literal=imports.LITERAL,
    formats={
        "date-time": imports.AWARE_DATETIME,
        "date": imports.DATE,
        "duration": imports.UNIFIED_TIMEDELTA,
        "decimal": imports.DECIMAL,
    },
)
"""The unified model: absent is None, and a list is a tuple."""
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
        case ListOf(item):
            return annotated(imports.SEQUENCE_NOT_STR, accepted(item, enums))
        case MapOf(value):
            return annotated(imports.MAPPING, STR, accepted(value, enums))
        case UnionOf(members):
            return union(accepted(member, enums) for member in members)
        case _:
            return passed(type_, enums)


def passed(type_: Type, enums: Mapping[str, str]) -> Annotation:
    """The annotation of a body, which also takes the plain values of enums; `enums` as in `accepted`."""
    match type_:
        case Ref(class_name, None) if class_name in enums:
            return union((annotation(type_), annotated(Name(enums[class_name]))))
        case ListOf(item):
            return annotated(imports.SEQUENCE_NOT_STR, passed(item, enums))
        case MapOf(value):
            return annotated(imports.MAPPING, STR, passed(value, enums))
        case UnionOf(members):
            return union(passed(member, enums) for member in members)
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


@dataclass(frozen=True, slots=True)
class Attributes:
    """How attributes of models, and aliases, are annotated for those who read them, and for those who pass them."""

    enums: Mapping[str, str]
    """The type of each enum's values, "str" or "int"."""
    aliases: Mapping[str, Type]
    uses: Uses
    _known: dict[tuple[Type, bool, bool, bool], Annotation] = field(default_factory=dict)
    """Annotations of types, by the type and what else decides them: those of a large API repeat."""

    def of(self, type_: Type, owner: str, *, optional: bool = False, changes: bool = False) -> Annotation:
        """The annotation of a value in the class `owner`, which may be absent if `optional`; `changes`: callers add to
        it.

        What is read is exact; what is passed may be plain text or an integer in place of an enum's member. Where nobody
        reads the class, lists may be any sequences, and dicts any mappings.
        """
        is_passed, is_read = owner in self.uses.passed, changes or owner in self.uses.received
        key = type_, optional, is_passed, is_read
        if key not in self._known:
            self._known[key] = self._of(*key)
        return self._known[key]

    def _of(self, type_: Type, optional: bool, is_passed: bool, is_read: bool) -> Annotation:
        absent = (CLIENT.absent_type,) if optional else ()
        read = union((annotation(type_), *absent))
        if not is_passed:
            return read
        passed = union((self._passed(type_, frozenset()), annotation(type_), *absent))
        if not is_read and not self._has_read_alias(type_):
            return union((self.only_passed(type_), *absent))
        return read if {*passed.members} == {*read.members} else annotated(imports.ACCEPTS, read, passed)

    def only_passed(self, type_: Type) -> Annotation:
        """The annotation of a value that nobody reads."""
        match type_:
            case Ref(class_name, None) if class_name in self.enums:
                name_ = imports.ENUM_OR_INT if self.enums[class_name] == "int" else imports.ENUM_OR_STR
                return annotated(name_, annotation(type_))
            case ListOf(item):
                return annotated(imports.SEQUENCE_NOT_STR, self.only_passed(item))
            case MapOf(value):
                return annotated(imports.MODEL_MAPPING, STR, self.only_passed(value))
            case UnionOf(members):
                return union(map(self.only_passed, members))
            case _:
                return annotation(type_)

    def _passed(self, type_: Type, inside: frozenset[str]) -> Annotation:
        """The annotation of a value with plain values beside each enum."""
        read = annotation(type_)
        match type_:
            case Ref(class_name, None) if class_name in self.enums:
                return union((read, annotated(Name(self.enums[class_name]))))
            case Ref(alias) if alias in self.aliases and alias not in inside:
                members = annotation(self.aliases[alias]).members
                passed = self._passed(self.aliases[alias], inside | {alias}).members
                return Annotation((*read.members, *(member for member in passed if member not in members)))
            case ListOf(item):
                return annotated(LIST, self._passed(item, inside))
            case MapOf(value):
                return annotated(Name("dict"), STR, self._passed(value, inside))
            case UnionOf(members):
                return union(self._passed(member, inside) for member in members)
            case _:
                return read

    def _has_read_alias(self, type_: Type) -> bool:
        """Whether an alias in the type is read elsewhere, and is passed as something wider."""
        aliases = (inner for inner in types_in(type_) if isinstance(inner, Ref) and inner.name in self.aliases)
        read = (alias for alias in aliases if alias.name in self.uses.received)
        return any(self._passed(alias, frozenset()) != annotation(alias) for alias in read)


def attribute_annotations(api: Api) -> Attributes:
    """How the attributes of an API's models are annotated."""
    return Attributes(enum_types(api), {alias.name: alias.type for alias in api.aliases}, uses(api))
