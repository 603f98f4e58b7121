"""References and the call that they lead to: what of it callers write, configure or allow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...ir.model import Operation, Server
from ...ir.types import Scalar, alternatives
from ...normalization.mapping import Envelope, Mapping
from ..finding import Finding


def compare_call(old: Mapping, new: Mapping) -> Iterator[Finding]:
    """The differences of references, operation, credentials and envelope."""
    yield from _compare_references(old, new)
    sources = (old.operation.source, new.operation.source)
    calls = (old.operation.route, new.operation.route)
    if calls[0] != calls[1]:
        yield Finding("normalized-call-changed", calls[1], "call", *calls, *sources)
    else:
        before, after = _fills(old), _fills(new)
        for place in sorted(before.keys() | after.keys()):
            texts = (before.get(place, ""), after.get(place, ""))
            if texts[0] != texts[1]:
                yield Finding("normalized-call-changed", calls[1], place, *texts, *sources)
    yield from _compare_credentials(old, new)
    yield from _compare_envelopes(old, new)


def compare_server(old: Operation, new: Operation) -> Iterator[Finding]:
    """The server that is called by default."""
    before, after = _usual(old.servers), _usual(new.servers)
    if before != after:
        sources = ((old.servers or (old,))[0].source, (new.servers or (new,))[0].source)
        yield Finding("normalized-server-changed", new.route, "base URL", before, after, *sources)


def _usual(servers: tuple[Server, ...]) -> str:
    return servers[0].default_url if servers else ""


def _compare_references(old: Mapping, new: Mapping) -> Iterator[Finding]:
    call, sources = new.operation.route, (old.source, new.source)
    before, after = _optional(old), _optional(new)
    if _certain(old) != _certain(new) or before - after:
        yield Finding("normalized-ref-changed", call, "reference", old.form, new.form, *sources)
    elif added := sorted(after - before):
        yield Finding("normalized-ref-part-added", call, "reference", "", ", ".join(added), *sources)
    for name in sorted(_integers(new) - _integers(old)):
        if name in [part.name for part in old.parts]:
            place = f"reference part {name}"
            yield Finding("normalized-ref-changed", call, place, "any text", "an integer", *sources)


def _certain(mapping: Mapping) -> list[str]:
    return [part.name for part in mapping.parts if part.place == "path"]


def _optional(mapping: Mapping) -> set[str]:
    return {part.name for part in mapping.parts if part.place == "query"}


def _integers(mapping: Mapping) -> set[str]:
    """The parts that have to be written as integers."""
    return {
        fill.part
        for fill in mapping.fills
        if all(isinstance(type_, Scalar) and type_.primitive == "int" for type_ in alternatives(fill.parameter.type))
    }


def _fills(mapping: Mapping) -> dict[str, str]:
    """What fills each parameter; one in the path is known by its position, because its name is nobody's business."""
    in_path = re.findall("{([^}]*)}", mapping.operation.path)
    found = {}
    for fill in mapping.fills:
        name = fill.parameter.wire
        place = f"path {in_path.index(name) + 1}" if name in in_path else f"{fill.parameter.location} {name}"
        found[f"parameter {place}"] = fill.part or repr(fill.constant)
    return found


def _compare_credentials(old: Mapping, new: Mapping) -> Iterator[Finding]:
    """A set of credentials that was enough must still be enough."""
    before, after = _choices(old), _choices(new)
    if before == after:
        return
    place, sources = "credentials", (old.operation.source, new.operation.source)
    lost = [choice for choice in before if not any(other <= choice for other in after)]
    gained = [choice for choice in after if not any(other <= choice for other in before)]
    call, texts = new.operation.route, (_listed(before), _listed(after))
    if lost:
        yield Finding("normalized-credential-removed", call, place, *texts, *sources)
    elif gained:
        yield Finding("normalized-credential-added", call, place, *texts, *sources)


def _choices(mapping: Mapping) -> set[frozenset[str]]:
    """Each way to authenticate, as what callers configure: constructor arguments with their environment variables."""
    api = mapping.package.api
    schemes = {scheme.name: f"{scheme.argument} ({scheme.environment})" for scheme in api.schemes}
    from_client = {p.name for p in mapping.operation.parameters if p.from_client and p.required}
    always = {f"{item.argument} ({item.environment})" for item in api.globals if item.argument in from_client}
    security = mapping.operation.security or ((),)
    return {frozenset({schemes.get(name, name) for name in choice} | always) for choice in security}


def _listed(choices: set[frozenset[str]]) -> str:
    return " or ".join(sorted(" and ".join(sorted(choice)) or "none" for choice in choices))


def _compare_envelopes(old: Mapping, new: Mapping) -> Iterator[Finding]:
    before, after = _places(old.envelope), _places(new.envelope)
    sources = ((old.envelope or old).source, (new.envelope or new).source)
    if before != after:
        yield Finding("normalized-envelope-changed", "", "envelope", before, after, *sources)
    if old.envelope and new.envelope:
        words = (_words(old.envelope), _words(new.envelope))
        for word in sorted(words[0].keys() | words[1].keys()):
            meanings = (words[0].get(word, ""), words[1].get(word, ""))
            if meanings[0] != meanings[1]:
                # A word that now counts as success gives the run that it gave before, without an issue.
                harmless = meanings == ("", "success")
                rule = "normalized-envelope-changed" if harmless else "normalized-envelope-word-changed"
                yield Finding(rule, "", f"envelope word {word}", *meanings, *sources)


def _places(envelope: Envelope | None) -> str:
    if envelope is None:
        return "none"
    code = f", reason at {envelope.code.pointer}" if envelope.code else ""
    return f"run at {envelope.at.pointer}, status at {envelope.status.pointer}{code}"


def _words(envelope: Envelope) -> dict[str, str]:
    return dict.fromkeys(envelope.success, "success") | dict.fromkeys(envelope.failure, "failure")
