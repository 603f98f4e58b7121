"""The responses of an operation in two versions: their statuses, headers and bodies.

A client looks a status up in what its document says: first the status itself, then its range, then `default`. A success
without any of these is read like the documented successes, provided that all of them are read in the same way. Where
redirects are the only successes, the body of none is read, and each counts by its own status.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...interpreter.fast_dataclasses import dataclass
from ...ir.media_types import (
    STREAMS,
    decoding,
    event_types,
    is_file,
    is_redirect,
    preferred,
    preferred_stream,
    successes,
    type_read,
)
from ...ir.model import Body, Media, Operation, Response
from ...ir.types import ANY, Scalar
from ..finding import Finding
from ..pairing.items import by_key
from .values.constraints import compare_constraints
from .values.context import Context
from .values.json_types import in_words
from .values.pairs import Value, ValuePair, compare_required
from .values.types import compare_types

_WITHOUT_BODY = ("204", "205", "304")


def compare_responses(context: Context, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about the responses of an operation."""
    for status, old_response, new_response in by_key(_by_status(old), _by_status(new)):
        place = f"answer {status}"
        if new_response and not old_response:
            rule, old_response = _read_by_old_client(old, new_response)
            before = old_response.status if old_response else ""
            yield Finding(rule, place, before, status, old.source, new_response.source)
        elif old_response and not new_response:
            new_response = _general_response(new, status)
            is_success = old_response in successes(old) and status != "default"
            rule = "response-success-status-removed" if is_success else "response-non-success-status-removed"
            rule = "response-status-coverage-changed" if new_response else rule
            after = new_response.status if new_response else ""
            yield Finding(rule, place, status, after, old_response.source, new.source)
        if old_response and new_response:
            yield from _compare_headers(context, place, old_response, new_response)
            media_pairs = _media_pairs(old, old_response, new, new_response)
            yield from compare_media_types(place, media_pairs, old_response, new_response)
            yield from compare_content(context, place, media_pairs)


def _by_status(operation: Operation) -> dict[str, Response]:
    return {response.status: response for response in operation.responses}


def _general_response(operation: Operation, status: str) -> Response | None:
    """The range or the `default` that a status falls under which is not documented itself."""
    responses = _by_status(operation)
    if status != "default" and (of_range := responses.get(f"{status[0]}XX")):
        return of_range
    if status.startswith("2") and any(response.success for response in operation.responses):
        return None  # then `default` describes failures
    return responses.get("default")


def _read_by_old_client(old: Operation, new: Response) -> tuple[str, Response | None]:
    """The rule for a status that the old version does not document, and the old response that it is read like."""
    if general := _general_response(old, new.status):
        return "response-status-coverage-changed", general
    redirects = [response for response in successes(old) if is_redirect(response)]
    if redirects and (new.success or is_redirect(new)):
        return "response-success-status-unknown", None
    if not new.success:
        return "response-non-success-status-added", None
    documented = [(response, _read_whole(old, response)) for response in old.responses if response.success]
    candidates = [(response, media) for response, media in documented if media] or documented
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
            elif isinstance(old_header.type, Scalar) and isinstance(new_header.type, Scalar):
                old_value = Value.of_type(old_header.type, old_header.source, context.old)
                new_value = Value.of_type(new_header.type, new_header.source, context.new)
                values = ValuePair("response", header_place, old_value, new_value, "text")
                yield from compare_constraints(values, old_header.type, new_header.type)
        elif old_header:
            rule = "required-response-header-removed" if old_header.required else "optional-response-header-removed"
            yield Finding(rule, header_place, before, "", old_header.source, new.source)
        elif new_header:
            yield Finding("response-header-added", header_place, "", after, old.source, new_header.source)


# Media types


@dataclass(frozen=True, slots=True)
class MediaPair:
    """What a client of the old version reads of a body, and what it gets from the new version; None for nothing."""

    old: Media
    new: Media | None


def _media_pairs(
    old_operation: Operation, old: Response, new_operation: Operation, new: Response
) -> tuple[MediaPair, ...]:
    """What a client reads of a response: as a whole, and item by item."""
    pairs = []
    for read in (_read_whole, _read_stream):
        if media := read(old_operation, old):
            pairs.append(MediaPair(media, counterpart(media, new) if read(new_operation, new) else None))
    return tuple(pairs)


def _read_whole(operation: Operation, response: Response) -> Media | None:
    """What a client reads of a response as a whole; None where it reads nothing, or only a stream."""
    return None if _has_no_body(operation, response) else preferred(response.content)


