"""JSON Pointer (RFC 6901): the only place that knows how tokens are escaped, split, joined and followed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any


def escape(key: object) -> str:
    """A key or an index as one reference token."""
    return str(key).replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """The key for which a reference token stands."""
    return token.replace("~1", "/").replace("~0", "~")


def split(pointer: str) -> tuple[str, ...]:
    """The unescaped keys of a pointer; () for "", the whole document."""
    return tuple(map(unescape, pointer.split("/")[1:]))


def join(keys: Iterable[object]) -> str:
    """The pointer that leads by `keys`: "/paths/~1runs/get"."""
    return "".join(f"/{escape(key)}" for key in keys)


def follow(root: Any, pointer: str) -> Any:
    """The value to which a pointer leads from `root`. Raises LookupError when there is none."""
    return reduce(step, split(pointer), root)


def step(value: Any, key: str) -> Any:
    """The value to which one key of a pointer leads. Raises LookupError when there is none."""
    if isinstance(value, dict):
        return value[key]
    if isinstance(value, list) and key.isdecimal() and len(key) < 9:
        return value[int(key)]
    raise LookupError(key)
