"""Webhooks and callbacks, both requests that the API sends, are collected in `webhooks` of the document.

Only their bodies matter: whoever receives one wants to read it. What the receiver responds is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..document.operations import METHODS, map_operations, operations
from ..document.schemas import ORIGIN
from ..document.tree import Array, Object

SENT_BY = "x-sent-by"
"""The extension that says of a webhook where it was: `key`; of a callback also `path`, `method`, `expression`."""
_FIELDS = ("requestBody", "summary", "description", "deprecated", "operationId", ORIGIN)


def collect_webhooks(document: Object, webhooks: Object) -> Object:
    """The document with `webhooks` and the callbacks of its operations as its webhooks, each with one method.

    Their keys begin with a word, so that none is a path.
    """
    collected = dict([*_webhooks(webhooks), *_callbacks(document)])
    document = map_operations(document, lambda _, __, operation: operation.without("callbacks"))
    result = {**document.without("paths", "webhooks"), "paths": document["paths"]}
    if collected:
        result["webhooks"] = Object(collected, document.where("webhooks"))
    return document.derive(result)


def _webhooks(webhooks: Object) -> Iterator[tuple[str, Object]]:
    for key, item in webhooks.items():
        for method, operation in _methods(item):
            yield webhook_key(method, key), _webhook(operation, method, {"key": key})


def webhook_key(method: str, key: str) -> str:
    """The key of a webhook among all that are collected."""
    return f"webhook {method} {key}"


def _callbacks(document: Object) -> Iterator[tuple[str, Object]]:
    for path, caller, operation in operations(document):
        for key, callback in (operation.get("callbacks") or {}).items():
            for expression, item in callback.items():
                for method, sent in _methods(item):
                    sent_by = {"key": key, "path": path, "method": caller, "expression": expression}
                    yield f"callback {caller} {path} {key} {method} {expression}", _webhook(sent, method, sent_by)


def _methods(item: Object) -> Iterator[tuple[str, Object]]:
    return ((method, item[method]) for method in METHODS if method in item)


def _webhook(operation: Object, method: str, sent_by: Mapping[str, str]) -> Object:
    """A path item with one operation, with its body and the descriptions of headers."""
    headers = (p.without("schema", "content") for p in operation.get("parameters") or () if p["in"] == "header")
    webhook = {key: value for key, value in operation.items() if key in _FIELDS}
    webhook["parameters"] = Array(headers, operation.source)
    webhook["responses"] = Object(source=operation.source)
    webhook[SENT_BY] = Object(sent_by, operation.source)
    return Object({method: operation.derive(webhook)}, operation.source)
