"""`poll`, one step of a wait for programs that have a queue; and a server that does not answer, by the real clock."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from workflow_runs import Poll, PollState, ProviderUnavailable, RunStatus, UnknownProvider, WaitTimeout
from workflow_runs._polling.clock import SystemClock
from workflow_runs.testing import use_clock

from tests.clients.providers import MODES, Mode
from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runs.polling.worlds import POLICY, REF, World, world
from tests.runs.watching import RUNNING, SUCCEEDED, refusal

modes = pytest.mark.parametrize("mode", MODES)


def polled(there: World, state: PollState | None = None, ref: str = REF, **options: Any) -> Poll:
    """What comes of one request, or of none."""
    runs = there.runs()
    poll: Poll
    if there.mode == "sync":
        with runs:
            poll = runs.poll(ref, state, policy=POLICY, **options)
        return poll

    async def ask() -> Poll:
        async with runs:
            poll: Poll = await runs.poll(ref, state, policy=POLICY, **options)
        return poll

    return asyncio.run(ask())


@modes
def test_one_poll_is_one_request(mode: Mode) -> None:
    for answer in (RUNNING, refusal(503), refusal(401)):
        with world(mode, "in this process", [answer]) as there:
            poll = polled(there)
        assert len(there.asked) == poll.state.polls == 1
        assert (poll.next_poll is None) == (answer.status == 401)


@modes
def test_nothing_is_asked_for_when_there_is_nothing_more_to_ask(mode: Mode) -> None:
    with world(mode, "in this process", [SUCCEEDED]) as there:
        ended = polled(there).state
        again = polled(there, ended)
    assert (again.changes, again.next_poll, again.error, again.state) == ((), None, None, ended)
    assert len(there.asked) == 1


@modes
@pytest.mark.parametrize("late", [timedelta(), timedelta(days=1)])
def test_nothing_is_asked_for_when_the_deadline_has_passed(mode: Mode, late: timedelta) -> None:
    with world(mode, "in this process", [RUNNING, SUCCEEDED]) as there:
        first = polled(there)
        poll = polled(there, first.state, deadline=there.clock.utc() - late)
    (change,) = poll.changes
    assert isinstance(change.error, WaitTimeout)
    assert (change.before, change.is_last, poll.state.ended) == (RunStatus.RUNNING, True, True)
    assert str(change.error) == "dify:a is still RUNNING, and the time to wait for it has passed, after 1 request"
    assert len(there.asked) == 1


@modes
def test_a_deadline_of_another_zone_is_the_same_moment(mode: Mode) -> None:
    with world(mode, "in this process", [RUNNING]) as there:
        deadline = there.clock.utc() + timedelta(seconds=0.5)
        poll = polled(there, deadline=deadline.astimezone(timezone(timedelta(hours=-9))))
    assert poll.next_poll == deadline
    assert poll.next_poll.tzinfo is UTC


@modes
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"deadline": datetime(2026, 1, 1)},
            ValueError,
            "deadline must have a time zone, such as datetime.now(UTC) has",
        ),
        ({"deadline": 600}, TypeError, "deadline must be a datetime, not int"),
        ({"until": set()}, ValueError, "until must name some of"),
        ({"state": "{}"}, TypeError, "state must be a PollState, not str: PollState.from_json reads JSON"),
        ({"ref": "nobody:1"}, UnknownProvider, ""),
    ],
)
def test_a_mistake_is_raised_and_nothing_is_sent(
    mode: Mode, options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with world(mode, "in this process", [RUNNING]) as there, pytest.raises(error) as caught:
        polled(there, **options)
    assert str(caught.value).startswith(message)
    assert there.asked == []


@modes
def test_a_server_that_does_not_answer_is_not_waited_for_longer_than_the_time(mode: Mode) -> None:
    released = threading.Event()

    def respond(_: Received) -> Reply:
        released.wait(60)
        return json_reply({})

    with world(mode, "over HTTP", [RUNNING]) as there, Loopback() as server, use_clock(SystemClock()):
        server.respond = respond
        there.options = {"base_urls": {"dify": server.url}}
        with pytest.raises(WaitTimeout) as caught:
            there.wait(timeout="200ms")
        released.set()
    assert isinstance(caught.value.last_error, ProviderUnavailable)
    assert caught.value.run is None
    assert str(caught.value).startswith(
        "dify:a has not been seen, and the time to wait for it has passed, after 1 request; the last one failed:"
    )
