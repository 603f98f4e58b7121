"""How slips are reported: mended, left out as a note that changes nothing, or refused."""

from __future__ import annotations

from typing import Any

from ..document.problems import Problems, Source


class Slips:
    """Reports what was found in a document, in the words that every rule uses."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def mended(self, place: Source, message: str, hint: str = "") -> None:
        """The meaning is certain, and was put in place of what is written."""
        self.problems.warning("mended", place, message, hint)

    def emptied(self, place: Source, key: str) -> None:
        """A key with nothing behind it (YAML's and JSON's null)."""
        self.problems.warning("empty-section", place, f"`{key}` is empty; read as if it were not there")

    def ignored(self, place: Source, message: str) -> None:
        """It cannot be read, and shapes nothing that is generated."""
        self.problems.warning("ignored-note", place, f"{message}; left out, as it changes nothing")

    def refused(self, place: Source, message: str) -> None:
        """The meaning is not certain."""
        self.problems.error("not-openapi", place, message)

    def flag(self, key: str, value: Any, place: Source, *, note: bool = False) -> bool | None:
        """A value that should be true or false; None where it cannot be said, which is an error unless a `note`."""
        if isinstance(value, bool) or value is None:
            return value
        meant = {"true": True, "false": False}.get(value.strip().lower()) if isinstance(value, str) else None
        if meant is not None:
            self.mended(place, f"`{key}: {value!r}` is read as {str(meant).lower()}", "leave out the quotes")
        elif note:
            self.ignored(place, f"`{key}` is true or false")
        else:
            self.refused(place, f"`{key}` is true or false")
        return meant

    def text(self, key: str, value: Any, place: Source) -> str | None:
        """A value that should be text; None where there is none, or it cannot be said."""
        if isinstance(value, str) or value is None:
            return value
        if isinstance(value, (int, float)):  # bool is an int
            said = str(value).lower() if isinstance(value, bool) else str(value)
            self.problems.warning("not-text", place, f"`{key}` is taken as the text '{said}'", "quote it")
            return said
        self.refused(place, f"`{key}` is text")
        return None
