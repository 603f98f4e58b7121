"""Calls that are repeated, or not, against a server that misbehaves. Every test runs synchronous and asynchronous."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback, Reply, json_reply
from tests.runtime.example_api import GET_RUN, ExampleClient, Run

Call = Callable[..., Any]

SOON = core.Retry(initial=0.01, minimum=0.0)
FOUND = json_reply({"id": "1"})
STUMBLES = {
    "408": Reply(408),
    "429": Reply(429),
    "429 with seconds": Reply(429, headers={"Retry-After": "0"}),
    "500": Reply(500),
    "502": Reply(502),
    "503 with a page": Reply(503, b"<html>", {"Content-Type": "text/html"}),
    "504": Reply(504),
    "503, half": Reply(raw=b"HTTP/1.1 503 X\r\nContent-Length: 99\r\n\r\n{"),
    "closed": Reply(raw=b""),
    "reset": Reply(raw=b"", reset=True),
    "half a head": Reply(raw=b"HTTP/1.1 200 OK\r\nContent-"),
    "half a head, reset": Reply(raw=b"HTTP/1.1 200 OK\r\nContent-", reset=True),
    "half a body": Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id"'),
    "half a body, reset": Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id"', reset=True),
    "half a chunk": Reply(raw=b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"id"'),
    "no last chunk": Reply(raw=b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n'),
    "a chunk without a size": Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n"),
    "two lengths": Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "no HTTP": Reply(raw=b"SSH-2.0-OpenSSH_9.9\r\n"),
}


@pytest.mark.parametrize("stumble", STUMBLES.values(), ids=STUMBLES)
def test_an_idempotent_call_survives_two_stumbles(server: Loopback, call: Call, stumble: Reply) -> None:
    server.reply_in_turn(stumble, stumble, FOUND)
    assert call("get_run", "1", client={"retry": SOON}) == Run(id="1")
    assert [request.target for request in server.requests] == ["/runs/1"] * 3


@pytest.mark.parametrize("stumble", STUMBLES.values(), ids=STUMBLES)
def test_a_third_stumble_is_the_calls_error(server: Loopback, call: Call, stumble: Reply) -> None:
    server.respond = lambda _: stumble
    with pytest.raises(core.ApiError) as caught:
        call("get_run", "1", client={"retry": SOON})
    assert len(server.requests) == 3
    assert caught.value.transient
    if stumble.raw is None:
        assert isinstance(caught.value, core.StatusError)


@pytest.mark.parametrize("stumble", STUMBLES.values(), ids=STUMBLES)
def test_a_call_that_is_not_idempotent_is_made_once(server: Loopback, call: Call, stumble: Reply) -> None:
    server.reply_in_turn(stumble, json_reply({"id": "1"}, 201))
    with pytest.raises(core.ApiError):
        call("start_run", Run(id="1"), client={"retry": SOON})
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [300, 302, 400, 401, 403, 404, 409, 422, 501, 505, 520])
def test_other_statuses_are_final(server: Loopback, call: Call, status: int) -> None:
    server.reply(status)
    with pytest.raises(core.StatusError):
        call("get_run", "1", client={"retry": SOON})
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [Reply(200, b"{}"), Reply(200, b"{"), Reply(200, b"no", {"Content-Encoding": "gzip"}), Reply(200, b"x" * 2000)],
)
def test_a_response_that_would_come_again_is_final(server: Loopback, call: Call, reply: Reply) -> None:
    server.respond = lambda _: reply
    with pytest.raises(core.InvalidResponse) as caught:
        call("get_run", "1", client={"retry": SOON, "max_response_size": 1000})
    assert len(server.requests) == 1
    assert not caught.value.transient
    assert isinstance(caught.value, core.ResponseTooLarge) == (len(reply.body) > 1000)


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (b"Content-Length: 99\r\n\r\n{", 1),
        (b"Content-Length: 99\r\n\r\n", 0),
        (b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n', 5),
    ],
)
def test_a_success_that_breaks_off_is_an_invalid_response(server: Loopback, call: Call, body: bytes, sent: int) -> None:
    server.respond = lambda _: Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + body)
    with pytest.raises(core.InvalidResponse) as caught:
        call("get_run", "1")
    assert str(caught.value).startswith(
        f"200 OK from GET {server.url}/runs/1, but the body is truncated after {sent} bytes"
    )
    assert (caught.value.status, len(caught.value.content)) == (200, sent)
    assert isinstance(caught.value.__cause__, httpx2.RemoteProtocolError)


@pytest.mark.parametrize(
    ("head", "is_cut"), [(b"", True), (b"Content-Length: 5\r\n", False), (b"Transfer-Encoding: chunked\r\n", False)]
)
def test_json_that_ends_with_the_connection_may_be_truncated(
    server: Loopback, call: Call, head: bytes, is_cut: bool
) -> None:
    body = b'5\r\n{"id"\r\n0\r\n\r\n' if b"chunked" in head else b'{"id"'
    server.respond = lambda _: Reply(raw=b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body)
    with pytest.raises(core.InvalidResponse, match="the body cannot be read: Input data was truncated") as caught:
        call("get_run", "1")
    assert caught.value.transient == is_cut


def test_a_longer_body_than_announced_is_cut_where_it_was_announced_to_end(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"id":"1"}{"id":"2"}')
    assert call("get_run", "1") == Run(id="1")


DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
A_SECOND_LATER = "Sun, 06 Nov 1994 08:49:38 GMT"
AN_HOUR_LATER = "Sun, 06 Nov 1994 09:49:37 GMT"


def answer(status: int, *lines: str) -> Reply:
    """A response without a body, and with these headers alone."""
    return Reply(raw="\r\n".join([f"HTTP/1.1 {status} X", *lines, "Content-Length: 0", "", ""]).encode())


@pytest.mark.parametrize(
    ("lines", "lowest"),
    [
        (["Retry-After: 0.2"], 0.2),
        (["Retry-After: 0.1, 0.2"], 0.2),
        ([f"Date: {DATE}", f"Retry-After: {A_SECOND_LATER}"], 1),
        (["retry-after-ms: 200"], 0.2),
        (["Retry-After: 3600", "Retry-After-Ms: 200.5"], 0.2),
        (["retry-after-ms: -1", "Retry-After: 0.2"], 0.2),
        (["retry-after-ms: soon", "Retry-After: 0.2"], 0.2),
        ([f"Retry-After: {DATE}"], 0),
        (["Retry-After: soon"], 0),
        (["Retry-After: -3600"], 0),
    ],
)
def test_what_the_server_asks_for_is_waited_for(server: Loopback, call: Call, lines: list[str], lowest: float) -> None:
    server.reply_in_turn(answer(429, *lines), FOUND)
    started = time.monotonic()
    assert call("get_run", "1", client={"retry": SOON}) == Run(id="1")
    assert time.monotonic() - started >= lowest


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        (["Retry-After: 3600"], 3600),
        (["retry-after-ms: 3600000"], 3600),
        ([f"Date: {DATE}", f"Retry-After: {AN_HOUR_LATER}"], 3600),
        (["Retry-After: 61"], 61),
        (["Retry-After: " + "9" * 400], 2**31),
        (["retry-after-ms: " + "9" * 400], 2**31),
    ],
)
def test_a_server_that_asks_for_too_long_a_wait_is_not_asked_again(
    server: Loopback, call: Call, lines: list[str], seconds: float
) -> None:
    server.respond = lambda _: answer(503, *lines)
    with pytest.raises(core.ServerError) as caught:
        call("get_run", "1", client={"retry": SOON, "timeout": 1e9})
    assert caught.value.retry_after == seconds
    assert len(server.requests) == 1


def test_no_repetition_comes_sooner_than_a_tenth_of_a_second(server: Loopback, call: Call) -> None:
    server.reply_in_turn(Reply(503, headers={"Retry-After": "0"}), Reply(raw=b""), FOUND)
    started = time.monotonic()
    assert call("get_run", "1", client={"retry": core.Retry(initial=0.0)}) == Run(id="1")
    assert time.monotonic() - started >= 0.2


def test_a_wait_beyond_the_deadline_is_not_begun(server: Loopback, call: Call) -> None:
    server.reply(429, Retry_After="30")
    started = time.monotonic()
    with pytest.raises(core.RateLimited) as caught:
        call("get_run", "1", client={"retry": SOON, "timeout": 20})
    assert time.monotonic() - started < 10
    assert caught.value.retry_after == 30
    assert len(server.requests) == 1


def test_the_time_limit_holds_for_all_attempts_together(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(503, delay=0.15)
    with pytest.raises((core.RequestTimeout, core.ServerError)):
        call("get_run", "1", client={"retry": replace(SOON, max_retries=1000), "timeout": 0.5})
    assert 1 < len(server.requests) <= 4


def test_each_attempt_has_a_read_limit_of_its_own(server: Loopback, call: Call) -> None:
    server.reply_in_turn(Reply(delay=1), FOUND)
    assert call("get_run", "1", client={"retry": SOON, "timeout": core.Timeout(read=0.2)}) == Run(id="1")


def test_a_single_call_can_have_its_own_policy(server: Loopback) -> None:
    with ExampleClient(api_key="k", base_url=server.url, retry=SOON) as client:
        server.reply(503)
        with client.with_options(retry=replace(SOON, max_retries=0)) as once, pytest.raises(core.ServerError):
            once.get_run("1")
        assert len(server.requests) == 1
        with pytest.raises(core.ServerError):
            client.with_options(retry=replace(SOON, max_retries=4)).get_run("1")
        assert len(server.requests) == 6
        server.reply_in_turn(Reply(503), FOUND)
        assert client.get_run("1") == Run(id="1"), "closing a copy leaves the original open"


def test_the_raw_response_tells_the_attempts_and_the_time(server: Loopback) -> None:
    server.reply_in_turn(Reply(503), Reply(raw=b""), FOUND)
    with ExampleClient(api_key="k", base_url=server.url, retry=SOON) as client:
        raw = client.raw.get_run("1")
    assert (raw.status, raw.content, raw.parsed, raw.attempts) == (200, b'{"id":"1"}', Run(id="1"), 3)
    assert 0 < raw.elapsed < 30
    assert raw.url == f"{server.url}/runs/1"


def test_a_certificate_that_is_not_trusted_is_not_asked_for_twice() -> None:
    import ssl

    tries: list[httpx2.Request] = []

    def refuse(request: httpx2.Request) -> httpx2.Response:
        tries.append(request)
        raise httpx2.ConnectError("certificate verify failed") from ssl.SSLCertVerificationError("self-signed")

    with (
        ExampleClient(api_key="k", retry=SOON, transport=httpx2.MockTransport(refuse)) as client,
        pytest.raises(core.ConnectionFailed) as caught,
    ):
        client.get_run("1")
    assert len(tries) == 1
    assert not caught.value.transient


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "POST", "PATCH"])
def test_the_method_decides(method: str) -> None:
    tries: list[str] = []

    def storm(request: httpx2.Request) -> httpx2.Response:
        tries.append(request.method)
        return httpx2.Response(503)

    with (
        ExampleClient(api_key="k", retry=SOON, transport=httpx2.MockTransport(storm)) as client,
        pytest.raises(core.ServerError),
    ):
        client.call(replace(GET_RUN, method=method), run_id="1")
    assert tries == [method] * (1 if method in ("POST", "PATCH") else 3)


@pytest.mark.parametrize("retry", [3, {"max_retries": 2}, core.Outcome()])
def test_a_policy_is_a_retry(retry: object) -> None:
    with pytest.raises(TypeError, match="retry must be a Retry, not"):
        ExampleClient(api_key="k", retry=retry)
