"""What a caller notices of a change: a sentence in pieces, as what it quotes is untrusted."""

from __future__ import annotations

from functools import cache, lru_cache
from string import Formatter

from ..interpreter.fast_dataclasses import dataclass

Texts = tuple[tuple[str, str], ...]
"""Texts by the names of their placeholders."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Code, or a text of a spec, in a sentence; formats make sure that it is shown, and does nothing."""

    text: str
    in_backticks: bool = False
    """Whether plain text has it between backticks."""

    def __str__(self) -> str:
        return f"`{self.text}`" if self.in_backticks else self.text


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence: prose from the table of rules, and quotes. Sentences are sorted by their text."""

    pieces: tuple[str | Quote, ...] = ()

    def __str__(self) -> str:
        return "".join(map(str, self.pieces))

    def __lt__(self, other: Notice) -> bool:
        return str(self) < str(other)


@lru_cache(maxsize=1024)
def fill(template: str, sides: Texts, quotes: Texts) -> Notice:
    """A rule's template with its placeholders filled: `sides` are prose, `quotes` are texts of a spec.

    The last ones are remembered: what operations share is noticed in each of them.
    """
    prose_of, text_of = dict(sides), dict(quotes)
    pieces: list[str | Quote] = []
    for number, part in enumerate(template.split("`")):
        if number % 2:  # between backticks
            pieces.append(Quote(part.format(**text_of), in_backticks=True))
            continue
        for prose, name in _placeholders(part):
            if prose:
                pieces.append(prose)
            if name and name in prose_of:
                side = prose_of[name]
                pieces.append(side if pieces else side[0].upper() + side[1:])
            elif name:
                pieces.append(Quote(text_of[name]) if text_of[name] else "nothing")
    return Notice(tuple(pieces))


@cache  # as many texts as the tables of rules have
def _placeholders(text: str) -> tuple[tuple[str, str | None], ...]:
    """The prose of a template, each piece with the name of the placeholder that follows it, if there is one."""
    return tuple((prose, name) for prose, name, _, _ in Formatter().parse(text))
