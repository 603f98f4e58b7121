"""`workflow-runs wait` and `watch`, in pipes: against the fake of all providers, by a clock whose hours are short."""

from __future__ import annotations

import io
import sqlite3
import sys
from itertools import islice
from pathlib import Path

import pytest
from workflow_runs import Runs, Store, WorkflowRun
from workflow_runs.cli.arguments import Options, call_of
from workflow_runs.cli.output import Output
from workflow_runs.cli.watching import Session, Watching
from workflow_runs.testing import Answer, FakeRuns, error, rate_limited

from tests.command_line.conftest import Command


def plain(text: str) -> list[str]:
    """The lines of a text without what depends on the port of the server."""
    return [line.partition("?base_url")[0] for line in text.splitlines()]


def test_wait_says_how_the_run_is_when_it_has_ended(command: Command, fake_runs: FakeRuns) -> None:
    fake_runs.add("copyai:w/1", "pending", "running", "succeeded")
    done = command("wait", "copyai:w/1")
    assert done.status == 0
    assert plain(done.out)[:2] == ["copyai:w/1", "  status    ✔ succeeded (COMPLETE)"]
    assert [line.partition(",")[0] for line in done.err.splitlines()] == [
        "copyai:w/1: pending",
        "copyai:w/1: pending -> running",
        "copyai:w/1: running -> succeeded",
    ]


@pytest.mark.parametrize(
    ("last", "arguments", "status"),
    [
        ("succeeded", (), 0),
        ("failed", (), 1),
        ("cancelled", (), 1),
        ("waiting_for_input", (), 3),
        ("waiting_for_input", ("--until", "waiting-for-input"), 0),
        ("failed", ("--until", "failed"), 1),
        ("running", ("--until", "running"), 0),
        ("running", ("--timeout", "10m"), 4),
        (error(400), (), 5),
        (rate_limited("2h"), (), 5),
    ],
)
def test_the_exit_status(
    command: Command, fake_runs: FakeRuns, last: str | Answer, arguments: tuple[str, ...], status: int
) -> None:
    for name in ("wait", "watch"):
        fake_runs.reset()
        fake_runs.add("juo:1", "running", last)
        assert command(name, "juo:1", *arguments).status == status


def test_of_several_runs_what_is_not_known_counts_first(command: Command, fake_runs: FakeRuns) -> None:
    statuses = {"dify:ok": "succeeded", "dify:bad": "failed", "anon:1": "waiting_for_input", "dify:long": "running"}
    for ref, status in statuses.items():
        fake_runs.add(ref, status)
    fake_runs.add("dify:gone", error(401))
    refs = ["dify:ok", "anon:1", "dify:bad", "dify:long", "dify:gone"]
    endings = [command("wait", "--timeout", "5m", *refs[: number + 1]).status for number in range(len(refs))]
    assert endings == [0, 3, 1, 4, 5]
    assert command("wait", "-", "--timeout", "5m", stdin="\n".join([*refs, "nonsense"]).encode()).status == 2


def test_when_the_time_has_passed_the_run_is_shown_as_it_was(command: Command, fake_runs: FakeRuns) -> None:
    fake_runs.add("dify:1", "running")
    done = command("wait", "dify:1", "--timeout", "1m", "--json", "--quiet")
    assert done.status == 4
    assert WorkflowRun.from_json(done.out).status == "running"
    assert done.err.startswith("workflow-runs: dify:1 is still running, and the time to wait for it has passed, after ")
    assert done.err.count("\n") == 1


def test_changes_are_lines(command: Command, fake_runs: FakeRuns) -> None:
    fake_runs.add("dify:1", "running", error(503), "succeeded")
    done = command("watch", "dify:1")
    assert done.status == 0
    assert [line.split(",")[0] for line in done.out.splitlines()] == [
        "dify:1: running",
        "dify:1: running -> succeeded",
    ]
    assert done.err.startswith("dify:1: 503 Service Unavailable from GET http://127.0.0.1:")
    assert "asking again in " in done.err


def test_changes_as_json_lines(command: Command, fake_runs: FakeRuns) -> None:
    fake_runs.add("dify:1", "running", "succeeded")
    done = command("watch", "dify:1", "anon:404", "--jsonl", "--quiet")
    assert done.status == 5
    changes = [item for item in done.json_lines if item["ref"] == "dify:1"]
    assert [(item["before"], item["run"]["status"], item["is_last"]) for item in changes] == [
        (None, "running", False),
        ("running", "succeeded", True),
    ]
    (failure,) = [item for item in done.json_lines if item["ref"] == "anon:404"]
    assert (failure["run"], failure["is_last"], failure["error"]["type"]) == (None, True, "RunNotFound")


@pytest.mark.parametrize("name", ["wait", "watch"])
def test_json_is_the_list_of_runs_at_rest(command: Command, fake_runs: FakeRuns, name: str) -> None:
    fake_runs.add("dify:1", "running", "succeeded")
    fake_runs.add("dify:2", "running")
    done = command(name, "dify:1", "dify:2", "--json", "--timeout", "1m")
    assert done.status == 4
    good, late = done.json
    assert (good["id"], good["status"]) == ("1", "succeeded")
    assert (late["ref"], late["error"]["type"], late["run"]["status"]) == ("dify:2", "WaitTimeout", "running")


def test_references_may_come_while_others_are_watched(command: Command, fake_runs: FakeRuns) -> None:
    for number in range(120):
        fake_runs.add(f"dify:{number}", "running", "succeeded")
    lines = b"".join(b"dify:%d\n" % number for number in range(120))
    done = command("wait", "-", "--jsonl", "--quiet", stdin=lines)
    assert done.status == 0
    assert sorted(int(item["id"]) for item in done.json_lines) == list(range(120))


