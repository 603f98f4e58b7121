"""Explicit types: a schema that only values of one JSON type can satisfy says that type, and says it in one way.

{properties: {id: {}}}                   ->  {type: object, properties: {id: {}}}
{prefixItems: [A, B], items: false}      ->  {type: array, items: {anyOf: [A, B]}}
{patternProperties: {.*: A}}             ->  {type: object, additionalProperties: A}
{type: string, contentEncoding: base64}  ->  {type: string, format: byte}
{minimum: 1, exclusiveMinimum: true}     ->  {exclusiveMinimum: 1}
"""

from __future__ import annotations

from typing import Any, TypeGuard

from ..document.media_types import base_name
from ..document.problems import Problems, Source
from ..document.schemas import INCOMPLETE, NULL, is_annotation, rewrite_document, without_annotations
from ..document.tree import Array, Object
from .schemas import FILE, component_name, is_class, is_null, is_reference, reference_to, schemas_of, with_schemas

_UNTYPED = {"$ref", "allOf", "anyOf", "oneOf", "enum", "const", "not"}
"""Beside these keywords a missing `type` is said elsewhere, or does not matter."""
ANY_KEY = {"", ".*", "^.*$", "^.+$", ".+", "^.*", ".*$"}
"""Patterns that every name of a property matches, or all but the empty one."""
_IGNORED = {"$dynamicRef", "if", "then", "else", "dependentSchemas", "dependentRequired", "patternProperties"}
_IGNORED |= {"prefixItems", "propertyNames", "unevaluatedProperties"}
_IMPLICIT = {*_IGNORED, NULL, INCOMPLETE, "exclusiveMinimum", "exclusiveMaximum", "anyOf", "oneOf"}
_IMPLICIT |= {"contentEncoding", "contentMediaType"}
"""Keywords without which a schema says its type, or has none."""
_OF_OTHER_VALUES = ("$ref", "properties", "additionalProperties", "items", "allOf", "anyOf", "oneOf", "enum")
"""Keywords that say something of other values than null."""


def explicit_types(document: Object, problems: Problems) -> Object:
    """The document whose schemas say their types; keywords that are ignored from here on are reported."""
    anchors = {
        anchor: name
        for name, schema in schemas_of(document).items()
        for key in ("$dynamicAnchor", "$anchor")
        if isinstance(schema, Object) and isinstance(anchor := schema.get(key), str)
    }

    def rule(schema: Object) -> Object:
        schema = _without_empty_keywords(schema, problems)
        schema = _reference_of_anchor(schema, anchors)
        schema = _binary_format(schema)
        schema = numeric_bounds(schema)
        schema = _map_of_patterns(schema)
        schema = _list_of_prefix(schema)
        _report_ignored(schema, problems)
        _report_beside_null(schema, problems)
        return _with_properties_of_alternatives(_with_items(_with_type(schema)), problems)

    return rewrite_document(document, rule, _IMPLICIT)


def _with_properties_of_alternatives(schema: Object, problems: Problems) -> Object:
    """An object that declares what only one of its alternatives requires, and nothing declares, as any value.

    {properties: {soil: A}, anyOf: [{required: [soil]}, {required: [width]}]}  ->  properties: {soil: A, width: {}}
    """
    properties = schema.get("properties")
    if not isinstance(properties, Object) or {"allOf", "additionalProperties"} & schema.keys():
        return schema
    undeclared: dict[str, Object] = {}
    for member in (*(schema.get("anyOf") or ()), *(schema.get("oneOf") or ())):
        required = member.get("required") if isinstance(member, Object) else None
        if not isinstance(required, Array) or without_annotations(member).keys() - {"type"} != {"required"}:
            continue
        for index, wire in enumerate(required):
            if wire not in properties and wire not in undeclared:
                _report_undeclared(wire, required.where(index), schema, problems)
                undeclared[wire] = Object(source=required.where(index))
    return schema.replacing("properties", properties.derive({**properties, **undeclared})) if undeclared else schema


def _without_empty_keywords(schema: Object, problems: Problems) -> Object:
    empty = [key for key, value in schema.items() if value is None and not is_annotation(key) and key != "const"]
    for key in empty:
        problems.warning("empty-section", schema.where(key), f"`{key}` is empty; read as if it were not there")
    return schema.without(*empty)


