"""Schemas of a prepared document -> types, models and enums of the intermediate representation."""

from __future__ import annotations

import json
from typing import Any

from generator.document import Object, source_of
from generator.ir import ANY, NULL, Enum, Field, ListOf, MapOf, Member, Model, Ref, Scalar, Type, UnionOf
from generator.prepare.hoist import needs_class
from generator.prepare.names import Naming, unique
from generator.prepare.walk import is_note
from generator.problems import Problems, Source

SCHEMAS = "#/components/schemas/"
_CONSTRAINTS = ("pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_LIST_CONSTRAINTS = ("minItems", "maxItems", "uniqueItems")
_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


class Schemas:
    """Reads the schemas of one document; what has no type goes to `problems`."""

    def __init__(self, document: Object, naming: Naming, problems: Problems) -> None:
        self.schemas: Object = document["components"]["schemas"]
        self.naming, self.problems = naming, problems
        self.open: list[str] = []

    def models(self) -> tuple[Model, ...]:
        """The components that are objects with declared properties."""
        return tuple(self.model(name, s) for name, s in self.schemas.items() if needs_class(s) and "enum" not in s)

    def enums(self) -> tuple[Enum, ...]:
        """The components that are enums."""
        return tuple(self.enum(name, s) for name, s in self.schemas.items() if needs_class(s) and "enum" in s)

    def check(self, document: Object) -> None:
        """Read what has no class as well: it may stand for no type."""
        for name, schema in self.schemas.items():
            if not isinstance(schema, Object) or not needs_class(schema):
                self.reference(Object([("$ref", SCHEMAS + name)], source_of(schema, document.source)))

    def model(self, name: str, schema: Object) -> Model:
        properties = schema["properties"]
        names = unique({wire: self.naming.identifier(wire) for wire in properties})
        required = set(schema.get("required") or ())
        additional = schema.get("additionalProperties", True)
        if isinstance(additional, Object) and set(additional) - {"description"}:
            message = "properties beyond the declared ones are typed here; they stay in the raw answer only"
            self.problems.warning("additional-properties", schema.where("additionalProperties"), message)
        for wire in required - properties.keys():
            message = f"{wire!r} is required but not declared; it stays in the raw answer only"
            self.problems.warning("undeclared-property", schema.where("required"), message)
        return Model(
            name=name,
            fields=tuple(
                self.field(names[wire], wire, child, wire in required, properties.where(wire))
                for wire, child in properties.items()
            ),
            source=schema.source,
            description=text(schema.get("description")),
            deprecated=schema.get("deprecated") is True,
            additional=None if additional is False else self.type(additional),
        )

    def field(self, name: str, wire: str, schema: Any, required: bool, source: Source) -> Field:
        notes = schema if isinstance(schema, Object) else Object()
        return Field(
            name=name,
            wire=wire,
            type=self.type(schema),
            required=required,
            source=source,
            description=text(notes.get("description")),
            deprecated=notes.get("deprecated") is True,
            read_only=notes.get("readOnly") is True,
            write_only=notes.get("writeOnly") is True,
            default=default_of(notes),
        )

    def enum(self, name: str, schema: Object) -> Enum:
        words = schema["enum"]
        described = schema.get("x-enum-descriptions")
        described = described if isinstance(described, Object) else Object()
        names = unique({str(word): _member_name(word, self.naming) for word in words})
        members = (
            Member(names[str(word)], word, words.where(i), text(described.get(str(word))))
            for i, word in enumerate(words)
        )
        description, deprecated = text(schema.get("description")), schema.get("deprecated") is True
        return Enum(name, tuple(members), schema.source, description, deprecated)

    def type(self, schema: Any) -> Type:
        if schema is False or (isinstance(schema, Object) and "not" in schema and schema["not"] == {}):
            return ANY
        if not isinstance(schema, Object) or all(is_note(key) for key in schema):
            return ANY
        if "$ref" in schema:
            return self.reference(schema)
        if "anyOf" in schema:
            return self.union([self.type(member) for member in schema["anyOf"]])
        kind = schema.get("type")
        if kind == "null":
            return NULL
        if kind == "array":
            return ListOf(self.type(schema["items"]), _constraints(schema, _LIST_CONSTRAINTS))
        if kind == "object":
            additional = schema.get("additionalProperties", True)
            return MapOf(self.type(additional) if isinstance(additional, Object) else ANY)
        if kind in _SCALARS:
            format_ = schema.get("format")
            found = _constraints(schema, _CONSTRAINTS)
            return Scalar(_SCALARS[kind], format_ if isinstance(format_, str) else "", found)  # type: ignore[arg-type]
        return ANY

    def reference(self, schema: Object) -> Type:
        name = schema["$ref"].removeprefix(SCHEMAS)
        target = self.schemas[name]
        if isinstance(target, Object) and needs_class(target):
            return Ref(name)
        if name in self.open:
            message = f"{name} contains itself and is no object: no Python type can say so"
            hint = "cut the loop by an overlay action"
            self.problems.error("recursive-alias", schema.where("$ref"), message, hint)
            return ANY
        self.open.append(name)
        found = self.type(target)
        self.open.pop()
        return found

    def union(self, members: list[Type]) -> Type:
        flat: list[Type] = []
        for member in members:
            flat += [m for m in (member.members if isinstance(member, UnionOf) else (member,)) if m not in flat]
        if ANY in flat:
            return ANY
        if any(isinstance(m, Ref) and self.is_text_enum(m.name) for m in flat):
            # Enum beside text is the documents' way to say "open enum", and all of ours are open.
            flat = [m for m in flat if not (isinstance(m, Scalar) and m.kind == "str")]
        flat = [*(m for m in flat if m != NULL), *(m for m in flat if m == NULL)]
        return flat[0] if len(flat) == 1 else UnionOf(tuple(flat))

    def is_text_enum(self, name: str) -> bool:
        target = self.schemas[name]
        return target.get("type") == "string" and "enum" in target


def default_of(schema: Any) -> str:
    """The documented default as JSON text; "" when there is none."""
    return json.dumps(schema["default"]) if isinstance(schema, Object) and "default" in schema else ""


def text(value: Any) -> str:
    """A description, or the like, as text."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def _constraints(schema: Object, keys: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    return tuple((k, schema[k]) for k in keys if isinstance(schema.get(k), (str, int, float)))


def _member_name(word: str | int, naming: Naming) -> str:
    if isinstance(word, int):
        return f"VALUE_{word}" if word >= 0 else f"VALUE_NEGATIVE_{-word}"
    if not word.strip():
        return "EMPTY"
    name = naming.identifier(f"value {word}").upper().removeprefix("VALUE_").strip("_")
    return name if name.isidentifier() else f"VALUE_{name}".rstrip("_")
