"""Random changes of documents: the generator ends in problems, or in code that compiles and models that decode.

It never ends in an exception, nor in a difference to the second reader: either would be a defect of the generator.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.document.loading import parse
from generator.document.overlay import apply_overlay
from generator.document.problems import Problem, Problems, ProblemsFound
from generator.ir.model import Api, Package
from generator.ir.provider import Provider
from generator.pipeline import read_api
from generator.render.package import client_files
from tests.examples import examples

ROOT = Path(__file__).resolve().parents[2]
ODD: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        1,
        -1.5,
        "",
        "x",
        "string",
        "object",
        "array",
        "a/b~",
        "\x00",
        "{",
        "{{ 7*7 }}",
        [],
        {},
        [None],
    ),
    *({"$ref": ref} for ref in ("#/components/schemas/X", "#/", "", 1, "other.yaml", "#/paths")),
    *({"type": kind} for kind in ("object", "null", ["string", "null"], ["array", "object"], [])),
    *(
        {"anyOf": []},
        {"allOf": [{}]},
        {"oneOf": [{"type": "null"}]},
        {"enum": [None]},
        {"enum": ["a", 1]},
        {"const": 1},
    ),
    *({"type": "object", "properties": {"a": {}}, "anyOf": [{"required": ["a"]}]}, {"nullable": True}),
]


@cache
def documents() -> list[Any]:
    """The documents of the five providers and of every valid case of the generator."""
    folders = [*sorted((ROOT / "specs").glob("*")), *sorted((ROOT / "tests" / "cases").glob("*"))]
    contents = []
    for folder in folders:
        for file in folder.glob("openapi.*"):
            try:
                document = parse(file.read_text("utf-8"), file.name)
                if (overlay := folder / "overlay.yaml").exists():
                    document = apply_overlay(document, parse(overlay.read_text("utf-8"), overlay.name), Problems())
                if isinstance(document, dict):
                    contents.append(json.loads(json.dumps(document)))
            except (ProblemsFound, UnicodeDecodeError):
                continue
    return contents


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, child in children for place in places(child, (*at, key)))]


def value_at(document: Any, place: tuple[Any, ...]) -> Any:
    for token in place:
        document = document[token]
    return document


@st.composite
def mutated(draw: st.DrawFn) -> str:
    document = copy.deepcopy(draw(st.sampled_from(documents())))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(places(document)[1:] or [()]))
        if not place:
            continue
        holder, key = value_at(document, place[:-1]), place[-1]
        match draw(st.sampled_from(("delete", "replace", "move"))):
            case "delete":
                del holder[key]
            case "replace":
                holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))
            case _:
                holder[key] = copy.deepcopy(value_at(document, draw(st.sampled_from(places(document)))))
    return json.dumps(document)


@contextmanager
def executed(code: str) -> Iterator[ModuleType]:
    module = ModuleType("mutated_models")
    with patch.dict(sys.modules, {module.__name__: module}):  # msgspec looks annotations up there
        exec(compile(code, "models.py", "exec", dont_inherit=True), module.__dict__)
        yield module


def outcome(text: str) -> tuple[Api | None, list[Problem]]:
    try:
        return read_api(parse(text, "openapi.json"), Provider("X"), Problems()), []
    except ProblemsFound as error:
        return None, error.problems


@settings(max_examples=examples(80), suppress_health_check=list(HealthCheck))
@given(mutated())
def test_every_document_ends_in_problems_or_in_code_that_works(text: str) -> None:
    api, problems = outcome(text)
    assert [problem for problem in problems if problem.id == "second-reading"] == []
    if api is None:
        assert problems
        return
    files = client_files(Package("x-client", "x_client", "X", "openapi.json", api))
    compile(files["x-client/x_client/client.py"], "client.py", "exec", dont_inherit=True)
    with executed(files["x-client/x_client/models.py"]) as models:
        for model in api.models:
            msgspec.json.Decoder(getattr(models, model.name))
