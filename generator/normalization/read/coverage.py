"""Everything is accounted for: each value of a response is mapped or raw_only, each unified field mapped or absent.

What counts is what the mapping names: an entry with another mistake counts as present.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from ...document.problems import Source
from ...document.tree import Array, Object
from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Field
from ..unified import ROOT
from .context import Context
from .response_models import Elsewhere

_MANY = 5
"""As many names in one object as one problem is about, instead of a problem for each."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A pointer that the mapping names, from the root of the response."""

    pointer: str
    source: Source
    is_whole: bool = True
    """Whether what is in the value counts, too: not where only its presence does."""

    def takes(self, value: str) -> bool:
        """Whether the value at a pointer is mapped by it."""
        return value == self.pointer or (self.is_whole and _within(value, self.pointer, "/"))


def check_coverage(context: Context, response_model: str, inherited: Object | None = None) -> None:
    """Report what is neither mapped nor listed, what is both, and what is listed but does not exist.

    `inherited` is the part of the mapping of runs that holds for an event, too; what it lists may be missing.
    """
    inherited = inherited if inherited is not None else Object()
    _check_response(context, response_model, inherited)
    filled, absent = dict(targets(context.document)), dict(_texts(context.document, ("absent", "fields")))
    _check_absent(context, filled, absent)
    filled |= dict(targets(inherited))
    absent |= dict(_texts(inherited, ("absent", "fields")))
    fields = context.unified.fillable()
    missing = [name for name in fields if not any(_within(name, entry, ".") for entry in (*filled, *absent))]
    required = [name for name in missing if fields[name].required]
    groups = _grouped([name for name in missing if name not in required], filled, "", ".")
    for place, names, is_untouched in [*(("", [name], False) for name in required), *groups]:
        _report_fields(place, names, is_untouched, fields, context)


def _report_fields(
    place: str, names: list[str], is_untouched: bool, fields: dict[str, Field], context: Context
) -> None:
    """Report unified fields that are neither mapped nor absent, in one problem; `place` is the object they are in."""
    listed = place if is_untouched else ", ".join(names)
    what = f"{len(names)} unified fields{f' of {place!r}' if place else ''} are"
    message = f"{what} neither mapped nor absent: {', '.join(names)}"
    if len(names) == 1:
        message = f"the unified field {names[0]!r} is neither mapped nor absent"
    where = "`lists`" if place and context.unified.fields()[place].is_list else "`fields`"
    hint = f"map it under {where}, or list it under `absent` with the reason: fields: [{listed}]"
    if len(names) > 1:
        entry = f"- {{fields: [{listed}], because: REASON}}"
        hint = f"map what there is under {where}, and list the others under `absent`: {entry}"
    hint = "map it under `fields`, with `missing`" if fields[names[0]].required else hint
    see, source = fields[names[0]].source, context.document.where("absent")
    context.error("unmapped-field", source, message, hint, see, subject=listed)


def _grouped(
    missing: list[str], mapped: Collection[str], root: str, separator: str
) -> Iterator[tuple[str, list[str], bool]]:
    """The names that are missing, by the outermost object below `root` of which a problem is enough, or "" for none.

    (object, names, whether nothing in the object is mapped).
    """
    counts = Counter(item for name in missing for item in _containers(name, separator))
    touched = {item for name in mapped for item in (name, *_containers(name, separator))}
    enough = {item for item, count in counts.items() if count >= (_MANY if item in touched else 2)}
    groups: dict[str, list[str]] = {}
    for name in missing:
        objects = (item for item in _containers(name, separator) if not _within(root, item, separator))
        groups.setdefault(next((item for item in objects if item in enough), ""), []).append(name)
    for place, names in groups.items():
        if place or len(names) >= _MANY:
            yield place, names, bool(place) and place not in touched
        else:
            yield from (("", [name], False) for name in names)


def _containers(name: str, separator: str) -> list[str]:
    """The names of the objects that a name leads through, the outermost first."""
    return [name[:end] for end in range(1, len(name)) if name[end] == separator]


