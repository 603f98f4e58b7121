"""The wire layer's findings about two versions: an operation is identified by its method and path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from ...ir.model import Api, Operation, Package
from ..finding import Finding
from ..pairing import by_key
from .documentation import compare_api_texts, compare_deprecation, compare_operation_texts
from .misfits import compare_misfits
from .requests import compare_bodies, compare_parameters
from .responses import compare_responses
from .security import compare_client_credentials, compare_scopes, compare_security
from .servers import compare_servers
from .values.context import Context, context_of
from .webhooks import compare_webhooks

_OperationPair = tuple[Operation, Operation]


def compare(old: Package | None, new: Package | None, *, servers: bool = True) -> Iterator[Finding]:
    """All findings of the wire layer; a version is None where the API does not exist in it.

    `servers`: whether their addresses are compared as well, and what the document has outgrown.
    """
    old_api, new_api = (package.api if package else None for package in (old, new))
    if old and new and servers:
        yield from compare_misfits(old, new)
    yield from _compare_presence(old_api, new_api)
    if old_api and new_api:
        pairs = [(o, n) for _, o, n in by_key(_by_route(old_api), _by_route(new_api)) if o and n]
        context = context_of(old_api, new_api)
        yield from compare_api_texts(old_api, new_api)
        if servers:
            yield from _compare_servers(old_api, new_api, pairs)
        yield from _compare_security(old_api, new_api, pairs)
        operations = chain.from_iterable(_compare_operation(context, *pair) for pair in pairs)
        yield from _each_description_once(chain(operations, compare_webhooks(context, old_api, new_api)))


def _by_route(api: Api | None) -> dict[str, Operation]:
    return {operation.route: operation for operation in api.operations} if api else {}


def _compare_presence(old: Api | None, new: Api | None) -> Iterator[Finding]:
    """The findings about operations that only one version has."""
    for route, old_operation, new_operation in by_key(_by_route(old), _by_route(new)):
        if old_operation and not new_operation:
            rule = "api-removed-with-deprecation" if old_operation.deprecated else "api-removed-without-deprecation"
            source = new.source if new else None
            yield Finding(rule, "operation", route, "", old_operation.source, source, operation=route)
        elif new_operation and not old_operation:
            source = old.source if old else None
            yield Finding("endpoint-added", "operation", "", route, source, new_operation.source, operation=route)


def _compare_operation(context: Context, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about one operation, apart from its credentials and servers."""
    findings = chain(
        compare_deprecation("operation", old, new),
        compare_parameters(context, old, new),
        compare_bodies(context, old, new),
        compare_responses(context, old, new),
        compare_operation_texts(old, new),
    )
    return (replace(finding, operation=old.route) for finding in findings)


def _compare_servers(old: Api, new: Api, pairs: Iterable[_OperationPair]) -> Iterator[Finding]:
    yield from compare_servers(old.servers, new.servers, (old.source, new.source))
    for before, after in pairs:
        if before.own_servers or after.own_servers:
            for finding in compare_servers(before.servers, after.servers, (before.source, after.source)):
                yield replace(finding, operation=before.route)


def _compare_security(old: Api, new: Api, pairs: Iterable[_OperationPair]) -> Iterator[Finding]:
    """The findings about credentials; a change that all operations share belongs to the API instead."""
    yield from compare_client_credentials(old, new)
    by_route = {
        before.route: [*compare_security(old, new, before, after), *compare_scopes(old, new, before, after)]
        for before, after in pairs
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
