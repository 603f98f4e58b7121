"""A document of any size, made by chance: so many operations, and as many models that refer to each other at random."""

from __future__ import annotations

import random
from typing import Any

_WORDS = tuple("account order invoice tea cup price state owner label note region batch result step task token".split())  # noqa: SIM905
_TEXTS: list[dict[str, Any]] = [
    {},
    {"format": "uuid"},
    {"format": "date-time"},
    {"format": "date"},
    {"maxLength": 80},
    {"format": "uri"},
]


def document(operations: int, seed: int = 7) -> dict[str, Any]:
    """An OpenAPI 3.1 document with as many models as operations; the same for the same arguments."""
    return _Writer(operations, random.Random(seed)).document()


class _Writer:
    def __init__(self, size: int, chance: random.Random) -> None:
        self.size, self.chance = size, chance

    def document(self) -> dict[str, Any]:
        paths = {path: self.path_item(i) for i, path in enumerate(map("/things-{0}/{{id}}".format, range(self.size)))}
        return {
            "openapi": "3.1.0",
            "info": {"title": f"{self.size} operations", "version": "1"},
            "servers": [{"url": "https://api.example.com/v1"}],
            "security": [{"token": []}],
            "paths": paths,
            "components": {
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
                "schemas": {f"Model{i}": self.model() for i in range(self.size)} | {"Problem": _PROBLEM},
            },
        }

    def ref(self) -> dict[str, Any]:
        return {"$ref": f"#/components/schemas/Model{self.chance.randrange(self.size)}"}

    def name(self, number: int) -> str:
        return f"{self.chance.choice(_WORDS)}_{self.chance.choice(_WORDS)}_{number}"

    def scalar(self) -> dict[str, Any]:
        json_type = self.chance.choice(("string", "string", "string", "integer", "number", "boolean"))
        return {"type": json_type, **(self.chance.choice(_TEXTS) if json_type == "string" else {})}

    def enum(self) -> dict[str, Any]:
        return {"type": "string", "enum": self.chance.sample(_WORDS, 4)}

    def schema(self, depth: int = 0) -> dict[str, Any]:
        chance = self.chance.random()
        if chance < 0.3 or depth > 1:
            schema = self.scalar()
        elif chance < 0.7:
            return self.ref()
        elif chance < 0.8:
            schema = {"type": "array", "items": self.schema(depth + 1)}
        elif chance < 0.88:
            schema = self.enum()
        elif chance < 0.95:
            schema = {"type": "object", "properties": {self.name(i): self.schema(depth + 1) for i in range(3)}}
        else:
            schema = {"type": "object", "additionalProperties": self.schema(depth + 1)}
        return {**schema, "description": f"The {self.chance.choice(_WORDS)} of the {self.chance.choice(_WORDS)}."}

    def model(self) -> dict[str, Any]:
        properties = {self.name(i): self.schema() for i in range(self.chance.randrange(3, 11))}
        required = [name for name in properties if self.chance.random() < 0.4]
        return {"type": "object", "required": required, "properties": properties, "description": "What it is."}

    def path_item(self, number: int) -> dict[str, Any]:
        method = self.chance.choice(("get", "get", "post", "put", "patch", "delete"))
        parameters = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
        for i in range(self.chance.randrange(1, 5)):
            schema = self.chance.choice((self.scalar, self.enum, lambda: {"type": "array", "items": self.scalar()}))()
            described = "Which ones are wanted."
            parameters.append({"name": self.name(i), "in": "query", "schema": schema, "description": described})
        if self.chance.random() < 0.3:
            parameters.append({"name": "X-Request-ID", "in": "header", "schema": {"type": "string"}})
        body = self.ref() if self.chance.random() < 0.7 else {"type": "array", "items": self.ref()}
        operation: dict[str, Any] = {
            "operationId": f"{method}Thing{number}",
            "tags": [f"tag {number % 40}"],
            "summary": f"Does {method} with thing {number}.",
            "description": "A longer text says what it is good for, and when it fails.",
            "parameters": parameters,
            "responses": {
                "200": {"description": "Done.", "content": {"application/json": {"schema": body}}},
                "404": {"description": "None.", "content": {"application/json": {"schema": _TO_PROBLEM}}},
            },
        }
        if method in ("post", "put", "patch"):
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": self.ref()}}}
        return {method: operation}


_PROBLEM = {"type": "object", "properties": {"title": {"type": "string"}, "status": {"type": "integer"}}}
_TO_PROBLEM = {"$ref": "#/components/schemas/Problem"}
