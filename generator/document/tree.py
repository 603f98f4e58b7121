"""Documents that remember where each value was written: mappings and lists with the source of every key and item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import is_
from typing import Any, NamedTuple

from ..steps import PER_MAPPING, count_steps
from .pointer import escape
from .problems import Source
from .scalars import as_written

Items = Mapping[str, Any] | Iterable[tuple[str, Any]]
_NOWHERE = Source("")


class Mark(NamedTuple):
    """The file and 1-based line at which one key or item was written."""

    file: str
    line: int
    spelling: str = ""
    """How a number or a boolean is spelled, where its value does not say so: `01`, `1.10`."""
    container: Source | None = None
    """The mapping that had the key, where several were merged into one; None where it is the mapping itself."""


class Object(dict[str, Any]):
    """A mapping with its own `source` and, in `marks`, the line of each key.

    `contents` belongs to `contents_of` in `schemas.py`: from then on, neither the mapping nor what is in it may change.
    """

    __slots__ = ("contents", "marks", "source")

    def __init__(self, items: Items = (), source: Source | None = None, marks: dict[str, Mark] | None = None) -> None:
        dict.__init__(self, items)
        self.source = source or _NOWHERE
        self.marks = marks if marks is not None else {}
        self.contents: int | None = None
        count_steps(PER_MAPPING, self)

    def where(self, key: str) -> Source:
        """Where `key` is written; where the mapping is when it has no such key."""
        mark = self.mark(key)
        return (mark.container or self.source).child(escape(key), mark)

    def mark(self, key: str) -> Mark:
        """The line of `key`; of the mapping when it has no such key."""
        return self.marks.get(key) or Mark(self.source.file, self.source.line)

    def as_written(self, key: str) -> str | None:
        """The scalar at `key` as text, spelled as in its file; None where there is none, or null."""
        return as_written(self.get(key), self.mark(key).spelling)

    def marks_with_container(self) -> dict[str, Mark]:
        """The marks for a mapping that takes over values of this one."""
        marks = ((key, self.mark(key)) for key in self)
        return {key: mark._replace(container=mark.container or self.source) for key, mark in marks}

    def derive(self, items: Items) -> Object:
        """Another mapping that was written here."""
        return Object(items, self.source, self.marks)

    def changed(self, items: Items) -> Object:
        """Another mapping that was written here; itself when it is the same: large documents change in few places."""
        new = dict(items)
        if len(new) == len(self) and all(map(is_, new, self)) and all(map(is_, new.values(), self.values())):
            return self
        return self.derive(new)

    def with_values(self, values: Mapping[str, Any]) -> Object:
        """The same with these values for some of its keys; itself without any."""
        return self.derive({**self, **values}) if values else self

    def replacing(self, key: str, value: Any) -> Object:
        """The same with `value` for `key`, in the key's position, else at the end; itself if nothing changes."""
        if key in self and self[key] is value:
            return self
        return self.derive({**self, key: value})

    def without(self, *keys: str) -> Object:
        """The same without `keys`; itself when it has none of them."""
        if self.keys().isdisjoint(keys):
            return self
        return self.derive({k: v for k, v in self.items() if k not in keys})

    def renaming(self, names: Mapping[str, str]) -> Object:
        """The same with other names for some keys, in their positions and with their lines."""
        if not names:
            return self
        marks = self.marks | {new: self.mark(old) for old, new in names.items()}
        return Object({names.get(key, key): value for key, value in self.items()}, self.source, marks)


class Array(list[Any]):
    """A list with its own `source` and, in `marks`, the line of each item; for `contents` see `Object`."""

    __slots__ = ("contents", "marks", "source")

    def __init__(
        self, items: Iterable[Any] = (), source: Source | None = None, marks: list[Mark] | None = None
    ) -> None:
        super().__init__(items)
        self.source = source or _NOWHERE
        self.marks = marks if marks is not None else []
        self.contents: int | None = None

    def where(self, index: int) -> Source:
        """Where the item at `index` is written."""
        return self.source.child(str(index), self.mark(index))

    def mark(self, index: int) -> Mark:
        """The line of the item at `index`; of the list where none is known."""
        return self.marks[index] if index < len(self.marks) else Mark(self.source.file, self.source.line)

    def as_written(self) -> Array:
        """The list with its numbers and booleans as text, spelled as in their file."""
        texts = [as_written(value, self.mark(index).spelling) for index, value in enumerate(self)]
        return self.derive(value if text is None else text for value, text in zip(self, texts, strict=True))

    def derive(self, items: Iterable[Any]) -> Array:
        """Another list that was written here, item for item."""
        return Array(items, self.source, self.marks)

    def changed(self, items: Iterable[Any]) -> Array:
        """Another list that was written here, item for item; itself when it is the same."""
        new = list(items)
        return self if len(new) == len(self) and all(map(is_, new, self)) else self.derive(new)

    def selecting(self, indexes: Iterable[int]) -> Array:
        """The items at `indexes`, with their lines."""
        indexes = list(indexes)
        return Array((self[i] for i in indexes), self.source, [self.mark(i) for i in indexes])


def size_of(value: Any) -> int:
    """The number of values in a document, itself included."""
    size, waiting = 0, [value]
    while waiting:
        value = waiting.pop()
        size += 1
        if isinstance(value, (Object, Array)):
            waiting += value.values() if isinstance(value, Object) else value
    return size


def source_of(value: object, default: Source) -> Source:
    """Where `value` was written; `default` for scalars and for what a rule made up."""
    return value.source if isinstance(value, (Object, Array)) and value.source.file else default


def reroot(value: Any, parent: Source | None = None, token: str = "") -> Any:
    """A copy in which every source has the pointer at which the value now is; files and lines stay."""
    if not isinstance(value, (Object, Array)):
        return value
    mark = Mark(value.source.file, value.source.line)
    source = parent.child(token, mark) if parent else Source(mark.file, "", mark.line)
    if isinstance(value, Object):
        return Object(((k, reroot(v, source, escape(k))) for k, v in value.items()), source, dict(value.marks))
    return Array((reroot(v, source, str(i)) for i, v in enumerate(value)), source, list(value.marks))
