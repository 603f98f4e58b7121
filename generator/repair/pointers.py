"""Places in a document as the tokens of a JSON Pointer: reading them, following them, and naming what stands there."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ..document.operations import METHODS
from ..document.pointer import escape
from ..document.tree import Array, Object
from .fields import SECTIONS

Tokens = tuple[str, ...]
"""The reference tokens of a JSON Pointer (RFC 6901), decoded."""
_STRUCTURE = {"components", "paths", "content", "schema", "properties", "allOf", "anyOf", "oneOf", "$defs"}
_STRUCTURE |= {"definitions", "responses", "schemas", "parameters", "requestBodies", "headers", "patternProperties"}


def tokens_of(fragment: str) -> Tokens:
    """The tokens of a URI fragment, percent-decoded; the one of an anchor is its name."""
    if not fragment.startswith("/"):
        return (fragment,) if fragment else ()
    return tuple(unquote(token).replace("~1", "/").replace("~0", "~") for token in fragment.split("/")[1:])


def pointer_to(tokens: Tokens) -> str:
    """The reference to a place of the same document."""
    return "#" + "".join(f"/{escape(token)}" for token in tokens)


def anchors(value: object, at: Tokens = ()) -> Iterable[tuple[str, Tokens]]:
    """The anchors of JSON Schema 2020-12 (section 8.2.2) in a document, and where they stand."""
    if isinstance(value, Object):
        if isinstance(value.get("$anchor"), str):
            yield value["$anchor"], at
        for key, child in value.items():
            yield from anchors(child, (*at, key))
    elif isinstance(value, Array):
        for index, child in enumerate(value):
            yield from anchors(child, (*at, str(index)))


def follow(root: object, tokens: Tokens) -> Any:
    """The value at a place; None when there is none."""
    value: Any = root
    for token in tokens:
        if isinstance(value, Object) and token in value:
            value = value[token]
        elif isinstance(value, Array) and token.isdecimal() and len(token) < 9 and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    return value


def reach(document: Object, tokens: Tokens) -> tuple[Any, str, Any] | None:
    """What holds the value at `tokens`, its key there, and the value; references on the way are followed."""
    holder: Any = None
    value: Any = document
    key = ""
    for token in tokens:
        for _ in range(20):
            ref = value.get("$ref") if isinstance(value, Object) and token not in value else None
            if not isinstance(ref, str) or not ref.startswith("#/"):
                break
            value = follow(document, tokens_of(ref[1:]))
        if isinstance(value, Object) and token in value:
            holder, key, value = value, token, value[token]
        elif isinstance(value, Array) and token.isdecimal() and len(token) < 9 and int(token) < len(value):
            holder, key, value = value, token, value[int(token)]
        else:
            return None
    return (holder, key, value) if tokens else None


def name_of(path: Path, tokens: Tokens) -> str:
    """A name for a part of another file: its own, or the file's when it is all of it."""
    words = [token for token in tokens if token not in _STRUCTURE]
    in_names = len(tokens) > 1 and tokens[-2] in ("schemas", "definitions", "$defs", *SECTIONS.values())
    return tokens[-1] if in_names else " ".join(words) or path.stem.partition(".")[0] or path.stem


def words_for(document: Object, tokens: Tokens) -> str:
    """A name for a place: what the schema would be called if it were not referred to, where that can be said."""
    rest = list(tokens)
    words: list[str] = []
    if len(rest) > 2 and rest[0] == "paths" and rest[2] in METHODS:
        operation = follow(document, tokens[:3])
        named = operation.get("operationId") if isinstance(operation, Object) else None
        words.append(named if isinstance(named, str) and named.strip() else f"{rest[2]} {rest[1]}")
        rest = rest[3:]
    if len(rest) > 1 and rest[0] == "responses":
        words.append("Response" if rest[1].startswith("2") else f"Response {rest[1]}")
        rest = rest[2:]
    elif rest[:1] == ["requestBody"]:
        words.append("Body")
        rest = rest[1:]
    previous = ""
    for token in rest:
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
