"""A server says when it wants to be asked again, in a success as in a refusal; the next poll is not before that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from workflow_runs import DelayTooLong, Poll, PollPolicy

from tests.clients.providers import DIFY
from tests.loopback import Loopback, Reply
from tests.runs.faces import Face

REF = "dify:1"
RUNNING = {"id": "1", "status": "running"}
POLICY = PollPolicy(initial=1.0, factor=1.0, jitter=0.0)
SERVER_DATE = "Sun, 06 Nov 1994 08:49:37 GMT"

PAUSES = [
    ({"Retry_After": "42"}, 42.0),
    ({"Retry_After": "42.5"}, 42.5),
    ({"Retry_After": "42, 7"}, 42.0),
    ({"Retry_After": "7", "retry_after_ms": "42000"}, 42.0),
    ({"Retry_After": "42", "retry_after_ms": "soon"}, 42.0),
    ({"Retry_After": "0"}, 1.0),
    ({"Retry_After": "Sun, 06 Nov 1994 00:00:00 GMT"}, 1.0),
]
"""Headers, and the seconds until the next poll: at least those of the policy."""
NO_PAUSES = ["", "-42", "+42", "42s", "4e1", "0x2a", "soon", "nan", "inf", "2126-11-28T23:00:00Z"]


@pytest.mark.parametrize("status", [200, 429, 503])
@pytest.mark.parametrize(("headers", "seconds"), PAUSES)
def test_the_next_poll_waits_for_it(
    server: Loopback, face: Face, status: int, headers: dict[str, str], seconds: float
) -> None:
    server.reply(status, RUNNING, **headers)
    assert pause(face, server) == pytest.approx(seconds, abs=0.001)


@pytest.mark.parametrize("status", [200, 429])
@pytest.mark.parametrize("text", NO_PAUSES)
def test_one_without_sense_counts_as_none(server: Loopback, face: Face, status: int, text: str) -> None:
    server.reply(status, RUNNING, Retry_After=text)
    assert pause(face, server) == pytest.approx(1.0, abs=0.001)


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable"])
def test_a_date_is_judged_by_the_clock_of_the_server(server: Loopback, face: Face, status: str) -> None:
    head = f"HTTP/1.1 {status}\r\nDate: {SERVER_DATE}\r\nRetry-After: Sun, 06 Nov 1994 08:50:19 GMT\r\n"
    answer = f'{head}Content-Type: application/json\r\nContent-Length: 21\r\n\r\n{{"status": "running"}}'
    server.respond = lambda _: Reply(raw=answer.encode())
    assert pause(face, server) == pytest.approx(42.0, abs=0.001)


@pytest.mark.parametrize("status", [200, 429])
@pytest.mark.parametrize(
    ("text", "seconds"), [("601", 601.0), ("2145916800", 2145916800.0), ("9" * 400, 2.0**31), ("601, 1", 601.0)]
)
def test_a_pause_that_is_too_long_ends_the_wait_and_is_never_cut_short(
    server: Loopback, face: Face, status: int, text: str, seconds: float
) -> None:
    server.reply(status, RUNNING, Retry_After=text)
    poll = polled(face, server)
    assert (poll.next_poll, poll.state.ended) == (None, True)
    assert isinstance(poll.error, DelayTooLong)
    assert poll.error.retry_after == seconds
    assert str(poll.error) == (
        f"{poll.ref}: the server wants to be asked again in {seconds:,.0f} seconds, and max_server_delay is 600;"
        " wait again later, or allow more"
    )


def test_a_run_that_has_ended_does_not_ask_for_another_poll(server: Loopback, face: Face) -> None:
    server.reply(200, {"id": "1", "status": "succeeded"}, Retry_After="9999999")
    poll = polled(face, server)
    assert (poll.next_poll, poll.error) == (None, None)
    assert poll.run is not None
    assert poll.run.response is not None
    assert poll.run.response.retry_after == 9999999.0


def polled(face: Face, server: Loopback) -> Poll:
    """What comes of one request."""
    runs = face.runs(dify=face.client(DIFY, base_url=server.url))
    poll: Poll = face.result(runs.poll(REF, policy=POLICY))
    return poll


def pause(face: Face, server: Loopback) -> float:
    """The seconds from the answer to the next poll."""
    earliest = datetime.now(UTC)
    poll = polled(face, server)
    assert poll.next_poll is not None
    assert poll.state.waited <= (poll.next_poll - earliest) / timedelta(seconds=1)
    return poll.state.waited
