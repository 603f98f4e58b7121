"""JSON Pointer (RFC 6901), also as the fragment of a reference: how keys are escaped, split, joined and followed.

No other module knows about `~1`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, reduce
from typing import Any
from urllib.parse import unquote


def escape(key: object) -> str:
    """A key or an index as one reference token."""
    token = str(key)
    return token.replace("~", "~0").replace("/", "~1") if "~" in token or "/" in token else token


def unescape(token: str) -> str:
    """The key for which a reference token stands."""
    return token.replace("~1", "/").replace("~0", "~")


@lru_cache(maxsize=5_000)  # references repeat
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
    if isinstance(value, list) and is_index(key):
        return value[int(key)]
    raise LookupError(key)


def is_index(key: str) -> bool:
    """Whether a key of a pointer may be a position in a list (RFC 6901, 4, although with zeros before it)."""
    return re.fullmatch("[0-9]{1,8}", key) is not None


def find(root: Any, keys: Iterable[str]) -> Any:
    """The value to which `keys` lead from `root`; None when there is none."""
    try:
        return reduce(step, keys, root)
    except LookupError:
        return None


@lru_cache(maxsize=5_000)
def split_fragment(fragment: str) -> tuple[str, ...]:
    """The keys of the fragment of a URI, percent-decoded (RFC 6901, section 6); an anchor's name is the only key."""
    if not fragment.startswith("/"):
        return (fragment,) if fragment else ()
    return tuple(unescape(unquote(token)) for token in fragment.split("/")[1:])


def reference_to(*keys: str) -> str:
    """The `$ref` to a value of the same document."""
    return "#" + join(keys)


def dereference(value: Any, document: Any) -> Any:
    """What a `$ref` into this document leads to; `value` itself where it has none, or one that leads nowhere."""
    ref = value.get("$ref") if isinstance(value, dict) else None
    if not isinstance(ref, str) or not ref.startswith("#/"):
        return value
    try:
        return follow(document, ref[1:])
    except LookupError:
        return value
