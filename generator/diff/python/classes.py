"""What changed for code that reads or makes instances of models and enums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...interpreter.fast_dataclasses import dataclass
from ..finding import Finding
from ..pairing.items import pair, same
from .annotations import without_none
from .mentions import sources_of_lost_mentions
from .pairs import paired_attributes, paired_methods, paired_webhooks
from .surface import Attribute, Class, mentioned_classes
from .view import View, added, changed, docstring_changed, documentation_changed, removed, type_changed


@dataclass(frozen=True, slots=True)
class _Use:
    """What callers do with a model. With a model that no method mentions they may do both."""

    received: bool
    passed: bool


def compare_classes(view: View) -> Iterator[Finding]:
    """What changed in the classes."""
    successors, lost_mentions = _successors(view), sources_of_lost_mentions(view)
    for old in view.old.classes:
        new_name = view.names.get(old.in_annotations)
        if old.name in successors:
            yield from _class(view, old, successors[old.name])
        elif new_name:
            yield Finding("python-enum-became-text", old.name, old.name, new_name.name, old.source, None)
        else:
            finding = removed("python-class-removed", old.name, old, old.name)
            yield replace(finding, follows=lost_mentions.get(old.name))
    explained = _came_along(view, successors) | {name.name for name in view.names.values()}
    for new in view.new.classes:
        if new.name not in explained:
            yield added("python-class-added", new.name, new, new.name)


def _successors(view: View) -> dict[str, Class]:
    """The new classes by the names of the old ones."""
    new_classes = {new.in_annotations: new for new in view.new.classes}
    names = ((old.name, view.names.get(old.in_annotations)) for old in view.old.classes)
    return {old_name: new_classes[name] for old_name, name in names if name in new_classes}


def _came_along(view: View, successors: dict[str, Class]) -> frozenset[str]:
    """The classes that came with a new method, webhook or attribute."""
    methods, webhooks = paired_methods(view.old, view.new), paired_webhooks(view.old, view.new)
    annotations = [annotation for method in methods.only_new for annotation in method.annotations()]
    annotations += [function.returns for function in webhooks.only_new]
    for old in view.old.classes:
        if new := successors.get(old.name):
            attributes = paired_attributes(old.attributes, new.attributes)
            annotations += [attribute.annotation for attribute in attributes.only_new]
    return mentioned_classes(annotations, view.new.classes)


def _class(view: View, old: Class, new: Class) -> Iterator[Finding]:
    if old.name != new.name:
        yield changed("python-class-renamed", old.name, old, new, old.name, new.name)
    if old.kind != new.kind:
        yield changed("python-class-kind-changed", new.name, old, new, old.kind, new.kind)
        return
    yield from documentation_changed(new.name, old, new)
    if old.base != new.base:
        yield changed("python-enum-base-changed", new.name, old, new, old.base, new.base)
        return
    received, passed = old.name in view.old.received, old.name in view.old.passed
    use = _Use(received or not passed, passed or not received)
    yield from _members(view, old, new, use)
    yield from _attributes(view, old, new, use)
    yield from _values(old, new)


def _members(view: View, old: Class, new: Class, use: _Use) -> Iterator[Finding]:
    """The finding about the type of an alias."""
    if not (old.members and new.members):
        return
    match view.relation(old.members, new.members):
        case "same":
            return
        case "widened" if not use.received:
            rule = "python-body-alias-widened"
        case "widened" if view.extends(old.members, new.members):
            rule = "python-alias-widened"
        case "narrowed" | "declared":
            rule = "python-body-alias-narrowed" if use.passed else "python-alias-narrowed"
        case _:
            rule = "python-alias-changed"
    yield changed(rule, new.name, old, new, view.in_new_names(old.members), new.members)


def _attributes(view: View, old: Class, new: Class, use: _Use) -> Iterator[Finding]:
    attributes = paired_attributes(old.attributes, new.attributes)
    for attribute in attributes.only_old:
        yield removed("python-attribute-removed", f"{new.name}.{attribute.name}", attribute, attribute.name)
    for attribute in attributes.only_new:
        needed = attribute.required and not attribute.constant and use.passed
        rule = "python-body-attribute-added-required" if needed else "python-attribute-added"
        text = f"{attribute.name}: {attribute.annotation}"
        yield added(rule, f"{new.name}.{attribute.name}", attribute, text)
    for before, after in attributes.pairs:
        yield from _attribute(view, f"{new.name}.{after.name}", before, after, use)


def _attribute(view: View, place: str, old: Attribute, new: Attribute, use: _Use) -> Iterator[Finding]:
    if old.name != new.name:
        yield changed("python-attribute-renamed", place, old, new, old.name, new.name)
    if old.required != new.required:
        # If a class is used in both directions, the finding is about the direction in which callers break.
        if new.required:
            rule = "python-body-attribute-became-required" if use.passed else "python-attribute-became-required"
        else:
            rule = "python-attribute-became-optional" if use.received else "python-body-attribute-became-optional"
        before, after = ("required" if side.required else "may be absent" for side in (old, new))
        yield changed(rule, place, old, new, before, after)
    elif old.constant != new.constant and use.passed:
        rule = "python-body-attribute-became-required" if old.constant else "python-body-attribute-became-optional"
        before, after = ("constant" if side.constant else "required" for side in (old, new))
        yield changed(rule, place, old, new, before, after)
    if rule := _type_rule(view, old, new, use):
        yield type_changed(rule, place, old, new, view.in_new_names(old.annotation), new.annotation)
    yield from documentation_changed(place, old, new)


def _type_rule(view: View, old: Attribute, new: Attribute, use: _Use) -> str:
    relation = view.relation(old.annotation, new.annotation)
    if relation == "same":
        return ""
    null_alone = view.relation(without_none(old.annotation), without_none(new.annotation)) == "same"
    match relation:
        case "widened" if use.received and view.extends(old.annotation, new.annotation):
            return "python-attribute-type-extended"
        case "other" if not use.passed and view.extends(old.annotation, new.annotation):
            return "python-attribute-type-extended"
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


def _values(old: Class, new: Class) -> Iterator[Finding]:
    """The findings about the values of an enum."""
    values = pair(old.values, new.values, same(lambda value: value.value), same(lambda value: value.name))
    for value in values.only_old:
        yield removed("python-enum-member-removed", f"{new.name}.{value.name}", value, repr(value.value))
    for value in values.only_new:
        yield added("python-enum-member-added", f"{new.name}.{value.name}", value, repr(value.value))
    for before, after in values.pairs:
        place = f"{new.name}.{after.name}"
        if before.name != after.name:
            yield changed("python-enum-member-renamed", place, before, after, before.name, after.name)
        if before.value != after.value:
            rule = "python-enum-member-value-changed"
            yield changed(rule, place, before, after, repr(before.value), repr(after.value))
        yield from docstring_changed(place, before, after)
