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

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.document.loading import load, parse
from generator.document.problems import Problems, ProblemsFound
from generator.ir.provider import Provider
from generator.normalization.read.coverage import targets
from generator.normalization.read.unified import read_unified
from generator.normalization.render.package import runs_files
from generator.output.formatting import formatted
from generator.pipeline import read_api
from generator.project.mappings import read_mappings
from generator.project.packages import provider_package
from generator.render.package import client_files
from tests.generator.expectations import PROBLEMS, ROOT, cases, compare, expected, printed, time_limit
from tests.type_checking import mypy

CASES = cases("normalization/cases")
MODEL = ROOT / "specs" / "workflow-run.yaml"
ADAPTER = "adapter.py.txt"
RUNS = "runs.yaml"


@pytest.fixture(autouse=True)
def _no_mapping_keeps_the_generator_busy_for_ever() -> Iterator[None]:
    with time_limit():
        yield


def specs(folders: list[Path], into: Path) -> Path:
    """A folder like `specs`, with the providers of some cases."""
    (model,) = {(case if (case / MODEL.name).exists() else MODEL.parent) / MODEL.name for case in folders}
    into.mkdir()
    shutil.copy(model, into)
    for case in folders:
        folder = into / case.name
        folder.mkdir()
        spec = next(path for path in (case / "openapi.yaml", case.parent / "openapi.yaml") if path.exists())
        shutil.copy(spec, folder)
        mapping = (case / "normalization.yaml").read_text(encoding="utf-8")
        (folder / "normalization.yaml").write_text(mapping + _absent(mapping), encoding="utf-8")
        (folder / "provider.yaml").write_text(_facts(case, spec), encoding="utf-8")
    return into


def _absent(mapping: str) -> str:
    try:
        document = parse(mapping, "normalization.yaml")
    except ProblemsFound:
        return ""
    if not document or "absent" in document:
        return ""
    filled = {name for name, _ in targets(document)}
    return f"absent: [{{fields: [{', '.join(sorted(FILLABLE - filled))}], because: The case is not about them.}}]\n"


def _fillable() -> set[str]:
    document = load(MODEL)
    return set(read_unified(document, read_api(document, Provider(""), Problems()), Problems()).fillable())


FILLABLE = _fillable()


def _facts(case: Path, spec: Path) -> str:
    own = case / "provider.yaml"
    digest = hashlib.sha256(spec.read_bytes()).hexdigest()
    return (own.read_text(encoding="utf-8") if own.exists() else "") + (
        f"source: {{url: 'https://example.com', retrieved: 2026-11-22, sha256: '{digest}', transcribed: false}}\n"
    )


def generated(folder: Path, problems: Problems) -> dict[str, str]:
    """The files of the clients and of workflow-runs; none when there are errors."""
    packages = {}
    for provider in sorted(path for path in folder.iterdir() if path.is_dir()):
        package = provider_package(provider, f"specs/{provider.name}", problems)
        if package is not None:
            packages[provider.name] = package
    layer = read_mappings(folder, "specs", packages, problems)
    if problems.errors:
        return {}
    assert layer is not None
    files = runs_files(*layer)
    for package in packages.values():
        files |= client_files(package)
    return files


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

ACCEPTED = [case for case in CASES if expected(case, ADAPTER)]
CORE = ROOT / "generated" / "workflow-client-core"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The folders of the core, of the clients of all accepted cases, and of one workflow-runs for all of them."""
    root = tmp_path_factory.mktemp("packages")
    for path, text in formatted(generated(specs(ACCEPTED, root / "specs"), Problems())).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return [str(CORE), *(str(path) for path in sorted(root.glob("workflow-*")))]


def test_all_adapters_pass_mypy(packages: list[str], tmp_path: Path) -> None:
    modules = [str(path) for package in packages[1:] for path in Path(package).glob("workflow_*")]
    run = mypy(*modules, cwd=tmp_path, path=packages)
    assert run.stdout.startswith("Success: no issues found"), run.stdout + run.stderr


@pytest.mark.parametrize("case", [case for case in ACCEPTED if (case / RUNS).exists()], ids=lambda case: case.name)
def test_the_adapter_gives_the_runs_that_the_case_expects(case: Path, packages: list[str]) -> None:
    expectations = parse((case / RUNS).read_text(encoding="utf-8"), RUNS)
    for run, expectation in zip(runs(packages, case, expectations), expectations, strict=True):
        assert run == expectation["gives"]


def runs(packages: list[str], case: Path, expectations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs, as JSON, that the adapter of a case makes of responses; their `issues` are problems by pointer.

    Or of the bodies of events, where an expectation names one; it may have no `ref` then.
    """
    program = """
import json, sys
from workflow_runs import normalize

provider = sys.argv[1]
for body, ref, event in json.load(sys.stdin):
    run = normalize(provider, json.dumps(body), ref=f"{provider}:{ref}" if ref else None, event=event or None)
    print(run.to_json().decode())
"""
    provider = case.name.replace("-", "_")
    process = subprocess.run(
        [sys.executable, "-c", program, provider],
        input=json.dumps([_call(expectation) for expectation in expectations]),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(packages)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return [_plain(json.loads(line), provider) for line in process.stdout.splitlines()]


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
