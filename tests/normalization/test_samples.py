"""The samples of all accepted cases: for each status word an answer that is read strictly, as a run of that status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.normalization.mapping_cases import ACCEPTED

PROGRAM = """
import json
from importlib import import_module
from workflow_client_core import decode
from workflow_runs import RunRef, RunStatus, normalize, providers
from workflow_runs._normalize.adapter import load_adapter
from workflow_runs._providers.lookup import find
from workflow_runs.testing import payload
from workflow_runs.testing._samples import sample_of

for name in providers():
    provider, sample, seen = find(name), sample_of(name), []
    ref = RunRef(name, "7", {part: "5" for part in provider.ref.parts})
    at_status = tuple(pointer for words in sample.statuses for pointer in words.changes)
    for words in sample.statuses:
        body = json.dumps(payload(ref, words.text or words.status)).encode()
        run = normalize(name, body, ref=ref)
        seen.append({
            "words": words.words,
            "wanted": [words.status, words.result, words.basis if words.status != "unknown" else "unknown"],
            "got": [run.status, run.result, run.status_basis],
            "issues": [f"{i.pointer} {i.found}" for i in decode(body, load_adapter(provider).model).issues],
            "read": [f"{i.pointer} {i.problem}" for i in run.issues if not i.pointer.startswith(at_status)],
        })
    module = import_module(provider.adapter)
    rows = module.STATUSES._meanings if hasattr(module, "STATUSES") else {}
    print(json.dumps([name, seen, [[word for word in row if word] for row in rows]]))
"""
# Whose words no answer can have, as `nothing` says that they are none.
NEVER_SENT = {("values_that_mean_nothing", "queued")}


# Each provider is asked for a run by code that makes its own `Runs`, as the fixture of pytest leads it to the fake.
WAITING = """
import pytest
from workflow_runs import RunRef, Runs, WrongRun, providers
from workflow_runs._providers.lookup import find

@pytest.mark.parametrize("name", providers())
def test_is_asked(name, fake_runs):
    sample = fake_runs.samples[name]
    status = sample.statuses[0].status
    ref = RunRef(name, "7", {part: "5" for part in find(name).ref.path if part != "run_id"})
    fake_runs.add(ref, status)
    with Runs() as runs:
        try:
            run = runs.get(ref)
        except WrongRun as error:  # of cases that have no identifier but their status
            assert sample.identifiers == ()
            run = error.run
    assert run.status is status
"""


def python(packages: list[str], *arguments: str) -> str:
    """What Python prints that finds these packages."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(packages)}
    command = [sys.executable, *arguments]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


# Those of which the clients have no server, and those whose references have integers, are among them.
DEMONSTRATION = """
import os
from workflow_runs import RunStatus, Runs, providers
from workflow_runs.testing import FakeClock, FakeProvider, add_demo_runs, use_clock
from workflow_runs.testing._samples import sample_of

def can_go(name):
    sample = sample_of(name)
    known = {words.status for words in sample.statuses}
    return sample.identifiers and known >= {RunStatus.RUNNING, RunStatus.SUCCEEDED}

fake = FakeProvider(*filter(can_go, providers()))
assert any(sample.integers for sample in fake.samples.values())
assert any("https://sample.example/" in value for value in fake.environment.values())
os.environ.update(fake.environment)
with use_clock(FakeClock()), Runs(transport=fake.transport()) as runs:
    ends = [change.run is not None for change in runs.watch(add_demo_runs(fake), timeout="1h") if change.is_last]
assert ends == [True] * len(fake.samples), ends
"""


ELAPSED = """
import json
from datetime import datetime, timedelta, timezone
from workflow_runs import RunRef, normalize, providers
from workflow_runs._providers.lookup import find
from workflow_runs.testing import payload
from workflow_runs.testing._samples import sample_of, write_times

began, took, forms = datetime(2026, 1, 1, tzinfo=timezone.utc), timedelta(hours=1, seconds=65), set()
for name in providers():
    form = next((time.form for time in sample_of(name).times if time.field == "elapsed"), "")
    if form.endswith("_duration"):
        ref = RunRef(name, "7", {part: "5" for part in find(name).ref.path if part != "run_id"})
        body = payload(ref)
        write_times(body, name, began, began + took)
        assert normalize(name, json.dumps(body), ref=ref).elapsed == took, name
        forms.add(form)
print(*sorted(forms))
"""


def test_how_long_a_made_up_run_took_is_written_also_where_it_is_text(packages: list[str]) -> None:
    assert python(packages, "-c", ELAPSED) == "clock_duration iso_duration unit_duration\n"


def test_made_up_runs_of_each_provider_can_be_watched(packages: list[str]) -> None:
    python(packages, "-c", DEMONSTRATION)


def test_the_fake_answers_requests_of_each_provider(packages: list[str], tmp_path: Path) -> None:
    (tmp_path / "test_asked.py").write_text(WAITING, "utf-8")
    options = ["-q", "-p", "workflow_runs.testing.plugin", "-p", "no:cacheprovider"]
    printed = python(packages, "-m", "pytest", *options, str(tmp_path))
    assert f"{len(ACCEPTED)} passed" in printed


@pytest.fixture(scope="module")
def samples(packages: list[str]) -> dict[str, tuple[list[Any], list[Any]]]:
    """For each provider what becomes of its samples, and the rows of its status table."""
    lines = map(json.loads, python(packages, "-c", PROGRAM).splitlines())
    return {name: (seen, rows) for name, seen, rows in lines}


def names(cases: list[Path]) -> list[str]:
    return [case.name.replace("-", "_") for case in cases]


@pytest.mark.parametrize("name", names(ACCEPTED))
def test_each_word_makes_an_answer_that_is_a_run_of_its_status(
    name: str, samples: dict[str, tuple[list[Any], list[Any]]]
) -> None:
    seen, _ = samples[name]
    assert seen
    for item in seen:
        assert (item["got"], item["issues"], item["read"]) == (item["wanted"], [], []), item


@pytest.mark.parametrize("name", names(ACCEPTED))
def test_no_word_of_the_table_is_left_out(name: str, samples: dict[str, tuple[list[Any], list[Any]]]) -> None:
    seen, rows = samples[name]
    written = [item["words"] for item in seen]
    assert [row for row in rows if row not in written and (name, "/".join(row)) not in NEVER_SENT] == []
