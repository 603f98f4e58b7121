"""Webhooks and callbacks in two versions: what the API sends by itself, and what clients of the old version make of it.

They are compared as responses are: the API sends, and clients read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from ...ir.model import Api, Body, Webhook
from ...python.webhooks import json_media
from ..finding import Finding
from ..pairing.items import by_key
from ..pairing.operations import OperationPair
from .documentation import compare_deprecation, compare_texts, compare_webhook_texts
from .responses import MediaPair, compare_content, compare_media_types, counterpart
from .values.context import Context
from .values.pairs import compare_required

_Key = tuple[str, str]
"""What identifies a webhook or callback: the new route of the operation that a callback belongs to, or "", and a
place."""


def compare_webhooks(context: Context, old: Api, new: Api, pairs: Sequence[OperationPair]) -> Iterator[Finding]:
    """The findings about all webhooks, and about the callbacks of operations that both versions have."""
    old_webhooks = [*_webhooks(old, {pair.old.dotted_name: pair.new.route for pair in pairs})]
    new_webhooks = [*_webhooks(new, {pair.new.dotted_name: pair.new.route for pair in pairs})]
    ambiguous = _ambiguous_keys(old_webhooks) | _ambiguous_keys(new_webhooks)
    by_keys = by_key(_by_key(old_webhooks, ambiguous), _by_key(new_webhooks, ambiguous))
    for (route, place), old_webhook, new_webhook in by_keys:
        if old_webhook and new_webhook:
            for finding in _compare_webhook(context, place, old_webhook, new_webhook):
                yield replace(finding, operation=route)
        elif old_webhook:
            rule = "callback-removed" if route else "webhook-removed"
            yield Finding(rule, place, old_webhook.wire, "", old_webhook.source, new.source, operation=route)
        elif new_webhook:
            rule = "callback-added" if route else "webhook-added"
            yield Finding(rule, place, "", new_webhook.wire, old.source, new_webhook.source, operation=route)


def _by_key(webhooks: Iterable[tuple[_Key, Webhook]], ambiguous: Set[_Key]) -> dict[_Key, Webhook]:
    """The webhooks by their keys; a callback whose key is ambiguous is identified by its address, too."""
    by_key = {}
    for (route, place), webhook in webhooks:
        full_place = f"{place} to {webhook.expression}" if (route, place) in ambiguous else place
        by_key[route, full_place] = webhook
    return by_key


def _ambiguous_keys(webhooks: Iterable[tuple[_Key, Webhook]]) -> set[_Key]:
    """The keys of several callbacks, which go to different addresses."""
    counts = Counter(key for key, _ in webhooks)
    return {key for key, count in counts.items() if count > 1}


def _webhooks(api: Api, routes: Mapping[str, str]) -> Iterator[tuple[_Key, Webhook]]:
    """The webhooks, and the callbacks of the operations whose `routes` are given."""
    for webhook in api.webhooks:
        if webhook.operation and webhook.operation not in routes:
            continue
        noun = "callback" if webhook.operation else "webhook"
        place = f"{noun} {webhook.wire}" if webhook.method == "POST" else f"{noun} {webhook.method} {webhook.wire}"
        yield (routes.get(webhook.operation, ""), place), webhook


def _compare_webhook(context: Context, place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    if old.expression != new.expression:
        expressions = old.expression, new.expression
        yield Finding("callback-expression-changed", place, *expressions, old.source, new.source)
    yield from compare_deprecation(place, old, new)
    yield from _compare_headers(place, old, new)
    yield from _compare_bodies(context, place, old, new)
    yield from compare_webhook_texts(place, old, new)


def _compare_headers(place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    """The findings about headers, of which a webhook has names and descriptions."""
    old_headers, new_headers = ({name.lower(): text for name, text in webhook.headers} for webhook in (old, new))
    for name, before, after in by_key(old_headers, new_headers):
        header_place, sources = f"{place} header {name}", (old.source, new.source)
        if before is not None and after is not None:
            yield from compare_texts("response-description-changed", header_place, before, after, *sources)
        elif before is not None:
            yield Finding("optional-response-header-removed", header_place, name, "", *sources)
        else:
            yield Finding("response-header-added", header_place, "", name, *sources)


def _compare_bodies(context: Context, place: str, old: Webhook, new: Webhook) -> Iterator[Finding]:
    """The findings about bodies, of which clients read the one that is JSON."""
    old_body, new_body = (webhook.body or Body((), required=False, source=webhook.source) for webhook in (old, new))
    read = json_media(old)
    sent = counterpart(read, new_body) if read and json_media(new) else None
    pairs = (MediaPair(read, sent),) if read else ()
    yield from compare_media_types(place, pairs, old_body, new_body)
    if sent:
        rules = "webhook-body-became-required", "webhook-body-became-optional"
        yield from compare_required(*rules, place, old_body, new_body)
    yield from compare_content(context, place, pairs)
