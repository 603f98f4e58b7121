"""Everything is accounted for: each value of a response is mapped or raw_only, each unified field mapped or absent.

What counts is what the mapping names: an entry with another mistake counts as present.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...document.problems import Source
from ...document.tree import Array, Object
from ..unified import ROOT
from .context import Context

_POINTERS = (("status", "at"), ("fields", "*"), ("fields", "*", "at"), ("fields", "*", "first"))
"""Where a mapping, and an entry of its lists, have pointers."""


def check_coverage(context: Context, response_model: str) -> None:
    """Report what is neither mapped nor listed, what is both, and what is listed but does not exist."""
    _check_response(context, response_model)
    filled, absent = dict(targets(context.document)), dict(_texts(context.document, ("absent", "fields")))
    _check_absent(context, filled, absent)
    for name, field in context.unified.fillable().items():
        if name not in filled and not any(_within(name, entry, ".") for entry in absent):
            message = f"the unified field {name!r} is neither mapped nor absent"
            hint = f"map it under `fields`, or list it under `absent` with the reason: fields: [{name}]"
            hint = "map it under `fields`, with `missing`" if field.required else hint
            source = context.document.where("absent")
            context.error("unmapped-field", source, message, hint, field.source, subject=name)


def _check_response(context: Context, response_model: str) -> None:
    """Report values of the response that are not accounted for once, and `raw_only` pointers that lead nowhere."""
    mapped, raw_only = dict(_pointers(context.document)), dict(_texts(context.document, ("raw_only", "at")))
    values = dict(context.models.leaves(response_model, {*mapped, *raw_only}))
    for pointer, source in raw_only.items():
        if not any(_within(value, pointer, "/") for value in values):
            message, see = f"{pointer} is raw_only, but not in the response", context.models.models[response_model]
            context.unknown("stale-raw-only", source, message, pointer, values, see.source)
        for value in mapped.keys() & values.keys():
            if _within(value, pointer, "/"):
                message, hint = f"{value} is raw_only, and mapped as well", "remove it from one of them"
                context.error("stale-raw-only", source, message, hint, mapped[value], subject=value)
    for value, field in values.items():
        if value not in mapped and not any(_within(value, pointer, "/") for pointer in raw_only):
            hint = f"map it under `fields`, or list it under `raw_only` with the reason: at: [{value}]"
            message, source = f"{value} is neither mapped nor raw_only", context.document.where("raw_only")
            context.error("unmapped-property", source, message, hint, field.source, subject=value)


def _check_absent(context: Context, filled: dict[str, Source], absent: dict[str, Source]) -> None:
    """Report fields that are absent, but unknown, required or filled."""
    flags, fields = _object(context.document.get("present_when")), context.unified.fillable()
    filled = filled | {name: flags.where(name) for name in flags}
    for name, source in absent.items():
        if not any(_within(field, name, ".") for field in fields):
            message = f"{name!r} is absent, but not a field of {ROOT} that a mapping fills"
            context.unknown("stale-absent", source, message, name, fields, context.unified.models[ROOT].source)
        elif name in fields and fields[name].required:
            message, hint = f"{name!r} is absent, but required", "map it under `fields`, with `missing`"
            context.error("stale-absent", source, message, hint, fields[name].source, subject=name)
        for target, see in filled.items():
            if _within(target, name, ".") and any(_within(field, target, ".") for field in fields):
                message, hint = f"{target!r} is absent, and mapped as well", "remove it from one of them"
                context.error("stale-absent", source, message, hint, see, subject=target)


def _within(name: str, container: str, separator: str) -> bool:
    return name == container or name.startswith(container + separator)


def _pointers(document: Object) -> Iterator[tuple[str, Source]]:
    """Every pointer that the mapping names, from the root of the response."""
    yield from _texts(document, ("envelope", "status"))
    for keys in _POINTERS:
        yield from _texts(document, keys)
        for entry in _object(document.get("lists")).values():
            yield from ((f"{_object(entry).get('each')}{pointer}", source) for pointer, source in _texts(entry, keys))


def targets(document: Object) -> Iterator[tuple[str, Source]]:
    """Every unified field that the mapping names."""
    fields, lists = _object(document.get("fields")), _object(document.get("lists"))
    yield from ((target, fields.where(target)) for target in fields)
    for target, entry in lists.items():
        inner = _object(_object(entry).get("fields"))
        yield from ((f"{target}.{name}", inner.where(name)) for name in inner)


def _texts(value: Any, keys: tuple[str, ...], source: Source | None = None) -> Iterator[tuple[str, Source]]:
    """Every text to which `keys` lead, through the items of lists, but not of lists in lists; "*" is every key."""
    if isinstance(value, Array):
        for index, item in enumerate(value):
            if not isinstance(item, Array):
                yield from _texts(item, keys, value.where(index))
    elif isinstance(value, Object) and keys:
        for key in value if keys[0] == "*" else keys[:1]:
            yield from _texts(value.get(key), keys[1:], value.where(key))
    elif isinstance(value, str) and source and not keys:
        yield value, source


def _object(value: Any) -> Object:
    """A mapping; an empty one instead of anything else, which was reported before."""
    return value if isinstance(value, Object) else Object()
