"""Documents that say the same in other words: comparing them finds no change on the wire.

For the five providers' descriptions, and for every case of the generator's from which a client can be generated.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.diff.finding import Finding
from generator.diff.wire.api import compare
from generator.document.loading import parse
from generator.document.overlay import apply_overlay
from generator.document.pointer import follow
from generator.document.problems import Problems
from generator.ir.model import Api, Package
from generator.ir.provider import Provider
from generator.pipeline import read_api
from tests.examples import examples

ROOT = Path(__file__).resolve().parents[2]
UNORDERED = {"required", "enum", "parameters", "oneOf", "anyOf", "tags", "type", "security"}
"""Keywords whose lists say the same in any order."""
DATA = {"example", "examples", "default", "const"}
"""Keywords whose values are not a part of the description, whatever they look like."""


FOLDERS = {folder.name: folder for parent in ("specs", "tests/cases") for folder in sorted((ROOT / parent).glob("*/"))}
OF_ONE_DOCUMENT = {"openapi", "overlay", "provider", "normalization", "expected"}
"""Names in a folder whose document does not refer to further files."""


def text_of(name: str) -> str:
    """The text of a folder's document; of a folder without one, nothing."""
    return "".join(file.read_text("utf-8", "replace") for file in FOLDERS[name].glob("openapi.*"))


def references(name: str) -> list[str]:
    return [target for _, target in re.findall(r"""\$ref["']?: *(["']?)(.*?)\1(?:[\s,}]|$)""", text_of(name))]


def expected_problems(name: str) -> str:
    """What is reported of a case, as its folder says; of a provider nothing may be."""
    file = FOLDERS[name] / "expected" / "problems.txt"
    return file.read_text("utf-8") if file.exists() else ""


def is_readable(name: str) -> bool:
    """Whether a client can be generated from the document of a folder alone, with nothing left out."""
    return (
        text_of(name) != ""
        and not name.startswith("lost-")
        and ": error[" not in expected_problems(name)
        and {path.stem for path in FOLDERS[name].iterdir()} <= OF_ONE_DOCUMENT
    )


READABLE = [name for name in FOLDERS if is_readable(name)]
PROVIDERS = ("anon", "copyai", "dify", "juo", "tamtam")
every_document = pytest.mark.parametrize("name", READABLE)


def is_plain(name: str) -> bool:
    """Whether tests can rewrite a document: they know neither mistakes that are repaired nor discriminators.

    By a discriminator the name of a component is sent.
    """
    return (
        not re.search(r"\[(mended|unknown-scheme|unsupported-security)\]", expected_problems(name))
        and "discriminator" not in text_of(name)
        and all(re.fullmatch(r"#/components/\w+/[^/]*", reference) for reference in references(name))
    )


PLAIN = [name for name in READABLE if is_plain(name)]
every_plain_document = pytest.mark.parametrize("name", PLAIN)


@cache
def document_of(name: str) -> Any:
    """The document of a folder with its overlay, as plain dicts and lists."""
    (file,) = FOLDERS[name].glob("openapi.*")
    document = parse(file.read_text("utf-8"), file.name)
    if (overlay := FOLDERS[name] / "overlay.yaml").exists():
        document = apply_overlay(document, parse(overlay.read_text("utf-8"), overlay.name), Problems())
    return json.loads(json.dumps(document))


@cache
def package_of(name: str) -> Package:
    return package(document_of(name))


def package(document: Any) -> Package:
    return Package("x-client", "x_client", "X", "openapi.json", read(json.dumps(document), "openapi.json"))


def read(text: str, name: str) -> Api:
    return read_api(parse(text, name), Provider("X"), Problems(), read_twice=False)


def changes(old: Package, new: Package) -> list[Finding]:
    return [*compare(old, new), *compare(new, old)]


def schemas(value: Any, at: str = "") -> Iterator[dict[str, Any]]:
    """Every mapping that may be a schema, the outer ones first; `at` is the keyword that it stands under."""
    if isinstance(value, dict):
        if at not in ("properties", "schemas", "patternProperties", "responses", "headers", "securitySchemes"):
            yield value
        for key, child in list(value.items()):
            if key not in DATA or at == "properties":
                yield from schemas(child, key if at != "properties" else "")
    elif isinstance(value, list):
        for child in value:
            yield from schemas(child)


