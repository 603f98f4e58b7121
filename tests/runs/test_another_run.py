"""What comes is compared with what was asked for: another run, or nothing of a run, is not taken for the run."""

from __future__ import annotations

import copy
import pickle
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workflow_runs import NormalizationError, NoRun, ProviderError, RunNotFound, WrongRun, normalize
from workflow_runs._reading.identifiers import are_same

from tests.clients.providers import ANON, COPYAI, DIFY, JUO, TAMTAM, Provider
from tests.examples import examples
from tests.loopback import Loopback
from tests.runs.faces import Face
from tests.runs.promises import problems_of

ID = "5b1f0c9e-3c0e-4a53-9d62-0c6a4c1f7a10"
WITH_ID: dict[str, tuple[Provider, str, str, Any]] = {
    "anon": (ANON, "anon:{}", "/id", lambda run_id: {"id": run_id, "status": "PENDING"}),
    "copyai": (COPYAI, "copyai:w/{}", "/data/id", lambda run_id: {"status": "success", "data": {"id": run_id}}),
    "dify": (DIFY, "dify:{}", "/id", lambda run_id: {"id": run_id, "status": "running"}),
    "juo": (JUO, "juo:{}", "/runId", lambda run_id: {"runId": run_id, "status": "running"}),
    "tamtam": (TAMTAM, "tamtam:{}", "/Run/ID", lambda run_id: {"Status": "RUNNING", "Run": {"ID": run_id}}),
}


@pytest.mark.parametrize("name", WITH_ID)
def test_another_run_is_refused_and_not_lost(server: Loopback, face: Face, name: str) -> None:
    provider, ref, pointer, answer = WITH_ID[name]
    server.reply(200, answer("2"), X_Request_Id="r-7")
    runs = face.runs(**{name: face.client(provider, base_url=server.url)})
    with pytest.raises(WrongRun) as caught:
        face.get(runs, ref.format("1"))
    error = caught.value
    assert str(error) == (
        f"{ref.format('1')}: {name} returned another run, '2': at {pointer}, expected '1', as in the reference;"
        " check the reference, and that no cache answers for the server"
    )
    assert (error.status, error.request_id, error.attempts, error.transient) == (200, "r-7", 1, False)
    assert (error.provider, str(error.ref), error.run.id) == (name, ref.format("1"), "2")
    assert error.run.ref.base_url == server.url
    assert error.run.response is not None
    assert not isinstance(error, NormalizationError)
    assert error.__cause__ is None
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert (type(again), str(again), again.run) == (WrongRun, str(error), error.run)
    assert face.get(runs, ref.format("2")).id == "2"


@pytest.mark.parametrize("name", WITH_ID)
def test_normalize_notes_where_the_identifier_is(name: str) -> None:
    _, ref, pointer, answer = WITH_ID[name]
    run = normalize(name, answer("2"), ref=ref.format("1"))
    assert ("another run: expected '1', as in the reference", pointer) in [(i.problem, i.pointer) for i in run.issues]
    for same in ("1", "", None):
        assert "another run" not in problems_of(normalize(name, answer(same), ref=ref.format("1")))


@pytest.mark.parametrize(
    "same", [ID, ID.upper(), f"{{{ID}}}", f"urn:uuid:{ID}", f"URN:UUID:{ID.upper()}", ID.replace("-", "")]
)
def test_uuids_are_compared_by_value(server: Loopback, face: Face, same: str) -> None:
    server.reply(200, {"id": same, "status": "running"})
    run = face.get(face.runs(dify=face.client(DIFY, base_url=server.url)), f"dify:{ID}")
    assert (run.id, run.ref.run_id, run.issues) == (same, ID, ())


SAME = [("7", "7.0"), ("07", "7"), ("0", "0.00"), ("a", "a"), (f"{{{ID}}}", ID)]
OTHERS = [
    ("7", "8"),
    ("7", "7.5"),
    ("7", "70"),
    ("7", "\u0667"),
    ("a", "A"),
    ("a", "a "),
    ("run-1", "run-01"),
    (ID, ID.replace("5b", "5c")),
    (ID, ID[:-1]),
    (ID, f"x{ID}"),
    (ID, ID.replace("-", "_")),
    ("1e3", "1000"),
]


@pytest.mark.parametrize(("one", "another"), SAME)
def test_identifiers_that_are_the_same(one: str, another: str) -> None:
    assert are_same(one, another)
    assert are_same(another, one)


@pytest.mark.parametrize(("one", "another"), OTHERS)
def test_identifiers_that_differ(one: str, another: str) -> None:
    assert not are_same(one, another)
    assert not are_same(another, one)


