"""What is wrong, on one line, with what to do on a command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from workflow_runs import providers
from workflow_runs.cli.display.messages import hidden, message_of
from workflow_runs.cli.ending import Ending

from tests.clients.providers import GENERATED
from tests.command_line.conftest import KEY, Command

REF_NEEDED = "name a run, such as dify:5b1f0c9e, or - for references from standard input"
STATUSES = "cancelled, failed, pending, running, succeeded, suspended, waiting_for_input"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("get", REF_NEEDED),
        ("watch", REF_NEEDED),
        ("nonsense", "No such command 'nonsense'; see workflow-runs --help"),
        ("normalize", "Missing argument 'PROVIDER'; see workflow-runs normalize --help"),
        ("get --jsno x", "No such option: --jsno (Possible options: --json, --jsonl); see workflow-runs get --help"),
        ("get dify:1 --json --jsonl", "--json and --jsonl exclude each other: give one of them"),
        ("get dify:1 --timeout 3", "--timeout must look like '90s', '10m' or '1h30m', not '3'"),
        ("get dify:1 --allow-server x", "--allow-server must look like dify=https://host/path, not 'x'"),
        ("get dify:1 --allow-server x=y", f"there is no provider 'x'; there are: {', '.join(providers())}"),
        (
            "get dify:1 --allow-server dify=y",
            "--allow-server of dify is not an absolute http or https URL; expected something like https://host/path",
        ),
        ("normalize dfy --ref dify:1", f"there is no provider 'dfy'; there are: {', '.join(providers())}"),
        ("get --refs nowhere", "--refs nowhere cannot be read: No such file or directory"),
        ("get copyai:1", "'copyai:1' is not a reference: it has 1 of 2 parts before any `?`; expected {}"),
        ("get dify:1?account=x", "dify:1?account=x names an account that is not configured; {}"),
        ("wait dify:1 --until done", f"--until must name some of {STATUSES}, not done"),
        (
            "wait dify:1 --per-provider 0",
            "Invalid value for '--per-provider': 0 is not in the range x>=1; see workflow-runs wait --help",
        ),
        (
            "watch --store nowhere/x.db",
            "the store {0}/nowhere/x.db cannot be made: make its folder {0}/nowhere first, or {1}",
        ),
        ("demo --pace nan", "--pace must be a number from 0.01 to 1000, not nan"),
        ("demo --pace 0", "Invalid value for '--pace': 0.0 is not in the range {}"),
    ],
)
def test_a_wrong_call(
    command: Command, line: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = command(*line.split())
    details = {
        "get copyai:1": ("copyai:{workflow_id}/{run_id}",),
        "get dify:1?account=x": ("configured are: none; set DIFY_API_KEY__X",),
        "watch --store nowhere/x.db": (str(tmp_path), "name another file"),
        "demo --pace 0": ("0.01<=x<=1000.0; see workflow-runs demo --help",),
    }
    assert (done.status, done.out) == (2, "")
    assert done.err == f"workflow-runs: {message.format(*details.get(line, ()))}\n"


@pytest.mark.parametrize(
    ("ref", "variables"),
    [
        ("anon:1", "set ANON_API_KEY"),
        ("juo:1", "set JUO_DELEGATED_TOKEN, or set JUO_ACCESS_TOKEN"),
        ("copyai:1/2", "set COPYAI_API_KEY"),
    ],
)
def test_missing_credentials_are_named_as_variables(command: Command, ref: str, variables: str) -> None:
    done = command("get", ref)
    assert (done.status, done.out) == (2, "")
    assert done.err.endswith(f"Client needs a credential: {variables}\n")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DIFY_BASE_URL", "foo bar"),
        ("DIFY_BASE_URL", "https://somebody@example.com"),
        ("DIFY_API_KEY", "a\nb"),
        ("DIFY_API_KEY", ""),
    ],
)
def test_a_wrong_environment_is_a_wrong_call(
    command: Command, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    for name in ("get", "wait"):
        assert command(name, "dify:1").status == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "no answer; try again, or give the client a longer timeout",
            "no answer; try again, or give `get` a longer --timeout",
        ),
        ("larger than 9 bytes; give the client a larger max_response_size", "larger than 9 bytes"),
        ("use https, or pass allow_insecure_http=True", "use https"),
        ("anon:1 is still WAITING_FOR_INPUT, and more", "anon:1 is still waiting for input, and more"),
    ],
)
def test_what_messages_say_to_programmers_is_what_a_command_line_has(text: str, shown: str) -> None:
    assert message_of(ValueError(text)) == shown


def test_debug_shows_where_an_error_comes_from(command: Command) -> None:
    done = command("get", "anon:1", "--debug")
    first, *trace = done.err.splitlines()
    assert first.startswith("workflow-runs: anon:1: AnonClient needs a credential")
    assert trace[0] == "Traceback (most recent call last):"
    assert "Unauthorized" in trace[-1]


def test_a_mistake_of_ours_is_told_as_one(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> dict[str, object]:
        raise KeyError(f"no \x1b[31m{KEY}")

    monkeypatch.setattr("workflow_runs.cli.describing.json_schema", broken)
    done = command("schema")
    assert done.status == 70
    assert done.err == (
        "workflow-runs: a mistake in this program: KeyError: 'no \\x1b[31m[hidden]';"
        " please report it, with what --debug shows\n"
    )
    debugged = command("schema", "--debug")
    assert "in broken" in debugged.err
    assert "\x1b" not in debugged.err


def test_credentials_are_hidden_however_they_are_spelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUO_ACCESS_TOKEN__EU", "a/b'c\\d")
    monkeypatch.setenv("https_proxy", "http://user:pass-word@proxy:80")
    text = f"{KEY}, a/b'c\\d, a%2Fb%27c%5Cd, {'a/b' + chr(39) + 'c' + chr(92) + 'd'!r}, http://user:pass-word@proxy"
    assert hidden(text).count("[hidden]") == 5


def test_the_guide_has_every_exit_status() -> None:
    guide = (GENERATED / "workflow-runs" / "README.md").read_text("utf-8")
    table = guide[guide.index("| exit status | meaning |") :].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines()[2:]]
    assert sorted(int(word) for row in rows for word in row.split(",")) == sorted(map(int, Ending))


def test_help_has_examples_and_fits(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("get", "wait", "watch", "normalize", "providers", "schema", "demo")
    for name in names:
        done = command(name, "--help")
        assert (done.status, done.err) == (0, "")
        assert f"Examples:\n    workflow-runs {name}" in done.out
    overview = command("--help")
    assert all(f"\n  {name} " in overview.out for name in names)
    assert command().status == 2
