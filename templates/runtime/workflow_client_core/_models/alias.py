"""Types that are another type under a name: unions that msgspec does not decode, and types that contain themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class _Anything(type):
    """msgspec checks that what its hook returns is an instance of the custom type; the members of an alias are not."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class Alias(metaclass=_Anything):
    """A type of generated models that type checkers see as the union in `members`, and msgspec as a custom type.

    A subclass declares:

    - `members`: an annotation without a value, resolved when a value is first decoded;
    - `discriminator`: the property whose value tells which member a JSON object is (OpenAPI 3.1, Discriminator Object);
    - `words`: for each discriminator value the name of a class in the subclass' module.

    No instances are made: a value is decoded to one of the members (`_decoding.choice` says to which one).
    """

    discriminator: ClassVar[str] = ""
    words: ClassVar[Mapping[str, str]] = {}
