"""The class hierarchy of errors, and that all of them can be pickled to another process."""

from __future__ import annotations

import copy
import pickle

import pytest
import workflow_client_core as core
import workflow_runs
from workflow_client_juo import JuoClient
from workflow_runs import (
    ClientNotInstalled,
    DelayTooLong,
    InvalidRef,
    NormalizationError,
    NoRun,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RunCancelled,
    RunFailed,
    RunNeedsInput,
    RunNotFound,
    RunRef,
    Runs,
    StatusStaysUnknown,
    StoreError,
    TooManyErrors,
    Unauthorized,
    UnexpectedValue,
    UnknownEvent,
    UnknownProvider,
    UnreadableAnswer,
    WaitCancelled,
    WaitError,
    WaitTimeout,
    WorkflowRun,
    WorkflowRunError,
    WrongRun,
    normalize,
)

from tests.loopback import Loopback
from tests.runs.promises import REFS

RUN = normalize("dify", b'{"status": "failed", "error": "no credit"}', ref="dify:1")


def test_the_tree() -> None:
    parents: dict[type[Exception], set[type[Exception]]] = {
        InvalidRef: {ValueError},
        UnknownProvider: {LookupError},
        UnknownEvent: {LookupError},
        ClientNotInstalled: {ImportError},
        ProviderError: set(),
        NormalizationError: set(),
        RunNotFound: {ProviderError},
        Unauthorized: {ProviderError},
        RateLimited: {ProviderError},
        ProviderUnavailable: {ProviderError},
        UnreadableAnswer: {ProviderError, NormalizationError},
        WrongRun: {ProviderError},
        NoRun: {ProviderError},
        RunFailed: set(),
        RunCancelled: set(),
        RunNeedsInput: set(),
        UnexpectedValue: {ValueError},
        WaitError: set(),
        WaitTimeout: {WaitError, TimeoutError},
        WaitCancelled: {WaitError},
        TooManyErrors: {WaitError},
        DelayTooLong: {WaitError},
        StatusStaysUnknown: {WaitError},
        StoreError: set(),
    }
    for error, error_parents in parents.items():
        assert issubclass(error, WorkflowRunError)
        assert all(issubclass(error, parent) for parent in error_parents)
    assert not issubclass(NormalizationError, ProviderError)
    public = {
        value for value in vars(workflow_runs).values() if isinstance(value, type) and issubclass(value, Exception)
    }
    assert public == {*parents, WorkflowRunError}


ERRORS = [
    WorkflowRunError("what"),
    UnexpectedValue("what", pointer="/a"),
    InvalidRef("what"),
    UnknownProvider("what"),
    ClientNotInstalled("what", name="workflow_client_dify"),
    ProviderError("what", provider="dify", ref=RunRef("dify", "1"), code="E7"),
    NormalizationError("what", provider="dify", ref=RunRef("dify", "1")),
    UnreadableAnswer("what", provider="dify", ref=RunRef("dify", "1")),
    RunNotFound("what", provider="dify", ref=RunRef("dify", "1"), code="E7", status=404, request_id="r", attempts=1),
    Unauthorized("what", provider="dify", ref=RunRef("dify", "1"), status=401, attempts=1),
    RateLimited(
        "what", provider="dify", ref=RunRef("dify", "1"), status=429, retry_after=2.5, transient=True, attempts=3
    ),
    ProviderUnavailable("what", provider="dify", ref=RunRef("dify", "1"), transient=True),
    WrongRun("what", run=RUN, ref=RUN.ref),
    NoRun("what", run=RUN, ref=RUN.ref),
    RunFailed("what", run=RUN),
    RunCancelled("what", run=RUN),
    RunNeedsInput("what", run=RUN),
    WaitTimeout("what", ref=RUN.ref, run=RUN),
    DelayTooLong("what", ref=RUN.ref, retry_after=3600.0),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_survive_copies_and_pickles(error: WorkflowRunError) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert str(again) == "what"
        assert vars(again) == vars(error)
    if isinstance(error, RunFailed | WrongRun | NoRun):
        assert pickle.loads(pickle.dumps(error)).run.raw == RUN.raw


def test_the_cause_survives_with_all_that_it_knows() -> None:
    with Loopback() as server, JuoClient(tenant="t", access_token="secret", base_url=server.url) as juo:
        server.reply(404, {"message": "gone"}, X_Request_Id="r-1")
        with pytest.raises(ProviderError) as caught:
            Runs(juo=juo).get("juo:1")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)
    assert (again.provider, again.ref, again.code) == ("juo", RunRef("juo", "1"), None)
    cause = again.__cause__
    assert isinstance(cause, core.NotFound)
    assert (cause.status, cause.headers["x-request-id"], cause.content) == (404, "r-1", b'{"message":"gone"}')


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"\xff", "it is not UTF-8: invalid start byte (byte 0)"),
        (b"{", "Input data was truncated"),
        (b"[]", "expected object, found array"),
        (b"null", "expected object, found null"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_not_an_object_cannot_be_normalized(data: bytes, reason: str) -> None:
    ref = RunRef("juo", "1", {"tenant": "shop"})
    with pytest.raises(NormalizationError) as caught:
        normalize("juo", data, ref=ref)
    assert str(caught.value) == f"juo:1?tenant=shop cannot be normalized: the document cannot be read: {reason}"
    assert (caught.value.provider, caught.value.ref) == ("juo", ref)
    assert isinstance(caught.value.__cause__, core.InvalidResponse)


def test_what_normalize_refuses_to_begin_with() -> None:
    with pytest.raises(InvalidRef, match=r"^juo:1 is not a reference of 'dify'$"):
        normalize("dify", b"{}", ref="juo:1")
    with pytest.raises(TypeError, match=r"^data must be bytes, text or parsed JSON, not ellipsis$"):
        normalize("dify", ..., ref="dify:1")  # type: ignore[call-overload]
    with pytest.raises(InvalidRef, match=r"^dify:1 is not a reference of 'nobody'$"):
        normalize("nobody", b"{}", ref="dify:1")


def test_a_run_is_made_of_as_little_as_there_can_be() -> None:
    for name, ref in REFS.items():
        run: WorkflowRun = normalize(name, b"{}", ref=ref)
        assert (run.provider, run.id, run.status, run.result) == (name, RunRef.parse(ref).run_id, "unknown", None)


def test_an_unknown_provider_is_named_before_the_reference_is_asked_for() -> None:
    with pytest.raises(UnknownProvider, match=r"^there is no provider 'difi'; "):
        normalize("difi", b"{}")  # type: ignore[call-overload]
