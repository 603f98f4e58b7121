"""An overlay action for a problem: a start for the correction, ready to be pasted into an overlay file."""

from __future__ import annotations

import json
from typing import Any

from .problems import Problem
from .tree import Array, Object

_VALUES = {
    "unknown-type": "string",
    "dangling-reference": "#/components/schemas/Other",
    "external-reference": "#/components/schemas/Other",
}
"""What could stand in place of the value that a problem is about."""


def suggested_action(problem: Problem, document: Object) -> str:
    """An action as one line of YAML, with the path to the place (RFC 9535); "" where the document has no such place.

    A mapping or list is removed, or what holds a plain value updated: that mends the document, at the least by leaving
    the part out. Whoever pastes it says why, and which value is right.
    """
    if problem.source.file != document.source.file or not problem.source.pointer:
        return ""
    at: Any = document
    tokens: list[str | int] = []
    for token in problem.source.pointer.split("/")[1:]:
        key: str | int = token.replace("~1", "/").replace("~0", "~")
        if isinstance(at, Array) and str(key).isdecimal() and int(key) < len(at):
            key = int(key)
        elif not isinstance(at, Object) or key not in at:
            break  # something is missing there
        tokens.append(key)
        at = at[key]
    fields: dict[str, Any] = {"target": _path(tokens), "description": "WHY"}
    if not tokens:
        return ""
    if isinstance(at, (Object, Array)):
        fields["remove"] = True
    elif isinstance(tokens[-1], int):
        return ""
    else:
        fields["target"] = _path(tokens[:-1])
        fields["update"] = {tokens[-1]: _VALUES.get(problem.id, "VALUE")}
    return f"- {json.dumps(fields, ensure_ascii=True)}"


def _path(tokens: list[str | int]) -> str:
    """A normalized path of RFC 9535 (section 2.7), with the short form for plain names."""
    text = "$"
    for token in tokens:
        if isinstance(token, int):
            text += f"[{token}]"
        elif token.isidentifier() and token.isascii():
            text += f".{token}"
        else:
            escaped = json.dumps(token, ensure_ascii=True)[1:-1].replace('\\"', '"').replace("'", "\\'")
            text += f"['{escaped}']"
    return text
