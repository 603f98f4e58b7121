"""What tells the members of a union apart: a discriminator in one spelling, or a property whose values differ.

{propertyName: kind, mapping: {cat: Cat}}
->  {propertyName: kind, mapping: {cat: "#/components/schemas/Cat"}, x-names: {Cat: ..., Dog: ...}}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard

from ..document.problems import Problems
from ..document.schemas import rewrite_document
from ..document.tree import Array, Object
from .schemas import component_name, is_reference, reference_to, schemas_of


def plain_discriminators(document: Object, problems: Problems) -> Object:
    """The document whose discriminators stand beside unions, with a mapping to components of the document.

    `x-names` are the members of the union by the names that components had in the document: these are their
    discriminator values where the mapping gives no others. `x-base` is the own name of a parent, in the union of its
    subtypes.
    """
    schemas = schemas_of(document)

    def rule(schema: Object) -> Object:
        discriminator = schema.get("discriminator")
        rest = schema.without("discriminator")
        if "anyOf" not in rest or not isinstance(discriminator, Object):
            return rest
        if not isinstance(discriminator.get("propertyName"), str):
            return rest
        base = discriminator.get("x-base") or Object()
        refs = [member["$ref"] for member in rest["anyOf"] if is_reference(member)]
        plain = [
            ("propertyName", discriminator["propertyName"]),
            ("mapping", _mapping(discriminator, schemas, problems)),
            ("x-base", base),
            ("x-names", Object(((component_name(ref), ref) for ref in refs), discriminator.source)),
        ]
        return rest.replacing("discriminator", discriminator.derive(plain))

    return rewrite_document(document, rule)


def _mapping(discriminator: Object, schemas: Object, problems: Problems) -> Object:
    """References to components by discriminator value; the document may give names in their place."""
    mapping = discriminator.get("mapping")
    if not isinstance(mapping, Object):
        mapping = Object(source=discriminator.source)
    references: dict[str, str] = {}
    for value, target in mapping.items():
        name = component_name(str(target))
        if name in schemas:
            references[value] = reference_to(name)
        else:
            message = f"the discriminator value {value!r} stands for {target}, which is not a schema; left out"
            problems.warning("unknown-mapping", mapping.where(value), message)
    return mapping.derive(references)


def rename_components(discriminator: Object, names: Mapping[str, str]) -> Object:
    """A plain discriminator whose references lead to components under new names."""

    def renamed(references: Any) -> Any:
        if not isinstance(references, Object):
            return references
        return references.derive((key, reference_to(names[component_name(ref)])) for key, ref in references.items())

    return discriminator.derive((key, renamed(value)) for key, value in discriminator.items())


def property_values(schemas: Mapping[str, Any], member: Any, wire: str) -> tuple[str | int, ...]:
    """The texts or integers that a property of an object can have; () when they are not limited."""
    member = _resolve(schemas, member)
    properties = member.get("properties") if isinstance(member, Object) else None
    schema = _resolve(schemas, (properties or {}).get(wire))
    values = schema.get("enum") if isinstance(schema, Object) else None
    return tuple(values) if isinstance(values, Array) else ()


def distinct_values(schemas: Mapping[str, Any], members: Iterable[Any], preferred: str = "") -> list[tuple[str, ...]]:
    """For each object the values of the property that tells all of them apart; [] when none does.

    It is required of all members and never has the same value in two of them: `preferred`, or else the alphabetically
    first such property.
    """
    objects = [_resolve(schemas, member) for member in members]
    properties = [set(o.get("properties") or ()) if isinstance(o, Object) else set[str]() for o in objects]
    shared = set.intersection(*properties) if len(properties) > 1 else set[str]()
    for wire in sorted(shared, key=lambda wire: (wire != preferred, wire)):
        if not all(wire in (member.get("required") or ()) for member in objects):
            continue
        values = [tuple(filter(_is_text, property_values(schemas, member, wire))) for member in objects]
        every_value = [value for of_member in values for value in of_member]
        if all(values) and len(set(every_value)) == len(every_value):
            return values
    return []


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _resolve(schemas: Mapping[str, Any], schema: Any) -> Any:
    seen: set[str] = set()
    while is_reference(schema) and schema["$ref"] not in seen:
        seen.add(schema["$ref"])
        schema = schemas.get(component_name(schema["$ref"]))
    return schema
