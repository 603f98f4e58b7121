"""Enums as lists of distinct words of one type; a constant is an enum of one word."""

from __future__ import annotations

from typing import Any

from generator.document import Array, Object
from generator.prepare.walk import Rule
from generator.problems import Problems


def plain_enums(problems: Problems) -> Rule:
    """The rule: enums of text or integers stay, any other becomes the type of its words."""

    def rule(schema: Object) -> Object:
        if "const" in schema and "enum" not in schema:
            marks = [schema.marks["const"]] if "const" in schema.marks else []
            constant = Array([schema["const"]], schema.source, marks)
            schema = schema.derive([*schema.without("const").items(), ("enum", constant)])
        enum = schema.get("enum")
        if not isinstance(enum, Array):
            return schema
        if schema.get("type") == "string" and any(type(word) is not str for word in enum):
            message = "words that YAML reads as numbers or booleans are taken as text"
            problems.warning("enum-not-text", schema.where("enum"), message, "quote them")
            words: list[Any] = [w if isinstance(w, str) else _as_text(w) for w in enum]
        else:
            words = list(enum)
        kinds = {_kind(word) for word in words}
        if len(kinds) != 1 or not kinds <= {"string", "integer"} or schema.get("type", "") == "number":
            return _widened(schema, kinds, problems)
        distinct = [i for i, word in enumerate(words) if word not in words[:i]]
        if len(distinct) < len(words):
            problems.warning("enum-repeats", schema.where("enum"), "the enum lists a word twice")
        marks = [enum.marks[i] for i in distinct] if len(enum.marks) == len(enum) else []
        plain = Array([words[i] for i in distinct], enum.source, marks)
        return schema.derive([*schema.without("enum").items(), ("type", kinds.pop()), ("enum", plain)])

    return rule


def _widened(schema: Object, kinds: set[str], problems: Problems) -> Object:
    rest = schema.without("enum")
    if kinds <= {"integer", "number"} and kinds:
        rest = rest.derive([*rest.items(), ("type", "number")])
    elif kinds == {"boolean"}:
        rest = rest.derive([*rest.items(), ("type", "boolean")])
    else:
        message = f"an enum of {', '.join(sorted(kinds)) or 'nothing'} is not generated"
        problems.error("unsupported-enum", schema.where("enum"), message, "remove `enum` by an overlay action")
        return rest
    if kinds != {"boolean"} or len(schema["enum"]) == 1:
        problems.warning("enum-widened", schema.where("enum"), f"the enum is read as any {rest['type']}")
    return rest


def _kind(word: object) -> str:
    if isinstance(word, bool):
        return "boolean"
    names = {str: "string", int: "integer", float: "number", type(None): "null"}
    return names.get(type(word), "objects or arrays")


def _as_text(word: object) -> str:
    return str(word).lower() if isinstance(word, bool) else str(word)
