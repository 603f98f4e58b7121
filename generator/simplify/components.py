"""Every class has a name: inline objects, enums and aliases become components, those get the names of their classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..document.operations import operations, webhooks
from ..document.schemas import annotations_of, map_schemas, rewrite_document
from ..document.tree import Array, Object
from .aliases import Aliases
from .discriminators import distinct_values, rename_components
from .names import PYTHON_NAME, ClassNames, Naming
from .schemas import SCHEMAS, component_name, is_null, needs_class


def name_schemas(document: Object, naming: Naming) -> Object:
    """The document with all classes among the components, under the names of the generated classes."""
    components = document.get("components") or Object(source=document.source)
    schemas = components.get("schemas") or Object(source=components.source)
    classes = ClassNames(naming)
    names = classes.components(schemas)
    lent = {classes.take(f"{names[key]} Union"): (key, names[key]) for key in sorted(_lending(schemas))}
    names |= {name: key for key, (name, _) in lent.items()}
    document = rewrite_document(document, lambda schema: _renamed(schema, names))
    components = document.get("components") or components
    schemas = Object(((names[k], v) for k, v in (components.get("schemas") or {}).items()), schemas.source)
    hoister = _Hoister(classes, schemas, {new: old for new, (_, old) in lent.items()})
    operation_names = {(method, path): operation[PYTHON_NAME] for path, method, operation in operations(document)}
    for key, method, webhook in webhooks(document):
        operation_names[method, key] = f"{webhook[PYTHON_NAME]} {key.partition(' ')[0]}"
    # Names must not depend on the order of the document: inline classes are met in sorted order of their places.
    done: dict[tuple[str, ...], Any] = {}
    found: dict[tuple[str, ...], Any] = {}
    map_schemas(document, lambda schema, at: found.setdefault(at, schema))
    for at in sorted(found, key=lambda at: (at[0] != "schema", names.get(at[1], at[1]), at)):
        if at[0] == "schema":
            done[at] = hoister.component(found[at], names[at[1]])
        else:
            text = _place_name(at, operation_names[at[0], at[1]], naming)
            done[at] = hoister.hoisted(found[at], text, decoded=at[2] != "parameter")
    document = map_schemas(document, lambda schema, at: done[at])
    named = {names[key]: value for key, value in (document.get("components", {}).get("schemas") or {}).items()}
    all_schemas = Object({**named, **hoister.found}.items(), schemas.source)
    parts = Object([*components.without("schemas").items(), ("schemas", all_schemas)], components.source)
    return document.derive([*document.without("components").items(), ("components", parts)])


def _lending(schemas: Object) -> Iterator[str]:
    """The components that are neither class nor alias, so that their names are free for their only class."""
    aliases = Aliases(schemas)
    for key, schema in schemas.items():
        members = schema.get("anyOf") if isinstance(schema, Object) and not needs_class(schema) else None
        if isinstance(members, Array) and not aliases.holds(key):
            classes = [m for m in members if isinstance(m, Object) and needs_class(m)]
            objects = [m for m in classes if "enum" not in m]
            if len(objects) == 1 or (len(classes) == 1 and not objects):
                yield key


def _renamed(schema: Object, names: dict[str, str]) -> Object:
    if "discriminator" in schema:
        told = rename_components(schema["discriminator"], names)
        return schema.derive((k, told if k == "discriminator" else v) for k, v in schema.items())
    ref = schema.get("$ref")
    if not isinstance(ref, str):
        return schema
    name = names[component_name(ref)]
    if component_name(ref) == name:
        return schema
    return schema.derive([("$ref", SCHEMAS + name), *schema.without("$ref").items()])


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
    def __init__(self, classes: ClassNames, schemas: Object, lent: dict[str, str]) -> None:
        self.classes, self.schemas = classes, schemas
        self.lent = lent
        """Components by the names that they lend to their only class."""
        self.free = {*lent.values()}
        self.aliases = Aliases(schemas)
        self.found: dict[str, Object] = {}

    def component(self, schema: Any, name: str) -> Any:
        """A component with its inner classes hoisted."""
        return self.inside(schema, self.lent.get(name, name), aliased=self.aliases.holds(name))

    def take(self, text: str) -> str:
        """The name of a new class."""
        if text in self.free:
            self.free.remove(text)
            return text
        return self.classes.take(text)

    def hoisted(self, schema: Any, text: str, *, decoded: bool = True) -> Any:
        """A schema for a place: a reference when it needs a name, else the schema with its inner classes hoisted.

        What is only ever written, a parameter, needs no alias: nothing has to tell its members apart.
        """
        if not isinstance(schema, Object) or "$ref" in schema:
            return schema
        aliased = decoded and not needs_class(schema) and self.aliases.needed(schema)
        if not needs_class(schema) and not aliased:
            return self.inside(schema, text, decoded=decoded)
        name = self.take(text)
        self.found[name] = Object(source=schema.source)  # keeps its place before the classes inside it
        own = schema
        if aliased and any(map(is_null, schema.get("anyOf", ()))):  # whoever refers to an alias says "or null"
            own = schema.derive(
                (k, v.derive(m for m in v if not is_null(m)) if k == "anyOf" else v) for k, v in schema.items()
            )
        self.found[name] = self.inside(own, name, aliased=aliased)
        # The others are said there now.
        kept = annotations_of(schema).without("description", "title", "x-enum-descriptions", "discriminator")
        reference = schema.derive([("$ref", SCHEMAS + name)])
        if own is schema:
            return schema.derive([*reference.items(), *kept.items()])
        both = Array([reference, schema.derive([("type", "null")])], schema.source)
        return schema.derive([("anyOf", both), *kept.items()])

    def inside(self, schema: Any, name: str, *, aliased: bool = False, decoded: bool = True) -> Any:
        """A schema with the classes inside it hoisted."""
        if not isinstance(schema, Object):
            return schema
        decoded = decoded or needs_class(schema)
        changed: dict[str, Any] = {}
        for key, value in sorted(schema.items()):  # like the places of a document, whatever their order is there
            new = value
            if key == "properties" and isinstance(value, Object):
                inner = {prop: self.hoisted(value[prop], f"{name} {prop}") for prop in sorted(value)}
                if any(inner[prop] is not child for prop, child in value.items()):
                    new = value.derive((prop, inner[prop]) for prop in value)
            elif key == "items":
                new = self.hoisted(value, f"{name} Item", decoded=decoded)
            elif key == "additionalProperties":
                new = self.hoisted(value, f"{name} Value", decoded=decoded)
            elif key == "anyOf" and isinstance(value, Array):
                suffixes = self.suffixes(schema, aliased)
                new = value.derive(
                    self.hoisted(member, name + suffix, decoded=decoded)
                    for member, suffix in zip(value, suffixes, strict=True)
                )
            if new is not value:
                changed[key] = new
        return schema.derive({**schema, **changed}.items()) if changed else schema

    def suffixes(self, union: Object, aliased: bool) -> list[str]:
        """What the names of a union's members add to its own.

        An only object or list adds nothing, but where the union itself is called so; an enum beside something else
        says what it is. Several are told apart by their words, else by number.
        """
        members: Array = union["anyOf"]
        own = [m for m in members if isinstance(m, Object) and "$ref" not in m]
        enums = [m for m in own if "enum" in m]
        objects = [m for m in own if needs_class(m) and "enum" not in m]
        lists = [m for m in own if m.get("type") == "array"]
        told = _told(self.schemas, objects, (union.get("discriminator") or {}).get("propertyName", ""))
        result: list[str] = []
        for number, member in enumerate(members, 1):
            if [member] == objects:
                result.append(" Object" if aliased else "")
            elif [member] == enums:
                result.append(" Enum" if aliased or objects else "")
            elif [member] == lists:
                result.append("")
            else:
                word = next((word for one, word in zip(objects, told, strict=False) if one is member), "")
                result.append(f" {word}" if word else f" Option {number}")
        return result


def _told(schemas: Object, objects: list[Object], first: str) -> list[str]:
    """The constants that tell objects apart; none where none do."""
    words = distinct_values(schemas, objects, first)
    single = [of_one[0] for of_one in words if len(of_one) == 1]
    distinct = {"".join(c for c in word if c.isalnum()).lower() for word in single}
    return single if len(distinct - {""}) == len(objects) else []
