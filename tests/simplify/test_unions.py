"""Every union in a document is generated as a type that msgspec takes and that reads the union's instances.

Hypothesis draws the documents: unions, objects, lists, maps, enums, formats, and references, also to themselves. Every
class of the models has a decoder, and every instance of a schema is read without an issue.
"""

from __future__ import annotations

import json
import random
import sys
from itertools import count
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workflow_client_core import decode
from workflow_client_core._decoding.strict import decoder

from generator.document.loading import parse
from generator.document.problems import Problems
from generator.ir.provider import Provider
from generator.pipeline import read_api
from generator.python.annotations import CLIENT
from generator.render.package import models_module
from generator.render.templates import render
from generator.simplify.schemas import FILE, TYPED_FORMATS
from tests.examples import examples
from tests.generator.expectations import time_limit

NAMES = ("Ant", "Bee", "Cat", "Dog")
TEXTS = {
    "": "text",
    "uri": "https://example.com",
    "date-time": "2026-11-22T10:00:00Z",
    "date": "2026-11-22",
    "time": "10:00:00Z",
    "duration": "PT1H",
    "byte": "aGVsbG8=",
    "decimal": "1.50",
}
"""An instance for each format of text."""
_MODULES = count()

scalars = st.sampled_from(
    [
        *({"type": "string", **({"format": name} if name else {})} for name in TEXTS),
        {"type": "integer"},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "null"},
        {"enum": ["a", "b"]},
        {"enum": ["b", "c"]},
        {"const": "d"},
        {"enum": [1, 2]},
        {"const": 3},
        {},
    ]
)
references = st.sampled_from([{"$ref": f"#/components/schemas/{name}"} for name in NAMES])


def _inside(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    properties = st.dictionaries(st.sampled_from(["kind", "size", "next"]), children, min_size=1)
    objects = st.builds(
        lambda schemas, required: {"type": "object", "properties": schemas, "required": sorted(schemas)[:required]},
        properties,
        st.integers(0, 3),
    )
    return (
        objects
        | st.builds(lambda item: {"type": "array", "items": item}, children)
        | st.builds(lambda value: {"type": "object", "additionalProperties": value}, children)
        | st.builds(lambda members: {"anyOf": members}, st.lists(children, min_size=2, max_size=4))
    )


schemas = st.recursive(scalars | references, _inside, max_leaves=8)
documents = st.fixed_dictionaries(dict.fromkeys(NAMES, schemas))


class _Endless(Exception):  # noqa: N818 - it is not an error: another member of the union is tried
    """Raised for a schema that no finite value fits."""


class _Instances:
    """Valid values of a document's schemas."""

    def __init__(self, components: dict[str, Any], chance: random.Random) -> None:
        self.components, self.chance = components, chance

    def of(self, schema: dict[str, Any], depth: int = 0) -> Any:
        if depth > 8:
            raise _Endless
        if "$ref" in schema:
            return self.of(self.components[schema["$ref"].rpartition("/")[2]], depth + 1)
        if "anyOf" in schema:
            members = self.chance.sample(schema["anyOf"], len(schema["anyOf"]))
            for member in members:
                try:
                    return self.of(member, depth + 1)
                except _Endless:
                    continue
            raise _Endless
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        return self._typed(schema, depth)

    def _typed(self, schema: dict[str, Any], depth: int) -> Any:
        match schema.get("type"):
            case "string":
                return TEXTS[schema.get("format", "")]
            case "integer":
                return self.chance.randrange(-5, 5)
            case "number":
                return self.chance.choice([0.5, 2, -1.25])
            case "boolean":
                return self.chance.choice([True, False])
            case "null":
                return None
            case "array":
                return self._some(lambda: [self.of(schema["items"], depth + 1)], [])
            case "object" if "properties" in schema:
                return self._object(schema, depth)
            case "object":
                return self._some(lambda: {"key": self.of(schema["additionalProperties"], depth + 1)}, {})
            case _:
                return self.chance.choice([1, "any", {"any": None}, [True]])

    def _some(self, make: Any, none: Any) -> Any:
        if self.chance.random() < 0.3:
            return none
        try:
            return make()
        except _Endless:
            return none

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for name, child in schema["properties"].items():
            if name in schema["required"]:
                value[name] = self.of(child, depth + 1)
            else:
                value |= self._some(lambda name=name, child=child: {name: self.of(child, depth + 1)}, {})
        return value


def generated(components: dict[str, Any]) -> ModuleType:
    """The module of models of a document with these components, whose `Holder` has a property for each."""
    properties = {name.lower(): {"$ref": f"#/components/schemas/{name}"} for name in components}
    holder = {"type": "object", "properties": properties}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": {**components, "Holder": holder}},
    }
    problems = Problems()
    with time_limit():
        api = read_api(parse(json.dumps(document), "openapi.json"), Provider("X"), problems)
    assert problems.errors == []
    module = ModuleType(f"drawn_models_{next(_MODULES)}")
    sys.modules[module.__name__] = module
    exec(compile(render("client/models.py", header="T", **models_module(api)), module.__name__, "exec"), vars(module))
    return module


@settings(max_examples=examples(50), derandomize=True)
@given(documents, st.integers(0, 10**6))
def test_every_type_has_a_decoder_and_reads_its_instances(components: dict[str, Any], seed: int) -> None:
    module = generated(components)
    try:
        classes: list[Any] = [value for value in vars(module).values() if isinstance(value, type)]
        for class_ in classes:
            if class_.__module__ == module.__name__:
                decoder(class_)
        instances = _Instances(components, random.Random(seed))
        for name in NAMES:
            for _ in range(3):
                try:
                    value = instances.of(components[name])
                except _Endless:
                    break
                data = json.dumps({name.lower(): value}).encode()
                decoded = decode(data, module.Holder)
                assert (decoded.issues, decoded.complete) == ((), True), (components, data)
    finally:
        del sys.modules[module.__name__]


def test_formats_that_have_a_type_are_those_that_aliases_know() -> None:
    assert {*CLIENT.formats} - {FILE} == TYPED_FORMATS


@pytest.mark.parametrize("length", [40, 400])
def test_types_do_not_double_at_every_step(length: int) -> None:
    """Each component holds the one before twice: written out, the last one would be larger than any computer."""

    def twice(name: str) -> dict[str, Any]:
        ref = {"$ref": f"#/components/schemas/{name}"}
        values = {"type": "object", "additionalProperties": ref}
        return {"anyOf": [{"type": "array", "items": ref}, values]}

    components = {f"Step{i}": twice(f"Step{i - 1}") for i in range(1, length)}
    module = generated({"Step0": {"type": "string"}, **components})
    assert decode(b'{"step39": [{"a": [{}]}, []]}', module.Holder).issues == ()
