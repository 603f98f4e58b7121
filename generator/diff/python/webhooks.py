"""What changed for code that reads webhooks."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from .methods import RETURN_TYPES
from .pairs import paired_webhooks
from .view import View, added, changed, documentation_changed, removed


def compare_webhooks(view: View) -> Iterator[Finding]:
    """What changed in the functions for webhooks and callbacks."""
    functions = paired_webhooks(view.old, view.new)
    for function in functions.only_old:
        yield removed("python-webhook-removed", f"webhooks.{function.name}", function, function.name)
    for function in functions.only_new:
        yield added("python-webhook-added", f"webhooks.{function.name}", function, function.name)
    for old, new in functions.pairs:
        place = f"webhooks.{new.name}"
        if old.name != new.name:
            yield changed("python-webhook-renamed", place, old, new, old.name, new.name)
        relation = view.relation(old.returns, new.returns)
        if relation != "same":
            before = view.in_new_names(old.returns)
            yield changed(RETURN_TYPES[relation], place, old, new, before, new.returns)
        yield from documentation_changed(place, old, new)
