"""Descriptions as summaries: one line, and what follows it."""

from __future__ import annotations

import re

from ..quoting import sentence
from .plain_text import plain_text

_BREAK = re.compile(r"^ {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$", re.MULTILINE)
"""A thematic break (CommonMark 0.31, section 4.1)."""
_STRUCTURE = re.compile(r" {4}|[-*+|>] |\|")
"""The beginning of a list, a table, a quotation or code, which is not a summary."""
_FIRST_SENTENCE = re.compile(r"(.{20,}?(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)[.!?])\s+(?=[A-Z`\"(])")
_LONGEST = 100
"""Characters of a summary that is left whole, though it consists of several sentences."""


def one_line(description: str) -> str:
    """The description as a sentence, without markup; "" stays empty."""
    return sentence(plain_text(description))


def summary_and_rest(description: str) -> tuple[str, str]:
    """What the description says first, in one line, and the rest of it; "" where it begins with something else.

    What stands above a thematic break announces something: it follows.
    """
    above, *below = (part.strip("\n") for part in _BREAK.split(description, maxsplit=1))
    if below and _says_something(above) and _says_something(below[0]):
        summary, rest = _split(below[0])
        return summary, "\n\n".join(filter(None, (rest, plain_text(above))))
    return _split(description)


def _says_something(text: str) -> bool:
    return bool(plain_text(text).strip())


def _split(description: str) -> tuple[str, str]:
    text = plain_text(description).strip("\n")
    paragraph, _, rest = text.partition("\n\n")
    if _STRUCTURE.match(paragraph):
        return "", text
    line = " ".join(paragraph.split())
    first = _FIRST_SENTENCE.match(line) if len(line) > _LONGEST else None
    if first:
        rest = "\n\n".join(filter(None, (line[first.end() :], rest)))
        line = first[1]
    return sentence(line), rest.strip("\n")
