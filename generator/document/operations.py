"""Where operations are in a document: at the methods of its paths, and of its webhooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .tree import Object

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def operations(document: Object) -> Iterator[tuple[str, str, Object]]:
    """Path, method and operation, in the document's order."""
    return _operations(document["paths"])


def webhooks(document: Object) -> Iterator[tuple[str, str, Object]]:
    """Key, method and operation of each webhook, in the document's order."""
    return _operations(document.get("webhooks") or Object())


def every_operation(document: Object) -> Iterator[tuple[str, str, Object]]:
    """Path, method and value of each operation, also of webhooks, whose path is "", in a document of any shape."""
    for field in ("paths", "webhooks"):
        items = document.get(field)
        for name, item in items.items() if isinstance(items, Object) else ():
            for method, value in item.items() if isinstance(item, Object) else ():
                if method in METHODS and isinstance(value, Object):
                    yield name if field == "paths" else "", method, value


def names_in_options(path: str, method: str, operation_id: str) -> list[str]:
    """What a package's options can call an operation: its operationId, or its method and path."""
    return [name for name in (operation_id, path and f"{method.upper()} {path}") if name]


def _operations(path_items: Object) -> Iterator[tuple[str, str, Object]]:
    for name, item in path_items.items():
        yield from ((name, method, operation) for method, operation in item.items() if method in METHODS)


def map_operations(document: Object, change: Callable[[str, str, Object], Object]) -> Object:
    """The document with each operation of its paths replaced by `change(path, method, operation)`."""

    def path_item(path: str, item: Object) -> Object:
        return item.changed((k, change(path, k, v) if k in METHODS else v) for k, v in item.items())

    paths: Object = document["paths"]
    return document.replacing("paths", paths.changed((path, path_item(path, item)) for path, item in paths.items()))
