"""Components: reading a section of them, adding one, and the names for values that become components."""

from __future__ import annotations

from collections.abc import Set
from pathlib import PurePosixPath
from typing import Any

from ..document.operations import METHODS
from ..document.pointer import find
from ..document.tree import Object
from .fields import SECTIONS

_STRUCTURE = {"components", "paths", "content", "schema", "properties", "allOf", "anyOf", "oneOf", "$defs"}
_STRUCTURE |= {"definitions", "responses", "schemas", "parameters", "requestBodies", "headers", "patternProperties"}


def name_in_file(path: PurePosixPath, keys: tuple[str, ...]) -> str:
    """A name for a value of another file: its own, or the file's when it is all of it."""
    if len(keys) > 1 and keys[-2] in ("schemas", "definitions", "$defs", *SECTIONS.values()):
        return keys[-1]
    words = " ".join(token for token in keys if token not in _STRUCTURE)
    return words or path.stem.partition(".")[0] or path.stem


def name_for_schema(document: Object, keys: tuple[str, ...]) -> str:
    """A name for the schema at `keys`: that of an inline schema, where the keys allow it."""
    words, keys = _operation_words(document, keys)
    if len(keys) > 1 and keys[0] == "responses":
        words.append("Response" if keys[1].startswith("2") else f"Response {keys[1]}")
        keys = keys[2:]
    elif keys[:1] == ("requestBody",):
        words.append("Body")
        keys = keys[1:]
    previous = ""
    for token in keys:
        if token == "items":
            words.append("Item")
        elif token == "additionalProperties":
            words.append("Value")
        elif previous != "content" and (token not in _STRUCTURE or previous == "properties"):
            words.append(token)
        if previous == "responses" and token not in METHODS:
            words.append("Response")
        previous = token
    return " ".join(words) or "Schema"


def _operation_words(document: Object, keys: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """The name of the operation around a schema, if there is one, and the keys that follow."""
    if len(keys) < 3 or keys[0] != "paths" or keys[2] not in METHODS:
        return [], keys
    operation = find(document, keys[:3])
    name = operation.get("operationId") if isinstance(operation, Object) else None
    return [name if isinstance(name, str) and name.strip() else f"{keys[2]} {keys[1]}"], keys[3:]


def free_name(name: str, used: Set[str]) -> str:
    """The name, or the name with the next free number; `used` are names in lower case."""
    free, number = name, 1
    while free.lower() in used:
        number += 1
        free = f"{name} {number}"
    return free


def section_of(document: Any, section: str) -> Object:
    """A section of `components`; an empty one when there is none."""
    components = document.get("components") if isinstance(document, Object) else None
    values = components.get(section) if isinstance(components, Object) else None
    return values if isinstance(values, Object) else Object()


def with_component(document: Object, section: str, name: str, value: Any) -> Object:
    """The document with one more component. A section that is there already is changed in place."""
    components = document.get("components")
    if not isinstance(components, Object):
        components = Object(source=document.source)
        document = document.derive({**document.without("components"), "components": components})
    if not isinstance(components.get(section), Object):
        components[section] = Object(source=components.source)
    components[section][name] = value
    return document
