"""JSON values -> arguments of the types that a generated method takes."""

from __future__ import annotations

import collections.abc
import json
import types
from typing import Any, Literal, Union, get_args, get_origin

import msgspec
import workflow_client_core as core


class Unfit(Exception):  # noqa: N818 - it says something of a value
    """A documented value cannot be given to the method."""


def as_type(value: Any, hint: Any) -> Any:
    """`value` as an instance of `hint`. Raises Unfit."""
    if hint in (Any, object):
        return value
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _member(value, [t for t in inner if t is not core.UnsetType])
    if origin is Literal:
        if value in inner:
            return value
        raise Unfit(f"{value!r:.60} is not among {inner!r:.100}")
    if hint in (None, type(None)):
        if value is None:
            return None
        raise Unfit(f"{value!r:.60} for None")
    if hint is bytes:
        return str(value).encode()
    if getattr(hint, "__name__", "") == "File":
        return hint(b"tea")
    if origin in (list, tuple, collections.abc.Sequence, collections.abc.Iterable):
        if not isinstance(value, list):
            raise Unfit(f"{value!r:.60} is no list")
        return [as_type(item, inner[0]) for item in value]
    if origin in (dict, collections.abc.Mapping):
        if not isinstance(value, dict):
            raise Unfit(f"{value!r:.60} is no mapping")
        return {k: as_type(v, inner[1]) for k, v in value.items()}
    return _decoded(value, hint)


def _decoded(value: Any, hint: Any) -> Any:
    try:
        decoded = core.decode(json.dumps(value).encode(), hint)
    except Exception as error:
        raise Unfit(f"{value!r:.80} for {hint!r:.80}: {error}") from error
    if decoded.issues:
        raise Unfit(f"{value!r:.80} for {hint!r:.80}: {decoded.issues[0]!r:.120}")
    return decoded.parsed


def _member(value: Any, members: list[Any]) -> Any:
    """`value` as the member that keeps all of it, else as the first one that accepts it.

    Two objects without required properties accept each other's values.
    """
    best: tuple[bool, Any] | None = None
    failed = Unfit(f"{value!r:.60} fits none of {members!r:.100}")
    for member in members:
        try:
            argument = as_type(value, member)
            is_whole = _json(argument) == value
        except (Unfit, TypeError) as error:
            failed = Unfit(str(error))
            continue
        if is_whole:
            return argument
        best = best or (is_whole, argument)
    if best is None:
        raise failed
    return best[1]


def _json(value: Any) -> Any:
    try:
        return json.loads(msgspec.json.encode(value))
    except (TypeError, msgspec.MsgspecError):
        return None
