"""Servers in two versions: where requests go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ...document.problems import Source
from ...ir.access.model import Server, ServerVariable
from ..finding import Finding
from ..pairing.items import by_key
from ..pairing.operations import Division

Servers = tuple[Server, ...]


def compare_servers(
    old: Servers, new: Servers, sources: tuple[Source, Source], division: Division
) -> Iterator[Finding]:
    """The findings about two lists of servers; `sources` are those of their operation or API.

    What one version has in the paths instead counts as part of its servers.
    """
    before = _by_url(old, sources[0], division.in_new_servers)
    after = _by_url(new, sources[1], division.in_old_servers)
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


def _by_url(servers: Servers, source: Source, end: str) -> dict[str, Server]:
    """The servers by their default URLs, with `end` at their ends.

    An empty list stands for a server at `/` (OpenAPI 3.1, section 4.8.1).
    """
    by_url: dict[str, Server] = {}
    for server in servers or (Server("/", source),):
        if end:
            server = replace(server, url=server.url.rstrip("/") + end)
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
    """The findings about the values of a variable; without an enum it may have any."""
    before, after, sources = set(old.enum), set(new.enum), (old.source, new.source)
    if before and not after:
        yield Finding("api-server-variable-value-added", place, ", ".join(sorted(before)), "any", *sources)
    elif after and not before:
        yield Finding("api-server-variable-value-removed", place, "any", ", ".join(sorted(after)), *sources)
    else:
        for value in sorted(before - after):
            yield Finding("api-server-variable-value-removed", place, value, "", *sources)
        for value in sorted(after - before):
            yield Finding("api-server-variable-value-added", place, "", value, *sources)


def _variables(server: Server) -> list[ServerVariable]:
    """The variable of each template expression of the URL."""
    by_name = {variable.name: variable for variable in server.variables}
    return [by_name[name] for name in re.findall(r"\{([^{}]*)\}", server.url) if name in by_name]


def _without_names(url: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", url).rstrip("/")
