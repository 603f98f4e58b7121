"""What callers have of a response (bytes, text, or JSON that was parsed already) as the bytes of a JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias, cast

from workflow_client_core import InvalidResponse

from .._text import brief, escaped

Body: TypeAlias = bytes | bytearray | memoryview | str | Mapping[str, Any]
"""A JSON document in UTF-8, or as text, or as `json.loads` gives it."""


def as_bytes(data: Body) -> bytes:
    """The bytes of a JSON document.

    NaN and infinities are written as Python's `json` writes them, and halves of surrogate pairs as escapes: whoever
    reads the bytes sees where they are. Decimal numbers keep their digits.

    Raises:
        TypeError: it is neither bytes nor text nor parsed JSON, or something in it is not.
        ValueError: a list or an object contains itself, or an integer has more digits than CPython writes (4,300).
        InvalidResponse: parsed JSON is nested more deeply than Python's recursion limit allows.
    """
    if isinstance(data, bytes):
        return data
    if isinstance(data, (bytearray, memoryview)):
        return bytes(data)
    if isinstance(data, str):
        return data.encode("utf-8", "backslashreplace")
    try:
        return _Writer().written(data)
    except RecursionError:
        pass
    raise InvalidResponse("the document cannot be read: it is nested too deeply")


class _Writer:
    """Writes parsed JSON, and refuses what `json.dumps` would change: keys that are not text."""

    def __init__(self) -> None:
        from json import JSONEncoder  # here, because it takes longer to import than this package does

        self._encode = JSONEncoder().encode
        self._pieces: list[str] = []
        self._path: list[str] = []
        """The names and positions that lead to the value that is being written."""
        self._containers: set[int] = set()
        """The ids of the lists and objects that it is in."""

    def written(self, value: object) -> bytes:
        """The bytes of a document."""
        self._write(value)
        return "".join(self._pieces).encode()

    def _write(self, value: object) -> None:
        whole = value
        if isinstance(value, Mapping):
            self._write_items("{", cast("Mapping[object, object]", value).items(), "}", whole)
        elif isinstance(value, (list, tuple)):
            self._write_items("[", enumerate(cast("list[object]", value)), "]", whole)
        elif isinstance(value, Decimal):
            self._pieces.append(str(value) if value.is_finite() else "NaN" if value.is_nan() else f"{value:f}")
        elif value is None or isinstance(value, (str, int, float)):
            try:
                self._pieces.append(self._encode(value))
            except ValueError as error:
                raise ValueError(f"data cannot be written as JSON{self._where}: {error}") from None
        else:
            raise TypeError(f"data must be bytes, text or parsed JSON, not {type(value).__name__}{self._where}")

    def _write_items(self, start: str, items: Iterable[tuple[object, object]], end: str, container: object) -> None:
        if id(container) in self._containers:
            raise ValueError(f"data contains itself{self._where}")
        self._containers.add(id(container))
        self._pieces.append(start)
        for number, (key, item) in enumerate(items):
            self._pieces.append("," if number else "")
            if start == "{":
                if not isinstance(key, str):
                    raise TypeError(f"the names in parsed JSON are text, not {type(key).__name__}{self._where}")
                self._pieces.append(f"{self._encode(key)}:")
            self._path.append(str(key))
            self._write(item)
            self._path.pop()
        self._pieces.append(end)
        self._containers.remove(id(container))

    @property
    def _where(self) -> str:
        """Where the value is, for messages: ` (at /outputs/0)`; "" for the whole document."""
        pointer = "".join(f"/{escaped(step)}" for step in self._path)
        return pointer and f" (at {brief(pointer)})"
