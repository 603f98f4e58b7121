"""Which run is asked for next: times, hosts, limits and pauses, without requests."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from workflow_runs import PollState
from workflow_runs._watching.hosts import Outcome, WatchedRun
from workflow_runs._watching.scheduler import Scheduler

START = datetime(2026, 1, 2, tzinfo=UTC)
END = START + timedelta(hours=1)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def scheduler(per_host: int = 8, at_once: int = 64) -> Scheduler:
    return Scheduler(per_host, at_once, END)


def add(scheduler: Scheduler, host: str, number: int) -> list[WatchedRun]:
    return [scheduler.new(f"{host}:{index}", host, PollState(), None) for index in range(number)]


def started(scheduler: Scheduler, seconds: float = 0.0) -> list[WatchedRun]:
    """All runs that are asked for now, each on the host that its text begins with."""
    runs = list[WatchedRun]()
    while run := scheduler.start(at(seconds)):
        runs.append(run)
        assert scheduler.enter(run, ("host", run.text.partition(":")[0]))
    return runs


def hosts_of(runs: list[WatchedRun]) -> Counter[str]:
    return Counter(run.text.partition(":")[0] for run in runs)


def test_a_host_gets_so_many_requests_and_another_one_when_one_ends() -> None:
    schedule = scheduler()
    runs = add(schedule, "a", 20)
    assert started(schedule) == runs[:8]
    assert schedule.finish(runs[3], Outcome.SUCCESS)
    assert not schedule.finish(runs[3], Outcome.SUCCESS)
    assert started(schedule) == [runs[8]]


def test_runs_are_asked_for_in_the_order_of_their_times() -> None:
    schedule = scheduler(per_host=1)
    for seconds in (3.0, 1.0, 2.0):
        schedule.new(f"a:{seconds:g}", "a", PollState(), at(seconds))
    assert schedule.next_time() == at(1)
    assert started(schedule, 0.9) == []
    assert [run.text for run in started(schedule, 5)] == ["a:1"]


def test_hosts_take_turns() -> None:
    schedule = scheduler(at_once=8)
    add(schedule, "a", 50)
    add(schedule, "b", 50)
    add(schedule, "c", 1)
    runs = started(schedule)
    assert hosts_of(runs)["c"] == 1
    assert abs(hosts_of(runs)["a"] - hosts_of(runs)["b"]) <= 1


def test_hosts_that_never_answer_leave_requests_to_others() -> None:
    schedule = scheduler()
    for index in range(30):
        add(schedule, f"dead{index}", 100)
    started(schedule)
    late = add(schedule, "alive", 5)
    assert started(schedule)[:1] == late[:1]
    assert schedule.in_flight < 64


def test_after_an_overload_the_limit_is_halved_once_and_grows_with_successes() -> None:
    schedule = scheduler()
    runs = add(schedule, "a", 1000)
    first = started(schedule)
    for run in first:  # all of them began before the first refusal
        schedule.finish(run, Outcome.OVERLOAD)
    second = started(schedule)
    assert len(second) == 4
    for run in second:
        schedule.finish(run, Outcome.OVERLOAD)
    third = started(schedule)
    assert len(third) == 2
    for run in third:
        schedule.finish(run, Outcome.SUCCESS)
    assert len(started(schedule)) == 3
    host = runs[0].host
    while host.limit < 8:
        for run in runs:
            schedule.finish(run, Outcome.SUCCESS)  # those that are in flight
        started(schedule)
    for _ in range(20):
        for run in runs:
            schedule.finish(run, Outcome.SUCCESS)  # those that are in flight
        assert len(started(schedule)) <= 8


def test_a_limit_is_never_below_one() -> None:
    schedule = scheduler(per_host=3)
    add(schedule, "a", 100)
    for _ in range(5):
        for run in started(schedule):
            schedule.finish(run, Outcome.OVERLOAD)
    assert len(started(schedule)) == 1


def test_a_host_that_cools_down_gets_no_request_and_the_others_do() -> None:
    schedule = scheduler(per_host=1)
    (one, *_), (other, *_) = add(schedule, "a", 3), add(schedule, "b", 3)
    assert started(schedule) == [one, other]
    schedule.finish(one, Outcome.OVERLOAD)
    schedule.cool(one.host, at(30))
    schedule.cool(one.host, at(10))  # the longer pause stays
    schedule.finish(other, Outcome.SUCCESS)
    assert hosts_of(started(schedule, 1)) == {"b": 1}
    assert started(schedule, 29.9) == []
    assert hosts_of(started(schedule, 30)) == {"a": 1}


def test_accounts_on_one_server_share_its_limit() -> None:
    schedule = scheduler(per_host=4)
    for account in ("sales", "support"):
        for index in range(10):
            schedule.new(f"{account}:{index}", account, PollState(), None)
    sent = list[WatchedRun]()
    while run := schedule.start(START):
        if schedule.enter(run, "server"):
            sent.append(run)
    assert len(sent) == 4
    for run in sent:
        schedule.finish(run, Outcome.SUCCESS)
    assert schedule.in_flight == 0
    texts = {run.text for run in sent}
    while schedule.in_flight or (run := schedule.start(START)):
        if run is not None and schedule.enter(run, "server"):
            texts.add(run.text)
            schedule.finish(run, Outcome.SUCCESS)
    assert len(texts) == 20


def test_a_run_whose_client_is_for_another_server_waits_for_its_turn_there() -> None:
    schedule = scheduler(per_host=1)
    first, second, third = add(schedule, "same", 3)
    assert schedule.start(START) is first
    assert schedule.enter(first, "x")
    schedule.finish(first, Outcome.SUCCESS)
    assert schedule.start(START) is second
    assert schedule.enter(second, "y")  # what was inferred from the reference was wrong
    assert schedule.start(START) is third
    assert not schedule.enter(third, "y")
    assert schedule.start(START) is None
    schedule.finish(second, Outcome.SUCCESS)
    assert schedule.start(START) is third
    assert schedule.enter(third, "y")


def test_nothing_starts_after_the_deadline() -> None:
    schedule = scheduler()
    (run,) = add(schedule, "a", 1)
    assert schedule.start(END) is None
    assert schedule.start(END - timedelta(seconds=1)) is run
    assert schedule.drain() == [run]
    assert not schedule.enter(run, "a")
    assert not schedule.finish(run, Outcome.SUCCESS)
    assert schedule.drain() == []


class Schedules(RuleBasedStateMachine):
    """Whatever happens, limits and pauses hold, and no run is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.schedule = scheduler(per_host=3, at_once=7)
        self.runs = list[WatchedRun]()
        self.starting = list[WatchedRun]()
        self.sent = dict[WatchedRun, str]()
        self.ended = set[WatchedRun]()
        self.pauses = dict[str, float]()

    @rule(key=st.sampled_from("ab"), due=st.none() | st.floats(0, 30))
    def add(self, key: str, due: float | None) -> None:
        time = None if due is None else at(self.seconds + due)
        self.runs.append(self.schedule.new(f"{len(self.runs)}", key, PollState(), time))

    @rule()
    def start(self) -> None:
        run = self.schedule.start(at(self.seconds))
        if run is not None:
            assert run not in self.ended
            self.starting.append(run)

    @precondition(lambda self: self.starting)
    @rule(data=st.data(), host=st.sampled_from("xyz"))
    def enter(self, data: Any, host: str) -> None:
        run = self.starting.pop(data.draw(st.integers(0, len(self.starting) - 1)))
        if self.schedule.enter(run, host):
            assert self.seconds >= self.pauses.get(host, 0.0)
            self.sent[run] = host
            assert Counter(self.sent.values())[host] <= 3

    @precondition(lambda self: self.sent)
    @rule(
        data=st.data(),
        outcome=st.sampled_from(Outcome),
        pause=st.none() | st.floats(0.1, 20),
        again=st.none() | st.floats(0, 20),
    )
    def finish(self, data: Any, outcome: Outcome, pause: float | None, again: float | None) -> None:
        run = data.draw(st.sampled_from(list(self.sent)))
        host = self.sent.pop(run)
        assert self.schedule.finish(run, outcome)
        if pause is not None:
            self.schedule.cool(run.host, at(self.seconds + pause))
            self.pauses[host] = max(self.pauses.get(host, 0.0), self.seconds + pause)
        if again is None:
            self.ended.add(run)
        else:
            self.schedule.again(run, at(self.seconds + again))

    @rule(seconds=st.floats(0, 20))
    def pass_time(self, seconds: float) -> None:
        self.seconds += seconds

    @invariant()
    def at_most_so_many(self) -> None:
        assert self.schedule.in_flight == len(self.starting) + len(self.sent) <= 7

    def teardown(self) -> None:
        """All that has not ended is asked for in the end."""
        left = set(self.runs) - self.ended
        for run in [*self.sent, *self.starting]:
            if run in self.sent or self.schedule.enter(run, "x"):
                self.schedule.finish(run, Outcome.SUCCESS)
                left.discard(run)
        self.seconds += 60
        while due := self.schedule.start(at(self.seconds)):
            if self.schedule.enter(due, "x"):
                self.schedule.finish(due, Outcome.SUCCESS)
                left.remove(due)
        assert left == set()


TestSchedules = Schedules.TestCase
TestSchedules.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
