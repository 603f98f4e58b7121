"""The properties of an object in two versions. A map is an object without declared properties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ....document.pointer import escape
from ....document.problems import Source
from ....ir.model import Field, Model
from ....ir.types import ANY, MapOf, Type
from ...finding import Finding
from ...pairing.items import by_key
from .pairs import SiteRules, Value, ValuePair

_BECAME_REQUIRED = SiteRules(
    "request-parameter-became-required", "request-property-became-required", "response-property-became-required"
)
_BECAME_OPTIONAL = SiteRules(
    "request-parameter-became-optional", "request-property-became-optional", "response-property-became-optional"
)

_FURTHER_FORBIDDEN = SiteRules.by_direction("request-further-properties-refused", "response-further-properties-removed")

Object = Model | MapOf


def compare_objects(pair: ValuePair, old: Object, new: Object) -> Iterator[Finding | ValuePair]:
    """The findings about the names and presence of properties, and the pairs of values to compare next."""
    for name, old_field, new_field in by_key(_properties(pair, old), _properties(pair, new)):
        token = escape(name)
        if old_field and new_field:
            values = Value.of_field(old_field, pair.old.classes), Value.of_field(new_field, pair.new.classes)
            property_pair = pair.inside(token, *values)
            yield from _compare_required(property_pair, old_field, new_field)
            yield property_pair
        elif old_field:
            yield from _removed(pair, token, old_field, new)
        elif new_field:
            yield from _added(pair, token, new_field, old)
    yield from _compare_additional(pair, old, new)


def _properties(pair: ValuePair, object_: Object) -> dict[str, Field]:
    """The properties that are sent in the direction of the pair, by name."""
    fields = object_.fields if isinstance(object_, Model) else ()
    if pair.site == "response":
        return {field.wire: field for field in fields if not field.write_only}
    return {field.wire: field for field in fields if not field.read_only}


def _additional(object_: Object) -> Type | None:
    """The type of undeclared properties; None where they are forbidden."""
    return object_.additional if isinstance(object_, Model) else object_.value


def _must_be_sent(pair: ValuePair, field: Field) -> bool:
    """Whether the receiver refuses an object without this property: clients do not insist on a read-only one."""
    return field.required and not (pair.site == "response" and field.read_only)


def _compare_required(pair: ValuePair, old: Field, new: Field) -> Iterator[Finding]:
    if new.required and not old.required:
        yield pair.finding(_BECAME_REQUIRED, "optional", "required")
    elif not new.required and _must_be_sent(pair, old):
        yield pair.finding(_BECAME_OPTIONAL, "required", "optional")


def _removed(pair: ValuePair, token: str, old: Field, new: Object) -> Iterator[Finding | ValuePair]:
    additional = _additional(new)
    property_pair = pair.inside(token, Value.of_field(old, pair.old.classes), pair.new.inner(additional or ANY))
    if pair.site != "response":
        rule = "request-property-refused" if additional is None else "request-property-removed"
    elif _must_be_sent(pair, old):
        rule = "response-required-property-removed"
    else:
        rule = "response-optional-property-removed"
    yield property_pair.finding(rule, pair.old.in_words(old.type), "")
    if pair.site != "response" and additional not in (None, ANY):
        yield property_pair  # what clients send as this property is now read as an undeclared one


def _added(pair: ValuePair, token: str, new: Field, old: Object) -> Iterator[Finding | ValuePair]:
    property_pair = pair.inside(token, pair.old.inner(_additional(old) or ANY), Value.of_field(new, pair.new.classes))
    if pair.site != "response":
        rule = "new-required-request-property" if new.required else "new-optional-request-property"
    else:
        rule = "response-required-property-added" if new.required else "response-optional-property-added"
    yield property_pair.finding(rule, "", pair.new.in_words(new.type))
    # Clients send and read undeclared properties of a map, or of a type, so this one may have had values before.
    undeclared = _undeclared(old)
    is_typed = undeclared not in (None, ANY)
    if is_typed or (isinstance(old, MapOf) and pair.site != "response"):
        yield property_pair


def _undeclared(object_: Object) -> Type | None:
    """The type of the undeclared properties that clients send and read; None where they know of none."""
    if isinstance(object_, Model):
        return object_.additional if object_.additional_field else None
    return object_.value


def _compare_additional(pair: ValuePair, old: Object, new: Object) -> Iterator[Finding | ValuePair]:
    """The finding about undeclared properties, or where clients send and read them, the pair of their values."""
    before, after = _additional(old), _additional(new)
    of_clients = _undeclared(old)
    sources = _source_of_additional(pair.old, old), _source_of_additional(pair.new, new)
    if of_clients is not None and after is not None:
        values = pair.old.inner(of_clients), pair.new.inner(after)
        yield pair.inside("{}", *(replace(value, source=s) for value, s in zip(values, sources, strict=True)))
        return
    old_words = "none" if before is None else pair.old.in_words(before)
    new_words = "none" if after is None else pair.new.in_words(after)
    if of_clients is not None:
        yield pair.finding(_FURTHER_FORBIDDEN, old_words, new_words, *sources)
    elif old_words != new_words:
        yield pair.finding("further-properties-changed", old_words, new_words, *sources)


def _source_of_additional(value: Value, object_: Object) -> Source:
    """Where a version says what undeclared properties there are, or where its object is."""
    if not isinstance(object_, Model):
        return value.source
    return object_.additional_field.source if object_.additional_field else object_.source
