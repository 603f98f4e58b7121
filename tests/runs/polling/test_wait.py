"""`wait`, sync and async, in this process and over HTTP: what goes wrong in hand-written loops, and how it ends."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workflow_runs import (
    DelayTooLong,
    PollPolicy,
    PollState,
    RunFailed,
    RunNotFound,
    RunStatus,
    StatusStaysUnknown,
    TooManyErrors,
    WaitTimeout,
    WorkflowRun,
)
from workflow_runs.testing import use_clock

from tests.clients.providers import MODES, Mode
from tests.runs.polling.worlds import EVERYWHERE, POLICY, REF, Way, everywhere, world
from tests.runs.watching import (
    FAILED,
    NO_CONNECTION,
    PAUSED,
    RUNNING,
    SUCCEEDED,
    Answer,
    JumpingClock,
    Script,
    refusal,
    statuses_by_run,
    watched,
)

# What goes wrong in hand-written loops


@everywhere
def test_a_run_that_runs_for_ever_is_waited_for_until_the_time_has_passed(mode: Mode, way: Way) -> None:
    with world(mode, way, [RUNNING]) as there, pytest.raises(WaitTimeout) as caught:
        there.wait(timeout="5m")
    error = caught.value
    assert there.clock.seconds == 300
    assert there.asked[-1] == 299
    assert (error.run and error.run.status, error.last_error, str(error.ref)) == (RunStatus.RUNNING, None, REF)
    assert str(error) == (
        f"dify:a is still RUNNING, and the time to wait for it has passed, after {len(there.asked)} requests"
    )
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.ref, copy.run) == (str(error), error.ref, error.run)


@everywhere
@pytest.mark.parametrize("end", [FAILED, Answer("stopped"), PAUSED, SUCCEEDED])
def test_whatever_a_run_ends_with_ends_the_wait(mode: Mode, way: Way, end: Answer) -> None:
    with world(mode, way, [RUNNING, RUNNING, end]) as there:
        run = there.wait()
    assert run.raw_status == end.word
    assert there.asked == [0, 1, 3]


@everywhere
def test_a_failure_is_data_and_becomes_an_exception_only_if_asked_for(mode: Mode, way: Way) -> None:
    with world(mode, way, [FAILED]) as there:
        run = there.wait(until={RunStatus.SUCCEEDED})
    assert run.status is RunStatus.FAILED
    with pytest.raises(RunFailed):
        run.raise_for_status()


@everywhere
def test_the_pause_is_not_the_same_each_time(mode: Mode, way: Way) -> None:
    with world(mode, way, [RUNNING] * 6 + [SUCCEEDED]) as there:
        there.wait()
    assert [later - earlier for earlier, later in pairwise(there.asked)] == [1, 2, 4, 8, 8, 8]


@everywhere
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_wants_to_be_left_alone_for_68_years_ends_the_wait_at_once(
    mode: Mode, way: Way, status: int
) -> None:
    never = Answer("", status, {"Retry-After": str(2**31 - 1)})
    with world(mode, way, [RUNNING, never]) as there, pytest.raises(DelayTooLong) as caught:
        there.wait(timeout="1h")
    assert there.asked == [0, 1]
    assert caught.value.retry_after == 2**31 - 1
    assert caught.value.run is not None


@everywhere
def test_one_503_does_not_end_a_wait_of_an_hour(mode: Mode, way: Way) -> None:
    each_minute = PollPolicy(initial=60.0, maximum=60.0, jitter=0.0, max_consecutive_errors=1)
    with world(mode, way, [*[RUNNING] * 30, refusal(503), *[RUNNING] * 30, NO_CONNECTION, SUCCEEDED]) as there:
        assert there.wait(timeout="2h", policy=each_minute).status is RunStatus.SUCCEEDED
    assert there.clock.seconds > 3600
    assert [poll.error is None for poll in there.polls].count(False) == 2


@everywhere
def test_a_404_right_after_the_start_does_not_end_it_and_a_late_one_does(mode: Mode, way: Way) -> None:
    with world(mode, way, [refusal(404), RUNNING, SUCCEEDED]) as there:
        assert there.wait().status is RunStatus.SUCCEEDED
    with world(mode, way, [RUNNING, refusal(404)]) as there, pytest.raises(RunNotFound):
        there.wait()


@everywhere
def test_a_wait_returns_the_run(mode: Mode, way: Way) -> None:
    with world(mode, way, [RUNNING, SUCCEEDED]) as there:
        run = there.wait()
    assert isinstance(run, WorkflowRun)
    assert run is there.changes[-1].run
    assert (run.id, run.raw_status) == ("a", "succeeded")


TIMELINES: dict[str, Sequence[Answer]] = {
    "success": [RUNNING, SUCCEEDED],
    "late start": [refusal(404), refusal(404), SUCCEEDED],
    "never": [refusal(404)],
    "errors": [RUNNING, refusal(503), NO_CONNECTION, RUNNING, refusal(429, 30), FAILED],
    "too many errors": [RUNNING, refusal(500), NO_CONNECTION, refusal(429)],
    "not allowed": [RUNNING, refusal(401)],
    "unknown": [Answer("frozen")],
    "pauses": [RUNNING, Answer(headers={"Retry-After": "60"}), PAUSED],
    "too long a pause": [Answer(headers={"Retry-After": "601"})],
    "for ever": [RUNNING],
}


@pytest.mark.parametrize("name", TIMELINES)
def test_all_ways_to_wait_agree(name: str) -> None:
    answers, results = TIMELINES[name], list[Any]()
    for mode, way in EVERYWHERE:
        with world(mode, way, answers) as there:
            results.append((there.outcome().partition(":")[0], there.reported(), there.asked))
    assert all(result == results[0] for result in results)
    assert results[0][2] == queued(answers)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([answer for answers in TIMELINES.values() for answer in answers]), min_size=1))
def test_sync_and_async_agree_on_any_timeline(answers: list[Answer]) -> None:
    results = list[Any]()
    for mode in MODES:
        with world(mode, "in this process", answers) as there:
            results.append((there.outcome(timeout=100).partition(":")[0], there.reported(), there.asked))
    assert results[0] == results[1]
    changes = [[str(change.kinds), str(type(change.error)), change.is_last] for change in there.changes]
    script = Script({"a": answers})
    with use_clock(script.clock), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIFY_API_KEY", "k")
        by_watch = watched("sync", script, policy=POLICY, timeout=100)
    assert [[str(change.kinds), str(type(change.error)), change.is_last] for change in by_watch] == changes
    assert statuses_by_run(by_watch)["a"][-1].endswith("!")


def queued(answers: Sequence[Answer]) -> list[float]:
    """When a queue, in which the state is a text, asks for the run."""
    with world("sync", "in this process", answers) as there, there.runs() as runs:
        state, deadline = PollState().to_json(), there.clock.utc() + timedelta(minutes=10)
        while True:
            poll = runs.poll(REF, PollState.from_json(state), policy=POLICY, deadline=deadline)
            if poll.next_poll is None:
                return there.asked
            state = poll.state.to_json()
            there.clock.seconds += (poll.next_poll - there.clock.utc()).total_seconds()


# How it ends


@everywhere
def test_an_error_that_stays_ends_it_at_once_and_is_told(mode: Mode, way: Way) -> None:
    for status in (400, 401, 403):
        with world(mode, way, [RUNNING, refusal(status)]) as there, pytest.raises(Exception, match="dify:a") as caught:
            there.wait()
        assert there.asked == [0, 1]
        assert there.changes[-1].error is caught.value


@everywhere
def test_a_transient_error_is_not_repeated_by_the_client(mode: Mode, way: Way) -> None:
    with world(mode, way, [refusal(503)]) as there, pytest.raises(TooManyErrors) as caught:
        there.wait()
    assert there.asked == [0, 1, 3]
    assert caught.value.last_error is caught.value.__cause__
    assert str(caught.value).startswith("dify:a: gave up after 3 errors in a row; the last one: ")


@everywhere
def test_an_unknown_status_is_given_up_with_the_run(mode: Mode, way: Way) -> None:
    with world(mode, way, [Answer("frozen")]) as there, pytest.raises(StatusStaysUnknown) as caught:
        there.wait()
    assert caught.value.run is not None
    assert caught.value.run.raw_status == "frozen"


@pytest.mark.parametrize("mode", MODES)
def test_a_request_gets_what_is_left_of_the_time(mode: Mode) -> None:
    limits = list[float]()

    def respond(request: httpx2.Request) -> httpx2.Response:
        limits.append(max(request.extensions["timeout"].values()))
        return httpx2.Response(200, json={"id": "a", "status": "running"})

    async def respond_async(request: httpx2.Request) -> httpx2.Response:
        return respond(request)

    with world(mode, "in this process", [RUNNING]) as there:
        there.options = {"transport": httpx2.MockTransport(respond if mode == "sync" else respond_async)}
        assert there.outcome(timeout=5).startswith("WaitTimeout")
    assert len(limits) == 4
    assert all(limit <= left for limit, left in zip(limits, [5, 4, 2, 1], strict=True))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(hours=-1), timedelta(days=400)])
def test_a_wall_clock_that_jumps_changes_nothing(mode: Mode, jump: timedelta) -> None:
    class Jumps(JumpingClock):
        def utc(self) -> datetime:
            return super().utc() + (jump if self.seconds > 2 else timedelta())

    script = Script({"a": [RUNNING]}, Jumps())
    with world(mode, "in this process", [RUNNING]) as there, use_clock(script.clock):
        there.script = script
        there.options = {"transport": script.transport(mode)}
        assert there.outcome(timeout="1m").startswith("WaitTimeout")
    assert there.asked == [0, 1, 3, 7, 15, 23, 31, 39, 47, 55, 59]
    assert script.clock.seconds == 60
