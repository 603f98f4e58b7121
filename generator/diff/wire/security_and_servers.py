"""Credentials and servers in two versions: what a request needs to be let in, and where it goes.

Credentials are compared by how they are sent: the name of a security scheme does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...document.problems import Source
from ...ir.model import Api, Operation, SecurityScheme, Server, ServerVariable
from ..finding import Finding
from ..pairing import by_key

Credentials = frozenset[str]
"""What is sent together, in words."""
Alternatives = Mapping[Credentials, tuple[str, ...]]
"""Each of the combinations of credentials that let a request in, with the names of its schemes."""
_NOTHING = Credentials()
_KINDS = {"apiKey": "key", "bearer": "bearer token", "basic": "user name and password"}


def compare_security(old_api: Api, new_api: Api, old: Operation, new: Operation) -> Iterator[Finding]:
    """The findings about which credentials an operation asks for.

    Lost are the alternatives of the old version with which a request is not let in any more; gained are the others of
    the new version, apart from "no credentials", which has a rule of its own in both directions.
    """
    before, after, sources = _alternatives(old_api, old), _alternatives(new_api, new), (old.source, new.source)
    lost = [credentials for credentials in before if not _lets_in(credentials, after)]
    gained = [credentials for credentials in after if credentials and credentials not in before]
    if _NOTHING in lost:
        yield Finding("api-security-added", "security", "", _listed(after), *sources)
        lost.remove(_NOTHING)
        gained = gained if lost else []
    for credentials in lost:
        replacement = next((other for other in gained if after[other] == before[credentials]), None)
        if replacement is None:
            rule, words = "api-security-removed", _listed(after)
        else:
            rule, words = "api-security-component-type-changed", _in_words(replacement)
            gained.remove(replacement)
        yield Finding(rule, "security", _in_words(credentials), words, *sources)
    usable = {credentials: names for credentials, names in before.items() if _lets_in(credentials, after)}
    for credentials in gained if usable else ():  # else the findings about what is lost list what is new
        rule = "api-security-alternative-added"
        yield Finding(rule, "security", _listed(usable), _in_words(credentials), *sources)
    if _NOTHING in after and _NOTHING not in before:
        yield Finding("api-security-lifted", "security", _listed(before), "", *sources)


def _lets_in(credentials: Credentials, alternatives: Alternatives) -> bool:
    """Whether a request with these credentials is let in; it may carry more of them than an alternative asks for."""
    return any(alternative <= credentials for alternative in alternatives)


def _alternatives(api: Api, operation: Operation) -> Alternatives:
    """The alternatives of an operation, in an order that does not depend on the document's."""
    schemes = {scheme.name: scheme for scheme in api.schemes}
    alternatives = {
        frozenset(_credential(name, schemes) for name in names): tuple(sorted(names)) for names in operation.security
    }
    return dict(sorted((alternatives or {_NOTHING: ()}).items(), key=lambda item: sorted(item[0])))


def _credential(name: str, schemes: Mapping[str, SecurityScheme]) -> str:
    if name not in schemes:
        return f"the scheme {name}"  # of a kind that no client sends
    scheme = schemes[name]
    wire = scheme.wire.lower() if scheme.location == "header" else scheme.wire
    return f"{_KINDS[scheme.kind]} in {scheme.location} {wire}"


def _in_words(credentials: Credentials) -> str:
    return " with ".join(sorted(credentials)) or "nothing"


def _listed(alternatives: Alternatives) -> str:
    return " or ".join(map(_in_words, alternatives))


# Servers

Servers = tuple[Server, ...]


def compare_servers(old: Servers, new: Servers, sources: tuple[Source, Source]) -> Iterator[Finding]:
    """The findings about two lists of servers; `sources` are those of what they belong to."""
    before, after = _by_url(old, sources[0]), _by_url(new, sources[1])
    for url, old_server, new_server in by_key(before, after):
        place = f"server {url}"
        if old_server and new_server:
            yield from _compare_server(place, old_server, new_server)
        elif old_server:
            yield Finding("api-server-removed", place, url, ", ".join(after), old_server.source, sources[1])
        elif new_server:
            yield Finding("api-server-added", place, "", url, sources[0], new_server.source)
    old_default, new_default = next(iter(before)), next(iter(after))
    if old_default != new_default and old_default in after:
        default_sources = before[old_default].source, after[new_default].source
        yield Finding("api-server-default-changed", "server", old_default, new_default, *default_sources)


def _by_url(servers: Servers, source: Source) -> dict[str, Server]:
    """The servers by their addresses with defaults. None at all is one at `/` (OpenAPI 3.1, section 4.8.1)."""
    by_url: dict[str, Server] = {}
    for server in servers or (Server("/", source),):
        by_url.setdefault(server.default_url.rstrip("/") or "/", server)
    return by_url


def _compare_server(place: str, old: Server, new: Server) -> Iterator[Finding]:
    if _without_names(old.url) != _without_names(new.url):
        yield Finding("api-server-template-changed", place, old.url, new.url, old.source, new.source)
        return
    variables = zip(_variables(old), _variables(new), strict=True)
    for number, (old_variable, new_variable) in enumerate(variables, 1):
        yield from _compare_variable(f"{place} variable {number}", old_variable, new_variable)


def _compare_variable(place: str, old: ServerVariable, new: ServerVariable) -> Iterator[Finding]:
    """The findings about the values of a variable; without an enum it has any value."""
    before, after, sources = set(old.enum), set(new.enum), (old.source, new.source)
    if before and not after:
        words = ", ".join(sorted(before)), "any"
        yield Finding("api-server-variable-value-added", place, *words, *sources)
    elif after and not before:
        words = "any", ", ".join(sorted(after))
        yield Finding("api-server-variable-value-removed", place, *words, *sources)
    else:
        for value in sorted(before - after):
            yield Finding("api-server-variable-value-removed", place, value, "", *sources)
        for value in sorted(after - before):
            yield Finding("api-server-variable-value-added", place, "", value, *sources)


def _variables(server: Server) -> list[ServerVariable]:
    """The variables in the order of the URL, once for each template expression."""
    by_name = {variable.name: variable for variable in server.variables}
    return [by_name[name] for name in re.findall(r"\{([^{}]*)\}", server.url)]


def _without_names(url: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", url).rstrip("/")
