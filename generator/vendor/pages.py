"""A documentation page -> the OpenAPI documents that it embeds, each with the lines of the page.

They stand in fenced blocks (CommonMark, 4.5) whose info string names an operation: `yaml FILE METHOD PATH`. Pages
without such a block are refused, with what they seem to be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..document.problems import Problem, Problems, Source
from ..interpreter.fast_dataclasses import dataclass
from ..resources import guide_name

_FENCE = re.compile(r"([ \t]*)(`{3,}(?=[^`]*$)|~{3,})(.*)")
_ANNOTATION = re.compile(
    r"(?:yaml|yml|json)\s+(?:\S+\s+)?(?:get|put|post|delete|options|head|patch|trace|query|webhook)\s+\S.*",
    re.IGNORECASE,
)
_ROOT = re.compile(r"""["']?(?:openapi|swagger)["']?\s*:\s*["']?[0-9]""")
_MOST_INDENT = 3
"""Spaces by which the closing fence may be indented more than the opening one; with more it is a line of the block."""
BY_HAND = f'translate it by hand: {guide_name()}, "How do I translate a page by hand?"'
_DIALECTS = (
    (
        re.compile(r"\A\s*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE),
        "this is a page in HTML",
        "many sites serve a page's source under its address with .md at the end: name that. Otherwise ",
    ),
    (
        re.compile(r"class='api-response-data'|^Expand Allobject", re.MULTILINE),
        "this page describes its API in a dialect that is not OpenAPI: fields run into their types",
        "",
    ),
    (
        re.compile(
            r"\A---\n(?:(?!---).*\n)*(?:openapi|api): *['\"]?[^\n]*\b(?:GET|PUT|POST|PATCH|DELETE) ", re.IGNORECASE
        ),
        "this is the source of a page, whose API is in a document of its own",
        "name that document, such as openapi.json of the same site. Otherwise ",
    ),
    (
        re.compile(r"<(?:ParamField|ResponseField|Param|Property|ApiParam)\b"),
        "this page describes its API in a dialect that is not OpenAPI: fields are components of the page",
        "look whether the site has a document, such as openapi.json, and name that. Otherwise ",
    ),
    (
        re.compile(r"^(?:curl --request|Available options:|string<[\w-]+>|enum<\w+>)", re.MULTILINE),
        "this page is prose, the text of a rendered page, and embeds no OpenAPI",
        "many sites serve a page's source under its address with .md at the end: name that. Otherwise ",
    ),
)
"""What shows a kind of page, what it is then, and what to try before it is translated."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: its lines as they are there, less the indent of its fence."""

    line: int
    """The line of the page on which its first one stands."""
    info: str
    text: str
    is_closed: bool

    @property
    def embeds_openapi(self) -> bool:
        """Whether the info string names an operation."""
        return _ANNOTATION.fullmatch(self.info) is not None


def is_document(text: str, name: str) -> bool:
    """Whether a text is meant as YAML or JSON, and is not a page: by its file's name, or by its beginning."""
    if re.search(r"\.(ya?ml|json)$", name, re.IGNORECASE) or text.lstrip().startswith("{"):
        return True
    for line in text.split("\n"):
        if _FENCE.match(line):
            return False
        if _ROOT.match(line):
            return True
    return False


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in their order. One that is not closed goes on to the end of the page."""
    indent, fence, info, first = "", "", "", 0
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        match = _FENCE.fullmatch(line.removesuffix("\r"))
        if not fence:
            if match:
                indent, fence, info, first, lines = match[1], match[2], match[3].strip(), number + 1, []
        elif match and _closes(match, indent, fence):
            yield Block(first, info, "".join(lines), True)
            fence = ""
        else:
            lines.append(f"{line.removeprefix(indent)}\n")
    if fence:
        yield Block(first, info, "".join(lines), False)


def _closes(match: re.Match[str], indent: str, fence: str) -> bool:
    is_near = len(match[1]) <= len(indent) + _MOST_INDENT
    return is_near and not match[3].strip() and match[2].startswith(fence)


def embedded(text: str, file: str, problems: Problems) -> list[Block]:
    """The blocks of a page that embed OpenAPI; a block that does not end is reported."""
    result = [block for block in blocks(text) if block.embeds_openapi]
    for block in result:
        if not block.is_closed:
            message = "the fenced block that begins here does not end: the page is cut off"
            hint = "fetch the page again, as a whole"
            problems.error("page-cut-off", Source(file, "", block.line - 1), message, hint)
    return result


def refusal(text: str, file: str) -> Problem:
    """Why a page is not read, and what to do instead."""
    line = next((block.line for block in blocks(text) if _looks_like_openapi(block.text)), 0)
    if line:
        message = "the fenced block here looks like OpenAPI, but its info string names no operation"
        hint = "write `yaml FILE METHOD PATH` behind its fence, or put it into a file of its own, and name that"
        return Problem("not-openapi", Source(file, "", line), message, hint)
    for pattern, message, hint in _DIALECTS:
        if pattern.search(text):
            return Problem("not-openapi", Source(file), message, f"{hint}{BY_HAND}")
    message = "this is neither OpenAPI nor a page that embeds it"
    hint = f"embedded is a fenced block with the info string `yaml FILE METHOD PATH`. Otherwise {BY_HAND}"
    return Problem("not-openapi", Source(file), message, hint)


def _looks_like_openapi(text: str) -> bool:
    return (
        any(_ROOT.match(line) for line in text.split("\n"))
        or re.match(r"\s*\{\s*\"(openapi|swagger)\"", text) is not None
    )
