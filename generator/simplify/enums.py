"""Enums as lists of distinct words of one type; a constant is an enum of one word, and a union of constants an enum."""

from __future__ import annotations

import re
from typing import Any

from ..document.problems import Problems
from ..document.schemas import Rule, without_annotations
from ..document.tree import Array, Mark, Object

DESCRIPTIONS = "x-enum-descriptions"
_ORDER = ("string", "integer", "number", "boolean")


def plain_enums(problems: Problems) -> Rule:
    """The rule: enums of text or integers stay, any other becomes the type of its words."""

    def rule(schema: Object) -> Object:
        if "const" in schema and "enum" not in schema:
            marks = [schema.marks["const"]] if "const" in schema.marks else []
            constant = Array([schema["const"]], schema.source, marks)
            schema = schema.derive([*schema.without("const").items(), ("enum", constant)])
        if isinstance(schema.get("anyOf"), Array):
            return _joined(schema)
        enum = schema.get("enum")
        if not isinstance(enum, Array):
            return schema
        words = _of_their_type(schema, enum, problems)
        kinds = {_kind(word) for word in words}
        if len(kinds) != 1 or not kinds <= {"string", "integer"} or schema.get("type", *kinds) not in kinds:
            return _widened(schema, kinds, problems)
        distinct = sorted({word: i for i, word in reversed([*enumerate(words)])}.values())
        if len(distinct) < len(words):
            problems.warning("enum-repeats", schema.where("enum"), "the enum lists a word twice")
        marks = [enum.marks[i] for i in distinct] if len(enum.marks) == len(enum) else []
        plain = Array([words[i] for i in distinct], enum.source, marks)
        return schema.derive([*schema.without("enum").items(), ("type", kinds.pop()), ("enum", plain)])

    return rule


def _of_their_type(schema: Object, enum: Array, problems: Problems) -> list[Any]:
    """The words as what the schema says that they are, where YAML, or a slip of the pen, made something else of it."""
    type_ = schema.get("type")
    change = {"string": _as_text, "integer": _as_integer, "number": _as_number}.get(str(type_))
    words = [change(word) for word in enum] if change else list(enum)
    if any(type(word) is not type(before) for word, before in zip(words, enum, strict=True)):
        if type_ == "string":
            message = "words that YAML reads as numbers or booleans are taken as text"
            problems.warning("enum-not-text", schema.where("enum"), message, "quote them")
        elif any(isinstance(before, str) for before in enum):
            message = f"words in quotes are taken as numbers, as the type is {type_}"
            problems.warning("enum-not-text", schema.where("enum"), message, "leave the quotes out")
    return words


def _widened(schema: Object, kinds: set[str], problems: Problems) -> Object:
    """The type that the schema says, else that of the words, in place of an enum."""
    rest = schema.without("enum")
    types = [kind for kind in (*_ORDER, "null") if kind in kinds and (kind, "number" in kinds) != ("integer", True)]
    if isinstance(rest.get("type"), str):
        types = [rest["type"]]
    elif kinds <= {*_ORDER, "null"} and types:
        typed = [rest.derive([("type", type_)]) for type_ in types]
        whole = [("anyOf", Array(typed, rest.source))] if typed[1:] else typed[0].items()
        rest = rest.derive([*rest.without("type").items(), *whole])
    else:
        types = ["value"]
    if kinds != {"boolean"} or len(schema["enum"]) == 1:
        problems.warning("enum-widened", schema.where("enum"), f"the enum is read as any {' or '.join(types)}")
    return rest


def _joined(union: Object) -> Object:
    """A union whose constants and enums of one type are one enum of all their words, at the place of the first."""
    members: Array = union["anyOf"]
    groups: dict[str, list[Object]] = {}
    for member in members:
        if set(without_annotations(member)) == {"type", "enum"}:
            groups.setdefault(member["type"], []).append(member)
    if all(len(group) == 1 for group in groups.values()):
        return union
    first = {id(group[0]): _enum_of(group) for group in groups.values()}
    others = {id(member) for group in groups.values() for member in group[1:]}
    flat = [first.get(id(member), member) for member in members if id(member) not in others]
    rest = union.without("anyOf")
    if len(flat) == 1:
        return union.derive([*flat[0].items(), *rest.items()])
    return union.derive([("anyOf", Array(flat, union.source)), *rest.items()])


def _enum_of(enums: list[Object]) -> Object:
    """One enum of the words of several. What a constant is described by, or called, is said of its word."""
    words: dict[Any, Mark] = {}
    described: dict[str, Any] = {}
    for one in enums:
        listed: Array = one["enum"]
        for at, word in enumerate(listed):
            place = listed.where(at)
            words.setdefault(word, Mark(place.file, place.line))
        own = one.get(DESCRIPTIONS)
        described |= own if isinstance(own, Object) else {}
        text = one.get("description") or one.get("title")
        if len(listed) == 1 and isinstance(text, str):
            described.setdefault(str(listed[0]), text)
    extra = [(DESCRIPTIONS, Object(described.items(), enums[0].source))] if described else []
    joined = Array(words, enums[0]["enum"].source, list(words.values()))
    return enums[0].derive([("type", enums[0]["type"]), ("enum", joined), *extra])


def _kind(word: object) -> str:
    if isinstance(word, bool):
        return "boolean"
    names = {str: "string", int: "integer", float: "number", type(None): "null"}
    return names.get(type(word), "objects or arrays")


def _as_text(word: object) -> object:
    if isinstance(word, bool):
        return str(word).lower()
    return str(word) if isinstance(word, (int, float)) else word


def _as_integer(word: object) -> object:
    if isinstance(word, str) and re.fullmatch(r"-?[0-9]{1,18}", word):
        return int(word)
    return int(word) if isinstance(word, float) and word.is_integer() else word


def _as_number(word: object) -> object:
    return float(word) if isinstance(word, str) and re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]+)?", word) else word