def _check_response(context: Context, response_model: str, inherited: Object) -> None:
    """Report values of the response that are not accounted for once, and `raw_only` pointers that lead nowhere."""
    mapped, raw_only = [*_pointers(context.document)], dict(_texts(context.document, ("raw_only", "at")))
    rests = dict(_texts(context.document, ("raw_only", "rest_of")))
    elsewhere: list[str] = []
    if isinstance(response_model, Elsewhere):
        mapped += [replace(item, pointer=response_model.pointer(item.pointer)) for item in _pointers(inherited)]
        listed = [*_texts(inherited, ("raw_only", "at")), *_texts(inherited, ("raw_only", "rest_of"))]
        elsewhere = [response_model.pointer(pointer) for pointer, _ in listed]
    values = dict(context.models.leaves(response_model, {*(item.pointer for item in mapped), *raw_only, *rests}))
    mapped_at = {v: item.source for v in values for item in reversed(mapped) if item.takes(v)}
    for pointer, source in (raw_only | rests).items():
        inside = [value for value in values if _within(value, pointer, "/")]
        if not inside:
            message, see = f"{pointer} is raw_only, but not in the response", context.models.models[response_model]
            context.unknown("stale-raw-only", source, message, pointer, values, see.source)
        elif pointer in rests and not any(value in mapped_at for value in inside):
            message, hint = f"nothing of {pointer} is mapped, so it has no rest", f"write at: [{pointer}]"
            context.error("stale-raw-only", source, message, hint, subject=pointer)
        for value in inside if pointer in raw_only else ():
            if value in mapped_at:
                message = f"{value} is raw_only, and mapped as well"
                hint = "remove it from one of them; `rest_of` is for all that is not mapped"
                context.error("stale-raw-only", source, message, hint, mapped_at[value], subject=value)
    listed_at = (*raw_only, *rests, *elsewhere)
    missing = [v for v in values if v not in mapped_at and not any(_within(v, pointer, "/") for pointer in listed_at)]
    envelope = _object(context.document.get("envelope")).get("at")
    root = response_model.at if isinstance(response_model, Elsewhere) else str(envelope or "")
    for place, pointers, is_untouched in _grouped(missing, mapped_at, root, "/"):
        _report_values(place, pointers, is_untouched, values[pointers[0]], context)


def _report_values(place: str, pointers: list[str], is_untouched: bool, first: Field, context: Context) -> None:
    """Report values of the response that are neither mapped nor raw_only, in one problem."""
    message, count = f"{pointers[0]} is neither mapped nor raw_only", len(pointers)
    hint = f"map it under `fields`, or list it under `raw_only` with the reason: at: [{pointers[0]}]"
    if count > 1:
        shown = ", ".join(pointers[:_MANY]) + (f" and {count - _MANY} more" if count > _MANY else "")
        message = f"{count} values{f' in {place}' if place else ''} are neither mapped nor raw_only: {shown}"
        kind = "rest_of" if place and not is_untouched else "at"
        entry = f"- {{{kind}: [{place or ', '.join(pointers)}], because: REASON}}"
        hint = f"map what is of use, and list the others under `raw_only`: {entry}"
        hint += f", or rest_of: [{place}] once something in it is mapped" if is_untouched else ""
    source, subject = context.document.where("raw_only"), place or " ".join(pointers)
    context.error("unmapped-property", source, message, hint, first.source, subject=subject)


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


def _pointers(document: Object) -> Iterator[_Named]:
    """Every pointer that the mapping, or that of an event, names."""
    for keys in (("envelope", "status"), ("name_at",)):
        yield from (_Named(*named) for named in _texts(document, keys))
    for parts in map(_object, (document.get("ref"), document.get("identifiers"))):
        yield from (named for part in parts for named in _selected(parts[part], "", parts.where(part)))
    yield from _pointers_of_model(document, "")
    for entry in map(_object, _object(document.get("lists")).values()):
        yield from _pointers_of_model(entry, str(entry.get("each")))


