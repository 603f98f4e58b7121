"""What changed for code that makes clients: credentials, and the other arguments of the constructor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from ...interpreter.fast_dataclasses import dataclass
from ..finding import Finding
from ..pairing.items import pair, same
from .pairs import paired_methods
from .surface import Method, Parameter, Security
from .view import View, added, changed, docstring_changed, removed


def compare_constructor(view: View) -> Iterator[Finding]:
    """What changed in the constructor's arguments, and in what calls need of them."""
    client = view.new.client
    arguments = pair(view.old.constructor, view.new.constructor, same(lambda a: a.wire), same(lambda a: a.name))
    for argument in arguments.only_old:
        place = f"{client}({argument.name})"
        yield removed("python-constructor-argument-removed", place, argument, argument.name)
    yield from _server(view)
    names = {old.name: new.name for old, new in arguments.pairs}
    needs = list(_changed_needs(view, names))
    yield from _combined(client, [*needs, *_changed_choices(view, names)])
    reported = {name for need in needs if need.after for alternative in need.new.security for name in alternative}
    for argument in arguments.only_new:
        place = f"{client}({argument.name})"
        if argument.required:
            yield added("python-constructor-argument-needed", place, argument, argument.name)
        elif argument.name not in reported:
            yield added("python-constructor-argument-added", place, argument, argument.name)
    for old, new in arguments.pairs:
        yield from _argument(view, f"{client}({new.name})", old, new)


def _server(view: View) -> Iterator[Finding]:
    """The findings about where requests go by default, and about what callers' own `base_url` is put before."""
    client, old, new = view.new.client, view.old, view.new
    methods = [(a, b) for a, b in paired_methods(old, new).pairs if not (a.server or b.server)]
    if (
        old.server
        and new.server
        and old.server != new.server
        and (not methods or any(a.urls != b.urls for a, b in methods))
    ):
        yield changed("python-requests-changed", client, old, new, f"to {old.server}", f"to {new.server}")
    if any(a.urls == b.urls and a.operation != b.operation for a, b in methods):
        rule = "python-base-url-meaning-changed" if old.server else "python-constructor-argument-meaning-changed"
        yield changed(rule, f"{client}(base_url)", old, new, old.base, new.base)


def _argument(view: View, place: str, old: Parameter, new: Parameter) -> Iterator[Finding]:
    if old.name != new.name:
        yield changed("python-constructor-argument-renamed", place, old, new, old.name, new.name)
    if old.url_position != new.url_position:
        yield changed("python-constructor-argument-meaning-changed", place, old, new, old.wire, new.wire)
    elif old.url_position is None and old.wire != new.wire:
        yield changed("python-requests-changed", place, old, new, old.wire, new.wire)
    if old.environment != new.environment and old.environment:
        rule = "python-constructor-environment-changed"
        yield changed(rule, place, old, new, old.environment, new.environment)
    if new.required and not old.required:
        yield added("python-constructor-argument-needed", place, new, new.name)
    elif old.required and not new.required:
        yield removed("python-constructor-argument-not-needed", place, old, old.name)
    yield from _type(view, place, old, new)
    yield from docstring_changed(place, old, new)


def _type(view: View, place: str, old: Parameter, new: Parameter) -> Iterator[Finding]:
    """The finding about an argument's annotation, or else about the values of a server variable."""
    relation = view.relation(old.annotation, new.annotation)
    old_values, new_values = {*old.values}, {*new.values}
    if relation != "same":
        wider = relation == "widened"
        before, after = str(old.annotation), str(new.annotation)
    elif old_values != new_values:
        wider = not new_values or (bool(old_values) and old_values <= new_values)
        before, after = (", ".join(sorted(values)) or "any text" for values in (old_values, new_values))
    else:
        return
    rule = "python-parameter-type-widened" if wider else "python-parameter-type-narrowed"
    yield changed(rule, place, old, new, before, after)


@dataclass(frozen=True, slots=True)
class _ChangedNeed:
    """What a method needed of credentials, and needs now; `rule`, `before` and `after` are those of the finding."""

    rule: str
    before: str
    after: str
    old: Method
    new: Method


def _changed_needs(view: View, names: Mapping[str, str]) -> Iterator[_ChangedNeed]:
    """Where the credentials that callers give are no longer enough, or needed; `names`: new arguments by old ones."""
    for old, new in paired_methods(view.old, view.new).pairs:
        for alternative in old.security:
            given = _renamed(alternative, names)
            # Where an argument was removed, that is a finding already.
            if len(given) == len(alternative) and not _suffices(given, new.security):
                rule = "python-credential-no-longer-enough" if alternative else "python-constructor-argument-needed"
                yield _ChangedNeed(rule, _text((alternative,)), _text(new.security), old, new)
        if frozenset() in new.security and frozenset() not in old.security:
            yield _ChangedNeed("python-constructor-argument-not-needed", _text(old.security), "", old, new)


def _changed_choices(view: View, names: Mapping[str, str]) -> Iterator[_ChangedNeed]:
    """Where callers who give several credentials now make the same call with another one of them."""
    alternatives = sorted({a for method in view.old.methods for a in method.security}, key=sorted)
    for old, new in paired_methods(view.old, view.new).pairs:
        choices: dict[tuple[str, str], frozenset[str]] = {}
        for first, second in product(old.security, alternatives):
            given = _renamed(first | second, names)
            before, after = _renamed(_choice(first | second, old.security), names), _choice(given, new.security)
            # Where what was sent no longer suffices, that is a finding already.
            if after and after != before and before and _suffices(before, new.security):
                choices.setdefault((_text((before,)), _text((after,))), given)
        for (before_text, after_text), given in choices.items():
            after_text = f"{after_text} (given {', '.join(sorted(given))})"
            yield _ChangedNeed("python-requests-changed", before_text, after_text, old, new)


def _renamed(arguments: frozenset[str], names: Mapping[str, str]) -> frozenset[str]:
    """Arguments by their new names, without those that were removed."""
    return frozenset(names[name] for name in arguments if name in names)


def _choice(given: frozenset[str], security: Security) -> frozenset[str]:
    """The credentials that are sent, as the run-time core chooses them; none if none of the alternatives is given."""
    return next((alternative for alternative in security if alternative and alternative <= given), frozenset())


def _combined(client: str, needs: list[_ChangedNeed]) -> Iterator[Finding]:
    """A finding for all methods whose needs changed in the same way."""
    same_change: dict[tuple[str, str, str], list[_ChangedNeed]] = {}
    for need in needs:
        same_change.setdefault((need.rule, need.before, need.after), []).append(need)
    for (rule, before, after), (need, *others) in same_change.items():
        place, operation = (client, "") if others else (f"{client}.{need.new.name}", need.new.operation)
        yield changed(rule, place, need.old, need.new, before, after, operation)


def _suffices(given: frozenset[str], security: Security) -> bool:
    """Whether a client with these credentials, and no others, can make a call."""
    return any(alternative <= given for alternative in security)


def _text(security: Security) -> str:
    return ", or ".join(sorted(" with ".join(sorted(alternative)) for alternative in security if alternative))
