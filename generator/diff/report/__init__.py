"""A `Report` -> text, in the format that its reader needs: a terminal, a pull request, a program, GitHub's annotations.

What a report quotes of a spec may be hostile: every format shows it as text that does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from .model import Report

Format = Literal["text", "markdown", "json", "github", "sarif", "html"]
FORMATS: tuple[Format, ...] = get_args(Format)


def render(report: Report, format: Format, *, terminal: bool = True, everything: bool = False) -> str:
    """The report as text that ends with a newline. `text` is as wide and colorful as the terminal, if any; without
    `terminal`, as in a file.

    `everything`: whether people get also what needs no decision, and all that is felt of each cause. Programs do.
    """
    match format:
        case "text":
            from .text import in_file, text

            return (text if terminal else in_file)(report, everything=everything)
        case "markdown":
            from .markdown import markdown

            return markdown(report, everything=everything)
        case "json":
            from .json import json_text

            return json_text(report)
        case "github":
            from .github import github

            return github(report, everything=everything)
        case "sarif":
            from .sarif import sarif

            return sarif(report, everything=everything)
        case "html":
            from .html.page import html

            return html(report)
