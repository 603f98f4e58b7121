"""The site as it is written: it reads as on GitHub, its links lead somewhere, and it loads nothing from elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from generator.document.problems import Problems, Source
from tests.docs.pages import Page

_LOADED_BY_STYLES = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//")
_COUNTED = ("h1", "h2", "h3", "h4", "li", "pre", "tr", "blockquote")
"""What a page has as many of as Markdown has on GitHub, which reads lists in lists otherwise than zensical does."""


def check_markdown(page: Page, problems: Problems) -> None:
    """Report lines that zensical reads otherwise than GitHub does: beginnings of lists, and what is inside items."""
    lines, items, messages = page.text.splitlines(), list[int](), dict[int, str]()
    tokens = MarkdownIt("commonmark").parse(page.text)
    spaced = _beginnings_in_spaced_lists(tokens)
    for token in tokens:
        if token.type == "list_item_close":
            items.pop()
        if not token.map or token.type == "inline":
            continue
        start, spaces = token.map[0], 4 * len(items)
        if items and start != items[-1] and len(lines[start]) - len(lines[start].lstrip()) < spaces:
            messages.setdefault(start, f"what is inside an item of a list needs {spaces} spaces before it")
        if token.type.endswith("_list_open") and not items and start and lines[start - 1].strip():
            messages.setdefault(start, "a list needs a blank line before it")
        if token.type == "list_item_open":
            items.append(start)
        if start in spaced and lines[start - 1].strip():
            messages.setdefault(start, "where one item of a list has a blank line in it, all need one before them")
    for line, message in messages.items():
        problems.error("reads-otherwise", Source(page.source, "", page.line + line), f"zensical: {message}")


def _beginnings_in_spaced_lists(tokens: Iterable[Token]) -> set[int]:
    """The lines, from 0, on which items and inner lists begin in lists that have blank lines in them; not the first."""
    lists, starts, spaced = list[Token](), dict[int, list[int]](), set[int]()
    for token in tokens:
        if token.type.endswith("_list_close"):
            lists.pop()
        elif token.type == "paragraph_open" and lists and not token.hidden:
            spaced.add(id(lists[-1]))
        elif token.map and lists and (token.type == "list_item_open" or token.type.endswith("_list_open")):
            starts.setdefault(id(lists[-1]), []).append(token.map[0])
        if token.type.endswith("_list_open"):
            lists.append(token)
    return {start for key in spaced for start in starts.get(key, [])[1:]}


def check_site(folder: Path, pages: list[Page], problems: Problems) -> None:
    """Report what is wrong with any page of a folder; `pages` are those of which it was made."""
    read = {path.resolve(): _Read(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))}
    for path, html in read.items():
        _check_links(path, html, read, folder.resolve(), problems)
    for path in sorted(folder.rglob("*.css")):
        if match := _LOADED_BY_STYLES.search(path.read_text("utf-8")):
            problems.error("loads-from-elsewhere", Source(str(path.relative_to(folder))), f"it has {match[0]}")
    markdown = MarkdownIt("commonmark").enable("table")
    for page in pages:
        expected = _Read(f"<article>{markdown.render(page.text)}").tags
        tags = read[(folder / page.path).with_suffix(".html").resolve()].tags
        if different := [tag for tag in _COUNTED if expected[tag] != tags[tag]]:
            counts = ", ".join(f"<{tag}> {expected[tag]} times, not {tags[tag]}" for tag in different)
            problems.error("reads-otherwise", Source(page.source, "", page.line), f"{page.path} should have {counts}")


def _check_links(path: Path, html: _Read, read: dict[Path, _Read], folder: Path, problems: Problems) -> None:
    for tag, target, line in html.links:
        where, parts = Source(str(path.relative_to(folder)), "", line), urlsplit(target)
        if parts.scheme or parts.netloc:
            if tag != "a" and parts.scheme != "data":
                problems.error("loads-from-elsewhere", where, f"<{tag}> loads {target}")
            continue
        linked = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not linked.is_file() or not linked.is_relative_to(folder):
            problems.error("broken-link", where, f"{target} leads to no file of the site")
        elif parts.fragment and linked in read and unquote(parts.fragment) not in read[linked].anchors:
            problems.error("broken-link", where, f"{target} leads to no anchor of that page")


class _Read(HTMLParser):
    """A page: its anchors, its links with tag and line, and how often a tag is in its article."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.anchors = {"__skip"}
        self.links: list[tuple[str, str, int]] = []
        self.tags = Counter[str]()
        self._is_article = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record the tag's anchor, and what it links or loads."""
        attributes = dict(attrs)
        self._is_article |= tag == "article"
        self.tags[tag] += self._is_article
        self.anchors.add(attributes.get("id") or "")
        self.links += [
            (tag, target, self.getpos()[0]) for key in ("href", "src") if (target := attributes.get(key)) is not None
        ]

    def handle_endtag(self, tag: str) -> None:
        """Record the end of the article."""
        self._is_article &= tag != "article"
