"""What tells the members of a union apart in two versions: discriminators, or constants of properties."""

from __future__ import annotations

from collections.abc import Iterator

from .....interpreter.fast_dataclasses import dataclass
from .....ir.types import Ref
from ....finding import Finding
from ....pairing.items import Paired, by_key
from ..json_types import aliases
from ..pairs import SiteRules, Value, ValuePair
from .same import Member, Members, Tags

_ADDED = SiteRules.by_direction("request-property-discriminator-added", "response-property-discriminator-added")
_REMOVED = SiteRules.by_direction("request-property-discriminator-removed", "response-property-discriminator-removed")
_PROPERTY_NAME_CHANGED = SiteRules.by_direction(
    "request-property-discriminator-property-name-changed", "response-property-discriminator-property-name-changed"
)
_MAPPING_ADDED = SiteRules.by_direction(
    "request-property-discriminator-mapping-added", "response-property-discriminator-mapping-added"
)
_MAPPING_CHANGED = SiteRules.by_direction(
    "request-property-discriminator-mapping-changed", "response-property-discriminator-mapping-changed"
)
_MAPPING_DELETED = SiteRules.by_direction(
    "request-property-discriminator-mapping-deleted", "response-property-discriminator-mapping-deleted"
)


@dataclass(frozen=True, slots=True)
class Discriminators:
    """The discriminators of a union in one version: each alias among its members may have its own."""

    properties: str
    """The names of their properties, in words."""
    mapping: Tags
    """The class names by discriminator value."""


def discriminators_of(union: Value) -> Discriminators:
    """The discriminators of a union."""
    discriminators = [alias.discriminator for alias in aliases(union.type, union.classes) if alias.discriminator]
    properties = ", ".join(sorted({discriminator.wire for discriminator in discriminators}))
    return Discriminators(properties, {value: name for d in discriminators for value, name in d.values})


def compare_discriminators(
    union: ValuePair, before: str, after: str, old: Members, new: Members, paired: Paired[Member]
) -> Iterator[Finding]:
    """The findings about discriminators; `before` and `after` are the names of their properties."""
    names = {o.name: n.name for o, n in paired.pairs if isinstance(o, Ref) and isinstance(n, Ref)}
    if before and after:
        if before != after:
            yield union.finding(_PROPERTY_NAME_CHANGED, before, after)
        yield from _compare_mappings(union, old, new, names)
        return
    if after:
        yield union.finding(_ADDED, "", after)
    elif before:
        yield union.finding(_REMOVED, before, "")
    for constant, old_class, new_class in by_key(old.constants, new.constants):
        if old_class and new_class and names.get(old_class) != new_class:
            yield union.finding(_MAPPING_CHANGED, f"{constant}: {old_class}", f"{constant}: {new_class}")


def _compare_mappings(union: ValuePair, old: Members, new: Members, names: Tags) -> Iterator[Finding]:
    """The findings about discriminator values; `names` are the new ones of the classes that both versions have."""
    old_classes, new_classes = ({m.name for m in side.all if isinstance(m, Ref)} for side in (old, new))
    for value, old_class, new_class in by_key(old.mapping, new.mapping):
        if new_class is None and old_class in names:
            yield union.finding(_MAPPING_DELETED, value, "")
        elif old_class is None and new_class in names.values():
            yield union.finding(_MAPPING_ADDED, "", value)
        elif old_class in old_classes and new_class in new_classes and names.get(old_class) != new_class:
            yield union.finding(_MAPPING_CHANGED, f"{value}: {old_class}", f"{value}: {new_class}")
