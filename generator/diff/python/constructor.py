"""What changed for code that makes clients: credentials, and the other arguments of the constructor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..finding import Finding
from .pairs import paired, paired_methods
from .surface import Method, Parameter, Ways
from .view import View, added, changed, removed, told


def constructor(view: View) -> Iterator[Finding]:
    """What changed in the constructor's arguments, and in what calls need of them."""
    client = view.new.client
    pairs, gone, fresh = paired(view.old.constructor, view.new.constructor, lambda one: one.wire, lambda one: one.name)
    for one in gone:
        yield removed("python-constructor-argument-removed", f"{client}({one.name})", one, one.name)
    if view.old.server and view.new.server and view.old.server != view.new.server:
        servers = (f"to {view.old.server}", f"to {view.new.server}")
        yield changed("python-requests-changed", client, view.old, view.new, *servers)
    calls = list(_calls(view, {one.name: None for one in gone} | {old.name: new.name for old, new in pairs}))
    yield from _told_once(client, calls)
    told_of = {name for call in calls if call.after for way in call.new.ways for name in way}
    for one in fresh:
        if one.required:
            yield added("python-constructor-argument-needed", f"{client}({one.name})", one, one.name)
        elif one.name not in told_of:
            yield added("python-constructor-argument-added", f"{client}({one.name})", one, one.name)
    for old, new in pairs:
        yield from _argument(view, f"{client}({new.name})", old, new)


def _argument(view: View, place: str, old: Parameter, new: Parameter) -> Iterator[Finding]:
    if old.name != new.name:
        yield changed("python-constructor-argument-renamed", place, old, new, old.name, new.name)
    if _role(old) != _role(new):
        yield changed("python-constructor-argument-meaning-changed", place, old, new, old.wire, new.wire)
    elif not _role(old) and old.wire != new.wire:
        yield changed("python-requests-changed", place, old, new, old.wire, new.wire)
    if old.environment != new.environment and old.environment:
        rule = "python-constructor-environment-changed"
        yield changed(rule, place, old, new, old.environment, new.environment)
    if new.required and not old.required:
        yield added("python-constructor-argument-needed", place, new, new.name)
    elif old.required and not new.required:
        yield removed("python-constructor-argument-not-needed", place, old, old.name)
    relation = view.relation(old.annotation, new.annotation)
    if relation != "same":
        rule = "python-parameter-type-widened" if relation == "widened" else "python-parameter-type-narrowed"
        yield changed(rule, place, old, new, old.annotation, new.annotation)
    elif set(old.values) != set(new.values):
        wider = not new.values or (old.values and {*old.values} <= {*new.values})
        rule = "python-parameter-type-widened" if wider else "python-parameter-type-narrowed"
        before, after = (", ".join(sorted(side.values)) or "any text" for side in (old, new))
        yield changed(rule, place, old, new, before, after)
    yield from told(place, old, new)


def _role(one: Parameter) -> tuple[str, bool] | None:
    """What a server's variable is: all that stands before it in the URL, and whether more of the host stands behind."""
    before, variable, behind = one.wire.partition("{}")
    return (before, behind.partition("/")[0] != "") if variable else None


@dataclass(frozen=True, slots=True)
class _Call:
    """What a method takes of credentials, and took; a finding for all methods alike."""

    rule: str
    before: str
    after: str
    old: Method
    new: Method


def _calls(view: View, names: Mapping[str, str | None]) -> Iterator[_Call]:
    """Where what callers give is no longer enough, or needed. `names`: of old arguments the new ones, None: gone."""
    for old, new in paired_methods(view.old, view.new)[0]:
        after = _text(new.ways)
        for way in old.ways:
            given = frozenset(name for name in map(names.__getitem__, way) if name)
            if len(given) == len(way) and not _works(given, new.ways):  # an argument that is gone is told by itself
                rule = "python-credential-no-longer-enough" if way else "python-constructor-argument-needed"
                yield _Call(rule, _text((way,)), after, old, new)
        if frozenset() in new.ways and frozenset() not in old.ways:
            yield _Call("python-constructor-argument-not-needed", _text(old.ways), "", old, new)


def _told_once(client: str, calls: list[_Call]) -> Iterator[Finding]:
    alike: dict[tuple[str, str, str], list[_Call]] = {}
    for call in calls:
        alike.setdefault((call.rule, call.before, call.after), []).append(call)
    for (rule, before, after), (first, *others) in alike.items():
        place, operation = (client, "") if others else (f"{client}.{first.new.name}", first.new.operation)
        yield changed(rule, place, first.old, first.new, before, after, operation)


def _works(given: frozenset[str], ways: Ways) -> bool:
    """Whether a client with these credentials, and no others, can make a call; as the run-time core decides it."""
    candidates = [way for way in ways if way and way <= given]
    if not candidates:
        return frozenset() in ways
    widest = max(candidates, key=len)
    return all(way <= widest for way in candidates)


def _text(ways: Ways) -> str:
    return ", or ".join(sorted(" with ".join(sorted(way)) for way in ways if way))
