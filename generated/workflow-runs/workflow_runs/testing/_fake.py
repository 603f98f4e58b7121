"""The servers of all providers, as tests tell them to answer."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime

from msgspec import Struct

from .._polling.clock import Clock, current_clock
from .._providers.lookup import providers
from .._refs.ref import RunRef, checked
from ._answers import Answer, Content
from ._clock import FakeClock
from ._requests import Incoming, is_authorized, ref_of, route_of, without_secrets
from ._samples import Sample, has_sample, sample_of
from ._timelines import Response, Timeline, response_of, unused

_MOST_CALLS = 100_000


class FakeCall(Struct, frozen=True, kw_only=True):
    """A request that a fake got.

    - `ref`: the reference by which it was asked for, as text, without account and server; None: it asked for no run.
    - `provider`: the name of the provider; None where the request is not for any.
    - `at`: when it came, by the clock.
    - `method`, `path`: as they were sent, without the query.
    - `host`: the server's name and port.
    - `headers`: those without credentials, their names in lower case.
    - `status`: the HTTP status of the answer; None: the connection was dropped.
    - `is_scripted`: whether there was an answer for it.
    - `in_flight`: how many requests the host had with it when it came.
    """

    ref: str | None
    provider: str | None
    at: datetime
    method: str
    path: str
    host: str
    headers: Mapping[str, str]
    status: int | None
    is_scripted: bool
    in_flight: int


class BaseFakeProvider:
    """What a `FakeProvider` does, however requests come to it."""

    def __init__(self, *names: str, clock: Clock | None = None) -> None:
        known = names or tuple(name for name in providers() if has_sample(name))
        self.samples: dict[str, Sample] = {name: sample_of(name) for name in known}
        self.calls: deque[FakeCall] = deque(maxlen=_MOST_CALLS)
        """The last 100,000 requests, the oldest first."""
        self.call_count = 0
        """How many requests there were."""
        self.max_in_flight: Counter[str] = Counter()
        """By host, how many requests it had at most at the same time."""
        self._clock = clock
        self._in_flight: Counter[str] = Counter()
        self._timelines: dict[tuple[str, str], list[Timeline]] = {}
        self._lock = threading.Lock()

    @property
    def clock(self) -> Clock:
        """The clock for times and delays."""
        return self._clock or current_clock()

    @property
    def environment(self) -> dict[str, str]:
        """Made-up credentials of all providers, as variables of the environment, tenants and servers where needed."""
        return {name: value for sample in self.samples.values() for name, value in sample.environment.items()}

    def add(self, ref: RunRef | str, *answers: Content | Answer) -> None:
        """Answer for a run: with each answer once, and with the last one from then on. It replaces earlier answers.

        Args:
            ref: which run. A part that it leaves out may be anything; account and server do not matter.
            answers: statuses, as `RunStatus` or in the provider's words; whole answers, as dicts or bytes; errors and
                the like: see `Answer`. With `at`, each is given from that time on, however often it is asked for.

        Raises:
            ValueError: an answer is not as the provider's description says, or there is none.
            InvalidRef, UnknownProvider: the reference cannot be read, or its provider does not exist.
        """
        ref = checked(ref)
        if ref.provider not in self.samples:
            raise ValueError(f"this fake stands for {', '.join(self.samples)}, not for {ref.provider}")
        timeline = Timeline(RunRef(ref.provider, ref.run_id, ref.parts), answers, *self._time(), self.clock)
        with self._lock:
            of_run = self._timelines.setdefault((ref.provider, ref.run_id), [])
            of_run[:] = [item for item in of_run if item.ref != timeline.ref]
            of_run.append(timeline)
            of_run.sort(key=lambda item: -len(item.ref.parts))

    def remove(self, ref: RunRef | str) -> None:
        """Answer for a run no more: it is not found from now on."""
        ref = checked(ref)
        with self._lock:
            of_run = self._timelines.get((ref.provider, ref.run_id), [])
            of_run[:] = [item for item in of_run if item.ref.parts != ref.parts]

    def reset(self) -> None:
        """Forget all runs and requests."""
        with self._lock:
            self._timelines.clear()
            self.calls.clear()
            self.max_in_flight.clear()
            self.call_count = 0

    def calls_of(self, ref: RunRef | str) -> list[FakeCall]:
        """The requests for a run, the oldest first; a part that the reference leaves out may be anything."""
        ref = checked(ref)
        asked = [
            (call, RunRef.parse(call.ref)) for call in list(self.calls) if call.ref and call.provider == ref.provider
        ]
        return [call for call, by in asked if by.run_id == ref.run_id and ref.parts.items() <= by.parts.items()]

    @property
    def unexpected_calls(self) -> list[FakeCall]:
        """The requests for which there was no answer."""
        return [call for call in self.calls if not call.is_scripted]

    def assert_all_given(self) -> None:
        """Raise AssertionError if the last answer of a run was not given, or a request came for which there is none."""
        waiting = unused(timeline for of_run in self._timelines.values() for timeline in of_run)
        paths = [call.path for call in self.unexpected_calls]
        problems = [f"not asked to the end: {', '.join(waiting)}"] if waiting else []
        problems += [f"asked, but not added: {', '.join(paths)}"] if paths else []
        if problems:
            raise AssertionError("; ".join(problems))

    @contextmanager
    def handling(self, incoming: Incoming) -> Generator[Response]:
        """The response to a request, which is in flight inside of the block."""
        with self._lock:
            self._in_flight[incoming.host] += 1
            in_flight = self._in_flight[incoming.host]
            self.max_in_flight[incoming.host] = max(self.max_in_flight[incoming.host], in_flight)
        try:
            yield self._response(incoming, in_flight)
        finally:
            with self._lock:
                self._in_flight[incoming.host] -= 1

    def _response(self, incoming: Incoming, in_flight: int) -> Response:
        now, elapsed = self._time()
        route = route_of(incoming, self.samples)
        ref = ref_of(incoming, route) if route else None
        with self._lock:
            timeline = self._timeline(ref)
            if route is None:
                response = Response(404, {}, b"", 0.0, "whole")
            elif not is_authorized(incoming, route.sample):
                response = response_of(route.provider, ref, Answer(status=401))
            elif timeline:
                response = timeline.next(now, elapsed, self.clock)
            else:
                response = response_of(route.provider, ref, Answer(status=404))
            self.call_count += 1
            self.calls.append(
                FakeCall(
                    ref=None if ref is None else str(ref),
                    provider=route.provider if route else None,
                    at=now,
                    method=incoming.method,
                    path=incoming.path,
                    host=incoming.host,
                    headers=without_secrets(incoming, self.samples),
                    status=None if response.end == "dropped" else response.status,
                    is_scripted=timeline is not None,
                    in_flight=in_flight,
                )
            )
        return response

    def _time(self) -> tuple[datetime, float]:
        """The time of day, and seconds since any moment."""
        clock = self.clock
        if isinstance(clock, FakeClock):  # without counting as somebody who goes by it
            return clock.now, clock.elapsed
        return clock.utc(), clock.monotonic()

    def _timeline(self, ref: RunRef | None) -> Timeline | None:
        """The timeline for a reference: that which has most of its parts, and no others."""
        of_run = self._timelines.get((ref.provider, ref.run_id), []) if ref else []
        return next((item for item in of_run if ref and item.ref.parts.items() <= ref.parts.items()), None)

    def __repr__(self) -> str:
        return f"<FakeProvider of {', '.join(self.samples)}, {self.call_count} requests>"
