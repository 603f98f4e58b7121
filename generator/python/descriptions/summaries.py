"""Descriptions as summaries: one line, and what follows it."""

from __future__ import annotations

import re
from functools import lru_cache

from ..quoting import sentence
from .plain_text import Block, blocks, plain_text

_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)(?<![ .(][A-Z]\.) +(?=[A-Z`\"(])")
_LONGEST = 100
"""Characters of a summary that is left whole, though it consists of several sentences."""


def one_line(description: str) -> str:
    """The description as a sentence, without markup; "" stays empty."""
    return sentence(plain_text(description))


@lru_cache(maxsize=10_000)
def summary_and_rest(description: str) -> tuple[str, str]:
    """What the description says first, in one line, and the rest of it; "" where it begins with something else.

    A notice to readers above a thematic break is not what the description is about: it follows.
    """
    parts = [block for block in blocks(description) if block.kind == "hr" or block.text.strip()]
    texts = [block for block in parts if block.kind != "hr"]
    start = next((i for i, block in enumerate(parts) if block.kind == "hr"), 0)
    if start == len(texts) or not any(block.is_notice for block in parts[:start]):
        start = 0
    chosen = next((i for i in range(start, len(texts)) if any(map(str.isalnum, texts[i].text))), None)
    if chosen is None or texts[chosen].kind not in ("paragraph", "heading"):
        return "", "\n\n".join(block.text for block in texts)
    summary, rest = _first_sentence(texts[chosen])
    paragraphs = [rest, *(block.text for i, block in enumerate(texts) if i != chosen)]
    return sentence(summary), "\n\n".join(filter(None, paragraphs))


def _first_sentence(block: Block) -> tuple[str, str]:
    """A paragraph in one line, if it is short, and else its first sentence and the rest."""
    line = " ".join(block.text.split())
    if len(line) <= _LONGEST:
        return line, ""
    beginning, *rest = _SENTENCE_END.split(line, maxsplit=1)
    is_whole = beginning.count("`") % 2 == 0 and beginning.count("(") == beginning.count(")")
    return (beginning, "".join(rest)) if is_whole else (line, "")
