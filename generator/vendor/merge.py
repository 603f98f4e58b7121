"""Documents that describe parts of one API -> one document.

Paths, webhooks and components are joined by name. What two documents both have must be equal; where it is not, the
contradiction is an error with both places. So are fields that hold for all operations, such as `servers`, if only one
document has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

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
                self._report((*keys, key), first.source, "none", second.where(key), _shown(second[key]))
        if not added:
            return first.changed(items)
        return Object({**items, **added}, first.source, {**second.marks_with_container(), **first.marks})

    def _value(self, key: str, first: Object, second: Object, keys: _Keys) -> Any:
        value, place = first[key], (*keys, key)
        if key not in second:
            if not _may_be_added(keys, key):
                self._report(place, first.where(key), _shown(value), second.source, "none")
            return value
        if _is_open(place) and isinstance(value, Object) and isinstance(second[key], Object):
            return self.mappings(value, second[key], place)
        if place == ("tags",) and isinstance(value, Array) and isinstance(second[key], Array):
            return self._tags(value, second[key])
        self._compare(first, second, key, place)
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

    def _compare(self, first: Any, second: Any, key: Any, place: _Keys) -> None:
        """Report the first difference inside a value that both have."""
        one, two = key if isinstance(key, tuple) else (key, key)
        for keys, mine, my_value, other, value in differences(first, one, second, two, place):
            self._report(keys, mine, my_value, other, value)
            return

    def _report(self, place: _Keys, mine: Source, my_value: str, other: Source, value: str) -> None:
        self.differences += 1
        if self.differences > _MOST_DIFFERENCES:
            return
        message = f"the documents contradict each other at {join(place)}: {value} here, {my_value} there"
        hint = "they may be of two versions, or of two APIs: vendor pages that were published together"
        self.problems.error("contradiction", other, message, hint, see=(mine,))


def _is_open(place: _Keys) -> bool:
    """Whether a document may add to the mapping at a place of another: `components` and its sections, `paths` and each
    of them."""
    return len(place) <= 2 and (place[0] in _OPEN_FIELDS or (place[0] not in ROOT_FIELDS and len(place) == 1))


def _may_be_added(keys: _Keys, key: str) -> bool:
    """Whether only one of two documents may have a key of the mapping at `keys`."""
    if not keys:
        return key in _OPEN_FIELDS or key in _DESCRIBING or key not in ROOT_FIELDS
    return len(keys) == 1 or keys[0] == "components" or key in METHODS  # else it is shared by the operations of a path


def differences(
    first: Any, one: Any, second: Any, two: Any, place: _Keys
) -> Iterator[tuple[_Keys, Source, str, Source, str]]:
    """What differs between two values, each given by its holder and its key: where that is, and each side."""
    mine, other = first[one], second[two]
    if mine is other:
        return
    if isinstance(mine, Object) and isinstance(other, Object):
        for key in [*mine, *(key for key in other if key not in mine)]:
            if key not in other:
                yield (*place, key), mine.where(key), _shown(mine[key]), other.source, "none"
            elif key not in mine:
                yield (*place, key), mine.source, "none", other.where(key), _shown(other[key])
            else:
                yield from differences(mine, key, other, key, (*place, key))
    elif isinstance(mine, Array) and isinstance(other, Array) and len(mine) == len(other):
        for index in range(len(mine)):
            yield from differences(mine, index, other, index, (*place, str(index)))
    elif type(mine) is not type(other) or mine != other:
        yield place, first.where(one), _shown(mine), second.where(two), _shown(other)


def _shown(value: Any) -> str:
    if isinstance(value, Object):
        return f"a mapping of {', '.join(value)}"[:_LONGEST_VALUE] if value else "an empty mapping"
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."
