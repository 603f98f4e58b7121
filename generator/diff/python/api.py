"""The Python layer: what the code of callers notices when a client package is generated again."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.model import Package
from ..finding import Finding
from .classes import compare_classes
from .constructor import compare_constructor
from .methods import compare_methods, compare_webhooks
from .view import docstring_changed, view


def compare(old: Package | None, new: Package | None) -> Iterator[Finding]:
    """The differences in names, signatures and types of two versions of a package; None where a version has none."""
    if old is None or new is None:
        if old is not None:
            yield Finding("python-package-removed", old.module, old.module, "", old.api.source, None)
        if new is not None:
            yield Finding("python-package-added", new.module, "", new.module, None, new.api.source)
        return
    both = view(old, new)
    yield from docstring_changed(both.new.client, both.old, both.new)
    yield from compare_constructor(both)
    yield from compare_methods(both)
    yield from compare_webhooks(both)
    yield from compare_classes(both)