@settings(max_examples=examples(100), derandomize=True, database=None)
@given(st.uuids(), st.uuids(), st.sampled_from([str, lambda u: u.hex, lambda u: f"{{{u}}}".upper(), lambda u: u.urn]))
def test_any_form_of_a_uuid_is_that_uuid_and_no_other(uuid: UUID, another: UUID, form: Any) -> None:
    assert are_same(form(uuid), str(uuid))
    assert are_same(form(uuid), str(another)) == (uuid == another)


# Copy.ai has two identifiers for a run, and one for its workflow


@pytest.mark.parametrize(
    ("data", "run_id"),
    [
        ({"workflowRunId": "1"}, "1"),
        ({"id": "1"}, "1"),
        ({"workflowRunId": "1", "id": "x"}, "1"),
        ({"workflowRunId": "x", "id": "1"}, "1"),
        ({"workflowRunId": "", "id": "1"}, "1"),
        ({"workflowRunId": None, "id": None}, "1"),
        ({"workflowRunId": "x", "id": "y"}, None),
        ({"workflowRunId": "1", "workflowId": "x"}, None),
    ],
)
def test_any_identifier_of_a_run_is_the_run_s(
    server: Loopback, face: Face, data: dict[str, object], run_id: str | None
) -> None:
    server.reply(200, {"status": "success", "data": {"status": "NEW", **data}})
    runs = face.runs(copyai=face.client(COPYAI, base_url=server.url))
    if run_id is None:
        with pytest.raises(WrongRun):
            face.get(runs, "copyai:w/1")
    else:
        assert face.get(runs, "copyai:w/1").id == run_id


def test_another_workflow_is_another_run() -> None:
    answer = {"status": "success", "data": {"status": "NEW", "id": "1", "workflowId": "x"}}
    run = normalize("copyai", answer, ref="copyai:w/1")
    assert (run.id, run.workflow_id) == ("1", "x")
    assert [(i.pointer, i.problem) for i in run.issues] == [
        ("/data/workflowId", "another run: expected 'w', as in the reference")
    ]


# Nothing of a run

NO_RUN: dict[str, tuple[Provider, Any, str]] = {
    "an empty object": (DIFY, {}, ""),
    "an error object": (
        DIFY,
        {"code": "unauthorized", "message": "Access token is invalid", "status": 401},
        ": Access token is invalid",
    ),
    "a code": (DIFY, {"code": "unauthorized"}, ": unauthorized"),
    "an error alone": (DIFY, {"error": "no credit"}, ": no credit"),
    "an error in an object": (JUO, {"error": {"message": "no credit", "code": "E7"}}, ": no credit"),
    "a list of errors": (ANON, {"errors": [{"message": "no credit"}]}, ""),
    "a long message": (ANON, {"message": "no\n" * 200}, f": {'no ' * 66}no..."),
    "nulls": (ANON, {"id": None, "status": None, "createdAt": None}, ""),
    "empty texts": (ANON, {"id": ""}, ""),
    "undocumented properties": (TAMTAM, {"status": "DONE", "run": {"id": "1"}}, ""),
    "an envelope without a run": (COPYAI, {"status": "success"}, ""),
    "an envelope with an empty run": (COPYAI, {"status": "success", "data": {}}, ""),
    "a run within another envelope": (DIFY, {"data": {"id": "1", "status": "running"}}, ""),
}


@pytest.mark.parametrize(("provider", "answer", "reason"), NO_RUN.values(), ids=NO_RUN)
def test_nothing_of_a_run(server: Loopback, face: Face, provider: Provider, answer: Any, reason: str) -> None:
    server.reply(200, answer, X_Request_Id="r-7")
    ref = "copyai:w/1" if provider is COPYAI else f"{provider.name}:1"
    runs = face.runs(**{provider.name: face.client(provider, base_url=server.url)})
    with pytest.raises(NoRun) as caught:
        face.get(runs, ref)
    error = caught.value
    assert str(error) == (
        f"{ref}: {provider.name} returned nothing of a run{reason}; check that it is the right server that answers, and"
        " that the reference names a run that these credentials may see"
    )
    assert (error.status, error.request_id, error.attempts, error.transient) == (200, "r-7", 1, False)
    assert (error.run.id, error.run.status, error.run.raw) == ("1", "unknown", server.respond(server.last).body)
    assert pickle.loads(pickle.dumps(error)).run == error.run
    run = normalize(provider.name, answer, ref=ref)
    assert [issue.pointer for issue in run.issues if issue.problem.startswith("no run here: ")] == [""]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("dify", {"id": "1"}),
        ("dify", {"status": "new word"}),
        ("dify", {"status": "failed", "error": "no credit"}),
        ("dify", {"outputs": {}}),
        ("dify", {"total_steps": 0}),
        ("juo", {"workflowId": "w"}),
        ("tamtam", {"Steps": [{"ID": "s"}]}),
        ("copyai", {"status": "success", "data": {"workflowId": "w"}}),
    ],
)
def test_little_of_a_run_is_a_run(server: Loopback, face: Face, name: str, answer: Any) -> None:
    server.reply(200, answer)
    provider, ref, _, _ = WITH_ID[name]
    run = face.get(face.runs(**{name: face.client(provider, base_url=server.url)}), ref.format("1"))
    assert run.id == "1"
    assert not problems_of(run) & {"another run", "no run here"}