def _reference_of_anchor(schema: Object, anchors: dict[str, str]) -> Object:
    """A schema that refers to another one by its anchor (JSON Schema 2020-12, section 8.2.3.2)."""
    ref = schema.get("$dynamicRef")
    name = anchors.get(ref.removeprefix("#")) if isinstance(ref, str) else None
    if name is None or "$ref" in schema:
        return schema
    return schema.derive([("$ref", reference_to(name)), *schema.without("$dynamicRef").items()])


def numeric_bounds(schema: Object) -> Object:
    """Exclusive bounds as numbers: in OpenAPI 3.0, `exclusiveMinimum: true` says that the `minimum` is one."""
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        flag, limit = schema.get(exclusive), schema.get(bound)
        if isinstance(flag, bool):
            schema = schema.without(exclusive)
            if flag and limit is not None:
                schema = schema.without(bound).replacing(exclusive, limit)
    return schema


def _binary_format(schema: Object) -> Object:
    """The formats `byte` and `binary` for `contentEncoding` and `contentMediaType`; `type` beside `binary`.

    Both are OpenAPI 3.1, section 4.4.2 (Data Types, "Working with Binary Data").
    """
    encoding, media_type = schema.get("contentEncoding"), schema.get("contentMediaType")
    type_ = schema.get("type", "string")
    typed_elsewhere = (_UNTYPED - {"not"}) & schema.keys()
    if typed_elsewhere or "string" not in (type_ if isinstance(type_, Array) else (type_,)):
        return schema
    if "format" in schema:
        is_untyped_file = schema["format"] == FILE and "type" not in schema
        return schema.derive([("type", "string"), *schema.items()]) if is_untyped_file else schema
    if encoding == "base64":
        format_ = "byte"
    elif encoding in (None, "binary") and isinstance(media_type, str) and not _is_text(media_type):
        format_ = "binary"
    else:
        return schema
    return schema.derive([*schema.without("type").items(), ("type", type_), ("format", format_)])


def _is_text(media_type: str) -> bool:
    name = base_name(media_type)
    return name.startswith("text/") or name.endswith(("json", "xml", "yaml", "javascript"))


def _map_of_patterns(schema: Object) -> Object:
    """`patternProperties` as additional properties, unless other keys may have any value."""
    additional = schema.get("additionalProperties")
    patterns = schema.get("patternProperties")
    if not isinstance(patterns, Object) or not patterns:
        return schema
    values = list(patterns.values())
    if isinstance(additional, Object):
        values.append(additional)
    elif additional is not False and not set(patterns) & ANY_KEY:
        return schema
    value = values[0] if len(values) == 1 else Object([("anyOf", Array(values, patterns.source))], patterns.source)
    rest = schema.without("patternProperties", "additionalProperties")
    return rest.replacing("additionalProperties", value)


def _list_of_prefix(schema: Object) -> Object:
    """`prefixItems` as a list of any of them, unless further items may be anything."""
    prefix, items, maximum = schema.get("prefixItems"), schema.get("items"), schema.get("maxItems")
    if not isinstance(prefix, Array) or not prefix:
        return schema
    no_more = items is False or (isinstance(items, Object) and items.get("not") == {})
    if no_more or (isinstance(maximum, int) and maximum <= len(prefix)):
        members = [*prefix]
    elif isinstance(items, Object) and items:
        members = [*prefix, items]
    else:
        return schema
    item = Object([("anyOf", Array(members, prefix.source))], prefix.source)
    return schema.without("prefixItems", "items").replacing("items", item)


def _report_beside_null(schema: Object, problems: Problems) -> None:
    """Report what is lost beside a type that admits null alone."""
    if schema.get("type") not in ("null", ["null"]):
        return
    for key in _OF_OTHER_VALUES:
        if key in schema and not (key == "enum" and is_null(schema.without("type"))):
            message = f"`type` admits null alone; `{key}` beside it is left out"
            problems.warning("only-null", schema.where(key), message, "an overlay can correct `type`")


