"""What `Runs` and `AsyncRuns` raise for what a provider answers, or does not: each kind of error, and all it says."""

from __future__ import annotations

import pickle
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
import workflow_runs
from workflow_runs import (
    NormalizationError,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RunNotFound,
    RunRef,
    Unauthorized,
    UnreadableAnswer,
)

from tests.clients.providers import DIFY
from tests.loopback import Loopback, Reply
from tests.runs.faces import Face

RUN = "check that the reference names a run that these credentials may see"
SERVER = "check that it is the right server that answers"
PAGE = f"{SERVER}, and not a proxy or a login page"
KEY = "check DIFY_API_KEY, or the credential of the client that was passed"
IDENTIFIERS = "check the identifiers in the reference"
LATER = "try again later"
MOVED = "check the server's address, and that it asks nobody to log in"


@dataclass(frozen=True)
class Expected:
    """An error of a status."""

    status: int
    error: type[ProviderError]
    cause: type[core.StatusError]
    hint: str = ""
    transient: bool = False
    retry_after: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


STATUSES = [
    Expected(302, ProviderError, core.StatusError, MOVED),
    Expected(304, ProviderError, core.StatusError, MOVED),
    Expected(400, ProviderError, core.BadRequest, IDENTIFIERS),
    Expected(401, Unauthorized, core.Unauthorized, KEY),
    Expected(402, ProviderError, core.StatusError),
    Expected(403, Unauthorized, core.Forbidden, "check that these credentials may see the run"),
    Expected(404, RunNotFound, core.NotFound, f"{RUN}, and that the server is right"),
    Expected(407, ProviderError, core.StatusError, "check the user name and the password of the proxy"),
    Expected(408, ProviderUnavailable, core.StatusError, LATER, True),
    Expected(409, ProviderError, core.Conflict),
    Expected(410, RunNotFound, core.StatusError, RUN),
    Expected(418, ProviderError, core.StatusError),
    Expected(422, ProviderError, core.UnprocessableEntity, IDENTIFIERS),
    Expected(425, ProviderUnavailable, core.StatusError, LATER, True),
    Expected(403, RateLimited, core.RateLimited, "try again in 60 seconds", True, 60.0, {"Retry_After": "60"}),
    Expected(429, RateLimited, core.RateLimited, LATER, True),
    Expected(429, RateLimited, core.RateLimited, "try again in 700 seconds", True, 700.0, {"Retry_After": "700"}),
    Expected(429, RateLimited, core.RateLimited, "try again in 1 second", True, 0.25, {"Retry_After_Ms": "250"}),
    Expected(429, RateLimited, core.RateLimited, LATER, True, 0.0, {"Retry_After": "0"}),
    Expected(500, ProviderUnavailable, core.ServerError, LATER, True),
    Expected(501, ProviderUnavailable, core.ServerError),
    Expected(503, ProviderUnavailable, core.ServerError, "try again in 7 seconds", True, 7.0, {"Retry_After": "7"}),
    Expected(505, ProviderUnavailable, core.ServerError),
    Expected(511, ProviderUnavailable, core.ServerError, "log in to the network"),
    Expected(520, ProviderUnavailable, core.ServerError, LATER, True),
    Expected(700, ProviderError, core.StatusError),
]


@pytest.mark.parametrize("expected", STATUSES, ids=lambda expected: str(expected.status))
def test_a_status(server: Loopback, face: Face, expected: Expected) -> None:
    server.reply(expected.status, {"message": "no"}, X_Request_Id="r-7", **expected.headers)
    ref = RunRef("dify", "1")
    error = refused(face, ref, base_url=server.url)
    assert type(error) is expected.error
    assert (error.provider, error.ref, error.code) == ("dify", ref, None)
    assert (error.status, error.retry_after, error.transient) == (
        expected.status,
        expected.retry_after,
        expected.transient,
    )
    assert (error.request_id, error.attempts) == ("r-7", 1)
    assert type(error.__cause__) is expected.cause
    assert str(error) == f"dify:1: {error.__cause__}{expected.hint and '; '}{expected.hint}"
    assert f"from GET {server.url}/workflows/run/1" in str(error)


def test_the_attempts_are_counted(server: Loopback, face: Face) -> None:
    server.reply(503)
    error = refused(face, "dify:1", base_url=server.url, retry=core.Retry(max_retries=2, initial=0, minimum=0))
    assert (type(error), error.attempts, error.request_id) == (ProviderUnavailable, 3, None)
    assert "(after 3 attempts); try again later" in str(error)


