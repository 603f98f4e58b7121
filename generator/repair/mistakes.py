"""How mistakes are reported: as repaired, as ignored because nothing depends on them, or as refused."""

from __future__ import annotations

from typing import Any

from ..document.problems import Problems, Source
from ..document.tree import Array, Object
from ..interpreter.fast_dataclasses import dataclass
from .fields import BOOLEAN, INSTEAD, TEXT


@dataclass(frozen=True, slots=True)
class Mistakes:
    """Reports mistakes, for all rules in the same terms."""

    problems: Problems

    def repaired(self, source: Source, message: str, hint: str = "") -> None:
        """Report a mistake whose meaning is certain, and replaces what is written."""
        self.problems.warning("mended", source, message, hint)

    def empty(self, source: Source, key: str) -> None:
        """Report a key without a value (YAML's and JSON's null)."""
        self.problems.warning("empty-section", source, f"`{key}` is empty; read as if it were not there")

    def ignored(self, source: Source, message: str) -> None:
        """Report what cannot be read, and shapes nothing that is generated."""
        self.problems.warning("ignored-note", source, f"{message}; left out, as it changes nothing")

    def lost(self, source: Source, message: str, instead: str) -> None:
        """Report a mistake whose meaning is not certain. `instead` says what is read; "": nothing would be certain."""
        self.problems.loss("not-openapi", source, message, instead)

    def boolean(self, key: str, value: Any, source: Source, *, is_annotation: bool = False) -> bool | None:
        """A value that should be true or false; None where it is neither: an error, unless it `is_annotation`."""
        if isinstance(value, bool) or value is None:
            return value
        meaning = as_boolean(value)
        if meaning is not None:
            self.repaired(source, f"`{key}: {value!r}` is read as {str(meaning).lower()}", "remove the quotes")
        elif is_annotation:
            self.ignored(source, f"`{key}` must be true or false")
        else:
            self.lost(source, f"`{key}` must be true or false", INSTEAD[BOOLEAN])
        return meaning

    def text(self, key: str, value: Any, source: Source, text: str | None) -> str | None:
        """A value that should be text; of another scalar, `text`, as it is written. None for what is not a scalar."""
        if isinstance(value, str) or value is None:
            return value
        if text is not None:
            self.problems.warning("not-text", source, f"`{key}` is read as the text '{text}'", "quote it")
            return text
        self.lost(source, f"`{key}` must be text", INSTEAD[TEXT])
        return None

    def mapping(
        self, name: str, value: Any, source: Source, instead: str, expected: str = "a mapping"
    ) -> Object | None:
        """A value that should be a mapping; None for anything else, which is reported with what is read `instead`."""
        if value == Array():  # PHP's empty map
            return Object(source=source)
        if not isinstance(value, Object):
            self.lost(source, f"{name} must be {expected}", instead)
            return None
        return value


def as_boolean(value: Any) -> bool | None:
    """True and false, also when written as text; None for everything else."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None
