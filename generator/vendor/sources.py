"""What a person names -> the documents there: a file, a page, a folder of pages, or a URL of a file or page."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..document.loading import MAX_SIZE, decoded, parse
from ..document.problems import Problem, Problems, ProblemsFound, Source
from ..document.tree import Object
from ..interpreter.fast_dataclasses import dataclass
from .fetching import fetch, is_url
from .pages import Block, embedded, is_document, refusal

_PAGES = (".md", ".mdx", ".markdown", ".txt")
_MOST_PAGES = 2_000
"""Of a folder."""


@dataclass(frozen=True, slots=True)
class Published:
    """A document as it was published: its bytes, in a file of its own or in a page, and what they say."""

    content: bytes
    document: Object
    is_embedded: bool = False
    """Whether it stands in a page."""
    is_fetched: bool = False

    @property
    def is_as_published(self) -> bool:
        """Whether nobody can have translated it by hand."""
        return self.is_embedded or self.is_fetched


def published(sources: Sequence[str], problems: Problems) -> list[Published]:
    """The documents of all sources, in their order; what cannot be read is reported."""
    result: list[Published] = []
    for source in dict.fromkeys(sources):
        with problems.collecting():
            if not is_url(source) and Path(source).is_dir():
                result += _in_folder(Path(source), problems)
            else:
                result += _in_text(_content(source), source, problems)
    return result


def _content(source: str) -> bytes:
    if is_url(source):
        return fetch(source)
    try:
        with open(source, "rb") as stream:
            return stream.read(MAX_SIZE + 1)
    except (OSError, ValueError) as error:
        message = f"cannot read the file: {getattr(error, 'strerror', None) or error}"
        hint = "a source is an OpenAPI file, a page that embeds one, a folder of pages, or an http(s) URL"
        raise ProblemsFound([Problem("unreadable-file", Source(source), message, hint)]) from error


def _in_folder(folder: Path, problems: Problems) -> list[Published]:
    """The documents in the pages of a folder, by the names of these; a page without any is a warning."""
    result: list[Published] = []
    skipped: list[Problem] = []
    paths = sorted(_pages(folder))
    for path in paths[:_MOST_PAGES]:
        content = _content(str(path))
        text = decoded(content, str(path))
        if embedded(text, str(path), problems.of_part()):
            result += _in_text(content, str(path), problems)
        else:
            skipped.append(refusal(text, str(path)))
    if len(paths) > _MOST_PAGES:
        problems.error("too-large", Source(str(folder)), f"the folder has more than {_MOST_PAGES:,} pages")
    if result or problems.errors:
        for problem in skipped:
            problems.warning("page-not-read", problem.source, f"{problem.message}; the page is not read", problem.hint)
    else:
        problems += skipped
        if not skipped:
            hint = f"pages end in {', '.join(_PAGES)}; name an OpenAPI file itself"
            problems.error("no-pages", Source(str(folder)), "the folder has no pages", hint)
    return result


def _pages(folder: Path) -> Iterator[Path]:
    for name, folders, files in os.walk(folder):
        folders[:] = [inner for inner in folders if not inner.startswith(".")]
        yield from (Path(name, file) for file in files if file.lower().endswith(_PAGES) and not file.startswith("."))


def _in_text(content: bytes, file: str, problems: Problems) -> list[Published]:
    """The documents in a text: itself, or those that it embeds. Raises ProblemsFound."""
    text = decoded(content, file)
    if is_document(text, file.partition("?")[0]):
        return [Published(content, _document(text, file, problems), is_fetched=is_url(file))]
    blocks = embedded(text, file, problems)
    if not blocks:
        raise ProblemsFound([refusal(text, file)])
    return [_in_block(block, file, problems) for block in blocks if block.is_closed]


def _in_block(block: Block, file: str, problems: Problems) -> Published:
    """The document in a block: its lines are those of the page, whose other lines are read as empty ones."""
    document = _document("\n" * (block.line - 1) + block.text, file, problems)
    return Published(block.text.encode(), document, is_embedded=True)


def _document(text: str, file: str, problems: Problems) -> Object:
    value = parse(text, file, problems)
    if not isinstance(value, Object) or not _may_be_openapi(value):
        source = value.source if isinstance(value, Object) else Source(file)
        hint = "OpenAPI has `openapi`, Swagger `swagger` at its root; name the description of the API itself"
        raise ProblemsFound([Problem("not-openapi", source, "this is not an OpenAPI document", hint)])
    return value


def _may_be_openapi(document: Object) -> bool:
    """Whether a document states that it is OpenAPI, or has paths: some that are published state no version."""
    return bool({"openapi", "swagger"} & document.keys()) or isinstance(document.get("paths"), Object)
