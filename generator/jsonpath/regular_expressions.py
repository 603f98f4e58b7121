"""Regular expressions of JSONPath (I-Regexp, RFC 9485), in time that is linear in the text.

Python's engines try one way after the other, which takes for ever for patterns such as `(a+)+b`. Here a pattern is a
set of states that a text is in at once (Thompson's construction); sets that were met before are not computed anew.
`^` and `$` are anchors, as everybody means them: to the letter of the RFC they are characters.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial

from ..steps import count_steps

_MOST_STATES = 2_000
_MOST_SETS = 10_000
_MOST_DIGITS = 4
"""Of a number of repetitions."""
_TOO_MANY = sys.maxsize
_SPECIAL = frozenset("()*+.?[\\]{|}")
_ESCAPES = {**{c: c for c in "()*+-.?[\\]^{|}"}, "n": "\n", "r": "\r", "t": "\t"}
_CATEGORY = re.compile(r"([pP])\{(L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|Z[lps]?|S[ckmo]?|C[cfno]?)\}")
_RANGE = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")

_Test = Callable[[str], bool]
"""Whether a character is one of those that a place of the pattern allows."""
_Build = Callable[[int], int]
"""Adds the states of a part of a pattern that leads to a state; returns the first of them."""


class InvalidPattern(Exception):  # noqa: N818 - it says what it is about
    """A text that is not an I-Regexp."""


class Pattern:
    """A compiled I-Regexp. Raises InvalidPattern; TooManySteps where counted repetitions make it too large."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._tests: list[_Test | None] = [None]
        self._next: list[tuple[int, ...]] = [()]
        """The states to which each leads: with its character if it has a test, else without any. State 0 is the end."""
        self._anchors: dict[int, str] = {}
        """The states that lead on at the beginning of a text alone, or at its end."""
        build = self._alternatives()
        if self._at < len(text):
            raise InvalidPattern(text)
        self._first = build(0)
        self._again = self._closure([self._first])
        self._sets: dict[tuple[frozenset[int], str, bool], frozenset[int]] = {}

    def matches(self, subject: str, *, whole: bool) -> bool:
        """Whether the pattern matches the whole text, or else a part of it."""
        count_steps(1 + len(subject))
        states = self._closure([self._first], at_beginning=True)
        for character in subject:
            if not states or (0 in states and not whole):
                break
            key = states, character, whole
            if key not in self._sets:
                if len(self._sets) > _MOST_SETS:
                    self._sets.clear()
                self._sets[key] = self._after(states, character, whole=whole)
            states = self._sets[key]
        return 0 in (states if 0 in states else self._closure(states, at_beginning=not subject, at_end=True))

    def _after(self, states: frozenset[int], character: str, *, whole: bool) -> frozenset[int]:
        count_steps(len(states))
        tests = ((state, self._tests[state]) for state in states)
        entered = self._closure(self._next[state][0] for state, test in tests if test and test(character))
        return entered if whole else entered | self._again

    def _closure(self, states: Iterable[int], *, at_beginning: bool = False, at_end: bool = False) -> frozenset[int]:
        """The states, and all to which they lead without a character."""
        closed, waiting = set[int](), [*states]
        while waiting:
            count_steps(1)
            state = waiting.pop()
            if state not in closed:
                closed.add(state)
                is_open = {"^": at_beginning, "$": at_end}.get(self._anchors.get(state, ""), True)
                waiting += self._next[state] if is_open and not self._tests[state] else ()
        return frozenset(closed)

    # Building

    def _add(self, test: _Test | None, *targets: int) -> int:
        count_steps(1 if len(self._tests) < _MOST_STATES else _TOO_MANY)
        self._tests.append(test)
        self._next.append(targets)
        return len(self._tests) - 1

    def _add_anchor(self, sign: str, target: int) -> int:
        state = self._add(None, target)
        self._anchors[state] = sign
        return state

    def _repeated(self, part: _Build, least: int, most: int | None) -> _Build:
        def build(target: int) -> int:
            first = target
            if most is None:
                first = self._add(None)
                self._next[first] = part(first), target
            for _ in range((most or least) - least):
                first = self._add(None, part(first), target)
            for _ in range(least):
                count_steps(1)
                first = part(first)
            return first

        return build

    # Reading

    def _alternatives(self) -> _Build:
        branches = [self._branch()]
        while self._takes("|"):
            branches.append(self._branch())
        return lambda target: self._add(None, *(branch(target) for branch in branches))

    def _branch(self) -> _Build:
        pieces: list[_Build] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            pieces.append(self._piece())

        def build(target: int) -> int:
            for piece in reversed(pieces):
                target = piece(target)
            return target

        return build

    def _piece(self) -> _Build:
        if self._takes("("):
            atom = self._alternatives()
            if not self._takes(")"):
                raise InvalidPattern(self._text)
        elif self._text[self._at] in "^$":
            atom = partial(self._add_anchor, self._text[self._at])
            self._at += 1
        else:
            test = self._test()
            atom = lambda target: self._add(test, target)  # noqa: E731
        for sign, (least, most) in {"*": (0, None), "+": (1, None), "?": (0, 1)}.items():
            if self._takes(sign):
                return self._repeated(atom, least, most)
        if quantifier := _RANGE.match(self._text, self._at):
            self._at = quantifier.end()
            if max(map(len, quantifier.groups(""))) > _MOST_DIGITS:
                count_steps(_TOO_MANY)
            least = int(quantifier[1])
            most = (int(quantifier[3]) if quantifier[3] else None) if quantifier[2] else least
            if most is not None and most < least:
                raise InvalidPattern(self._text)
            return self._repeated(atom, least, most)
        return atom

    def _test(self) -> _Test:
        if self._takes("."):
            return lambda character: character not in "\n\r"
        if self._takes("["):
            return self._class()
        if test := self._category():
            return test
        return self._character(_SPECIAL).__eq__

    def _class(self) -> _Test:
        """The test of a class, whose bracket has been taken."""
        negated = self._takes("^")
        tests: list[_Test] = ["-".__eq__] if self._takes("-") else []
        while not self._takes("]"):
            if test := self._category():
                tests.append(test)
                continue
            if self._text.startswith("-]", self._at) and tests:
                self._at += 1
                tests.append("-".__eq__)
                continue
            first = last = self._character(frozenset("-[\\]"))
            if not self._text.startswith("-]", self._at) and self._takes("-"):
                last = self._character(frozenset("-[\\]"))
            if last < first:
                raise InvalidPattern(self._text)
            tests.append(lambda character, first=first, last=last: first <= character <= last)  # type: ignore[misc]
        if not tests:
            raise InvalidPattern(self._text)
        return lambda character: any(test(character) for test in tests) is not negated

    def _category(self) -> _Test | None:
        """The test of a class of Unicode such as `\\p{Lu}`, if the next is one."""
        if not self._text.startswith(("\\p", "\\P"), self._at):
            return None
        category = _CATEGORY.match(self._text, self._at + 1)
        if not category:
            raise InvalidPattern(self._text)
        self._at = category.end()
        name, wanted = category[2], category[1] == "p"
        return lambda character: unicodedata.category(character).startswith(name) is wanted

    def _character(self, special: frozenset[str]) -> str:
        """The next character, which stands for itself or is escaped."""
        character = self._text[self._at : self._at + 1]
        self._at += 1
        if character == "\\":
            character = _ESCAPES.get(self._text[self._at : self._at + 1], "")
            self._at += 1
        elif character in special:
            character = ""
        if not character:
            raise InvalidPattern(self._text)
        return character

    def _takes(self, sign: str) -> bool:
        """Whether the next character is a sign, which then is taken."""
        is_next = self._text.startswith(sign, self._at)
        self._at += is_next
        return is_next
