"""The examples in the README of `workflow-runs` run as they are written, apart from the address."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from workflow_client_anon import AnonClient
from workflow_runs import PollState, Runs, Store, normalize
from workflow_runs.testing import use_clock

from tests.clients.providers import GENERATED
from tests.loopback import Loopback, json_reply
from tests.runs.payloads import RUNS
from tests.runs.promises import REFS
from tests.runs.watching import JumpingClock

README = (GENERATED / "workflow-runs" / "README.md").read_text("utf-8")
GET, OWN_CLIENT, NORMALIZE, WAIT, WATCH, KILLED, _FAKE, ACCOUNTS, OPTIONS, OUTPUTS, ARROW, SQL = re.findall(
    r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL
)
ANSWER = {"status": "COMPLETED", "completedAt": "2026-11-22T05:00:00Z"}


def test_getting_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert "with Runs() as runs:" in GET
    program = GET.replace("Runs()", "Runs(anon=client)")
    with Loopback() as server, AnonClient(api_key="k", base_url=server.url) as client:
        server.reply(200, ANSWER)
        exec(compile(program, "README.md", "exec"), {"client": client})
    assert server.last.target == "/workflow-runs/5b1f0c9e-3c0e-4a53-9d62-0c6a4c1f7a10"
    assert capsys.readouterr().out == "success 2026-11-22 05:00:00+00:00 None\n"


def test_the_programs_that_get_runs_leave_nothing_open() -> None:
    program = f"{GET}\n{OWN_CLIENT}"
    with Loopback() as server:
        server.reply(200, ANSWER)
        run = started(program, server, "-W", "error")
    assert (run.returncode, run.stderr) == (0, "")
    assert len(server.requests) == 2


def test_a_client_that_nobody_closes_is_a_warning_of_python() -> None:
    program = OWN_CLIENT.replace("with ", "anon = ").replace(
        " as anon, Runs(anon=anon) as runs", "\nif runs := Runs(anon=anon)"
    )
    with Loopback() as server:
        server.reply(200, ANSWER)
        run = started(program, server, "-W", "always")
    assert run.returncode == 0
    assert "ResourceWarning: unclosed <socket" in run.stderr


def started(program: str, server: Loopback, *options: str) -> subprocess.CompletedProcess[str]:
    """A run of a program with the server in its environment."""
    variables = {"ANON_API_KEY": "k", "ANON_BASE_URL": server.url, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, *options, "-c", program]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_normalizing_a_payload() -> None:
    names: dict[str, object] = {"payload": b'{"status": "PENDING"}'}
    exec(compile(NORMALIZE, "README.md", "exec"), names)
    assert getattr(names["run"], "status", None) == "pending"


def test_going_on_from_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with Loopback() as server, AnonClient(api_key="k", base_url=server.url) as client:
        server.reply(200, ANSWER)
        with Store("runs.db") as store:
            store.save("anon:1", PollState(), None, datetime.now(UTC))
        for _ in range(2):
            exec(compile(KILLED.replace("Runs()", "Runs(anon=client)"), "README.md", "exec"), {"client": client})
    assert capsys.readouterr().out.splitlines() == ["anon:1 succeeded"] * 3  # told once, and shown twice
    assert len(server.requests) == 1


def test_watching_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    program = WATCH.replace("Runs()", "Runs(anon=client)")
    with Loopback() as server, AnonClient(api_key="k", base_url=server.url) as client:
        server.reply(200, ANSWER)
        for _ in range(2):  # the second finds in the store that both rest
            exec(compile(program, "README.md", "exec"), {"client": client})
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" ")[2] for line in lines] == ["None -> succeeded"] * 2
    assert len(server.requests) == 2


def test_typed_outputs() -> None:
    run = normalize("dify", b'{"outputs": {"title": "May", "written_at": "2026-05-01T12:00:00Z"}}', ref="dify:1")
    names: dict[str, Any] = {"run": run, "__name__": "readme"}
    exec(compile(OUTPUTS, "README.md", "exec", dont_inherit=True), names)
    assert (names["report"].title, names["report"].written_at.month) == ("May", 5)


def test_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"runs": [case.run() for case in RUNS]}
    exec(compile(ARROW, "README.md", "exec"), names)
    assert names["table"].num_rows == len(RUNS)
    exec(compile(SQL, "README.md", "exec"), names)
    rows = names["connection"].execute("SELECT ref, status, finished_at FROM runs").fetchall()
    names["connection"].close()
    ended_at = [run.finished_at and run.finished_at.isoformat() for run in names["runs"]]
    assert rows == [(str(run.ref), run.status, end) for run, end in zip(names["runs"], ended_at, strict=True)]


@pytest.mark.parametrize(
    ("answers", "output"),
    [([{"status": "PENDING"}, ANSWER], "None\n"), ([{"status": "PENDING"}], "not yet: pending\n")],
)
def test_waiting(answers: list[dict[str, str]], output: str, capsys: pytest.CaptureFixture[str]) -> None:
    program = WAIT.replace("Runs()", "Runs(anon=client)")
    with (
        Loopback() as server,
        AnonClient(api_key="k", base_url=server.url) as client,
        use_clock(JumpingClock()),
    ):
        server.reply_in_turn(*map(json_reply, answers))
        exec(compile(program, "README.md", "exec"), {"client": client})
    assert capsys.readouterr().out == output


def test_several_accounts() -> None:
    with (
        Loopback() as server,
        AnonClient(api_key="a", base_url=server.url) as sales,
        AnonClient(api_key="b") as support,
    ):
        server.reply(200, ANSWER)
        names: dict[str, object] = {"Runs": Runs, "sales_client": sales, "support_client": support}
        exec(compile(ACCOUNTS, "README.md", "exec"), names)
    assert server.last.headers["authorization"] == "Bearer a"


def test_options() -> None:
    exec(compile(OPTIONS.replace("https://...", "https://x.example"), "README.md", "exec"), {"Runs": Runs})


def test_every_provider_has_a_reference_in_it_and_every_kind_of_issue_a_line() -> None:
    for provider in REFS:
        assert f"`{provider}:{{" in README
    specification = (GENERATED.parent / "specs" / "workflow-run.yaml").read_text("utf-8")
    (kinds,) = re.findall(r"after one of these words and a colon: (.*?)\n\s+RunRef:", specification, re.DOTALL)
    section = README.partition("## What could not be read")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([\w ]+)` \|", section, re.MULTILINE)
    assert set(listed) == {" ".join(problem.split()) for problem in re.findall(r"`([^`]+)`", kinds)}
