"""The life of a client: imports, connections, injected parts, closing, threads."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
import workflow_client_core as core

from tests.loopback import Loopback
from tests.runtime.example_api import AsyncExampleClient, ExampleClient

Make = Callable[..., ExampleClient]


def test_the_http_library_is_imported_by_the_first_request_only() -> None:
    program = (
        "import sys, workflow_client_core as core\n"
        "api = core.Api(distribution='x', version='1', server='https://x.example')\n"
        "core.Client(api, {}).close()\n"
        "print([name for name in ('httpx2', 'httpcore2', 'ssl', 'asyncio') if name in sys.modules])"
    )
    assert core.__file__ is not None
    folder = str(Path(core.__file__).parents[1])
    environment = {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_everything_public_is_listed_and_there() -> None:
    assert sorted(core.__all__) == sorted(set(core.__all__))
    assert all(hasattr(core, name) for name in core.__all__)


def test_closing_twice_is_fine_and_using_it_afterwards_is_not(server: Loopback, make: Make) -> None:
    server.reply(204)
    client = make(api_key="k")
    client.delete_run("1")
    client.close()
    client.close()
    with pytest.raises(RuntimeError, match="this ExampleClient is closed; make a new one"):
        client.delete_run("1")
    with pytest.raises(RuntimeError, match="closed"), client:
        pass


def test_closing_an_async_client_twice_is_fine_and_using_it_afterwards_is_not(server: Loopback) -> None:
    async def run() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            await client.delete_run("1")
        await client.aclose()
        with pytest.raises(RuntimeError, match="this AsyncExampleClient is closed; make a new one"):
            await client.delete_run("1")
        with pytest.raises(RuntimeError, match="closed"):
            async with client:
                pass

    server.reply(204)
    asyncio.run(run())


def test_an_injected_client_is_used_with_its_headers_and_left_open(server: Loopback) -> None:
    server.reply(204)
    with httpx2.Client(headers={"X-Trace": "t-1"}, params={"client": "only"}) as http:
        with ExampleClient(api_key="k", base_url=server.url, http_client=http) as client:
            client.delete_run("1")
        assert not http.is_closed
    assert server.last.headers["x-trace"] == "t-1"
    assert server.last.headers["user-agent"] == "workflow-client-example/0.1.0"
    assert server.last.target == "/runs/1"


def test_an_injected_async_client_is_left_open(server: Loopback) -> None:
    async def run() -> None:
        async with httpx2.AsyncClient() as http:
            async with AsyncExampleClient(api_key="k", base_url=server.url, http_client=http) as client:
                await client.delete_run("1")
            assert not http.is_closed

    server.reply(204)
    asyncio.run(run())


def test_an_injected_transport_gets_the_real_request() -> None:
    seen: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json={"id": "1"})

    with ExampleClient(query_key="k-1", transport=httpx2.MockTransport(respond)) as client:
        assert client.get_run("1").id == "1"
    assert seen[0].url.params["key"] == "k-1"
    assert seen[0].url.raw_path == b"/v1/runs/1?key=k-1"


def test_a_client_and_a_transport_are_one_too_many() -> None:
    with httpx2.Client() as http, pytest.raises(ValueError, match="pass http_client or transport, not both"):
        ExampleClient(api_key="k", http_client=http, transport=httpx2.MockTransport(lambda _: httpx2.Response(200)))


def test_cookies_of_one_response_do_not_travel_with_another_call(server: Loopback) -> None:
    server.reply(204, Set_Cookie="session=1; Path=/")
    with ExampleClient(api_key="k", base_url=server.url) as client:
        client.delete_run("1")
        client.delete_run("2")
    assert "cookie" not in server.last.headers


@pytest.mark.parametrize(
    "cookies",
    [
        [("Set-Cookie", "a=b; Max-Age"), ("Set-Cookie", "=c")],
        [("Set-Cookie", "0"), ("Set-Cookie2", "a=b; Version=x; Expires=")],
    ],
)
def test_cookies_that_python_cannot_read_cause_no_warning(cookies: list[tuple[str, str]]) -> None:
    """Each warning is an error here."""
    head = [("Content-Type", "application/json"), *cookies]
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, headers=head, content=b'{"id": "1"}'))
    with ExampleClient(api_key="secret-key", transport=transport) as example:
        assert example.get_run("1").id == "1"


def test_threads_share_a_client(server: Loopback) -> None:
    server.reply(200, {"id": "1"})
    with ExampleClient(api_key="k", base_url=server.url) as client, ThreadPoolExecutor(8) as threads:
        runs = list(threads.map(lambda number: client.get_run(str(number)), range(40)))
    assert len(runs) == 40
    assert {request.target for request in server.requests} == {f"/runs/{number}" for number in range(40)}


def test_tasks_share_a_client(server: Loopback) -> None:
    async def run() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            await asyncio.gather(*(client.get_run(str(number)) for number in range(40)))

    server.reply(200, {"id": "1"})
    asyncio.run(run())
    assert len(server.requests) == 40


@pytest.mark.parametrize("url", ["https://999.999.1.1", "https://[::zz]", "https://xn--\u00fc.example"])
def test_an_address_that_is_none_is_a_value_error(url: str, make: Make) -> None:
    with pytest.raises(ValueError):
        make(api_key="k", base_url=url).get_run("1")
