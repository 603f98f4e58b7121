"""The Python layer: what callers' code notices when a client package is generated anew."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.model import Package
from ..finding import Finding
from .calls import methods
from .classes import classes
from .constructor import constructor
from .view import told, view
from .webhooks import webhooks


def compare(old: Package | None, new: Package | None) -> Iterator[Finding]:
    """What differs in the names, signatures and types of the two versions of a package; None: there is none."""
    if old is None or new is None:
        if old is not None:
            yield Finding("python-package-removed", "", old.module, old.module, "", old.api.source, None)
        if new is not None:
            yield Finding("python-package-added", "", new.module, "", new.module, None, new.api.source)
        return
    both = view(old, new)
    yield from told(both.new.client, both.old, both.new)
    yield from constructor(both)
    yield from methods(both)
    yield from webhooks(both)
    yield from classes(both)
