"""Enums as lists of distinct values of one type; a constant is an enum of one value, a union of constants an enum.

{anyOf: [{const: on}, {const: off}]}  ->  {type: string, enum: [on, off]}
{enum: [1, two]}                      ->  {anyOf: [{type: string}, {type: integer}]}
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..document.problems import Problems
from ..document.schemas import rewrite_document, without_annotations
from ..document.tree import Array, Mark, Object
from .schemas import enum_of_constant

DESCRIPTIONS = "x-enum-descriptions"
NAMES = "x-enum-member-names"
"""The names that authors give to values, by these values as text."""
_LISTS_OF_NAMES = ("x-enum-varnames", "x-enumNames")
"""Extensions that list a name for each value: of openapi-generator and NSwag."""
CONSTANTS = "x-constants"
"""The only values of a boolean or a number, which can tell members of a union apart."""
_SCALARS = ("string", "integer", "number", "boolean")
_NOTHING_TO_ADD = {"format", "pattern", "minLength", "maxLength"}
_NOTHING_TO_ADD |= {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
"""Keywords that say nothing that a list of the values does not say."""


def of_values(schema: Object) -> Object:
    """The annotations of an enum that are about its values; of other schemas none."""
    return schema.changed((key, schema[key]) for key in (DESCRIPTIONS, NAMES) if key in schema and "enum" in schema)


def name_values(document: Object) -> Object:
    """The document whose enums have the names of their values in a mapping, as their order will not last."""

    def rule(schema: Object) -> Object:
        values, names = schema.get("enum"), next((schema[key] for key in _LISTS_OF_NAMES if key in schema), None)
        schema = schema.without(NAMES, *_LISTS_OF_NAMES)
        if not isinstance(values, Array) or not isinstance(names, Array) or len(values) != len(names):
            return schema
        pairs = {str(value): name for value, name in zip(values.as_written(), names, strict=True) if value is not None}
        if not all(isinstance(name, str) for name in pairs.values()):
            return schema
        return schema.replacing(NAMES, Object(pairs.items(), schema.source))

    return rewrite_document(document, rule, (NAMES, *_LISTS_OF_NAMES))


def plain_enums(document: Object, problems: Problems) -> Object:
    """The document whose enums are of strings or of integers; any other becomes the type of its values."""

    def rule(schema: Object) -> Object:
        schema = enum_of_constant(schema)
        if isinstance(schema.get("anyOf"), Array):
            return _join_enums(schema)
        return _plain_enum(schema, problems) if isinstance(schema.get("enum"), Array) else schema

    return rewrite_document(document, rule, ("const", "enum", "anyOf"))


def _plain_enum(schema: Object, problems: Problems) -> Object:
    values = _values_of_declared_type(schema, problems)
    types = {_json_type(value) for value in values}
    if len(types) != 1 or not types <= {"string", "integer"} or schema.get("type", *types) not in types:
        return _widen(schema, values, types, problems)
    positions: dict[Any, int] = {}
    for index, value in enumerate(values):
        positions.setdefault(value, index)
    if len(positions) < len(values):
        problems.warning("enum-repeats", schema.where("enum"), "the enum lists a value twice")
    plain = schema["enum"].selecting(positions.values()).derive(positions)
    return schema.derive([*schema.without("enum").items(), ("type", types.pop()), ("enum", plain)])


def _values_of_declared_type(schema: Object, problems: Problems) -> list[Any]:
    """The values as the declared type has them. Before `allOf` was merged it may have stood beside another schema."""
    enum, type_ = schema["enum"], schema.get("type")
    convert = _CONVERSIONS.get(str(type_))
    values = enum.as_written() if type_ == "string" else [convert(value) if convert else value for value in enum]
    converted = [value for value, new in zip(enum, values, strict=True) if type(new) is not type(value)]
    if converted and type_ == "string":
        message = "values that YAML reads as numbers or booleans are read as text"
        problems.warning("enum-not-text", schema.where("enum"), message, "quote them")
    elif converted and any(isinstance(value, str) for value in enum):
        message = f"values in quotes are read as numbers, as the type is {type_}"
        problems.warning("enum-not-text", schema.where("enum"), message, "remove the quotes")
    return values


_OF_CONTAINERS = ("properties", "required", "additionalProperties", "items")
"""Keywords that mean nothing beside values that are neither objects nor arrays."""


def _widen(schema: Object, values: list[Any], value_types: set[str], problems: Problems) -> Object:
    """The declared type, else the types of the values, in place of an enum."""
    rest = schema.without("enum")
    if constants := _constants(schema, values, value_types):
        rest = rest.replacing(CONSTANTS, Array(constants, schema["enum"].source))
    types = [type_ for type_ in (*_SCALARS, "null") if type_ in value_types]
    if "number" in types and "integer" in types:
        types.remove("integer")
    if isinstance(rest.get("type"), str):
        types = [rest["type"]]
    elif types and value_types <= {*_SCALARS, "null"}:
        members = [rest.derive([("type", type_)]) for type_ in types]
        shape = [("anyOf", Array(members, rest.source))] if len(members) > 1 else [("type", types[0])]
        others = [(key, value) for key, value in rest.items() if key not in ("type", *_OF_CONTAINERS)]
        rest = rest.derive([*others, *shape])
    else:
        types = ["value"]
    if value_types != {"boolean"}:
        problems.warning("enum-widened", schema.where("enum"), f"the enum is read as any {' or '.join(types)}")
    return rest


def _constants(schema: Object, values: list[Any], value_types: set[str]) -> list[Any]:
    """The values of an enum of numbers, or of a boolean that has only one."""
    types = value_types - {"null"}
    is_number = "number" in types or schema.get("type") == "number"
    if types != {"boolean"} and not (is_number and types <= {"number", "integer"}):
        return []
    distinct = list(dict.fromkeys(value for value in values if value is not None))
    return distinct if is_number or len(distinct) == 1 else []


def _join_enums(union: Object) -> Object:
    """A union with one enum, where the first one stood, for all constants and enums of one type."""
    members: Array = union["anyOf"]
    enums_by_type: dict[str, list[Object]] = {}
    for member in members:
        if without_annotations(member).without(*_NOTHING_TO_ADD).keys() == {"type", "enum"}:
            enums_by_type.setdefault(member["type"], []).append(member)
    if all(len(enums) == 1 for enums in enums_by_type.values()):
        return union
    joined = {id(enums[0]): _joined_enum(enums) for enums in enums_by_type.values()}
    further = {id(enum) for enums in enums_by_type.values() for enum in enums[1:]}
    members = members.derive([joined.get(id(member), member) for member in members if id(member) not in further])
    rest = union.without("anyOf").items()
    if len(members) == 1:
        return union.derive([*members[0].items(), *rest])
    return union.derive([("anyOf", Array(members, union.source)), *rest])


def _joined_enum(enums: list[Object]) -> Object:
    """One enum of the values of several, at their union. What describes or names a constant describes its value."""
    marks: dict[Any, Mark] = {}
    descriptions: dict[str, Any] = {}
    names: dict[str, Any] = {}
    for enum in enums:
        values: Array = enum["enum"]
        for index, value in enumerate(values):
            source = values.where(index)
            marks.setdefault(value, Mark(source.file, source.line))
        own = enum.get(DESCRIPTIONS)
        descriptions |= own if isinstance(own, Object) else {}
        given = enum.get(NAMES)
        names |= given if isinstance(given, Object) else {}
        if len(values) == 1 and isinstance(enum.get("title"), str):
            names.setdefault(str(values[0]), enum["title"])
        text = enum.get("description") or enum.get("title")
        if len(values) == 1 and isinstance(text, str):
            descriptions.setdefault(str(values[0]), text)
    extra = [(DESCRIPTIONS, Object(descriptions.items(), enums[0].source))] if descriptions else []
    extra += [(NAMES, Object(names.items(), enums[0].source))] if names else []
    union = enums[0].source.container if len(enums) > 1 else None
    joined = Array(marks, union or enums[0]["enum"].source, list(marks.values()))
    return enums[0].derive([("type", enums[0]["type"]), ("enum", joined), *extra])


def _json_type(value: object) -> str:
    types = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
    return types.get(type(value), "objects or arrays")


def _as_integer(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_number(value: object) -> object:
    return float(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]+)?", value) else value


_CONVERSIONS: dict[str, Callable[[object], object]] = {
    "integer": _as_integer,
    "number": _as_number,
}
