"""The Python names of webhooks and callbacks."""

from __future__ import annotations

from ..document.operations import operations, webhooks
from ..document.tree import Object
from ..repair.webhooks import SENT_BY
from .names import PYTHON_NAME, Naming, preferred_names


def name_webhooks(document: Object, naming: Naming) -> Object:
    """The document with the Python name of every webhook: its key, for a callback behind the operation's name.

    Where that is not enough the method follows, and then the expression.
    """
    if "webhooks" not in document:
        return document
    callers = {(path, method): str(operation[PYTHON_NAME]) for path, method, operation in operations(document)}
    wanted: dict[str, tuple[str, ...]] = {}
    for key, method, operation in webhooks(document):
        told = operation[SENT_BY]
        first = f"{callers[told['path'], told['method']]} {told['key']}" if "path" in told else str(told["key"])
        texts = [first, f"{first} {method}", f"{first} {method} {told.get('expression', '')}"]
        wanted[key] = tuple(dict.fromkeys(map(naming.identifier, texts)))
    names = preferred_names(wanted)
    return document.derive(
        (k, v.derive((key, _named(item, names[key])) for key, item in v.items()) if k == "webhooks" else v)
        for k, v in document.items()
    )


def _named(item: Object, name: str) -> Object:
    return item.derive((method, value.derive([*value.items(), (PYTHON_NAME, name)])) for method, value in item.items())
