"""What changed, in words: a place of the document that several operations share, or else a place in an operation."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ...document.pointer import is_index, split
from ...document.problems import Source
from ..finding import Change

_KINDS = {
    "schemas": "schema",
    "definitions": "schema",
    "parameters": "parameter",
    "responses": "response",
    "requestBodies": "request body",
    "headers": "header",
    "securitySchemes": "security scheme",
    "securityDefinitions": "security scheme",
}
"""The words for what a document shares, by where it is."""
_STEPS = {"items": "*", "prefixItems": "*", "additionalProperties": "{}", "patternProperties": "{}"}
"""The steps into values, as findings write them."""
_UNSAID = {"properties", "schema", "content", "enum"}
_OF_MEMBERS = {"allOf", "oneOf", "anyOf", "enum"}


def subject(changes: Sequence[Change]) -> str:
    """What the changes of a cause have in common, in words."""
    leader = min(changes, key=lambda change: ("wire", "python", "lagging", "normalized").index(change.layer))
    source = leader.old if leader.before and not leader.after else leader.new
    shared = _shared(split(source.pointer)) if source else ""
    if shared:
        return shared
    operations = {change.operation for change in changes if change.operation}
    if len(operations) == 1 and leader.operation:
        return f"{leader.operation} {'' if leader.place == 'operation' else leader.place}".strip()
    return leader.place


def property_names(source: Source) -> tuple[str, ...]:
    """The last two of the properties that lead to a place of a schema; () where it is not inside of two."""
    tokens = split(source.pointer)
    names = [name for before, name in pairwise(tokens) if before == "properties"]
    return tuple(names[-2:]) if len(names) > 1 else ()


def _shared(tokens: tuple[str, ...]) -> str:
    """A place in what operations share, such as "schema Error /code"; "" for any other place."""
    match tokens:
        case ["components", kind, name, *inside] | [("definitions" | "securityDefinitions") as kind, name, *inside]:
            return f"{_KINDS.get(kind, kind)} {name} {_inside(inside)}".strip()
        case [("parameters" | "responses") as kind, name, *inside]:  # Swagger 2.0
            return f"{_KINDS[kind]} {name} {_inside(inside)}".strip()
        case _:
            return ""


def _inside(tokens: Sequence[str]) -> str:
    """The way to a value inside of what is shared, as a pointer into its JSON: "/data/*/status"."""
    steps: list[str] = []
    before = ""
    for token in tokens:
        if before in ("properties", "patternProperties"):
            steps.append(token)
            token = ""  # a property may have any name
        elif token in _STEPS and token != "patternProperties":
            steps.append(_STEPS[token])
        elif not (token in _UNSAID | _OF_MEMBERS or is_index(token)):
            steps.append(token)
        before = token
    return "".join(f"/{step}" for step in steps)
