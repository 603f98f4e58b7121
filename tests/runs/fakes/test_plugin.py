"""The fixtures of pytest, in a pytest of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.clients.providers import GENERATED

PATH = os.pathsep.join(str(folder) for folder in sorted(GENERATED.glob("workflow-*")))
TESTS = """
import asyncio, os
import pytest
from workflow_runs import AsyncRuns, Runs
from workflow_runs.testing import Answer, FakeClock, FakeRuns, error


def wait_for_report(ref):
    with Runs() as runs:
        return runs.wait(ref, timeout="2h")


async def wait_for_reports(refs):
    async with AsyncRuns() as runs:
        return await asyncio.gather(*(runs.wait(ref, timeout="2h") for ref in refs))


def test_an_hour_passes_at_once(fake_runs: FakeRuns, fake_clock: FakeClock) -> None:
    fake_runs.add("dify:5b1f", Answer("running", at=0), error(503, at="10m"), Answer("succeeded", at="12m"))
    assert wait_for_report("dify:5b1f").status == "succeeded"
    assert fake_runs.clock is fake_clock
    assert 720 <= fake_clock.elapsed < 780
    fake_runs.assert_all_given()


def test_several_at_once(fake_runs):
    refs = ["anon:1", "copyai:a/b", "juo:1", "tamtam:1"]
    for ref in refs:
        fake_runs.add(ref, "running", "failed")
    runs = asyncio.run(wait_for_reports(refs))
    assert [run.status for run in runs] == ["failed"] * 4
    assert fake_runs.server.connections == 4


def test_nothing_real_is_in_the_environment(fake_runs):
    assert "real" not in [value for name, value in os.environ.items() if name.startswith(("DIFY_", "JUO_"))]
    assert "127.0.0.1" in os.environ["NO_PROXY"]


def test_afterwards_everything_is_as_before():
    assert os.environ["DIFY_API_KEY"] == os.environ["JUO_ACCESS_TOKEN__SALES"] == "real"
    assert "ANON_API_KEY" not in os.environ
    from workflow_runs._polling.clock import SystemClock, current_clock
    assert isinstance(current_clock(), SystemClock)
"""
REAL = {"DIFY_API_KEY": "real", "JUO_ACCESS_TOKEN__SALES": "real", "HTTP_PROXY": "http://127.0.0.1:9"}


def pytest_of(folder: Path, program: str) -> str:
    """What pytest, with the plugin, prints of the tests in a program."""
    (folder / "test_reports.py").write_text(program, "utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": PATH, **REAL}
    options = ["-q", "-W", "error", "-p", "workflow_runs.testing.plugin", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def examples(page: str) -> list[str]:
    text = (GENERATED / "workflow-runs" / page).read_text("utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_fixtures_serve_programs_that_make_their_own_runs(tmp_path: Path) -> None:
    assert "4 passed" in pytest_of(tmp_path, TESTS)


def test_the_examples_of_the_pages_work(tmp_path: Path) -> None:
    with_pytest, without = examples("TESTING.md")
    (in_readme,) = (text for text in examples("README.md") if "fake_runs" in text)
    program = f"""{with_pytest}
from workflow_runs import RunStatus

def your_code(ref):
    return report(ref)

{in_readme}

def test_without_the_fixture(monkeypatch):
    from workflow_runs.testing import FakeProvider
    for name, value in FakeProvider().environment.items():
        monkeypatch.setenv(name, value)
    names = {{}}
    exec({without!r}, names)
    assert names["run"].status == "failed"
"""
    assert "4 passed" in pytest_of(tmp_path, program)
