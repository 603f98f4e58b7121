"""Requests with hostile identifiers, parameters, headers, files, references and addresses."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import workflow_client_core as core
from workflow_runs import AsyncRuns, NoRun, Runs, WorkflowRunError

from tests.runtime.example_api import AsyncExampleClient, ExampleClient
from tests.torture.hostile import calls, places
from tests.torture.hostile.strict import StrictServer
from tests.torture.subject import Broken, Case, Counts, Subject

_PREFIX = "/v1"
_MOST_ITEMS = 5
_DRAW: dict[str, tuple[Callable[[Random], dict[str, Case]], int]] = {
    "call": (calls.draw, 50),
    "own": (places.draw_own, 10),
    "run": (places.draw_run, 20),
    "page": (places.draw_page, 10),
    "server": (places.draw_server, 10),
}


def draw(random: Random) -> Case:
    kind = random.choices([*_DRAW], [weight for _, weight in _DRAW.values()])[0]
    return {"kind": kind, "async": random.random() < 0.5, **_DRAW[kind][0](random)}


def attack(case: Case, folder: Path) -> str:
    assert isinstance(case, dict)
    server, other = _servers()
    server.start(partial(places.page_answer, case, server, other) if case["kind"] == "page" else None)
    connections = other.connections
    with _names_looked_up() as names:
        outcome = _ATTACKS[str(case["kind"])](case, server, other)
    if server.problems:
        raise Broken(server.problems[0].partition(":")[0], server.problems)
    if other.connections != connections:
        raise Broken("another server was contacted")
    if strange := [name for name in names if not name.endswith(".localhost")]:
        raise Broken("another host was looked up", strange)
    return f"{case['kind']}: {outcome}"


def _attack_call(case: dict[str, Case], server: StrictServer, other: StrictServer) -> str:
    def call() -> None:
        values, body, options = calls.arguments(case)
        operation = calls.operation(case)
        if case["async"]:
            places.runner().run(_async_client()._call(operation, values, body, **options))
        else:
            _client()._call(operation, values, body, **options)

    if refusal := _refused(call, server):
        return refusal
    (request,) = server.requests
    calls.check(case, request, _PREFIX)
    return "sent"


def _attack_own(case: dict[str, Case], server: StrictServer, other: StrictServer) -> str:
    method, path = str(case["method"]), str(case["path"])

    def call() -> None:
        if case["async"]:
            places.runner().run(_async_client().request(method, path))
        else:
            _client().request(method, path)

    if refusal := _refused(call, server):
        return refusal
    (request,) = server.requests
    places.check_own(case, request, _PREFIX)
    return "sent"


def _attack_run(case: dict[str, Case], server: StrictServer, other: StrictServer) -> str:
    ref: Any = None

    def call() -> None:
        nonlocal ref
        ref = places.reference(case, server, other)
        asked = str(ref) if "text" in case else ref
        try:
            if case["async"]:
                places.runner().run(_async_runs().get(asked))
            else:
                _runs().get(asked)
        except NoRun as error:  # the answer is `{}`, which has nothing of a run
            if len(server.requests) != 1 or error.ref != ref:
                raise Broken("an error about another run", str(error.ref)) from error
        else:
            raise Broken("a run of an answer that has nothing of it")

    if refusal := _refused(call, server):
        return refusal
    (request,) = server.requests
    places.check_run(case, ref, request)
    return "sent"


def _attack_page(case: dict[str, Case], server: StrictServer, other: StrictServer) -> str:
    outcome = "read"
    name = str(case["list"])
    try:
        if case["async"]:
            places.runner().run(_read_pages(_async_pages(), name))
        else:
            for _, _item in zip(range(_MOST_ITEMS), getattr(_pages().paginated, name)(), strict=False):
                pass
    except core.ApiError as error:
        outcome = type(error).__name__
    places.check_page(case, server.requests)
    return f"{outcome}, {len(server.requests)} pages"


async def _read_pages(client: Any, name: str) -> None:
    count = 0
    async for _item in getattr(client.paginated, name)():
        count += 1
        if count == _MOST_ITEMS:
            return


def _attack_server(case: dict[str, Case], server: StrictServer, other: StrictServer) -> str:
    path = ""

    def call() -> None:
        nonlocal path
        path = places.call_server(case, server, other, _http_client())

    if refusal := _refused(call, server):
        return refusal
    (request,) = server.requests
    places.check_server(path, request)
    return "sent"


_ATTACKS: dict[str, Callable[[dict[str, Case], StrictServer, StrictServer], str]] = {
    "call": _attack_call,
    "own": _attack_own,
    "run": _attack_run,
    "page": _attack_page,
    "server": _attack_server,
}


def _refused(call: Callable[[], None], server: StrictServer) -> str:
    """The name of the documented error by which a call is refused, before anything is sent; "" when it is sent."""
    try:
        call()
    except (core.ApiError, WorkflowRunError, ValueError, TypeError) as error:
        if isinstance(error, UnicodeError):
            raise
        if server.requests:
            raise Broken("a request that is sent, and then refused") from error
        str(error), repr(error)
        return type(error).__name__
    if len(server.requests) != 1:
        raise Broken("not one request", server.requests)
    return ""


@contextmanager
def _names_looked_up() -> Iterator[list[str]]:
    """The names of hosts that are looked up; none is found, as nothing may leave the machine."""
    names: list[str] = []
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        if host in ("127.0.0.1", "localhost"):
            return look_up(host, *arguments, **options)
        names.append(host.decode() if isinstance(host, bytes) else str(host))
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    socket.getaddrinfo = getaddrinfo
    try:
        yield names
    finally:
        socket.getaddrinfo = look_up


@cache
def _servers() -> tuple[StrictServer, StrictServer]:
    """The server that is called, and another one, which nobody should call."""
    return StrictServer(), StrictServer()


@cache
def _http_client() -> httpx2.Client:
    """One for all clients, so that a case opens no connection."""
    return httpx2.Client(trust_env=False)


@cache
def _async_http_client() -> httpx2.AsyncClient:
    return httpx2.AsyncClient(trust_env=False)


def _settings(http_client: object) -> dict[str, Any]:
    base_url = _servers()[0].url + _PREFIX
    return {"base_url": base_url, "http_client": http_client, "retry": core.Retry(max_retries=0), "timeout": 100.0}


@cache
def _client() -> ExampleClient:
    return ExampleClient(api_key="k-1", **_settings(_http_client()))


@cache
def _async_client() -> AsyncExampleClient:
    return AsyncExampleClient(api_key="k-1", **_settings(_async_http_client()))


@cache
def _runs() -> Runs:
    return places.runs(_servers()[0], _http_client())


@cache
def _async_runs() -> AsyncRuns:
    return places.async_runs(_servers()[0], _async_http_client())


@cache
def _pages() -> Any:
    return places.pages_package().PagesClient(key="k-1", **_settings(_http_client()))


@cache
def _async_pages() -> Any:
    return places.pages_package().AsyncPagesClient(key="k-1", **_settings(_async_http_client()))


SUBJECT = Subject(
    name="requests",
    promise="Whatever is passed, a request is refused before it is sent, or it is one request, to its server, with the "
    "segments, the query and the headers that were passed.",
    draw=draw,
    attack=attack,
    counts=Counts(test=300, default=6_000, full=60_000),
    minutes=6,
)
