"""What callers pass to `wait` and `poll`: functions, forms of times and statuses, and mistakes."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from workflow_runs import (
    AsyncRuns,
    InvalidRef,
    PollPolicy,
    PollState,
    Runs,
    RunStatus,
    Unauthorized,
    UnknownProvider,
    WorkflowRun,
)

from tests.clients.providers import MODES, Mode
from tests.runs.polling.worlds import REF, Way, World, everywhere, world
from tests.runs.watching import (
    RUNNING,
    SUCCEEDED,
)


class PassedError(Exception):
    """The mistake of a function that was passed."""


@everywhere
@pytest.mark.parametrize("name", ["on_change", "on_poll"])
def test_what_a_function_raises_ends_the_wait_and_passes(mode: Mode, way: Way, name: str) -> None:
    def fail(_: object) -> None:
        raise PassedError

    with world(mode, way, [RUNNING]) as there, pytest.raises(PassedError):
        there.wait(**{name: fail})
    assert there.asked == [0]


@pytest.mark.parametrize("mode", MODES)
def test_nobody_has_to_pass_functions(mode: Mode) -> None:
    with world(mode, "in this process", [RUNNING, SUCCEEDED]) as there:
        assert there.wait(on_change=None, on_poll=None).status is RunStatus.SUCCEEDED


async def later(_: object) -> None:
    """Nobody awaits this."""


FUNCTIONS = "must be a plain function: nobody would await what a coroutine function returns"
MISTAKES: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"timeout": "ten minutes"}, ValueError, "timeout must look like '90s', '10m' or '1h30m', not 'ten minutes'"),
    ({"timeout": 0}, ValueError, "timeout must be above zero and at most 100 years, not '0'"),
    ({"timeout": 10**400}, ValueError, "timeout must be above zero and at most 100 years, not '1000"),
    ({"timeout": None}, TypeError, "timeout must be seconds, a timedelta or a text such as '10m', not NoneType"),
    ({"timeout": True}, TypeError, "timeout must be seconds, a timedelta or a text such as '10m', not bool"),
    ({"until": "succeeded"}, TypeError, "until must be a collection of RunStatus, such as {RunStatus.SUCCEEDED}"),
    ({"until": RunStatus.FAILED}, TypeError, "until must be a collection of RunStatus, such as {RunStatus.SUCCEEDED}"),
    ({"until": []}, ValueError, "until must name some of "),
    ({"until": [[]]}, ValueError, "until must name some of "),
    ({"until": ["done"]}, ValueError, "until must name some of "),
    ({"until": {RunStatus.UNKNOWN}}, ValueError, "until must name some of "),
    ({"policy": {"initial": 1}}, TypeError, "policy must be a PollPolicy, not dict"),
    ({"on_change": later}, TypeError, f"on_change {FUNCTIONS}"),
    ({"on_poll": later}, TypeError, f"on_poll {FUNCTIONS}"),
    ({"on_poll": []}, TypeError, "on_poll must be a function, not list"),
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("options", "error", "message"), MISTAKES)
def test_a_mistake_is_reported_before_anything_is_sent(
    mode: Mode, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with world(mode, "in this process", [RUNNING]) as there, pytest.raises(error) as caught:
        there.wait(**options)
    assert str(caught.value).startswith(message)
    assert there.asked == []


@pytest.mark.parametrize(("cancel", "kind"), [(asyncio.Event(), "asyncio.Event"), (True, "builtins.bool")])
def test_what_cannot_be_set_by_another_thread_does_not_cancel(cancel: Any, kind: str) -> None:
    with world("sync", "in this process", [RUNNING]) as there, there.runs() as runs:
        for function, what in ((runs.wait, REF), (runs.watch, [REF])):
            with pytest.raises(TypeError, match=rf"^cancel must be a threading\.Event, not {re.escape(kind)}$"):
                function(what, timeout=5, cancel=cancel)
    assert there.asked == []


@pytest.mark.parametrize("timeout", [90, 90.0, "90s", "1m30s", "1.5m", timedelta(seconds=90), "90000ms"])
def test_forms_of_a_time_limit(timeout: Any) -> None:
    with world("sync", "in this process", [RUNNING]) as there:
        assert there.outcome(timeout=timeout).startswith("WaitTimeout")
    assert there.clock.seconds == 90


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("until", [{RunStatus.RUNNING}, [RunStatus.RUNNING], ("running",), {RunStatus.RUNNING: 1}])
def test_forms_of_what_is_waited_for(mode: Mode, until: Any) -> None:
    with world(mode, "in this process", [RUNNING]) as there:
        assert there.wait(until=until).status is RunStatus.RUNNING


def test_a_state_that_is_still_json_is_a_mistake() -> None:
    message = r"^state must be a PollState, not str: PollState\.from_json reads JSON$"
    with world("sync", "in this process", [RUNNING]) as there, pytest.raises(TypeError, match=message):
        there.runs().poll(REF, PollState().to_json())
    assert there.asked == []


@pytest.mark.parametrize("mode", MODES)
def test_references_that_cannot_be_read_and_missing_credentials(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    with world(mode, "in this process", [RUNNING]) as there:
        for ref, error in (("dify:", InvalidRef), ("nobody:1", UnknownProvider)):
            with pytest.raises(error):
                waited(there, ref)
        monkeypatch.delenv("DIFY_API_KEY", raising=False)
        with pytest.raises(Unauthorized):
            waited(there, REF)
    assert there.asked == []


def waited(there: World, ref: str) -> WorkflowRun:
    runs: Runs | AsyncRuns = there.runs()
    return runs.wait(ref, timeout=5) if isinstance(runs, Runs) else asyncio.run(runs.wait(ref, timeout=5))


def test_runs_that_are_closed_do_not_wait() -> None:
    with world("sync", "in this process", [RUNNING]) as there:
        runs = there.runs()
        runs.close()
        assert isinstance(runs, Runs)
        with pytest.raises(RuntimeError):
            runs.wait(REF, timeout=5)


def test_the_policy_of_the_provider_holds_unless_callers_pass_one() -> None:
    with world("sync", "in this process", [RUNNING]) as there:
        there.outcome(policy=None, timeout="10m")
        assert max(later - earlier for earlier, later in pairwise(there.asked)) > 8
    with world("sync", "in this process", [RUNNING]) as there:
        there.outcome(policy=PollPolicy(maximum=3.0), timeout="10m")
        assert max(later - earlier for earlier, later in pairwise(there.asked)) <= 3
