"""What tells the members of a union apart: a discriminator in one spelling, or a property whose values differ.

{propertyName: kind, mapping: {cat: Cat}}
->  {propertyName: kind, mapping: {cat: "#/components/schemas/Cat"}, x-names: {Cat: ..., Dog: ...}}

Events of a stream are told apart by their names, where the document describes whole events:

text/event-stream: {schema: {properties: {event: {enum: [rain]}, data: Rain}}}
->  text/event-stream: {x-python-events: [{names: [rain], schema: Rain}]}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeGuard

from ..document.media_types import base_name, is_json
from ..document.operations import map_operations
from ..document.problems import Problems
from ..document.schemas import EVENTS, rewrite_document
from ..document.tree import Array, Object
from .enums import CONSTANTS
from .schemas import component_name, is_null, is_reference, reference_to, schemas_of

_EVENT = {"event", "data", "id", "retry", "comment"}
"""The fields of a server-sent event (WHATWG HTML, 9.2.6)."""
_NAMED_EVENT = {"name", "data", "id", "retry", "comment"}
"""The fields as Micronaut's `Event` calls them; certain only if all but `comment` are there."""

_DEEPEST = 4
"""How many levels of properties are compared."""


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

    return rewrite_document(document, rule, ("discriminator",))


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


def property_values(schemas: Mapping[str, Any], member: Any, wire: str) -> tuple[str | float | bool, ...]:
    """The values that a property of an object can have; () when they are not limited."""
    member = _resolve(schemas, member)
    properties = member.get("properties") if isinstance(member, Object) else None
    schema = _resolve(schemas, (properties or {}).get(wire))
    if not isinstance(schema, Object):
        return ()
    values = schema.get("enum", schema.get(CONSTANTS))
    return tuple(values) if isinstance(values, Array) else ()


def constants(schemas: Mapping[str, Any], schema: Any) -> tuple[float | bool, ...]:
    """The only values that a boolean or a number has, null apart; () when they are not limited."""
    schema = _resolve(schemas, schema)
    members = schema.get("anyOf", ()) if isinstance(schema, Object) else ()
    others = [_resolve(schemas, member) for member in members if not is_null(member)]
    target = others[0] if len(others) == 1 else schema
    return tuple(target.get(CONSTANTS) or ()) if isinstance(target, Object) else ()


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


def are_told_apart(schemas: Mapping[str, Any], first: Any, second: Any) -> bool:
    """Whether an object that is one of two classes can be recognized by what the document says of them.

    It can be by a property that the first requires and the second does not declare, or the reverse, and by a property
    whose values differ between them.
    """
    first, second = _resolve(schemas, first), _resolve(schemas, second)
    pairs = ((first, second), (second, first))
    if any(set(left.get("required") or ()) - set(right.get("properties") or ()) for left, right in pairs):
        return True
    return _differ_inside(schemas, first, second, 0)


def _differ_inside(schemas: Mapping[str, Any], first: Object, second: Object, depth: int) -> bool:
    """Whether two objects have a property of different JSON types, or with different values, at any of a few levels."""
    properties = first.get("properties") or {}
    shared = [wire for wire in second.get("properties") or {} if wire in properties]
    for wire in shared if depth <= _DEEPEST else ():
        values = [set(property_values(schemas, schema, wire)) for schema in (first, second)]
        if all(values) and values[0].isdisjoint(values[1]):
            return True
        inner = [_resolve(schemas, schema["properties"][wire]) for schema in (first, second)]
        while all(isinstance(schema, Object) and "items" in schema for schema in inner):
            inner = [_resolve(schemas, schema["items"]) for schema in inner]
        if not all(isinstance(schema, Object) for schema in inner):
            continue
        types = {str(schema["type"]) for schema in inner if "type" in schema and "anyOf" not in schema}
        if len(types) == 2 and types != {"integer", "number"}:
            return True
        if _differ_inside(schemas, inner[0], inner[1], depth + 1):
            return True
    return False


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _resolve(schemas: Mapping[str, Any], schema: Any) -> Any:
    seen: set[str] = set()
    while is_reference(schema) and schema["$ref"] not in seen:
        seen.add(schema["$ref"])
        schema = schemas.get(component_name(schema["$ref"]))
    return schema


def describe_event_data(document: Object) -> Object:
    """The document whose event streams describe the data of events, also where it describes whole events.

    These are objects of an event's fields alone, one or several, or a list of them.
    """
    schemas = schemas_of(document)

    def media(name: str, value: Any) -> Any:
        if not isinstance(value, Object):
            return value
        is_stream = base_name(name) == "text/event-stream"
        return _with_event_data(value, schemas) if is_stream and "schema" in value else value

    def response(value: Object) -> Object:
        content = value.get("content")
        if not isinstance(content, Object):
            return value
        return value.replacing(
            "content", content.changed((name, media(name, child)) for name, child in content.items())
        )

    def operation(_: str, __: str, value: Object) -> Object:
        responses: Object = value["responses"]
        return value.replacing("responses", responses.changed((s, response(r)) for s, r in responses.items()))

    document = map_operations(document, operation)
    return rewrite_document(document, lambda schema: schema.without("contentSchema"), ("contentSchema",))


