"""Documents that remember where each value was written: mappings and lists with the place of every key and item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from .pointer import escape
from .problems import Source


class Mark(NamedTuple):
    """The file and 1-based line at which one key or item was written."""

    file: str
    line: int


class Object(dict[str, Any]):
    """A mapping with its own `source` and, in `marks`, the place of each key."""

    __slots__ = ("marks", "source")

    def __init__(
        self, items: Iterable[tuple[str, Any]] = (), source: Source | None = None, marks: dict[str, Mark] | None = None
    ) -> None:
        super().__init__(items)
        self.source = source or Source("")
        self.marks = marks if marks is not None else {}

    def where(self, key: str) -> Source:
        """Where `key` is written; where the mapping is when it has no such key."""
        mark = self.marks.get(key) or self.source
        return self.source.below(escape(key), mark.file, mark.line)

    def derive(self, items: Iterable[tuple[str, Any]]) -> Object:
        """Other content that came from this place."""
        return Object(items, self.source, self.marks)

    def changed(self, items: Iterable[tuple[str, Any]]) -> Object:
        """Other content that came from this place; itself when it is the same: large documents change in few places."""
        new = self.derive(items)
        same = len(new) == len(self) and all(
            key is old and value is before
            for (key, value), (old, before) in zip(new.items(), self.items(), strict=True)
        )
        return self if same else new

    def replacing(self, key: str, value: Any) -> Object:
        """The same with `value` for `key`, in the key's position, else at the end; itself if nothing changes."""
        if key in self and self[key] is value:
            return self
        return self.derive({**self, key: value}.items())

    def without(self, *keys: str) -> Object:
        """The same without `keys`; itself when it has none of them."""
        if not any(key in self for key in keys):
            return self
        return self.derive((k, v) for k, v in self.items() if k not in keys)


class Array(list[Any]):
    """A sequence with its own `source` and, in `marks`, the place of each item."""

    __slots__ = ("marks", "source")

    def __init__(
        self, items: Iterable[Any] = (), source: Source | None = None, marks: list[Mark] | None = None
    ) -> None:
        super().__init__(items)
        self.source = source or Source("")
        self.marks = marks if marks is not None else []

    def where(self, index: int) -> Source:
        """Where the item at `index` is written."""
        mark = self.marks[index] if index < len(self.marks) else self.source
        return self.source.below(str(index), mark.file, mark.line)

    def derive(self, items: Iterable[Any]) -> Array:
        """Other items that came from this place, one for one."""
        return Array(items, self.source, self.marks)

    def changed(self, items: Iterable[Any]) -> Array:
        """Other items that came from this place, one for one; itself when they are the same."""
        new = self.derive(items)
        same = len(new) == len(self) and all(value is old for value, old in zip(new, self, strict=True))
        return self if same else new


def source_of(value: object, default: Source) -> Source:
    """Where `value` was written; `default` for scalars and for what a rule made up."""
    return value.source if isinstance(value, (Object, Array)) and value.source.file else default


def reroot(value: Any, above: Source | None = None, token: str = "") -> Any:
    """A copy in which every source has the pointer at which the value now stands; files and lines stay."""
    if not isinstance(value, (Object, Array)):
        return value
    file, line = value.source.file, value.source.line
    source = above.below(token, file, line) if above else Source(file, "", line)
    if isinstance(value, Object):
        return Object(((k, reroot(v, source, escape(k))) for k, v in value.items()), source, dict(value.marks))
    return Array((reroot(v, source, str(i)) for i, v in enumerate(value)), source, list(value.marks))
