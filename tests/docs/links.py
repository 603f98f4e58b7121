"""Links of the repository's Markdown become links of the site; what leads nowhere is a problem with its line."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from generator.document.problems import Problems, Source
from tests.docs.pages import Page, headings

# Code is matched first, so that what looks like a link in it stays as it is.
_CODE_OR_LINK = re.compile(
    r"^(?P<indent> *)(?P<fence>```+|~~~+).*?^(?P=indent)(?P=fence)`*$"
    r"|(?P<image>!?)\[(?P<label>(?:`[^`]*`|[^\[\]`])*)\]\((?P<target>[^()\s]+)\)"
    r"|(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL | re.MULTILINE,
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Site:
    """The site that links lead to: its pages, and the files of the repository that it has copies of."""

    pages: list[Page]
    files: dict[str, Path]


def linked(pages: list[Page], root: Path, problems: Problems) -> Site:
    """The pages with links of the site. A link to a file that is not a page becomes its label, an image is copied."""
    targets = _Targets(pages, root)
    files: dict[str, Path] = {}
    result = list[Page]()
    for page in pages:

        def rewritten(match: re.Match[str], page: Page = page) -> str:
            target = match["target"]
            if target is None or _ELSEWHERE.match(target):
                return match[0]
            line = page.line + page.text.count("\n", 0, match.start("target"))
            where = Source(page.source, "", line)
            if match["image"]:
                file = targets.file(page, target, where, problems)
                files[f"files/{file.name}"] = file
                return f"![{match['label']}]({_relative(page, f'files/{file.name}')})"
            link = targets.link(page, target, where, problems)
            return f"[{match['label']}]({link})" if link else match["label"]

        result.append(replace(page, text=_CODE_OR_LINK.sub(rewritten, page.text)))
    return Site(result, files)


class _Targets:
    """What links can lead to: pages, their anchors, and other files of the repository."""

    def __init__(self, pages: Iterable[Page], root: Path) -> None:
        self._root = root
        self._anchors: dict[str, dict[str, str]] = {}
        """The links of the site by anchor, by the file that is linked; the anchor "" is the page's beginning."""
        self._same: dict[str, str] = {}
        """The file that is a page, by the text of a file."""
        for page in pages:
            anchors = self._anchors.setdefault(page.source, {"": page.path})
            self._same.setdefault(page.text, page.source)
            for number, heading in enumerate(headings(page.text)):
                anchors.setdefault(heading.anchor, f"{page.path}#{heading.site_anchor}" if number else page.path)

    def file(self, page: Page, target: str, where: Source, problems: Problems) -> Path:
        """The file of the repository that is meant, whether it is there or not."""
        path = self._root / os.path.normpath(os.path.join(os.path.dirname(page.source), unquote(target)))
        if not path.exists() or not path.resolve().is_relative_to(self._root.resolve()):
            problems.error("broken-link", where, f"{target} leads to no file of the repository")
        return path

    def link(self, page: Page, target: str, where: Source, problems: Problems) -> str | None:
        """The link of the site, or None if what is meant is not in it."""
        name, _, anchor = target.partition("#")
        path = self.file(page, name, where, problems) if name else self._root / page.source
        source = path.relative_to(self._root).as_posix()
        if source not in self._anchors and path.is_file():
            source = self._same.get(path.read_text("utf-8", "replace"), "")
        anchors = self._anchors.get(source)
        if anchors is None:
            return None
        if (link := anchors.get(unquote(anchor))) is None:
            hint = f"its headings are {', '.join(filter(None, anchors))}"
            problems.error("broken-link", where, f"{target}: there is no heading {anchor} in {source}", hint)
            return None
        return _relative(page, link)


def _relative(page: Page, target: str) -> str:
    path, sign, anchor = target.partition("#")
    return posixpath.relpath(path, posixpath.dirname(page.path) or ".") + sign + anchor
