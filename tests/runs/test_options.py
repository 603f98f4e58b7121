"""Options of the clients that `Runs` makes: time limits, retries, servers and a transport."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
from workflow_runs import AsyncRuns, InvalidRef, ProviderError, RunRef, Runs, UnknownProvider

from tests.clients.providers import DIFY, JUO
from tests.loopback import Loopback, Reply, json_reply
from tests.runs.faces import Face
from tests.runs.promises import REFS
from tests.runtime.forks import in_child

ONCE = core.Retry(max_retries=0)


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DIFY_API_KEY", "DIFY_API_KEY__SALES", "ANON_API_KEY"):
        monkeypatch.setenv(name, "secret")


def test_the_time_limit_and_the_retries(server: Loopback, face: Face) -> None:
    server.respond = lambda _: Reply(delay=1.0)
    for timeout in (0.05, core.Timeout(read=0.05)):
        with pytest.raises(ProviderError) as caught:
            face.get(face.runs(timeout=timeout, retry=ONCE, base_urls={"dify": server.url}), "dify:1")
        assert isinstance(caught.value.__cause__, core.RequestTimeout)
        assert caught.value.__cause__.attempts == 1


def test_the_server(server: Loopback, elsewhere: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIFY_BASE_URL", elsewhere.url)
    runs = face.runs(base_urls={"dify": f"{server.url}/v1/"})
    for query in ("", "?account=sales", f"?base_url={server.url}/v1"):
        assert face.get(runs, f"dify:1{query}").ref.base_url == f"{server.url}/v1"
    with pytest.raises(InvalidRef, match="asks for another server"):
        face.get(runs, RunRef("dify", "1", base_url=elsewhere.url))
    assert {request.target for request in server.requests} == {"/v1/workflows/run/1"}


def test_the_server_may_be_named_for_a_client_that_was_passed(
    server: Loopback, elsewhere: Loopback, face: Face
) -> None:
    runs = face.runs(dify=face.client(DIFY, base_url=elsewhere.url), base_urls={"dify": server.url})
    assert face.get(runs, RunRef("dify", "1", base_url=server.url)).ref.base_url == server.url


def test_options_that_cannot_be_used(face: Face) -> None:
    name = type(face.runs()).__name__
    with pytest.raises(ValueError, match=r"^timeout\.total is -1, but must be a number of seconds above zero$"):
        face.runs(timeout=-1)
    with pytest.raises(TypeError, match=r"^retry must be a Retry, not int$"):
        face.runs(retry=3)
    with pytest.raises(UnknownProvider, match="there is no provider 'dyfi'"):
        face.runs(base_urls={"dyfi": "https://x.example"})
    with pytest.raises(ValueError, match="is not an absolute http or https URL"):
        face.runs(base_urls={"dify": "x.example"})
    for argument in ({"base_urls": {"dify": None}}, {"allowed_base_urls": {"dify": [None]}}):
        (name_of_argument,) = argument
        with pytest.raises(
            TypeError, match=rf"^{name_of_argument}\['dify'\] must be the address of a server, not None"
        ):
            face.runs(**argument)
    with pytest.raises(TypeError, match=r"^base_urls must be a mapping from providers to addresses, not list$"):
        face.runs(base_urls=["https://x.example"])
    message = r"^allowed_base_urls must be a mapping from providers to lists of addresses, not list$"
    with pytest.raises(TypeError, match=message):
        face.runs(allowed_base_urls=["https://x.example"])
    with pytest.raises(TypeError, match=f"^transport of {name} must be an "):
        face.runs(transport=Transport)
    wrong = httpx2.AsyncHTTPTransport() if face.mode == "sync" else httpx2.HTTPTransport()
    expected = "httpx2.BaseTransport" if face.mode == "sync" else "httpx2.AsyncBaseTransport"
    with pytest.raises(TypeError, match=f"^transport of {name} must be an {expected}, not {type(wrong).__name__}$"):
        face.runs(transport=wrong)
    with pytest.raises(TypeError, match=f"^dify is an argument of {name}: pass dify=..., not others="):
        face.runs(others={"dify": face.client(DIFY)})
    with pytest.raises(TypeError, match="unexpected keyword argument 'difi'"):
        face.runs(difi=face.client(DIFY))


class Transport(httpx2.BaseTransport, httpx2.AsyncBaseTransport):
    """Answers every request, and counts how often it is closed."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.closed = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        assert not self.closed
        self.urls.append(str(request.url))
        return httpx2.Response(200, json={"id": "1"})

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return self.handle_request(request)

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


