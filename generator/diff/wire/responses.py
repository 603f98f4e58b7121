"""The responses of an operation in two versions: which statuses there are, and what a client makes of each.

A client reads a response by what it knows of its status: the status itself, its range, `default`. A success of which it
knows none of these is read like the successes that it knows, provided that these are all alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...ir.media_types import STREAMS, decoding, preferred, preferred_stream
from ...ir.model import Media, Operation, Response
from ...ir.types import ANY, ListOf, Scalar, Type
from ..finding import Finding
from ..pairing import by_key
from .context import Context
from .json_types import in_words
from .types import compare_types
from .values import Value, ValuePair, compare_required

_WITHOUT_BODY = ("204", "205", "304")


def compare_responses(context: Context, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about the responses of an operation."""
    old_responses, new_responses = _by_status(old), _by_status(new)
    for status, old_response, new_response in by_key(old_responses, new_responses):
        place = f"answer {status}"
        if new_response and not old_response:
            rule, old_response = _read_as(old, new_response)
            before = old_response.status if old_response else ""
            yield Finding(rule, place, before, status, old.source, new_response.source)
        elif old_response and not new_response:
            new_response = _general(new, status)
            rule = "response-success-status-removed" if old_response.success else "response-non-success-status-removed"
            rule = "response-status-coverage-changed" if new_response else rule
            after = new_response.status if new_response else ""
            yield Finding(rule, place, status, after, old_response.source, new.source)
        if old_response and new_response:
            yield from _compare_headers(context, place, old_response, new_response)
            media = _media_pairs(old, old_response, new, new_response)
            yield from _compare_media_types(place, media, old_response, new_response)
            yield from _compare_content(context, place, media)


def _by_status(operation: Operation) -> dict[str, Response]:
    return {response.status: response for response in operation.responses}


def _general(operation: Operation, status: str) -> Response | None:
    """The range or the default that describes a status which has no description of its own."""
    responses = _by_status(operation)
    if status != "default" and (of_range := responses.get(f"{status[0]}XX")):
        return of_range
    if status.startswith("2") and any(response.success for response in operation.responses):
        return None  # then `default` describes failures
    return responses.get("default")


def _read_as(old: Operation, new: Response) -> tuple[str, Response | None]:
    """How a client of the old version reads a status that its document does not list: the rule, and like what."""
    if general := _general(old, new.status):
        return "response-status-coverage-changed", general
    if not new.success:
        return "response-non-success-status-added", None
    successes = [(response, _read_whole(old, response)) for response in old.responses if response.success]
    candidates = [(response, media) for response, media in successes if media] or successes
    if len({(media.base_name, media.type) if media else None for _, media in candidates}) > 1:
        return "response-success-status-unknown", None
    return "response-success-status-added", next((response for response, _ in candidates), None)


# Headers: raw responses have them, and show a header that cannot be read as an issue.


def _compare_headers(context: Context, place: str, old: Response, new: Response) -> Iterator[Finding]:
    old_headers, new_headers = ({header.name.lower(): header for header in r.headers} for r in (old, new))
    for name, old_header, new_header in by_key(old_headers, new_headers):
        header_place = f"{place} header {name}"
        before = in_words(old_header.type, context.old) if old_header else ""
        after = in_words(new_header.type, context.new) if new_header else ""
        if old_header and new_header:
            rules = "response-header-became-required", "response-header-became-optional"
            yield from compare_required(*rules, header_place, old_header, new_header)
            if before != after:
                sources = old_header.source, new_header.source
                yield Finding("response-header-type-changed", header_place, before, after, *sources)
        elif old_header:
            rule = "required-response-header-removed" if old_header.required else "optional-response-header-removed"
            yield Finding(rule, header_place, before, "", old_header.source, new.source)
        elif new_header:
            yield Finding("response-header-added", header_place, "", after, old.source, new_header.source)


# Media types


@dataclass(frozen=True, slots=True)
class _MediaPair:
    """What a client of the old version reads of a response, and what the new server then sends; None for nothing."""

    old: Media
    new: Media | None


def _media_pairs(
    old_operation: Operation, old: Response, new_operation: Operation, new: Response
) -> tuple[_MediaPair, ...]:
    """What a client reads of a response: as a whole, and item by item."""
    pairs = []
    for read in (_read_whole, _read_stream):
        if media := read(old_operation, old):
            sent = _counterpart(media, new) if read(new_operation, new) else None
            pairs.append(_MediaPair(media, sent))
    return tuple(pairs)


def _read_whole(operation: Operation, response: Response) -> Media | None:
    """What a client reads of a response as a whole; None where it reads nothing, or only a stream."""
    return None if _has_no_body(operation, response) else preferred(response.content)


def _read_stream(operation: Operation, response: Response) -> Media | None:
    """What a client reads of a response item by item."""
    if _has_no_body(operation, response) or not (response.success or response.status == "default"):
        return None
    return preferred_stream(response.content)


def _has_no_body(operation: Operation, response: Response) -> bool:
    return operation.method == "HEAD" or response.status in _WITHOUT_BODY


def _counterpart(media: Media, new: Response) -> Media | None:
    """What a server sends to a client that asks for `media`: the same, or else what is read in the same way."""
    readable = [other for other in new.content if _decoding(other) == _decoding(media)]
    same = [other for other in readable if other.base_name == media.base_name]
    return next(iter([*same, *readable]), None)


def _decoding(media: Media) -> str:
    """How a client reads a media type; a range, which is read as what is sent, is told by its schema."""
    name = decoding(media)
    is_text = media.type in (None, ANY) or isinstance(media.type, Scalar)
    return "json" if name == "any" and not is_text else name


def _is_stream(media: Media) -> bool:
    return decoding(media) in STREAMS


def _compare_media_types(place: str, media: tuple[_MediaPair, ...], old: Response, new: Response) -> Iterator[Finding]:
    """The findings about media types: those that clients read, and those that they only could ask for."""
    for pair in media:
        if pair.new and pair.new.base_name != pair.old.base_name:
            names = pair.old.base_name, pair.new.base_name
            yield Finding("response-media-type-replaced", place, *names, pair.old.source, pair.new.source)
    read, sent = {pair.old: pair.new for pair in media}, {pair.new for pair in media}
    old_content, new_content = ({media.base_name: media for media in response.content} for response in (old, new))
    for name, old_media, new_media in by_key(old_content, new_content):
        if old_media and not new_media and not read.get(old_media):
            rule = "response-media-type-removed" if old_media in read else "alternative-media-type-removed"
            yield Finding(rule, place, name, ", ".join(sorted(new_content)), old_media.source, new.source)
        elif new_media and not old_media and new_media not in sent:
            yield Finding("response-media-type-added", place, "", name, old.source, new_media.source)


def _compare_content(context: Context, place: str, media: tuple[_MediaPair, ...]) -> Iterator[Finding]:
    """The findings about the values that clients read: JSON, and the items of streams."""
    for pair in media:
        if pair.new and (_decoding(pair.old) == "json" or _is_stream(pair.old)):
            before = Value.of_type(_read_type(pair.old), pair.old.source, context.old)
            after = Value.of_type(_read_type(pair.new), pair.new.source, context.new)
            root = f"{place} item" if _is_stream(pair.old) else place
            yield from compare_types(context, ValuePair("response", root, before, after))


def _read_type(media: Media) -> Type:
    """What a client reads at once: of a stream that is documented as a list, an item."""
    type_ = ANY if media.type is None else media.type
    return type_.item if _is_stream(media) and isinstance(type_, ListOf) else type_
