"""Security and servers where they take effect: an operation's own, else its path's, else the document's."""

from __future__ import annotations

from typing import Any

from ..document.operations import METHODS
from ..document.tree import Array, Object


def inherit(document: Object) -> Object:
    """The document with `security` and `servers` written out at every operation."""
    security = document.get("security", Array(source=document.source))
    servers = document.get("servers") or Array(source=document.source)

    def operation(value: Object, item: Object) -> Object:
        own: list[tuple[str, Any]] = [
            ("security", value.get("security", security)),
            ("servers", value.get("servers") or item.get("servers") or servers),
        ]
        return value.derive([*value.without("security", "servers").items(), *own])

    def path_item(item: Object) -> Object:
        return item.derive((k, operation(v, item) if k in METHODS else v) for k, v in item.items())

    paths = document["paths"].derive((path, path_item(item)) for path, item in document["paths"].items())
    return document.derive((k, paths if k == "paths" else v) for k, v in document.items())
