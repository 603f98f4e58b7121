"""Credentials in two versions: what a server asks of a request.

Credentials are compared by how they are sent: the name of a security scheme does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...ir.access.model import ClientCredentials, SecurityScheme
from ...ir.model import Api, Operation
from ..finding import Finding
from ..pairing.items import pair, same

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
    before, after, sources = _alternatives(old_api, old), _alternatives(new_api, new), (old.source, new.source)
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


def compare_scopes(old_api: Api, new_api: Api, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about scopes that an operation asks for, and that the tokens which clients fetch do not have."""
    before, after = ({s.name: s.client for s in api.schemes if s.client} for api in (old_api, new_api))
    accepted_schemes = {name for alternative in old.security for name in alternative}
    for name, scope in new.scopes:
        is_new = (name, scope) not in old.scopes and name in accepted_schemes
        if is_new and name in before and name in after and scope not in before[name].scopes:
            texts = " ".join(before[name].scopes), scope
            yield Finding("api-security-scope-added", "security", *texts, old.source, new.source)


def compare_client_credentials(old_api: Api, new_api: Api) -> Iterator[Finding]:
    """The findings about the flow by which clients fetch tokens, where both versions take them."""
    schemes = pair(_used_schemes(old_api), _used_schemes(new_api), same(lambda s: s.name), same(_in_request))
    for old, new in schemes.pairs:
        place, before, after = f"credential {_in_request(new)}", old.client, new.client
        if before and after:
            yield from _compare_flow(place, before, after)
        elif before:
            rule = "api-security-component-oauth-client-credentials-removed"
            yield Finding(rule, place, before.token_url, "", before.source, new.source)
        elif after:
            rule = "api-security-component-oauth-client-credentials-added"
            yield Finding(rule, place, "", after.token_url, old.source, after.source)


def _compare_flow(place: str, old: ClientCredentials, new: ClientCredentials) -> Iterator[Finding]:
    sources = (old.source, new.source)
    if old.token_url != new.token_url:
        texts = old.token_url, new.token_url
        yield Finding("api-security-component-oauth-token-url-changed", place, *texts, *sources)
    for scope in old.scopes:
        if scope in old.declared_scopes and scope not in new.declared_scopes:
            texts = scope, " ".join(new.declared_scopes)
            yield Finding("api-security-component-oauth-scope-removed", place, *texts, *sources)


def _used_schemes(api: Api) -> list[SecurityScheme]:
    """The schemes that some operation takes."""
    names = {name for o in api.operations for alternative in o.security for name in alternative}
    return [scheme for scheme in api.schemes if scheme.name in names]


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
    return _in_request(schemes[name])


def _in_request(scheme: SecurityScheme) -> str:
    """What a credential is, and where it is in a request."""
    wire = scheme.wire.lower() if scheme.location == "header" else scheme.wire
    return f"{_SCHEMES_IN_WORDS[scheme.kind]} in {scheme.location} {wire}"


def _in_words(credentials: Credentials) -> str:
    return " with ".join(sorted(credentials)) or "nothing"


def _listed(alternatives: Alternatives) -> str:
    return " or ".join(map(_in_words, alternatives))
