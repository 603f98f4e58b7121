"""Schemas of a simplified document -> types, models, enums and aliases of the intermediate representation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..document.problems import Problems, Source
from ..document.tree import Object, source_of
from ..simplify.aliases import Aliases
from ..simplify.discriminators import discriminator_values
from ..simplify.names import Naming, unique_names
from ..simplify.schemas import FILE, SCHEMAS, TYPED_FORMATS, component_name, is_any, needs_class
from .model import Alias, Discriminator, Enum, EnumValue, Field, Model
from .types import ANY, NULL, ListOf, MapOf, Ref, Scalar, Type, UnionOf, without_null

_CONSTRAINTS = (
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
)
_MARK = "additionalProperties*"
"""What the run-time core calls the attribute for properties beyond the declared ones."""
_LIST_CONSTRAINTS = ("minItems", "maxItems", "uniqueItems")
_TYPED = TYPED_FORMATS | {FILE}
_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


class Schemas:
    """Reads the schemas of one document; what has no type goes to `problems`."""

    def __init__(self, document: Object, naming: Naming, problems: Problems) -> None:
        self.schemas: Object = document["components"]["schemas"]
        self.naming, self.problems = naming, problems
        self.known = Aliases(self.schemas)
        self.open: list[str] = []  # the components that are being written out, and those since the last list or map
        self.direct: list[str] = []
        self.ends: dict[str, str] = {}
        """What names of names stand for, as far as somebody has asked."""
        self.written_out = False

    def models(self) -> tuple[Model, ...]:
        """The components that are objects with declared properties."""
        return tuple(self.model(name, s) for name, s in self.schemas.items() if needs_class(s) and "enum" not in s)

    def enums(self) -> tuple[Enum, ...]:
        """The components that are enums."""
        return tuple(self.enum(name, s) for name, s in self.schemas.items() if needs_class(s) and "enum" in s)

    def aliases(self) -> tuple[Alias, ...]:
        """The components that are types with a name of their own."""
        return tuple(self.alias(name, s) for name, s in self.schemas.items() if self.known.holds(name))

    def alias(self, name: str, schema: Object) -> Alias:
        self.direct = [name]
        type_ = without_null(self.type(schema))
        self.direct = []
        members = type_.members if isinstance(type_, UnionOf) else (type_,)
        description, deprecated = text(schema.get("description")), schema.get("deprecated") is True
        return Alias(name, type_, schema.source, description, deprecated, self.discriminator(schema, members))

    def discriminator(self, schema: Object, members: tuple[Type, ...]) -> Discriminator | None:
        """A union's discriminator, with the words that the document, or else the members themselves, say.

        What says nothing goes by its name (OpenAPI 3.1, section 4.8.25).
        """
        declared = schema.get("discriminator")
        if not isinstance(declared, Object):
            return None
        wire, names = declared["propertyName"], [m.name for m in members if isinstance(m, Ref)]
        mapped = {word: self.named(component_name(ref)) for word, ref in declared["mapping"].items()}
        found = {word: name for word, name in mapped.items() if name in names}
        for name in names:
            for word in discriminator_values(self.schemas, self.schemas[name], wire):
                found.setdefault(word, name)
        for word, name in declared["x-names"].items():
            if component_name(name) in set(names) - set(found.values()):
                found.setdefault(word, component_name(name))
        return Discriminator(wire, tuple(found.items())) if found else None

    def named(self, name: str) -> str:
        """The component that one stands for, where it is nothing but another one's name."""
        seen: set[str] = set()
        while name not in seen and isinstance(target := self.schemas[name], Object) and "$ref" in target:
            seen.add(name)
            name = component_name(target["$ref"])
        return name

    def check(self, document: Object) -> None:
        """Read what has no class as well: it may stand for no type."""
        for name, schema in self.schemas.items():
            if not isinstance(schema, Object) or not needs_class(schema):
                self.reference(Object([("$ref", SCHEMAS + name)], source_of(schema, document.source)))

    def model(self, name: str, schema: Object) -> Model:
        properties = schema["properties"]
        names = unique_names({wire: self.naming.identifier(wire) for wire in properties})
        required = set(schema.get("required") or ())
        additional = schema.get("additionalProperties", True)
        further = self.additional_field(schema, names)
        for wire in required - properties.keys() if further is None else ():
            message = f"{wire!r} is required but not declared; it is in raw answers only, and is not sent"
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
            additional_field=further,
        )

    def additional_field(self, schema: Object, names: dict[str, str]) -> Field | None:
        """What holds the properties beyond the declared ones: only where the document says that there are any."""
        additional = schema.get("additionalProperties", False)
        if additional is False:
            return None
        source = schema.where("additionalProperties")
        if _MARK in names:
            self.problems.warning(
                "additional-properties", source, f"a property is called {_MARK!r}: others are not read"
            )
            return None
        name = "additional_properties"
        while name in names.values():
            name += "_"
        notes = additional if isinstance(additional, Object) else Object()
        described = f"Properties beyond the declared ones.\n\n{text(notes.get('description'))}".strip()
        return Field(name, "", MapOf(self.type(additional)), required=False, source=source, description=described)

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
        listed = schema["enum"]
        described = schema.get("x-enum-descriptions")
        described = described if isinstance(described, Object) else Object()
        names = unique_names({str(word): _member_name(word, self.naming) for word in listed})
        members = (
            EnumValue(names[str(word)], word, listed.where(i), text(described.get(str(word))))
            for i, word in enumerate(listed)
        )
        description, deprecated = text(schema.get("description")), schema.get("deprecated") is True
        return Enum(name, tuple(members), schema.source, description, deprecated)

    def type(self, schema: Any) -> Type:
        if is_any(schema):
            return ANY
        if "$ref" in schema:
            return self.reference(schema)
        if "anyOf" in schema:
            return self.union([self.type(member) for member in self.spread(schema)])
        kind = schema.get("type")
        if kind == "null":
            return NULL
        if kind == "array":
            return ListOf(self.held(schema["items"]), _constraints(schema, _LIST_CONSTRAINTS))
        if kind == "object":
            additional = schema.get("additionalProperties", True)
            return MapOf(self.held(additional) if isinstance(additional, Object) else ANY)
        if kind in _SCALARS:
            format_ = schema.get("format")
            found = _constraints(schema, _CONSTRAINTS)
            return Scalar(_SCALARS[kind], format_ if isinstance(format_, str) else "", found)  # type: ignore[arg-type]
        return ANY

    def reference(self, schema: Object) -> Type:
        """What a reference stands for; `UnionOf(())` where that is nothing but what is being read."""
        names: dict[str, None] = {}
        target: Any = schema
        while isinstance(target, Object) and "$ref" in target:
            name = component_name(target["$ref"])
            if name in self.direct or name in names:
                return UnionOf(()) if self.direct else self.endless(schema, name)
            names[name] = None
            if (end := self.ends.get(name)) is not None and end not in names:
                name = end  # past names of names, none of which can be open where the last one is not
                if name in self.direct:
                    return UnionOf(())
                names[name] = None
            target = self.schemas[name]
        self.ends |= dict.fromkeys(names, name)
        if isinstance(target, Object) and needs_class(target):
            return Ref(name)
        if self.known.holds(name) and (not self.written_out or name in self.open):
            return UnionOf((Ref(name), NULL)) if self.known.nullable(name) else Ref(name)
        if name in self.open:
            return ANY  # a list of any values, itself among them
        self.open += names
        self.direct += names
        found = self.type(target)
        del self.open[-len(names) :], self.direct[-len(names) :]
        return self.endless(schema, name) if found == UnionOf(()) and not self.direct else found

    def endless(self, schema: Object, name: str) -> Type:
        message = f"{name} is nothing but itself; taken as any value"
        self.problems.warning("circular-schema", schema.where("$ref"), message)
        return ANY

    def held(self, schema: Any) -> Type:
        """The type of the items of a list, or the values of a map."""
        direct, self.direct = self.direct, []
        found = self.type(schema)
        self.direct = direct
        return found

    def parameter(self, schema: Any) -> Type:
        """The type of a value that is only ever written: nothing has to tell the members of its unions apart."""
        self.written_out = True
        found = self.type(schema)
        self.written_out = False
        return found

    def union(self, members: list[Type]) -> Type:
        found: dict[Type, None] = {}
        for member in members:
            found |= dict.fromkeys(member.members if isinstance(member, UnionOf) else (member,))
        if ANY in found:
            return ANY
        enums = {self.schemas[m.name].get("type") for m in found if isinstance(m, Ref) and self.is_enum(m.name)}
        flat = [m for m in found if not self.is_in(m, found, enums)]
        flat = [*(m for m in flat if m != NULL), *(m for m in flat if m == NULL)]
        return flat[0] if len(flat) == 1 else UnionOf(tuple(flat))

    def spread(self, union: Object) -> Iterator[Any]:
        """The members of a union, in place of a union without a name of its own those of it."""
        seen: set[str] = set()
        waiting = [*reversed(union["anyOf"])]
        while waiting:
            member = waiting.pop()
            name = self.named(component_name(member["$ref"])) if "$ref" in member else ""
            target = self.schemas[name] if name else member
            whole = not isinstance(target, Object) or needs_class(target) or "anyOf" not in target
            if whole or (name and (name in self.open or (self.known.holds(name) and not self.written_out))):
                yield member
            elif name not in seen:
                seen |= {name} if name else set()
                waiting += reversed(target["anyOf"])

    def is_in(self, type_: Type, union: Iterable[Type], enums: set[object]) -> bool:
        """Whether other members of a union hold all values of this one, so that it adds nothing.

        `enums` are the types of the enums among them. Enum beside text is the documents' way to say "open enum", and
        all of ours are open.
        """
        match type_:
            case Scalar("str", format_) if format_ in TYPED_FORMATS:
                return any(isinstance(m, Scalar) and m.primitive == "str" and m.format not in _TYPED for m in union)
            case Scalar("str", format_):
                return format_ != FILE and "string" in enums
            case Scalar("int"):
                return "integer" in enums
            case _:
                return False

    def is_enum(self, name: str) -> bool:
        return "enum" in self.schemas[name]


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
    name = naming.identifier(f"value {_spelled(word)}").upper().removeprefix("VALUE_").strip("_")
    return name if name.isidentifier() else f"VALUE_{name}".rstrip("_")


_SIGNS = {"+": "plus", "-": "minus", "*": "star", "/": "slash", "%": "percent", "=": "equal", "!": "not"}
_SIGNS |= {"<": "less", ">": "greater", "&": "and", "|": "or", "~": "like", "^": "caret", ".": "dot"}


def _spelled(word: str) -> str:
    """A word of signs alone in words, so that `>=` and `<` are told apart; else its first sign, as in `-created`."""
    if not any(c.isalnum() for c in word):
        return " ".join(_SIGNS.get(c, c) for c in word)
    return f"{_SIGNS[word[0]]} {word[1:]}" if word[0] in "+-" and word[1].isalnum() else word
