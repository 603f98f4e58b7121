"""Where sources are, as far as it tells which changes have the same cause."""

from __future__ import annotations

import re
from itertools import pairwise

from ...document.pointer import split
from ...document.problems import Source

_MEMBER = re.compile(r"/(?:enum|oneOf|anyOf)/[0-9]+(?:/const)?$")
"""The end of a pointer to one word or variant of a value: all of these are one cause."""


class Places:
    """The places of sources. Each is read once: what operations share is in a change of each of them."""

    def __init__(self) -> None:
        # The sources are kept, as only those that exist have identities of their own.
        self._values: dict[int, tuple[Source, str]] = {}
        self._properties: dict[int, tuple[Source, tuple[str, ...]]] = {}

    def value(self, source: Source | None) -> str:
        """As `value_pointer`."""
        if source is None:
            return ""
        if id(source) not in self._values:
            self._values[id(source)] = source, value_pointer(source)
        return self._values[id(source)][1]

    def properties(self, source: Source) -> tuple[str, ...]:
        """As `property_names`."""
        if id(source) not in self._properties:
            self._properties[id(source)] = source, property_names(source)
        return self._properties[id(source)][1]


def value_pointer(source: Source | None) -> str:
    """The pointer to the value that a source is in, or is a word or a variant of."""
    return _MEMBER.sub("", source.pointer) if source else ""


def property_names(source: Source) -> tuple[str, ...]:
    """The last two of the properties that lead to a place of a schema; () where it is not inside of two."""
    tokens = split(source.pointer)
    names = [name for before, name in pairwise(tokens) if before == "properties"]
    return tuple(names[-2:]) if len(names) > 1 else ()
