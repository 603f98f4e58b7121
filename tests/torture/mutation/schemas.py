"""Schemas by a grammar, in odd mixtures."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.torture.mutation.values import text

NAMES = (
    *(
        "Bed",
        "Plant",
        "Pot",
        "bed",
        "BED",
        "Bed_",
        "Garden Bed",
        "bed-list",
        "Bed.List",
        "1st",
        "class",
        "Any",
        "str",
        "List",
    ),
    *("Öl", "名前", "Bed/Plant", "Bed~", "Bed%20", "_", "__init__", "models", "Field", "a.b.c", "Error", "Response"),
)
PROPERTIES = (
    *("id", "name", "kind", "type", "class", "from", "self", "a-b", "a_b", "aB", "A", "_a", "1a", "$a", "a b", "", "é"),
    *(
        "__init__",
        "object_type",
        "data",
        "items",
        "next",
        "cursor",
        "status",
        "created",
        "additional_properties",
        "@id",
    ),
)
_WORDS = (
    "a",
    "A",
    "b",
    "a b",
    "a-b",
    "",
    "1",
    "null",
    "true",
    "None",
    "é",
    "self",
    "mro",
    "name",
    "value",
    "_x",
    "__a__",
)
_FORMATS = (
    *("date-time", "date", "time", "duration", "uuid", "email", "uri", "binary", "byte", "password", "int32", "int64"),
    *("float", "double", "decimal", "ipv4", "unixtime", "x"),
)


class Schemas:
    """Schemas that refer to one another."""

    at = "#/components/schemas/"

    def __init__(self, random: Random, version: str) -> None:
        self.random = random
        self.is_31 = version >= "3.1"
        self.names = random.sample(NAMES, random.choice((0, 1, 2, 3, 5)))

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def schemas(self) -> dict[str, Any]:
        return {name: self.schema(2) for name in self.names}

    def reference(self) -> Any:
        name = self.random.choice(self.names or ["Bed"])
        return {"$ref": self.at + name.replace("~", "~0").replace("/", "~1")}

    def schema(self, depth: int) -> Any:
        kinds = ["text", "text", "number", "boolean", "enum", "any", "reference", "reference"]
        if depth > 0:
            kinds += ["object"] * 5 + ["list", "list", "map", "allOf", "oneOf", "anyOf", "oneOf", "tagged", "odd"]
        schema = getattr(self, f"_{self.random.choice(kinds)}")(depth)
        if isinstance(schema, dict):
            if "$ref" not in schema or self.is_31:
                self._annotate(schema)
            self._null(schema)
        return schema

    def _annotate(self, schema: dict[str, Any]) -> None:
        if self.chance(0.2):
            schema["description"] = text(self.random)
        if self.chance(0.1):
            key = self.random.choice(("title", "default", "example", "x-a", "pattern", "format"))
            schema[key] = text(self.random)
        if self.chance(0.1):
            schema[self.random.choice(("readOnly", "writeOnly", "deprecated", "uniqueItems"))] = True

    def _null(self, schema: dict[str, Any]) -> None:
        if not self.chance(0.15):
            return
        if not self.is_31:
            schema["nullable"] = True
        elif isinstance(schema.get("type"), str):
            schema["type"] = [schema["type"], "null"]
        elif "anyOf" in schema or "oneOf" in schema:
            schema["anyOf" if "anyOf" in schema else "oneOf"].append({"type": "null"})

    def _text(self, depth: int) -> Any:
        schema: dict[str, Any] = {"type": "string"}
        if self.chance(0.4):
            schema["format"] = self.random.choice(_FORMATS)
        if self.chance(0.1):
            schema |= {"minLength": 1, "maxLength": self.random.choice((0, 10, 2**40)), "pattern": "^(a+)+$"}
        return schema

    def _number(self, depth: int) -> Any:
        schema: dict[str, Any] = {"type": self.random.choice(("integer", "number"))}
        if self.chance(0.3):
            schema["format"] = self.random.choice(("int32", "int64", "float", "double", "decimal", "unixtime"))
        if self.chance(0.2):
            schema[self.random.choice(("minimum", "maximum", "multipleOf"))] = self.random.choice(
                (0, 1, 0.5, -1, 2**64)
            )
        if self.chance(0.05):
            schema["exclusiveMinimum"] = 0 if self.is_31 else True
        return schema

    def _boolean(self, depth: int) -> Any:
        return {"type": "boolean"}

    def _enum(self, depth: int) -> Any:
        words: list[Any] = self.random.sample(_WORDS, self.random.choice((1, 1, 2, 4)))
        if self.chance(0.2):
            return {"type": "integer", "enum": [1, 2, 3], "x-enum-varnames": words}
        if self.is_31 and self.chance(0.3):
            return {"const": words[0]}
        schema: dict[str, Any] = {"type": "string", "enum": words + ([None] if self.chance(0.1) else [])}
        if self.chance(0.2):
            schema["x-enum-varnames"] = self.random.sample(_WORDS, len(words))
        return schema

    def _any(self, depth: int) -> Any:
        return self.random.choice(({}, {}, True, False) if self.is_31 else ({}, {}, {"description": "Any"}))

    def _reference(self, depth: int) -> Any:
        return self.reference() if self.names else {}

    def _object(self, depth: int) -> Any:
        names = self.random.sample(PROPERTIES, self.random.choice((0, 1, 2, 3, 4)))
        schema: dict[str, Any] = {"type": "object", "properties": {name: self.schema(depth - 1) for name in names}}
        if names and self.chance(0.5):
            schema["required"] = self.random.sample(names, self.random.randrange(1, len(names) + 1))
        if self.chance(0.2):
            schema["additionalProperties"] = self.random.choice((True, False, {}, self.schema(depth - 1)))
        if self.chance(0.05):
            schema["discriminator"] = {"propertyName": self.random.choice(names or ["kind"])}
        if self.is_31 and self.chance(0.05):
            schema["patternProperties"] = {"^x": self.schema(depth - 1)}
        return schema

    def _list(self, depth: int) -> Any:
        schema: dict[str, Any] = {"type": "array", "items": self.schema(depth - 1)}
        if self.is_31 and self.chance(0.1):
            schema["prefixItems"] = [self.schema(depth - 1)]
        return schema

    def _map(self, depth: int) -> Any:
        return {"type": "object", "additionalProperties": self.schema(depth - 1)}

    def _several(self, depth: int) -> list[Any]:
        return [self.schema(depth - 1) for _ in range(self.random.choice((1, 2, 2, 3, 5)))]

    def _allOf(self, depth: int) -> Any:  # noqa: N802 - the keyword
        return {"allOf": self._several(depth), **(self._object(0) if self.chance(0.3) else {})}

    def _oneOf(self, depth: int) -> Any:  # noqa: N802
        return {"oneOf": self._several(depth), **(self._object(0) if self.chance(0.2) else {})}

    def _anyOf(self, depth: int) -> Any:  # noqa: N802
        return {"anyOf": self._several(depth), **({"type": "object"} if self.chance(0.2) else {})}

    def _tagged(self, depth: int) -> Any:
        """A union with a discriminator, whose members may or may not have the property."""
        members, mapping = [], {}
        for number in range(self.random.choice((1, 2, 3))):
            word = self.random.choice(_WORDS)
            member = self.reference() if self.names and self.chance(0.6) else self._object(depth - 1)
            if "properties" in member and self.chance(0.8):
                member["properties"]["kind"] = {"type": "string", "enum": [word]}
            members.append(member)
            mapping[f"{word}{number or ''}"] = member.get("$ref", self.random.choice(self.names or ["Bed"]))
        discriminator: dict[str, Any] = {"propertyName": self.random.choice(("kind", "kind", "type", ""))}
        if self.chance(0.6):
            discriminator["mapping"] = mapping
        return {self.random.choice(("oneOf", "anyOf")): members, "discriminator": discriminator}

    def _odd(self, depth: int) -> Any:
        inner = self.schema(depth - 1)
        return self.random.choice(
            (
                {"not": inner},
                {"type": ["string", "integer"], "enum": ["a", 1]} if self.is_31 else {"enum": ["a", 1]},
                {"properties": {"a": inner}},
                {"type": "array"},
                {"type": "object", "enum": [{}]},
                {"if": inner, "then": inner},
                {"type": "string", "contentMediaType": "application/json", "contentSchema": inner},
                {"$defs": {"A": inner}, "$ref": "#/components/schemas/Bed"},
                {"items": [inner]},
            )
        )
