"""A document as published -> the same with few of its operations, and what these reach.

What is left is as it was, mistakes included: it is not repaired, so that an overlay corrects the cut as it would the
whole. Comments and anchors of YAML are not in the tree, and so not in the cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..document.field_reader import name_hint
from ..document.lookup import is_reference
from ..document.operations import METHODS, every_operation, names_in_options
from ..document.problems import Problems, abridged
from ..document.tree import Array, Object
from ..options import Patterns
from ..repair import inline_path_items
from ..repair.leave_out import ROOT_FIELDS, keep_operations
from ..steps import TooManySteps

_DATA = ("example", "examples", "default", "enum", "const")
_LISTED = 5
"""Operations that a message names; more are counted."""


def cut(document: Object, operations: Patterns, problems: Problems) -> Object:
    """The document with these operations, each named by its operationId or as "GET /runs/{id}", and what they reach.

    What they refer to in other operations is copied. Raises ProblemsFound where the document has no such operation, or
    several of that operationId, and where copies have no end.
    """
    document = inline_path_items(document)
    operations = tuple(replace(operation, text=_normal(operation.text)) for operation in operations)
    _check(document, operations, problems)
    names = {operation.text for operation in operations}

    def is_chosen(path: str, method: str, value: Object) -> bool:
        return not names.isdisjoint(_names(path, method, value))

    try:
        remaining = keep_operations(document, is_chosen, (), keep_unused=False).document
    except (RecursionError, TooManySteps):
        message = "the operations refer into others, which refer into others again, too often to be copied"
        hint = "keep those operations, too, or name a document that has what operations share in `components`"
        problems.error("too-expensive", document.source, message, hint)
    problems.stop_on_errors()
    return _without_empty(_without_unused(remaining))


def _normal(name: str) -> str:
    """The name of an operation, a method in capital letters."""
    method, space, path = name.strip().partition(" ")
    return f"{method.upper()} {path.strip()}" if space and method.lower() in METHODS else name.strip()


def _names(path: str, method: str, value: Object) -> list[str]:
    id = value.get("operationId")
    return names_in_options(path, method, id if isinstance(id, str) else "")


def _check(document: Object, operations: Patterns, problems: Problems) -> None:
    named: dict[str, list[tuple[str, Object]]] = {}
    for path, method, value in every_operation(document):
        for name in _names(path, method, value):
            named.setdefault(name, []).append((f"'{method.upper()} {path}'" if path else "", value))
    for operation in operations:
        matches = named.get(operation.text, [])
        if len(matches) > 1:
            see = tuple(match.where("operationId") for _, match in matches[:_LISTED])
            message = f"several operations are called {operation.text!r}"
            routes = [route for route, _ in matches[:_LISTED] if route]
            hint = f"name it by method and path: {' or '.join(routes)}" if routes else "an overlay can rename one"
            problems.error("ambiguous-operation", operation.source, message, hint, see=see)
        elif not matches:
            message = f"{document.source.file} has no operation {operation.text!r}"
            hint = name_hint(operation.text, sorted(named)) or f"there are: {abridged(sorted(named), _LISTED)}"
            problems.error("unknown-operation", operation.source, message, hint, see=(document.source,))
    problems.stop_on_errors()


def _without_unused(document: Object) -> Object:
    """The document without tags of other operations, requirements that no operation inherits, and unused extensions."""
    if all("security" in value for path, _, value in every_operation(document) if path):  # webhooks inherit none
        document = document.without("security")
    tags = document.get("tags")
    if isinstance(tags, Array):
        used = {tag for _, _, operation in every_operation(document) for tag in _texts(operation.get("tags"))}
        indexes = [index for index, tag in enumerate(tags) if not isinstance(tag, Object) or tag.get("name") in used]
        document = document.replacing("tags", tags.selecting(indexes))
    return document.without(*(key for key in document if key not in ROOT_FIELDS and not _has_parts(document[key])))


def _texts(value: Any) -> Iterator[str]:
    return (item for item in value if isinstance(item, str)) if isinstance(value, Array) else iter(())


def _has_parts(value: Any) -> bool:
    return isinstance(value, Object) and bool(value)


def _without_empty(document: Object) -> Object:
    """The document without sections in which nothing is left, and without what stands in the place of operations."""
    components = document.get("components")
    if isinstance(components, Object):
        full = components.changed((section, parts) for section, parts in components.items() if _has_parts(parts))
        document = document.replacing("components", full)
    for field in ("paths", "webhooks"):
        items = document.get(field)
        if isinstance(items, Object):
            full = items.changed((name, _operations(item)) for name, item in items.items() if _has_parts(item))
            document = document.replacing(field, full)
    empty = [key for key in ("webhooks", "components", "tags") if key in document and not document[key]]
    return document.without(*empty)


def _operations(item: Object) -> Object:
    return item.without(*(method for method in METHODS if method in item and not isinstance(item[method], Object)))


def foreign_references(value: Any) -> Iterator[Object]:
    """The references that lead out of the document, to files or to the network; not those in examples."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if is_reference(value) and value["$ref"].strip()[:1] not in ("", "#"):
            yield value
        if isinstance(value, Object):
            waiting += (child for key, child in value.items() if key not in _DATA and not key.startswith("x-"))
        elif isinstance(value, Array):
            waiting += value
