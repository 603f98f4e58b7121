"""Webhooks and callbacks, which are told alike: as requests that the API sends, among the webhooks of the document.

What matters of them is the body: whoever receives one wants to read it. What the receiver answers is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..document.operations import METHODS, operations
from ..document.tree import Array, Object

SENT_BY = "x-sent-by"
"""The extension that says of a webhook where it stood: `key`; of a callback also `path`, `method`, `expression`."""
_KEPT = ("requestBody", "summary", "description", "deprecated", "operationId", "parameters")


def collect_webhooks(document: Object, found: Object) -> Object:
    """The document with the webhooks `found` and the callbacks of its operations as its webhooks, each with one method.

    Keys begin so that none is a path.
    """
    gathered = [*_webhooks(found), *_callbacks(document)]

    def path_item(item: Object) -> Object:
        return item.derive((k, v.without("callbacks") if k in METHODS else v) for k, v in item.items())

    items = [(key, value) for key, value in document.items() if key not in ("paths", "webhooks")]
    paths = document["paths"]
    items.append(("paths", paths.derive((path, path_item(item)) for path, item in paths.items())))
    if gathered:
        items.append(("webhooks", Object(gathered, document.where("webhooks"))))
    return document.derive(items)


def _webhooks(found: Object) -> Iterator[tuple[str, Object]]:
    for key, item in found.items():
        for method in METHODS:
            if method in item:
                yield f"webhook {method} {key}", _sent(item[method], method, [("key", key)])


def _callbacks(document: Object) -> Iterator[tuple[str, Object]]:
    for path, by, operation in operations(document):
        for key, callback in (operation.get("callbacks") or Object()).items():
            for expression, item in callback.items():
                for method in METHODS:
                    if method in item:
                        place = [("key", key), ("path", path), ("method", by), ("expression", expression)]
                        yield f"callback {by} {path} {key} {method} {expression}", _sent(item[method], method, place)


def _sent(operation: Object, method: str, place: list[tuple[str, str]]) -> Object:
    kept: list[tuple[str, object]] = [(k, v) for k, v in operation.items() if k in _KEPT]
    headers = (p for p in operation.get("parameters") or () if p["in"] == "header")
    described = Array((p.without("schema", "content") for p in headers), operation.source)
    kept = [(k, described if k == "parameters" else v) for k, v in kept]
    kept += [("responses", Object(source=operation.source)), (SENT_BY, Object(place, operation.source))]
    return Object([(method, operation.derive(kept))], operation.source)
