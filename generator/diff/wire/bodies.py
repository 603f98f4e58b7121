"""The request body of an operation in two versions: what clients of the old one send, and what servers of the new take.

Clients send the first media type unless they are told otherwise, and every other one when they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.model import Body, Media, Operation
from ...ir.types import ANY, Type
from ...python.bodies import RequestMedia, request_media
from ...python.bodies import base_name as base
from ..finding import Finding
from .encodings import compare_encodings
from .media import base_name, named
from .pairs import Pair, Sides, Writing, plain_value
from .types import compare_types

_WRITINGS: dict[str, Writing] = {"json": "json", "lines": "json", "form": "text", "multipart": "parts", "text": "text"}
"""How values are written, by the core's word for it; of bytes nothing is known but that they are some."""


def compare_bodies(sides: Sides, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about what is sent in the body of an operation."""
    if old.body and new.body:
        yield from _compare_required(old.body, new.body)
        yield from _compare_content(sides, request_media(old, sides.enums[0]), old.body, new.body)
    elif old.body:
        yield Finding("request-body-removed", "", "body", _listed(old.body), "", old.body.source, new.source)
    elif new.body:
        rule = "request-body-added-required" if new.body.required else "request-body-added-optional"
        yield Finding(rule, "", "body", "", _listed(new.body), old.source, new.body.source)


def _compare_required(old: Body, new: Body) -> Iterator[Finding]:
    if old.required and not new.required:
        yield Finding("request-body-became-optional", "", "body", "required", "optional", old.source, new.source)
    elif new.required and not old.required:
        yield Finding("request-body-became-required", "", "body", "optional", "required", old.source, new.source)


def _compare_content(sides: Sides, given: list[RequestMedia], old: Body, new: Body) -> Iterator[Finding]:
    names = {id(one.media): base(one.media_type) for one in given}
    for media in sorted(old.content, key=base_name):
        name = names.get(id(media), base_name(media))
        if named(new.content, name) is None:
            rule = "request-body-media-type-removed" if id(media) in names else "alternative-media-type-removed"
            yield Finding(rule, "", "body", name, _listed(new), media.source, new.source)
    for media in sorted(new.content, key=base_name):
        if named(old.content, base_name(media)) is None:
            rule = "request-body-media-type-added"
            yield Finding(rule, "", "body", "", base_name(media), old.source, media.source)
    told: set[tuple[Type | None, Type | None, Writing]] = set()
    for one in given:
        counterpart, writing = named(new.content, base(one.media_type)), _WRITINGS.get(one.encode)
        if counterpart is None or writing is None:
            continue
        root = "body" if one is given[0] else f"body {base(one.media_type)}"
        if (types := (one.media.type, counterpart.type, writing)) not in told:
            told.add(types)
            yield from compare_types(sides, _pair(sides, root, one.media, counterpart, writing))
        if one.encode in ("form", "multipart"):
            yield from compare_encodings(sides, root, one.encode, one.media, counterpart)


def _pair(sides: Sides, root: str, old: Media, new: Media, writing: Writing) -> Pair:
    before = plain_value(old.type or ANY, old.source, sides.old)
    after = plain_value(new.type or ANY, new.source, sides.new)
    return Pair("request", root, "", before, after, writing)


def _listed(body: Body) -> str:
    return ", ".join(sorted(base_name(media) for media in body.content))
