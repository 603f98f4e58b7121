"""The state machine of waiting, answer by answer: when it asks again, what it tells, and what ends it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest
from workflow_runs import (
    TERMINAL,
    DelayTooLong,
    NoRun,
    PollPolicy,
    PollState,
    ProviderError,
    RunNotFound,
    RunStatus,
    StatusStaysUnknown,
    TooManyErrors,
    UnreadableAnswer,
    Usage,
    WaitTimeout,
)

from tests.runs.polling.timelines import REF, START, STEADY, Answer, after, pauses, played, refused, run, step, unknown

RUNNING, PENDING, SUCCEEDED = RunStatus.RUNNING, RunStatus.PENDING, RunStatus.SUCCEEDED
NEW = PollState()


# When to ask again


def test_the_pause_grows_while_nothing_changes_and_begins_anew_with_each_change() -> None:
    answers = [run(), run(), run(), run(), run(), run(current_step="b"), run(current_step="b")]
    assert pauses(played(answers)) == [1, 2, 4, 8, 8, 1, 2]


@pytest.mark.parametrize("answer", [run(), refused(404), refused(503)])
def test_the_first_pause_is_the_initial_one_whatever_came(answer: Answer) -> None:
    assert pauses(played([answer, refused(503)])) == [1, 2]


def test_errors_make_the_pause_grow_and_a_success_takes_their_part_back() -> None:
    answers: list[Answer] = [run(), run(), refused(503), refused(0), run(), refused(429)]
    assert pauses(played(answers)) == [1, 2, 4, 8, 4, 8]


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999999])
@pytest.mark.parametrize("jitter", [0.0, 0.2, 1.0])
def test_chance_shortens_a_pause_by_the_jitter_at_most(jitter: float, chance: float) -> None:
    policy = PollPolicy(initial=10.0, jitter=jitter)
    poll = step(NEW, run(), policy=policy, random=lambda: chance)
    assert poll.next_poll == after(10 * (1 - jitter * chance))
    assert after(10 * (1 - jitter)) <= poll.next_poll <= after(10)


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999999])
def test_chance_never_shortens_what_the_server_asks_for(chance: float) -> None:
    for answer in (run(retry_after=60), refused(429, retry_after=60), refused(404, retry_after=60)):
        poll = step(NEW, answer, random=lambda: chance, policy=PollPolicy())
        assert poll.next_poll is not None
        assert after(60) <= poll.next_poll <= after(60.2)


@pytest.mark.parametrize("factor", [1, 1.0, 2, 1000.0])
def test_pauses_after_very_many_polls_are_the_longest(factor: float) -> None:
    policy = PollPolicy(initial=1, factor=factor, maximum=30, jitter=0)
    poll = step(PollState(polls=10**6, unmoved=5000, progress=None), refused(503), policy=policy)
    assert poll.next_poll == after(1 if factor == 1 else 30)


# What the server asks for


@pytest.mark.parametrize("answer", [run(retry_after=600), refused(429, 600), refused(503, 600), refused(404, 600)])
def test_the_longest_pause_that_is_allowed_is_waited(answer: Answer) -> None:
    assert step(NEW, answer).next_poll == after(600)


@pytest.mark.parametrize("seconds", [600.5, 3600, 2.0**31])
@pytest.mark.parametrize("status", [200, 404, 429, 503])
def test_a_longer_pause_ends_the_wait(status: int, seconds: float) -> None:
    answer = run(retry_after=seconds) if status == 200 else refused(status, seconds)
    poll = step(NEW, answer, deadline=after(10))
    assert (poll.next_poll, poll.state.ended) == (None, True)
    assert isinstance(poll.error, DelayTooLong)
    assert poll.error.retry_after == seconds
    assert poll.error.last_error is (None if status == 200 else answer)
    assert poll.changes[-1].error is poll.error


def test_a_run_that_rests_is_not_asked_for_again_whatever_the_server_asks_for() -> None:
    poll = step(NEW, run(SUCCEEDED, retry_after=10**9))
    assert (poll.next_poll, poll.error) == (None, None)


# The deadline


def test_a_request_is_never_planned_beyond_the_deadline() -> None:
    for left in (0.0, 0.2, 1.0, 1.5, 2.0, 3.0, 7.9):
        poll = step(PollState(unmoved=9), refused(503), deadline=after(left))
        assert poll.next_poll is None or poll.next_poll <= after(left)


def test_the_last_look_is_a_second_before_the_deadline() -> None:
    seen = step(NEW, run()).state
    slow = PollPolicy(initial=5.0, maximum=60.0, factor=10.0, jitter=0.0)
    assert step(seen, run(), policy=slow, deadline=after(30)).next_poll == after(29)
    assert step(seen, run(), policy=slow, deadline=after(50.5)).next_poll == after(49.5)  # not with half a second left
    assert step(seen, run(), policy=slow, deadline=after(60)).next_poll == after(50)


def test_without_time_for_another_look_the_deadline_is_the_end() -> None:
    assert step(NEW, run(), deadline=after(1.5)).next_poll == after(1)  # as the policy says
    assert step(NEW, run(), deadline=after(0.5)).next_poll == after(0.5)
    assert step(NEW, run(retry_after=20), deadline=after(10)).next_poll == after(10)  # too early for the server
    assert step(NEW, run(retry_after=9.5), deadline=after(10)).next_poll == after(9.5)


def test_the_last_look_is_never_before_what_the_server_asks_for() -> None:
    for asked in range(1, 13):
        poll = step(PollState(unmoved=9), run(retry_after=asked), deadline=after(10))
        assert poll.next_poll is not None
        assert poll.next_poll >= min(after(asked), after(10))


@pytest.mark.parametrize("late", [0.0, 5.0])
def test_a_transient_error_after_the_deadline_is_the_end_of_the_time_and_not_of_the_budget(late: float) -> None:
    state = PollState(polls=7, errors=STEADY.max_consecutive_errors)
    error = refused(0)
    poll = step(state, error, now=after(10 + late), deadline=after(10))
    assert isinstance(poll.error, WaitTimeout)
    assert poll.error.last_error is poll.error.__cause__ is error
    assert str(poll.error) == (
        "dify:5b1f has not been seen, and the time to wait for it has passed, after 8 requests; the last one failed:"
        " dify:5b1f: 0"
    )


def test_a_run_that_comes_after_the_deadline_counts() -> None:
    poll = step(NEW, run(SUCCEEDED), now=after(11), deadline=after(10))
    assert (poll.error, poll.changes[-1].is_last) == (None, True)
    poll = step(NEW, run(), now=after(11), deadline=after(10))
    assert (poll.error, poll.next_poll, poll.state.waited) == (None, after(10), 0.0)


def test_times_of_another_zone_are_the_same_moments() -> None:
    kolkata = START.astimezone(timezone(timedelta(hours=5.5)))
    assert step(NEW, run(), now=kolkata, deadline=after(10)).next_poll == after(1)


# What ends it


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422, 501])
def test_an_error_that_stays_ends_it_at_once(status: int) -> None:
    for state in (NEW, step(NEW, run()).state):
        error = refused(status)
        poll = step(state, error)
        assert (poll.next_poll, poll.error, poll.state.ended) == (None, error, True)
        (change,) = poll.changes
        assert (change.error, change.is_last, change.kinds) == (error, True, ())


@pytest.mark.parametrize("error", [RuntimeError("closed"), TypeError("no client"), OSError("disk")])
def test_whatever_else_is_raised_ends_it(error: Exception) -> None:
    assert step(NEW, error).changes[-1].error is error


@pytest.mark.parametrize("kind", [UnreadableAnswer, NoRun])
def test_a_page_in_place_of_a_run_that_was_seen_spends_budget_and_before_ends_it(kind: type[ProviderError]) -> None:
    page = NoRun("page", run=run(), ref=REF) if kind is NoRun else kind("page", provider="dify", ref=REF)
    assert (step(NEW, page).error, step(NEW, page).next_poll) == (page, None)
    *_, last = played([run(), page, run(RunStatus.SUCCEEDED)])
    assert (last.error, last.next_poll, last.state.errors) == (None, None, 0)


def test_errors_in_a_row_are_borne_up_to_the_budget() -> None:
    polls = played([refused(503), refused(429), refused(0)])
    assert [poll.state.errors for poll in polls] == [1, 2, 2]
    error = polls[-1].error
    assert isinstance(error, TooManyErrors)
    assert str(error) == "dify:5b1f: gave up after 3 errors in a row; the last one: dify:5b1f: 0"
    assert error.last_error is error.__cause__


def test_any_success_refills_the_budget() -> None:
    answers: list[Answer] = [refused(503), refused(503), run()] * 50
    assert played(answers)[-1].state.errors == 0


def test_without_a_budget_the_first_error_ends_it() -> None:
    poll = step(NEW, refused(503), policy=PollPolicy(max_consecutive_errors=0))
    assert str(poll.error) == "dify:5b1f: gave up after 1 error in a row; the last one: dify:5b1f: 503"


def test_a_run_that_is_not_there_yet_is_asked_for_until_the_grace_ends() -> None:
    polls = played([refused(404)] * 4)  # after 0, 1, 3 and 7 seconds; the grace is 5
    assert pauses(polls) == [1, 2, 4, None]
    assert all(poll.error for poll in polls)
    assert isinstance(polls[-1].changes[-1].error, RunNotFound)
    assert [poll.changes for poll in polls[:3]] == [(), (), ()]


def test_a_run_that_appears_within_the_grace_is_a_run_as_any() -> None:
    polls = played([refused(503), refused(404), run(), run(SUCCEEDED)])
    assert [change.before for poll in polls for change in poll.changes] == [None, RUNNING]


@pytest.mark.parametrize("earlier", [run(), unknown()])
def test_a_run_that_vanishes_after_it_was_seen_ends_it_at_once(earlier: Answer) -> None:
    polls = played([earlier, refused(404)])
    assert polls[-1].state.ended


def test_without_a_grace_the_first_404_ends_it() -> None:
    assert step(NEW, refused(404), policy=PollPolicy(not_found_grace=0)).state.ended


def test_an_unknown_status_never_counts_as_the_end_but_is_given_up() -> None:
    polls = played([unknown()] * 4)
    assert [poll.state.ended for poll in polls] == [False, False, False, True]
    error = polls[-1].error
    assert isinstance(error, StatusStaysUnknown)
    assert str(error) == (
        "dify:5b1f: its status is 'frozen', which says neither that it goes on nor that it has ended, in 4 answers in a"
        " row; see what the provider shows, or allow more unknown_polls"
    )
    assert [len(poll.changes) for poll in polls] == [1, 0, 0, 1]


def test_an_unknown_status_that_moves_is_not_given_up() -> None:
    assert not played([unknown(word) for word in "abcabcabcabc"])[-1].state.ended
    steps = [run(RunStatus.UNKNOWN, current_step=str(number)) for number in range(20)]
    assert not played(steps)[-1].state.ended


def test_errors_between_do_not_hide_that_a_status_stays_unknown() -> None:
    answers = [answer for _ in range(4) for answer in (unknown(), refused(503))]
    assert isinstance(played(answers[:7])[-1].error, StatusStaysUnknown)


def test_a_word_of_a_later_version_is_unknown_too() -> None:
    later = run(RunStatus("later_word"), raw_status="LATER")
    assert isinstance(played([later] * 4)[-1].error, StatusStaysUnknown)


@pytest.mark.parametrize("status", sorted(TERMINAL))
@pytest.mark.parametrize("until", [{RUNNING}, {RunStatus.SUSPENDED}, frozenset[RunStatus]()])
def test_a_run_that_has_ended_ends_it_whatever_is_waited_for(status: RunStatus, until: set[RunStatus]) -> None:
    poll = step(NEW, run(status), until=until)
    assert (poll.changes[-1].is_last, poll.error, poll.next_poll) == (True, None, None)


def test_a_status_that_is_waited_for_ends_it_also_where_it_is_not_new() -> None:
    polls = [step(NEW, run()), step(step(NEW, run()).state, run(), until={RUNNING})]
    (change,) = polls[1].changes
    assert (change.kinds, change.before, change.is_last, change.error) == ((), RUNNING, True, None)


@pytest.mark.parametrize("status", [RunStatus.WAITING_FOR_INPUT, RunStatus.SUSPENDED])
def test_a_run_that_needs_somebody_rests_unless_something_else_is_waited_for(status: RunStatus) -> None:
    assert step(NEW, run(status)).state.ended
    assert not step(NEW, run(status), until={SUCCEEDED}).state.ended


# What it tells


@pytest.mark.parametrize(
    ("before", "now", "kinds"),
    [
        ({"status": PENDING}, {"status": RUNNING}, ("status",)),
        ({"revision": "1"}, {"revision": "2"}, ("revision",)),
        ({}, {"revision": "1"}, ("revision",)),
        ({"current_step": "a"}, {"current_step": "b"}, ("current_step",)),
        ({"current_step": "a"}, {}, ("current_step",)),
        ({"steps": [RUNNING]}, {"steps": [SUCCEEDED]}, ("steps",)),
        ({"steps": [RUNNING]}, {"steps": [RUNNING, RUNNING]}, ("steps",)),
        ({"steps": [RUNNING]}, {}, ("steps",)),
        ({"usage": Usage(steps=1)}, {"usage": Usage(steps=2)}, ("steps",)),
        (
            {"status": PENDING, "revision": "1", "current_step": "a"},
            {"status": RUNNING, "revision": "2", "current_step": "b", "steps": [RUNNING]},
            ("status", "revision", "current_step", "steps"),
        ),
        ({"outputs": {"a": 1}, "message": "x"}, {"outputs": {"a": 2}, "message": "y"}, ()),
        ({"usage": Usage(tokens=1)}, {"usage": Usage(tokens=2)}, ()),
    ],
)
def test_what_counts_as_a_change(before: dict[str, Any], now: dict[str, Any], kinds: tuple[str, ...]) -> None:
    polls = played([run(**before), run(**now), run(**now)])
    assert [change.kinds for change in polls[1].changes] == [kinds] * bool(kinds)
    assert polls[2].changes == ()


def test_the_present_state_is_told_first() -> None:
    poll = step(NEW, run())
    (change,) = poll.changes
    assert (change.before, change.kinds, change.is_last, change.run) == (None, ("status",), False, poll.run)


def test_a_change_that_comes_with_the_end_is_told_before_it() -> None:
    poll = step(step(NEW, run(PENDING)).state, run(retry_after=10**9))
    change, end = poll.changes
    assert (change.before, change.kinds, change.is_last) == (PENDING, ("status",), False)
    assert (end.before, end.kinds, end.is_last) == (RUNNING, (), True)


def test_each_answer_is_counted() -> None:
    assert [poll.state.polls for poll in played([refused(404), run(), refused(503), run(SUCCEEDED)])] == [1, 2, 3, 4]


def test_the_same_answers_at_the_same_times_give_the_same_steps() -> None:
    answers: list[Answer] = [refused(404), run(), run(current_step="a"), refused(429, 3), unknown(), run(SUCCEEDED)]
    assert played(answers) == played(answers)


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(hours=-1), timedelta(hours=1), timedelta(days=400)])
def test_a_wall_clock_that_jumps_changes_the_time_of_the_next_poll_and_nothing_else(jump: timedelta) -> None:
    answers: list[Answer] = [run(), refused(503), run(), run()]
    states = [NEW, NEW]
    for answer in answers:
        now, moved = step(states[0], answer, now=START), step(states[1], answer, now=START + jump)
        assert now.next_poll is not None
        assert moved.next_poll == now.next_poll + jump
        states = [now.state, moved.state]
        assert states[0] == states[1]


def test_the_time_that_was_waited_never_decreases() -> None:
    answers: list[Answer] = [run(), run(), refused(503), run()]
    polls = played(answers, deadline=after(3))
    assert all(earlier.state.waited <= later.state.waited for earlier, later in pairwise(polls))


def test_errors_of_the_wait_are_no_errors_of_the_provider() -> None:
    for error in (TooManyErrors, DelayTooLong, WaitTimeout, StatusStaysUnknown):
        assert not issubclass(error, ProviderError)
    assert issubclass(WaitTimeout, TimeoutError)
    assert isinstance(START, datetime)
