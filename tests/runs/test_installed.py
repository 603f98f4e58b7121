"""`workflow-runs` builds offline, and works where it is installed, with the clients that are there."""

from __future__ import annotations

import json
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.clients.providers import GENERATED
from tests.installing import build_wheels, environment, run
from tests.runs.promises import REFS
from tests.type_checking import mypy

RUNS = GENERATED / "workflow-runs"
FOLDERS = (GENERATED / "workflow-client-core", GENERATED / "workflow-client-dify", RUNS)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    build_wheels(FOLDERS, folder)
    return folder


@pytest.fixture(scope="module")
def python(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with `workflow-runs` and a single client, that of Dify."""
    return environment(tmp_path_factory.mktemp("environment"), wheels.glob("*.whl"))


def test_the_wheel_holds_all_of_the_package_and_nothing_else(wheels: Path) -> None:
    (wheel,) = wheels.glob("workflow_runs-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        contents = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    files = [path for path in (RUNS / "workflow_runs").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    expected = {path.relative_to(RUNS).as_posix(): path.read_bytes() for path in files}
    expected |= {f"workflow_runs/{path.name}": path.read_bytes() for path in RUNS.glob("CHANGELOG.md")}
    assert contents == expected
    assert {"workflow_runs/py.typed", "workflow_runs/workflow-run.schema.json"} <= contents.keys()


def version(distribution: str) -> str:
    """The version of a generated package."""
    project = tomllib.loads((GENERATED / distribution / "pyproject.toml").read_text("utf-8"))
    return str(project["project"]["version"])


def test_metadata_names_an_extra_for_every_provider_and_for_all(wheels: Path) -> None:
    (wheel,) = wheels.glob("workflow_runs-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (entry,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(entry).decode())
    providers = [path.name for path in sorted((GENERATED.parent / "specs").iterdir()) if path.is_dir()]
    assert sorted(metadata.get_all("Provides-Extra", [])) == sorted([*providers, "all", "cli", "otel"])
    required = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
    ours = {(item.name, str(item.marker or ""), *item.extras) for item in required if "workflow-client" in item.name}
    core, extras = "workflow-client-core", [(name, extra) for name in providers for extra in (name, "all")]
    clients = {(f"workflow-client-{provider}", f'extra == "{extra}"') for provider, extra in extras}
    assert ours == {(core, ""), (core, 'extra == "otel"', "otel"), *clients}
    assert all(item.specifier.contains(version(item.name)) for item in required if "workflow-client" in item.name)


def test_an_extra_installs_its_client_from_the_wheels_alone(wheels: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--find-links", str(wheels)]
    would_install = run([*command, "workflow-runs[dify]"], tmp_path).splitlines()[-1]
    names = {"workflow-client-core", "workflow-client-dify", "workflow-runs"}
    assert {word.rpartition("-")[0] for word in would_install.removeprefix("Would install ").split()} == names


def test_a_provider_whose_client_is_there_works(python: Path, tmp_path: Path) -> None:
    program = """
import json, workflow_runs
run = workflow_runs.normalize("dify", b'{"status": "succeeded"}', ref="dify:1")
print(json.dumps([run.id, run.status, run.result, type(run.native).__name__, sorted(workflow_runs.json_schema())]))
"""
    id_, status, result, native, schema = json.loads(run([str(python), "-c", program], tmp_path))
    assert (id_, status, result, native) == ("1", "succeeded", "success", "WorkflowRunDetailResponse")
    assert "$defs" in schema


def test_a_provider_whose_client_is_not_says_so_and_names_the_extra(python: Path, tmp_path: Path) -> None:
    program = """
import workflow_runs
print(workflow_runs.capabilities("juo").provider)
try:
    workflow_runs.normalize("juo", b"{}", ref="juo:1")
except workflow_runs.ClientNotInstalled as error:
    print(error)
"""
    known, message = run([str(python), "-c", program], tmp_path).splitlines()
    assert known == "juo"
    assert "pip install --no-index --find-links DIST 'workflow-runs[juo]'" in message


def test_the_providers_are_entry_points(python: Path, tmp_path: Path) -> None:
    program = """
from importlib.metadata import entry_points
for point in entry_points(group="workflow_runs.providers"):
    print(point.name == point.load().name, point.name)
"""
    providers = dict(line.split()[::-1] for line in run([str(python), "-c", program], tmp_path).splitlines())
    assert providers == dict.fromkeys(REFS, "True")


def test_the_command_is_installed(python: Path, tmp_path: Path) -> None:
    assert run([str(python.with_name("workflow-runs")), "--version"], tmp_path).startswith("workflow-runs 0.")


def test_type_checkers_know_the_unified_model(python: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        """
from datetime import datetime, timedelta
from typing import assert_type
from workflow_client_dify import DifyClient
from workflow_runs import AsyncRuns, PendingInput, RunResult, Runs, RunStatus, RunStep, WorkflowRun, normalize

run = Runs(dify=DifyClient(api_key="k")).get("dify:1")
assert_type(run, WorkflowRun)
assert_type(run.status, RunStatus)
assert_type(run.result, RunResult | None)
assert_type(run.finished_at, datetime | None)
assert_type(run.elapsed, timedelta | None)
assert_type(run.steps, tuple[RunStep, ...])
assert_type(run.pending, PendingInput | None)
assert_type(normalize("dify", b"{}", ref="dify:1"), WorkflowRun)
Runs(dify=1)  # type: ignore[arg-type]


async def get() -> None:
    async with AsyncRuns() as runs:
        assert_type(await runs.get("dify:1"), WorkflowRun)
""",
        "utf-8",
    )
    checked = mypy("--python-executable", python, "program.py", cwd=tmp_path)
    assert checked.stdout == "Success: no issues found in 1 source file\n"


def test_pytest_finds_the_fixtures_where_the_package_is_installed(python: Path, tmp_path: Path) -> None:
    (tmp_path / "test_waiting.py").write_text(
        """
from workflow_runs import Runs, RunNotFound

def test_waiting(fake_runs):
    fake_runs.add("dify:5b1f", "running", "succeeded")
    with Runs() as runs:
        assert runs.wait("dify:5b1f", timeout="1h").status == "succeeded"
""",
        "utf-8",
    )
    assert "1 passed" in run([str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider"], tmp_path)
