"""Every class has a name: inline objects and enums become components, components get the names of their classes."""

from __future__ import annotations

from typing import Any

from generator.document import Array, Object
from generator.prepare.names import NAME, ClassNames, Naming
from generator.prepare.walk import map_schemas, notes, operations, rewrite_document

_SCHEMAS = "#/components/schemas/"


def hoist(document: Object, naming: Naming) -> Object:
    """The document with all classes among the components, under the names of the generated classes."""
    components = document.get("components") or Object(source=document.source)
    schemas = components.get("schemas") or Object(source=components.source)
    classes = ClassNames(naming)
    names = classes.components(schemas)
    document = rewrite_document(document, lambda schema: _renamed(schema, names))
    hoister = _Hoister(classes)
    operation_names = {(method, path): operation[NAME] for path, method, operation in operations(document)}
    # Names must not depend on the order of the document: inline classes are met in sorted order of their places.
    done: dict[tuple[str, ...], Any] = {}
    found: dict[tuple[str, ...], Any] = {}
    map_schemas(document, lambda schema, at: found.setdefault(at, schema))
    for at in sorted(found, key=lambda at: (at[0] != "schema", names.get(at[1], at[1]), at)):
        if at[0] == "schema":
            done[at] = hoister.inside(found[at], names[at[1]])
        else:
            done[at] = hoister.hoisted(found[at], _place_name(at, operation_names[at[0], at[1]], naming))
    document = map_schemas(document, lambda schema, at: done[at])
    named = {names[key]: value for key, value in (document.get("components", {}).get("schemas") or {}).items()}
    all_schemas = Object({**named, **hoister.found}.items(), schemas.source)
    parts = Object([*components.without("schemas").items(), ("schemas", all_schemas)], components.source)
    return document.derive([*document.without("components").items(), ("components", parts)])


def _renamed(schema: Object, names: dict[str, str]) -> Object:
    ref = schema.get("$ref")
    if not isinstance(ref, str):
        return schema
    key = ref.removeprefix(_SCHEMAS).replace("~1", "/").replace("~0", "~")
    if names[key] == key:
        return schema
    return schema.derive([("$ref", _SCHEMAS + names[key]), *schema.without("$ref").items()])


def _place_name(at: tuple[str, ...], operation: str, naming: Naming) -> str:
    stem = naming.class_name(operation)
    kind, *words = at[2:]
    if kind == "parameter":
        return f"{stem} {words[0]}"
    if kind == "body":
        return f"{stem} Body"
    if kind == "header":
        return f"{stem} {words[0]} {words[1]}"
    return f"{stem} Response" if words[0] in ("200", "201") else f"{stem} Response {words[0]}"


class _Hoister:
    def __init__(self, classes: ClassNames) -> None:
        self.classes = classes
        self.found: dict[str, Object] = {}

    def hoisted(self, schema: Any, text: str) -> Any:
        """A schema for a place: a reference when it needs a class, else the schema with its inner classes hoisted."""
        if not isinstance(schema, Object) or "$ref" in schema:
            return schema
        if not needs_class(schema):
            return self.inside(schema, text)
        name = self.classes.take(text)
        self.found[name] = Object(source=schema.source)  # keeps its place before the classes inside it
        self.found[name] = self.inside(schema, name)
        kept = notes(schema).without("description", "title", "x-enum-descriptions")  # the class says it now
        return schema.derive([("$ref", _SCHEMAS + name), *kept.items()])

    def inside(self, schema: Any, name: str) -> Any:
        """A schema with the classes inside it hoisted."""
        if not isinstance(schema, Object):
            return schema
        changed: dict[str, Any] = {}
        for key, value in schema.items():
            new = value
            if key == "properties" and isinstance(value, Object):
                inner = {prop: self.hoisted(child, f"{name} {prop}") for prop, child in value.items()}
                if any(inner[prop] is not child for prop, child in value.items()):
                    new = value.derive(inner.items())
            elif key == "items":
                new = self.hoisted(value, f"{name} Item")
            elif key == "additionalProperties":
                new = self.hoisted(value, f"{name} Value")
            elif key == "anyOf" and isinstance(value, Array):
                new = value.derive(self.members(value, name))
            if new is not value:
                changed[key] = new
        return schema.derive({**schema, **changed}.items()) if changed else schema

    def members(self, members: Array, name: str) -> list[Any]:
        """Members of a union: its only class takes the union's name, an enum beside an object says so."""
        classes = [m for m in members if isinstance(m, Object) and needs_class(m)]
        objects = [m for m in classes if "enum" not in m]
        result: list[Any] = []
        for number, member in enumerate(members, 1):
            if classes == [member] or objects == [member]:
                suffix = ""
            elif "enum" in member and len(classes) - len(objects) == 1:
                suffix = " Enum"
            else:
                suffix = f" Option {number}"
            result.append(self.hoisted(member, name + suffix))
        return result


def needs_class(schema: Object) -> bool:
    """Whether a schema becomes a class: an object with declared properties, or an enum."""
    declared = bool(schema.get("properties")) and schema.get("type", "object") == "object"
    return declared or isinstance(schema.get("enum"), Array)
