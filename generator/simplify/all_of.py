"""`allOf` merged into one schema, nested and through references.

    {allOf: [{$ref: Pet}, {properties: {id: {type: string}}}]}   ->   {type: object, properties: {...of Pet, id: ...}}

Where two parts give a keyword differently, a value has to satisfy both, as far as that can be told: a narrower type,
common values of enums, the properties of both. Where no value could, the later part counts, as whoever inherits comes
last, and that is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from itertools import chain
from typing import Any

from ..document.problems import Problems, Source
from ..document.schemas import annotations_of, is_annotation, rewrite_document, rewrite_schema, without_annotations
from ..document.tree import Array, Object, source_of
from ..interpreter.fast_dataclasses import dataclass
from .enums import of_values
from .graph import cycles, reachable
from .restrictions.record import RESTRICTIONS, restrictions_of, with_restrictions
from .schemas import (
    FILE,
    TYPED_FORMATS,
    Growth,
    component_name,
    enum_of_constant,
    is_reference,
    schemas_of,
    with_schemas,
)
from .unions import intersect_unions, join_any_of_and_one_of

_INTEGER_OR_NUMBER = frozenset({"integer", "number"})


def merge_all_of(document: Object, growth: Growth, problems: Problems) -> Object:
    """The document without `allOf`. Raises ProblemsFound where it would grow too much."""
    document = _cut_cycles(document, problems)
    return rewrite_document(document, _Merger(schemas_of(document), growth, problems).merge_parts, ("allOf",))


@dataclass(frozen=True)
class _Merger:
    schemas: Object
    growth: Growth
    problems: Problems
    finished: dict[str, Object] = field(default_factory=dict)
    """Cache: components without `allOf`, their references at the top followed."""
    open: tuple[str, ...] = ()
    """The components inside which schemas are merged at present."""
    pairs: frozenset[tuple[str, str]] = frozenset()
    """The pairs of components inside which schemas are merged at present."""

    def merge_parts(self, schema: Object) -> Object:
        """The rule: a schema without `allOf`, if the schemas inside it have none."""
        self.growth.add(schema)
        parts = schema.get("allOf")
        if not isinstance(parts, Array):
            return schema
        rest = schema.without("allOf")
        parts = [part for part in parts if isinstance(part, Object) and part]
        shaping = [part for part in parts if without_annotations(part)]
        if len(shaping) == 1 and not without_annotations(rest):  # one schema that only gets annotations
            annotations = {key: value for part in [*parts, rest] for key, value in annotations_of(part).items()}
            annotations.pop(RESTRICTIONS, None)
            only = schema.derive([*without_annotations(shaping[0]).items(), *annotations.items()])
            return with_restrictions(only, tuple(chain.from_iterable(map(restrictions_of, [*parts, rest]))))
        whole = schema.derive([])
        for part in [*parts, rest]:
            whole = self.merge(whole, self.resolve(part), whole.source)
        # What names or describes a part does not describe the whole, but the values of an enum are what they were.
        annotations = annotations_of(rest).without(RESTRICTIONS)
        merged = whole.derive([*without_annotations(whole).items(), *of_values(whole).items(), *annotations.items()])
        return with_restrictions(merged, restrictions_of(whole))

    def resolve(self, schema: Object) -> Object:
        """The schema to which a reference leads at last, without `allOf`; any other schema as it is."""
        if not is_reference(schema):
            return schema
        name = component_name(schema["$ref"])
        if name in self.open:
            message = f"allOf: {schema['$ref']} is a part of itself; it is merged once"
            self.problems.warning("circular-all-of", schema.where("$ref"), message)
            return Object(source=schema.source)
        if name not in self.finished:
            inside = replace(self, open=(*self.open, name))
            target = rewrite_schema(self.schemas.get(name), inside.merge_parts)
            resolved = inside.resolve(target) if isinstance(target, Object) else Object(source=schema.source)
            self.finished[name] = with_restrictions(resolved, restrictions_of(target))
        return self.finished[name]

    def merge(self, earlier: Object, later: Object, default: Source) -> Object:
        """One schema for the values to which both schemas apply; it stands at `default` if neither has a source."""
        self.growth.add(later)
        earlier, later = (
            join_any_of_and_one_of(schema, self.schemas, self.growth, self.problems) for schema in (earlier, later)
        )
        if {"const", "enum"} <= earlier.keys() | later.keys():
            earlier, later = enum_of_constant(earlier), enum_of_constant(later)
        contradiction = _contradiction(earlier, later)
        if contradiction:
            self.report_conflict(contradiction, later)
            merged = later.derive([*annotations_of(earlier).without(*later).items(), *later.items()])
            return with_restrictions(merged, restrictions_of(earlier))
        keywords: dict[str, Any] = dict(earlier)
        for key, value in later.items():
            if key not in keywords or is_annotation(key):
                keywords[key] = value
            elif keywords[key] != value:
                keywords[key] = self.merge_values(key, keywords[key], value, later)
        marks = later.marks_with_container() | earlier.marks
        merged = Object(keywords.items(), source_of(earlier, source_of(later, default)), marks)
        return with_restrictions(merged, restrictions_of(earlier))

    def merge_values(self, key: str, left: Any, right: Any, later: Object) -> Any:
        """One value for the different values that two parts give to a keyword; `later` is the later part."""
        match key:
            case "properties":
                return self.merge_properties(left, right)
            case "items" if isinstance(left, Object) and isinstance(right, Object):
                return self.merge_nested(left, right)
            case "anyOf":
                members = intersect_unions(left, right, later, self.schemas, self.growth, self.problems)
                return members.derive(rewrite_schema(member, self.merge_parts) for member in members)
            case "format":
                return self.merge_formats(left, right, later)
            case "type" if {left, right} == _INTEGER_OR_NUMBER:
                return "integer"
            case "required":
                return left.derive(dict.fromkeys([*left, *right]))
            case "additionalProperties" if isinstance(left, Object):
                return left  # parts that are closed would exclude the properties of each other, and nobody means that
            case "enum":
                return left.derive([value for value in left if value in right])
        return right  # that of other keywords, such as maxLength, does not shape the type

    def merge_properties(self, left: Object, right: Object) -> Object:
        properties = dict(left)
        for name, schema in right.items():
            shape = without_annotations(schema)
            shape_before = without_annotations(properties.get(name) or Object())
            if shape and shape_before and shape != shape_before:
                properties[name] = self.merge_nested(properties[name], schema)
            elif shape or not shape_before:
                is_merged = isinstance(schema, Object) and restrictions_of(properties.get(name))
                properties[name] = with_restrictions(schema, restrictions_of(properties[name])) if is_merged else schema
        return Object(properties.items(), left.source, {**left.marks, **right.marks_with_container()})

    def merge_formats(self, left: Any, right: Any, later: Object) -> Any:
        typed = {left, right} & {*TYPED_FORMATS, FILE}
        chosen = next(iter(typed)) if len(typed) == 1 else right
        if typed:
            self.report_conflict("format", later, repr(chosen))
        return chosen

    def merge_nested(self, earlier: Object, later: Object) -> Object:
        """One schema for a property or items that both parts have; a class that implies the other stays what it is."""
        for schema, weaker in ((later, earlier), (earlier, later)):
            if self.implies(schema, weaker):
                return with_restrictions(schema, restrictions_of(weaker))
        pair = _referred(earlier), _referred(later)
        if all(pair) and pair in self.pairs:
            return later
        if all(pair) and {*pair} & {*self.open}:
            self.report_conflict("$ref", later)
            return later
        inside = replace(self, pairs=self.pairs | {pair})
        return inside.merge(inside.resolve(earlier), inside.resolve(later), later.source)

    def implies(self, schema: Object, weaker: Object) -> bool:
        """Whether a reference leads to a class that inherits from another one, or says all that a schema says."""
        name, parent = _referred(schema), _referred(weaker)
        if not name:
            return False
        if parent:
            return parent in reachable(name, lambda child: _parents(self.schemas.get(child)))
        if name in self.open:
            return False
        target = self.resolve(schema)
        return all(key in target and target[key] == value for key, value in without_annotations(weaker).items())

    def report_conflict(self, key: str, schema: Object, chosen: str = "the later one") -> None:
        message = f"allOf: two parts give `{key}` differently; {chosen} is used"
        self.problems.warning("all-of-conflict", schema.where(key), message, "an overlay can remove one of them")


def _contradiction(earlier: Object, later: Object) -> str:
    """The keyword by which no value can satisfy both schemas; "" if there is none."""
    types = earlier.get("type"), later.get("type")
    if all(isinstance(type_, str) for type_ in types) and types[0] != types[1] and {*types} != _INTEGER_OR_NUMBER:
        return "type"
    if isinstance(earlier.get("enum"), Array) and isinstance(later.get("enum"), Array):
        return "" if any(value in later["enum"] for value in earlier["enum"]) else "enum"
    if "const" in earlier and "const" in later and earlier["const"] != later["const"]:
        return "const"
    return ""


def _referred(schema: Object) -> str:
    """The component to which a schema refers; "" if it does not refer to any."""
    return component_name(schema["$ref"]) if is_reference(schema) else ""


def _parents(schema: Any) -> Iterator[str]:
    """The components that a schema takes in by `allOf`."""
    parts = schema.get("allOf") if isinstance(schema, Object) else None
    for part in parts if isinstance(parts, Array) else ():
        if is_reference(part):
            yield component_name(part["$ref"])
        else:
            yield from _parents(part)


def _cut_cycles(document: Object, problems: Problems) -> Object:
    """The document in which no component inherits from itself: those that inherit from each other say the same."""
    schemas = schemas_of(document)
    edges = {name: dict.fromkeys(p for p in _parents(schema) if p in schemas) for name, schema in schemas.items()}
    merged: dict[str, Any] = dict(schemas)
    for cycle in cycles(edges):
        message = f"allOf: {', '.join(sorted(cycle))} are parts of each other; each of them gets the parts of all"
        problems.warning("circular-all-of", schemas.where(min(cycle)), message)
        own_parts = {name: [*_parts_outside(schemas[name], cycle)] for name in sorted(cycle)}
        for name in cycle:
            inherited = [part for parent, parts in own_parts.items() if parent != name for part in parts]
            parts = [*own_parts[name], *inherited]
            annotations = annotations_of(schemas[name])
            merged[name] = annotations.derive([("allOf", Array(parts, annotations.source)), *annotations.items()])
    return with_schemas(document, schemas.changed(merged.items())) if schemas else document


def _parts_outside(schema: Object, cycle: frozenset[str]) -> Iterator[Object]:
    """What a schema says apart from taking in components of a cycle."""
    for part in schema.get("allOf") or ():
        if isinstance(part, Object) and "allOf" in part:
            yield from _parts_outside(part, cycle)
        elif isinstance(part, Object) and _referred(part) not in cycle:
            yield part
    rest = without_annotations(schema).without("allOf")
    if rest and "$ref" not in rest:
        yield rest
