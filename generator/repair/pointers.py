"""JSON Pointers in references: decoding them, and following them through other references."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any
from urllib.parse import unquote

from ..document.pointer import follow, join, step, unescape
from ..document.tree import Array, Object

Tokens = tuple[str, ...]
"""The reference tokens of a JSON Pointer (RFC 6901), unescaped."""


def tokens_of(fragment: str) -> Tokens:
    """The tokens of a URI fragment, percent-decoded; an anchor's name is the only token of it."""
    if not fragment.startswith("/"):
        return (fragment,) if fragment else ()
    return tuple(unescape(unquote(token)) for token in fragment.split("/")[1:])


def reference_to(tokens: Tokens) -> str:
    """The `$ref` to a value of the same document."""
    return "#" + join(tokens)


def dereference(value: Any, document: Object) -> Any:
    """What a reference to this document leads to; everything else, and a reference that leads nowhere, itself."""
    reference = value.get("$ref") if isinstance(value, Object) else None
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return value
    try:
        return follow(document, reference[1:])
    except LookupError:
        return value


def value_at(root: object, tokens: Tokens) -> Any:
    """The value to which tokens lead; None when there is none."""
    try:
        return reduce(step, tokens, root)
    except LookupError:
        return None


def reach(document: Object, tokens: Tokens) -> tuple[Any, str, Any] | None:
    """What holds the value at `tokens`, its key there, and the value; references on the way are followed."""
    holder: Any = None
    value: Any = document
    for token in tokens:
        holder = _holder(document, value, token)
        try:
            value = step(holder, token)
        except LookupError:
            return None
    return (holder, tokens[-1], value) if tokens else None


def _holder(document: Object, value: Any, token: str) -> Any:
    """The value, or what its reference leads to if it does not have the token itself."""
    for _ in range(20):
        reference = value.get("$ref") if isinstance(value, Object) and token not in value else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        value = value_at(document, tokens_of(reference[1:]))
    return value


def anchors(value: object, tokens: Tokens = ()) -> Iterable[tuple[str, Tokens]]:
    """The anchors of JSON Schema 2020-12 (section 8.2.2) in a document, and where they stand."""
    if isinstance(value, Object):
        if isinstance(value.get("$anchor"), str):
            yield value["$anchor"], tokens
        for key, child in value.items():
            yield from anchors(child, (*tokens, key))
    elif isinstance(value, Array):
        for index, child in enumerate(value):
            yield from anchors(child, (*tokens, str(index)))
