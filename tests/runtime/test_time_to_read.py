"""The total time limit of a call covers reading its response; by a clock of the tests' own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import workflow_client_core as core
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace
from workflow_client_core import _time_limit
from workflow_client_core._transport import limits

from tests.loopback import Loopback
from tests.runtime.example_api import GET_RUN, ExampleClient
from tests.runtime.test_additional_properties import Open
from tests.runtime.unions import Kind, Number, Pet

Call = Callable[..., Any]
Make = Callable[..., ExampleClient]


class Clock:
    """A clock that goes on by `pace` seconds whenever it is looked at."""

    pace = 0.0

    def __init__(self) -> None:
        self.now = time.monotonic()

    def monotonic(self) -> float:
        self.now += self.pace
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(limits, "time", clock)
    monkeypatch.setattr(_time_limit, "time", clock)
    return clock


class Bed(Struct, frozen=True, kw_only=True):
    plants: list[int] | UnsetType = UNSET


LENIENT = b'{"plants": [' + b"1.0, " * 199 + b"1.0]}"
"""Two hundred values that are read one by one, without an issue."""

GET_BED = replace(GET_RUN, responses=dict.fromkeys(("200", "5XX"), core.Content("application/json", Bed)))


def test_reading_ends_with_the_time_of_the_call(server: Loopback, call: Call, clock: Clock) -> None:
    server.reply(200, LENIENT, Content_Type="application/json")
    clock.pace = 0.5
    with pytest.raises(core.RequestTimeout) as caught:
        call("call", GET_BED, run_id="1", client={"timeout": 60})
    error = caught.value
    assert str(error) == f"GET {server.url}/runs/1 timed out: the response was not read within 60 s"
    assert (error.operation, error.method, error.url) == ("get_run", "GET", f"{server.url}/runs/1")
    clock.pace = 0.1
    assert call("call", GET_BED, run_id="1", client={"timeout": 60}) == Bed(plants=[1] * 200)


def test_reading_a_whole_response_ends_with_the_time_of_the_call(server: Loopback, make: Make, clock: Clock) -> None:
    server.reply(200, LENIENT, Content_Type="application/json")
    clock.pace = 0.5
    with pytest.raises(core.RequestTimeout, match="the response was not read within 60 s"):
        make(api_key="k", timeout=60).raw.request("GET", "/beds", type=Bed)


@pytest.mark.parametrize(
    ("type_", "item"),
    [(Pet, {"petType": "cat", "name": "Tom"}), (Kind, "new"), (Number, 1000), (Open, {"id": "1", "more": 1})],
)
def test_what_msgspec_does_not_read_alone_ends_with_the_time_of_the_call(
    server: Loopback, make: Make, clock: Clock, type_: Any, item: object
) -> None:
    server.reply(200, [item] * 200)
    clock.pace = 0.5
    with pytest.raises(core.RequestTimeout, match="the response was not read within 60 s"):
        make(api_key="k", timeout=60).request("GET", "/items", type=list[type_])
    clock.pace = 0.1
    assert len(make(api_key="k", timeout=60).request("GET", "/items", type=list[type_])) == 200


def test_a_single_event_is_read_within_the_time_of_a_call(server: Loopback, make: Make, clock: Clock) -> None:
    server.reply(200, b"data: " + LENIENT + b"\n\ndata: {}\n\n", Content_Type="text/event-stream")
    events = replace(GET_RUN, responses={"200": core.Content("text/event-stream", Bed, decode="events")})
    with make(api_key="k", timeout=60).stream(events, run_id="1") as stream:
        clock.pace = 0.5
        with pytest.raises(core.InvalidResponse) as caught:
            next(stream)
        message = f"200 OK from GET {server.url}/runs/1, but the data of event 1 cannot be read within 60 s"
        assert (str(caught.value), caught.value.content) == (message, LENIENT)
        assert next(stream) == Bed()
    clock.pace = 0.1
    with make(api_key="k", timeout=60).stream(events, run_id="1") as stream:
        assert list(stream) == [Bed(plants=[1] * 200), Bed()]


def test_the_error_of_a_server_is_raised_although_its_body_takes_too_long(
    server: Loopback, call: Call, clock: Clock
) -> None:
    server.reply(500, LENIENT, Content_Type="application/json")
    clock.pace = 0.5
    with pytest.raises(core.ServerError) as caught:
        call("call", GET_BED, run_id="1", client={"timeout": 60})
    assert caught.value.body is None
    clock.pace = 0.1
    with pytest.raises(core.ServerError) as caught:
        call("call", GET_BED, run_id="1", client={"timeout": 60})
    assert caught.value.body == Bed(plants=[1] * 200)


def test_reading_without_a_call_has_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(_time_limit, "time", clock)
    webhook = core.Webhook[Any]("planted", Bed)
    clock.pace = 0.5
    with pytest.raises(core.InvalidResponse, match=r"^the document cannot be read: it was not read within 60 s$"):
        core.decode(LENIENT, Bed)
    with pytest.raises(
        core.InvalidResponse, match=r"^the body of planted cannot be read: it was not read within 60 s$"
    ):
        webhook.read(LENIENT)
    clock.pace = 0.1
    assert core.decode(LENIENT, Bed).parsed == webhook.read(LENIENT) == Bed(plants=[1] * 200)
