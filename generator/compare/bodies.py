"""The request body of an operation in two versions."""

from __future__ import annotations

from collections.abc import Iterator

from generator.compare.finding import Finding
from generator.compare.media import base_name, named, sent
from generator.compare.pairs import Pair, Sides, plain_value
from generator.compare.types import compare_types
from generator.ir import ANY, Body, Operation


def compare_bodies(sides: Sides, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about what is sent in the body of an operation."""
    if old.body and new.body:
        yield from _compare_required(old.body, new.body)
        yield from _compare_content(sides, old.body, new.body)
    elif old.body:
        yield Finding("request-body-removed", "", "body", _listed(old.body), "", old.body.source, new.source)
    elif new.body:
        rule = f"request-body-added-{'required' if new.body.required else 'optional'}"
        yield Finding(rule, "", "body", "", _listed(new.body), old.source, new.body.source)


def _compare_required(old: Body, new: Body) -> Iterator[Finding]:
    if old.required != new.required:
        words = ("required", "optional") if old.required else ("optional", "required")
        yield Finding(f"request-body-became-{words[1]}", "", "body", *words, old.source, new.source)


def _compare_content(sides: Sides, old: Body, new: Body) -> Iterator[Finding]:
    media = sent(old.content)
    for one in sorted(old.content, key=base_name):
        if named(new.content, one) is None:
            rule = "request-body-media-type-removed" if one is media else "alternative-media-type-removed"
            yield Finding(rule, "", "body", base_name(one), _listed(new), one.source, new.source)
    for other in sorted(new.content, key=base_name):
        if named(old.content, other) is None:
            place = "request-body-media-type-added"
            yield Finding(place, "", "body", "", base_name(other), old.source, other.source)
    counterpart = named(new.content, media) if media else None
    if media and counterpart:
        before = plain_value(media.type or ANY, media.source, sides.old)
        after = plain_value(counterpart.type or ANY, counterpart.source, sides.new)
        yield from compare_types(sides, Pair("request-property", "body", "", before, after))


def _listed(body: Body) -> str:
    return ", ".join(sorted(base_name(media) for media in body.content))
