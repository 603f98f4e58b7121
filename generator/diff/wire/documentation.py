"""What documents say to people, in two versions: titles, summaries, descriptions, tags, and what is deprecated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Protocol

from ...document.problems import Source
from ...ir.model import Api, Operation, Webhook
from ..finding import Finding
from ..pairing import by_key

_LONGEST = 80
"""Characters of an excerpt."""
_LEAD = 20
"""Characters that an excerpt shows before the first difference."""

Text = tuple[str, Source]


class Described(Protocol):
    """What has a description in a document."""

    @property
    def description(self) -> str: ...
    @property
    def source(self) -> Source: ...


def compare_api_texts(old: Api, new: Api) -> Iterator[Finding]:
    """The findings about what a document says of the API as a whole."""
    yield from compare_texts("api-title-changed", "title", (old.title, old.source), (new.title, new.source))
    yield from compare_texts("api-version-changed", "version", (old.version, old.source), (new.version, new.source))
    yield from _compare_all_descriptions("api-description-changed", _described_in_api(old), _described_in_api(new))


def compare_operation_texts(old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about what a document says of one operation, apart from its parameters and types."""
    summaries = (old.summary, old.source), (new.summary, new.source)
    yield from compare_texts("operation-description-changed", "summary", *summaries)
    yield from compare_descriptions("operation-description-changed", "description", old, new)
    for tag in sorted({*old.tags} - {*new.tags}):
        yield Finding("api-tag-removed", "tags", tag, "", old.source, new.source)
    for tag in sorted({*new.tags} - {*old.tags}):
        yield Finding("api-tag-added", "tags", "", tag, old.source, new.source)
    if old.body and new.body:
        yield from compare_descriptions("request-body-description-changed", "body", old.body, new.body)
    yield from _compare_all_descriptions("response-description-changed", _responses(old), _responses(new))


def compare_webhook_texts(place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    """The findings about what a document says of one webhook, apart from its types."""
    summaries = (old.summary, old.source), (new.summary, new.source)
    yield from compare_texts("operation-description-changed", f"{place} summary", *summaries)
    yield from compare_descriptions("operation-description-changed", place, old, new)
    if old.body and new.body:
        yield from compare_descriptions("request-body-description-changed", place, old.body, new.body)


def compare_deprecation(place: str, old: Operation | Webhook, new: Operation | Webhook) -> Iterator[Finding]:
    """The finding about an operation or a webhook that became deprecated, or is no longer."""
    if old.deprecated != new.deprecated:
        rule = "endpoint-deprecated" if new.deprecated else "endpoint-reactivated"
        yield Finding(rule, place, "", "", old.source, new.source)


def compare_descriptions(rule: str, place: str, old: Described, new: Described) -> Iterator[Finding]:
    """The finding about one description, if it changed."""
    yield from compare_texts(rule, place, (old.description, old.source), (new.description, new.source))


def compare_texts(rule: str, place: str, old: Text, new: Text) -> Iterator[Finding]:
    """The finding about one text, if it changed. How its lines are broken does not matter."""
    before, after = " ".join(old[0].split()), " ".join(new[0].split())
    if before == after:
        return
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = max(0, common - _LEAD)
    yield Finding(rule, place, _excerpt(before, start), _excerpt(after, start), old[1], new[1])


def _compare_all_descriptions(
    rule: str, before: Mapping[str, Described], after: Mapping[str, Described]
) -> Iterator[Finding]:
    for place, old, new in by_key(before, after):
        if old and new:
            yield from compare_descriptions(rule, place, old, new)


def _excerpt(text: str, start: int) -> str:
    """The part of a text that shows where it differs from the other version."""
    if len(text) <= _LONGEST:
        return text
    end = start + _LONGEST
    return f"{'...' if start else ''}{text[start:end]}{'...' if end < len(text) else ''}"


def _described_in_api(api: Api) -> dict[str, Described]:
    """What belongs to no operation, by where it is."""
    servers = {f"server {server.default_url}": server for server in api.servers}
    schemes = {f"credential {scheme.kind} {scheme.location} {scheme.wire}": scheme for scheme in api.schemes}
    return {"description": api, **servers, **schemes}


def _responses(operation: Operation) -> dict[str, Described]:
    """Responses and their headers, by where they are."""
    places: dict[str, Described] = {}
    for response in operation.responses:
        place = f"answer {response.status}"
        places[place] = response
        places |= {f"{place} header {header.name.lower()}": header for header in response.headers}
    return places
