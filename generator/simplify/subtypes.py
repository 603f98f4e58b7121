"""Parents of subtypes: where one is referred to, the union of its subtypes; where one is inherited from, itself.

OpenAPI says "one of these" also by a discriminator in a schema that others take in by `allOf` (OpenAPI 3.1, section
4.8.25): whoever refers to `Pet` may get a `Cat`. The union keeps the name, the parent itself is called `PetBase`.

    Pet: {properties: {kind: A}, discriminator: {propertyName: kind}}
    Cat: {allOf: [{$ref: Pet}, B]}
    ->  Pet: {anyOf: [{$ref: Cat}, {$ref: PetBase}], discriminator: {propertyName: kind, x-base: {Pet: PetBase}}}
        PetBase: {properties: {kind: A}}
        Cat: {allOf: [{$ref: PetBase}, B]}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..document.schemas import annotations_of, rewrite_document, without_annotations
from ..document.tree import Array, Object
from ..interpreter.fast_dataclasses import dataclass
from .graph import reachable
from .restrictions.record import RESTRICTIONS
from .schemas import component_name, is_reference, reference_to, schemas_of, with_schemas

_UNIONS = ("oneOf", "anyOf")


@dataclass(frozen=True, slots=True)
class _Parent:
    base: str
    """The name of the component that becomes the parent itself."""
    subtypes: tuple[str, ...]
    """Names of components: those that its `oneOf` or `anyOf` lists, else all that inherit from it or are mapped."""


def split_parents(document: Object) -> Object:
    """The document in which every parent of subtypes is two components."""
    parents = _parents(schemas_of(document))
    if not parents:
        return document
    bases = {reference_to(name): reference_to(parent.base) for name, parent in parents.items()}
    subtypes = {subtype for parent in parents.values() for subtype in parent.subtypes}

    def rule(schema: Object) -> Object:
        return _inherit_from(schema, bases) if _adds_something(schema) else schema

    document = rewrite_document(document, rule, ("allOf",))
    schemas = schemas_of(document)
    components: dict[str, Any] = {}
    for name, schema in schemas.items():
        parent = parents.get(name)
        if parent is not None:
            components[name] = _union(name, schema, parent)
            components[parent.base] = _inherit_from(schema.without("discriminator", *_UNIONS), bases)
        else:
            # A subtype that adds nothing to its parent is an alias of the parent itself, not of the union.
            components[name] = _inherit_from(schema, bases) if name in subtypes else schema
    return with_schemas(document, schemas.derive(components.items()))


def _parents(schemas: Object) -> dict[str, _Parent]:
    """The components that are parents of subtypes, by name."""
    children: dict[str, list[str]] = {}
    for name, schema in schemas.items():
        for part in schema["allOf"] if _adds_something(schema) else ():
            if is_reference(part):
                children.setdefault(component_name(part["$ref"]), []).append(name)
    parents: dict[str, _Parent] = {}
    names = set(schemas)
    for name, schema in schemas.items():
        subtypes = _subtypes(name, schema, schemas, children) if isinstance(schema, Object) else ()
        if subtypes:
            base = f"{name}Base"
            while base in names:
                base += "_"
            names.add(base)
            parents[name] = _Parent(base, subtypes)
    return parents


def _subtypes(name: str, schema: Object, schemas: Object, children: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The subtypes of a component: children that its union lists, or all children where it has a discriminator."""
    descendants = reachable(name, lambda parent: children.get(parent, ()))
    listed = {component_name(m["$ref"]) for key in _UNIONS for m in schema.get(key) or () if is_reference(m)}
    if listed:
        return tuple(child for child in descendants if child in listed)
    discriminator = schema.get("discriminator")
    if not isinstance(discriminator, Object) or not isinstance(discriminator.get("propertyName"), str):
        return ()
    mapping = discriminator.get("mapping")
    targets = mapping.values() if isinstance(mapping, Object) else ()
    mapped = (component_name(target) for target in targets if isinstance(target, str))
    subtypes = [*descendants, *(target for target in mapped if target in schemas and target != name)]
    return tuple(dict.fromkeys(subtypes))


def _union(name: str, schema: Object, parent: _Parent) -> Object:
    """What a reference to a parent means: the members of its own union, else its subtypes and itself."""
    annotations = annotations_of(schema).without(RESTRICTIONS)  # which the parent itself has
    listed = [(key, schema[key]) for key in _UNIONS if key in schema]
    if listed:
        return schema.derive([*listed, *annotations.items()])
    members = [schema.derive([("$ref", reference_to(member))]) for member in (*parent.subtypes, parent.base)]
    discriminator: Object = schema["discriminator"]
    own_name = Object({name: reference_to(parent.base)}, discriminator.source)
    mapping = discriminator.get("mapping")
    if isinstance(mapping, Object):
        # A value that the mapping gives to the parent stands for the parent itself.
        own = {value: reference_to(parent.base) for value, ref in mapping.items() if component_name(str(ref)) == name}
        discriminator = discriminator.replacing("mapping", mapping.derive({**mapping, **own}))
    union = schema.derive([("anyOf", Array(members, schema.source)), *annotations.without("discriminator").items()])
    return union.replacing("discriminator", discriminator.replacing("x-base", own_name))


def _adds_something(schema: Any) -> bool:
    """Whether a schema inherits: its `allOf` adds something of its own; a bare `allOf` of one `$ref` is an alias."""
    if not isinstance(schema, Object) or not isinstance(schema.get("allOf"), Array):
        return False
    shaping = [part for part in schema["allOf"] if isinstance(part, Object) and without_annotations(part)]
    return len(shaping) > 1 or bool(without_annotations(schema).without("allOf"))


def _inherit_from(schema: Any, bases: Mapping[str, str]) -> Any:
    """A schema whose `allOf` refers to parents themselves in place of the unions; `bases` are references."""
    if not isinstance(schema, Object) or not isinstance(schema.get("allOf"), Array):
        return schema
    parts = [
        part.replacing("$ref", bases[part["$ref"]]) if is_reference(part) and part["$ref"] in bases else part
        for part in schema["allOf"]
    ]
    return schema.replacing("allOf", schema["allOf"].derive(parts))
