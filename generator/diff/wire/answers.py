"""The answers of an operation in two versions: which statuses there are, and what a client makes of each.

A client reads a status by what it knows of it: the status itself, its range, `default`. A success that it does not know
is read like the ones that it knows, provided that these are all alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...ir.model import Media, Operation, Response
from ...ir.types import ANY, ListOf, Type
from ..finding import Finding
from .headers import compare_headers
from .media import base_name, is_stream, read, read_stream, reading
from .pairs import Pair, Sides, plain_value
from .types import compare_types


@dataclass(frozen=True, slots=True)
class _Answers:
    """The answers of one operation that are compared under one status."""

    status: str
    old: Response
    new: Response
    read: tuple[Media, ...]
    """What a client of the old version reads of it: as a whole, and item by item."""

    @property
    def place(self) -> str:
        return f"answer {self.status}"


def compare_answers(sides: Sides, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about the answers of an operation."""
    before, after = ({response.status: response for response in o.responses} for o in (old, new))
    for status in sorted(before.keys() | after.keys()):
        one, other, place = before.get(status), after.get(status), f"answer {status}"
        if one is None and other is not None:
            one = _general(old, status)
            rule = "response-status-coverage-changed"
            if one is None:
                rule, one = _unknown(sides, old, other)
            yield Finding(rule, "", place, one.status if one else "", status, old.source, other.source)
        elif other is None and one is not None:
            other = _general(new, status)
            rule = "response-success-status-removed" if one.success else "response-non-success-status-removed"
            rule = "response-status-coverage-changed" if other else rule
            yield Finding(rule, "", place, status, other.status if other else "", one.source, new.source)
        if one and other:
            media = (m for m in (read(old, one), read_stream(old, one)) if m)
            yield from _compare(sides, old, new, _Answers(status, one, other, tuple(media)))


def _general(operation: Operation, status: str) -> Response | None:
    """The range or the default that describes a status which is not described by itself."""
    responses = {response.status: response for response in operation.responses}
    if status != "default" and (found := responses.get(f"{status[0]}XX")):
        return found
    if status.startswith("2") and any(response.success for response in operation.responses):
        return None  # then `default` is the answer of failures
    return responses.get("default")


def _unknown(sides: Sides, old: Operation, new: Response) -> tuple[str, Response | None]:
    """What an answer is to a client that does not know its status: the rule, and what it is read like."""
    if not new.success:
        return "response-non-success-status-added", None
    known = [response for response in old.responses if response.success]
    media = [read(old, response) for response in known]
    told = [m for m in media if m] or media
    if any(_content(m) != _content(told[0]) for m in told):
        return "response-success-status-unknown", None
    return "response-success-status-added", next((r for r in known if read(old, r) is (told[0])), None)


def _content(media: Media | None) -> tuple[str, object]:
    """What makes two answers alike to a client."""
    return (base_name(media), media.type) if media else ("", None)


def _compare(sides: Sides, old: Operation, new: Operation, answers: _Answers) -> Iterator[Finding]:
    one, other = answers.old, answers.new
    yield from compare_headers(sides, answers.place, one, other)
    pairs = [(media, _counterpart(media, other, new)) for media in answers.read]
    for media, counterpart in pairs:
        if counterpart and base_name(counterpart) != base_name(media):
            words = base_name(media), base_name(counterpart)
            yield Finding("response-media-type-replaced", "", answers.place, *words, media.source, counterpart.source)
    before, after = ({base_name(media): media for media in response.content} for response in (one, other))
    for name in sorted(before.keys() - after.keys()):
        rule = "alternative-media-type-removed"
        for media, counterpart in pairs:
            if before[name] is media:
                rule = "" if counterpart else "response-media-type-removed"
        if rule:
            listed = ", ".join(sorted(after))
            yield Finding(rule, "", answers.place, name, listed, before[name].source, other.source)
    for name in sorted(after.keys() - before.keys()):
        if not any(after[name] is counterpart for _, counterpart in pairs):
            rule = "response-media-type-added"
            yield Finding(rule, "", answers.place, "", name, one.source, after[name].source)
    for media, counterpart in pairs:
        if counterpart and (reading(media) == "json" or is_stream(media)):
            yield from compare_types(sides, _pair(sides, answers.place, media, counterpart))


def _counterpart(media: Media, new: Response, operation: Operation) -> Media | None:
    """What the new server sends to a client that asks for `media`: the same, or another one that is read alike."""
    readable = [m for m in new.content if reading(m) == reading(media)]
    if (read_stream if is_stream(media) else read)(operation, new) is None:
        return None
    return next((m for m in readable if base_name(m) == base_name(media)), readable[0] if readable else None)


def _pair(sides: Sides, place: str, old: Media, new: Media) -> Pair:
    before, after = (
        plain_value(_read_type(old), old.source, sides.old),
        plain_value(_read_type(new), new.source, sides.new),
    )
    return Pair("response", f"{place} item" if is_stream(old) else place, "", before, after)


def _read_type(media: Media) -> Type:
    """What a client reads at once: of a stream that is documented as a list, an item."""
    type_ = ANY if media.type is None else media.type
    return type_.item if is_stream(media) and isinstance(type_, ListOf) else type_
