"""What tells the members of a union apart: a discriminator in one spelling, or a property whose words differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..document.problems import Problems
from ..document.schemas import Rule
from ..document.tree import Array, Object
from .schemas import SCHEMAS, component_name, reference_to


def spelled(schemas: Object, problems: Problems) -> Rule:
    """The rule: a discriminator stands beside a union, its mapping leads to schemas, and `x-names` are theirs."""

    def rule(schema: Object) -> Object:
        if "discriminator" not in schema:
            return schema
        found = schema["discriminator"]
        kept = schema.without("discriminator")
        if "anyOf" not in schema or not isinstance(found, Object) or not isinstance(found.get("propertyName"), str):
            return kept
        mapping = found.get("mapping")
        targets: dict[str, str] = {}
        mapping = mapping if isinstance(mapping, Object) else Object()
        for word, target in mapping.items():
            key = component_name(str(target))
            if key in schemas:
                targets[word] = reference_to(key)
            else:
                message = f"the discriminator's word {word!r} stands for {target}, which is no schema; left out"
                problems.warning("unknown-mapping", mapping.where(word), message)
        refs = [member["$ref"] for member in schema["anyOf"] if isinstance(member.get("$ref"), str)]
        one = [("propertyName", found["propertyName"]), ("mapping", Object(targets.items(), found.source))]
        names = Object(((component_name(ref), ref) for ref in refs), found.source)
        return kept.derive([*kept.items(), ("discriminator", found.derive([*one, ("x-names", names)]))])

    return rule


def renamed(discriminator: Object, names: Mapping[str, str]) -> Object:
    """A spelled discriminator whose mapping refers to components by other names."""

    def change(value: Any) -> Any:
        if not isinstance(value, Object):
            return value
        return value.derive((word, SCHEMAS + names[component_name(ref)]) for word, ref in value.items())

    return discriminator.derive((key, change(value)) for key, value in discriminator.items())


def discriminator_values(schemas: Mapping[str, Any], member: Any, wire: str) -> tuple[str, ...]:
    """The words that a property of an object may be; () when it may be anything, or be left out."""
    member = _followed(schemas, member)
    if not isinstance(member, Object) or wire not in (member.get("required") or ()):
        return ()
    found = _followed(schemas, (member.get("properties") or {}).get(wire))
    listed = found.get("enum") if isinstance(found, Object) else None
    return tuple(listed) if isinstance(listed, Array) and all(isinstance(word, str) for word in listed) else ()


def telling(schemas: Mapping[str, Any], members: Iterable[Any], first: str = "") -> tuple[str, list[tuple[str, ...]]]:
    """The property that tells objects apart, and the words of each of them; ("", []) when none does.

    They are those of the property `first`, or else of the alphabetically first one that is required of all of the
    members and never has the same words in two of them.
    """
    objects = [_followed(schemas, member) for member in members]
    common = [set(o.get("properties") or ()) if isinstance(o, Object) else set[str]() for o in objects]
    shared = set.intersection(*common) if len(common) > 1 else set[str]()
    for wire in sorted(shared, key=lambda wire: (wire != first, wire)):
        found = [discriminator_values(schemas, one, wire) for one in objects]
        listed = [word for of_one in found for word in of_one]
        if all(found) and len(set(listed)) == len(listed):
            return wire, found
    return "", []


def _followed(schemas: Mapping[str, Any], schema: Any) -> Any:
    seen: set[str] = set()
    while isinstance(schema, Object) and isinstance(schema.get("$ref"), str) and schema["$ref"] not in seen:
        seen.add(schema["$ref"])
        schema = schemas.get(component_name(schema["$ref"]))
    return schema