def test_there_is_something_to_compare() -> None:
    assert len(READABLE) > 180
    assert len(PLAIN) > 140
    assert set(PROVIDERS) <= set(READABLE)


@every_document
def test_a_document_is_not_a_change_from_itself(name: str) -> None:
    assert changes(package_of(name), package(document_of(name))) == []


# Order


def shuffled(value: Any, chance: random.Random, at: str = "") -> Any:
    if at in DATA:
        return value
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance, key) for key in keys}
    if isinstance(value, list):
        items = [shuffled(item, chance) for item in value]
        if at in UNORDERED:
            chance.shuffle(items)
        return items
    return value


WITHOUT_REPETITIONS = sorted({*READABLE} - {"parameters-ignored"})  # of which the first one counts


@settings(max_examples=examples(50), derandomize=True)
@given(st.sampled_from(WITHOUT_REPETITIONS), st.integers(0, 10**6))
def test_order_does_not_matter(name: str, seed: int) -> None:
    assert changes(package_of(name), package(shuffled(document_of(name), random.Random(seed)))) == []


# References


def inlined(document: Any) -> Any:
    """The document with every reference replaced by what it leads to, except for those that lead to themselves."""

    def walk(value: Any, inside: tuple[str, ...], at: str = "") -> Any:
        if isinstance(value, list):
            return [walk(item, inside) for item in value]
        if not isinstance(value, dict) or at in DATA:
            return value
        ref = value.get("$ref")
        if isinstance(ref, str) and ref not in inside and len(inside) < 4 and set(value) == {"$ref"}:
            return walk(target(ref), (*inside, ref))
        return {key: walk(child, inside, key) for key, child in value.items()}

    def target(ref: str) -> Any:
        return follow(document, ref.removeprefix("#"))

    return {key: walk(value, ()) if key == "paths" else value for key, value in document.items()}


@every_plain_document
def test_references_and_what_they_lead_to_are_the_same(name: str) -> None:
    assert changes(package_of(name), package(inlined(document_of(name)))) == []


def test_an_inline_object_may_become_a_component() -> None:
    inner = {"type": "object", "description": "A person.", "properties": {"name": {"type": "string"}}}
    whole = answering({"type": "object", "properties": {"owner": inner, "owners": {"type": "array", "items": inner}}})
    reference = {"$ref": "#/components/schemas/Person"}
    parts = answering(
        {"type": "object", "properties": {"owner": reference, "owners": {"type": "array", "items": reference}}}
    )
    parts["components"] = {"schemas": {"Person": inner}}
    assert changes(package(whole), package(parts)) == []


# Null


def answering(schema: Any, version: str = "3.1.0") -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"get": {"responses": {"200": {"description": "D", "content": content}}}}},
    }


