"""What a call costs beside its request: counts of work, as times depend on the machine."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import httpx2
import pytest
from workflow_client_core._transport import http, masking

from tests.loopback import Loopback
from tests.runtime.example_api import AsyncExampleClient, ExampleClient

ADDRESS = "https://api.example.com/v1"


def answer(_: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"id": "1"})


def client(**arguments: Any) -> ExampleClient:
    return ExampleClient(base_url=ADDRESS, transport=httpx2.MockTransport(answer), **arguments)


def objects_of_httpx2(monkeypatch: pytest.MonkeyPatch, call: Callable[[], object]) -> Counter[str]:
    """How many objects of httpx2 a call makes, by their classes."""
    counts: Counter[str] = Counter()

    def count(class_: Any, patched: pytest.MonkeyPatch) -> None:
        initialize = class_.__init__

        def initialize_and_count(self: Any, *args: Any, **kwargs: Any) -> None:
            counts[class_.__name__] += 1
            initialize(self, *args, **kwargs)

        patched.setattr(class_, "__init__", initialize_and_count)

    with monkeypatch.context() as patched:
        for class_ in (httpx2.URL, httpx2.Headers, httpx2.Request, httpx2.Cookies, httpx2.QueryParams):
            count(class_, patched)
        call()
    return counts


def test_a_call_makes_no_more_objects_of_httpx2_than_httpx2_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = client(api_key="canary-key")
    bare = httpx2.Client(transport=httpx2.MockTransport(answer))
    ours.get_run("1")
    made = objects_of_httpx2(monkeypatch, lambda: ours.get_run("1"))
    made_by_httpx2 = objects_of_httpx2(monkeypatch, lambda: bare.get(f"{ADDRESS}/runs/1", headers={"X-Api-Key": "k"}))
    assert made["Request"] == 1
    assert all(made[name] <= made_by_httpx2[name] for name in made)


@contextmanager
def without_collector() -> Iterator[None]:
    """Nothing is collected but what nobody holds."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def test_a_call_leaves_nothing_that_holds_itself() -> None:
    ours = client(api_key="canary-key")
    ours.get_run("1")
    with without_collector():
        ours.get_run("1")
        assert gc.collect() == 0


def test_an_asynchronous_call_leaves_nothing_that_holds_itself() -> None:
    async def main() -> None:
        transport = httpx2.MockTransport(answer)
        async with AsyncExampleClient(api_key="canary-key", base_url=ADDRESS, transport=transport) as ours:
            await ours.get_run("1")
            with without_collector():
                await ours.get_run("1")
                assert gc.collect() == 0

    asyncio.run(main())


def events_of(function: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The events that httpcore2 reports from now on, to what this function of `http` makes."""
    events: list[str] = []
    make = getattr(http, function)

    def make_and_note(*arguments: Any) -> Callable[..., Any]:
        trace = make(*arguments)

        def noted(event: str, info: Any) -> Any:
            events.append(event)
            return trace(event, info)

        return noted

    monkeypatch.setattr(http, function, make_and_note)
    return events


AGAIN = ["http11.send_request_headers.started", "http11.send_request_headers.complete"]


def test_a_call_on_an_open_connection_has_two_events(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reply(200, {"id": "1"})
    events = events_of("_trace", monkeypatch)
    with ExampleClient(api_key="k", base_url=server.url) as ours:
        ours.get_run("1")
        assert events == ["connection.connect_tcp.started", "connection.connect_tcp.complete", *AGAIN]
        ours.get_run("1")
        assert events[4:] == AGAIN


def test_an_asynchronous_call_on_an_open_connection_has_two_events(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as ours:
            await ours.get_run("1")
            assert events == ["connection.connect_tcp.started", "connection.connect_tcp.complete", *AGAIN]
            await ours.get_run("1")
            assert events[4:] == AGAIN

    server.reply(200, {"id": "1"})
    events = events_of("_async_trace", monkeypatch)
    asyncio.run(main())


def test_the_sockets_of_idle_connections_are_not_looked_up_again(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """anyio takes long for that, and there may be a hundred of them."""
    lookups: list[Any] = []
    extra = anyio.abc.SocketStream.extra

    def extra_and_note(self: Any, attribute: Any, *default: Any) -> Any:
        lookups.append(attribute)
        return extra(self, attribute, *default)

    async def main() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as ours:
            await asyncio.gather(*(ours.get_run("1") for _ in range(10)))
            monkeypatch.setattr(anyio.abc.SocketStream, "extra", extra_and_note)
            await asyncio.gather(*(ours.get_run("1") for _ in range(10)))

    server.reply(200, {"id": "1"})
    asyncio.run(main())
    assert lookups == []


def test_a_url_with_a_secret_is_not_kept() -> None:
    kept = masking._parsed.cache_info().currsize  # pyright: ignore[reportPrivateUsage]
    url = masking.MaskedURL(f"{ADDRESS}/kept-secret?key=canary", f"{ADDRESS}/kept-secret?key=***")
    assert (url.query, str(url)) == (b"key=canary", f"{ADDRESS}/kept-secret?key=***")
    assert masking._parsed.cache_info().currsize == kept  # pyright: ignore[reportPrivateUsage]
