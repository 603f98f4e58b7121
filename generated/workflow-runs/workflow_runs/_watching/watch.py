"""The changes of many runs: the state machine for each of them, behind the scheduler. No I/O but the store's."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from .._calls.servers import Host as HostKey
from .._errors import WorkflowRunError
from .._form.vocabulary import TERMINAL
from .._polling.change import Poll, RunChange
from .._polling.clock import SteadyTime, current_clock
from .._polling.machine import PollTerms, poll_step, timed_out
from .._polling.state import PollState
from .._polling.waiting import terms_of
from .._provider_errors.errors import ProviderError, ProviderUnavailable, RateLimited
from .._refs.ref import RunRef, checked
from .._run.run import WorkflowRun
from .._text import brief
from .hosts import Outcome, WatchedRun
from .scheduler import Scheduler
from .terms import WatchTerms

_USUAL_AT_ONCE = 64
_SOME = 100
"""How many references are read, or given up at the end, before callers get what follows."""
_LONGEST_PAUSE = 1e9
"""Seconds; much longer ones do not fit in a datetime."""
_NEW = PollState()


class Delivery(Struct, frozen=True):
    """A change for the caller; `number` is that of the store, if it is in one."""

    change: RunChange
    number: int | None = None


class Request(Struct, frozen=True):
    """A request that is to be sent.

    - `watched`, `ref`: for which run, and by which reference.
    - `seconds`: how long it may take, getting its client included.
    """

    watched: WatchedRun
    ref: RunRef
    seconds: float


class Watch:
    """Many runs that are watched, between requests. One thread uses it, and `may_send` is for all threads.

    The clock is looked at by that thread alone: one for tests may wait for all threads that look at it.

    Args:
        terms: what it goes by.
        refs: the references that there are from the start.
        has_more: whether more of them will be added; set it to False after the last one.
    """

    def __init__(self, terms: WatchTerms, refs: Iterable[RunRef | str], *, has_more: bool) -> None:
        self.deliveries: deque[Delivery] = deque()
        """The changes that the caller has not got yet, in their order."""
        self.has_more = has_more
        self.read_more: Callable[[], object] = _nothing
        """Called as often as a run was answered for the first time, or an added reference needs no answer."""
        self._terms = terms
        self._time = SteadyTime(current_clock())
        self._deadline = self._time.now() + timedelta(seconds=terms.seconds)
        at_once = max(_USUAL_AT_ONCE, 2 * terms.per_provider)
        self._scheduler = Scheduler(terms.per_provider, at_once, self._deadline)
        self._terms_by_provider: dict[str, PollTerms] = {}
        self._unread: Iterator[RunRef | str] | None = iter(refs)
        self._seen: set[RunRef | str] = set()
        self._refused: dict[Hashable, datetime] = {}
        """Until when servers want no requests of whom, where that is longer than anybody waits."""
        self._running = 0
        self._late: deque[WatchedRun] = deque()

    @property
    def is_done(self) -> bool:
        """Whether no change will come any more."""
        will_come = self.is_reading or (self.has_more and self.seconds_left > 0)
        return not (self.deliveries or self._running or will_come)

    @property
    def is_reading(self) -> bool:
        """Whether there are references from the start that were not read yet."""
        return self._unread is not None

    @property
    def seconds_left(self) -> float:
        """Seconds until the time has passed; not above zero when it has."""
        return (self._deadline - self._time.now()).total_seconds()

    @property
    def in_flight(self) -> int:
        """How many requests there are."""
        return self._scheduler.in_flight

    def seconds_until_next(self) -> float:
        """Seconds until there may be something to do, if no request ends before and no reference comes."""
        time = self._scheduler.next_time()
        at = self._deadline if time is None else min(time, self._deadline)
        return max(0.0, (at - self._time.now()).total_seconds())

    def read(self) -> None:
        """Read some of the references that there are from the start."""
        batch = list(islice(self._unread or (), _SOME))
        for ref in batch:
            self.add(ref)
        if len(batch) < _SOME:
            self._unread = None

    def add(self, ref: RunRef | str) -> None:
        """Watch a run, too, or deliver that its reference cannot be read."""
        if not self._is_to_be_asked(ref):
            self.read_more()

    def remember(self, ref: RunRef | str) -> None:
        """Take a run into the store, if there is one, before it is watched. Any thread may do so."""
        if self._terms.store is None:
            return
        try:
            parsed = checked(ref)
        except WorkflowRunError:
            return  # `add` delivers why it cannot be read
        self._terms.store.add(parsed)

    def start(self) -> Request | None:
        """The request to send now; None: there is none now."""
        while watched := self._scheduler.start(self._time.now()):
            ref = RunRef.parse(watched.text)
            refusal = self._refusal(ref)
            if refusal is None:
                return Request(watched, ref, self.seconds_left)
            self._scheduler.finish(watched, Outcome.NEITHER)
            self._follow(watched, ref, refusal)
            if self.deliveries:
                break
        return None

    def may_send(self, request: Request, host: HostKey) -> bool:
        """Whether the request may be sent to this host; else nothing is to be done for it."""
        return self._scheduler.enter(request.watched, host)

    def answered(self, request: Request, answer: WorkflowRun | Exception) -> None:
        """Tell what follows from an answer, unless it came too late."""
        if self._scheduler.finish(request.watched, outcome_of(answer)):
            self._follow(request.watched, request.ref, answer)

    def give_up(self) -> None:
        """Tell of some of the runs that the time has passed; of those, too, whose requests are in flight."""
        if not self._late:
            self._late.extend(self._scheduler.drain())
        for _ in range(min(_SOME, len(self._late))):
            watched = self._late.popleft()
            stored = self._terms.store.load(watched.text) if self._terms.store else None
            run = stored.run if stored else None
            poll = timed_out(RunRef.parse(watched.text), watched.state, run, problem=watched.problem)
            self._pass_on(watched, poll, [Delivery(change) for change in poll.changes])

    def delivered(self, delivery: Delivery) -> None:
        """Remember that the caller knows of a change, and asks for the next one."""
        if self._terms.store is not None and delivery.number is not None:
            self._terms.store.delivered(delivery.number)

    def _is_to_be_asked(self, ref: RunRef | str) -> bool:
        """Begin to watch a run, unless there is no need to ask for it."""
        try:
            parsed = checked(ref)
            text = str(parsed)
        except WorkflowRunError as error:
            name = ref if isinstance(cast(object, ref), RunRef | str) else f"<{type(ref).__name__}>"
            if name not in self._seen:
                self._seen.add(name)
                self.deliveries.append(Delivery(RunChange(ref=name, error=error, is_last=True)))
            return False
        if text in self._seen:
            return False
        self._seen.add(text)
        return self._begin(parsed, text)

    def _begin(self, ref: RunRef, text: str) -> bool:
        """Begin to watch a run, or go on as the store says; False: there is nothing to ask."""
        store, state, due = self._terms.store, _NEW, None
        stored = None if store is None else store.load(ref)
        if store is not None and stored is not None:
            status = stored.state.progress.status if stored.state.progress else None
            rests = status in TERMINAL or status in self._terms.until
            undelivered = store.undelivered(ref)
            for index, (number, change) in enumerate(undelivered, start=1):
                self.deliveries.append(Delivery(replace(change, is_last=rests and index == len(undelivered)), number))
            if rests:
                return False
            state = replace(stored.state, ended=False)
            if stored.next_poll is not None:
                policy = self._terms_of(ref).policy
                longest = timedelta(seconds=max(policy.maximum, policy.max_server_delay))
                if stored.next_poll - self._time.now() <= longest:  # else the clock has been set back meanwhile
                    due = stored.next_poll
        elif store is not None:
            store.add(ref)
        self._running += 1
        self._scheduler.new(text, _asker(ref), state, due)
        return True

    def _save(self, poll: Poll) -> list[Delivery]:
        """The changes of a poll, once they are in the store, if there is one."""
        store, state = self._terms.store, poll.state
        if store is None:
            return [Delivery(change) for change in poll.changes]
        if poll.next_poll is None and poll.error is not None:  # whoever goes on later asks again
            state = replace(state, ended=False, errors=0, unmoved=0)
        numbers = store.save(poll.ref, state, poll.run, poll.next_poll, poll.changes)
        return [Delivery(change, number) for change, number in zip(poll.changes, numbers, strict=True)]

    def _follow(self, watched: WatchedRun, ref: RunRef, answer: WorkflowRun | Exception) -> None:
        if watched.is_new:
            watched.is_new = False
            self.read_more()
        poll = self._poll(watched, ref, answer, self._time.now())
        self._pass_on(watched, poll, self._save(poll))

    def _poll(self, watched: WatchedRun, ref: RunRef, answer: WorkflowRun | Exception, now: datetime) -> Poll:
        terms, host, state = self._terms_of(ref), watched.host, watched.state
        pause = pause_of(answer, terms.policy.initial)
        if pause is not None:
            if watched.host_successes != host.successes:
                # It answers others: this run had bad luck, which is not an error of its own.
                state = replace(state, errors=max(0, state.errors - 1))
            watched.host_successes = host.successes
        poll = poll_step(ref, state, answer, now, terms)
        watched.problem = None if poll.error is None else brief(str(poll.error))
        if pause:
            end_of_pause = now + timedelta(seconds=min(pause, _LONGEST_PAUSE))
            if pause <= terms.policy.max_server_delay:
                self._scheduler.cool(host, end_of_pause)
            else:
                self._refused[_asker(ref)] = end_of_pause
        if poll.next_poll is None or now < self._deadline:
            return poll
        end = timed_out(ref, poll.state, poll.run, poll.error)
        return replace(end, run=poll.run, changes=(*poll.changes, *end.changes))

    def _pass_on(self, watched: WatchedRun, poll: Poll, deliveries: list[Delivery]) -> None:
        watched.state = poll.state
        self.deliveries.extend(deliveries)
        if poll.next_poll is None:
            self._running -= 1
        else:
            self._scheduler.again(watched, poll.next_poll)
        if self._terms.on_poll is not None:
            self._terms.on_poll(poll)

    def _terms_of(self, ref: RunRef) -> PollTerms:
        terms = self._terms_by_provider.get(ref.provider)
        if terms is None:
            terms = terms_of(ref, self._terms.policy, self._terms.until, self._deadline)
            self._terms_by_provider[ref.provider] = terms
        return terms

    def _refusal(self, ref: RunRef) -> RateLimited | None:
        """The error of a run whose server wants no requests of its account for longer than anybody waits."""
        now, end = self._time.now(), self._refused.get(_asker(ref))
        if end is None or end <= now:
            return None
        seconds = (end - now).total_seconds()
        message = f"{brief(str(ref))} was not asked for: its server wants no requests for {seconds:,.0f} seconds"
        return RateLimited(message, provider=ref.provider, ref=ref, retry_after=seconds, transient=True)


def _nothing() -> None:
    pass


def _asker(ref: RunRef) -> tuple[str, str | None, str | None]:
    """What tells the accounts and servers of references apart, before their clients are known."""
    return ref.provider, ref.account, ref.base_url


def outcome_of(answer: WorkflowRun | Exception) -> Outcome:
    """What an answer says of the host."""
    if isinstance(answer, WorkflowRun):
        return Outcome.SUCCESS
    if isinstance(answer, ProviderUnavailable) and answer.transient and answer.status is None:
        return Outcome.OVERLOAD
    return Outcome.NEITHER if pause_of(answer, 0.0) is None else Outcome.OVERLOAD


def pause_of(answer: WorkflowRun | Exception, usual: float) -> float | None:
    """Seconds for which the host wants no requests, of whichever run; None where it does not say that.

    Args:
        usual: the seconds where it has too many requests, but does not say how long.
    """
    if isinstance(answer, RateLimited):
        return usual if answer.retry_after is None else answer.retry_after
    if isinstance(answer, ProviderError) and answer.status == 503:
        return answer.retry_after
    return None