def _with_event_data(media: Object, schemas: Object) -> Object:
    schema = _resolve(schemas, media["schema"])
    is_list = isinstance(schema, Object) and schema.get("type") == "array"
    item = schema["items"] if is_list else media["schema"]
    events = [*_events(item, schemas, set())]
    if not any("data" in fields for fields, _ in events) or not all(_is_event(fields) for fields, _ in events):
        item = _json_in_text(item, schemas)
        return media.replacing("schema", schema.replacing("items", item) if is_list else item)
    described: list[tuple[Array, Object]] = []
    for name, members in _data_by_name(events, schemas).items():
        data = members[0] if len(members) == 1 else Object({"anyOf": Array(members)}, media.source)
        names = next((names for names, schema in described if schema == data), None)
        if names is None:
            described.append((Array([name]), data))
        else:
            names.append(name)
    values = Array((Object({"names": names, "schema": data}, media.source) for names, data in described), media.source)
    return media.without("schema").replacing(EVENTS, values)


def _data_by_name(events: Iterable[tuple[Object, _Names]], schemas: Object) -> dict[str, list[Any]]:
    """The schemas of the data of events by their names, "" for any name."""
    by_name: dict[str, list[Any]] = {}
    for fields, names in events:
        data = _json_in_text(fields.get("data", Object({"type": "string"}, fields.source)), schemas)
        for name in names.mapped or _constants(fields, schemas) or names.implicit or ("",):
            members = by_name.setdefault(name, [])
            members += [] if data in members else [data]
    return by_name


class _Names(NamedTuple):
    """What a discriminator says of the names of an event: in its mapping, or by the name of the component."""

    mapped: tuple[str, ...] = ()
    implicit: tuple[str, ...] = ()


_NO_NAMES = _Names()


def _events(schema: Any, schemas: Object, seen: set[str], names: _Names = _NO_NAMES) -> Iterator[tuple[Object, _Names]]:
    """The properties of each member of a union of objects, and its names; no properties of what is not an object."""
    target = _resolve(schemas, schema)
    if not isinstance(target, Object) or "anyOf" not in target:
        properties = target.get("properties") if isinstance(target, Object) else None
        yield properties if isinstance(properties, Object) else Object(), names
        return
    for member in target["anyOf"]:
        reference = member["$ref"] if is_reference(member) else ""
        if not is_null(member) and reference not in seen:
            seen |= {reference} if reference else set()
            yield from _events(member, schemas, seen, _discriminated(target, reference) or names)


def _discriminated(union: Object, reference: str) -> _Names | None:
    """The names of a member of a union of events that has a discriminator."""
    discriminator = union.get("discriminator")
    if discriminator is None or discriminator["propertyName"] not in ("event", "name"):
        return None
    fields = ("mapping", "x-names")
    return _Names(*(tuple(n for n, ref in discriminator[field].items() if ref == reference) for field in fields))


def _is_event(fields: Object) -> bool:
    """Whether properties are the fields of an event, and nothing else."""
    names = fields.keys()
    return bool(names & {"event", "data"}) and (names <= _EVENT or _NAMED_EVENT - {"comment"} <= names <= _NAMED_EVENT)


def _constants(fields: Object, schemas: Object) -> tuple[str, ...]:
    """The names that an event can have; () when they are not limited."""
    schema = _resolve(schemas, fields.get("event", fields.get("name")))
    members = schema.get("anyOf", [schema]) if isinstance(schema, Object) else ()
    types = [_resolve(schemas, member) for member in members if not is_null(member)]
    values = types[0].get("enum") if len(types) == 1 and isinstance(types[0], Object) else None
    return tuple(value for value in values if isinstance(value, str)) if isinstance(values, Array) else ()


def _json_in_text(schema: Any, schemas: Object) -> Any:
    """The schema of the JSON that a text contains (JSON Schema 2020-12, section 8.4); of any other value its own."""
    target = _resolve(schemas, schema)
    if not isinstance(target, Object):
        return schema
    if "anyOf" in target and not is_reference(schema):
        return schema.replacing("anyOf", target["anyOf"].changed(_json_in_text(m, schemas) for m in target["anyOf"]))
    contains_json = is_json(str(target.get("contentMediaType")))
    return target.get("contentSchema", Object(source=target.source)) if contains_json else schema
