"""The JSON Schemas of the responses of the five providers, and the types that are generated from them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import workflow_client_core as core
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from generator.document.loading import load
from generator.document.overlay import apply_overlay
from generator.document.problems import Problems
from generator.repair import repair
from generator.repair.resolve import resolve_references
from generator.simplify import simplify
from generator.upstream.naming import naming
from tests.examples import drawn
from tests.runtime.allowed import Times, allowed
from tests.runtime.times import is_timestamp, timestamp

SPECS = Path(__file__).resolve().parents[2] / "specs"
PROVIDERS = sorted(path.parent.name for path in SPECS.glob("*/openapi.yaml"))

_PATTERNED = {"date-time", "date"}
_TYPES = {
    "type",
    "properties",
    "required",
    "items",
    "anyOf",
    "oneOf",
    "additionalProperties",
    "format",
    "$ref",
    "$defs",
}


@dataclass(frozen=True, eq=False)
class Documented:
    """One documented JSON response: `schema` is what its description allows, `type` what it is decoded into."""

    name: str
    schema: dict[str, Any]
    type: Any

    def __repr__(self) -> str:
        return self.name

    def strategy(self, times: Times = timestamp) -> st.SearchStrategy[Any]:
        """Everything that the schema allows, with times in all spellings of RFC 3339, or with those given."""
        return drawn(lambda chance: allowed(_without_definitions(self.schema), self.schema["$defs"], chance, times))

    @functools.cache  # noqa: B019 - there are a handful, which live as long as the tests
    def types_only(self) -> Draft202012Validator:
        """What decoding enforces: JSON types, required values and times, but not enum values and patterns."""
        checker = FormatChecker(formats=())
        checker.checks("date-time")(is_timestamp)
        return Draft202012Validator(_map(self.schema, _types_only), format_checker=checker)


@functools.cache
def documented_responses() -> tuple[Documented, ...]:
    return tuple(_documented_responses())


def _documented_responses() -> Iterator[Documented]:
    for provider in PROVIDERS:
        document = _simplified(provider)
        operation = _operation(provider)
        for item in document["paths"].values():
            for method in item.values():
                for status, response in method["responses"].items():
                    for media_type, media in response.get("content", {}).items():
                        content = operation.responses[status]
                        assert content is not None
                        assert content.media_type == media_type
                        schema = {**media["schema"], "$defs": document["components"]["schemas"]}
                        schema = _map(schema, _with_local_references)
                        yield Documented(f"{provider} {status}", schema, content.type)


def _simplified(provider: str) -> Any:
    problems = Problems()
    document = load(SPECS / provider / "openapi.yaml")
    overlay = SPECS / provider / "overlay.yaml"
    if overlay.exists():
        document = apply_overlay(document, load(overlay), problems)
    resolved = resolve_references(repair(document, problems), problems)
    simplified = simplify(resolved, naming(), problems)
    problems.stop_on_errors()
    return simplified


def _operation(provider: str) -> core.Operation[Any]:
    """The only operation of a provider's client."""
    module = import_module(f"workflow_client_{provider}.client")
    (operation,) = (value for value in vars(module).values() if isinstance(value, core.Operation))
    return operation


def _map(value: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """A schema with `change` applied to it and to every schema inside, as plain dicts and lists."""
    if isinstance(value, Mapping):
        inner = {"properties", "$defs"}
        changed = change(dict(value))
        return {
            key: {name: _map(schema, change) for name, schema in part.items()} if key in inner else _map(part, change)
            for key, part in changed.items()
        }
    return [_map(item, change) for item in value] if isinstance(value, list) else value


def _with_local_references(schema: dict[str, Any]) -> dict[str, Any]:
    schema = {key: value for key, value in schema.items() if key not in ("example", "examples", "default")}
    if schema.get("format") in _PATTERNED:
        schema.pop("pattern", None)  # which asks for one of many spellings
    if isinstance(schema.get("$ref"), str):
        schema["$ref"] = schema["$ref"].replace("#/components/schemas/", "#/$defs/")
    return schema


def _without_definitions(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "$defs"}


def _types_only(schema: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key in _TYPES and value is not False}
