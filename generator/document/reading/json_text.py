"""JSON text -> a value, several times as fast as by a parser of YAML, whose events are objects."""

from __future__ import annotations

import json
import re
import sys
from typing import Any, NoReturn

from ..pointer import escape
from ..problems import Source
from ..scalars import is_spelled_by_value, resolve_scalar
from ..tree import Array, Mark, Object
from . import limits

_TOKEN = re.compile(
    r"""([ \t\r\n,]*+) (?: "([^"\\]*+(?:\\.[^"\\]*+)*+)" ([ \t\r\n]*+ : [ \t\r\n]*+) )?+   # a key
    (?: "([^"\\]*+(?:\\.[^"\\]*+)*+)" | ([^"{}\[\] \t\r\n,]++) | ([{}\[\]]) )    # text, another scalar, or a sign""",
    re.VERBOSE,
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(text: str, file: str) -> tuple[Any, int] | None:
    """The value that the text means, and how many values are in it.

    None where it is not JSON, or where only a problem can say what is wrong with it: a key that stands twice, a number
    that is too large, half of a character, too many values.
    """
    # A parser of YAML refuses the first two, and takes the third for the end of a line.
    if "\ufeff" in text or _has_surrogate(text) or text.count("\r") != text.count("\r\n"):
        return None
    try:
        # This checks the syntax, so that the tokens are those of JSON; it keeps no values.
        json.loads(text, object_pairs_hook=_nothing, parse_int=_nothing, parse_float=_nothing, parse_constant=_refuse)
        builder = _Builder(file)
        builder.take(text)
    except (ValueError, RecursionError):
        return None
    return builder.root[0], builder.values


def _nothing(_: object) -> None:
    """What is left of a value that is only checked."""


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and Infinity, which Python takes for JSON


def _has_surrogate(text: str) -> bool:
    return not text.isascii() and _SURROGATE.search(text) is not None


class _Builder:
    """Builds the tree from the tokens of valid JSON: without recursion, so that nesting cannot exhaust the stack.

    Raises ValueError where a problem has to be reported.
    """

    def __init__(self, file: str) -> None:
        self.mark = Mark(file, 1)
        self.root = Array(source=Source(file, "", 1))
        """A list whose only item is the value of the whole text."""
        self.around: list[tuple[Any, int]] = [(self.root, 0)]
        """The mappings and lists that are being read, each with the length of the pointers to what is in it."""
        self.pointer_lengths = 0
        self.values = 1
        self.scalars: dict[str, tuple[Any, str]] = {}
        """The value of each number, boolean and null, and its spelling as in `Mark`."""

    def take(self, text: str) -> None:
        """Take all tokens of the text."""
        parent: Any = self.root
        marks: Any = parent.marks
        for match in _TOKEN.finditer(text):
            gap, key, colon, string, scalar, sign = match.groups()
            if "\n" in gap:
                self.pass_lines(gap)
            if key is not None:
                key = _meaning(key)
                if key in marks:
                    raise ValueError(key)
                marks[key] = self.mark
                if "\n" in colon:
                    self.pass_lines(colon)
            if sign is None:
                value, mark = (_meaning(string), self.mark) if scalar is None else self.scalar(scalar)
                _add(value, key, mark, parent)
            else:
                parent = self.begin(sign, key, parent) if sign in "{[" else self.end(parent)
                marks = parent.marks

    def pass_lines(self, gap: str) -> None:
        """Count the lines that end between tokens."""
        self.mark = Mark(self.mark.file, self.mark.line + gap.count("\n"))

    def scalar(self, text: str) -> tuple[Any, Mark]:
        """The value of a number, a boolean or null, and the mark that says how it is spelled."""
        if text not in self.scalars:
            value = resolve_scalar(text)
            self.scalars[text] = value, "" if is_spelled_by_value(text, value) else text
        value, spelling = self.scalars[text]
        return value, self.mark._replace(spelling=spelling) if spelling else self.mark

    def begin(self, sign: str, key: str | None, parent: Any) -> Object | Array:
        """The mapping or list that begins at a sign, in `parent`."""
        token, length = str(len(parent)) if key is None else escape(key), self.around[-1][1]
        if parent is self.root:
            source = Source(self.mark.file, "", self.mark.line)
        else:
            source, length = parent.source.child(token, self.mark), length + len(token) + 1
        self.pointer_lengths += length
        if len(self.around) > limits.MAX_DEPTH or self.pointer_lengths > limits.MAX_POINTERS:
            raise ValueError(token)
        value = Object(source=source) if sign == "{" else Array(source=source)
        _add(value, key, self.mark, parent)
        self.around.append((value, length))
        return value

    def end(self, value: Object | Array) -> Object | Array:
        """What is around a mapping or list that ends."""
        self.values += len(value) * (2 if isinstance(value, dict) else 1)  # a key is a value, too
        if self.values > limits.MAX_NODES:
            raise ValueError(self.values)
        self.around.pop()
        outer: Object | Array = self.around[-1][0]
        return outer


def _add(value: Any, key: str | None, mark: Mark, parent: Any) -> None:
    """Add a value to a mapping, in which its key has a mark already, or to a list."""
    if key is None:
        parent.append(value)
        parent.marks.append(mark)
    else:
        parent[key] = value
        if mark.spelling:
            parent.marks[key] = parent.marks[key]._replace(spelling=mark.spelling)


def _meaning(text: str) -> str:
    """The text that stands between quotes; equal ones are one object, as types and references repeat."""
    if "\\" in text:
        text = str(json.loads(f'"{text}"'))
        if _has_surrogate(text):
            raise ValueError(text)
    return sys.intern(text)
