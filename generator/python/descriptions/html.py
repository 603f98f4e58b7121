"""HTML in a description, as the Markdown that says the same."""

from __future__ import annotations

import re
from html import unescape

_TAG = r"""</?[A-Za-z][A-Za-z0-9]*(?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))*\s*/?>"""
_PIECE = re.compile(
    r"(?P<markdown_code>(?P<fence>`+)(?!`).*?(?<!`)(?P=fence)(?!`))"
    r"|(?P<comment><!--.{0,1000}?-->)"
    r"|<pre\b[^<>]*>(?P<block>.{0,5000}?)</pre\s*>"
    r"|<(?P<element>code|tt|kbd|samp)\b[^<>]*>(?P<code>.{0,1000}?)</(?P=element)\s*>"
    rf"|(?P<tag>{_TAG})",
    re.DOTALL | re.IGNORECASE,
)
"""What is not text between tags; bounded, as a document with many beginnings and no end would take minutes."""
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_INLINE = {
    *("a", "abbr", "b", "big", "cite", "del", "dfn", "em", "font", "i", "ins", "label", "mark", "q", "s", "small"),
    *("span", "strike", "strong", "sub", "sup", "u", "var"),
}
_BLOCKS = {
    *("article", "blockquote", "caption", "center", "details", "div", "dl", "figcaption", "figure", "footer", "header"),
    *("main", "nav", "ol", "section", "summary", "table", "tbody", "tfoot", "thead", "ul"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
_DEEPEST_LIST = 20
"""Levels of lists that are indented: an indentation for each of thousands would take the square of their number."""
_WITHOUT_END = {"br", "dd", "dt", "hr", "img", "li", "p", "td", "th", "tr", "wbr"}
"""Elements whose end tag may be left out (HTML, section 13.1.2.4), or that have none."""


def as_markdown(text: str) -> str:
    """The text with Markdown in place of HTML's tags; what looks like a tag and is none of HTML's stays."""
    writer = _Writer(_elements(text))
    position = 0
    for match in _PIECE.finditer(text):
        writer.text(text[position : match.start()])
        writer.piece(match)
        position = match.end()
    writer.text(text[position:])
    writer.end_row()
    return "".join(writer.pieces)


def _elements(text: str) -> set[str]:
    """The names of tags that are HTML's: a placeholder such as `<i>` or `List<A>` has no end tag."""
    tags = {_name(tag): tag for tag in re.findall(_TAG, text)}
    closed = {_name(tag) for tag in re.findall(r"</[A-Za-z][A-Za-z0-9]*\s*>", text)}
    known = (_INLINE | _BLOCKS) & tags.keys() & closed
    without_end = {
        name for name in _WITHOUT_END & tags.keys() if len(name) > 1 or name in closed or tags[name][1:2] == "p"
    }
    has_html = bool(known or without_end)
    forgotten = {name for name in (_INLINE | _BLOCKS) & tags.keys() if has_html or len(name) > 1}
    generic = {match[1].lower() for match in re.finditer(r"\w<([A-Za-z])>", text)}
    return known | without_end | (forgotten - generic)


class _Writer:
    """Writes the pieces of a text, and knows in which lists, tables and links it is."""

    def __init__(self, elements: set[str]) -> None:
        self.elements = elements
        self.pieces: list[str] = []
        self.lists: list[int] = []
        """For each list around: the number of the last item; -1 where items have none."""
        self.cells = -1
        """The number of cells in the row so far; -1 outside of rows."""
        self.is_first_row = True
        self.links: list[str] = []
        self.at_start = True

    def text(self, text: str) -> None:
        """Writes text between tags."""
        if self.lists or self.cells >= 0:
            text = re.sub(r"\s*\n\s*", " ", text)
        if self.cells >= 0:
            text = re.sub(r"(?<!\\)\|", r"\\|", text)
        if self.at_start:
            text = text.lstrip()
        if text:
            self.pieces.append(text)
            self.at_start = False

    def piece(self, match: re.Match[str]) -> None:
        """Writes what is not text between tags."""
        if match["markdown_code"]:
            self.pieces.append(match["markdown_code"])
            self.at_start = False
        elif (block := match["block"]) is not None:
            code = unescape(_without_tags(block)).strip("\n")
            fence = "`" * max(3, 1 + _longest_run(code))
            self._line(f"\n\n{fence}\n{code}\n{fence}\n\n")
        elif (code := match["code"]) is not None:
            self.text(_span(" ".join(unescape(_without_tags(code)).split())))
        elif tag := match["tag"]:
            self._tag(tag)

    def _tag(self, tag: str) -> None:
        name = _name(tag)
        is_end = tag[1] == "/"
        if name not in self.elements:
            self.text(tag)
        elif name in _INLINE:
            self._inline(name, tag, is_end=is_end)
        elif name in ("ul", "ol"):
            self._list(name, is_end=is_end)
        elif name in ("table", "tr", "td", "th", "thead", "tbody", "tfoot"):
            self._table(name, is_end=is_end)
        else:
            self._block(name, tag, is_end=is_end)

    def _inline(self, name: str, tag: str, *, is_end: bool) -> None:
        if name == "sup" and not is_end:
            self.text("^")
        elif name == "a" and not is_end:
            self.links.append(_attribute(tag, "href"))
            self.text("[" if self.links[-1] else "")
        elif name == "a" and self.links and (url := self.links.pop()):
            self.pieces.append(f"](<{url}>)")

    def _list(self, name: str, *, is_end: bool) -> None:
        if not is_end:
            self.lists.append(0 if name == "ol" else -1)
        elif self.lists:
            self.lists.pop()
        if not self.lists:
            self._line("\n\n")

    def _table(self, name: str, *, is_end: bool) -> None:
        if name in ("td", "th"):
            if not is_end and self.cells >= 0:
                self._strip()
                self.pieces.append(" | " if self.cells else " ")
                self.cells += 1
            self.at_start = True
            return
        self.end_row()
        if name == "table":
            self.is_first_row = True
            self._line("\n\n")
        elif name == "tr" and not is_end:
            self._line("\n|")
            self.cells = 0

    def end_row(self) -> None:
        """Completes the row of a table, and marks the first one as the head."""
        if self.cells >= 0:
            self._strip()
            self.pieces.append(" |" + (f"\n|{' --- |' * self.cells}" if self.is_first_row and self.cells else ""))
            self.is_first_row = self.is_first_row and not self.cells
        self.cells = -1

    def _block(self, name: str, tag: str, *, is_end: bool) -> None:
        indent = "    " * min(len(self.lists), _DEEPEST_LIST)
        if name == "img":
            self.text(f"![{_attribute(tag, 'alt')}](<{_attribute(tag, 'src')}>)")
        elif name == "li":
            if not is_end:
                self._line(f"\n{indent[4:]}{self._marker()}")
        elif self.cells >= 0 or (self.lists and name != "br"):
            self.text(" ")
        elif name == "br":
            self._line(f"\n\n{indent}" if self.at_start else f"  \n{indent}")
        elif name in ("dt", "dd"):
            self._line("\n\n")
        elif re.fullmatch("h[0-9]+", name):
            self._line("\n\n" if is_end else "\n\n# ")
        else:
            self._line("\n\n---\n\n" if name == "hr" else "\n\n")

    def _marker(self) -> str:
        if not self.lists or self.lists[-1] < 0:
            return "-   "
        self.lists[-1] += 1
        return f"{self.lists[-1]}.".ljust(4)

    def _line(self, text: str) -> None:
        """Writes what is at the beginning of a line, without the blanks around it."""
        self._strip()
        self.pieces.append(text)
        self.at_start = True

    def _strip(self) -> None:
        if self.pieces and not self.pieces[-1].startswith("\n"):
            self.pieces[-1] = self.pieces[-1].rstrip()


def _span(code: str) -> str:
    """A code span of Markdown."""
    fence = "`" * (1 + _longest_run(code))
    return f"{fence} {code} {fence}" if code.startswith("`") or code.endswith("`") else f"{fence}{code}{fence}"


def _longest_run(code: str) -> int:
    return max(map(len, re.findall("`+", code)), default=0)


def _without_tags(text: str) -> str:
    """The text without the tags of elements that mark words up."""
    elements = _elements(text)
    text = re.sub(r"<br\s*/?>", "\n", text)
    return re.sub(_TAG, lambda tag: "" if _name(tag[0]) in elements | {"code"} else tag[0], text)


def _name(tag: str) -> str:
    return str(_NAME.findall(tag)[0]).lower()


def _attribute(tag: str, name: str) -> str:
    value = re.search(rf"""\s{name}\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+)""", tag, re.IGNORECASE)
    return unescape(value[1].strip("\"'")).strip() if value else ""
