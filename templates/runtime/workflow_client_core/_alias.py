"""Types that are another type under a name: unions that msgspec does not decode, and types that hold themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class _Anything(type):
    """msgspec asks whether what a hook gave is an instance of the custom type; the members of an alias are no such."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class Alias(metaclass=_Anything):
    """A type of generated models that type checkers see as the union in `members`, and msgspec as a custom type.

    A subclass declares:

    - `members`: an annotation without a value, resolved when a value is first decoded;
    - `discriminator`: the property whose text tells which member a JSON object is (OpenAPI 3.1, Discriminator Object);
    - `words`: for each such text the name of a class in the subclass' module.

    No instances are made: a value is decoded to one of the members (`_choice` says to which one).
    """

    discriminator: ClassVar[str] = ""
    words: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def _from_json(cls, value: object) -> object:
        """The value, plain Python as decoded from JSON, as the member that it is.

        Raises:
            msgspec.ValidationError: it is none of them, or only a look at its JSON text can tell.
            RecursionError: it is nested too deeply.
        """
        from ._choice import choice

        read = choice(cls).read
        type.__setattr__(cls, "_from_json", staticmethod(read))  # found without a detour from now on
        return read(value)
