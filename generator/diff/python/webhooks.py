"""What changed for code that reads what the API sends by itself."""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding
from .pairs import paired_webhooks
from .view import View, added, changed, deprecated, removed, told

_RETURN_TYPES = {
    "widened": "python-return-type-widened",
    "narrowed": "python-return-type-narrowed",
    "declared": "python-type-declared",
    "other": "python-return-type-changed",
}


def webhooks(view: View) -> Iterator[Finding]:
    """What changed in the functions for webhooks and callbacks."""
    pairs, gone, fresh = paired_webhooks(view.old, view.new)
    for one in gone:
        yield removed("python-webhook-removed", f"webhooks.{one.name}", one, one.name)
    for one in fresh:
        yield added("python-webhook-added", f"webhooks.{one.name}", one, one.name)
    for old, new in pairs:
        place = f"webhooks.{new.name}"
        if old.name != new.name:
            yield changed("python-webhook-renamed", place, old, new, old.name, new.name)
        relation = view.relation(old.returns, new.returns)
        if relation != "same":
            yield changed(_RETURN_TYPES[relation], place, old, new, view.later(old.returns), new.returns)
        yield from deprecated(place, old, new)
        yield from told(place, old, new)
