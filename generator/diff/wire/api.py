"""The wire layer's findings about two versions: an operation is identified by where its requests go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from ...ir.model import Api, Operation, Package, without_names
from ..finding import Finding
from ..pairing.operations import OperationPair, OperationPairs, pair_operations
from .documentation import compare_api_texts, compare_deprecation, compare_operation_texts
from .misfits import compare_misfits
from .requests import compare_bodies, compare_parameters
from .responses import compare_responses
from .security import compare_security
from .servers import compare_servers
from .tokens import compare_flows, compare_scopes
from .values.context import Context, context_of
from .webhooks import compare_webhooks


def compare(old: Package | None, new: Package | None, *, servers: bool = True) -> Iterator[Finding]:
    """All findings of the wire layer; a version is None where the API does not exist in it.

    `servers`: whether their addresses are compared as well, and what the document has outgrown.
    """
    if old and new:
        if servers:
            yield from compare_misfits(old, new)
        yield from _compare(old.api, new.api, servers=servers)
    elif old:
        yield from (_removed(operation, None) for operation in old.api.operations)
    elif new:
        yield from (_added(operation, None) for operation in new.api.operations)


def _compare(old: Api, new: Api, *, servers: bool) -> Iterator[Finding]:
    operations, context = pair_operations(old, new), context_of(old, new)
    yield from (_removed(operation, new) for operation in operations.only_old)
    yield from (_added(operation, old) for operation in operations.only_new)
    yield from compare_api_texts(old, new)
    if servers:
        yield from _compare_servers(old, new, operations)
    yield from _compare_security(old, new, operations.pairs)
    inside = chain.from_iterable(_compare_operation(context, pair) for pair in operations.pairs)
    yield from _each_description_once(chain(inside, compare_webhooks(context, old, new, operations.pairs)))


def _removed(operation: Operation, new: Api | None) -> Finding:
    rule = "api-removed-with-deprecation" if operation.deprecated else "api-removed-without-deprecation"
    sources, route = (operation.source, new.source if new else None), operation.route
    return Finding(rule, "operation", operation.named_route, "", *sources, operation=route, identity=route)


def _added(operation: Operation, old: Api | None) -> Finding:
    sources, route = (old.source if old else None, operation.source), operation.route
    return Finding("endpoint-added", "operation", "", operation.named_route, *sources, operation=route, identity=route)


def _compare_operation(context: Context, pair: OperationPair) -> Iterator[Finding]:
    """The findings about one operation, apart from its credentials and servers."""
    old, new, route = pair.old, pair.new, pair.new.route
    context = replace(context, operation=route)
    findings = chain(
        _compare_paths(pair),
        compare_deprecation("operation", old, new),
        compare_parameters(context, old, new),
        compare_bodies(context, old, new),
        compare_responses(context, old, new),
        compare_operation_texts(old, new),
    )
    return (finding if finding.operation else replace(finding, operation=route) for finding in findings)


def _compare_paths(pair: OperationPair) -> Iterator[Finding]:
    if pair.has_moved:
        old, new = pair.old, pair.new
        before, after = pair.paths
        if old.method != new.method:
            before, after = f"{old.method} {before}", f"{new.method} {after}"
        texts = before, after
        identity = " to ".join(map(without_names, texts))
        yield Finding("api-path-changed", "operation", *texts, old.source, new.source, identity=identity)


def _compare_servers(old: Api, new: Api, operations: OperationPairs) -> Iterator[Finding]:
    """The findings about the servers that operations share, and about those of single ones."""
    own = [pair for pair in operations.pairs if pair.old.own_servers or pair.new.own_servers]
    if len(own) < len(operations.pairs) or not own:
        yield from compare_servers(old.servers, new.servers, (old.source, new.source), operations.division)
    for pair in own:
        before, after = pair.old, pair.new
        sources = before.source, after.source
        for finding in compare_servers(before.servers, after.servers, sources, pair.division):
            yield replace(finding, operation=after.route)


def _compare_security(old: Api, new: Api, pairs: Iterable[OperationPair]) -> Iterator[Finding]:
    """The findings about credentials; a change that all operations share belongs to the API instead."""
    yield from compare_flows(old, new)
    by_route = {
        pair.new.route: [*compare_security(old, new, pair.old, pair.new), *compare_scopes(old, new, pair.old, pair.new)]
        for pair in pairs
    }
    distinct = {tuple((f.rule, f.before, f.after) for f in findings) for findings in by_route.values()}
    if len(by_route) > 1 and len(distinct) == 1:
        by_route = {"": next(iter(by_route.values()))}
    for route, findings in by_route.items():
        for finding in findings:
            yield replace(finding, operation=route)


def _each_description_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, with one for the description of a class, however many operations use it."""
    reported = set()
    for finding in findings:
        if finding.rule == "schema-description-changed":
            if (finding.old, finding.new) in reported:
                continue
            reported.add((finding.old, finding.new))
        yield finding
