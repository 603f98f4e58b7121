"""`?` marks what a person has not decided yet in the project's own files.

At the end of a key or a word it marks a guess: `started_at?: /start_date`, `running: RUNNING?`. Alone it is a question:
`because: '?'`. A file with marks is read as if the guesses were right, and each mark is an error that says what to do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from .document.field_reader import MARK
from .document.problems import UNDECIDED, Problem, Problems, Source
from .document.tree import Array, Object
from .interpreter.fast_dataclasses import dataclass

_LONGEST = 60
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
    questions: Mapping[str, str] = field(default_factory=dict)
    """What is asked at a key, or in a table; `NAMES` stand beside it. Of words of others it is at `KEY WORD`."""
    openings: Mapping[str, str] = field(default_factory=dict)
    """What stands before `NAMES` that are at a key."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """What to do, by the key of a value or of the table that it is in, or at `choices`, or for an item of a list at
    its key in brackets; shown once a file, where it is needed first."""
    words_of: Mapping[str, str] = field(default_factory=dict)
    """What a word can mean in the entry of a field, by the field's name."""


@dataclass
class Decided:
    """A document without its marks, and a problem for each."""

    document: Object
    questions: list[Problem]
    pointers: list[str]
    """What is not decided, by its pointers with and without marks."""

    def add_to(self, problems: Problems, own: Problems) -> None:
        """Add the questions, and of the document's `own` problems those that are not about what is not decided."""
        for problem in [*(problem for problem in own if not self._concerns(problem.source)), *self.questions]:
            problems.append(problem)  # which may make a warning of an error

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
    decided = reader.table(document, "", "")
    questions, hints = list[Problem](), set[str]()
    for question in sorted(dict.fromkeys(reader.questions), key=lambda question: question.source.line):
        questions.append(question if question.hint not in hints else replace(question, hint=""))
        hints.add(question.hint)
    return Decided(decided, questions, reader.pointers)


@dataclass
class _Reader:
    marks: Marks
    questions: list[Problem] = field(default_factory=list)
    pointers: list[str] = field(default_factory=list)

    def table(self, table: Object, key: str, name: str) -> Object:
        """A table at `key`, without its marks; `name` is what the nearest entry of a field or a list is called."""
        if key in self.marks.words:
            return table.changed((word, self._meaning(table, word, key, name)) for word in table)
        marked = {name: name.removesuffix(MARK) for name in table if len(name) > 1 and name.endswith(MARK)}
        marked = {name: plain for name, plain in marked.items() if plain not in table}
        renamed = table.renaming(marked)
        for marked_name, plain in marked.items():
            self._guess(table.where(marked_name), plain, table[marked_name], key)
            self.pointers.append(renamed.where(plain).pointer)
        return renamed.changed(
            (inner, self._value(renamed, inner, key, inner if key in self.marks.choices else name)) for inner in renamed
        )

    def _value(self, table: Object, key: str, table_key: str, name: str) -> Any:
        value, source = table[key], table.where(key)
        if key in self.marks.opaque:
            return value
        if isinstance(value, Object):
            return self.table(value, key, name)
        if isinstance(value, Array):
            return self._list(value, key, name)
        if value == MARK:
            beside = next((self._beside(name, item) for name, item in table.without(key).items()), "")
            text = self.marks.questions.get(table_key) or self.marks.questions.get(key, f"{key}: ?")
            text = text.replace("NAMES", beside)
            self._question(source, f"{name}: {text}" if name else text, self.marks.hints.get(key, ""))
        elif key in self.marks.texts and _is_marked(value):
            return self._guessed_word(source, key, value, self.marks.hints.get(key, ""))
        return value

    def _beside(self, key: str, value: object) -> str:
        return self.marks.openings.get(key, "") + _shown(value)

    def _list(self, values: Array, key: str, name: str) -> Array:
        for index, value in enumerate(values):
            if value == MARK:
                text = self.marks.questions.get(key, f"{key}: ?")
                self._question(values.where(index), text, self.marks.hints.get(f"[{key}]", ""))
        return values.changed(self.table(value, key, name) if isinstance(value, Object) else value for value in values)

    def _meaning(self, table: Object, word: str, key: str, name: str) -> Any:
        """What a word of somebody else leads to: a meaning, or a table of further words."""
        value, source = table[word], table.where(word)
        hint = self.marks.words_of.get(name) or self.marks.hints.get(key, "")
        if isinstance(value, Object):
            return self.table(value, key, name)
        if value == MARK:
            text = self.marks.questions.get(f"{key} WORD", "what does WORD mean?").replace("WORD", repr(word))
            self._question(source, text, hint)
        elif _is_marked(value):
            return self._guessed_word(source, word, value, hint)
        return value

    def _guessed_word(self, source: Source, word: str, value: str, hint: str) -> str:
        self._question(source, f"{word}: {value}", hint)
        return value.removesuffix(MARK)

    def _guess(self, source: Source, name: str, value: Any, table: str) -> None:
        is_choice = isinstance(value, Array) and table in self.marks.choices
        if isinstance(value, Object):
            value = value.without(*(key for key in value if isinstance(value[key], Object)))
        shown = " or ".join(map(_shown, value)) if is_choice else _shown(value)
        hint = self.marks.hints.get("choices", "") if is_choice and len(value) > 1 else self.marks.hints.get(name)
        self._question(source, f"{name}: {shown}?", hint or self.marks.hints.get(table, ""))

    def _question(self, source: Source, message: str, hint: str) -> None:
        self.questions.append(Problem(UNDECIDED, source, message, hint))
        self.pointers.append(source.pointer)


def _is_marked(value: object) -> bool:
    return isinstance(value, str) and len(value) > 1 and value.endswith(MARK) and not value.startswith("/")


def _shown(value: object) -> str:
    """A value as one line of YAML; its end is left out where it is long."""
    if isinstance(value, Object):
        inside = ((key, _shown(inner), isinstance(inner, Array)) for key, inner in value.items())
        text = (
            "{" + ", ".join(f"{key}: [{text}]" if is_list else f"{key}: {text}" for key, text, is_list in inside) + "}"
        )
    elif isinstance(value, Array):
        text = ", ".join(map(_shown, value))
    else:
        text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
