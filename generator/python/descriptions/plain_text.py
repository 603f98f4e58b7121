"""The plain text of a description."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from ...interpreter.fast_dataclasses import dataclass
from .html import as_markdown

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_MARKUP = re.compile(
    r"[*\xa0\u2000-\u200a\u202f\u3000]|(?<!\w)_|_(?!\w)|\]\(|<[/!A-Za-z]|&#?\w+;|\\[^\w\s]|[ \\]\n"
    r"|^ *(?:#|>|```|~~~|[-=]+ *$|[+] )|\| *:?-|- *\|",
    re.MULTILINE,
)
_SENTENCE = re.compile(r"[A-Za-z][A-Za-z0-9 ,.;:'()/-]*")
"""A line without markup that is not a notice."""
_BLANK = re.compile(r"[\xa0\u2000-\u200a\u202f\u3000\v]")
_ROW = re.compile(r"^ {0,3}\|.*`.*\|.*$", re.MULTILINE)
_ABSOLUTE = re.compile(r"(?:https?|mailto):")
_LONGEST = 100_000
"""Characters; no description is so long, and parsing would take seconds."""
_HARD_BREAK = "\v"
_ESCAPED = "\\`*_{}[]()#+-.!<>|~&\"'"
"""What authors escape because it is markup; before other signs a backslash is part of the text."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a description."""

    text: str
    kind: str
    """The name of a CommonMark block, such as `paragraph` or `hr`."""
    is_notice: bool = False
    """Whether it may be a notice to readers: it quotes, stresses its first words, has a link or asks something."""


@lru_cache(maxsize=10_000)
def plain_text(description: str) -> str:
    """The description without markup; its paragraphs, lists, tables and blocks of code have blank lines between them.

    Links are followed by their addresses, where these are absolute. Text between backticks keeps them.
    """
    if not _MARKUP.search(description) or len(description) > _LONGEST:
        return description.strip()
    return "\n\n".join(block.text for block in blocks(description) if block.text.strip()).strip("\n")


def blocks(description: str) -> list[Block]:
    """The paragraphs, headings, lists, tables, thematic breaks and the like of a description."""
    if _SENTENCE.fullmatch(description):
        return [Block(description.rstrip(" "), "paragraph")]
    from .markdown import tree

    text = _BLANK.sub(" ", description.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > _LONGEST:
        return [Block(text.strip(), "paragraph")]
    markdown = _ROW.sub(_with_escaped_bars, as_markdown(text) if "<" in text else text)
    try:
        return [block for node in tree(markdown.strip("\n")).children for block in _top(node)]
    except RecursionError:  # hundreds of stars around a word
        return [Block(text.strip(), "paragraph")]


def _with_escaped_bars(row: re.Match[str]) -> str:
    """The row of a table without bars in its code, which would end cells."""
    return re.sub(r"(`+)[^`]+\1", lambda code: re.sub(r"(?<!\\)\|", r"\\|", code[0]), row[0])


def _top(node: SyntaxTreeNode) -> Iterator[Block]:
    yield Block(_text(node, "\n\n"), node.type, _is_notice(node))
    if node.type == "heading" and node.markup == "-":  # a line of hyphens below a text was meant to separate it
        yield Block("", "hr")


def _is_notice(node: SyntaxTreeNode) -> bool:
    inline = next((child for child in node.children if child.type == "inline"), None)
    if node.type == "blockquote" or inline is None or not inline.children:
        return node.type == "blockquote"
    pieces = [child.type for child in inline.children if child.type != "text" or child.content]
    return pieces[:1] in (["strong"], ["em"], ["image"]) or "link" in pieces or "?" in inline.content


def _text(node: SyntaxTreeNode, hard_break: str = "\n") -> str:
    """The text of a block; lines end with `hard_break` where the author wants a new line."""
    match node.type:
        case "paragraph":
            return _inline(node.children).replace(_HARD_BREAK, hard_break)
        case "heading":
            return " ".join(_inline(node.children).split())
        case "fence" | "code_block":
            return "\n".join(f"    {line}".rstrip() for line in node.content.rstrip("\n").split("\n"))
        case "bullet_list" | "ordered_list":
            return "\n".join(_items(node))
        case "table":
            return "\n".join(_rows(node))
        case "hr":
            return ""
    text = "\n\n".join(text for child in node.children if (text := _text(child, hard_break)))
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if node.type == "blockquote" else text


def _items(node: SyntaxTreeNode) -> Iterator[str]:
    start = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start):
        marker = f"{number}. " if node.type == "ordered_list" else "- "
        text = ""
        for child in item.children:
            separator = "\n" if child.type.endswith("_list") or not text else "\n\n"
            text += (separator if text else "") + _text(child)
        yield marker + text.lstrip().replace("\n", "\n" + " " * len(marker)).replace(f"\n{' ' * len(marker)}\n", "\n\n")


def _rows(node: SyntaxTreeNode) -> Iterator[str]:
    rows = [row for part in node.children for row in part.children]
    for row in rows:
        cells = [" ".join(_inline(cell.children).split()) for cell in row.children]
        if any(cells):
            yield f"| {' | '.join(cells)} |"


def _inline(nodes: list[SyntaxTreeNode]) -> str:
    around = [None, *nodes, None]
    return "".join(_piece(node, around[i], around[i + 2]) for i, node in enumerate(nodes))


def _piece(node: SyntaxTreeNode, before: SyntaxTreeNode | None, after: SyntaxTreeNode | None) -> str:
    match node.type:
        case "softbreak":
            return "\n"
        case "hardbreak":
            return _HARD_BREAK
        case "code_inline":
            pad = " " if node.content[:1] == "`" or node.content[-1:] == "`" else ""
            return f"{node.markup}{pad}{node.content}{pad}{node.markup}"
        case "text_special" if node.markup[:1] == "\\" and node.content not in _ESCAPED:
            return node.markup
        case "image":
            return node.content or _linked("", str(node.attrs.get("src", "")))
        case "link":
            return _linked(_inline(node.children), str(node.attrs.get("href", "")))
        case "em" | "strong" if _is_text(node, before, after):
            return f"{node.markup}{_inline(node.children)}{node.markup}"
    return _inline(node.children) if node.children else _BLANK.sub(" ", node.content)


def _is_text(node: SyntaxTreeNode, before: SyntaxTreeNode | None, after: SyntaxTreeNode | None) -> bool:
    """Whether stars are meant as text: between letters or digits, as in `2*3*4`, and in `*.py` and `**/*`."""
    if _inline(node.children[:1])[:1] in (".", "/"):
        return True
    if before is None or after is None:
        return False
    return before.content[-1:].isalnum() and after.content[:1].isalnum()


def _linked(text: str, url: str) -> str:
    """A link's text with its URL, unless that is relative or the text itself."""
    text = text.strip()
    address = url.removeprefix("mailto:")
    if not _ABSOLUTE.match(url) or text in (url, address, url.rstrip("/")):
        return text
    return f"{text} ({address})" if text else address