def test_one_transport_for_all_clients(face: Face) -> None:
    transport = Transport()
    runs = face.runs(transport=transport)
    for ref in ("dify:1", "anon:1", "dify:1?account=sales"):
        assert face.get(runs, ref).id == "1"
    assert [url.partition("://")[2].partition("/")[0] for url in transport.urls] == [
        "api.dify.ai",
        "worker.anon.com",
        "api.dify.ai",
    ]
    for _ in range(2):
        face.close(runs)
    assert transport.closed == 1


def test_a_transport_is_closed_though_nothing_was_sent(face: Face) -> None:
    transport = Transport()
    face.close(face.runs(transport=transport))
    assert transport.closed == 1


def test_calls_in_flight_end_when_runs_are_closed(server: Loopback) -> None:
    """Also where two clients share the transport: closing the first must not leave the calls of the second hanging."""
    waiting, release = threading.Barrier(3), threading.Event()

    def respond(_: object) -> Reply:
        waiting.wait(10)
        release.wait(10)
        return Reply()

    server.respond = respond
    runs = Runs(transport=httpx2.HTTPTransport(), retry=ONCE, base_urls={"dify": server.url, "anon": server.url})
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(runs.get, ref) for ref in ("dify:1", "anon:1")]
        waiting.wait(10)
        runs.close()
        errors = [call.exception(10) for call in calls]
        release.set()
    assert [type(error.__cause__ if error else None) for error in errors] == [core.ConnectionFailed] * 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork()")
def test_a_forked_process_makes_its_own_clients_and_leaves_the_transport_open(server: Loopback) -> None:
    server.respond = lambda received: json_reply({"id": received.target.rpartition("/")[2]})
    transport = Transport()
    with Runs(base_urls={"dify": server.url}) as runs, Runs(transport=transport) as others:
        assert (runs.get("dify:1").id, others.get("dify:1").id) == ("1", "1")

        def in_the_child() -> list[object]:
            ids = [runs.get(f"dify:{ref}").id for ref in ("2", "3?account=sales")]
            runs.close()
            others.close()
            return [*ids, transport.closed]

        assert in_child(in_the_child) == ["2", "3", 0]
        assert runs.get("dify:4").id == "4"


def test_clients_that_were_passed_keep_their_options(server: Loopback, face: Face) -> None:
    runs = face.runs(juo=face.client(JUO, base_url=server.url), transport=Transport(), timeout=0.001)
    assert face.get(runs, "juo:1").id == "1"
    assert len(server.requests) == 1


def test_nothing_of_the_options_is_shown(face: Face) -> None:
    runs = face.runs(base_urls={"dify": "https://secret.example"}, timeout=1.5)
    assert repr(runs) == f"<{type(runs).__name__}>"


def test_many_threads_make_one_client(server: Loopback) -> None:
    together = threading.Barrier(16)
    with Runs(base_urls={"dify": server.url}) as runs, ThreadPoolExecutor(16) as pool:

        def get(number: int) -> Any:
            together.wait()
            return runs.get(f"dify:{number}?account=sales")

        assert {run.ref.account for run in pool.map(get, range(16))} == {"sales"}
        assert len(runs._clients._made) == 1


def test_the_classes_take_the_same_arguments() -> None:
    import inspect

    assert [*inspect.signature(Runs).parameters] == [*inspect.signature(AsyncRuns).parameters]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"base_urls": {"dify": "x.example"}},
            ValueError,
            "base_urls['dify'] is not an absolute http or https URL; expected something like https://host/path",
        ),
        (
            {"allowed_base_urls": {"dify": ["https://x.example", "https://me:hunter2@x.example"]}},
            ValueError,
            "allowed_base_urls['dify'] must not hold a user name or password; expected something like https://host/path",
        ),
        ({"base_urls": {"dify": ""}}, ValueError, "base_urls['dify'] is empty"),
        ({"others": ["acme"]}, TypeError, "others must be a mapping from providers to clients, not list"),
        (
            {"others": {"acme": "c"}},
            UnknownProvider,
            f"there is no provider 'acme'; there are: {', '.join(sorted(REFS))}; other packages add providers by"
            " entry points of the group workflow_runs.providers",
        ),
    ],
)
def test_the_argument_that_is_wrong_is_named(
    arguments: dict[str, Any], error: type[Exception], message: str, face: Face
) -> None:
    with pytest.raises(error) as caught:
        face.runs(**arguments)
    assert str(caught.value) == message
