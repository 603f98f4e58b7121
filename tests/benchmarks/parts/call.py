"""`PART=call`: a call of a generated client beside httpx2 alone.

Both get the same answer: a client that is made once, with the server's address and the credential, asks for a run,
checks the status, and reads the JSON. Without a network, the answer comes from an `httpx2.MockTransport`; else from a
server in a process of its own, whose time does not count.

Our clients keep a hundred connections open, and httpx2 twenty, which opens the others anew. So calls at once are also
measured beside httpx2 that keeps as many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from itertools import cycle

import httpx2
from workflow_client_dify import AsyncDifyClient, DifyClient

from tests.benchmarks.comparison import Comparison
from tests.benchmarks.documents.payloads import ANSWERS
from tests.benchmarks.parts.server import running
from tests.benchmarks.rounds import Work, repeated, seconds_by_turns
from tests.benchmarks.setting import Setting

ROUNDS = 25
PEERS = ()
AT_ONCE = 100
_OURS, _BARE, _KEEPING = "DifyClient", "httpx2", f"httpx2, which keeps {AT_ONCE} connections"
_LIMITS = {
    _BARE: httpx2.Limits(max_connections=AT_ONCE, max_keepalive_connections=20),  # as httpx2 has without any
    _KEEPING: httpx2.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE),
}
_KEY = "app-1"
_RUNS = tuple(f"5b1f0c9e-3c0e-4a53-9d62-0c6a4c1f{number:04x}" for number in range(1_000))
_HEADERS = {"Authorization": f"Bearer {_KEY}"}
_SERVER = "https://api.dify.ai/v1"
BODY = next(answer.data for answer in ANSWERS if answer.provider == "dify")


@dataclass(frozen=True, slots=True)
class Way:
    """A way of calling: `at_once` calls at the same time, to a server, or without a network.

    They ask for one run again and again, as those who wait for it do, or for a thousand `runs` by turns.
    """

    name: str
    is_async: bool
    over_network: bool
    at_once: int = 1
    runs: tuple[str, ...] = _RUNS[:1]

    @property
    def goal(self) -> str:
        return "call-loopback" if self.over_network else "call-mock"

    @property
    def peers(self) -> tuple[str, ...]:
        return (_BARE,) if self.at_once == 1 else (_BARE, _KEEPING)


WAYS = (
    Way("no network", is_async=False, over_network=False),
    Way("no network, a thousand runs", is_async=False, over_network=False, runs=_RUNS),
    Way("no network, async", is_async=True, over_network=False),
    Way("loopback, one at a time", is_async=False, over_network=True),
    Way("loopback, async, one at a time", is_async=True, over_network=True),
    Way(f"loopback, {AT_ONCE} threads", is_async=False, over_network=True, at_once=AT_ONCE),
    Way(f"loopback, async, {AT_ONCE} at once", is_async=True, over_network=True, at_once=AT_ONCE),
)


def measure(setting: Setting) -> list[Comparison]:
    """Call in each way, by turns with httpx2 alone."""
    with running(BODY) as url:
        ways = setting.each(WAYS, [way.name for way in WAYS])
        return [comparison for way in ways for comparison in compared(way, url, setting.rounds_of(ROUNDS))]


def compared(way: Way, url: str, rounds: int) -> list[Comparison]:
    """The comparisons of one way; their samples are the seconds of one call."""
    address = url if way.over_network else _SERVER
    if way.is_async:
        samples = _async_samples(way, address, rounds)
    else:
        with ExitStack() as stack:
            samples = seconds_by_turns(_sync_work(way, address, stack), rounds)
    seconds = {name: tuple(value / way.at_once for value in values) for name, values in samples.items()}
    return [
        Comparison(way.name, _OURS, peer, "seconds", seconds[_OURS], seconds[peer], way.goal if peer == _BARE else "")
        for peer in way.peers
    ]


def _answer(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, content=BODY, headers={"Content-Type": "application/json"})


def _sync_work(way: Way, address: str, stack: ExitStack) -> dict[str, Work]:
    transport = None if way.over_network else httpx2.MockTransport(_answer)
    ours = stack.enter_context(DifyClient(api_key=_KEY, base_url=address, transport=transport))
    calls: dict[str, Callable[[], object]] = {}
    our_runs = cycle(way.runs)
    calls[_OURS] = lambda: ours.get_workflow_run_detail(next(our_runs))
    for peer in way.peers:
        bare = httpx2.Client(base_url=address, headers=_HEADERS, limits=_LIMITS[peer], transport=transport)
        calls[peer] = _bare_call(stack.enter_context(bare), cycle(way.runs))
    if way.at_once == 1:
        return {name: repeated(call) for name, call in calls.items()}
    pool = stack.enter_context(ThreadPoolExecutor(way.at_once))
    return {name: repeated(_in_threads(pool, call, way.at_once)) for name, call in calls.items()}


def _bare_call(client: httpx2.Client, runs: Iterator[str]) -> Callable[[], object]:
    return lambda: client.get(f"/workflows/run/{next(runs)}").raise_for_status().json()


def _in_threads(pool: ThreadPoolExecutor, call: Callable[[], object], at_once: int) -> Callable[[], object]:
    return lambda: wait([pool.submit(call) for _ in range(at_once)])


def _async_samples(way: Way, address: str, rounds: int) -> dict[str, tuple[float, ...]]:
    transport = None if way.over_network else httpx2.MockTransport(_answer)
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def calls() -> dict[str, Callable[[], Awaitable[object]]]:
            ours = await stack.enter_async_context(AsyncDifyClient(api_key=_KEY, base_url=address, transport=transport))
            our_runs = cycle(way.runs)
            calls: dict[str, Callable[[], Awaitable[object]]] = {
                _OURS: lambda: ours.get_workflow_run_detail(next(our_runs))
            }
            for peer in way.peers:
                bare = httpx2.AsyncClient(base_url=address, headers=_HEADERS, limits=_LIMITS[peer], transport=transport)
                calls[peer] = _async_bare_call(await stack.enter_async_context(bare), cycle(way.runs))
            return calls

        def work(call: Callable[[], Awaitable[object]]) -> Work:
            return lambda times: runner.run(_repeated(call, way.at_once, times))

        try:
            return seconds_by_turns({name: work(call) for name, call in runner.run(calls()).items()}, rounds)
        finally:
            runner.run(stack.aclose())


def _async_bare_call(client: httpx2.AsyncClient, runs: Iterator[str]) -> Callable[[], Awaitable[object]]:
    async def call() -> object:
        response = await client.get(f"/workflows/run/{next(runs)}")
        return response.raise_for_status().json()

    return call


async def _repeated(call: Callable[[], Awaitable[object]], at_once: int, times: int) -> None:
    for _ in range(times):
        if at_once == 1:
            await call()
        else:
            await asyncio.gather(*(call() for _ in range(at_once)))
