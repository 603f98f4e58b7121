"""Reading the JSON of small values, with messages that say what was expected."""

from __future__ import annotations

from typing import TypeVar

import msgspec

T = TypeVar("T")


def from_json(data: bytes | str, type_: type[T], what: str, expected: str) -> T:
    """The value of the JSON of `what`, such as "a reference"; `expected` is an example, or who writes it.

    Raises:
        msgspec.DecodeError: it is not JSON, or (ValidationError) of something else.
        TypeError: it is not text, but perhaps what was parsed from it.
    """
    if not isinstance(data, bytes | bytearray | memoryview | str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{what} is read from bytes or text that is JSON, not from {type(data).__name__}")
    try:
        return msgspec.json.decode(data, type=type_)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(f"the JSON is not {what}: {error}; expected {expected}") from None
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise msgspec.DecodeError(f"{what} is read from JSON, which this is not; expected {expected}") from None
