"""Small documents that ask for much work."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.torture.mutation.values import RAW

_OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}


def document(random: Random) -> dict[str, Any]:
    """A document of some ten thousand bytes whose reading may take long."""
    kind = random.choice(_KINDS)
    size = random.choice((5, 10, 20, 40, 60, 90))
    return kind(random, size)


def _with(schemas: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = {"description": "", "content": {"application/json": {"schema": _to("A0")}}}
    paths = {"/a": {"get": {"responses": {"200": answer}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
        **more,
    }


def _to(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _union(random: Random) -> str:
    return random.choice(("oneOf", "anyOf", "allOf"))


def _web(random: Random, size: int) -> dict[str, Any]:
    """Each schema is a union of some others, of later ones or of any."""
    width, in_order = random.choice((2, 3, 8)), random.random() < 0.5
    schemas: dict[str, Any] = {}
    for number in range(size):
        lowest = number + 1 if in_order else 0
        members: list[Any] = [_to(f"A{random.randrange(lowest, size + 1)}") for _ in range(width)]
        if random.random() < 0.3:
            members.append({"type": random.choice(("string", "object", "array"))})
        schemas[f"A{number}"] = {_union(random): members}
    return _with({**schemas, f"A{size}": _OBJECT})


def _doubling(random: Random, size: int) -> dict[str, Any]:
    """Each schema has the next one twice."""
    union, wrapped = _union(random), random.random() < 0.5

    def member(number: int) -> Any:
        reference = _to(f"A{number}")
        return {"type": "object", "properties": {f"p{number}": reference}} if wrapped else reference

    return _with({**{f"A{n}": {union: [member(n + 1), member(n + 1)]} for n in range(size)}, f"A{size}": _OBJECT})


def _nest(random: Random, size: int) -> dict[str, Any]:
    """Inline schemas in one another."""
    schema: Any = _OBJECT
    for _ in range(min(size, 50)):
        kind = random.choice(("oneOf", "anyOf", "allOf", "items", "additionalProperties", "properties", "not"))
        if kind.endswith("Of"):
            schema = {kind: [schema, {"type": random.choice(("null", "string", "integer"))}]}
        else:
            schema = {kind: {"a": schema} if kind == "properties" else schema}
    return _with({"A0": schema})


def _aliases(random: Random, size: int) -> dict[str, Any]:
    """Aliases of YAML inside aliases."""
    width = random.choice((2, 3, 9))
    pieces = {
        "x-0": {RAW: random.choice(("&a0 {type: object, properties: {a: {type: string}}}", "&a0 {type: string}"))}
    }
    for number in range(1, min(size, 24)):
        before = ", ".join([f"*a{number - 1}"] * width)
        content = random.choice(("oneOf", "allOf", "anyOf", "x"))
        pieces[f"x-{number}"] = {RAW: f"&a{number} {{{content}: [{before}]}}"}
    return {**pieces, **_with({"A0": {RAW: f"*a{len(pieces) - 1}"}})}


def _merges(random: Random, size: int) -> dict[str, Any]:
    """Merge keys of merge keys."""
    pieces: dict[str, Any] = {"x-0": {RAW: "&a0 {type: object, description: a}"}}
    for number in range(1, size):
        pieces[f"x-{number}"] = {RAW: f"&a{number} {{<<: [*a{number - 1}, *a{number // 2}], k{number}: 1}}"}
    return {**pieces, **_with({"A0": {RAW: f"{{<<: *a{size - 1}}}"}})}


def _chain(random: Random, size: int) -> dict[str, Any]:
    """A long chain of references, of unions or of bases."""
    size *= 20
    link = random.choice(
        (_to, lambda name: {"allOf": [_to(name)]}, lambda name: {"oneOf": [_to(name), {"type": "null"}]})
    )
    last = random.choice((_OBJECT, _to("A0"), {"type": "string", "enum": ["a"]}))
    return _with({**{f"A{n}": link(f"A{n + 1}") for n in range(size)}, f"A{size}": last})


def _bases(random: Random, size: int) -> dict[str, Any]:
    """Objects that extend one another, with discriminators."""
    schemas: dict[str, Any] = {"A0": {**_OBJECT, "discriminator": {"propertyName": "a"}}}
    for number in range(1, size):
        own = {"type": "object", "properties": {f"p{number}": _to(f"A{random.randrange(size)}")}}
        schemas[f"A{number}"] = {"allOf": [_to(f"A{random.randrange(number)}"), own]}
        if random.random() < 0.3:
            schemas[f"A{number}"]["discriminator"] = {"propertyName": random.choice(("a", f"p{number}"))}
    return _with(schemas)


def _wide(random: Random, size: int) -> dict[str, Any]:
    """Many words, properties or members."""
    size *= 5
    words = {"type": "string", "enum": [random.choice(("a", "A", "_", "-", " ")) * (n + 1) for n in range(size)]}
    fields = {"type": "object", "properties": {f"a{'-' * (n % 9)}{n // 9}": {"enum": [n]} for n in range(size)}}
    members = {"oneOf": [{"type": "object", "properties": {f"p{n}": {}, "k": {"const": n}}} for n in range(size)]}
    return _with({"A0": random.choice((words, fields, members))})


def _clashes(random: Random, size: int) -> dict[str, Any]:
    """Names that become the same name."""
    size *= 3
    names = ["A0", *(f"{'_' * n}A{'_' * (n % 5)}b" for n in range(size))]
    operations = {f"/{'a-' * n}": {"get": {"operationId": f"get{'_' * n}", "responses": {}}} for n in range(size // 3)}
    return _with(
        {
            name: {"type": "object", "properties": {"a b": words, "a-b": words}}
            for name in names
            for words in [{"enum": ["a"]}]
        },
        paths=operations,
    )


def _texts(random: Random, size: int) -> dict[str, Any]:
    """Descriptions that take long to read as Markdown, HTML or words."""
    piece = random.choice(
        (
            "> ",
            "*a **a ",
            "[",
            "![a](",
            "<",
            "<a ",
            "&lt",
            "`",
            "```\n",
            "- ",
            "\n- a\n  ",
            "|a",
            "\\",
            "<!--",
            "{{",
            "((((",
            "a.",
            "1. ",
            "**",
            "_a",
            "<ul><li>",
            "\t",
            " \n",
            "a" * 30 + " ",
            "\"'",
        )
    )
    description = piece * (size * 40)
    document = _with({"A0": {**_OBJECT, "description": description, "title": description}})
    document["info"]["description"] = description
    document["paths"]["/a"]["get"] |= {"summary": description, "description": description}
    return document


def _paths(random: Random, size: int) -> dict[str, Any]:
    """Paths and servers of many variables."""
    path = "/" + "/".join(f"{{a{n}}}" for n in range(size * 3))
    parameters = [
        {"name": f"a{n}", "in": "path", "required": True, "schema": {"type": "string"}} for n in range(size * 3)
    ]
    document = _with({"A0": _OBJECT})
    document["paths"] = {path: {"get": {"parameters": parameters, "responses": {}}}, "/" + "{" * size * 9: {"get": {}}}
    document["servers"] = [{"url": "https://h" + "/{a}" * size}, {"url": "{" * size * 9}]
    return document


def _references(random: Random, size: int) -> dict[str, Any]:
    """References that end in long ways through themselves."""
    way = "/properties/a" * size
    schemas = {
        "A0": {"type": "object", "properties": {"a": {"$ref": f"#/components/schemas/A0{way}"}}},
        "A1": _to("A0" + way),
    }
    return _with({**schemas, **{f"B{n}": _to("A0/properties/a" + way[: 13 * n]) for n in range(size)}})


def _security(random: Random, size: int) -> dict[str, Any]:
    """Many alternatives of credentials."""
    schemes = {f"S{n}": {"type": "apiKey", "in": "header", "name": f"X-{n}"} for n in range(size)}
    security: list[Any] = [{name: [] for name in random.sample(sorted(schemes), min(5, size))} for _ in range(size)]
    document = _with({"A0": _OBJECT}, security=security)
    document["components"]["securitySchemes"] = schemes
    return document


_KINDS: tuple[Callable[[Random, int], dict[str, Any]], ...] = (
    *(_web, _web, _web, _doubling, _nest, _aliases, _merges, _chain, _bases, _wide, _clashes, _texts, _texts, _paths),
    *(_references, _security),
)
