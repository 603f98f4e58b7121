"""Credentials in two versions: what a server asks of a request.

Credentials are compared by how they are sent: the name of a security scheme does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...document.problems import Source
from ...ir.access.model import SecurityScheme
from ...ir.model import Api, Operation
from ..finding import Finding

Credentials = frozenset[str]
"""Credentials that are sent together, in words."""
Alternatives = Mapping[Credentials, tuple[str, ...]]
"""The alternatives of a security requirement, each with the names of its schemes."""
_NOTHING = Credentials()
_SCHEMES_IN_WORDS = {"apiKey": "key", "bearer": "bearer token", "basic": "user name and password"}


def compare_security(old_api: Api, new_api: Api, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about the credentials that an operation asks for.

    An alternative of the old version is refused if the new one does not accept it; "no credentials" has its own rules.
    """
    before, after = _alternatives(old_api, old), _alternatives(new_api, new)
    sources = requirement_source(old), requirement_source(new)
    usable = {credentials: names for credentials, names in before.items() if _is_accepted(credentials, after)}
    refused = [credentials for credentials in before if credentials not in usable]
    added = [credentials for credentials in after if credentials and credentials not in before]
    if _NOTHING in refused:
        yield Finding("api-security-added", "security", "", _listed(after), *sources)
        refused.remove(_NOTHING)
        added = added if refused else []
    for credentials in refused:
        replacement = next((names for names in added if after[names] == before[credentials]), None)
        if replacement is None:
            rule, words = "api-security-removed", _listed(after)
        else:
            rule, words = "api-security-component-type-changed", _in_words(replacement)
            added.remove(replacement)
        yield Finding(rule, "security", _in_words(credentials), words, *sources)
    if usable:  # else the findings about refused credentials list the added ones
        for credentials in added:
            texts = _listed(usable), _in_words(credentials)
            yield Finding("api-security-alternative-added", "security", *texts, *sources)
    if _NOTHING in after and _NOTHING not in before:
        yield Finding("api-security-lifted", "security", _listed(before), "", *sources)


def _is_accepted(credentials: Credentials, alternatives: Alternatives) -> bool:
    """Whether a request with these credentials is accepted; it may have more than an alternative asks for."""
    return any(alternative <= credentials for alternative in alternatives)


def _alternatives(api: Api, operation: Operation) -> Alternatives:
    """The alternatives of an operation, sorted."""
    schemes = {scheme.name: scheme for scheme in api.schemes}
    alternatives = {
        frozenset(_credential(name, schemes) for name in names): tuple(sorted(names)) for names in operation.security
    }
    return dict(sorted((alternatives or {_NOTHING: ()}).items(), key=lambda item: sorted(item[0])))


def _credential(name: str, schemes: Mapping[str, SecurityScheme]) -> str:
    if name not in schemes:
        return f"the scheme {name}"  # its type is one that clients cannot send
    return in_request(schemes[name])


def in_request(scheme: SecurityScheme) -> str:
    """What a credential is, and where it is in a request."""
    wire = scheme.wire.lower() if scheme.location == "header" else scheme.wire
    return f"{_SCHEMES_IN_WORDS[scheme.kind]} in {scheme.location} {wire}"


def requirement_source(operation: Operation) -> Source:
    """Where the document asks for the credentials of an operation; that of the operation where it does not."""
    return operation.alternatives[0].source if operation.alternatives else operation.source


def _in_words(credentials: Credentials) -> str:
    return " with ".join(sorted(credentials)) or "nothing"


def _listed(alternatives: Alternatives) -> str:
    return " or ".join(map(_in_words, alternatives))
