"""References and the call that they lead to: what of it callers write, configure or allow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...ir.access.model import Server
from ...ir.model import Operation
from ...normalization.mapping import Envelope, Mapping
from ..finding import Finding
from ..pairing.items import by_key
from ..pairing.operations import urls


def compare_call(old: Mapping, new: Mapping) -> Iterator[Finding]:
    """The differences of references, operation, credentials and envelope."""
    yield from _compare_references(old, new)
    yield from _compare_identifiers(old, new)
    sources = (old.operation.source, new.operation.source)
    old_route, new_route = old.operation.route, new.operation.route
    if old_route != new_route and urls(old.operation) != urls(new.operation):
        yield Finding("normalized-call-changed", "call", old_route, new_route, *sources, operation=new_route)
    else:
        for place, before, after in by_key(_arguments(old), _arguments(new)):
            if before != after:
                yield Finding(
                    "normalized-call-changed", place, before or "", after or "", *sources, operation=new_route
                )
    yield from _compare_credentials(old, new)
    yield from _compare_envelopes(old, new)


def compare_server(old: Operation, new: Operation) -> Iterator[Finding]:
    """The server that is called by default."""
    before, after = _default_url(old.servers), _default_url(new.servers)
    if before != after and urls(old) != urls(new):
        sources = ((old.servers or (old,))[0].source, (new.servers or (new,))[0].source)
        yield Finding("normalized-server-changed", "base URL", before, after, *sources, operation=new.route)


def _default_url(servers: tuple[Server, ...]) -> str:
    return servers[0].default_url if servers else ""


def _compare_references(old: Mapping, new: Mapping) -> Iterator[Finding]:
    route, sources = new.operation.route, (old.source, new.source)
    before, after = set(old.parts_in("query")), set(new.parts_in("query"))
    if old.parts_in("path") != new.parts_in("path") or before - after:
        yield Finding("normalized-ref-changed", "reference", old.ref_form, new.ref_form, *sources, operation=route)
    elif added := sorted(after - before):
        yield Finding("normalized-ref-part-added", "reference", "", ", ".join(added), *sources, operation=route)
    for name in sorted(_integer_parts(new) - _integer_parts(old)):
        if name in [part.name for part in old.parts]:
            place = f"reference part {name}"
            yield Finding("normalized-ref-changed", place, "any text", "an integer", *sources, operation=route)


def _compare_identifiers(old: Mapping, new: Mapping) -> Iterator[Finding]:
    """With what of the response further parts of the reference are compared."""
    before, after = ({part: path.pointer for part, path in mapping.identifiers} for mapping in (old, new))
    for part, old_pointer, new_pointer in by_key(before, after):
        if old_pointer != new_pointer:
            texts, sources = (old_pointer or "nothing", new_pointer or "nothing"), (old.source, new.source)
            yield Finding("normalized-identifier-changed", f"reference part {part}", *texts, *sources)


def _integer_parts(mapping: Mapping) -> set[str]:
    """The parts that have to be written as integers."""
    return {argument.part for argument in mapping.arguments if argument.is_integer}


def _arguments(mapping: Mapping) -> dict[str, str]:
    """What fills each parameter; one in the path is known by its position, because its name is not on the wire."""
    in_path = re.findall("{([^}]*)}", mapping.operation.path)
    arguments = {}
    for argument in mapping.arguments:
        name, location = argument.parameter.wire, argument.parameter.location
        place = f"path {in_path.index(name) + 1}" if location == "path" and name in in_path else f"{location} {name}"
        arguments[f"parameter {place}"] = argument.part or repr(argument.constant)
    return arguments


def _compare_credentials(old: Mapping, new: Mapping) -> Iterator[Finding]:
    """A set of credentials that was enough must still be enough."""
    before, after = _alternatives(old), _alternatives(new)
    place, sources = "credentials", (old.operation.source, new.operation.source)
    route, texts = new.operation.route, (_listed(before), _listed(after))
    if _some_not_enough(before, after):
        yield Finding("normalized-credential-removed", place, *texts, *sources, operation=route)
    elif _some_not_enough(after, before):
        yield Finding("normalized-credential-added", place, *texts, *sources, operation=route)


def _some_not_enough(given: set[frozenset[str]], asked: set[frozenset[str]]) -> bool:
    """Whether some of the sets of credentials that are `given` have none of those that are `asked` in them."""
    return not all(any(alternative <= credentials for alternative in asked) for credentials in given)


def _alternatives(mapping: Mapping) -> set[frozenset[str]]:
    """Each way to authenticate, as what callers configure: constructor arguments with their environment variables."""
    api = mapping.package.api
    schemes = {scheme.name: f"{scheme.argument} ({scheme.environment})" for scheme in api.schemes}
    from_client = {p.name for p in mapping.operation.parameters if p.from_client and p.required}
    always = {f"{item.argument} ({item.environment})" for item in api.globals if item.argument in from_client}
    security = mapping.operation.security or ((),)
    return {frozenset({schemes.get(name, name) for name in alternative} | always) for alternative in security}


def _listed(alternatives: set[frozenset[str]]) -> str:
    return " or ".join(sorted(" and ".join(sorted(alternative)) or "none" for alternative in alternatives))


def _compare_envelopes(old: Mapping, new: Mapping) -> Iterator[Finding]:
    before, after = _pointers(old.envelope), _pointers(new.envelope)
    sources = ((old.envelope or old).source, (new.envelope or new).source)
    if before != after:
        yield Finding("normalized-envelope-changed", "envelope", before, after, *sources)
    if old.envelope and new.envelope:
        for word, old_meaning, new_meaning in by_key(_words(old.envelope), _words(new.envelope)):
            if old_meaning != new_meaning:
                # A word that now counts as success gives the run that it gave before, without an issue.
                is_harmless = (old_meaning, new_meaning) == (None, "success")
                rule = "normalized-envelope-changed" if is_harmless else "normalized-envelope-word-changed"
                yield Finding(rule, f"envelope word {word}", old_meaning or "", new_meaning or "", *sources)


def _pointers(envelope: Envelope | None) -> str:
    if envelope is None:
        return "none"
    code = f", reason at {envelope.code.pointer}" if envelope.code else ""
    not_found = f", no such run: {', '.join(envelope.not_found)}" if envelope.not_found else ""
    return f"run at {envelope.run.pointer}, status at {envelope.status.pointer}{code}{not_found}"


def _words(envelope: Envelope) -> dict[str, str]:
    return dict.fromkeys(envelope.success, "success") | dict.fromkeys(envelope.failure, "failure")
