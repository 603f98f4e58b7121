"""Where unified fields come from before and after, how they are converted, and whether they are always there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...document.problems import Source
from ...ir.types import NULL, AnyType, Type, UnionOf, alternatives
from ...normalization.converters import kind
from ...normalization.mapping import Default, FieldMapping, FieldPath, ListMapping, Mapping, StatusTable
from ..finding import Finding
from .statuses import compare_statuses


@dataclass(frozen=True, slots=True)
class _Filled:
    """How one unified field is filled."""

    origin: str
    """The places in the answer, as text."""
    made: str
    """What becomes of the value there, as text; "" where it is taken over as it is."""
    certain: bool
    """Whether the spec promises that a value is there."""
    missing: Default | None
    source: Source
    described: Source
    """Where the spec describes the place."""

    @property
    def always(self) -> bool:
        """Whether the unified field is never absent."""
        return self.certain or self.missing is not None


def compare_fields(old: Mapping, new: Mapping) -> Iterator[Finding]:
    """The unified fields that are filled in another way, or no longer, or newly."""
    yield from compare_certainty(old, new)
    before, after = _filled(old), _filled(new)
    # A list that came or went is one change, whatever is in its items.
    whole = {f"{each.target}." for mapping in (old, new) for each in mapping.lists}
    whole = {prefix for prefix in whole if (prefix[:-1] in before) != (prefix[:-1] in after)}
    for name in sorted(before.keys() | after.keys()):
        if not any(name.startswith(prefix) for prefix in whole):
            yield from _compare_field(name, before.get(name), after.get(name))
    lists = {each.target: each for each in new.lists}
    for each in old.lists:
        other = lists.get(each.target)
        if each.statuses and other and other.statuses:
            yield from compare_statuses(f"{each.target}.status", each.statuses, other.statuses)


def origins(mapping: Mapping) -> dict[str, tuple[str, Source]]:
    """The places in the answer that fill each unified field, as text, and where the mapping says so."""
    return {name: (filled.origin, filled.source) for name, filled in _filled(mapping).items()}


def compare_certainty(old: Mapping, new: Mapping) -> Iterator[Finding]:
    """The unified fields that are always there now, or no longer."""
    before, after = _filled(old), _filled(new)
    for name in sorted(before.keys() & after.keys()):
        one, other = before[name], after[name]
        texts = tuple("always there" if filled.always else "may be absent" for filled in (one, other))
        if texts[0] != texts[1]:
            rule = "normalized-field-loosened" if one.always else "normalized-field-tightened"
            yield Finding(rule, "", name, texts[0], texts[1], one.described, other.described)


def _compare_field(name: str, old: _Filled | None, new: _Filled | None) -> Iterator[Finding]:
    if old and new:
        sources = (old.source, new.source)
        if old.origin != new.origin:
            yield Finding("normalized-field-moved", "", name, old.origin, new.origin, *sources)
        if old.made != new.made:
            yield Finding("normalized-field-converted", "", name, *_or_plain(old.made, new.made), *sources)
        elif old.missing and new.missing and old.missing != new.missing and not (old.certain and new.certain):
            shown = (_shown(old.missing), _shown(new.missing))
            yield Finding("normalized-field-converted", "", name, *shown, *sources)
    elif old:
        yield Finding("normalized-field-lost", "", name, old.origin, "not mapped", old.source, None)
    elif new:
        yield Finding("normalized-field-gained", "", name, "", new.origin, None, new.source)


def _filled(mapping: Mapping) -> dict[str, _Filled]:
    """Every unified field that the mapping fills, dotted; the status among them, and lists beside what is in them."""
    found = {"status": _of_statuses(mapping.statuses)}
    found |= {value.target: _of_value(value, mapping) for value in mapping.values}
    for flag in mapping.flags:
        for status in flag.statuses:
            found[f"{flag.target} for {status}"] = _Filled("the status", "", False, None, flag.source, flag.source)
    for each in mapping.lists:
        found[each.target] = _Filled(each.path.pointer, "", _certain(each.path), None, each.source, each.path.described)
        found |= {f"{each.target}.{value.target}": _of_value(value, mapping, each) for value in each.values}
        if each.statuses:
            found[f"{each.target}.status"] = _of_statuses(each.statuses, each)
    return found


def _of_statuses(statuses: StatusTable, each: ListMapping | None = None) -> _Filled:
    certain = all(map(_certain, statuses.paths))
    origin, described = _origin(statuses.paths, each, " and "), statuses.paths[0].described
    return _Filled(origin, "", certain, None, statuses.source, described)


def _of_value(value: FieldMapping, mapping: Mapping, each: ListMapping | None = None) -> _Filled:
    made = [f"through {value.converter}"] if value.converter else []
    if isinstance(value.field.type, AnyType):
        made.append(_kinds(value, mapping))
    if value.agree:
        made.append("disagreements are issues")
    certain = any(map(_certain, value.paths))
    origin, described = _origin(value.paths, each, ", else "), value.paths[0].described
    return _Filled(origin, ", ".join(made), certain, value.missing, value.source, described)


def _origin(paths: tuple[FieldPath, ...], each: ListMapping | None, joint: str) -> str:
    above = f"{each.path.pointer}/*" if each else ""
    return joint.join(above + path.pointer for path in paths)


def _kinds(value: FieldMapping, mapping: Mapping) -> str:
    """What a free value can be: a word is text to those who read it."""
    enums = {enum.name: enum for enum in mapping.package.api.enums}
    kinds = {kind(type_, enums) for path in value.paths for type_ in alternatives(path.type)}
    return " or ".join(sorted({"text" if found == "word" else found for found in kinds}))


def _certain(path: FieldPath) -> bool:
    return all(field.required and not _nullable(field.type) for field in path.fields)


def _nullable(type_: Type) -> bool:
    return isinstance(type_, AnyType) or type_ == NULL or (isinstance(type_, UnionOf) and NULL in type_.members)


def _or_plain(old: str, new: str) -> tuple[str, str]:
    return old or "as it is", new or "as it is"


def _shown(missing: Default) -> str:
    return f"{missing.part or repr(missing.value)} stands in"
