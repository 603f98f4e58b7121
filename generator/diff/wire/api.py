"""The wire layer: an already deployed client of the old version against a server of the new one.

Names that are no part of a request or an answer do not matter here: those of operations, classes, path variables and
security schemes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from ...document.problems import Source
from ...ir.model import Api, Operation, Package
from ..finding import Finding
from .documentation import compare_api_texts
from .operations import by_name, compare_operations, compare_presence
from .pairs import sides
from .security import compare_security
from .servers import compare_servers
from .webhooks import compare_webhooks

_Pairs = dict[str, tuple[Operation, Operation]]


def compare(old: Package | None, new: Package | None) -> Iterator[Finding]:
    """What changed between two versions; None is one in which there is no such API."""
    before, after = (package.api if package else None for package in (old, new))
    yield from compare_presence(before, after)
    if before is None or after is None:
        return
    operations, others = by_name(before), by_name(after)
    pairs = {name: (operations[name], others[name]) for name in sorted(operations.keys() & others.keys())}
    yield from compare_api_texts(before, after)
    yield from _servers(before, after, pairs)
    yield from _security(before, after, pairs)
    classes = sides(before, after)
    texts: set[tuple[str, Source | None, Source | None]] = set()
    found = (finding for one, other in pairs.values() for finding in compare_operations(classes, one, other))
    for finding in chain(found, compare_webhooks(classes, before, after)):
        if finding.rule == "schema-description-changed":
            told = (finding.rule, finding.old, finding.new)
            if told in texts:
                continue  # a class is described once, however many operations use it
            texts.add(told)
        yield finding


def _servers(old: Api, new: Api, pairs: _Pairs) -> Iterator[Finding]:
    yield from compare_servers(old.servers, new.servers, (old.source, new.source))
    for name, (one, other) in pairs.items():
        if one.own_servers or other.own_servers:
            found = compare_servers(one.servers, other.servers, (one.source, other.source))
            yield from (replace(finding, operation=name) for finding in found)


def _security(old: Api, new: Api, pairs: _Pairs) -> Iterator[Finding]:
    found = {name: list(compare_security(old, new, *pair)) for name, pair in pairs.items()}
    alike = {tuple((f.rule, f.before, f.after) for f in findings) for findings in found.values()}
    if len(found) > 1 and len(alike) == 1:
        found = {"": next(iter(found.values()))}  # a change of the whole API is one finding, and not one an operation
    for name, findings in found.items():
        yield from (replace(finding, operation=name) for finding in findings)
