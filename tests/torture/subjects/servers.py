"""Clients of a hostile server, synchronous and asynchronous: what it sends is read, or refused with a typed error."""

from __future__ import annotations

import asyncio
import atexit
import gc
import shutil
import ssl
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import httpcore2
import workflow_client_core as core

from tests.packages import imported_package
from tests.runtime.example_api import AsyncExampleClient, ExampleClient
from tests.torture.hostile.responses import OTHER, response
from tests.torture.hostile.server import HostileServer, Script
from tests.torture.subject import Broken, Case, Counts, Subject
from tests.torture.trial import ROOT

_CALLS = ("get_run", "raw.get_run", "delete_run", "get_log", "get_archive", "follow_run")
_PAGES = ("list_linked", "list_linked_inside", "list_tokens")
_MOST_ITEMS = 20
_LIMIT = 100_000
"""The largest body that is read, in bytes."""


def draw(random: Random) -> Case:
    script = response(random)
    assert isinstance(script, dict)
    call = random.choice(_CALLS) if random.random() < 0.85 else random.choice(_PAGES)
    if call == "follow_run" and script["ending"] == "trickle":
        script["ending"] = "wait"  # a stream to which bytes keep coming has no end, as is documented
    return {**script, "call": call, "async": random.random() < 0.5, "collect": random.random() < 0.02}


def attack(case: Case, folder: Path) -> str:
    assert isinstance(case, dict)
    server, other = _servers()
    server.script = _script(case, other)
    # Where the server waits, the call ends by its limits; everywhere else by what the server does.
    waits = server.script.ending in ("wait", "trickle")
    settings: dict[str, Any] = {
        "base_url": server.url,
        "timeout": core.Timeout(total=0.05, read=0.05) if waits else core.Timeout(total=100.0, read=100.0),
        "retry": core.Retry(max_retries=0),
        "max_response_size": _LIMIT,
    }
    before = other.connections
    with _strict() as unraisable:
        outcome = _outcome(str(case["call"]), settings, is_async=bool(case["async"]))
        if case["collect"]:
            gc.collect()
    if unraisable:
        raise Broken("an exception in a destructor", unraisable)
    if other.connections != before:
        raise Broken("another server was contacted")
    return outcome


def _script(case: dict[str, Case], other: HostileServer) -> Script:
    pieces: list[tuple[bytes, int]] = []
    assert isinstance(case["pieces"], list)
    for piece in case["pieces"]:
        assert isinstance(piece, list)
        text, times = piece
        pieces.append((str(text).replace(OTHER, other.url).encode("latin-1"), int(str(times))))
    return Script(pieces, str(case["ending"]))


def _outcome(call: str, settings: dict[str, Any], *, is_async: bool) -> str:
    try:
        if is_async:
            _runner().run(_async_call(call, settings))
        else:
            _call(call, settings)
    except core.ApiError as error:
        str(error), repr(error)
        return type(error).__name__
    return "read"


def _call(call: str, settings: dict[str, Any]) -> None:
    if call in _PAGES:
        with _pages_package().PagesClient(key="k-of-the-pages", **settings) as client:
            for _, _item in zip(range(_MOST_ITEMS), getattr(client.paginated, call)(), strict=False):
                pass
        return
    with ExampleClient(api_key="k-of-the-example", **settings) as example:
        if call == "get_log" or call == "get_archive":
            getattr(example, call)()
        elif call == "follow_run":
            with example.follow_run("1") as events:
                for _, _event in zip(range(_MOST_ITEMS), events, strict=False):
                    pass
        else:
            (example.raw.get_run if call == "raw.get_run" else getattr(example, call))("1")


async def _async_call(call: str, settings: dict[str, Any]) -> None:
    if call in _PAGES:
        async with _pages_package().AsyncPagesClient(key="k-of-the-pages", **settings) as client:
            count = 0
            async for _item in getattr(client.paginated, call)():
                count += 1
                if count == _MOST_ITEMS:
                    break
        return
    async with AsyncExampleClient(api_key="k-of-the-example", **settings) as example:
        if call == "get_log" or call == "get_archive":
            await getattr(example, call)()
        elif call == "follow_run":
            async with await example.follow_run("1") as events:
                count = 0
                async for _event in events:
                    count += 1
                    if count == _MOST_ITEMS:
                        break
        else:
            await (example.raw.get_run if call == "raw.get_run" else getattr(example, call))("1")


@contextmanager
def _strict() -> Iterator[list[str]]:
    """Warnings are errors; what is raised where nobody can catch it is collected."""
    unraisable: list[str] = []
    hook, new_context = sys.unraisablehook, httpcore2.default_ssl_context
    context = _tls_context()
    sys.unraisablehook = lambda raised: unraisable.append(f"{raised.exc_value!r} in {raised.object!r}")
    httpcore2.default_ssl_context = lambda **_: context
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield unraisable
    finally:
        sys.unraisablehook, httpcore2.default_ssl_context = hook, new_context


@cache
def _servers() -> tuple[HostileServer, HostileServer]:
    """The server that is called, and another one, which nobody should call."""
    return HostileServer(), HostileServer()


@cache
def _tls_context() -> ssl.SSLContext:
    """One for all clients, as loading the authorities takes 30 ms."""
    return httpcore2.default_ssl_context()


@cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner()


@cache
def _pages_package() -> ModuleType:
    folder = Path(tempfile.mkdtemp(prefix="torture-pages-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return imported_package(ROOT / "tests" / "clients" / "pages.yaml", "pages-client", folder)


SUBJECT = Subject(
    name="servers",
    promise="Whatever a server sends is read or refused with an error of the core, and no other server is contacted.",
    draw=draw,
    attack=attack,
    counts=Counts(test=80, default=3_000, full=40_000),
    minutes=6,
)
