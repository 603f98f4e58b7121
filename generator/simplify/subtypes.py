"""A class with kinds: where it is referred to, the union of its kinds; where it is inherited from, itself.

OpenAPI says "one of these" also by a discriminator in a class that others take in by `allOf` (OpenAPI 3.1, section
4.8.25): whoever refers to `Pet` may get a `Cat`. The union keeps the name, the class itself is called `PetBase`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..document.schemas import Rule, annotations_of, rewrite_document, without_annotations
from ..document.tree import Array, Object
from .schemas import component_name, reference_to

_UNIONS = ("oneOf", "anyOf")


@dataclass(frozen=True, slots=True)
class _Base:
    key: str
    """Under which the class itself stands from now on."""
    kinds: tuple[str, ...]
    """The components that are its kinds, where no `oneOf` lists them."""


def split_parents(document: Object) -> Object:
    """The document in which every class with kinds is two components."""
    schemas = document.get("components", {}).get("schemas") or Object()
    bases = _bases(schemas)
    if not bases:
        return document
    document = rewrite_document(document, _inheriting({reference_to(name): base for name, base in bases.items()}))
    mapped = {reference_to(name) for base in bases.values() for name in base.kinds}
    schemas = document["components"]["schemas"]
    split: list[tuple[str, Any]] = []
    for name, schema in schemas.items():
        base = bases.get(name)
        if base is None:
            split.append((name, _inherited(schema, bases) if reference_to(name) in mapped else schema))
            continue
        own = schema.without("discriminator", *_UNIONS)
        split += [(name, _union(name, schema, base)), (base.key, _inherited(own, bases))]
    parts = document["components"].derive(
        (k, schemas.derive(split) if k == "schemas" else v) for k, v in document["components"].items()
    )
    return document.derive((k, parts if k == "components" else v) for k, v in document.items())


def _union(name: str, schema: Object, base: _Base) -> Object:
    kept = annotations_of(schema)
    own = reference_to(base.key)
    listed = [(key, schema[key]) for key in _UNIONS if key in schema]
    if listed:
        return schema.derive([*listed, *kept.items()])
    members = [schema.derive([("$ref", ref)]) for ref in (*(reference_to(kind) for kind in base.kinds), own)]
    found: Object = schema["discriminator"]
    mapping = found.get("mapping")
    words = dict(mapping) if isinstance(mapping, Object) else {}
    words.setdefault(name, own)
    told = found.derive([*found.without("mapping").items(), ("mapping", Object(words.items(), found.source))])
    said = [("anyOf", Array(members, schema.source)), *kept.without("discriminator").items(), ("discriminator", told)]
    return schema.derive(said)


def _bases(schemas: Object) -> dict[str, _Base]:
    heirs: dict[str, list[str]] = {}
    for name, schema in schemas.items():
        for parent in _parents(schema):
            heirs.setdefault(parent, []).append(name)
    found: dict[str, _Base] = {}
    for name, schema in schemas.items():
        if not isinstance(schema, Object):
            continue
        told = schema.get("discriminator")
        listed = {component_name(m["$ref"]) for key in _UNIONS for m in schema.get(key) or () if _refers(m)}
        if listed:
            kinds = [one for one in _descendants(name, heirs) if one in listed]
        elif isinstance(told, Object) and isinstance(told.get("propertyName"), str):
            mapping = told.get("mapping")
            targets = mapping.values() if isinstance(mapping, Object) else ()
            mapped = [component_name(target) for target in targets if isinstance(target, str)]
            kinds = [*_descendants(name, heirs), *(one for one in mapped if one in schemas)]
        else:
            continue
        kinds = [one for one in dict.fromkeys(kinds) if one != name]
        if kinds:
            key = f"{name}Base"
            while key in schemas or any(base.key == key for base in found.values()):
                key += "_"
            found[name] = _Base(key, tuple(kinds))
    return found


def _descendants(name: str, heirs: dict[str, list[str]]) -> Iterator[str]:
    seen, waiting = {name}, [name]
    while waiting:
        for heir in heirs.get(waiting.pop(), ()):
            if heir not in seen:
                seen.add(heir)
                waiting.append(heir)
                yield heir


def _parents(schema: Any) -> Iterator[str]:
    """The components that one inherits from: more is said than their names."""
    members = schema.get("allOf") if isinstance(schema, Object) else None
    if isinstance(members, Array) and _says_more(schema):
        yield from (component_name(m["$ref"]) for m in members if _refers(m))


def _says_more(schema: Object) -> bool:
    shaped = [m for m in schema["allOf"] if isinstance(m, Object) and without_annotations(m)]
    return len(shaped) > 1 or bool(without_annotations(schema).without("allOf"))


def _refers(schema: Any) -> bool:
    return isinstance(schema, Object) and isinstance(schema.get("$ref"), str)


def _inheriting(bases: dict[str, _Base]) -> Rule:
    """The rule that inherits from a class and not from its kinds."""

    def rule(schema: Object) -> Object:
        if not isinstance(schema.get("allOf"), Array) or not _says_more(schema):
            return schema
        return _from(schema, bases)

    return rule


def _inherited(schema: Any, bases: dict[str, _Base]) -> Any:
    """A kind that takes in its class and adds nothing to it."""
    if isinstance(schema, Object) and isinstance(schema.get("allOf"), Array):
        return _from(schema, {reference_to(name): base for name, base in bases.items()})
    return schema


def _from(schema: Object, bases: dict[str, _Base]) -> Object:
    members = [
        m.derive((k, reference_to(bases[v].key) if k == "$ref" else v) for k, v in m.items())
        if _refers(m) and m["$ref"] in bases
        else m
        for m in schema["allOf"]
    ]
    return schema.derive((k, schema["allOf"].derive(members) if k == "allOf" else v) for k, v in schema.items())