BROKEN = {
    "nothing": (b"", "try again, and check the server's address and the network", None),
    "no HTTP": (b"SSH-2.0\r\n", "try again, and check the server's address and the network", None),
    "half a body": (b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id"', "try again", 200),
    "half a chunk": (b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"id"', "try again", 200),
    "half of what has no length": (b'HTTP/1.1 200 OK\r\n\r\n{"id": "1", "sta', "try again", 200),
    "half an error": (b"HTTP/1.1 502 X\r\nContent-Length: 99\r\n\r\n<", LATER, 502),
}


@pytest.mark.parametrize(("raw", "hint", "status"), BROKEN.values(), ids=BROKEN)
def test_no_whole_answer(server: Loopback, face: Face, raw: bytes, hint: str, status: int | None) -> None:
    server.respond = lambda _: Reply(raw=raw)
    error = refused(face, "dify:1", base_url=server.url)
    assert (type(error), error.status, error.transient, error.attempts) == (ProviderUnavailable, status, True, 1)
    assert str(error).endswith(f"; {hint}")


def test_an_answer_that_takes_too_long(server: Loopback, face: Face) -> None:
    server.respond = lambda _: Reply(delay=1.0)
    error = refused(face, "dify:1", base_url=server.url, timeout=0.05)
    assert (type(error), error.status, error.transient) == (ProviderUnavailable, None, True)
    assert str(error).endswith("; try again, or give the client a longer timeout")
    assert isinstance(error.__cause__, core.RequestTimeout)


def test_nobody_listens(face: Face) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = refused(face, "dify:1", base_url=f"http://127.0.0.1:{unused.getsockname()[1]}")
    assert (type(error), error.status, error.transient) == (ProviderUnavailable, None, True)
    assert str(error).endswith("; try again, and check the server's address and the network")


def test_a_certificate_that_is_not_trusted(face: Face) -> None:
    certificate = Path(__file__).parents[1] / "runtime" / "loopback.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        import threading

        def shake_hands() -> None:
            connection, _ = listening.accept()
            with connection, pytest.raises(OSError):
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=shake_hands)
        thread.start()
        error = refused(face, "dify:1", base_url=f"https://127.0.0.1:{listening.getsockname()[1]}")
        thread.join()
    assert (type(error), error.status, error.transient, error.attempts) == (ProviderUnavailable, None, False, 1)
    assert str(error).endswith("; check the server's address, and which certificates are trusted: SSL_CERT_FILE")


@pytest.mark.parametrize(("status", "transient"), [(b"407 Authenticate", False), (b"502 Bad Gateway", True)])
def test_a_proxy_that_refuses(face: Face, monkeypatch: pytest.MonkeyPatch, status: bytes, transient: bool) -> None:
    from tests.runtime.proxy import LoopbackProxy

    with LoopbackProxy(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        error = refused(face, "dify:1", base_url="https://api.example.invalid")
    assert (type(error), error.status, error.transient) == (ProviderUnavailable, None, transient)
    assert str(error).endswith("; check the proxy, and the variable that names it: HTTPS_PROXY")


UNREADABLE = {
    "nothing": (b"", SERVER),
    "a list": (b"[]", SERVER),
    "null": (b"null", SERVER),
    "half an object": (b"{", SERVER),
    "no UTF-8": (b"\xff", SERVER),
    "nested too deeply": (b"[" * 100_000, SERVER),
    "a page": (b"<p>Please log in</p>", PAGE),
    "too large": (b'{"id": "%s"}' % (b"1" * 200_000), "give the client a larger max_response_size"),
}


@pytest.mark.parametrize(("body", "hint"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_answer_that_is_not_an_object(server: Loopback, face: Face, body: bytes, hint: str) -> None:
    server.reply(200, body, Content_Type="application/json", X_Request_Id="r-7")
    error = refused(face, "dify:1", base_url=server.url, max_response_size=150_000)
    assert type(error) is UnreadableAnswer
    assert isinstance(error, NormalizationError)
    assert (error.status, error.transient, error.request_id, error.attempts) == (200, False, "r-7", 1)
    assert str(error).startswith("dify:1: 200 OK from GET ")
    assert str(error).endswith(f"; {hint}")
    assert isinstance(error.__cause__, core.InvalidResponse)
    assert error.__cause__.content in (body, b"")


@pytest.mark.parametrize("media_type", ["text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml"])
def test_a_page_by_its_media_type(server: Loopback, face: Face, media_type: str) -> None:
    server.reply(200, b"Please log in", Content_Type=media_type)
    assert str(refused(face, "dify:1", base_url=server.url)).endswith(f"; {PAGE}")


def test_no_credentials_at_all(face: Face) -> None:
    with pytest.raises(Unauthorized) as caught:
        face.get(face.runs(), "dify:1")
    error = caught.value
    assert (error.status, error.transient, error.request_id, error.attempts) == (None, False, None, 0)


def test_every_error_survives_a_pickle_with_its_cause(server: Loopback, face: Face) -> None:
    server.reply(429, {"message": "no"}, Retry_After="2", X_Request_Id="r-7")
    error = refused(face, "dify:1", base_url=server.url)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), vars(again), str(again)) == (RateLimited, vars(error), str(error))
    assert isinstance(again.__cause__, core.RateLimited)


def test_the_names_of_the_core_are_of_other_classes() -> None:
    for name in ("RateLimited", "Unauthorized"):
        assert getattr(workflow_runs, name) is not getattr(core, name)
        assert not issubclass(getattr(workflow_runs, name), core.ApiError)


def test_what_an_own_transport_raises(face: Face) -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.UnsupportedProtocol("no such protocol", request=request)

    error = refused(face, "dify:1", base_url="https://x.example", transport=httpx2.MockTransport(refuse))
    assert (type(error), error.transient) == (ProviderUnavailable, False)
    assert str(error) == "dify:1: GET https://x.example/workflows/run/1 failed: no such protocol"


def refused(face: Face, ref: RunRef | str, **options: Any) -> ProviderError:
    """The error of getting a run by a client with these options."""
    with pytest.raises(ProviderError) as caught:
        face.get(face.runs(dify=face.client(DIFY, **options)), ref)
    return caught.value
