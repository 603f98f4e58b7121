"""The pages of the site that are files of the repository: which there are, where each lies, and what leads to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt

_NO_PART_OF_ANCHORS = re.compile(r"[^\w\- ]")
_MARKUP = re.compile(r"[`*]|\{#.*\}$")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A part of the navigation: its title, its folder of the site, and the patterns of its files."""

    title: str
    folder: str
    patterns: tuple[str, ...] = ()
    is_split: bool = False
    """Whether each section is a page; the first section stays with what is above it."""


SHELVES = (
    Shelf("Overview", "", ("README.md",), is_split=True),
    Shelf("Runs of any product", "runs/", ("generated/workflow-runs/*.md", "generated/*.md")),
    Shelf("Clients", "clients/", ("generated/workflow-client-core/*.md", "generated/*/*.md")),
    Shelf("Reference", "reference/"),
    Shelf("Rules of diff", "rules/"),
    Shelf("Contributing", "contributing/", ("CONTRIBUTING.md",), is_split=True),
    Shelf("More", "more/", ("templates/*.md", "*.md")),
)
"""A file belongs to the first shelf with a pattern that it matches."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its path in the site, its Markdown, and the file and line of the repository at which that begins."""

    path: str
    title: str
    shelf: str
    text: str
    source: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a Markdown text, with its 0-based line, and its anchors on GitHub and in the site."""

    line: int
    level: int
    title: str
    anchor: str
    site_anchor: str


def headings(text: str) -> list[Heading]:
    """All headings of a text, in order."""
    tokens, seen, result = MarkdownIt("commonmark").parse(text), Counter[str](), list[Heading]()
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.map:
            title = _MARKUP.sub("", inline.content).replace("\\", "").strip()
            slug = _NO_PART_OF_ANCHORS.sub("", title.lower()).replace(" ", "-")
            number, own = seen[slug], re.search(r"\{#(.*)\}$", inline.content)
            anchor, site_anchor = (f"{slug}-{number}", f"{slug}_{number}") if number else (slug, slug)
            site_anchor = own[1] if own else site_anchor
            result.append(Heading(opening.map[0], int(opening.tag[1]), title, anchor, site_anchor))
            seen[slug] += 1
    return result


def repository_pages(root: Path) -> list[Page]:
    """The pages of all Markdown files of the shelves, in the order of the navigation."""
    pages, seen = list[Page](), set[Path]()
    for shelf in SHELVES:
        for pattern in shelf.patterns:
            for path in sorted(root.glob(pattern), key=lambda path: (path.parent, path.stem != "README", path.name)):
                if path not in seen:
                    seen.add(path)
                    pages += _pages(path, path.relative_to(root), shelf)
    return pages


def _pages(path: Path, source: Path, shelf: Shelf) -> Iterator[Page]:
    text = path.read_text("utf-8")
    every = headings(text)
    title = every[0].title if every else source.stem
    if not shelf.is_split:
        parts = [*source.parts[1:-1], *([] if source.stem == "README" else [source.stem])] or [source.parts[0]]
        yield Page(f"{shelf.folder}{'-'.join(parts).lower()}.md", title, shelf.title, text, str(source))
        return
    lines, sections = text.splitlines(keepends=True), [heading for heading in every if heading.level == 2]
    ends = [*(heading.line for heading in sections[1:]), len(lines)]
    yield Page(f"{shelf.folder}index.md", title, shelf.title, "".join(lines[: ends[0]]), str(source))
    for heading, end in zip(sections[1:], ends[1:], strict=True):
        for inner in every:
            if heading.line <= inner.line < end:
                lines[inner.line] = lines[inner.line].removeprefix("#")
        section = "".join(lines[heading.line : end])
        yield Page(
            f"{shelf.folder}{heading.anchor}.md", heading.title, shelf.title, section, str(source), heading.line + 1
        )
