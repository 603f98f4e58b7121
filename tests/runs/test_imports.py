"""Importing the package is cheap: what takes time is imported when it is needed."""

from __future__ import annotations

import subprocess
import sys
from graphlib import TopologicalSorter
from importlib import import_module

import pytest
import workflow_runs

from tests.clients.providers import GENERATED
from tests.imports import import_graph
from tests.lazy_names import modules_after, seen_by_type_checkers

PATH = ":".join(str(folder) for folder in sorted(GENERATED.glob("workflow-*")))
LATE = (
    "sqlite3",
    "httpx2",
    "httpcore2",
    "anyio",
    "workflow_client_anon",
    "workflow_client_dify",
    "workflow_client_juo",
)
REPORT = f"\nimport sys; print(*[name for name in {LATE!r} if name in sys.modules])"


def loaded_after(script: str, **environment: str) -> list[str]:
    """Names of the lazily imported modules that are loaded after the script."""
    done = subprocess.run(
        [sys.executable, "-c", script + REPORT],
        env={"PYTHONPATH": PATH, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.split()


def test_no_modules_import_each_other_and_none_the_public_face() -> None:
    modules = import_graph(GENERATED / "workflow-runs" / "workflow_runs")
    assert set(TopologicalSorter(modules).static_order()) == set(modules)
    assert [name for name, imported in modules.items() if "" in imported] == []


@pytest.mark.parametrize(
    "script",
    [
        "import workflow_runs",
        "from workflow_runs import Runs; Runs()",
        "from workflow_runs import AsyncRuns; AsyncRuns()",
        "from workflow_runs import Runs, Store; Runs().watch([], timeout=1)",
        "from workflow_runs import Runs; Runs(allowed_base_urls={'dify': ['https://dify.example.com']})",
        "from workflow_runs import Runs\nwith Runs(): pass",
        "from workflow_runs import RunRef; str(RunRef.parse('copyai:a/b'))",
        "import workflow_runs.testing.plugin",
        "from workflow_runs.testing import FakeProvider; FakeProvider().add('dify:1', 'running', 'succeeded')",
        "import workflow_runs as w; w.providers(), w.capabilities('dify'), w.json_schema()",
        "from workflow_runs import WorkflowRun, RunRef, RunStatus, StatusBasis\n"
        "run = WorkflowRun(provider='dify', id='1', ref=RunRef('dify', '1'), status=RunStatus.RUNNING,"
        " status_basis=StatusBasis.DOCUMENTED)\n"
        "WorkflowRun.from_json(run.to_json()).raise_for_status()",
    ],
)
def test_neither_the_http_library_nor_a_client_is_imported(script: str) -> None:
    assert loaded_after(script) == []


def test_the_first_store_imports_sqlite() -> None:
    script = (
        "import tempfile, workflow_runs\nwith tempfile.TemporaryDirectory() as d: workflow_runs.Store(d + '/a').close()"
    )
    assert loaded_after(script) == ["sqlite3"]


def test_normalizing_imports_the_one_client_and_not_the_http_library() -> None:
    script = "import workflow_runs; workflow_runs.normalize('dify', b'{}', ref='dify:1')"
    assert loaded_after(script) == ["workflow_client_dify"]


def test_a_call_that_is_refused_imports_the_one_client_alone() -> None:
    script = """
import workflow_runs
runs = workflow_runs.Runs()
for ref in ("juo:1?tenant=other", "juo:1?base_url=https://evil.example"):
    try:
        runs.get(ref)
    except workflow_runs.InvalidRef:
        print(end="")
"""
    environment = {"JUO_TENANT": "shop", "JUO_ACCESS_TOKEN": "secret"}
    assert loaded_after(script, **environment) == ["workflow_client_juo"]


def test_names_come_from_the_modules_that_type_checkers_see() -> None:
    modules = seen_by_type_checkers(workflow_runs)
    assert modules == vars(workflow_runs)["_MODULE_OF"]
    assert sorted(modules) == sorted(workflow_runs.__all__)
    for name, module in modules.items():
        assert getattr(workflow_runs, name) is getattr(import_module(module, "workflow_runs"), name)


def test_importing_the_package_imports_nothing_but_its_version() -> None:
    loaded = modules_after("import workflow_runs; assert {*workflow_runs.__all__} <= {*dir(workflow_runs)}", PATH)
    ours = {name for name in loaded if name.startswith("workflow_")}
    assert ours == {"workflow_runs", "workflow_runs._version"}
    assert "msgspec" not in loaded


def test_a_runs_imports_neither_waiting_nor_watching() -> None:
    loaded = modules_after("from workflow_runs import Runs; Runs()", PATH)
    assert loaded.isdisjoint({"hashlib", "random", "workflow_runs._watching", "workflow_runs._polling.waiting"})


def test_a_command_starts_without_looking_for_garbage() -> None:
    program = """
import atexit, gc, sys
atexit.register(lambda: print(sum(generation["collections"] for generation in gc.get_stats()) - before))
before = sum(generation["collections"] for generation in gc.get_stats())
sys.argv = ["workflow-runs", "--version"]
from workflow_runs.cli import main
main()
"""
    run = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": PATH}, capture_output=True, text=True, check=True
    )
    assert int(run.stdout.split()[-1]) < 20  # else 40


def test_unknown_names_are_refused_as_usual() -> None:
    with pytest.raises(AttributeError, match=r"^module 'workflow_runs' has no attribute 'Run'"):
        workflow_runs.Run  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ImportError, match=r"^cannot import name 'Run' from 'workflow_runs'"):
        from workflow_runs import Run  # type: ignore[attr-defined]  # noqa: F401
