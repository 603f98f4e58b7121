"""The scheduler: which run is asked for next. It knows times and hosts, and nothing of requests; no I/O."""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Hashable
from datetime import datetime
from itertools import count

from .._polling.state import PollState
from .hosts import Host, Outcome, WatchedRun


class Scheduler:
    """Runs by the time when they are to be asked for, and by hosts. Safe to share between threads.

    Hosts with runs due take turns. One that does not answer never occupies all requests: a host gets another one only
    while more requests are free than it has.

    Which host a run is on is known only when its client is. Until then it is inferred from a key of its reference: runs
    with the same key have been on the same host so far.

    Args:
        per_host: the most requests in flight to a host.
        at_once: the most requests in flight.
        deadline: when the last request begins at the latest, aware.
    """

    def __init__(self, per_host: int, at_once: int, deadline: datetime) -> None:
        self._per_host = per_host
        self._at_once = at_once
        self._deadline = deadline
        self._now = datetime.min.replace(tzinfo=deadline.tzinfo)
        self._lock = threading.Lock()
        self._hosts: dict[Hashable, Host] = {}
        self._later: list[tuple[datetime, int, WatchedRun | Host]] = []
        self._order = count()
        self._queue: deque[Host] = deque()
        self._in_flight: dict[WatchedRun, int] = {}
        """With the number of overloads of the host when the request began."""

    @property
    def in_flight(self) -> int:
        """How many requests there are."""
        return len(self._in_flight)

    def new(self, text: str, key: Hashable, state: PollState, due: datetime | None) -> WatchedRun:
        """Add a run; see `WatchedRun`.

        Args:
            key: what the host is inferred from.
            due: when to ask for it; None: now.
        """
        with self._lock:
            watched = WatchedRun(text, self._host(key), state)
            if due is None:
                self._wait_for_turn(watched)
            else:
                self._add(due, watched)
            return watched

    def again(self, watched: WatchedRun, due: datetime) -> None:
        """Ask for a run again at this time."""
        with self._lock:
            self._add(due, watched)

    def start(self, now: datetime) -> WatchedRun | None:
        """The run to ask for now, which is in flight from now on; None: there is none now."""
        with self._lock:
            self._now = now
            self._move_due(now)
            may_start = now < self._deadline and len(self._in_flight) < self._at_once
            for _ in range(len(self._queue) if may_start else 0):
                host = self._queue.popleft()
                watched = self._start_on(host, now)
                # A host that cools comes back when it has cooled down.
                host.is_queued = bool(host.due) and not host.is_cooling(now)
                if host.is_queued:
                    self._queue.append(host)
                if watched is not None:
                    return watched
            return None

    def enter(self, watched: WatchedRun, key: Hashable) -> bool:
        """Whether the request may be sent, to the host with this key; else the run is no longer in flight, but due."""
        with self._lock:
            if watched not in self._in_flight:
                return False
            host, before = self._certain(watched.host, key), watched.host
            has_room = host is before or host.in_flight < host.limit
            may_start = has_room and not host.is_cooling(self._now)
            watched.host = host
            before.in_flight -= 1
            if may_start:
                host.in_flight += 1
                self._in_flight[watched] = host.overloads
            else:
                del self._in_flight[watched]
                self._wait_for_turn(watched, first=True)
            return may_start

    def finish(self, watched: WatchedRun, outcome: Outcome) -> bool:
        """End a request; False: it was not in flight."""
        with self._lock:
            overloads = self._in_flight.pop(watched, None)
            if overloads is None:
                return False
            watched.host.in_flight -= 1
            watched.host.answered(outcome, overloads)
            return True

    def cool(self, host: Host, until: datetime) -> None:
        """Send no requests to this host until then."""
        with self._lock:
            host.cool(until)
            self._add(until, host)

    def next_time(self) -> datetime | None:
        """When there may be something to start that cannot be started yet; None: only when a request ends."""
        with self._lock:
            return self._later[0][0] if self._later else None

    def drain(self) -> list[WatchedRun]:
        """Take all runs, also those in flight, whose answers then do not count."""
        with self._lock:
            runs = [*self._in_flight]
            for watched in runs:
                watched.host.in_flight -= 1
            later = [item for *_, item in sorted(self._later, key=_time)]
            cooling = [item for item in later if isinstance(item, Host)]
            for host in (*self._queue, *self._hosts.values(), *cooling):
                runs += host.due
                host.due.clear()
            runs += [item for item in later if isinstance(item, WatchedRun)]
            self._in_flight.clear()
            self._later.clear()
            return runs

    def _host(self, key: Hashable) -> Host:
        host = self._hosts.get(key)
        if host is None:
            host = self._hosts[key] = Host(key, self._per_host)
        return host

    def _certain(self, inferred: Host, key: Hashable) -> Host:
        """The host with this key, which is now known to be what was inferred."""
        host = self._hosts.get(key)
        if host is None and not inferred.is_certain:
            host = self._hosts[key] = inferred
        host = host or self._host(key)
        host.is_certain = True
        if not inferred.is_certain:  # so that is another one: what was thought to be on it is on this one
            self._hosts[inferred.key] = host
            while inferred.due:
                watched = inferred.due.popleft()
                watched.host = host
                self._wait_for_turn(watched)
        return host

    def _add(self, due: datetime, item: WatchedRun | Host) -> None:
        heapq.heappush(self._later, (due, next(self._order), item))

    def _wait_for_turn(self, watched: WatchedRun, *, first: bool = False) -> None:
        host = watched.host
        if first:
            host.due.appendleft(watched)
        else:
            host.due.append(watched)
        self._enqueue(host)

    def _enqueue(self, host: Host) -> None:
        if host.due and not host.is_queued:
            host.is_queued = True
            self._queue.append(host)

    def _move_due(self, now: datetime) -> None:
        while self._later and self._later[0][0] <= now:
            *_, item = heapq.heappop(self._later)
            if isinstance(item, Host):
                self._enqueue(item)
            else:
                self._wait_for_turn(item)

    def _start_on(self, host: Host, now: datetime) -> WatchedRun | None:
        """The next run of a host, if it gets another request."""
        most = min(host.limit, self._at_once - len(self._in_flight))
        if not host.due or host.in_flight >= most or host.is_cooling(now):
            return None
        watched = host.due.popleft()
        host.in_flight += 1
        self._in_flight[watched] = host.overloads
        return watched


def _time(item: tuple[datetime, int, WatchedRun | Host]) -> tuple[datetime, int]:
    return item[:2]
