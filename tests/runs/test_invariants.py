"""What every `WorkflowRun` keeps, however it is made; and how rows of other versions are read."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_runs import (
    RESTING,
    TERMINAL,
    PendingInput,
    RunIssue,
    RunRef,
    RunResult,
    RunStatus,
    RunStep,
    RunTrigger,
    StatusBasis,
    TriggerKind,
    Usage,
    WorkflowRun,
    normalize,
)

from tests.runs.made_runs import JSON, LATER, run_fields, runs
from tests.runs.promises import SCHEMA

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FAILED, RUNNING, UNKNOWN = RunStatus.FAILED, RunStatus.RUNNING, RunStatus.UNKNOWN
REFUSED: dict[str, tuple[RunStatus, dict[str, Any]]] = {
    # What fields imply of each other
    "id is empty": (RUNNING, {"id": ""}),
    "provider is 'juo', and ref is of 'dify'": (RUNNING, {"provider": "juo"}),
    "parent_id is missing, and parent is of run '0'": (RUNNING, {"parent": RunRef("dify", "0")}),
    "parent_id is '1', and parent is of run '0'": (RUNNING, {"parent_id": "1", "parent": RunRef("dify", "0")}),
    "result is missing, and status is failed: what has ended has a result": (FAILED, {"result": None}),
    "result is skip, and status is running: only what has ended has a result": (RUNNING, {"result": RunResult.SKIP}),
    f"finished_at is {NOON}, and status is unknown: only what has ended has a finished_at": (
        UNKNOWN,
        {"finished_at": NOON},
    ),
    "steps[1].result is missing, and steps[1].status is failed: what has ended has a result": (
        RUNNING,
        {"steps": (RunStep(status=RUNNING), RunStep(status=FAILED))},
    ),
    f"steps[0].finished_at is {NOON}, and steps[0].status is running: only what has ended has a finished_at": (
        RUNNING,
        {"steps": (RunStep(status=RUNNING, finished_at=NOON),)},
    ),
    "status_basis is documented, and status is unknown: both are unknown, or neither is": (
        UNKNOWN,
        {"status_basis": StatusBasis.DOCUMENTED},
    ),
    "status_basis is unknown, and status is running: both are unknown, or neither is": (
        RUNNING,
        {"status_basis": StatusBasis.UNKNOWN},
    ),
    "pending.deadline is not pending.presented_at plus pending.timeout": (
        RUNNING,
        {"pending": PendingInput(presented_at=NOON, timeout=HOUR, deadline=NOON)},
    ),
    "issues[0].pointer is 'a': a JSON Pointer is empty or begins with /": (
        RUNNING,
        {"issues": (RunIssue("a", "missing: b"),)},
    ),
    # Values
    "created_at has no time zone": (RUNNING, {"created_at": NOON.replace(tzinfo=None)}),
    "steps[0].created_at has no time zone": (
        RUNNING,
        {"steps": (RunStep(status=RUNNING, created_at=NOON.replace(tzinfo=None)),)},
    ),
    "created_at is outside of the years 1 to 9999 in UTC": (
        RUNNING,
        {"created_at": datetime.min.replace(tzinfo=timezone(HOUR))},
    ),
    "elapsed is negative": (RUNNING, {"elapsed": timedelta(microseconds=-1)}),
    "pending.timeout is negative": (RUNNING, {"pending": PendingInput(timeout=-HOUR)}),
    "usage.credits is not a finite number": (RUNNING, {"usage": Usage(credits=Decimal("NaN"))}),
    "usage.credits has more than 4300 digits": (RUNNING, {"usage": Usage(credits=Decimal("1E+4300"))}),
    "usage.tokens has more than 4300 digits": (RUNNING, {"usage": Usage(tokens=-(10**4300))}),
    "status is 'Running': words have lower case letters, digits and underscores": (RunStatus("Running"), {}),
    "trigger.kind is '': words have lower case letters, digits and underscores": (
        RUNNING,
        {"trigger": RunTrigger(TriggerKind(""))},
    ),
}
WRONG_TYPES: dict[str, dict[str, Any]] = {
    "status must be of the type RunStatus, not str": {"status": "running"},
    "result must be of the type RunResult, not RunStatus": {"result": RunStatus.FAILED},
    "status must be of the type RunStatus, not NoneType": {"status": None},
    "id must be of the type str, not int": {"id": 7},
    "ref must be of the type RunRef, not str": {"ref": "dify:5b1f"},
    "created_at must be of the type datetime, not str": {"created_at": "2026-11-28T12:00:00Z"},
    "elapsed must be of the type timedelta, not float": {"elapsed": 1.5},
    "attempt must be of the type int, not bool": {"attempt": True},
    "attempt must be of the type int, not float": {"attempt": 1.0},
    "usage.credits must be of the type Decimal, not float": {"usage": Usage(credits=2.5)},  # type: ignore[arg-type]
    "steps must be of the type tuple, not list": {"steps": []},
    "steps[0] must be of the type RunStep, not dict": {"steps": ({},)},
    "tags[1] must be of the type str, not int": {"tags": ("a", 1)},
    "metadata must be of the type dict, not list": {"metadata": []},
    "error must be of the type RunError, not str": {"error": "broke"},
}
SURROGATE = "name holds half of a surrogate pair, which UTF-8 cannot encode"


@pytest.mark.parametrize("message", REFUSED)
def test_a_run_that_contradicts_itself_is_neither_made_nor_changed_nor_read(message: str) -> None:
    status, fields = REFUSED[message]
    with pytest.raises(ValueError) as made:
        WorkflowRun(**run_fields(status, **fields))
    run = WorkflowRun(**run_fields(status if status in TERMINAL else RUNNING))
    changes = {**run_fields(status), **fields}
    with pytest.raises(ValueError) as changed:
        run.__replace__(**changes)
    with pytest.raises(ValueError) as replaced:
        msgspec.structs.replace(run, **changes)
    assert str(made.value) == str(changed.value) == str(replaced.value) == message


@pytest.mark.parametrize("message", WRONG_TYPES)
def test_a_value_of_another_type_is_refused(message: str) -> None:
    with pytest.raises(TypeError) as caught:
        WorkflowRun(**run_fields(**WRONG_TYPES[message]))
    assert str(caught.value) == message


def test_text_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(ValueError) as caught:
        WorkflowRun(**run_fields(name="\ud800"))
    assert str(caught.value) == SURROGATE


def test_arguments_have_names() -> None:
    with pytest.raises(TypeError, match="positional arguments"):
        WorkflowRun("dify", "5b1f")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional arguments"):
        RunStep(RUNNING)  # type: ignore[call-arg]


def test_times_are_converted_to_utc() -> None:
    here = NOON.astimezone(timezone(2 * HOUR))
    steps = (RunStep(status=RUNNING), RunStep(status=RUNNING, created_at=here))
    run = WorkflowRun(**run_fields(created_at=here, steps=steps, pending=PendingInput(presented_at=here)))
    assert run.created_at == run.steps[1].created_at == here
    assert run.pending is not None
    assert run.pending.presented_at == here
    for moment in (run.created_at, run.steps[1].created_at, run.pending.presented_at):
        assert moment is not None
        assert moment.tzinfo is UTC
    assert run.steps[0] is steps[0]
    assert steps[1].created_at is here, "the caller's objects stay as they are"


# JSON


def row(**members: Any) -> str:
    """The JSON of a run that is under way, changed: None removes a member."""
    base = json.loads(WorkflowRun(**run_fields()).to_json())
    return json.dumps({name: value for name, value in {**base, **members}.items() if value is not None})


def read_error(data: str | bytes) -> str:
    with pytest.raises(msgspec.ValidationError) as caught:
        WorkflowRun.from_json(data)
    return str(caught.value)


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ("workflow-run/2", "'workflow-run/2'"),
        ("workflow-run/10", "'workflow-run/10'"),
        ("workflow-run", "'workflow-run'"),
        ("workflow-run/1.1", "'workflow-run/1.1'"),
        ("", "''"),
        ("x" * 99, f"'{'x' * 60}'..."),
        (1, "of the type int"),
        ([], "of the type list"),
        (None, "missing"),
    ],
)
def test_another_form_is_refused_by_name(schema: object, found: str) -> None:
    message = f"schema is {found}; this version of workflow-runs reads workflow-run/1 - at `$.schema`"
    later = row(schema=schema, status={"word": "of another form"})
    assert read_error(later) == read_error(later.encode()) == message


def test_the_schema_may_stand_anywhere() -> None:
    document = json.loads(row())
    schema = document.pop("schema")
    reordered = json.dumps({**document, "schema": schema})
    for data in (reordered, reordered.encode(), bytearray(reordered.encode()), memoryview(reordered.encode())):
        assert WorkflowRun.from_json(data) == WorkflowRun(**run_fields())  # type: ignore[arg-type]
    twice = row().replace("{", '{"schema": "workflow-run/1", ', 1).replace("workflow-run/1", "workflow-run/2", 2)
    assert "workflow-run/2" in read_error(twice)


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"schema":"workflow-run/1",', b"[]", b"null", b'"workflow-run/1"', b"\xff"]
)
def test_what_is_not_a_json_object_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        WorkflowRun.from_json(data)


@pytest.mark.parametrize("start", ['{"schema":"workflow-run/1","outputs":', '{"outputs":'])
def test_json_that_is_nested_too_deeply_is_refused(start: str) -> None:
    with pytest.raises(msgspec.DecodeError, match=r"^the JSON is nested too deeply$"):
        WorkflowRun.from_json(start + "[" * 100_000)


@pytest.mark.parametrize("text", ["\ud800", '{"schema":"workflow-run/1","name":"\ud800"}', '{"name":"\udfff"}'])
def test_text_with_half_a_surrogate_pair_is_refused(text: str) -> None:
    with pytest.raises(msgspec.DecodeError, match=r"^the JSON is text with half a surrogate pair, "):
        WorkflowRun.from_json(text)


@pytest.mark.parametrize(("data", "kind"), [({"id": "1"}, "dict"), (None, "NoneType"), (7, "int"), ([], "list")])
def test_parsed_json_is_refused(data: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=f"^a run is read from bytes or text that is JSON, not from {kind}$"):
        WorkflowRun.from_json(data)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"status_basis": None}, "Object missing required field `status_basis`"),
        ({"status": "Running"}, next(message for message in REFUSED if "'Running'" in message)),
        ({"status": 1}, "Expected `str`, got `int` - at `$.status`"),
        ({"status": "succeeded"}, "result is missing, and status is succeeded: what has ended has a result"),
        ({"created_at": "2026-11-22T05:00:00"}, "Expected `datetime` with a timezone component - at `$.created_at`"),
        ({"elapsed": "-PT1S"}, "elapsed is negative"),
        ({"usage": {"credits": "Infinity"}}, "usage.credits is not a finite number"),
        ({"ref": {"provider": "dify", "run_id": ""}}, "run_id of a reference is empty - at `$.ref`"),
    ],
)
def test_json_that_is_not_a_run_is_refused(members: dict[str, Any], message: str) -> None:
    assert read_error(row(**members)).startswith(message)


def test_lists_of_runs_are_read_by_msgspec_too() -> None:
    text = f"[{row()}, {row(status='failed')}]"
    with pytest.raises(msgspec.ValidationError, match=r"^result is missing, .* - at `\$\[1\]`$"):
        msgspec.json.decode(text, type=list[WorkflowRun])
    with pytest.raises(msgspec.ValidationError, match=r"Invalid value 'workflow-run/2' - at `\$\[0\].schema`"):
        msgspec.json.decode(f"[{row(schema='workflow-run/2')}]", type=list[WorkflowRun])


def test_a_reader_of_today_reads_rows_of_tomorrow() -> None:
    tomorrow = row(
        status="paused_by_policy",
        status_basis="promised",
        result="flaky",
        finished_at="2026-11-28T12:00:00Z",
        trigger={"kind": "moon", "phase": "full"},
        steps=[{"status": "skipped", "result": "policy", "finished_at": "2026-11-28T12:00:00Z"}],
        priority=7,
    )
    run = WorkflowRun.from_json(tomorrow)
    assert (run.status, run.status_basis, run.result) == ("paused_by_policy", "promised", "flaky")
    assert (run.finished_at, run.steps[0].status, run.steps[0].result) == (NOON, "skipped", "policy")
    assert run.trigger is not None
    assert run.trigger.kind == "moon"
    assert not run.is_terminal
    assert not run.is_resting
    assert run.status not in TERMINAL | RESTING
    assert run.raise_for_status() is run
    written = json.loads(tomorrow)
    del written["priority"], written["trigger"]["phase"]  # what this version does not know is left out
    assert json.loads(run.to_json()) == written
    assert WorkflowRun.from_json(run.to_json()) == pickle.loads(pickle.dumps(run)) == run


def test_an_open_word_equals_its_text_and_is_not_listed() -> None:
    word = RunStatus(LATER)
    assert word == RunStatus(LATER) == LATER
    assert hash(word) == hash(LATER)
    assert (str(word), word.value, word.documented) == (LATER, LATER, False)
    assert word not in [*RunStatus]
    assert repr(word) == "<RunStatus 'later_word' (undocumented)>"
    assert RunStatus("running") is RunStatus.RUNNING


@pytest.mark.parametrize(
    ("written", "credits"),
    [
        ('"2.5"', "2.5"),
        ('"2.50"', "2.50"),
        ('"1E+3"', "1E+3"),
        ('"-0"', "-0"),
        ('"123456789012345678901234567890.5"', "123456789012345678901234567890.5"),
        # Numbers are read digit by digit, and written as text.
        ("2.5", "2.5"),
        ("0.1", "0.1"),
        ("12345678901234567890123456789.25", "12345678901234567890123456789.25"),
    ],
)
def test_credits_are_exact(written: str, credits: str) -> None:
    run = WorkflowRun.from_json(row(usage={"credits": 0}).replace('"credits": 0', f'"credits": {written}'))
    assert run.usage is not None
    assert str(run.usage.credits) == credits
    assert json.loads(run.to_json())["usage"] == {"credits": credits}


@pytest.mark.parametrize(
    "text", ["\uff11\uff12", "1_000", " 1", "+1", ".5", "1.", "1e3", "\u0663", "", "1E+3", "-0.10", "12"]
)
def test_the_json_schema_and_from_json_agree_on_credits(text: str) -> None:
    document = json.loads(row(usage={"credits": text}))
    assert is_read(document) == SCHEMA.is_valid(document) == (text in ("1E+3", "-0.10", "12"))


def test_credits_in_other_digits_are_refused_by_name() -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        WorkflowRun.from_json(row(usage={"credits": "\uff11\uff12"}))
    assert str(caught.value) == "credits are '\uff11\uff12', not a decimal number such as 2.5 - at `$.usage.credits`"


@pytest.mark.parametrize(
    ("url", "is_server"),
    [
        ("https://host.example/path", True),
        ("http://127.0.0.1:8080", True),
        ("HTTPS://Host/a%20b/", True),
        ("http://[::1]:1/", True),
        ("https://host.example:", True),
        ("not a URL", False),
        ("host.example", False),
        ("ftp://host.example", False),
        ("https://", False),
        ("https:///path", False),
        ("https://user:password@host.example", False),
        ("https://host.example?a=b", False),
        ("https://host.example/#a", False),
        ("https://host.example:0", False),
        ("https://host.example/ä", False),
        ("https://host.example/a b", False),
        ("https://" + "a" * 1000, False),
        ("", False),
    ],
)
def test_the_json_schema_and_from_json_agree_on_servers(url: str, is_server: bool) -> None:
    document = json.loads(row())
    document["ref"]["base_url"] = url
    assert is_read(document) == SCHEMA.is_valid(document) == is_server


# What holds for all runs


@given(runs())
def test_every_run_goes_to_json_and_back_and_is_as_the_schema_says(run: WorkflowRun) -> None:
    text = run.to_json()
    again = WorkflowRun.from_json(text)
    assert again == run
    assert again.to_json() == text
    assert [error.message for error in SCHEMA.iter_errors(msgspec.json.decode(text))] == []


STATES = st.sampled_from([*RunStatus, RunStatus(LATER)])


@given(
    status=STATES,
    basis=st.sampled_from([*StatusBasis, StatusBasis(LATER)]),
    result=st.none() | st.sampled_from([*RunResult, RunResult(LATER)]),
    finished_at=st.none() | st.just(NOON),
    within_step=st.booleans(),
)
def test_the_json_schema_and_from_json_agree_on_states(
    status: RunStatus, basis: StatusBasis, result: RunResult | None, finished_at: datetime | None, within_step: bool
) -> None:
    state = {"status": status, "result": result, "finished_at": finished_at and finished_at.isoformat()}
    state = {name: value for name, value in state.items() if value is not None}
    document = json.loads(row(**{"steps": [state]} if within_step else {**state, "status_basis": basis}))
    known = status != LATER
    ended = status in TERMINAL
    allowed = not known or ((result is not None) == ended and (ended or finished_at is None))
    if not within_step and known and basis != LATER:
        allowed = allowed and (status == "unknown") == (basis == "unknown")
    assert SCHEMA.is_valid(document) == allowed
    assert is_read(document) == allowed


@given(
    member=st.sampled_from([*json.loads(row()), "elapsed", "usage", "steps", "tags", "issues", "trigger", "attempt"]),
    value=JSON.filter(lambda value: value is not None),
)
def test_what_the_json_schema_refuses_is_not_read(member: str, value: Any) -> None:
    document = {**json.loads(row()), member: value}
    # A number for credits is read, though nothing writes one.
    if not SCHEMA.is_valid(document) and "credits" not in json.dumps(value):
        assert not is_read(document)


def is_read(document: object) -> bool:
    try:
        WorkflowRun.from_json(json.dumps(document))
    except msgspec.ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "duration", ["P", "PT", "P1DT", "PT1H30M", "P1DT2H3M4.5S", "P1Y", "P1W", "PT1M1H", "-PT1S", "PT0S"]
)
def test_the_json_schema_and_from_json_agree_on_durations(duration: str) -> None:
    document = json.loads(row(elapsed=duration))
    assert SCHEMA.is_valid(document) == is_read(document)


@pytest.mark.parametrize("run_id", ["", ".", "..", "a", "...", "x" * 1000, "x" * 1001, "a\nb", "a b", "\u2028", "ä"])
def test_the_json_schema_and_from_json_agree_on_references(run_id: str) -> None:
    document = json.loads(row(ref={"provider": "dify", "run_id": run_id}))
    assert SCHEMA.is_valid(document) == is_read(document)


def test_what_normalize_makes_keeps_it_all() -> None:
    run = normalize("dify", b'{"status": "succeeded", "finished_at": 1714564800, "elapsed_time": 2}', ref="dify:1")
    assert WorkflowRun(**msgspec.structs.asdict(run)) == run
