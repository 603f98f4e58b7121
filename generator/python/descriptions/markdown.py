"""The tree of a text in CommonMark; imported late, as most descriptions are plain sentences."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode


class _Markdown(MarkdownIt):
    """CommonMark with tables. Tags are text, and so are definitions of references: nothing of a text is lost."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable("table").disable(["reference", "html_block", "html_inline", "text_join"])

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        """The URL as it is written."""
        return url


@cache
def _parser() -> _Markdown:
    return _Markdown()


def tree(markdown: str) -> SyntaxTreeNode:
    """The tree of a text. Raises RecursionError where it is nested too deeply."""
    return SyntaxTreeNode(_parser().parse(markdown))
