"""Typed access to the fields of the project's own YAML files; another type than expected is a problem, at its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from difflib import get_close_matches

from ..interpreter.fast_dataclasses import dataclass
from .problems import Problems, Source
from .tree import Array, Object

MARK = "?"
"""What is marked with it, or consists of it, in the project's own files is not decided yet: see `undecided.py`."""
_FEW = 50
"""As many names as a hint can list."""


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Reads the fields of one sort of file; all problems have the same `id`."""

    id: str
    problems: Problems
    examples: Mapping[str, str] = field(default_factory=dict)
    """What to write at a key, for hints."""

    def error(self, source: Source, message: str, hint: str = "", *see: Source, subject: str = "") -> None:
        """Record a problem; see `Problem`."""
        self.problems.error(self.id, source, message, hint, see=see, subject=subject)

    def check_keys(self, value: Object, keys: set[str]) -> None:
        """Report keys that are not among `keys`."""
        for key in value:
            if key not in keys:
                close = get_close_matches(key, sorted(keys), 1, 0.7)
                guess = f"did you mean {close[0]}? " if close else ""
                hint = f"{guess}the fields here are: {', '.join(sorted(keys))}"
                self.error(value.where(key), f"unknown field {key!r}", hint)

    def mapping(self, holder: Object, key: str) -> Object:
        """The mapping at `key`; an empty one when there is none."""
        value = holder.get(key)
        if value is not None and not isinstance(value, Object):
            self._wrong_type(holder, key, "is not a mapping")
        return value if isinstance(value, Object) else Object(source=holder.where(key))

    def sequence(self, holder: Object, key: str) -> Array:
        """The list at `key`; an empty one when there is none."""
        value = holder.get(key)
        if value is not None and not isinstance(value, Array):
            example = f"{key}: [{value}]" if isinstance(value, str) and key not in self.examples else ""
            self._wrong_type(holder, key, "is not a list", example)
        return value if isinstance(value, Array) else Array(source=holder.where(key))

    def mappings(self, holder: Object, key: str) -> Iterator[Object]:
        """The mappings of the list at `key`."""
        values = self.sequence(holder, key)
        for index, value in enumerate(values):
            if isinstance(value, Object):
                yield value
            else:
                message, example = f"`{key}` has an item that is not a mapping", self.examples.get(key, "")
                example = example.replace("/POINTER", value, 1) if isinstance(value, str) else example
                self.error(values.where(index), message, f"write {example}" if example else "")

    def texts(self, holder: Object, key: str, *, required: bool = False) -> list[tuple[str, Source]]:
        """The texts of the list at `key`, each with its source; `required`: at least one."""
        texts, value = [], holder.get(key)
        if isinstance(value, str) and value.strip():
            self.error(holder.where(key), f"`{key}` is not a list", f"write {key}: [{value}]")
            return []
        values = self.sequence(holder, key)
        if required and holder.get(key) in (None, []):
            self._wrong_type(holder, key, f"is {'empty' if key in holder else 'missing'}")
        for index, value in enumerate(values):
            if isinstance(value, str) and value.strip():
                texts.append((value, values.where(index)))
            else:
                message, is_scalar = f"`{key}` has an item that is not text", isinstance(value, (int, float))
                hint = f"write it in quotes: '{values.as_written()[index]}'" if is_scalar else ""
                self.error(values.where(index), message, hint)
        return texts

    def text(self, holder: Object, key: str, *, required: bool = True) -> str:
        """The text at `key`; "" when there is none."""
        value = holder.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if value is not None or required:
            defect = "is missing" if value is None else "is empty" if isinstance(value, str) else "is not text"
            first = value[0] if isinstance(value, Array) and len(value) == 1 else None
            written = f"'{holder.as_written(key)}'" if isinstance(value, (int, float)) else first
            self._wrong_type(holder, key, defect, f"{key}: {written}" if isinstance(written, str) else "")
        return ""

    def _wrong_type(self, holder: Object, key: str, defect: str, example: str = "") -> None:
        """Report a value of another type than expected, with what to write."""
        value, example = holder.get(key), example or self.examples.get(key, "")
        if isinstance(value, str) and value.startswith("/"):
            example = example.replace("/POINTER", value, 1)
        self.error(holder.where(key), f"`{key}` {defect}", f"write {example}" if example else "")

    def flag(self, holder: Object, key: str) -> bool:
        """The truth value at `key`; False when there is none."""
        value = holder.get(key, False)
        if not isinstance(value, bool):
            self.error(holder.where(key), f"`{key}` must be true or false", f"write {key}: true, or leave it out")
        return value is True

    def matching(self, holder: Object, key: str, pattern: re.Pattern[str]) -> str:
        """The text at `key`, which the pattern describes as a whole; "" when there is none."""
        value = holder.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or not pattern.fullmatch(value):
            self.error(holder.where(key), f"{key}: {value!r} does not match {pattern.pattern}")
            return ""
        return value


def name_hint(name: str, known: list[str]) -> str:
    """A hint for a name that is none of `known`: those that look like it, or all of them where these are few."""
    close = get_close_matches(name, known, 3, 0.7)
    if close:
        return f"did you mean {' or '.join(close)}?"
    if len(known) > _FEW:
        return f"none of the {len(known):,} known names is similar"
    return f"there are: {', '.join(sorted(known)) or 'none'}"