def _read_stream(operation: Operation, response: Response) -> Media | None:
    """What a client reads of a response item by item; None where it reads nothing in this way."""
    if _has_no_body(operation, response) or not (response.success or response.status == "default"):
        return None
    return preferred_stream(response.content)


def _has_no_body(operation: Operation, response: Response) -> bool:
    is_location = is_redirect(response) and response in successes(operation)
    return operation.method == "HEAD" or response.status in _WITHOUT_BODY or is_location


def counterpart(media: Media, new: Response | Body) -> Media | None:
    """What a server sends to a client that asks for `media`: the same, with its parameters if there are several, or
    else what is read in the same way."""
    same = [new_media for new_media in new.content if new_media.base_name == media.base_name]
    same.sort(key=lambda new_media: new_media.media_type != media.media_type)
    readable = [new_media for new_media in new.content if _decoding(new_media) == _decoding(media)]
    return next(iter([*same, *readable]), None)


def _decoding(media: Media) -> str:
    """How a client reads a media type; a range of them counts as JSON where its schema describes more than text."""
    name = decoding(media)
    is_text = media.type in (None, ANY) or isinstance(media.type, Scalar)
    return "json" if name == "any" and not is_text else name


def _is_stream(media: Media) -> bool:
    return decoding(media) in STREAMS


def compare_media_types(
    place: str, pairs: tuple[MediaPair, ...], old: Response | Body, new: Response | Body
) -> Iterator[Finding]:
    """The findings about the media types of a body: of those that clients read, and of the others."""
    for pair in pairs:
        if pair.new and pair.new.base_name != pair.old.base_name:
            names = pair.old.base_name, pair.new.base_name
            yield Finding("response-media-type-replaced", place, *names, pair.old.source, pair.new.source)
    read, sent = {pair.old: pair.new for pair in pairs}, {pair.new for pair in pairs}
    old_content, new_content = ({media.base_name: media for media in body.content} for body in (old, new))
    for name, old_media, new_media in by_key(old_content, new_content):
        if old_media and not new_media and not read.get(old_media):
            rule = "response-media-type-removed" if old_media in read else "alternative-media-type-removed"
            yield Finding(rule, place, name, ", ".join(sorted(new_content)), old_media.source, new.source)
        elif new_media and not old_media and new_media not in sent:
            yield Finding("response-media-type-added", place, "", name, old.source, new_media.source)


def compare_content(context: Context, place: str, pairs: tuple[MediaPair, ...]) -> Iterator[Finding]:
    """The findings about the values that clients read in a body: JSON, the items of streams, values in plain text."""
    for pair in pairs:
        if pair.new and pair.old.events and pair.new.events:
            yield from _compare_events(context, place, pair.old, pair.new)
        elif pair.new and not (_is_left_as_it_is(pair.old) and _is_left_as_it_is(pair.new)):
            before = Value.of_type(type_read(pair.old), pair.old.source, context.old)
            after = Value.of_type(type_read(pair.new), pair.new.source, context.new)
            root = f"{place} item" if _is_stream(pair.old) else place
            values = ValuePair("response", root, before, after)
            if is_file(pair.old.type) == is_file(pair.new.type):
                yield from compare_types(context, values)
            else:
                words = in_words(before.type, context.old), in_words(after.type, context.new)
                yield values.finding("response-property-type-changed", *words)


def _compare_events(context: Context, place: str, old: Media, new: Media) -> Iterator[Finding]:
    """The findings about events, whose names are like the values of an enum, and about their data."""
    before, after = dict(event_types(old)), dict(event_types(new))
    for name, old_type, new_type in by_key(before, after):
        root = f"{place} event {name}" if name else f"{place} item"
        if name and old_type is None:
            yield Finding("response-property-enum-value-added", root, "", name, old.source, new.source)
        if name and new_type is None:
            yield Finding("response-property-enum-value-removed", root, name, "", old.source, new.source)
        # An event whose name is not documented is read like all others of these, if there are any.
        old_type, new_type = old_type or before.get(""), new_type or after.get("")
        if old_type and new_type:
            old_value = Value.of_type(old_type, old.source, context.old)
            new_value = Value.of_type(new_type, new.source, context.new)
            yield from compare_types(context, ValuePair("response", root, old_value, new_value))


def _is_left_as_it_is(media: Media) -> bool:
    """Whether a client does not look into a body: a file, text, or what only the server knows."""
    how = _decoding(media)
    return how == "bytes" or (how in ("text", "any") and type_read(media) in (ANY, Scalar("str")))
