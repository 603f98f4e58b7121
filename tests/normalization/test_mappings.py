"""One folder of `tests/normalization/cases` per rule of the normalization: provider, mapping, and what comes of it.

A folder is a provider's, named like it. Three of its files may be left out:

- `openapi.yaml`: that of `tests/normalization/cases` stands in;
- `provider.yaml`: a minimal one is made;
- `workflow-run.yaml`: the unified model of this repository is used. With one of its own a case is about that model.

Where a mapping has no `absent`, all unified fields that it does not fill are made absent. The folder `expected` holds

- `problems.txt`: everything that is reported, as it is printed. Without this file nothing may be reported;
- `adapter.py.txt`: the formatted adapter, with the modules of its events before it, unless there are errors.

`runs.yaml` has answers, or bodies of an `event`, and the runs that the adapter makes of them. `UPDATE_CASES=1` writes
the folder `expected` anew, as `test_cases.py` says.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.document.loading import parse
from generator.document.problems import Problems
from generator.output.formatting import formatted
from tests.generator.expectations import PROBLEMS, compare, expected, printed, time_limit
from tests.normalization.mapping_cases import ACCEPTED, ADAPTER, CASES, generated, specs
from tests.type_checking import mypy

RUNS = "runs.yaml"


@pytest.fixture(autouse=True)
def _no_mapping_keeps_the_generator_busy_for_ever() -> Iterator[None]:
    with time_limit():
        yield


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_gives_what_it_expects(case: Path, tmp_path: Path) -> None:
    problems = Problems()
    adapters = {
        path: text
        for path, text in generated(specs([case], tmp_path / "specs"), problems).items()
        if path.endswith(f"/adapters/{case.name.replace('-', '_')}.py") or "/adapters/_events/" in path
    }
    texts = {ADAPTER: "".join(formatted(adapters).values())}
    compare(case, printed(problems, f"specs/{case.name}/", "specs/"), texts)


def test_the_page_of_providers_names_the_variables_of_servers_that_base_url_moves(tmp_path: Path) -> None:
    cases = [
        case for case in CASES if case.name in ("durations", "server-of-the-operation", "urls-of-servers-to-fill-in")
    ]
    page = generated(specs(cases, tmp_path / "specs"), Problems())["PROVIDERS.md"]
    needed = "which is needed, as the description names no server that can be used"
    assert f"- Argument `base_url` (or `DURATIONS_BASE_URL` in the environment), {needed}\n" in page
    variable = "`URLS_OF_SERVERS_TO_FILL_IN_BASE_URL`"
    assert f"- Argument `base_url` (or {variable} in the environment), for another server\n" in page
    assert "| `durations:{run_id}` | none | your own (`DURATIONS_BASE_URL`) |\n" in page
    assert "SERVER_OF_THE_OPERATION_BASE_URL" not in page


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_expects_problems_or_an_adapter(case: Path) -> None:
    refused = ": error[" in (expected(case, PROBLEMS) or "")
    assert refused != (expected(case, ADAPTER) is not None)
    assert {path.name for path in (case / "expected").iterdir()} <= {PROBLEMS, ADAPTER}


# What the adapters do


def test_all_adapters_pass_mypy(packages: list[str], tmp_path: Path) -> None:
    modules = [str(path) for package in packages[1:] for path in Path(package).glob("workflow_*")]
    run = mypy(*modules, cwd=tmp_path, path=packages)
    assert run.stdout.startswith("Success: no issues found"), run.stdout + run.stderr


WITH_RUNS = [case for case in ACCEPTED if (case / RUNS).exists()]
PROGRAM = """
import json, sys
from workflow_runs import normalize

for provider, calls in json.load(sys.stdin).items():
    refs = [(body, f"{provider}:{ref}" if ref else None, event or None) for body, ref, event in calls]
    runs = [normalize(provider, json.dumps(body), ref=ref, event=event) for body, ref, event in refs]
    print(json.dumps([json.loads(run.to_json()) for run in runs]))
"""


@pytest.fixture(scope="module")
def runs(packages: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The runs, as JSON, that the adapter of each case makes of its answers, or of the bodies of its events."""
    calls = {_provider(case): [_call(expectation) for expectation in expectations(case)] for case in WITH_RUNS}
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(calls),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(packages)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return dict(zip(calls, map(json.loads, process.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("case", WITH_RUNS, ids=lambda case: case.name)
def test_the_adapter_gives_the_runs_that_the_case_expects(case: Path, runs: dict[str, list[dict[str, Any]]]) -> None:
    provider = _provider(case)
    for run, expectation in zip(runs[provider], expectations(case), strict=True):
        assert _plain(run, provider) == expectation["gives"]


def expectations(case: Path) -> list[dict[str, Any]]:
    """The answers of a case, each with the run that it gives, or with the event whose body it is and no `ref`."""
    document: list[dict[str, Any]] = parse((case / RUNS).read_text(encoding="utf-8"), RUNS)
    return document


def _provider(case: Path) -> str:
    return case.name.replace("-", "_")


def _call(expectation: dict[str, Any]) -> tuple[object, str, str]:
    """The body, the reference and the event of an expectation."""
    event = expectation.get("event", "")
    ref = expectation.get("ref", "" if event else expectation["gives"].get("id", "run-1"))
    return expectation["answer"], ref, event


def _plain(run: dict[str, Any], provider: str) -> dict[str, Any]:
    """A run without what is the same for all of a case."""
    assert (run.pop("schema"), run.pop("provider")) == ("workflow-run/1", provider)
    assert run.pop("ref")["provider"] == provider
    if issues := run.get("issues"):
        run["issues"] = {issue["pointer"]: issue["problem"].partition(":")[0] for issue in issues}
    return run