def declare_required(document: Object, problems: Problems) -> Object:
    """The document whose classes declare every property that they require.

    One that no part of a schema declares has the type of additional properties, else any.
    """

    def rule(schema: Object) -> Object:
        return _with_required(schema, problems) if _has_fields(schema) else schema

    return rewrite_document(document, rule, ("required",))


def declare_discriminating(document: Object) -> Object:
    """The document whose classes declare, as text, every property by which a discriminator chooses them.

    A class without it would lose the value in both directions.
    """
    schemas = schemas_of(document)
    components: dict[str, Object] = {}

    def rule(schema: Object) -> Object:
        wire, source = _discriminating_property(schema), schema.where("discriminator")
        if _has_fields(schema) and wire:
            return _with_text(schema, wire, source)
        members = schema.get("anyOf")
        if not wire or not isinstance(members, Array):
            return schema
        for name in (component_name(member["$ref"]) for member in members if is_reference(member)):
            component = components.get(name, schemas.get(name))
            if _has_fields(component):
                components[name] = _with_text(component, wire, source)
        declared = (_with_text(member, wire, source) if _has_fields(member) else member for member in members)
        return schema.replacing("anyOf", members.derive(declared))

    # Twice, as components are changed by unions in any place: what the first pass changes in one of them would be lost.
    rewrite_document(document, rule, ("discriminator",))
    if components:
        document = with_schemas(document, schemas.changed((n, components.get(n, s)) for n, s in schemas.items()))
    return rewrite_document(document, rule, ("discriminator",))


def _has_fields(schema: Any) -> TypeGuard[Object]:
    """Whether a schema becomes a class with fields."""
    return is_class(schema) and "enum" not in schema


def _discriminating_property(schema: Object) -> str:
    """The property by which a discriminator chooses a class; "" if a schema has no discriminator."""
    discriminator = schema.get("discriminator")
    wire = discriminator.get("propertyName") if isinstance(discriminator, Object) else None
    return wire if isinstance(wire, str) else ""


def _with_text(schema: Object, wire: str, source: Source) -> Object:
    properties: Object = schema["properties"]
    if wire in properties:
        return schema
    return schema.replacing("properties", properties.replacing(wire, Object({"type": "string"}, source)))


def _with_required(schema: Object, problems: Problems) -> Object:
    properties, required = schema["properties"], schema.get("required")
    undeclared = set(required).difference(properties) if isinstance(required, Array) else ()
    if not undeclared:
        return schema
    assert isinstance(required, Array)
    items, marks = dict(properties), dict(properties.marks)
    for index, wire in enumerate(required):
        if wire in undeclared:
            _report_undeclared(wire, required.where(index), schema, problems)
            additional = schema.get("additionalProperties")
            items[wire] = additional if isinstance(additional, Object) else Object(source=required.where(index))
            marks[wire] = required.mark(index)
    return schema.replacing("properties", Object(items.items(), properties.source, marks))


def _report_undeclared(wire: str, source: Source, schema: Object, problems: Problems) -> None:
    additional = schema.get("additionalProperties")
    if additional is True or isinstance(additional, Object):
        return  # the document says of which type it is
    reason = ", and `additionalProperties` forbids it" if additional is False else ""
    message = f"{wire!r} is required, but not declared{reason}; it is read and sent as any value"
    hint = "an overlay can declare it, or no longer require it"
    problems.warning("undeclared-property", source, message, hint)


def _report_ignored(schema: Object, problems: Problems) -> None:
    for key in sorted(_IGNORED & schema.keys()):
        if schema[key] not in (None, False):
            problems.warning("ignored-keyword", schema.where(key), f"`{key}` does not shape the generated type")


def _with_type(schema: Object) -> Object:
    if "type" in schema or _UNTYPED & schema.keys():
        return schema
    if "properties" in schema or isinstance(schema.get("additionalProperties"), Object):
        return schema.derive([("type", "object"), *schema.items()])
    return schema.derive([("type", "array"), *schema.items()]) if "items" in schema else schema


def _with_items(schema: Object) -> Object:
    types = schema.get("type")
    is_array = "array" in types if isinstance(types, Array) else types == "array"
    if not is_array or isinstance(schema.get("items"), Object):
        return schema
    return schema.without("items").replacing("items", Object(source=schema.source))
