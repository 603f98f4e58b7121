"""Tokens of OAuth 2 and OpenID Connect in two versions: how clients and their owners get them, and what they allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...document.problems import Source
from ...interpreter.fast_dataclasses import dataclass
from ...ir.access.model import Flow, SecurityScheme
from ...ir.model import Api, Operation
from ..finding import Finding
from ..pairing.items import by_key, pair, same
from .security import in_request

_URL_RULES = {
    "tokenUrl": "api-security-component-oauth-token-url-changed",
    "authorizationUrl": "api-security-component-oauth-url-changed",
    "deviceAuthorizationUrl": "api-security-component-oauth-url-changed",
    "refreshUrl": "api-security-component-oauth-refresh-url-changed",
    "openIdConnectUrl": "api-security-component-openid-url-changed",
}
"""The rules about other URLs, by the keys of these in a document."""


# What operations ask of tokens


@dataclass(frozen=True, slots=True)
class _Asked:
    """An alternative of a security requirement: the scopes of each credential, as it is sent."""

    scopes: Mapping[str, frozenset[str]]
    source: Source

    def missing(self, given: _Asked) -> set[tuple[str, str]]:
        """The scopes that it asks for, and that credentials which were enough for another alternative do not have."""
        return {
            (name, scope)
            for name, scopes in self.scopes.items()
            for scope in scopes - given.scopes.get(name, frozenset())
        }


def compare_scopes(old_api: Api, new_api: Api, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about the scopes that an operation asks for; tokens that clients have do not get further ones."""
    before, after = _asked(old_api, old), _asked(new_api, new)
    if [item.scopes for item in before] == [item.scopes for item in after]:
        return
    closest = [(item, _closest(item, after)) for item in before]
    findings = [finding for item, match in closest if match for finding in _compare_scopes(item, match)]
    yield from {(finding.rule, finding.before, finding.after): finding for finding in findings}.values()
    known = [item.scopes.keys() for item in before]
    for item in after:
        # Where its credentials are new, `compare_security` says so.
        if item.scopes.keys() in known and not any(item is match for _, match in closest):
            words = " with ".join(f"{name} for {_listed(scopes)}" for name, scopes in sorted(item.scopes.items()))
            was = " or ".join(_listed(scopes) for name in item.scopes for scopes in _of(name, before))
            yield Finding("api-security-alternative-added", "security", was, words, before[0].source, item.source)


def _of(name: str, alternatives: list[_Asked]) -> Iterator[frozenset[str]]:
    return (item.scopes[name] for item in alternatives if name in item.scopes)


def _compare_scopes(old: _Asked, new: _Asked) -> Iterator[Finding]:
    sources = old.source, new.source
    missing = new.missing(old)
    for name, scope in sorted(missing):
        yield Finding("api-security-scope-added", "security", _listed(old.scopes[name]), scope, *sources)
    if not missing and new.scopes.keys() == old.scopes.keys():
        for name, scope in sorted(old.missing(new)):
            yield Finding("api-security-scope-removed", "security", scope, _listed(new.scopes[name]), *sources)


def _closest(item: _Asked, alternatives: list[_Asked]) -> _Asked | None:
    """The alternative that the same credentials are enough for, or would be with the fewest further scopes."""
    usable = [candidate for candidate in alternatives if candidate.scopes.keys() <= item.scopes.keys()]
    return min(usable, key=lambda c: (len(c.missing(item)), -len(c.scopes), len(item.missing(c))), default=None)


def _asked(api: Api, operation: Operation) -> list[_Asked]:
    """The alternatives of an operation that clients can send."""
    schemes = {scheme.name: scheme for scheme in api.schemes}
    asked = []
    for alternative in operation.alternatives:
        if alternative.schemes in operation.security:
            scopes: dict[str, frozenset[str]] = {}
            for name, of_scheme in alternative.scopes:
                credential = in_request(schemes[name]) if name in schemes else name
                scopes[credential] = scopes.get(credential, frozenset()) | {*of_scheme}
            asked.append(_Asked(scopes, alternative.source))
    return asked


def _listed(scopes: frozenset[str]) -> str:
    return " ".join(sorted(scopes)) or "no scopes"


# How tokens are got


def compare_flows(old_api: Api, new_api: Api) -> Iterator[Finding]:
    """The findings about the flows by which tokens are got that operations ask for."""
    schemes = pair(
        *(_used_schemes(old_api), _used_schemes(new_api)),
        same(lambda scheme: (scheme.name, _described(scheme))),
        same(_described),
        same(lambda scheme: scheme.name),
        same(in_request),
    )
    for old, new in schemes.pairs:
        if old.flows and in_request(old) == in_request(new):  # else nothing said how to get tokens, or they are others
            yield from _compare_flows(old, new)


def _described(scheme: SecurityScheme) -> tuple[object, ...] | None:
    """What tells a scheme from others, whatever its name is."""
    return (in_request(scheme), *((flow.name, flow.urls) for flow in scheme.flows)) if scheme.flows else None


def _used_schemes(api: Api) -> tuple[SecurityScheme, ...]:
    """The schemes that some operation takes."""
    names = {name for o in api.operations for alternative in o.security for name in alternative}
    return tuple(scheme for scheme in api.schemes if scheme.name in names)


def _compare_flows(old: SecurityScheme, new: SecurityScheme) -> Iterator[Finding]:
    place = f"credential {in_request(new)}"
    before, after = ({flow.name: flow for flow in scheme.flows} for scheme in (old, new))
    if not after:
        words = ", ".join(sorted(before))
        yield Finding("api-security-component-oauth-flows-undescribed", place, words, "", old.source, new.source)
        return
    for name, old_flow, new_flow in by_key(before, after):
        if old_flow and new_flow:
            yield from _compare_flow(f"{place} flow {name}", old_flow, new_flow)
        elif old_flow:
            texts, sources = (name, ", ".join(sorted(after))), (old_flow.source, new.source)
            yield Finding("api-security-component-oauth-flow-removed", f"{place} flow {name}", *texts, *sources)
        elif new_flow:
            sources = old.source, new_flow.source
            yield Finding("api-security-component-oauth-flow-added", f"{place} flow {name}", "", name, *sources)


def _compare_flow(place: str, old: Flow, new: Flow) -> Iterator[Finding]:
    sources = old.source, new.source
    for key, before, after in by_key(_urls(old), _urls(new)):
        if before and before != after:
            yield Finding(_URL_RULES[key], place, before, after or "", *sources)
        elif after and not before and key == "refreshUrl":
            yield Finding("api-security-component-oauth-refresh-url-added", place, "", after, *sources)
    for scope in sorted({*old.scopes} - {*new.scopes}):
        texts = scope, " ".join(new.scopes)
        yield Finding("api-security-component-oauth-scope-removed", place, *texts, *sources)
    for scope in sorted({*new.scopes} - {*old.scopes}):
        yield Finding("api-security-component-oauth-scope-added", place, "", scope, *sources)


def _urls(flow: Flow) -> dict[str, str]:
    """The URLs of a flow; without another one, tokens are renewed where they are got."""
    urls = {key: url for key, url in flow.urls if key in _URL_RULES}
    return {key: url for key, url in urls.items() if key != "refreshUrl" or url != urls.get("tokenUrl")}
