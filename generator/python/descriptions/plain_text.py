"""CommonMark -> plain text: markers go where the text reads well without them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .html import without_html

_MARKUP = re.compile(
    r"<[A-Za-z/!?]|&[#A-Za-z]|[*\[~\\]|(?<![^\W_])_|_(?![^\W_])|^ {0,3}(?:#|[-=]{2,}|[|>])|^ *\S.*\|", re.MULTILINE
)
"""What a text has that is anything but paragraphs, lists and code."""
_LONGEST = 100_000
"""Characters; no description is so long, and parsing would take seconds."""


@lru_cache(maxsize=10_000)
def plain_text(description: str) -> str:
    """The description without markup; its paragraphs, lists, tables and blocks of code have blank lines between them.

    Links are followed by their addresses, where these are absolute. Text between backticks keeps them.
    """
    if not _MARKUP.search(description) or len(description) > _LONGEST:
        return description
    tokens = _parser().parse(without_html(description).expandtabs(4))
    lines = "\n".join(_lines(_Reader(tokens)))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # Text that looks like the definition of a link stays, and so does a tag that is no element of HTML.
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("reference")


class _Reader:
    """The tokens of a document, and where reading is."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens, self.position = tokens, 0

    def take_until(self, closing: str) -> Iterator[Token]:
        """The tokens up to one of the type `closing`, which is left out."""
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            if token.type == closing:
                return
            yield token


def _lines(reader: _Reader, closing: str = "") -> Iterator[str]:
    """The lines of blocks, with a blank one after each block."""
    for token in reader.take_until(closing):
        match token.type:
            case "inline":
                yield from _inline(token.children or []).split("\n")
                yield ""
            case "bullet_list_open" | "ordered_list_open":
                yield from _list(reader, token)
                yield ""
            case "blockquote_open":
                yield from (f"> {line}".rstrip() for line in _trimmed(_lines(reader, "blockquote_close")))
                yield ""
            case "fence" | "code_block":
                yield from (f"    {line}".rstrip() for line in token.content.rstrip("\n").split("\n"))
                yield ""
            case "tr_open":
                cells = [
                    _inline(cell.children or []) for cell in reader.take_until("tr_close") if cell.type == "inline"
                ]
                yield f"| {' | '.join(cells)} |"
            case "table_close":
                yield ""


def _list(reader: _Reader, opening: Token) -> Iterator[str]:
    """The lines of a list, each item behind its marker; further lines of it are indented."""
    is_ordered, number = opening.type == "ordered_list_open", int(opening.attrGet("start") or 1)
    closing = opening.type.replace("open", "close")
    for token in reader.take_until(closing):
        if token.type == "list_item_open":
            marker = f"{number}. " if is_ordered else "- "
            number += 1
            first, *rest = _trimmed(_lines(reader, "list_item_close")) or [""]
            yield f"{marker}{first}".rstrip()
            yield from (f"{' ' * len(marker)}{line}" for line in rest if line)


def _trimmed(lines: Iterator[str]) -> list[str]:
    return "\n".join(lines).strip("\n").split("\n")


def _inline(tokens: Sequence[Token]) -> str:
    """The text of the tokens inside a paragraph."""
    pieces: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        match token.type:
            case "text":
                pieces.append(token.content)
            case "code_inline":
                fence = "``" if "`" in token.content else "`"
                pieces.append(f"{fence}{token.content}{fence}")
            case "softbreak":
                pieces.append("\n")
            case "hardbreak":
                pieces.append("\n\n")
            case "image":
                pieces.append(token.content)
            case "link_open":
                links.append((str(token.attrGet("href") or ""), len(pieces)))
            case "link_close":
                address, start = links.pop()
                text = "".join(pieces[start:])
                is_absolute = re.match(r"https?://", address) is not None
                pieces += [f" ({address})" if text else address] if is_absolute and text != address else []
    return "".join(pieces)