def _pointers_of_model(document: Object, prefix: str) -> Iterator[_Named]:
    """The pointers under `status` and `fields` of a mapping, or of an entry of its lists."""
    status, fields = _object(document.get("status")), _object(document.get("fields"))
    yield from _selected(status.get("at"), prefix, status.where("at"))
    for target, entry in fields.items():
        if isinstance(entry, Object) and "first" in entry:
            yield from _selected(entry["first"], prefix, entry.where("first"))
        elif isinstance(entry, Object) and "each" in entry:
            yield from _selected(entry, f"{prefix}{entry['each']}", entry.source)
        else:
            yield from _selected(entry, prefix, fields.where(target))


def _selected(value: Any, prefix: str, source: Source) -> Iterator[_Named]:
    """The pointers of a selector, or of each in a list."""
    if isinstance(value, str):
        yield _Named(prefix + value, source)
    elif isinstance(value, Array):
        for index, item in enumerate(value):
            yield from _selected(item, prefix, value.where(index))
    elif isinstance(value, Object):
        prefix, where = prefix + str(value.get("in", "")), _object(value.get("where"))
        yield from (_Named(prefix + pointer, where.where(pointer)) for pointer in where)
        yield from _selected(value.get("at"), prefix, value.where("at"))
        if isinstance(value.get("present"), str):
            yield _Named(prefix + value["present"], value.where("present"), is_whole=False)


def inherited_by(event: Object, document: Object) -> Object:
    """The part of the mapping of runs that holds for an event, too: what the event neither maps nor lists as absent."""
    own = [name for name, _ in (*targets(event), *_texts(event, ("absent", "fields")))]
    own += [*_object(event.get("lists")), *_object(event.get("present_when"))]
    fields, lists = _object(document.get("fields")), _object(document.get("lists"))
    inner_fields = {target: _object(_object(entry).get("fields")) for target, entry in lists.items()}
    result: dict[str, Any] = {key: document[key] for key in ("absent", "raw_only", "identifiers") if key in document}
    if "status" not in event:
        result["status"] = document.get("status")
    result["fields"] = _without(fields, own)
    result["lists"] = lists.derive(
        (target, _object(lists[target]).replacing("fields", _without(inner_fields[target], own, f"{target}.")))
        for target in _without(lists, own)
    )
    flags = _object(document.get("present_when"))
    result["present_when"] = _without(flags, [*own, *(name.partition(".")[0] for name in own)])
    return document.derive(result)


def _without(table: Object, names: list[str], prefix: str = "") -> Object:
    """A table without the unified fields, below `prefix`, that are among those that are named, or in one of them."""
    return table.without(*(key for key in table if any(_within(prefix + key, name, ".") for name in names)))


def targets(document: Object) -> Iterator[tuple[str, Source]]:
    """Every unified field that the mapping names."""
    fields, lists = _object(document.get("fields")), _object(document.get("lists"))
    yield from ((target, fields.where(target)) for target in fields)
    for target, entry in lists.items():
        inner = _object(_object(entry).get("fields"))
        yield from ((f"{target}.{name}", inner.where(name)) for name in inner)


def _texts(value: Any, keys: tuple[str, ...], source: Source | None = None) -> Iterator[tuple[str, Source]]:
    """Every text to which `keys` lead, through the items of lists, but not of lists in lists."""
    if isinstance(value, Array):
        for index, item in enumerate(value):
            if not isinstance(item, Array):
                yield from _texts(item, keys, value.where(index))
    elif isinstance(value, Object) and keys:
        yield from _texts(value.get(keys[0]), keys[1:], value.where(keys[0]))
    elif isinstance(value, str) and source and not keys:
        yield value, source


def _object(value: Any) -> Object:
    """A mapping; an empty one instead of anything else, which was reported before."""
    return value if isinstance(value, Object) else Object()
