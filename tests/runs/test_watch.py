"""`Runs.watch` and `AsyncRuns.watch`: the changes of runs, with a clock that jumps and a transport in this process."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from workflow_runs import (
    RESTING,
    AsyncRuns,
    InvalidRef,
    PollPolicy,
    RateLimited,
    RunRef,
    Runs,
    RunStatus,
    TooManyErrors,
    UnknownProvider,
    WaitTimeout,
)
from workflow_runs._polling.clock import use_clock
from workflow_runs._watching.terms import watch_terms
from workflow_runs._watching.watch import Watch

from tests.clients.providers import MODES, Mode
from tests.runs.watching import (
    FAILED,
    NO_CONNECTION,
    PAUSED,
    RUNNING,
    SUCCEEDED,
    JumpingClock,
    Script,
    refusal,
    statuses_by_run,
    taken,
    watched,
)


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[JumpingClock]:
    monkeypatch.setenv("DIFY_API_KEY", "key-of-dify")
    clock = JumpingClock()
    with use_clock(clock):
        yield clock


def test_the_present_state_comes_first_then_each_change_until_all_rest(mode: Mode, clock: JumpingClock) -> None:
    script = Script({"a": [RUNNING, RUNNING, SUCCEEDED], "b": [FAILED], "c": [RUNNING, PAUSED]}, clock)
    changes = watched(mode, script)
    assert statuses_by_run(changes) == {
        "a": ["running", "succeeded!"],
        "b": ["failed!"],
        "c": ["running", "waiting_for_input!"],
    }
    last = [change for change in changes if change.ref == RunRef("dify", "a")][-1]
    assert (last.before, last.kinds, last.error) == (RunStatus.RUNNING, ("status",), None)
    assert {name: len(times) for name, times in script.asked.items()} == {"a": 3, "b": 1, "c": 2}


def test_there_are_no_changes_of_no_runs(mode: Mode, clock: JumpingClock) -> None:
    assert watched(mode, Script({}, clock)) == []
    assert watched(mode, Script({}, clock), iter(())) == []
    assert watched(mode, Script({}, clock), ["nothing"])[0].is_last
    assert clock.seconds == 0


def test_a_run_is_watched_once_however_often_it_is_named(mode: Mode, clock: JumpingClock) -> None:
    script = Script({"a": [RUNNING, SUCCEEDED]}, clock)
    refs = ["dify:a", "dify:%61", RunRef("dify", "a"), "dify:a"]
    assert statuses_by_run(watched(mode, script, refs)) == {"a": ["running", "succeeded!"]}
    assert statuses_by_run(watched(mode, script, iter(refs))) == {"a": ["succeeded!"]}


def test_what_is_not_a_reference_is_an_error_of_its_own(mode: Mode, clock: JumpingClock) -> None:
    script = Script({"a": [SUCCEEDED]}, clock)
    refs: list[Any] = ["nothing", "dify:a", "nobody:1", None, "nothing", RunRef("copyai", "1")]
    changes = watched(mode, script, refs)
    assert [change.run.status for change in changes if change.run] == [RunStatus.SUCCEEDED]
    errors = [(change.ref, type(change.error)) for change in changes if change.error]
    assert errors == [
        ("nothing", InvalidRef),
        ("nobody:1", UnknownProvider),
        ("<NoneType>", InvalidRef),
        (refs[-1], InvalidRef),
    ]
    assert len(changes) == 5
    assert all(change.is_last for change in changes)


def test_one_failure_does_not_end_the_others(mode: Mode, clock: JumpingClock) -> None:
    script = Script(
        {
            "gone": [RUNNING, refusal(404)],
            "secret": [refusal(401)],
            "down": [NO_CONNECTION],
            "shaky": [refusal(503), RUNNING, refusal(500), NO_CONNECTION, SUCCEEDED],
        },
        clock,
    )
    changes = watched(mode, script, policy=PollPolicy(max_consecutive_errors=3))
    assert statuses_by_run(changes) == {
        "gone": ["running", "RunNotFound!"],
        "secret": ["Unauthorized!"],
        "down": ["TooManyErrors!"],
        "shaky": ["running", "succeeded!"],
    }
    assert len(script.asked["down"]) == 4
    error = next(change.error for change in changes if isinstance(change.error, TooManyErrors))
    assert str(error).startswith("dify:down: gave up after 4 errors in a row; the last one: ")


def test_each_run_ends_when_the_time_has_passed(mode: Mode, clock: JumpingClock) -> None:
    script = Script({"a": [RUNNING], "b": [RUNNING, SUCCEEDED], "c": [refusal(500)]}, clock)
    changes = watched(mode, script, timeout="1m", policy=PollPolicy(max_consecutive_errors=1000))
    assert statuses_by_run(changes) == {
        "a": ["running", "WaitTimeout!"],
        "b": ["running", "succeeded!"],
        "c": ["WaitTimeout!"],
    }
    assert clock.seconds == pytest.approx(60)
    error = next(change.error for change in changes if str(change.ref) == "dify:a" and change.error)
    assert isinstance(error, WaitTimeout)
    assert isinstance(error, TimeoutError)
    assert error.ref == RunRef("dify", "a")
    assert str(error).startswith("dify:a is still RUNNING, and the time to wait for it has passed, after ")
    assert all(time < 60 for times in script.asked.values() for time in times)
    message = str(next(change.error for change in changes if str(change.ref) == "dify:c"))
    assert message.startswith("dify:c has not been seen, and the time to wait for it has passed, after ")
    assert "; the last one failed: " in message
    assert "500" in message


def test_until_says_which_statuses_end_a_run(mode: Mode, clock: JumpingClock) -> None:
    script = Script({"a": [RUNNING, PAUSED, RUNNING, SUCCEEDED], "b": [FAILED]}, clock)
    changes = watched(mode, script, until={RunStatus.SUCCEEDED})
    assert statuses_by_run(changes) == {
        "a": ["running", "waiting_for_input", "running", "succeeded!"],
        "b": ["failed!"],
    }
    script = Script({"a": [RUNNING]}, clock)
    assert statuses_by_run(watched(mode, script, until={RunStatus.RUNNING})) == {"a": ["running!"]}


def test_on_poll_sees_each_answer_and_its_errors_pass(mode: Mode, clock: JumpingClock) -> None:
    script = Script({"a": [RUNNING, refusal(500), RUNNING, SUCCEEDED]}, clock)
    polls = list[Any]()
    watched(mode, script, on_poll=polls.append)
    assert [(poll.run and poll.run.status, type(poll.error).__name__, bool(poll.next_poll)) for poll in polls] == [
        (RunStatus.RUNNING, "NoneType", True),
        (None, "ProviderUnavailable", True),
        (RunStatus.RUNNING, "NoneType", True),
        (RunStatus.SUCCEEDED, "NoneType", False),
    ]

    def refuse(_: object) -> None:
        raise KeyError("the table")

    with pytest.raises(KeyError, match="the table"):
        watched(mode, Script({"a": [RUNNING]}, clock), on_poll=refuse)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_it_can_be_closed_after_any_change(mode: Mode, clock: JumpingClock, number: int) -> None:
    script = Script({"a": [RUNNING, SUCCEEDED], "b": [RUNNING, SUCCEEDED], "c": [SUCCEEDED]}, clock)
    changes = taken(mode, script, number)
    assert len(changes) == number


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4])
def test_cancel_ends_it_quietly_after_any_change(clock: JumpingClock, number: int) -> None:
    script = Script({"a": [RUNNING, SUCCEEDED], "b": [RUNNING, SUCCEEDED], "c": [SUCCEEDED]}, clock)
    cancel, changes = threading.Event(), list[Any]()
    if number == 0:
        cancel.set()
    with Runs(transport=script.transport("sync")) as runs:
        for change in runs.watch(script.refs, timeout=60, cancel=cancel):
            changes.append(change)
            if len(changes) == number:
                cancel.set()
    assert len(changes) == number
    if number == 0:
        assert script.asked == {}


def test_cancel_ends_a_wait_for_more_references() -> None:
    cancel, is_waiting, end = threading.Event(), threading.Event(), threading.Event()

    def refs() -> Iterator[str]:
        is_waiting.set()
        end.wait()
        yield "never"

    def set_cancel() -> None:
        is_waiting.wait()
        cancel.set()

    threading.Thread(target=set_cancel, daemon=True).start()
    with Runs() as runs:
        assert list(runs.watch(refs(), timeout="100d", cancel=cancel)) == []
    end.set()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"timeout": 0}, ValueError, "timeout must be above zero and at most 100 years, not '0'"),
        ({"timeout": "soon"}, ValueError, "timeout must look like '90s', '10m' or '1h30m', not 'soon'"),
        ({"until": "succeeded"}, TypeError, "until must be a collection of RunStatus, such as {RunStatus.SUCCEEDED},"),
        ({"per_provider": 0}, ValueError, "per_provider must be at least 1, not 0"),
        ({"per_provider": True}, TypeError, "per_provider must be a whole number, not bool"),
        ({"per_provider": 2.5}, TypeError, "per_provider must be a whole number, not float"),
        ({"policy": {}}, TypeError, "policy must be a PollPolicy, not dict"),
        ({"on_poll": 1}, TypeError, "on_poll must be a function, not int"),
        ({"refs": "dify:a"}, TypeError, "refs must be a collection or an iterator of references, not str: pass [ref]"),
        (
            {"refs": RunRef("dify", "a")},
            TypeError,
            "refs must be a collection or an iterator of references, not RunRef: pass [ref]",
        ),
        ({"refs": 7}, TypeError, "refs must be a collection or an iterator of references, not int"),
    ],
)
def test_wrong_arguments_are_refused_at_the_call(
    mode: Mode, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    runs: Any = Runs() if mode == "sync" else AsyncRuns()
    with pytest.raises(error) as caught:
        runs.watch(**{"refs": ["dify:a"], "timeout": 1, **arguments})
    assert str(caught.value).startswith(message)


def test_an_asynchronous_iterator_is_for_async_runs() -> None:
    async def refs() -> Any:
        yield "dify:a"

    runs: Any = Runs()
    with pytest.raises(TypeError, match="not async_generator, which is for AsyncRuns"):
        runs.watch(refs(), timeout=1)


def test_a_closed_runs_is_refused_at_the_call_and_later(clock: JumpingClock) -> None:
    script = Script({"a": [RUNNING], "b": [RUNNING]}, clock)
    runs = Runs(transport=script.transport("sync"))
    changes = runs.watch(script.refs, timeout=60)
    next(changes)
    runs.close()
    with pytest.raises(RuntimeError, match="this Runs is closed; make a new one"):
        list(changes)
    with pytest.raises(RuntimeError, match="this Runs is closed; make a new one"):
        runs.watch(script.refs, timeout=60)


@pytest.mark.parametrize("seconds", [90_000, 10**15])
def test_a_long_pause_that_a_server_asks_for_ends_all_its_runs(mode: Mode, clock: JumpingClock, seconds: int) -> None:
    script = Script({name: [RUNNING, refusal(429, seconds), SUCCEEDED] for name in "abcdefghijklmnopqrst"}, clock)
    changes = watched(mode, script, timeout="30h", per_provider=2)
    ends = [change.error for change in changes if change.is_last]
    assert {type(error).__name__ for error in ends} == {"DelayTooLong"}
    assert len(ends) == 20
    assert sum(len(times) for times in script.asked.values()) <= 20 + 2  # after one answer nobody else is asked for
    assert clock.seconds < 60
    assert {type(error.__cause__) for error in ends if error} == {RateLimited}


def test_a_long_pause_of_one_account_is_not_that_of_another(mode: Mode, clock: JumpingClock) -> None:
    script = Script({"a": [refusal(429, 90_000)], "b": [RUNNING, RUNNING, SUCCEEDED]}, clock)
    refs = ["dify:a?account=sales", "dify:c?account=sales", "dify:b?account=support"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIFY_API_KEY__SALES", "key-of-sales")
        patch.setenv("DIFY_API_KEY__SUPPORT", "key-of-support")
        changes = watched(mode, script, refs, per_provider=1)
    assert statuses_by_run(changes) == {
        "a?account=sales": ["DelayTooLong!"],
        "c?account=sales": ["DelayTooLong!"],
        "b?account=support": ["running", "succeeded!"],
    }


def test_a_429_is_no_error_of_a_run_while_its_server_answers_for_others(mode: Mode, clock: JumpingClock) -> None:
    policy = PollPolicy(max_consecutive_errors=2, jitter=0, factor=1)
    unlucky = [*[refusal(429, 1)] * 20, SUCCEEDED]
    script = Script({"unlucky": unlucky, "lucky": [RUNNING] * 60}, clock)
    changes = watched(mode, script, per_provider=1, policy=policy, timeout="1m")
    assert statuses_by_run(changes) == {"unlucky": ["succeeded!"], "lucky": ["running", "WaitTimeout!"]}
    script = Script({"unlucky": unlucky}, clock)
    assert statuses_by_run(watched(mode, script, policy=policy)) == {"unlucky": ["TooManyErrors!"]}
    assert len(script.asked["unlucky"]) == 3


def test_a_watch_that_nobody_closes_ends_with_its_loop() -> None:
    async def main() -> None:
        script = Script({name: [RUNNING] for name in "abcdefgh"})
        async with AsyncRuns(transport=script.transport("async")) as runs:
            async for _ in runs.watch(script.refs, timeout=60):
                break
            for _ in range(20):  # the loop closes it when the garbage collector finds it
                await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_an_iterator_is_read_on_whatever_comes_of_its_references(
    mode: Mode, clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflow_runs._watching.reading.READ_AHEAD", 2)
    monkeypatch.setattr("workflow_runs._watching.async_watching.READ_AHEAD", 2)
    names = [f"r{number}" for number in range(20)]
    script = Script({"first": [SUCCEEDED]} | {name: [refusal(429, 90_000)] for name in names}, clock)
    refs = ["dify:first", "dify:first", "nothing", "dify:first", *(f"dify:{name}" for name in names), "nobody:1"]

    async def asynchronous() -> Any:
        for ref in refs:
            yield ref

    for source in [iter(refs), *([asynchronous()] if mode == "async" else [])]:
        ends = statuses_by_run(watched(mode, script, source))
        assert {ref: end for ref, (end,) in ends.items()} == {
            **{"first": "succeeded!", "nothing": "InvalidRef!", "nobody:1": "UnknownProvider!"},
            **dict.fromkeys(names, "DelayTooLong!"),
        }


def test_references_that_come_too_late_end_too(clock: JumpingClock) -> None:
    watch = Watch(watch_terms(60, RESTING, None, 8, None, None), ["dify:a"], has_more=True)
    watch.read()
    for number in range(3):
        clock.seconds = 60
        watch.add(f"dify:{number}")
        assert watch.start() is None
        assert not watch.is_done
        watch.give_up()
        assert f"dify:{number}" in [str(each.change.ref) for each in watch.deliveries]
        watch.deliveries.clear()
        assert watch.is_done


def test_a_watch_lets_others_have_a_turn_while_it_reads() -> None:
    turns = list[int]()

    async def main() -> None:
        async with AsyncRuns(transport=Script({}).transport("async")) as runs:
            watch = runs.watch([f"nobody:{number // 5000}" for number in range(5000)] + ["nobody:x"], timeout=60)
            first = asyncio.ensure_future(anext(watch))
            while not first.done():
                await asyncio.sleep(0)
            second = asyncio.ensure_future(anext(watch))
            while not second.done():
                turns.append(1)
                await asyncio.sleep(0)
            await watch.aclose()

    asyncio.run(main())
    assert len(turns) >= 40


def test_a_forked_process_does_not_go_on_with_a_watch(
    mode: Mode, clock: JumpingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has none of the threads, nor the loop, in which requests are under way."""
    script = Script({"a": [RUNNING, SUCCEEDED]}, clock)
    process = os.getpid()

    def fork(poll: object) -> None:
        monkeypatch.setattr("workflow_runs._watching.watching.os.getpid", lambda: process + 1)

    with pytest.raises(
        RuntimeError, match=r"^this watch began before its process was forked; watch anew in the child$"
    ):
        watched(mode, script, on_poll=fork)
