"""`watch` over HTTP: requests at once as the server counts them, servers that never answer, and what is left open."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, closing, contextmanager
from typing import Any

import pytest
from workflow_client_dify import AsyncDifyClient, DifyClient
from workflow_runs import AsyncRuns, PollPolicy, RunChange, RunRef, Runs
from workflow_runs._polling.clock import use_clock

from tests.clients.providers import MODES, Mode
from tests.loopback import Loopback, Received, Reply, json_reply
from tests.runs.watching import JumpingClock, statuses_by_run

SUCCEEDED = json_reply({"status": "succeeded"})
PATIENCE = 30.0
"""Seconds after which a test gives up on what should come at once."""


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> Mode:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIFY_API_KEY", "key-of-dify")


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    yield
    for thread in threading.enumerate():
        if thread.name.startswith("workflow-runs"):
            thread.join(PATIENCE)
            assert not thread.is_alive(), thread.name


def refs(server: Loopback, *names: str) -> list[RunRef]:
    return [RunRef("dify", name, base_url=server.url) for name in names]


def numbered(number: int, prefix: str = "r") -> list[str]:
    return [f"{prefix}{index}" for index in range(number)]


def watched(
    mode: Mode, refs: Any, *servers: Loopback, number: int | None = None, arguments: Any = None, **options: Any
) -> list[RunChange]:
    """The first changes, so many of them; `arguments` are those of the `Runs`."""
    changes = list[RunChange]()
    arguments = arguments or {"allowed_base_urls": {"dify": [server.url for server in servers]}}
    if mode == "sync":
        with Runs(**arguments) as runs, closing(runs.watch(refs, **{"timeout": "5m", **options})) as watch:
            for change in watch:
                changes.append(change)
                if len(changes) == number:
                    break
        return changes

    async def take() -> None:
        async with AsyncRuns(**arguments) as runs, aclosing(runs.watch(refs, **{"timeout": "5m", **options})) as watch:
            async for change in watch:
                changes.append(change)
                if len(changes) == number:
                    break
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(take())
    return changes


class AtOnce:
    """Counts requests at the same time; each is answered when so many are there, which must come."""

    def __init__(self, expected: int, reply: Reply = SUCCEEDED) -> None:
        self.most = 0
        self._barrier = threading.Barrier(expected)
        self._lock = threading.Lock()
        self._now = 0
        self._reply = reply

    def __call__(self, _: Received) -> Reply:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self._barrier.wait(PATIENCE)
        with self._lock:
            self._now -= 1
        return self._reply


def test_a_server_gets_so_many_requests_at_once(mode: Mode) -> None:
    with Loopback() as server:
        server.respond = count = AtOnce(3)
        changes = watched(mode, refs(server, *numbered(9)), server, per_provider=3)
    assert {tuple(what) for what in statuses_by_run(changes).values()} == {("succeeded!",)}
    assert len(changes) == 9
    assert count.most == 3


def test_accounts_and_tenants_on_one_server_share_its_limit(mode: Mode) -> None:
    with Loopback() as server:
        server.respond = count = AtOnce(4)
        clients: dict[str, Any] = {
            name: (DifyClient if mode == "sync" else AsyncDifyClient)(api_key=name, base_url=server.url)
            for name in ("sales", "support")
        }
        names = [f"dify:{name}?account={account}" for name in numbered(6) for account in clients]
        changes = watched(mode, names, arguments={"dify": clients}, per_provider=4)
        for client in clients.values():
            if mode == "sync":
                client.close()
            else:
                asyncio.run(client.aclose())
    assert len(changes) == 12
    assert count.most == 4


def test_each_server_has_a_limit_of_its_own(mode: Mode) -> None:
    with Loopback() as one, Loopback() as other:
        one.respond = other.respond = count = AtOnce(4)
        names = numbered(4)
        changes = watched(mode, [*refs(one, *names), *refs(other, *names)], one, other, per_provider=2)
    assert len(changes) == 8
    assert count.most == 4


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_gets_nothing_until_the_pause_that_it_asks_for_is_over(mode: Mode, status: int) -> None:
    clock, times = JumpingClock(), list[float]()
    lock = threading.Lock()

    def respond(_: Received) -> Reply:
        with lock:
            times.append(clock.seconds)
            return json_reply({}, status, **{"Retry-After": "40"}) if len(times) == 1 else SUCCEEDED

    with Loopback() as server, use_clock(clock):
        server.respond = respond
        changes = watched(mode, refs(server, *numbered(10)), server, per_provider=1, policy=PollPolicy(jitter=0))
    assert len(changes) == 10
    assert times[0] == 0
    assert min(times[1:]) >= 40


@contextmanager
def dead_server() -> Iterator[Loopback]:
    """A server that takes requests, and never answers."""
    end = threading.Event()

    def respond(_: Received) -> Reply:
        end.wait(PATIENCE)
        return SUCCEEDED

    with Loopback() as server:
        server.respond = respond
        yield server
        end.set()


def test_a_server_that_never_answers_delays_no_other_and_closing_does_not_wait_for_it(mode: Mode) -> None:
    begin = time.monotonic()
    with dead_server() as dead, Loopback() as alive:
        alive.respond = lambda _: SUCCEEDED
        names = [*refs(dead, *numbered(200)), *refs(alive, *numbered(20, "alive"))]
        changes = watched(mode, names, dead, alive, number=20)
        assert {change.ref for change in changes} == set(refs(alive, *numbered(20, "alive")))
        assert len(dead.requests) == 8
    assert time.monotonic() - begin < PATIENCE


def test_requests_get_what_is_left_of_the_time(mode: Mode) -> None:
    with dead_server() as dead:
        changes = watched(mode, refs(dead, *numbered(10)), dead, timeout=0.3)
    assert {tuple(what) for what in statuses_by_run(changes).values()} == {("WaitTimeout!",)}
    assert len(changes) == 10


def test_cancel_does_not_wait_for_requests() -> None:
    cancel, begin = threading.Event(), time.monotonic()
    with dead_server() as dead:

        def cancel_when_asked() -> None:
            wait_for_requests(dead, 1)
            cancel.set()

        threading.Thread(target=cancel_when_asked, daemon=True).start()
        assert watched("sync", refs(dead, "a"), dead, cancel=cancel) == []
    assert time.monotonic() - begin < PATIENCE


def test_cancelling_the_task_ends_its_requests() -> None:
    async def watch(server: Loopback) -> None:
        async with AsyncRuns(allowed_base_urls={"dify": [server.url]}) as runs:
            async for _ in runs.watch(refs(server, *numbered(20)), timeout=60):
                pass

    async def main() -> None:
        with dead_server() as dead:
            task = asyncio.create_task(watch(dead))
            await asyncio.to_thread(wait_for_requests, dead, 8)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_an_iterator_may_wait_for_what_was_told() -> None:
    first_ended = threading.Event()

    def growing(server: Loopback) -> Iterator[RunRef]:
        yield from refs(server, "a", "b")
        assert first_ended.wait(PATIENCE)
        yield from refs(server, "c")

    with Loopback() as server, Runs(allowed_base_urls={"dify": [server.url]}) as runs:
        server.respond = lambda _: SUCCEEDED
        ended = list[Any]()
        for change in runs.watch(growing(server), timeout=60):
            ended.append(change.ref)
            if len(ended) == 2:
                first_ended.set()
    assert {ref.run_id for ref in ended[:2]} == {"a", "b"}
    assert [ref.run_id for ref in ended[2:]] == ["c"]


@pytest.mark.parametrize("kind", ["asynchronous", "synchronous"])
def test_an_iterator_of_async_runs_may_wait_for_what_was_told(kind: str) -> None:
    async def main() -> list[Any]:
        first_ended, in_thread = asyncio.Event(), threading.Event()

        async def growing(server: Loopback) -> AsyncIterator[RunRef]:
            for ref in refs(server, "a", "b"):
                yield ref
            await first_ended.wait()
            yield refs(server, "c")[0]

        def growing_in_thread(server: Loopback) -> Iterator[RunRef]:
            yield from refs(server, "a", "b")
            assert in_thread.wait(PATIENCE)
            yield from refs(server, "c")

        ended = list[Any]()
        with Loopback() as server:
            server.respond = lambda _: SUCCEEDED
            async with AsyncRuns(allowed_base_urls={"dify": [server.url]}) as runs:
                source: Any = growing(server) if kind == "asynchronous" else growing_in_thread(server)
                async for change in runs.watch(source, timeout=60):
                    ended.append(change.ref)
                    if len(ended) == 2:
                        first_ended.set()
                        in_thread.set()
        return ended

    ended = asyncio.run(main())
    assert {ref.run_id for ref in ended[:2]} == {"a", "b"}
    assert [ref.run_id for ref in ended[2:]] == ["c"]


def test_what_an_iterator_raises_is_raised(mode: Mode) -> None:
    def broken() -> Iterator[str]:
        yield "nothing"
        raise OSError("the queue is gone")

    with pytest.raises(OSError, match="the queue is gone"):
        watched(mode, broken(), arguments={"allowed_base_urls": {}})


def test_what_a_function_for_clients_raises_is_the_error_of_the_run(mode: Mode) -> None:
    def refuse(ref: RunRef) -> Any:
        raise KeyError(ref.run_id)

    changes = watched(mode, ["dify:a", "dify:b"], arguments={"dify": refuse})
    assert [type(change.error) for change in changes] == [KeyError, KeyError]
    assert all(change.is_last for change in changes)


def test_a_function_that_ends_the_program_ends_it(mode: Mode) -> None:
    def leave(_: RunRef) -> Any:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        watched(mode, ["dify:a"], arguments={"dify": leave})


def test_a_coroutine_function_whose_work_is_cancelled_is_the_error_of_the_run() -> None:
    async def cancelled(_: RunRef) -> Any:
        future = asyncio.get_running_loop().create_future()
        future.cancel()
        await future

    (change,) = watched("async", ["dify:a"], arguments={"dify": cancelled})
    assert str(change.error) == "dify:a: getting its client was cancelled"


def test_while_a_change_is_held_nothing_new_is_sent(mode: Mode) -> None:
    with Loopback() as server:
        server.respond = lambda _: SUCCEEDED
        changes = watched(mode, refs(server, *numbered(50)), server, number=1, per_provider=4)
    assert len(changes) == 1
    assert len(server.requests) <= 4


def test_closing_the_runs_ends_requests_that_a_cancelled_watch_has_left() -> None:
    cancel = threading.Event()
    with dead_server() as dead, Runs(allowed_base_urls={"dify": [dead.url]}) as runs:
        watch = runs.watch(refs(dead, "a"), timeout=60, cancel=cancel)
        thread = threading.Thread(target=lambda: list(watch))
        thread.start()
        wait_for_requests(dead, 1)
        cancel.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()
        runs.close()
        for worker in threading.enumerate():  # before the server answers
            if worker.name.startswith("workflow-runs"):
                worker.join(PATIENCE)
                assert not worker.is_alive()


def wait_for_requests(server: Loopback, number: int) -> None:
    while len(server.requests) < number:
        time.sleep(0.01)
