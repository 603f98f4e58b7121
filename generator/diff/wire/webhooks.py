"""Webhooks and callbacks in two versions: what the API sends by itself, and what clients of the old version make of it.

They are answers in all but name: the API sends, and clients read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import replace

from ...document.problems import Source
from ...ir.model import Api, Webhook
from ...ir.types import ANY
from ...python.webhooks import json_media
from ..finding import Finding
from .documentation import compare_texts
from .media import base_name
from .pairs import Pair, Sides, plain_value
from .types import compare_types


def compare_webhooks(sides: Sides, old: Api, new: Api) -> Iterator[Finding]:
    """The findings about all of them. Callbacks belong to operations; those of one that is gone go with it."""
    places = [_places(api) for api in (old, new)]
    several = {place for told in places for place, count in Counter(place for place, _ in told).items() if count > 1}
    before, after = ({_told_apart(*one, several): one[1] for one in told} for told in places)
    routes = [{operation.route for operation in api.operations} for api in (old, new)]
    for route, place in sorted(before.keys() | after.keys()):
        one, other = before.get((route, place)), after.get((route, place))
        if route and not all(route in known for known in routes):
            continue
        found: Iterator[Finding] = iter(())
        if one and other:
            found = _compare(sides, place, one, other)
        elif one:
            rule = "callback-removed" if route else "webhook-removed"
            found = iter([Finding(rule, "", place, one.wire, "", one.source, new.source)])
        elif other:
            rule = "callback-added" if route else "webhook-added"
            found = iter([Finding(rule, "", place, "", other.wire, old.source, other.source)])
        yield from (replace(finding, operation=route) for finding in found)


def _places(api: Api) -> list[tuple[tuple[str, str], Webhook]]:
    """The webhooks, each with the operation that it belongs to, and what it is called in findings."""
    routes = {operation.dotted_name: operation.route for operation in api.operations}
    found = []
    for webhook in api.webhooks:
        kind, method = "callback" if webhook.operation else "webhook", f"{webhook.method} "
        place = f"{kind} {'' if webhook.method == 'POST' else method}{webhook.wire}"
        found.append(((routes.get(webhook.operation, ""), place), webhook))
    return found


def _told_apart(place: tuple[str, str], webhook: Webhook, several: Container[tuple[str, str]]) -> tuple[str, str]:
    """The place, with its address where a callback goes to several."""
    return (place[0], f"{place[1]} to {webhook.expression}") if place in several else place


def _compare(sides: Sides, place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    if old.expression != new.expression:
        words = old.expression, new.expression
        yield Finding("callback-expression-changed", "", place, *words, old.source, new.source)
    if old.deprecated != new.deprecated:
        rule = "endpoint-deprecated" if new.deprecated else "endpoint-reactivated"
        yield Finding(rule, "", place, "", "", old.source, new.source)
    yield from _compare_headers(place, old, new)
    yield from _compare_bodies(sides, place, old, new)
    rule = "operation-description-changed"
    yield from compare_texts(rule, f"{place} summary", (old.summary, old.source), (new.summary, new.source))
    yield from compare_texts(rule, place, (old.description, old.source), (new.description, new.source))
    if old.body and new.body:
        said = (old.body.description, old.body.source), (new.body.description, new.body.source)
        yield from compare_texts("request-body-description-changed", place, *said)


def _compare_headers(place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    before, after = ({name.lower(): text for name, text in webhook.headers} for webhook in (old, new))
    for name in sorted(before.keys() | after.keys()):
        at = f"{place} header {name}"
        if name not in after:
            yield Finding("optional-response-header-removed", "", at, name, "", old.source, new.source)
        elif name not in before:
            yield Finding("response-header-added", "", at, "", name, old.source, new.source)
        else:
            said = (before[name], old.source), (after[name], new.source)
            yield from compare_texts("response-description-changed", at, *said)


def _compare_bodies(sides: Sides, place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    before, after = _media(old), _media(new)
    one, other = json_media(old), json_media(new)
    for name in sorted(before.keys() - after.keys()):
        if one is None or name != base_name(one):
            rule = "alternative-media-type-removed"
        elif other is None:
            rule = "response-media-type-removed"
        else:
            rule = "response-media-type-replaced"
        listed = ", ".join(sorted(after)) if other is None or one is None else base_name(other)
        yield Finding(rule, "", place, name, listed, before[name], new.source)
    replaced = other is not None and one is not None and base_name(one) not in after
    for name in sorted(after.keys() - before.keys()):
        if not (replaced and other is not None and name == base_name(other)):
            yield Finding("response-media-type-added", "", place, "", name, old.source, after[name])
    if one is None or other is None:
        return
    if old.body and new.body and old.body.required != new.body.required:
        words = ("required", "optional") if old.body.required else ("optional", "required")
        rule = "webhook-body-became-optional" if old.body.required else "webhook-body-became-required"
        yield Finding(rule, "", place, *words, old.body.source, new.body.source)
    values = (
        plain_value(one.type or ANY, one.source, sides.old),
        plain_value(other.type or ANY, other.source, sides.new),
    )
    yield from compare_types(sides, Pair("response", place, "", *values))


def _media(webhook: Webhook) -> dict[str, Source]:
    return {base_name(media): media.source for media in webhook.body.content} if webhook.body else {}
