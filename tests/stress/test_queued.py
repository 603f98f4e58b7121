"""The program in QUEUES.md: each run ends once, and nothing is lost however often the queue delivers a message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from celery.exceptions import Retry  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from workflow_runs import DelayTooLong, PollState, RunChange, WaitTimeout

from tests.stress.queued import poll_by_queue, program

LATER = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
ENDS_AT = 4
"""The number of the request for which the run of these tests has ended."""


class Killed(BaseException):
    """The worker dies here."""


class Broker:
    """Delivers messages at least once: again, when the worker dies before it has acknowledged one.

    Args:
        module: the program.
        deaths: at which of its actions the worker dies; they are counted from 0.
    """

    def __init__(self, module: Any, deaths: set[int]) -> None:
        self.module = module
        self.messages: list[tuple[tuple[str, ...], str]] = []
        self.told: list[RunChange] = []
        self.most = 0
        self._deaths = deaths
        self._actions = -1
        module.tell = self._tell
        module.poll.apply_async = self._send

    def deliver_all(self) -> None:
        """Deliver messages, whatever they wait for, until there are none."""
        while self.messages:
            self.most = max(self.most, len(self.messages))
            arguments, name = self.messages.pop(0)
            try:
                self.module.poll.apply(arguments, task_id=name, throw=True)
                self._act()  # the worker may die before it acknowledges
            except Killed:
                self.messages.insert(0, (arguments, name))
            except Retry:
                self.messages.append((arguments, name))

    def _tell(self, change: RunChange) -> None:
        self._act()
        self.told.append(change)
        self._act()

    def _send(self, arguments: tuple[str, ...], task_id: str, eta: datetime) -> None:
        assert eta.utcoffset() == timedelta(0)
        assert json.loads(json.dumps(arguments)) == list(arguments), "any queue can carry them"
        self._act()
        self.messages.append((arguments, task_id))
        self._act()

    def _act(self) -> None:
        self._actions += 1
        if self._actions in self._deaths:
            raise Killed


@pytest.fixture(scope="module")
def requests() -> list[int]:
    """The numbers of the requests for the run since the test began."""
    return []


@pytest.fixture(scope="module")
def module(requests: list[int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The program, whose provider tells one more step with each answer."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        requests.append(len(requests) + 1)
        word = "succeeded" if len(requests) >= ENDS_AT else "running"
        return httpx2.Response(200, json={"id": "1", "status": word, "total_steps": len(requests)})

    with program(tmp_path_factory.mktemp("program"), httpx2.MockTransport(answer)) as module:
        module.app.conf.task_store_eager_result = True
        yield module


def started(module: Any, requests: list[int], deaths: set[int] = frozenset()) -> Broker:  # type: ignore[assignment]
    """The broker after it has delivered all messages of one run."""
    requests.clear()
    module.app.backend.client.cache.clear()
    broker = Broker(module, deaths)
    broker.messages.append((("dify:1", LATER, PollState().to_json()), "first"))
    broker.deliver_all()
    return broker


def steps(broker: Broker) -> list[int | None]:
    """How far the run was in each change that was told."""
    return [change.run.usage.steps if change.run and change.run.usage else None for change in broker.told]


def test_each_message_causes_one_request_and_sends_its_successor(module: Any, requests: list[int]) -> None:
    broker = started(module, requests)
    assert steps(broker) == requests == [1, 2, 3, 4]
    assert [change.is_last for change in broker.told] == [False, False, False, True]
    assert broker.most == 1


@pytest.mark.parametrize("death", range(16))
def test_wherever_a_worker_dies_nothing_is_lost(module: Any, requests: list[int], death: int) -> None:
    check(started(module, requests, {death}), requests, deaths=1)


@settings(max_examples=40, deadline=None)
@given(deaths=st.sets(st.integers(0, 40), max_size=8))
def test_however_often_workers_die_nothing_is_lost(module: Any, requests: list[int], deaths: set[int]) -> None:
    check(started(module, requests, deaths), requests, len(deaths))


def check(broker: Broker, requests: list[int], deaths: int) -> None:
    """Everything was told at least once and in order, the end, too; and chains that were doubled became one again."""
    told = steps(broker)
    assert told == sorted(told, key=lambda number: number or 0)
    assert [change.is_last for change in broker.told] == [number is not None and number >= ENDS_AT for number in told]
    assert broker.told[-1].is_last
    assert len(requests) <= ENDS_AT + 2 * deaths
    assert broker.most <= 1 + deaths


def test_a_message_that_came_before_does_nothing(module: Any, requests: list[int]) -> None:
    broker = started(module, requests)
    for number in range(4):
        name = f"first#{number}" if number else "first"
        broker.messages.append((("dify:1", LATER, PollState(polls=number).to_json()), name))
    broker.deliver_all()
    assert (len(broker.told), len(requests)) == (4, 4)


def test_runs_that_one_task_starts_have_chains_of_their_own(module: Any, requests: list[int]) -> None:
    broker = started(module, requests)
    requests.clear()
    broker.told.clear()
    broker.messages.append((("dify:1", LATER, PollState().to_json()), "second"))
    broker.deliver_all()
    assert steps(broker) == [1, 2, 3, 4]


def test_a_deadline_that_has_passed_is_told_and_nothing_is_sent(module: Any, requests: list[int]) -> None:
    broker = started(module, requests)
    requests.clear()
    broker.told.clear()
    passed = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    broker.messages.append((("dify:1", passed, PollState(polls=3).to_json()), "late"))
    broker.deliver_all()
    assert (requests, broker.messages) == ([], [])
    (change,) = broker.told
    assert (change.is_last, change.run) == (True, None)
    assert isinstance(change.error, WaitTimeout)


def test_a_change_that_could_not_be_told_is_told_again(module: Any, requests: list[int]) -> None:
    requests.clear()
    broker, errors = Broker(module, set()), [OSError("the database is away"), OSError("and again")]
    tell = module.tell

    def fail_twice(change: RunChange) -> None:
        if errors:
            raise errors.pop()
        tell(change)

    module.tell = fail_twice
    broker.messages.append((("dify:1", LATER, PollState().to_json()), "told again"))
    broker.deliver_all()
    assert steps(broker) == [3, 4]
    assert requests == [1, 2, 3, 4]


@pytest.mark.parametrize("message", [("dify:", LATER, "{}"), ("acme:1", LATER, "{}"), ("dify:1", LATER, "no state")])
def test_a_message_that_cannot_be_read_is_not_carried_out_again(module: Any, message: tuple[str, ...]) -> None:
    broker = Broker(module, set())
    result = module.poll.apply(message, task_id="unreadable")
    assert (result.state, broker.told, broker.messages) == ("FAILURE", [], [])


def test_a_pause_that_is_too_long_ends_the_wait(tmp_path: Path) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(429, headers={"Retry-After": "601"})

    with program(tmp_path, httpx2.MockTransport(answer)) as module:
        broker = started(module, [])
    (change,) = broker.told
    assert isinstance(change.error, DelayTooLong)


def test_hundreds_of_runs_end_once_each(tmp_path: Path) -> None:
    queued = poll_by_queue(300, tmp_path, seconds=300)
    assert (len(queued.ends), queued.broken()) == (300, [])