@pytest.fixture
def store(tmp_path: Path) -> str:
    return str(tmp_path / "runs.db")


def test_a_store_goes_on_without_references(command: Command, fake_runs: FakeRuns, store: str) -> None:
    fake_runs.add("dify:1", "running", "failed")
    fake_runs.add("dify:2", "running")
    assert command("watch", "dify:1", "dify:2", "--store", store, "--timeout", "1m").status == 4
    fake_runs.add("dify:2", "succeeded")
    calls = len(fake_runs.calls_of("dify:1"))
    again = command("watch", "--store", store)
    assert again.status == 1  # that the first has failed was told, and still counts
    assert [line.split(",")[0] for line in again.out.splitlines()] == ["dify:2: running -> succeeded"]
    assert len(fake_runs.calls_of("dify:1")) == calls
    third = command("wait", "--store", store, "--json")
    assert sorted((run["id"], run["status"]) for run in third.json) == [("1", "failed"), ("2", "succeeded")]


def test_a_command_that_resumes_has_all_references_and_so_has_the_store(
    command: Command, fake_runs: FakeRuns, store: str, tmp_path: Path
) -> None:
    refs = tmp_path / "refs.txt"
    refs.write_text("dify:1\ndify:2\n", "utf-8")
    for number in range(1, 4):
        fake_runs.add(f"dify:{number}", "succeeded")
    options = Options("1h", None, store, False, False, None, False, 8, None, False)
    session = Session(call_of("watch", ["dify:3"], [str(refs)], options))
    assert session.after_interruption() == (
        f"; the runs go on; resume with: workflow-runs watch --timeout 1h --store {store} dify:3 --refs {refs}"
    )
    with Store(store) as opened:
        call = call_of("watch", ["dify:3"], [str(refs)], options)
        runs = Runs()
        Watching(call, runs, Output(None), opened).begin()
        runs.close()
    done = command("wait", "--store", store, "--json", "--quiet")
    assert (done.status, sorted(run["id"] for run in done.json)) == (0, ["1", "2", "3"])


AGAIN = "with the same references on standard input, resume with: {}"


@pytest.mark.parametrize(
    ("stdin", "read", "resume"),
    [
        (b"dify:1\ndify:2\ndify:1", 9, "resume with: workflow-runs wait --timeout 1h dify:7 dify:1 dify:2"),
        (b"dify:1\ndify:2", 1, AGAIN),
        (b"dify:1\nnonsense", 9, AGAIN),
        (
            b"\n".join(b"dify:%d" % n for n in range(90)),
            99,
            AGAIN,
        ),
    ],
    ids=["all", "in between", "wrong", "many"],
)
def test_a_command_that_resumes_has_what_came_from_standard_input_or_asks_for_it(
    monkeypatch: pytest.MonkeyPatch, stdin: bytes, read: int, resume: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
    call = call_of("wait", ["dify:7", "-"], None, Options("1h", None, None, False, False, None, False, 8, None, False))
    session, refs = Session(call), iter(call.references)
    assert len(list(islice(refs, read))) <= read
    resume = resume.format("workflow-runs wait --timeout 1h dify:7 -")
    assert session.after_interruption() == f"; the runs go on; {resume}"


def test_a_store_that_is_not_there_or_empty_is_a_wrong_call(command: Command, store: str) -> None:
    done = command("watch", "--store", store)
    assert (done.status, Path(store).exists()) == (2, False)
    assert done.err == f"workflow-runs: there is no store {store}: name runs that it is to have, or another file\n"
    with Store(store) as opened:
        opened.claim()
    done = command("watch", "--store", store)
    assert done.status == 2
    assert done.err == f"workflow-runs: the store {store} has no runs yet: name some, such as dify:5b1f0c9e\n"


def test_a_store_has_no_credentials(command: Command, fake_runs: FakeRuns, store: str) -> None:
    fake_runs.add("dify:1", "succeeded")
    assert command("wait", "dify:1", "--store", store).status == 0
    with Store(store) as opened:
        assert list(opened.refs()) == ["dify:1"]
    content = Path(store).read_bytes()
    assert all(secret.encode() not in content for secret in fake_runs.environment.values())


def test_a_file_that_is_no_store_is_a_wrong_call(command: Command, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes" * 100, "utf-8")
    done = command("watch", "dify:1", "--store", str(tmp_path / "notes.txt"))
    assert done.status == 2
    assert done.err == (f"workflow-runs: the store {tmp_path / 'notes.txt'} is not a SQLite file: name another file\n")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE others (x)")
    connection.close()
    assert command("watch", "--store", str(tmp_path / "other.db")).status == 2


def test_out_has_all_of_it_in_the_end(command: Command, fake_runs: FakeRuns, tmp_path: Path) -> None:
    fake_runs.add("dify:1", "running", "failed")
    out = tmp_path / "changes.jsonl"
    done = command("watch", "dify:1", "--jsonl", "--out", str(out), "--quiet")
    assert (done.status, done.out) == (1, "")
    assert len(out.read_text("utf-8").splitlines()) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["changes.jsonl"]


def test_out_and_a_store_would_lose_changes(command: Command, fake_runs: FakeRuns, store: str, tmp_path: Path) -> None:
    done = command("watch", "dify:1", "--jsonl", "--store", store, "--out", str(tmp_path / "changes"))
    assert (done.status, fake_runs.call_count) == (2, 0)
    assert done.err == (
        "workflow-runs: an interruption would lose the changes that the store takes for told, as --out is written at"
        " the end alone; leave it out, and append the output to a file: >> FILE\n"
    )
    fake_runs.add("dify:1", "succeeded")
    assert command("watch", "dify:1", "--json", "--store", store, "--out", str(tmp_path / "runs")).status == 0
