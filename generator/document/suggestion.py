"""An overlay action for a problem: a start for the correction, ready to be pasted into an overlay file."""

from __future__ import annotations

import json
from typing import Any

from .pointer import is_index, split
from .problems import Problem
from .tree import Array, Object

_VALUES = {
    "unknown-type": "string",
    "dangling-reference": "#/components/schemas/Other",
    "external-reference": "#/components/schemas/Other",
}
"""What could replace the value that a problem is about."""
CERTAIN_VALUES = {"unknown-type"}
"""The problems for which that is a value that every document has."""


def suggested_action(problem: Problem, document: Object) -> str:
    """An action as one line of YAML, with the path of the value (RFC 9535); "" where the document has no such value.

    A mapping or list is removed; of a plain value the mapping that holds it is updated. That corrects the document, at
    the least by leaving the part out. Whoever pastes the action says why, and which value is right.
    """
    if problem.source.file != document.source.file:
        return ""
    keys, value = _descend(document, problem.source.pointer)
    if not keys:
        return ""
    action: dict[str, Any]
    if isinstance(value, (Object, Array)):
        action = {"target": normalized_path(keys), "description": "WHY", "remove": True}
    elif isinstance(keys[-1], int):
        return ""
    else:
        update = {keys[-1]: _VALUES.get(problem.id, "VALUE")}
        action = {"target": normalized_path(keys[:-1]), "description": "WHY", "update": update}
    return f"- {json.dumps(action, ensure_ascii=True)}"


def _descend(value: Any, pointer: str) -> tuple[list[str | int], Any]:
    """The keys of a pointer as far as there are values, and the last of these."""
    keys: list[str | int] = []
    for key in split(pointer):
        if isinstance(value, Array) and is_index(key) and int(key) < len(value):
            keys.append(int(key))
        elif isinstance(value, Object) and key in value:
            keys.append(key)
        else:
            break
        value = value[keys[-1]]
    return keys, value


def normalized_path(keys: list[str | int]) -> str:
    """A normalized path of RFC 9535 (section 2.7), with the short form for plain names."""
    return "$" + "".join(map(_segment, keys))


def _segment(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if key.isidentifier() and key.isascii():
        return f".{key}"
    escaped = json.dumps(key, ensure_ascii=True)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"['{escaped}']"
