"""The command as a process, in pipes: what scripts rely on."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from workflow_runs import providers
from workflow_runs.cli import NEEDED
from workflow_runs.cli.display.terminal import json_for

from tests.clients.providers import GENERATED
from tests.command_line.processes import COMMAND, KEY, faked, started

TWO_RUNS = ('fake.add("dify:1", "running")', 'fake.add("dify:2", "succeeded")')


def finished(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    """The exit status of a process, and what it wrote."""
    out, err = process.communicate(timeout=60)
    assert KEY.encode() not in (out or b"") + err
    return process.returncode, (out or b"").decode(), err.decode()


def test_a_closed_pipe_is_quiet() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = started(COMMAND, "schema", stdout=writing)
    os.close(writing)
    assert finished(process) == (141, "", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    process = started(COMMAND, "schema", stdout=full)
    os.close(full)
    assert finished(process) == (2, "", "workflow-runs: the output: No space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("get", "--help"), ("--show-completion", "bash")])
def test_a_full_disk_is_one_line_for_help_too(arguments: tuple[str, ...]) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    process = started(COMMAND, *arguments, stdout=full)
    os.close(full)
    assert finished(process) == (2, "", "workflow-runs: the output: No space left on device\n")


def test_help_on_standard_error_that_is_full_has_the_usual_status() -> None:
    shell = ("sh", "-c", '"$@" 2>/dev/full', "sh", *COMMAND)
    assert finished(started(shell)) == (2, "", "")


def test_a_closed_standard_output_is_told_before_anything_is_sent() -> None:
    shell = ("sh", "-c", '"$@" >&-', "sh", *COMMAND)
    message = "workflow-runs: standard output is closed: name a file with --out\n"
    assert finished(started(shell, "get", "dify:1", DIFY_BASE_URL="http://127.0.0.1:9")) == (2, "", message)


def test_without_its_extra_it_names_the_command_that_installs_it() -> None:
    program = "import sys; sys.modules['typer'] = None; from workflow_runs.cli import main; main()"
    needed = " ".join(f"'{requirement}'" for requirement in NEEDED)
    assert finished(started((sys.executable, "-c", program))) == (
        2,
        "",
        f"workflow-runs: the command line needs the extra cli; install it with: pip install {needed}\n",
    )
    project = (GENERATED / "workflow-runs" / "pyproject.toml").read_text("utf-8")
    assert f"cli = {json.dumps(NEEDED)}" in project


def test_other_encodings_get_all_of_it(tmp_path: Path) -> None:
    body = tmp_path / "body.json"
    body.write_text('{"status": "failed", "error": "für 🎉"}', "utf-8")
    process = started(COMMAND, "normalize", "dify", str(body), "--ref", "dify:1", PYTHONIOENCODING="ascii")
    assert finished(process) == (1, "dify:1\n  status  x failed\n  error   f\\xfcr \\U0001f389\n", "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-16", "UTF_8"])
def test_json_is_the_same_in_every_encoding(encoding: str) -> None:
    value = {"für 🎉": "\x1b\x9b\u202e\u2028あ"}
    text = json_for(io.TextIOWrapper(io.BytesIO(), encoding), json.dumps(value, ensure_ascii=False))
    assert json.loads(text) == value
    assert text.isascii() == (encoding != "UTF_8")
    assert text.isprintable()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "SIGINT"])
def test_a_signal_leaves_no_half_file_and_the_command_that_resumes(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    arguments = ("wait", "dify:1", "dify:2", "--jsonl", "--out", str(tmp_path / "runs.jsonl"), "--timeout", "2h")
    process = started(faked(*TWO_RUNS, passes=False), *arguments)
    assert process.stderr is not None
    lines = sorted(process.stderr.readline().decode().partition(",")[0] for _ in range(2))
    assert lines == ["dify:1: running", "dify:2: succeeded"]
    process.send_signal(number)
    resume = f"workflow-runs wait --timeout 2h --out {tmp_path / 'runs.jsonl'} --jsonl dify:1 dify:2"
    assert finished(process) == (
        status,
        "",
        f"workflow-runs: interrupted; the runs go on; resume with: {resume}\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_while_standard_input_is_read_ends_the_process_well() -> None:
    reading, writing = os.pipe()
    process = started(faked(*TWO_RUNS, passes=False), "watch", "-", stdin=reading)
    os.close(reading)
    os.write(writing, b"dify:1\n")
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"dify:1: running")
    process.send_signal(signal.SIGINT)
    resume = "with the same references on standard input, resume with: workflow-runs watch --timeout 1h -"
    assert finished(process) == (130, "", f"workflow-runs: interrupted; the runs go on; {resume}\n")
    os.close(writing)


def test_a_list_in_json_is_closed_after_an_interruption() -> None:
    process = started(faked(*TWO_RUNS, passes=False), "wait", "dify:1", "dify:2", "--json", "--quiet")
    assert process.stdout is not None
    begin = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert [run["id"] for run in json.loads(begin + process.stdout.read())] == ["2"]
    assert finished(process)[0] == 143


def test_the_demonstration_ends_well_and_asks_nobody_else() -> None:
    nobody = "http://127.0.0.1:9"
    process = started(COMMAND, "demo", "--pace", "0.01", DIFY_BASE_URL=nobody, HTTP_PROXY=nobody)
    status, out, err = finished(process)
    last = {line.partition(":")[0]: line for line in out.splitlines()}
    assert (status, sorted(last), "error" in err) == (0, sorted(providers()), False)
    assert {"succeeded", "failed", "cancelled", "waiting for input"} <= {
        line.rpartition("-> ")[2].split(": ")[-1].partition(",")[0] for line in last.values()
    }


def test_a_shell_completes_the_names_of_providers() -> None:
    process = started(
        COMMAND, _WORKFLOW_RUNS_COMPLETE="complete_bash", COMP_WORDS="workflow-runs get di", COMP_CWORD="2"
    )
    assert finished(process) == (0, "dify:\n", "")


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("wait --until un", ""),
        ("wait --until su", "suspended\nsucceeded\n"),
        ("normalize dify --event workflow_f", "workflow_finished\n"),
    ],
)
def test_a_shell_completes_statuses_and_events(words: str, completed: str) -> None:
    line = f"workflow-runs {words}"
    number = str(len(line.split()) - 1)
    process = started(COMMAND, _WORKFLOW_RUNS_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=number)
    status, out, err = finished(process)
    assert (status, sorted(out.split()), err) == (0, sorted(completed.split()), "")


def test_the_demonstration_behind_a_pipe_that_is_closed_is_quiet() -> None:
    process = started(COMMAND, "demo", "--pace", "0.1")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait() == 141
    process.stderr.close()


LATE = (
    "typer",
    "pydantic",
    "rich",
    "asyncio",
    "sqlite3",
    "workflow_runs.cli.watching",
    "workflow_client_anon",
    "typer.rich_utils",
)


def test_getting_a_run_imports_nothing_that_it_does_not_need() -> None:
    program = f"""
import os, socket, sys
def connect(*arguments, **options):
    print(*[name for name in {LATE!r} if name in sys.modules], "httpx2" in sys.modules, flush=True)
    os._exit(7)
socket.create_connection = connect
sys.argv = ["workflow-runs", "get", "dify:1"]
from workflow_runs.cli import main
main()
"""
    process = started((sys.executable, "-c", program), DIFY_BASE_URL="http://127.0.0.1:9")
    assert finished(process) == (7, "True\n", "")
