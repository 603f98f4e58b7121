"""What changed, in words: a place of the document that several operations share, or else a place in an operation."""

from __future__ import annotations

from collections.abc import Sequence

from ...document.pointer import is_index, split
from ...document.problems import Source
from ..finding import Change
from .places import value_pointer

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
RENAMED = {"python-method-renamed": "methods", "python-class-renamed": "classes"}
"""The rules about names that a convention can decide, and what has the names."""
MOVED = ("api-path-changed", "python-requests-changed")
"""The rules whose texts can be the two paths of an operation."""
_STEPS = {"items": "*", "prefixItems": "*", "additionalProperties": "{}", "patternProperties": "{}"}
"""The steps into values, as findings write them."""
_UNSAID = {"properties", "schema", "content", "enum"}
_OF_MEMBERS = {"allOf", "oneOf", "anyOf", "enum"}


def subject(change: Change, changes: Sequence[Change]) -> str:
    """What `change` is about, in words; `changes` have the same cause."""
    same_rule = [sibling for sibling in changes if sibling.rule == change.rule]
    if change.rule in RENAMED and len(same_rule) > 1:
        return f"the names of {len(same_rule):,} {RENAMED[change.rule]}"
    if change.rule in MOVED and len(same_rule) > 1:
        return f"the paths of {len(same_rule):,} operations"
    source = change.old if change.before and not change.after else change.new
    shared = _shared(split(source.pointer)) if source else ""
    if not shared or _is_replaced(change):
        return _in_operation(change, changes)
    sources = {id(source): source for source in (sibling.new or sibling.old for sibling in same_rule)}
    places = {value_pointer(source) for source in sources.values()}  # of the few that many operations share
    return f"{shared} and {len(places) - 1:,} more places" if len(places) > 1 else shared


def _is_replaced(change: Change) -> bool:
    """Whether the operation refers to another component now, so that neither of the two need have changed."""
    old, new = (_component(source) if source else () for source in (change.old, change.new))
    return bool(old and new) and old != new and not (change.before and change.after)


def _component(source: Source) -> tuple[str, ...]:
    tokens = split(source.pointer)
    return tokens[:3] if tokens[:1] == ("components",) else tokens[:2] if tokens[:1] == ("definitions",) else ()


def _in_operation(change: Change, changes: Sequence[Change]) -> str:
    operations = {change.operation for change in changes if change.operation}
    if len(operations) == 1 and change.operation:
        return f"{change.operation} {'' if change.place == 'operation' else change.place}".strip()
    return change.place


def is_of_security_scheme(source: Source | None) -> bool:
    """Whether a source is in a security scheme."""
    tokens = split(source.pointer) if source else ()
    return any(_KINDS.get(token) == "security scheme" for token in tokens[:2])


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
