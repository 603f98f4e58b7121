"""Everything is accounted for: each value of an answer is mapped or raw_only, each unified field mapped or absent.

What counts is what the mapping names: an entry with another mistake is no missing one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...document.field_reader import name_hint
from ...document.problems import Source
from ...document.tree import Array, Object
from ..unified import ROOT, UnifiedModel
from .response_models import ResponseModels


def check_coverage(document: Object, answer: str, answers: ResponseModels, unified: UnifiedModel) -> None:
    """Report what is on neither list, on both, or stale on one of them. `answer` is the client's model of it."""
    _check_answer(document, answer, answers)
    _check_unified(document, answers, unified)


def _check_answer(document: Object, answer: str, answers: ResponseModels) -> None:
    error = answers.problems.error
    used = dict(_pointers(document))
    excused = dict(_listed(document, "raw_only", "at"))
    places = dict(answers.leaves(answer, {*used, *excused}))
    for pointer, place in excused.items():
        if not any(_within(leaf, pointer, "/") for leaf in places):
            message = f"{pointer} is raw_only, but is nothing in the answer ({answers.models[answer].source})"
            error("stale-raw-only", place, message, name_hint(pointer, [*places]))
        for leaf in used.keys() & places.keys():
            if _within(leaf, pointer, "/"):
                message = f"{leaf} is raw_only, and mapped as well (at {used[leaf]})"
                error("stale-raw-only", place, message, "remove it from one of them")
    for leaf, field in places.items():
        if leaf not in used and not any(_within(leaf, pointer, "/") for pointer in excused):
            message = f"{leaf} is neither mapped nor raw_only ({field.source})"
            hint = f"map it under `fields`, or list it under `raw_only` with the reason: at: [{leaf}]"
            error("unmapped-property", document.where("raw_only"), message, hint)


def _check_unified(document: Object, answers: ResponseModels, unified: UnifiedModel) -> None:
    error = answers.problems.error
    fields = unified.fillable()
    filled = dict(targets(document))
    flags = {name: table.where(name) for table in [_object(document.get("present_when"))] for name in table}
    excused = dict(_listed(document, "absent", "fields"))
    for name, place in excused.items():
        if not any(_within(leaf, name, ".") for leaf in fields):
            source = unified.models[ROOT].source
            message = f"{name!r} is absent, but is no field of {ROOT} that a mapping fills ({source})"
            error("stale-absent", place, message, name_hint(name, [*fields]))
        elif name in fields and fields[name].required:
            message = f"{name!r} is absent, but required ({fields[name].source})"
            error("stale-absent", place, message, "map it under `fields`, with `missing`")
        for other, there in (filled | flags).items():
            if _within(other, name, ".") and any(_within(leaf, other, ".") for leaf in fields):
                message = f"{other!r} is absent, and mapped as well (at {there})"
                error("stale-absent", place, message, "remove it from one of them")
    for name, field in fields.items():
        if name not in filled and not any(_within(name, entry, ".") for entry in excused):
            message = f"the unified field {name!r} is neither mapped nor absent ({field.source})"
            hint = f"map it under `fields`, or list it under `absent` with the reason: fields: [{name}]"
            hint = "map it under `fields`, with `missing`" if field.required else hint
            error("unmapped-field", document.where("absent"), message, hint)


def _within(name: str, holder: str, separator: str) -> bool:
    return name == holder or name.startswith(holder + separator)


def _pointers(document: Object) -> Iterator[tuple[str, Source]]:
    """Every place of the answer that the mapping names, by its pointer from the root."""
    yield from _places(document)
    yield from _texts(_object(document.get("envelope")), "status")
    lists = _object(document.get("lists"))
    for target in lists:
        each = _object(lists[target])
        yield from ((f"{each.get('each')}{pointer}", place) for pointer, place in _places(each))


def _places(holder: Object) -> Iterator[tuple[str, Source]]:
    """The places that `status` and `fields` name."""
    yield from _texts(_object(holder.get("status")), "at")
    fields = _object(holder.get("fields"))
    for target in fields:
        yield from _texts(fields, target)
        for key in ("at", "first"):
            yield from _texts(_object(fields[target]), key)


def targets(document: Object) -> Iterator[tuple[str, Source]]:
    """Every unified field that the mapping names."""
    fields, lists = _object(document.get("fields")), _object(document.get("lists"))
    yield from ((target, fields.where(target)) for target in fields)
    for target in lists:
        inner = _object(_object(lists[target]).get("fields"))
        yield from ((f"{target}.{name}", inner.where(name)) for name in inner)


def _listed(document: Object, key: str, names: str) -> Iterator[tuple[str, Source]]:
    """Every name on a list with reasons."""
    entries = document.get(key)
    for entry in entries if isinstance(entries, Array) else ():
        yield from _texts(_object(entry), names)


def _texts(holder: Object, key: str) -> Iterator[tuple[str, Source]]:
    """The text at `key`, or those of the list there."""
    value = holder.get(key)
    if isinstance(value, Array):
        yield from ((text, value.where(at)) for at, text in enumerate(value) if isinstance(text, str))
    elif isinstance(value, str):
        yield value, holder.where(key)


def _object(value: Any) -> Object:
    """A mapping; an empty one in the place of anything else, which was reported before."""
    return value if isinstance(value, Object) else Object()
