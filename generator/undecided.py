"""`?` marks what a person has not decided yet in the project's own files.

At the end of a key or a word it marks a guess: `started_at?: /start_date`, `running: RUNNING?`. Alone it is a question:
`because: '?'`. A file with marks is read as if the guesses were right, and each mark is an error that says what to do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .document.field_reader import MARK
from .document.problems import UNDECIDED, Problem, Problems, Source
from .document.tree import Array, Object

_LONGEST = 80
"""Characters of a guess that are shown."""


@dataclass(frozen=True)
class Marks:
    """Where `?` is a mark in a sort of file, and what to do at it."""

    opaque: frozenset[str] = frozenset()
    """The keys of values in which `?` is text like any other."""
    words: frozenset[str] = frozenset()
    """The keys of tables whose keys are words of others, so that only what they lead to can be marked."""
    texts: frozenset[str] = frozenset()
    """The keys of plain words, which can be marked themselves."""
    choices: frozenset[str] = frozenset()
    """The keys of tables in which a guess that is a list has candidates, of which one is to be chosen."""
    lists: frozenset[str] = frozenset()
    """The keys of tables of lists, of whose items the tables in them are."""
    reasons: frozenset[str] = frozenset()
    """The keys of reasons for what stands beside them."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What to write instead of a question, by its key; for the tables of `words`, by the key of the table."""
    corrections: Mapping[str, str] = field(default_factory=dict)
    """What to do where a guess is wrong, by its key, or by that of the table that it is in."""


@dataclass
class Decided:
    """A document without its marks, and a problem for each."""

    document: Object
    questions: list[Problem]
    pointers: list[str]
    """What is not decided, by its pointers with and without marks."""

    def add_to(self, problems: Problems, own: Problems) -> None:
        """Add the questions, and of the document's `own` problems those that are not about what is not decided."""
        problems += [problem for problem in own if not self._concerns(problem.source)]
        problems += self.questions

    def _concerns(self, source: Source) -> bool:
        if source.file != self.document.source.file:
            return False
        pointer = source.pointer
        return any(pointer == at or pointer.startswith(f"{at}/") for at in self.pointers)


def stop_on_mistakes(problems: Problems) -> None:
    """End a stage where there are errors, unless all of them are marks: what follows is read as if these were right."""
    if any(problem.id != UNDECIDED for problem in problems.errors):
        problems.stop_on_errors()


def without_marks(document: Object, marks: Marks) -> Decided:
    """The document as it is if all guesses are right, and what remains to be decided."""
    reader = _Reader(marks)
    return Decided(reader.table(document, ""), reader.questions, reader.pointers)


@dataclass
class _Reader:
    marks: Marks
    questions: list[Problem] = field(default_factory=list)
    pointers: list[str] = field(default_factory=list)

    def table(self, table: Object, key: str, inside: str = "") -> Object:
        """A table at a key, without its marks; `inside` is the list whose items it is about."""
        if key in self.marks.words:
            return table.changed((name, self._meaning(table, name, key)) for name in table)
        marked = {name: name.removesuffix(MARK) for name in table if len(name) > 1 and name.endswith(MARK)}
        marked = {name: plain for name, plain in marked.items() if plain not in table}
        renamed = table.renaming(marked)
        for name, plain in marked.items():
            self._guess(table.where(name), plain, table[name], key, inside)
            self.pointers.append(renamed.where(plain).pointer)
        return renamed.changed(
            (name, self._value(renamed, name, name if key in self.marks.lists else inside)) for name in renamed
        )

    def _value(self, table: Object, name: str, inside: str) -> Any:
        value, source = table[name], table.where(name)
        if name in self.marks.opaque:
            return value
        if isinstance(value, Object):
            return self.table(value, name, inside)
        if isinstance(value, Array):
            return self._list(value, name)
        if value == MARK:
            rest = table.without(name)
            about = f" of {_shown(rest)}" if name in self.marks.reasons and rest else ""
            self._question(source, f"`{name}`{about} is not decided", self.marks.answers.get(name, ""))
        elif name in self.marks.texts and _is_marked(value):
            return self._guessed_word(source, name, value, name)
        return value

    def _list(self, values: Array, name: str) -> Array:
        for index, value in enumerate(values):
            if value == MARK:
                self._question(values.where(index), f"`{name}` is not decided", self.marks.answers.get(name, ""))
        return values.changed(self.table(value, name) if isinstance(value, Object) else value for value in values)

    def _meaning(self, table: Object, word: str, key: str) -> Any:
        """What a word of somebody else leads to: a meaning, or a table of further words."""
        value, source = table[word], table.where(word)
        if isinstance(value, Object):
            return self.table(value, key)
        if value == MARK:
            answer = self.marks.answers.get(key, "").replace("WORD", word)
            self._question(source, f"what {word!r} means is not decided", answer)
        elif _is_marked(value):
            return self._guessed_word(source, word, value, key)
        return value

    def _guessed_word(self, source: Source, word: str, value: str, key: str) -> str:
        guess = value.removesuffix(MARK)
        hint = f"if it is right, write {guess} without the `?`{self._correction(word, key)}"
        self._question(source, f"{guess} for {word!r} is a guess", hint)
        return guess

    def _guess(self, source: Source, name: str, value: Any, table: str, inside: str) -> None:
        correction = self._correction(f"{inside}.{name}" if inside else name, table)
        if isinstance(value, Array) and value and table in self.marks.choices:
            hint = f"keep one of them, such as {name}: {_shown(value[0])}{correction}"
            self._question(source, f"{name} may be any of {', '.join(map(_shown, value))}", hint)
        else:
            hint = f"if it is right, remove the `?` behind {name}{correction}"
            self._question(source, f"{name}: {_shown(value)} is a guess", hint)

    def _correction(self, name: str, table: str) -> str:
        text = self.marks.corrections.get(name) or self.marks.corrections.get(table, "correct it")
        return f"; else {text.replace('NAME', name)}"

    def _question(self, source: Source, message: str, hint: str) -> None:
        self.questions.append(Problem(UNDECIDED, source, message, hint or "decide, and write it here"))
        self.pointers.append(source.pointer)


def _is_marked(value: object) -> bool:
    return isinstance(value, str) and len(value) > 1 and value.endswith(MARK) and not value.startswith("/")


def _shown(value: object) -> str:
    """A value as one line of YAML; its end is left out where it is long."""
    if isinstance(value, Object):
        text = "{" + ", ".join(f"{key}: {_shown(inner)}" for key, inner in value.items()) + "}"
    elif isinstance(value, Array):
        text = "[" + ", ".join(map(_shown, value)) + "]"
    else:
        text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