def test_no_secret_is_in_the_message(server: Loopback, face: Face) -> None:
    server.reply(200, {"message": "no such key: hunter2", "error": "hunter2"})
    with pytest.raises(NoRun) as caught:
        face.get(face.runs(dify=face.client(DIFY, api_key="hunter2", base_url=server.url)), "dify:1")
    assert "no such key: ***" in str(caught.value)
    assert "hunter2" not in f"{caught.value} {caught.value!r}"


KEY = "hunter2-and-more"


@pytest.mark.parametrize("name", WITH_ID)
@pytest.mark.parametrize("run_id", [KEY, f"{'x' * 52}{KEY}", f"a '{KEY}'"])
def test_no_secret_is_in_the_message_about_another_run(server: Loopback, face: Face, name: str, run_id: str) -> None:
    provider, ref, _, answer = WITH_ID[name]
    server.reply(200, answer(run_id))
    arguments = {**dict.fromkeys(provider.arguments, KEY), "base_url": server.url}
    with pytest.raises(WrongRun) as caught:
        face.get(face.runs(**{name: face.client(provider, **arguments)}), ref.format("1"))
    issues = str(caught.value.run.issues)
    assert not [text for text in (str(caught.value), repr(caught.value), issues) if "hunter2" in text]
    assert caught.value.run.id == run_id


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"status": "error", "errorCode": f"bad key {KEY}"}, "'error': bad key ***"),
        ({"errorCode": f"bad key {KEY}"}, "with an error: bad key ***"),
        ({"status": "error", "errorCode": f"{'x' * 190}{KEY}"}, f"'error': {'x' * 190}***"),
        ({"status": "error", "errorCode": "E", "detail": "x" * 1100}, "'error': E"),
        ({"status": "error", "errorCode": KEY, "detail": "x" * 1100}, "'error': ***"),
        ({"status": "error", "errorCode": "E", "error": {"message": f"An Error {KEY}"}}, "'error': E: An Error ***"),
        ({"status": "error", "error": {"message": f"no {KEY}"}}, "'error': no ***"),
        ({"status": "error", "message": "An Error", "errorCode": "E"}, "'error': An Error: E"),
        ({"status": "error", "message": KEY}, "'error': ***"),
        ({"status": "error", "data": {"status": "NEW"}}, "'error'"),
        ({"status": "success", "message": KEY, "data": [KEY]}, "with something at /data that is not an object: ***"),
    ],
)
def test_a_refusal_in_a_success_is_worded_like_others(
    server: Loopback, face: Face, answer: dict[str, str], reason: str
) -> None:
    server.reply(200, answer)
    with pytest.raises(ProviderError) as caught:
        face.get(face.runs(copyai=face.client(COPYAI, api_key=KEY, base_url=server.url)), "copyai:w/1")
    error = caught.value
    hint = "check that the reference names a run that these credentials may see"
    assert str(error) == f"copyai:w/1: copyai answered {reason}; {hint}"
    assert (error.code, type(error)) == (answer.get("errorCode"), ProviderError)


@pytest.mark.parametrize("answer", [{"status": "error", "errorCode": "NOT_FOUND"}, {"errorCode": "NOT_FOUND"}])
def test_an_envelope_says_that_there_is_no_such_run(server: Loopback, face: Face, answer: dict[str, str]) -> None:
    server.reply(200, answer)
    with pytest.raises(RunNotFound) as caught:
        face.get(face.runs(copyai=face.client(COPYAI, base_url=server.url)), "copyai:w/1")
    assert (caught.value.code, caught.value.status, caught.value.transient) == ("NOT_FOUND", 200, False)
    with pytest.raises(RunNotFound):
        normalize("copyai", answer, ref="copyai:w/1")


def test_an_error_in_an_envelope_tells_about_its_response(server: Loopback, face: Face) -> None:
    server.reply(200, {"status": "error", "errorCode": "RATE_LIMITED"}, X_Request_Id="r-7")
    with pytest.raises(ProviderError) as caught:
        face.get(face.runs(copyai=face.client(COPYAI, base_url=server.url)), "copyai:w/1")
    error = caught.value
    assert type(error) is ProviderError
    assert (error.code, error.status, error.request_id, error.attempts) == ("RATE_LIMITED", 200, "r-7", 1)
