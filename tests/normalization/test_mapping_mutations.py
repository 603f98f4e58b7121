"""For any change of a mapping, the generator reports problems or writes an adapter that compiles."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.document.loading import load, parse
from generator.document.problems import Problem, Problems, ProblemsFound
from generator.ir.model import Package
from generator.ir.provider import Provider
from generator.normalization.read.mapping import read_mapping
from generator.normalization.read.unified import read_unified
from generator.normalization.render.package import runs_files
from generator.normalization.unified import UnifiedModel
from generator.pipeline import read_api
from generator.project.packages import provider_package
from tests.examples import examples
from tests.generator.expectations import ROOT
from tests.runtime.documents import at, paths

SPECS = ROOT / "specs"
ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, "", " ", "x", "/", "/id", "/data", "/Steps", "/a~b", "~", "\x00", "{run_id}"),
    *("RUNNING", "FAILED/failure", "UNKNOWN", "id", "run_id", "workflow_id", "steps", "pending", "usage", "{{ 1 }}"),
    *([], {}, [None], [[]], ["/id"], ["/status", "/id"], ["id"], {"at": "/id"}, {"value": 1}, {"value": None}),
    *({"first": ["/id", "/status"], "agree": True}, {"at": "/id", "missing": {"value": []}}, {"a": {"b": {"c": []}}}),
    *(
        {"in": "/Steps", "where": {"/Status": ["RUNNING"], "/ID": "x"}, "take": "last", "at": "/ID"},
        {"present": "/error"},
    ),
    *(
        {"each": "/Steps", "at": "/ID"},
        {"key": True},
        {"template": "{base_url}/{run_id}"},
        ["integer", "epoch_seconds"],
    ),
    *(
        {"at": "/status", "words": {"running": "schedule", "absent": "api"}, "others": "other"},
        "absent",
        "trigger.kind",
    ),
    *({"at": "/id", "nothing": ["", 0]}, {"rest_of": ["/data"], "because": "So."}, "text", "json", "template", "tags"),
    *({"each": "/Steps", "fields": {"id": "/ID"}}, {"because": "So.", "words": {"a": "RUNNING", "A": "PENDING"}}),
]


PROVIDERS = [path.parent.name for path in sorted(SPECS.glob("*/normalization.yaml"))]


@cache
def sides(provider: str) -> tuple[Package, UnifiedModel]:
    package = provider_package(SPECS / provider, f"specs/{provider}", Problems())
    assert package is not None
    document = load(SPECS / "workflow-run.yaml")
    return package, read_unified(document, read_api(document, Provider(""), Problems()), Problems())


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str]:
    provider = draw(st.sampled_from(PROVIDERS))
    document = json.loads(json.dumps(load(SPECS / provider / "normalization.yaml")))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from([*paths(document)][1:] or [()]))
        if not place:
            continue
        holder, key = at(document, place[:-1]), place[-1]
        odd = st.sampled_from(ODD).map(copy.deepcopy)
        match draw(st.sampled_from(("delete", "replace", "move", "insert", "rename"))):
            case "delete":
                del holder[key]
            case "replace":
                holder[key] = draw(odd)
            case "move":
                holder[key] = copy.deepcopy(at(document, draw(st.sampled_from([*paths(document)]))))
            case "insert" if isinstance(holder[key], list):
                holder[key].append(draw(odd))
            case "insert" if isinstance(holder[key], dict):
                holder[key][str(draw(odd))] = draw(odd)
            case "rename" if isinstance(holder, dict):
                holder[str(draw(odd))] = holder.pop(key)
            case _:
                pass
    return provider, json.dumps(document)


def outcome(provider: str, text: str) -> tuple[dict[str, str], list[Problem]]:
    """The files of workflow-runs with this mapping alone, or the problems of it."""
    package, unified = sides(provider)
    problems = Problems()
    try:
        checked = read_mapping(parse(text, "normalization.yaml"), provider, package, unified, problems)
    except ProblemsFound as error:
        return {}, error.problems
    return runs_files(unified, [checked]), problems


@settings(max_examples=examples(80), suppress_health_check=list(HealthCheck))
@given(mutated())
def test_every_mapping_ends_in_problems_or_in_an_adapter_that_compiles(mutation: tuple[str, str]) -> None:
    files, problems = outcome(*mutation)
    assert bool(files) != bool(problems)
    assert all(problem.source.file == "normalization.yaml" and problem.source.line for problem in problems)
    for path, code in files.items():
        if "/adapters/" in path or path.endswith("/registry.py"):
            compile(code, path, "exec", dont_inherit=True)
