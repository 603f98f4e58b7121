"""Documents that describe parts of one API -> one document.

Paths, webhooks and components are joined by name. What two documents both have must be equal; where it is not, the
contradiction is an error with both places. So are fields that hold for all operations, such as `servers`, if only one
document has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any, NamedTuple

from ..document.operations import METHODS
from ..document.pointer import join
from ..document.problems import Problems, Source
from ..document.tree import Array, Object
from ..repair.leave_out import ROOT_FIELDS

_Keys = tuple[str, ...]
_OPEN_FIELDS = ("paths", "webhooks", "components")
"""Fields of a document to which another may add; so are all that are not in ROOT_FIELDS."""
_DESCRIBING = ("tags", "externalDocs")
"""Fields of a document that mean nothing to its operations, so that not every document needs them."""
_MOST_DIFFERENCES = 20
"""Of two documents: more say that they do not describe one API."""
_LONGEST_VALUE = 60


class Side(NamedTuple):
    """What a document says at a place, in words, and where."""

    source: Source
    value: str

    @classmethod
    def of(cls, mapping: Object, key: str) -> Side:
        """What a mapping has at a key, if it is there."""
        return cls(mapping.where(key), _shown(mapping[key])) if key in mapping else cls(mapping.source, "none")


class Difference(NamedTuple):
    """What two documents say at a place."""

    place: _Keys
    first: Side
    second: Side


def merged(documents: list[Object], problems: Problems) -> Object:
    """The documents as one; the first itself, where the others add nothing. Raises ProblemsFound."""
    result = reduce(lambda first, second: _Merge(problems).mappings(first, second, ()), documents)
    problems.stop_on_errors()
    return result


class _Merge:
    """Merges a document into another one."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.differences = 0

    def mappings(self, first: Object, second: Object, keys: _Keys) -> Object:
        """The mapping with what only the second one has at its end."""
        items = {key: self._value(key, first, second, keys) for key in first}
        added = {key: second[key] for key in second if key not in first}
        for key in added:
            if not _may_be_added(keys, key):
                self._report(Difference((*keys, key), Side.of(first, key), Side.of(second, key)))
        if not added:
            return first.changed(items)
        return Object({**items, **added}, first.source, {**second.marks_with_container(), **first.marks})

    def _value(self, key: str, first: Object, second: Object, keys: _Keys) -> Any:
        value, place = first[key], (*keys, key)
        if key not in second:
            if not _may_be_added(keys, key):
                self._report(Difference(place, Side.of(first, key), Side.of(second, key)))
            return value
        if _is_open(place) and isinstance(value, Object) and isinstance(second[key], Object):
            return self.mappings(value, second[key], place)
        if place == ("tags",) and isinstance(value, Array) and isinstance(second[key], Array):
            return self._tags(value, second[key])
        self._compare(first, second, (key, key), place)
        return value

    def _tags(self, first: Array, second: Array) -> Array:
        names = {tag.get("name"): index for index, tag in enumerate(first) if isinstance(tag, Object)}
        added = []
        for index, tag in enumerate(second):
            if isinstance(tag, Object) and tag.get("name") in names:
                self._compare(first, second, (names[tag["name"]], index), ("tags", str(names[tag["name"]])))
            else:
                added.append(index)
        if not added:
            return first
        marks = [first.mark(index) for index in range(len(first))]
        new = second.selecting(added)
        return Array([*first, *new], first.source, [*marks, *new.marks])

    def _compare(self, first: Object | Array, second: Object | Array, keys: tuple[Any, Any], place: _Keys) -> None:
        """Report the first difference inside a value that both have."""
        for difference in differences(first, keys[0], second, keys[1], place):
            self._report(difference)
            return

    def _report(self, difference: Difference) -> None:
        self.differences += 1
        if self.differences > _MOST_DIFFERENCES:
            return
        place, first, second = difference
        message = f"the documents contradict each other at {join(place)}: {second.value} here, {first.value} there"
        hint = "they may be of two versions, or of two APIs: vendor pages that were published together"
        self.problems.error("contradiction", second.source, message, hint, see=(first.source,))


def _is_open(place: _Keys) -> bool:
    """Whether a document may add to the mapping at a place of another: `components` and its sections, `paths` and each
    of them."""
    return len(place) <= 2 and (place[0] in _OPEN_FIELDS or (place[0] not in ROOT_FIELDS and len(place) == 1))


def _may_be_added(keys: _Keys, key: str) -> bool:
    """Whether only one of two documents may have a key of the mapping at `keys`."""
    if not keys:
        return key in _OPEN_FIELDS or key in _DESCRIBING or key not in ROOT_FIELDS
    return len(keys) == 1 or keys[0] == "components" or key in METHODS  # else it is shared by the operations of a path


def differences(first: Any, first_key: Any, second: Any, second_key: Any, place: _Keys) -> Iterator[Difference]:
    """What differs between two values, each given by its holder and its key there."""
    value, counterpart = first[first_key], second[second_key]
    if value is counterpart:
        return
    if isinstance(value, Object) and isinstance(counterpart, Object):
        for key in {**value, **counterpart}:
            if key in value and key in counterpart:
                yield from differences(value, key, counterpart, key, (*place, key))
            else:
                yield Difference((*place, key), Side.of(value, key), Side.of(counterpart, key))
    elif isinstance(value, Array) and isinstance(counterpart, Array) and len(value) == len(counterpart):
        for index in range(len(value)):
            yield from differences(value, index, counterpart, index, (*place, str(index)))
    elif type(value) is not type(counterpart) or value != counterpart:
        sides = Side(first.where(first_key), _shown(value)), Side(second.where(second_key), _shown(counterpart))
        yield Difference(place, *sides)


def _shown(value: Any) -> str:
    if isinstance(value, Object):
        return f"a mapping of {', '.join(value)}"[:_LONGEST_VALUE] if value else "an empty mapping"
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."
