"""Servers in two versions: where requests go when nobody says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...document.problems import Source
from ...ir.model import Server, ServerVariable
from ..finding import Finding

Servers = tuple[Server, ...]


def compare_servers(old: Servers, new: Servers, sources: tuple[Source, Source]) -> Iterator[Finding]:
    """The findings about two lists of servers; `sources` are the places of what they belong to."""
    before, after = _by_url(old, sources[0]), _by_url(new, sources[1])
    for url in sorted(before.keys() - after.keys()):
        listed = ", ".join(after)
        yield Finding("api-server-removed", "", f"server {url}", url, listed, before[url].source, sources[1])
    for url in sorted(after.keys() - before.keys()):
        yield Finding("api-server-added", "", f"server {url}", "", url, sources[0], after[url].source)
    first, now = next(iter(before)), next(iter(after))
    if first != now and first in after:
        yield Finding("api-server-default-changed", "", "server", first, now, before[first].source, after[now].source)
    for url in sorted(before.keys() & after.keys()):
        yield from _compare_server(f"server {url}", before[url], after[url])


def _by_url(servers: Servers, source: Source) -> dict[str, Server]:
    """The servers by their addresses with defaults. None at all is one at `/` (OpenAPI 3.1, section 4.8.1)."""
    found: dict[str, Server] = {}
    for server in servers or (Server("/", source),):
        found.setdefault(server.default_url.rstrip("/") or "/", server)
    return found


def _compare_server(place: str, old: Server, new: Server) -> Iterator[Finding]:
    if _unnamed(old.url) != _unnamed(new.url):
        yield Finding("api-server-template-changed", "", place, old.url, new.url, old.source, new.source)
        return
    pairs = zip(_variables(old), _variables(new), strict=True)
    for number, (one, other) in enumerate(pairs, 1):
        at = f"{place} variable {number}"
        before, after = set(one.enum), set(other.enum)
        if before == after:
            continue
        if not after:
            words = ", ".join(sorted(before)), "any"
            yield Finding("api-server-variable-value-added", "", at, *words, one.source, other.source)
        elif not before:
            words = "any", ", ".join(sorted(after))
            yield Finding("api-server-variable-value-removed", "", at, *words, one.source, other.source)
        else:
            for word in sorted(before - after):
                yield Finding("api-server-variable-value-removed", "", at, word, "", one.source, other.source)
            for word in sorted(after - before):
                yield Finding("api-server-variable-value-added", "", at, "", word, one.source, other.source)


def _variables(server: Server) -> list[ServerVariable]:
    """The variables in the order of the URL, once for each place."""
    known = {variable.name: variable for variable in server.variables}
    return [known[name] for name in re.findall(r"\{([^{}]*)\}", server.url)]


def _unnamed(url: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", url).rstrip("/")
