"""When a provider is asked for a run again, while somebody waits for it."""

from __future__ import annotations

from collections.abc import Iterator

from ...normalization.mapping import Mapping
from ..finding import Finding


def compare_polling(old: Mapping, new: Mapping) -> Iterator[Finding]:
    """The fields of `PollPolicy` that the provider has another value for."""
    before, after, route = old.package.polling, new.package.polling, new.operation.route
    for name, value in after.values.items():
        if value != before.values[name]:
            texts, sources = (before.shown(name), after.shown(name)), (before.source, after.source)
            yield Finding("normalized-polling-changed", f"polling {name}", *texts, *sources, operation=route)
