"""HTML in a description -> CommonMark."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_CODE = re.compile(r"(^ {0,3}(```|~~~).*?(?:^ {0,3}\2|\Z)|(`+)(?!`).+?(?<!`)\3(?!`))", re.DOTALL | re.MULTILINE)
"""A block or a span of code, in which tags are text."""
_BLOCKS = frozenset((
    "p", "div", "section", "article", "table", "thead", "tbody", "tr", "ul", "ol", "dl", "dt", "dd", "center",
    "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "details", "summary", "header", "footer", "figure", "br", "hr",
))  # fmt: skip
_INLINE = frozenset((
    "b", "i", "em", "strong", "u", "s", "span", "font", "small", "big", "sup", "sub", "a", "img", "code", "tt", "kbd",
    "pre", "li", "td", "th", "abbr", "cite", "del", "ins", "mark", "q", "strike", "var", "samp", "label",
))  # fmt: skip
"""Elements of HTML; anything else between angle brackets is text, such as `<your-token>` or `List<Bed>`."""


def without_html(text: str) -> str:
    """The text with Markdown in place of tags, as far as it can be; other tags of HTML are left out."""
    if "<" not in text:
        return text
    converter = _Converter()
    position = 0
    for match in _CODE.finditer(text):
        converter.feed(text[position : match.start()])
        converter.write(match[0])
        position = match.end()
    converter.feed(text[position:])
    converter.close()
    return "".join(converter.pieces)


class _Converter(HTMLParser):
    """Collects the text of HTML as `pieces` of Markdown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self.targets: list[str] = []

    def write(self, text: str) -> None:
        """Add text that is Markdown already. What the parser has not finished is text as well."""
        if self.rawdata:
            self.pieces.append(self.rawdata)
            self.rawdata = ""
        self.pieces.append(text)

    def close(self) -> None:
        """Finish: a tag that does not end is text."""
        self.write("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "li":
            self.pieces.append("\n- ")
        elif tag == "img":
            self.pieces.append(attributes.get("alt", ""))
        elif tag == "a":
            self.targets.append(attributes.get("href", ""))
            self.pieces.append("[" if self.targets[-1] else "")
        elif tag in ("code", "tt", "kbd"):
            self.pieces.append("`")
        elif tag in ("td", "th"):
            self.pieces.append(" ")
        elif tag == "pre":
            self.pieces.append("\n```\n")
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
        elif tag not in _INLINE:
            self.pieces.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.targets:
            target = self.targets.pop()
            self.pieces.append(f"](<{target}>)" if target else "")
        elif tag in ("code", "tt", "kbd"):
            self.pieces.append("`")
        elif tag == "pre":
            self.pieces.append("\n```\n")
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")
        elif tag not in _INLINE:
            self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    def handle_entityref(self, name: str) -> None:
        self.pieces.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.pieces.append(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.pieces.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.pieces.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.pieces.append(f"<![{data}]>")
