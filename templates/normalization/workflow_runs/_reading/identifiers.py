"""Whether a response is about the run that was asked for."""

from __future__ import annotations

import re

from .._text import quoted
from .notes import Notes

_UUID = re.compile(r"(?:urn:uuid:)?\{?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})\}?")
_FEWEST_OF_A_UUID = 32
_NUMBER = re.compile(r"0*([0-9]+)(?:\.0+)?")


def identifier(expected: str, pointers: tuple[str, ...], notes: Notes, *candidates: str | None) -> str:
    """The identifier in a response, `expected` where it has none; it is an issue if it is another one.

    Of several candidates, read from `pointers`, that one counts which is expected, else the first that is present:
    products name a run in more than one way.
    """
    for candidate in candidates:
        if candidate == expected:
            return expected
        if candidate:
            break
    present = [(at, candidate) for at, candidate in zip(pointers, candidates, strict=True) if candidate]
    for _, candidate in present:
        if are_same(candidate, expected):
            return candidate
    if not present:
        return expected
    first_pointer, first_candidate = present[0]
    notes.add(first_pointer, "another run", f"expected {quoted(expected)}, as in the reference")
    return first_candidate


def other_run(identifier_: str | None, own: str) -> str | None:
    """The identifier of another run than the own one; some products name a run itself where no other started it."""
    return None if identifier_ and are_same(identifier_, own) else identifier_


def are_same(identifier_: str, another: str) -> bool:
    """Whether two texts are the same identifier: UUIDs and whole numbers by their values, all others by their letters.

    A UUID may be in capitals, in braces, after `urn:uuid:`, or without hyphens; a number may have zeros before it, and
    a fraction of zeros: an API that counts runs may write 7 as `7.0`.
    """
    return identifier_ == another or _value(identifier_) == _value(another)


def _value(text: str) -> str:
    """The same text for all ways to write a UUID or a whole number."""
    if len(text) >= _FEWEST_OF_A_UUID and (uuid := _UUID.fullmatch(text.lower())):
        return f"uuid {uuid[1].replace('-', '')}"
    number = _NUMBER.fullmatch(text)
    return f"number {number[1]}" if number else text