NULLS = [
    [
        ("3.0.3", {"type": "string", "nullable": True}),
        ("3.1.0", {"type": ["string", "null"]}),
        ("3.1.0", {"type": ["null", "string"]}),
        ("3.1.0", {"oneOf": [{"type": "string"}, {"type": "null"}]}),
        ("3.1.0", {"anyOf": [{"type": "null"}, {"type": "string"}]}),
    ],
    [
        ("3.0.3", {"type": "string", "nullable": True, "enum": ["a", "b", None]}),
        ("3.1.0", {"type": ["string", "null"], "enum": ["a", "b", None]}),
        ("3.1.0", {"enum": [None, "b", "a"]}),
        ("3.1.0", {"oneOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]}),
    ],
    [
        ("3.0.3", {"type": "object", "nullable": True, "properties": {"a": {"type": "string"}}}),
        ("3.1.0", {"type": ["object", "null"], "properties": {"a": {"type": "string"}}}),
        ("3.1.0", {"anyOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "null"}]}),
    ],
]


@pytest.mark.parametrize("spellings", NULLS)
@pytest.mark.parametrize(
    "wrap", [lambda s: s, lambda s: {"type": "object", "properties": {"v": s}}], ids=["root", "in"]
)
def test_null_is_null_in_every_spelling(spellings: list[tuple[str, Any]], wrap: Callable[[Any], Any]) -> None:
    first_spelling, *other_spellings = (package(answering(wrap(schema), version)) for version, schema in spellings)
    for spelling in other_spellings:
        assert changes(first_spelling, spelling) == []


# Versions and formats


def in_31(document: Any) -> Any:
    """A 3.0 document as one of 3.1 (the migration of the OpenAPI Initiative: null and exclusive bounds)."""
    document = copy.deepcopy(document)
    document["openapi"] = "3.1.0"
    for schema in schemas(document):
        for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if schema.get(strict) is True:
                schema[strict] = schema.pop(bound)
            elif schema.get(strict) is False:
                del schema[strict]
        if schema.pop("nullable", False) is True and isinstance(schema.get("type"), str):
            schema["type"] = [schema["type"], "null"]
    return document


def is_of_3_0(name: str) -> bool:
    """Whether a document is one of OpenAPI 3.0 that `in_31` knows to rewrite."""
    if not re.search(r"""^ *["']?openapi["']?: *["']?3\.0""", text_of(name), re.MULTILINE):
        return False
    return not any(
        ("$ref" in schema and len(schema) > 1) or (schema.get("nullable") and "type" not in schema)
        for schema in schemas(document_of(name))
    )


@pytest.mark.parametrize("name", [*filter(is_of_3_0, READABLE)])
def test_versions_3_0_and_3_1_are_the_same(name: str) -> None:
    assert changes(package_of(name), package(in_31(document_of(name)))) == []


@every_document
def test_json_and_yaml_are_the_same(name: str) -> None:
    text = yaml.safe_dump(document_of(name), sort_keys=False, allow_unicode=True)
    from_yaml = Package("y-client", "y_client", "Y", "moved/api.yaml", read(text, "moved/api.yaml"))
    assert list(compare(package_of(name), from_yaml)) == []


# Names


def renamed(document: Any) -> Any:
    """Other names for operations, components, path variables and security schemes."""
    text = json.dumps(document)
    for ref in sorted(set(re.findall(r'"#/components/schemas/([^"/~%]+)"', text))):
        text = text.replace(f'"#/components/schemas/{ref}"', f'"#/components/schemas/Re{ref}"')
    document = json.loads(text)
    components = document.get("components") or {}
    if isinstance(components.get("schemas"), dict):
        used = set(re.findall(r'"#/components/schemas/Re([^"/~%]+)"', text))
        components["schemas"] = {f"Re{k}" if k in used else k: v for k, v in components["schemas"].items()}
    for holder, section in ((components, "securitySchemes"), (document, "securityDefinitions")):
        if isinstance(holder.get(section), dict):
            holder[section] = {f"Re{k}": v for k, v in holder[section].items()}
    paths = document.get("paths") or {}
    holders = [document, *(o for item in paths.values() for o in item.values() if isinstance(o, dict))]
    for holder in holders:
        if isinstance(holder.get("operationId"), str):
            holder["operationId"] = f"re{holder['operationId']}"
        if holder.get("security"):
            holder["security"] = [{f"Re{k}": v for k, v in alternative.items()} for alternative in holder["security"]]
    shared = components if isinstance(components, dict) else {}
    document["paths"] = {_with_other_holes(path, [item, shared]): item for path, item in paths.items()}
    for schema in schemas(document):
        if schema.get("in") == "path" and isinstance(schema.get("name"), str):
            schema["name"] = f"re{schema['name']}"
    return document


def _with_other_holes(path: str, declaring: Any) -> str:
    names = {p["name"] for p in schemas(declaring) if p.get("in") == "path" and isinstance(p.get("name"), str)}
    return re.sub(r"\{([^{}]+)\}", lambda hole: f"{{re{hole[1]}}}" if hole[1] in names else hole[0], path)


@every_plain_document
def test_names_do_not_matter_on_the_wire(name: str) -> None:
    assert changes(package_of(name), package(renamed(document_of(name)))) == []


def test_an_overlay_is_the_same_as_the_correction_in_the_document() -> None:
    document = answering({"type": "object", "properties": {"a": {"type": "string"}}})
    text = {
        "overlay": "1.0.0",
        "info": {"title": "T", "version": "1"},
        "actions": [{"target": "$.paths['/a'].get", "description": "It is.", "update": {"deprecated": True}}],
    }
    overlay = parse(json.dumps(text), "overlay.yaml")
    problems = Problems()
    corrected = apply_overlay(parse(json.dumps(document), "openapi.json"), overlay, problems)
    assert problems == []
    api = read_api(corrected, Provider("X"), Problems(), read_twice=False)
    document["paths"]["/a"]["get"]["deprecated"] = True
    assert list(compare(Package("x", "x", "X", "a", api), package(document))) == []
