"""Credentials in two versions. They are compared by how they are sent: what a scheme is called does not matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...ir.model import Api, Operation, SecurityScheme
from ..finding import Finding

Sent = frozenset[str]
"""What is sent together, in words; nothing at all is an alternative, too."""
_KINDS = {"apiKey": "key", "bearer": "bearer token", "basic": "user name and password"}


def compare_security(old_api: Api, new_api: Api, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about which credentials an operation asks for."""
    before, after = _alternatives(old_api, old), _alternatives(new_api, new)
    sources = old.source, new.source
    lost = [one for one in before if not any(other <= one for other in after)]
    gained = [other for other in after if other not in before and other]
    if Sent() in lost:
        yield Finding("api-security-added", "", "security", "", _listed(after), *sources)
        lost.remove(Sent())
        gained = gained if lost else []
    for one in lost:
        other = next((o for o in gained if after[o] == before[one]), None)
        if other is None:
            yield Finding("api-security-removed", "", "security", _words(one), _listed(after), *sources)
        else:
            gained.remove(other)
            rule = "api-security-component-type-changed"
            yield Finding(rule, "", "security", _words(one), _words(other), *sources)
    kept = {one: names for one, names in before.items() if any(other <= one for other in after)}
    for other in gained if kept else ():  # with none of the old ones left, the new ones are told of by what is lost
        yield Finding("api-security-alternative-added", "", "security", _listed(kept), _words(other), *sources)
    if Sent() in after and Sent() not in before:
        yield Finding("api-security-lifted", "", "security", _listed(before), "", *sources)


def _alternatives(api: Api, operation: Operation) -> dict[Sent, tuple[str, ...]]:
    """The alternatives in a fixed order, each with the names of its schemes."""
    schemes = {scheme.name: scheme for scheme in api.schemes}
    found = {frozenset(_sent(name, schemes) for name in names): tuple(sorted(names)) for names in operation.security}
    return dict(sorted((found or {Sent(): ()}).items(), key=lambda item: sorted(item[0])))


def _sent(name: str, schemes: Mapping[str, SecurityScheme]) -> str:
    if name not in schemes:
        return f"the scheme {name}"  # of a kind that no client sends
    scheme = schemes[name]
    wire = scheme.wire.lower() if scheme.location == "header" else scheme.wire
    return f"{_KINDS[scheme.kind]} in {scheme.location} {wire}"


def _words(sent: Sent) -> str:
    return " with ".join(sorted(sent)) or "nothing"


def _listed(alternatives: Mapping[Sent, object]) -> str:
    return " or ".join(_words(sent) for sent in alternatives)
