"""Texts for people in two versions: titles, summaries, descriptions, tags."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from ...document.problems import Source
from ...ir.model import Api, Operation
from ..finding import Finding

_LONGEST = 80
_LEAD = 20

Text = tuple[str, Source]
"""What is said, and where."""


def compare_api_texts(old: Api, new: Api) -> Iterator[Finding]:
    """The findings about what a document says of the API as a whole."""
    yield from compare_texts("api-title-changed", "title", (old.title, old.source), (new.title, new.source))
    yield from compare_texts("api-version-changed", "version", (old.version, old.source), (new.version, new.source))
    before, after = _texts_of_api(old), _texts_of_api(new)
    for place in sorted(before.keys() & after.keys()):
        yield from compare_texts("api-description-changed", place, before[place], after[place])


def compare_operation_texts(old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about what is said of one operation, apart from its parameters and types."""
    rule = "operation-description-changed"
    yield from compare_texts(rule, "summary", (old.summary, old.source), (new.summary, new.source))
    yield from compare_texts(rule, "description", (old.description, old.source), (new.description, new.source))
    for tag in sorted({*old.tags} - {*new.tags}):
        yield Finding("api-tag-removed", "", "tags", tag, "", old.source, new.source)
    for tag in sorted({*new.tags} - {*old.tags}):
        yield Finding("api-tag-added", "", "tags", "", tag, old.source, new.source)
    if old.body and new.body:
        said = (old.body.description, old.body.source), (new.body.description, new.body.source)
        yield from compare_texts("request-body-description-changed", "body", *said)
    before, after = _texts_of_answers(old), _texts_of_answers(new)
    for place in sorted(before.keys() & after.keys()):
        yield from compare_texts("response-description-changed", place, before[place], after[place])


def compare_texts(rule: str, place: str, old: Text, new: Text) -> Iterator[Finding]:
    """The finding about one text, if any. How lines are broken does not matter."""
    before, after = " ".join(old[0].split()), " ".join(new[0].split())
    if before == after:
        return
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = max(0, same - _LEAD)
    yield Finding(rule, "", place, _excerpt(before, start), _excerpt(after, start), old[1], new[1])


def _excerpt(text: str, start: int) -> str:
    """A part of a text that is long enough to show how it differs from another one."""
    if len(text) <= _LONGEST:
        return text
    end = start + _LONGEST
    return f"{'...' if start else ''}{text[start:end]}{'...' if end < len(text) else ''}"


def _texts_of_api(api: Api) -> dict[str, Text]:
    found = {"description": (api.description, api.source)}
    found |= {f"server {server.default_url}": (server.description, server.source) for server in api.servers}
    for scheme in api.schemes:
        found[f"credential {scheme.kind} {scheme.location} {scheme.wire}"] = (scheme.description, scheme.source)
    return found


def _texts_of_answers(operation: Operation) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for response in operation.responses:
        found[f"answer {response.status}"] = (response.description, response.source)
        for header in response.headers:
            found[f"answer {response.status} header {header.name.lower()}"] = (header.description, header.source)
    return found
