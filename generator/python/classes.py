"""Models, enums and aliases in Python's terms: declarations, docstrings, and the names that they mention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..ir.model import Alias, Api, Enum, Field, Model
from ..ir.types import ListOf, UnionOf, constant_of
from .annotations import (
    CLIENT,
    UNIFIED,
    Attributes,
    Dialect,
    annotation,
    enum_classes,
    enum_type,
)
from .descriptions.plain_text import plain_text
from .expressions import Annotation, Declaration, Name, Value, annotated, call, names_in, union
from .imports import (
    ABSENT,
    ACCEPTS,
    ADDITIONAL_PROPERTIES,
    ALIAS,
    FIELD,
    OPEN_INT_ENUM,
    OPEN_STR_ENUM,
    OPEN_STRUCT,
    STRUCT,
    STRUCT_WITH_CONSTANTS,
    TYPE_ALIAS,
    TYPE_CHECKING,
    UNION,
)
from .quoting import Code, docstring, literal, name

_LONGEST_CHAIN = 100
"""The most members that are joined by `|`: longer chains are nested too deeply for Python and type checkers."""


def may_be_absent(field: Field) -> bool:
    """Whether an attribute can be absent, as readOnly and writeOnly properties are in one direction."""
    return not field.required or field.read_only or field.write_only


def has_default(field: Field) -> bool:
    """Whether an attribute is a constant that has its value unless callers give another one."""
    return constant_of(field.type) is not None and not may_be_absent(field)


def attributes(model: Model, annotations: Attributes, dialect: Dialect = CLIENT) -> list[tuple[Field, Declaration]]:
    """The fields of a model with their declarations."""
    declared = [(field, _attribute(model, field, annotations, dialect)) for field in model.fields]
    if field := model.additional_field:
        type_ = annotations.of(field.type, model.name, changes=True)
        declared.append((field, Declaration(name(field.name), type_, call(ADDITIONAL_PROPERTIES))))
    return declared


def _attribute(model: Model, field: Field, annotations: Attributes, dialect: Dialect) -> Declaration:
    optional = may_be_absent(field)
    absent: Value = dialect.absent
    absent_types = [dialect.absent_type] if optional else []
    constant = constant_of(field.type)
    if dialect is UNIFIED and isinstance(field.type, ListOf):
        absent, absent_types = Code("()"), []
    elif dialect is UNIFIED and field.default == "{}":
        absent, absent_types = Code("{}"), []
    if dialect is CLIENT:
        type_ = annotations.of(field.type, model.name, optional=optional)
        absent = ABSENT if type_.members[0].name == ACCEPTS else absent
    else:
        type_ = union((annotation(field.type, dialect), *absent_types))
    if constant is not None and not optional:
        optional, absent = True, literal(constant)
    keywords: dict[str, Value] = {"default": absent} if optional else {}
    default = keywords.get("default")
    if field.wire != field.name:
        default = call(FIELD, **keywords, name=literal(field.wire))
    return Declaration(name(field.name), type_, default)


def model_base(model: Model) -> Name:
    """The base class of a model."""
    if model.additional_field:
        return OPEN_STRUCT
    return STRUCT_WITH_CONSTANTS if any(map(has_default, model.fields)) else STRUCT


def class_options(model: Model, dialect: Dialect) -> Code:
    """The class arguments of a model."""
    return Code(f"{dialect.options}, kw_only=True") if len(model.fields) >= dialect.keywords_from else dialect.options


def constants(model: Model) -> Code:
    """The only values of booleans and numbers by wire names, as a dict; "" when there are none."""
    values = {field.wire: field.constants for field in model.fields if field.constants}
    return literal(values) if values else Code("")


def enum_base(enum: Enum) -> Name:
    """The base class of an enum."""
    return OPEN_INT_ENUM if enum_type(enum) == "int" else OPEN_STR_ENUM


def alias_annotation(alias: Alias, annotations: Attributes) -> Annotation:
    """The type of an alias: a chain of `|`, or `Union[...]` where that would be too long."""
    is_read = alias.name in annotations.uses.received or alias.name not in annotations.uses.passed
    type_ = annotation(alias.type) if is_read else annotations.only_passed(alias.type)
    if isinstance(alias.type, UnionOf) and len(alias.type.members) > _LONGEST_CHAIN:
        return annotated(UNION, *(Annotation((member,)) for member in type_.members))
    return type_


def field_doc(field: Field) -> Code:
    """The docstring of an attribute; "" when the document does not describe it."""
    has_own_default = (
        field.default not in ("", "null") and constant_of(field.type) is None
    )  # the value of a constant stands there
    default = f"Default: `{field.default}`" if has_own_default else ""
    return _doc([plain_text(field.description), default], 4, deprecated=field.deprecated)


def class_doc(value: Model | Enum | Alias) -> Code:
    """The docstring of a class."""
    return _doc([plain_text(value.description)], 8 if isinstance(value, Alias) else 4, deprecated=value.deprecated)


def member_doc(description: str) -> Code:
    """The docstring of an enum's member."""
    return _doc([plain_text(description)], 4)


def _doc(paragraphs: list[str], indent: int, *, deprecated: bool = False) -> Code:
    paragraphs = ["Deprecated." if deprecated else "", *paragraphs]
    text = "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph.strip())
    return docstring(text, indent) if text else Code("")


def names_in_classes(
    api: Api, annotations: Attributes, declared: Mapping[str, list[tuple[Field, Declaration]]]
) -> Iterator[Name]:
    """The names that the module of an API's classes mentions; `declared` are the `attributes` of each model."""
    mentioned: set[Value] = set()  # each once, as those of a large API repeat
    for model in api.models:
        declarations = [declaration for _, declaration in declared[model.name]]
        mentioned |= {model_base(model), *(declaration.annotation for declaration in declarations)}
        mentioned |= {declaration.default for declaration in declarations if declaration.default is not None}
    yield from names_in(*mentioned)
    for enum in enum_classes(api):
        yield enum_base(enum)
    for alias in api.aliases:
        yield from names_in(TYPE_CHECKING, TYPE_ALIAS, ALIAS, alias_annotation(alias, annotations))
