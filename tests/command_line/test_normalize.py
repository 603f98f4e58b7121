"""`workflow-runs normalize`, `providers` and `schema`: nothing is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from workflow_runs import json_schema, providers

from tests.command_line.conftest import KEY, Command


def test_a_response_from_a_file_or_standard_input(command: Command, tmp_path: Path) -> None:
    body = b'{"status": "succeeded", "outputs": {"a": 1}}'
    (tmp_path / "body.json").write_bytes(body)
    from_file = command("normalize", "dify", str(tmp_path / "body.json"), "--ref", "dify:7", "--json")
    assert command("normalize", "dify", "--ref", "dify:7", "--json", stdin=body) == from_file
    assert (from_file.status, from_file.json["outputs"]) == (0, {"a": 1})


def test_the_body_of_an_event(command: Command) -> None:
    body = b'{"event": "workflow_finished", "workflow_run_id": "7", "data": {"id": "7", "status": "failed"}}'
    done = command("normalize", "dify", "--event", "workflow_finished", "--jsonl", stdin=body)
    assert (done.status, done.json["id"], done.json["status"]) == (1, "7", "failed")


@pytest.mark.parametrize(
    ("arguments", "stdin", "status", "message"),
    [
        (("dify",), b"{}", 2, "say which run it is with --ref, or with --event that it is the body of an event"),
        (("juo", "--ref", "dify:7"), b"{}", 2, "dify:7 is not a reference of 'juo'"),
        (("acme", "--ref", "dify:7"), b"{}", 2, f"there is no provider 'acme'; there are: {', '.join(providers())}"),
        (("dify", "nowhere.json", "--ref", "dify:7"), b"", 2, "nowhere.json cannot be read: No such file or directory"),
        (
            ("dify", "--event", "nothing"),
            b"{}",
            2,
            "dify has no event 'nothing'; there are: workflow_started, workflow_finished",
        ),
        (
            ("dify", "--event", "workflow_finished"),
            b"{}",
            2,
            "the event workflow_finished of dify does not say run_id; add it with --ref, and leave out --event if it is"
            " the response of the call that gets a run",
        ),
        (("dify", "--ref", "dify:7"), b"[]", 5, None),
        (("dify", "--ref", "dify:7"), b"", 5, None),
    ],
)
def test_what_is_wrong_is_one_line(
    command: Command, arguments: tuple[str, ...], stdin: bytes, status: int, message: str | None
) -> None:
    done = command("normalize", *arguments, stdin=stdin)
    assert (done.status, done.out) == (status, "")
    assert done.err.count("\n") == 1
    assert message is None or done.err == f"workflow-runs: {message}\n"


def test_providers_say_what_they_can_tell_and_which_variables_are_set(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUO_ACCESS_TOKEN__SALES", "secret-of-sales")
    done = command("providers")
    assert (done.status, done.err) == (0, "")
    assert [line.partition(":")[0] for line in done.out.splitlines() if line and line[0] != " "] == list(providers())
    lines = done.out.splitlines()
    assert "  environment    DIFY_API_KEY is set, DIFY_BASE_URL is not set" in lines
    assert "  reference      copyai:{workflow_id}/{run_id}" in lines
    (account,) = [line for line in lines if line.startswith("  account sales")]
    assert "JUO_ACCESS_TOKEN__SALES is set" in account
    assert "secret" not in done.out


def test_providers_as_json(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIFY_API_KEY__EU", "secret-of-eu")
    (dify,) = command("providers", "dify", "--json").json
    assert dify["variables"] == {"DIFY_API_KEY": True, "DIFY_BASE_URL": False}
    assert dify["accounts"] == {"eu": {"DIFY_API_KEY__EU": True, "DIFY_BASE_URL__EU": False}}
    assert dify["ref"] == "dify:{run_id}"
    assert "status" in dify["present"]
    assert "steps" in dify["absent"]
    assert dify["events"] == ["workflow_started", "workflow_finished"]


def test_an_unknown_provider_is_a_wrong_call(command: Command) -> None:
    done = command("providers", "acme")
    names = ", ".join(providers())
    assert (done.status, done.err) == (2, f"workflow-runs: there is no provider 'acme'; there are: {names}\n")


def test_the_schema(command: Command, tmp_path: Path) -> None:
    done = command("schema")
    assert (done.status, done.json) == (0, json_schema())
    assert command("schema", "--out", str(tmp_path / "schema.json")).out == ""
    assert (tmp_path / "schema.json").read_text("utf-8") == done.out
    assert KEY not in done.out
