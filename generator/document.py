"""Documents that remember where each value was written: mappings and lists with the place of every key and item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from generator.problems import Source


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
        pointer = f"{self.source.pointer}/{escape(key)}"
        mark = self.marks.get(key)
        return Source(mark.file, pointer, mark.line) if mark else Source(self.source.file, pointer, self.source.line)

    def derive(self, items: Iterable[tuple[str, Any]]) -> Object:
        """Other content that came from this place."""
        return Object(items, self.source, self.marks)

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
        mark = self.marks[index] if index < len(self.marks) else Mark(self.source.file, self.source.line)
        return Source(mark.file, f"{self.source.pointer}/{index}", mark.line)

    def derive(self, items: Iterable[Any]) -> Array:
        """Other items that came from this place, one for one."""
        return Array(items, self.source, self.marks)


def escape(key: object) -> str:
    """A key as a reference token of a JSON Pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")


def source_of(value: object, default: Source) -> Source:
    """Where `value` was written; `default` for scalars and for what a rule made up."""
    return value.source if isinstance(value, (Object, Array)) and value.source.file else default


def follow(root: Any, pointer: str) -> Any:
    """The value at a JSON Pointer (RFC 6901). Raises LookupError when there is none."""
    value = root
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value[key]
        elif isinstance(value, list) and key.isdecimal() and len(key) < 9:
            value = value[int(key)]
        else:
            raise LookupError(pointer)
    return value


def reroot(value: Any, pointer: str = "") -> Any:
    """A copy in which every source has the pointer at which the value now stands; files and lines stay."""
    if isinstance(value, Object):
        source = Source(value.source.file, pointer, value.source.line)
        return Object(((k, reroot(v, f"{pointer}/{escape(k)}")) for k, v in value.items()), source, dict(value.marks))
    if isinstance(value, Array):
        source = Source(value.source.file, pointer, value.source.line)
        return Array((reroot(v, f"{pointer}/{i}") for i, v in enumerate(value)), source, list(value.marks))
    return value
