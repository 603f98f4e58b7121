"""What changed for code that reads models and enums, or makes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..finding import Finding
from .annotations import MODELS
from .pairs import paired, paired_methods, paired_webhooks
from .surface import Attribute, Class, Word, closure
from .view import View, added, changed, deprecated, removed, told


@dataclass(frozen=True, slots=True)
class _Use:
    """What callers do with a model. One that no method mentions is theirs to do both."""

    received: bool
    passed: bool


def classes(view: View) -> Iterator[Finding]:
    """What changed in the classes."""
    there = {MODELS + one.name: one for one in view.new.classes}
    for old in view.old.classes:
        name = view.names.get(MODELS + old.name, "")
        if name in there:
            yield from _class(view, old, there[name])
        elif name:
            yield Finding("python-enum-became-text", "", old.name, old.name, name, old.source, None)
        else:
            yield removed("python-class-removed", old.name, old, old.name)
    explained = _explained(view) | {name.removeprefix(MODELS) for name in view.names.values()}
    for new in view.new.classes:
        if new.name not in explained:
            yield added("python-class-added", new.name, new, new.name)


def _explained(view: View) -> frozenset[str]:
    """The classes that came with a new method, or a new attribute."""
    _, _, fresh = paired_methods(view.old, view.new)
    there = {MODELS + one.name: one for one in view.new.classes}
    annotations = [a for method in fresh for a in method.annotations()]
    annotations += [one.returns for one in paired_webhooks(view.old, view.new)[2]]
    for old in view.old.classes:
        if new := there.get(view.names.get(MODELS + old.name, "")):
            annotations += [one.annotation for one in paired(old.attributes, new.attributes, _wire, _name)[2]]
    return closure(annotations, view.new.classes)


def _class(view: View, old: Class, new: Class) -> Iterator[Finding]:
    if old.name != new.name:
        yield changed("python-class-renamed", old.name, old, new, old.name, new.name)
    if old.kind != new.kind:
        yield changed("python-class-kind-changed", new.name, old, new, old.kind, new.kind)
        return
    yield from deprecated(new.name, old, new)
    yield from told(new.name, old, new)
    if old.base != new.base:
        yield changed("python-enum-base-changed", new.name, old, new, old.base, new.base)
        return
    received, passed = old.name in view.old.received, old.name in view.old.passed
    use = _Use(received or not passed, passed or not received)
    yield from _members(view, old, new, use)
    pairs, gone, fresh = paired(old.attributes, new.attributes, _wire, _name)
    for one in gone:
        yield removed("python-attribute-removed", f"{new.name}.{one.name}", one, one.name)
    for one in fresh:
        needed = one.required and use.passed
        rule = "python-body-attribute-added-required" if needed else "python-attribute-added"
        yield added(rule, f"{new.name}.{one.name}", one, f"{one.name}: {one.annotation}")
    for before_, after_ in pairs:
        yield from _attribute(view, f"{new.name}.{after_.name}", before_, after_, use)
    yield from _words(old, new)


def _members(view: View, old: Class, new: Class, use: _Use) -> Iterator[Finding]:
    """What became of the types that an alias stands for."""
    if not (old.members and new.members):
        return
    match view.relation(old.members, new.members):
        case "same":
            return
        case "widened":
            rule = "python-alias-widened" if use.received else "python-body-alias-widened"
        case "narrowed" | "declared":
            rule = "python-body-alias-narrowed" if use.passed else "python-alias-narrowed"
        case _:
            rule = "python-alias-changed"
    yield changed(rule, new.name, old, new, view.later(old.members), new.members)


def _wire(one: Attribute) -> str:
    return one.wire


def _name(one: Attribute | Word) -> str:
    return one.name


def _attribute(view: View, place: str, old: Attribute, new: Attribute, use: _Use) -> Iterator[Finding]:
    if old.name != new.name:
        yield changed("python-attribute-renamed", place, old, new, old.name, new.name)
    if old.required != new.required:
        # In both directions where a class is used in both: the one that breaks is told.
        if new.required:
            rule = "python-body-attribute-became-required" if use.passed else "python-attribute-became-required"
        else:
            rule = "python-attribute-became-optional" if use.received else "python-body-attribute-became-optional"
        before, after = ("required" if side.required else "may be absent" for side in (old, new))
        yield changed(rule, place, old, new, before, after)
    if rule := _type_rule(view, old, new, use):
        yield changed(rule, place, old, new, view.later(old.annotation), new.annotation)
    yield from deprecated(place, old, new)
    yield from told(place, old, new)


def _type_rule(view: View, old: Attribute, new: Attribute, use: _Use) -> str:
    relation = view.relation(old.annotation, new.annotation)
    null_alone = view.relation(old.annotation.without_none(), new.annotation.without_none()) == "same"
    match relation:
        case "same":
            return ""
        case "widened" if use.received:
            return "python-attribute-became-nullable" if null_alone else "python-attribute-type-widened"
        case "widened":
            return "python-body-attribute-type-widened"
        case "narrowed" | "declared" if use.passed:
            return "python-body-attribute-type-narrowed"
        case "narrowed":
            return "python-attribute-became-not-nullable" if null_alone else "python-attribute-type-narrowed"
        case "declared":
            return "python-type-declared"
        case _:
            return "python-attribute-type-changed"


def _words(old: Class, new: Class) -> Iterator[Finding]:
    pairs, gone, fresh = paired(old.words, new.words, lambda one: one.value, _name)
    for one in gone:
        yield removed("python-enum-member-removed", f"{new.name}.{one.name}", one, repr(one.value))
    for one in fresh:
        yield added("python-enum-member-added", f"{new.name}.{one.name}", one, repr(one.value))
    for before, after in pairs:
        place = f"{new.name}.{after.name}"
        if before.name != after.name:
            yield changed("python-enum-member-renamed", place, before, after, before.name, after.name)
        if before.value != after.value:
            rule = "python-enum-member-value-changed"
            yield changed(rule, place, before, after, repr(before.value), repr(after.value))
        yield from told(place, before, after)
