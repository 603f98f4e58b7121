"""Documentation in two versions: titles, summaries, descriptions, tags, and what is deprecated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest

from ...document.problems import Source
from ...ir.model import Api, Operation, Webhook
from ..finding import Described, Finding
from ..pairing.items import by_key

_EXCERPT_LENGTH = 80
_LEAD = 20
"""Characters that an excerpt shows before the first difference."""


def compare_api_texts(old: Api, new: Api) -> Iterator[Finding]:
    """The findings about the documentation of the API as a whole."""
    yield from compare_texts("api-title-changed", "title", old.title, new.title, old.source, new.source)
    yield from compare_texts("api-version-changed", "version", old.version, new.version, old.source, new.source)
    yield from _compare_all_descriptions("api-description-changed", _described_in_api(old), _described_in_api(new))


def compare_operation_texts(old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about the documentation of an operation, apart from its parameters and types."""
    rule = "operation-description-changed"
    yield from compare_texts(rule, "summary", old.summary, new.summary, old.source, new.source)
    yield from compare_descriptions(rule, "description", old, new)
    for tag in sorted({*old.tags} - {*new.tags}):
        yield Finding("api-tag-removed", "tags", tag, "", old.source, new.source)
    for tag in sorted({*new.tags} - {*old.tags}):
        yield Finding("api-tag-added", "tags", "", tag, old.source, new.source)
    if old.body and new.body:
        yield from compare_descriptions("request-body-description-changed", "body", old.body, new.body)
    yield from _compare_all_descriptions("response-description-changed", _responses(old), _responses(new))


def compare_webhook_texts(place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    """The findings about the documentation of a webhook, apart from its headers and types."""
    rule = "operation-description-changed"
    yield from compare_texts(rule, f"{place} summary", old.summary, new.summary, old.source, new.source)
    yield from compare_descriptions(rule, place, old, new)
    if old.body and new.body:
        yield from compare_descriptions("request-body-description-changed", place, old.body, new.body)


def compare_deprecation(place: str, old: Operation | Webhook, new: Operation | Webhook) -> Iterator[Finding]:
    """The finding about an operation or a webhook that became deprecated, or is not any more."""
    if old.deprecated != new.deprecated:
        rule = "endpoint-deprecated" if new.deprecated else "endpoint-reactivated"
        yield Finding(rule, place, "", "", old.source, new.source)


def compare_descriptions(rule: str, place: str, old: Described, new: Described) -> Iterator[Finding]:
    """The finding about a description, if it changed."""
    yield from compare_texts(rule, place, old.description, new.description, old.source, new.source)


def compare_texts(rule: str, place: str, before: str, after: str, old: Source, new: Source) -> Iterator[Finding]:
    """The finding about a text, if it changed. Line breaks do not matter."""
    before, after = " ".join(before.split()), " ".join(after.split())
    if before != after:
        difference = next(
            i for i, (old_char, new_char) in enumerate(zip_longest(before, after)) if old_char != new_char
        )
        start = max(0, difference - _LEAD)
        yield Finding(rule, place, _excerpt(before, start), _excerpt(after, start), old, new)


def _compare_all_descriptions(
    rule: str, before: Mapping[str, Described], after: Mapping[str, Described]
) -> Iterator[Finding]:
    for place, old, new in by_key(before, after):
        if old and new:
            yield from compare_descriptions(rule, place, old, new)


def _excerpt(text: str, start: int) -> str:
    """A short text as it is; of a long one, the part that begins at `start`."""
    if len(text) <= _EXCERPT_LENGTH:
        return text
    end = start + _EXCERPT_LENGTH
    return f"{'...' if start else ''}{text[start:end]}{'...' if end < len(text) else ''}"


def _described_in_api(api: Api) -> dict[str, Described]:
    """What has a description outside of all operations, by its place in findings."""
    servers = {f"server {server.default_url}": server for server in api.servers}
    schemes = {f"credential {scheme.kind} {scheme.location} {scheme.wire}": scheme for scheme in api.schemes}
    return {"description": api, **servers, **schemes}


def _responses(operation: Operation) -> dict[str, Described]:
    """The responses and their headers, by their places in findings."""
    by_place: dict[str, Described] = {}
    for response in operation.responses:
        place = f"answer {response.status}"
        by_place[place] = response
        by_place |= {f"{place} header {header.name.lower()}": header for header in response.headers}
    return by_place
