"""Sources -> the document to vendor, with where it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ..document.loading import parse
from ..document.problems import Problem, Problems, ProblemsFound
from ..document.tree import Object, size_of
from ..interpreter.fast_dataclasses import dataclass
from ..options import Patterns
from ..steps import steps_bounded
from .merge import differences, merged
from .slice import cut, foreign_references
from .sources import Published, published
from .yaml_text import yaml_text


@dataclass(frozen=True, slots=True)
class Vendored:
    """A document that is going to be a provider's openapi.yaml."""

    text: bytes
    document: Object
    """What the text says; places are lines of the text."""
    sources: tuple[str, ...]
    """As they were named: files, folders, URLs."""
    operations: tuple[str, ...] = ()
    """What it was cut to; none where it is the whole document."""
    published_sha256: tuple[str, ...] = ()
    """The digest of each document that was published, where the text is a cut of it, or was merged from several."""

    is_as_published: bool = False
    """Whether all of it was fetched, or stood in pages: then nobody has translated it by hand."""

    @property
    def sha256(self) -> str:
        """The digest of the text."""
        return hashlib.sha256(self.text).hexdigest()


def vendored(
    sources: Sequence[str], operations: Patterns, problems: Problems, *, file: str = "openapi.yaml"
) -> Vendored | None:
    """The document in these sources, cut to `operations` where there are any; None when problems stand in the way.

    `file` is what the document will be called in problems. See `given_patterns` for operations of a command line.
    """
    with problems.collecting():
        documents = published(sources, problems)
        problems.stop_on_errors()
        values = sum(size_of(item.document) for item in documents)
        with steps_bounded(values):
            return _vendored(documents, tuple(sources), operations, file, problems)
    return None


def _vendored(
    documents: list[Published], sources: tuple[str, ...], operations: Patterns, file: str, problems: Problems
) -> Vendored:
    first = documents[0]
    whole = merged([item.document for item in documents], problems)
    document = cut(whole, operations, problems) if operations else whole
    for reference in foreign_references(document):
        message = f"{reference['$ref']!r} leads to another file, which is not vendored"
        hint = "bundle the files into one first, for example with `npx @redocly/cli bundle`, and name that"
        problems.error("other-file", reference.where("$ref"), message, hint)
    problems.stop_on_errors()
    names = tuple(operation.text for operation in operations)
    if is_same(document, first.document):
        text, digests = first.content, tuple[str, ...]()
    else:
        text = yaml_text(document).encode()
        digests = tuple(hashlib.sha256(item.content).hexdigest() for item in documents)
    if first.is_embedded or digests:
        document = _read_again(text, document, file)
    is_as_published = all(item.is_as_published for item in documents)
    return Vendored(text, document, sources, names, digests, is_as_published)


def _read_again(text: bytes, document: Object, file: str) -> Object:
    """The document as it is read from the text; it has other lines there. Raises ProblemsFound."""
    read = parse(text.decode("utf-8-sig"), file, Problems(strict=False))
    if not isinstance(read, Object) or not is_same(read, document):
        message = "the document cannot be written as YAML: what would be read again differs"
        hint = "please report it as a bug of the generator"
        raise ProblemsFound([Problem("not-writable", document.source, message, hint)])
    return read


def is_same(first: Object, second: Object) -> bool:
    """Whether two documents say the same."""
    return not any(differences({"": first}, "", {"": second}, "", ()))
