"""The properties of an object in two versions. A map is an object that declares none."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.model import Field, Model
from ...ir.types import ANY, MapOf, Type
from ..finding import Finding
from .kinds import described
from .pairs import Classes, Pair, Sides, SiteRules, plain_value, value_of

_BECAME_REQUIRED = SiteRules(
    "request-parameter-became-required", "request-property-became-required", "response-property-became-required"
)
_BECAME_OPTIONAL = SiteRules(
    "request-parameter-became-optional", "request-property-became-optional", "response-property-became-optional"
)

Object = Model | MapOf


def compare_objects(sides: Sides, pair: Pair, old: Object, new: Object) -> Iterator[Finding | Pair]:
    """The findings about which properties there are, and the pairs of those that both versions have."""
    request = pair.site != "response"
    before, after = _visible(old, request), _visible(new, request)
    for wire in sorted(before.keys() | after.keys()):
        one, other = before.get(wire), after.get(wire)
        token = wire.replace("~", "~0").replace("/", "~1")
        if one and other:
            inner = pair.inside(token, value_of(one, sides.old), value_of(other, sides.new))
            yield from _compare_required(inner, one, other, request)
            yield inner
        elif one:
            yield from _removed(sides, pair, token, one, new, request)
        elif other:
            yield from _added(sides, pair, token, other, old, request)
    yield from _compare_further(sides, pair, old, new)


def _visible(value: Object, request: bool) -> dict[str, Field]:
    """The properties that are sent in this direction."""
    fields = value.fields if isinstance(value, Model) else ()
    return {field.wire: field for field in fields if not (field.read_only if request else field.write_only)}


def _further(value: Object) -> Type | None:
    return value.additional if isinstance(value, Model) else value.value


def _expected(field: Field) -> bool:
    """Whether our clients refuse an answer without this property."""
    return field.required and not field.read_only


def _compare_required(inner: Pair, old: Field, new: Field, request: bool) -> Iterator[Finding]:
    if new.required and not old.required:
        yield inner.finding(_BECAME_REQUIRED, "optional", "required")
    elif not new.required and (old.required if request else _expected(old)):
        yield inner.finding(_BECAME_OPTIONAL, "required", "optional")


def _removed(sides: Sides, pair: Pair, token: str, old: Field, new: Object, request: bool) -> Iterator[Finding | Pair]:
    value, further = value_of(old, sides.old), _further(new)
    inner = pair.inside(token, value, plain_value(further or ANY, pair.new.source, sides.new))
    if request:
        rule = "request-property-refused" if further is None else "request-property-removed"
    else:
        rule = "response-required-property-removed" if _expected(old) else "response-optional-property-removed"
    yield _about(inner, rule, described(old.type, sides.old), "")
    if request and further not in (None, ANY):
        yield inner  # what used to have its own place is now one of those that may have any name


def _added(sides: Sides, pair: Pair, token: str, new: Field, old: Object, request: bool) -> Iterator[Finding | Pair]:
    inner = pair.inside(token, plain_value(_further(old) or ANY, pair.old.source, sides.old), value_of(new, sides.new))
    if request:
        rule = "new-required-request-property" if new.required else "new-optional-request-property"
    else:
        rule = "response-required-property-added" if new.required else "response-optional-property-added"
    yield _about(inner, rule, "", described(new.type, sides.new))
    # Of a map clients send, and read, properties that nobody declared.
    if isinstance(old, MapOf) and (request or old.value != ANY):
        yield inner


def _compare_further(sides: Sides, pair: Pair, old: Object, new: Object) -> Iterator[Finding | Pair]:
    """Properties that are not declared: clients send and read them in maps alone."""
    before, after = _further(old), _further(new)
    if isinstance(old, MapOf) and after is not None:
        one, other = plain_value(old.value, pair.old.source, sides.old), plain_value(after, pair.new.source, sides.new)
        yield pair.inside("{}", one, other)
        return
    words = _allowed(before, sides.old), _allowed(after, sides.new)
    if isinstance(old, MapOf) and pair.site == "request":
        yield _about(pair, "request-further-properties-refused", *words)
    elif words[0] != words[1]:
        yield _about(pair, "further-properties-changed", *words)


def _allowed(type_: Type | None, classes: Classes) -> str:
    return "none" if type_ is None else described(type_, classes)


def _about(pair: Pair, rule: str, before: str, after: str) -> Finding:
    return Finding(rule, "", pair.place, before, after, pair.old.source, pair.new.source)
