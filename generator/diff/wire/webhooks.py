"""Webhooks and callbacks in two versions: what the API sends by itself, and what clients of the old version make of it.

They are compared as responses are: the API sends, and clients read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import replace

from ...ir.model import Api, Media, Webhook
from ...ir.types import ANY
from ...python.webhooks import json_media
from ..finding import Finding
from ..pairing import by_key
from .context import Context
from .documentation import compare_deprecation, compare_texts, compare_webhook_texts
from .types import compare_types
from .values import Value, ValuePair, compare_required


def compare_webhooks(context: Context, old: Api, new: Api) -> Iterator[Finding]:
    """The findings about all webhooks and callbacks. A callback comes and goes with its operation without a finding."""
    ambiguous = _ambiguous(old) | _ambiguous(new)
    routes = {operation.route for operation in old.operations} & {operation.route for operation in new.operations}
    for (route, place), old_webhook, new_webhook in by_key(_by_place(old, ambiguous), _by_place(new, ambiguous)):
        if route and route not in routes:
            continue
        if old_webhook and new_webhook:
            for finding in _compare_webhook(context, place, old_webhook, new_webhook):
                yield replace(finding, operation=route)
        elif old_webhook:
            rule = "callback-removed" if route else "webhook-removed"
            yield Finding(rule, place, old_webhook.wire, "", old_webhook.source, new.source, operation=route)
        elif new_webhook:
            rule = "callback-added" if route else "webhook-added"
            yield Finding(rule, place, "", new_webhook.wire, old.source, new_webhook.source, operation=route)


_Place = tuple[str, str]
"""The operation that a callback belongs to, or "", and where a webhook or a callback is, in words."""


def _by_place(api: Api, ambiguous: Set[_Place]) -> dict[_Place, Webhook]:
    """The webhooks by where they are; of callbacks that go to several addresses, the address is part of that."""
    by_place = {}
    for (route, place), webhook in _places(api):
        full_place = f"{place} to {webhook.expression}" if (route, place) in ambiguous else place
        by_place[route, full_place] = webhook
    return by_place


def _ambiguous(api: Api) -> set[_Place]:
    counts = Counter(place for place, _ in _places(api))
    return {place for place, count in counts.items() if count > 1}


def _places(api: Api) -> Iterator[tuple[_Place, Webhook]]:
    routes = {operation.dotted_name: operation.route for operation in api.operations}
    for webhook in api.webhooks:
        kind, method = "callback" if webhook.operation else "webhook", f"{webhook.method} "
        place = f"{kind} {'' if webhook.method == 'POST' else method}{webhook.wire}"
        yield (routes.get(webhook.operation, ""), place), webhook


def _compare_webhook(context: Context, place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    if old.expression != new.expression:
        expressions = old.expression, new.expression
        yield Finding("callback-expression-changed", place, *expressions, old.source, new.source)
    yield from compare_deprecation(place, old, new)
    yield from _compare_headers(place, old, new)
    yield from _compare_media_types(place, old, new)
    yield from _compare_bodies(context, place, old, new)
    yield from compare_webhook_texts(place, old, new)


def _compare_headers(place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    old_headers, new_headers = ({name.lower(): text for name, text in webhook.headers} for webhook in (old, new))
    for name, before, after in by_key(old_headers, new_headers):
        header_place = f"{place} header {name}"
        if before is not None and after is not None:
            texts = (before, old.source), (after, new.source)
            yield from compare_texts("response-description-changed", header_place, *texts)
        elif before is not None:
            yield Finding("optional-response-header-removed", header_place, name, "", old.source, new.source)
        else:
            yield Finding("response-header-added", header_place, "", name, old.source, new.source)


def _compare_media_types(place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    """The findings about media types, of which clients read the one that is JSON."""
    read, sent = (media.base_name if media else "" for media in (json_media(old), json_media(new)))
    old_content, new_content = _content(old), _content(new)
    for name, old_media, new_media in by_key(old_content, new_content):
        if old_media and not new_media:
            rule = "alternative-media-type-removed"
            if name == read:
                rule = "response-media-type-replaced" if sent else "response-media-type-removed"
            listed = sent if read and sent else ", ".join(sorted(new_content))
            yield Finding(rule, place, name, listed, old_media.source, new.source)
        elif new_media and not old_media:
            is_replacement = name == sent and read and read not in new_content
            if not is_replacement:
                yield Finding("response-media-type-added", place, "", name, old.source, new_media.source)


def _compare_bodies(context: Context, place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    old_media, new_media = json_media(old), json_media(new)
    if not (old_media and new_media and old.body and new.body):
        return
    yield from compare_required(
        "webhook-body-became-required", "webhook-body-became-optional", place, old.body, new.body
    )
    before = Value.of_type(old_media.type or ANY, old_media.source, context.old)
    after = Value.of_type(new_media.type or ANY, new_media.source, context.new)
    yield from compare_types(context, ValuePair("response", place, before, after))


def _content(webhook: Webhook) -> dict[str, Media]:
    return {media.base_name: media for media in webhook.body.content} if webhook.body else {}
