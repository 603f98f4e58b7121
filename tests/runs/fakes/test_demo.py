"""`python -m workflow_runs.testing`: made-up runs of all providers, watched until they rest."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from workflow_runs import RunRef, Runs
from workflow_runs.testing import FakeClock, FakeProvider, add_demo_runs, use_clock
from workflow_runs.testing.__main__ import main

from tests.clients.providers import GENERATED
from tests.runs.promises import REFS

PATH = os.pathsep.join(str(folder) for folder in sorted(GENERATED.glob("workflow-*")))
WAYS = {
    "asks": ["running", "waiting_for_input"],
    "stumbles": ["pending", "running", "succeeded"],
    "stops": ["running", "unknown", "running", "cancelled"],
    "fails": ["running", "failed"],
    "works": ["running", "succeeded"],
}


def run(*arguments: str) -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": PATH}
    command = [sys.executable, "-m", "workflow_runs.testing", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


def test_each_run_goes_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    with use_clock(FakeClock()):
        fake = FakeProvider()
        for name, value in fake.environment.items():
            monkeypatch.setenv(name, value)
        refs = add_demo_runs(fake, pace=10)
        with Runs(transport=fake.transport()) as runs:
            seen = dict[str, list[str]]()
            for change in runs.watch(refs, timeout="1h"):
                assert change.run is not None
                seen.setdefault(str(change.ref), []).append(change.run.status.value)
    assert sorted(seen) == sorted(refs)
    assert [name for name, way in WAYS.items() if way not in seen.values()] == []
    assert [way for way in seen.values() if way not in WAYS.values()] == []
    assert {call.status for call in fake.calls} == {200, 503}


def test_the_module_watches_until_all_rest() -> None:
    last = dict[str, str]()
    for line in run("--pace", "0.05").splitlines():
        _, _, ref, *status = line.split()
        last[ref] = status[-1]
    assert [RunRef.parse(ref).provider for ref in sorted(last)] == sorted(REFS)
    assert set(last.values()) == {f"{way[-1]}." for way in WAYS.values()}


def test_a_command_gets_the_references_and_the_environment() -> None:
    program = "import os, sys; print(os.environ['DIFY_BASE_URL'], *sys.argv[1:])"
    url, *refs = run(sys.executable, "-c", program).split()
    assert url.startswith("http://127.0.0.1:")
    assert [RunRef.parse(ref).provider for ref in refs] == sorted(REFS)


def test_the_exit_status_is_that_of_the_command() -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run(sys.executable, "-c", "raise SystemExit(7)")
    assert caught.value.returncode == 7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--pace", "0"], "--pace must be above 0 and at most 1000"),
        (["--port", "70000"], "--port: port must be from 0 to 65535, not 70000"),
        (["there-is-no-such-command"], "No such file or directory: 'there-is-no-such-command'"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err
