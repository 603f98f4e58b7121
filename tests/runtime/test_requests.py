"""What goes over the wire for which arguments."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback
from tests.runtime.example_api import DELETE_RUN, GET_RUN, ExampleClient, Run, RunStatus

Call = Callable[..., Any]
Make = Callable[..., ExampleClient]


class Color(enum.Enum):
    RED = "red"


def operation(*parameters: core.Parameter, path: str = "/x") -> core.Operation[Any]:
    return core.Operation(name="do", method="GET", path=path, parameters=parameters, responses={"200": None})


def test_a_call_is_a_plain_request(server: Loopback, call: Call) -> None:
    server.reply(200, {"id": "1"})
    call("get_run", "run-1", limit=5)
    assert (server.last.method, server.last.target, server.last.body) == ("GET", "/runs/run-1?limit=5", b"")
    assert server.last.headers["user-agent"] == "workflow-client-example/0.1.0"
    assert server.last.headers["accept"] == "application/json, application/problem+json"
    assert "content-type" not in server.last.headers


def test_a_body_is_json(server: Loopback, call: Call) -> None:
    server.reply(201, {"id": "1"})
    call("start_run", Run(id="ü", status=RunStatus("paused")))
    assert server.last.method == "POST"
    assert server.last.headers["content-type"] == "application/json"
    assert server.last.body == '{"id":"ü","status":"paused"}'.encode()


VALUES = [
    ("text", "text"),
    (5, "5"),
    (1.5, "1.5"),
    (Decimal("0.10"), "0.10"),
    (True, "true"),
    (False, "false"),
    (Color.RED, "red"),
    (RunStatus.RUNNING, "running"),
    (RunStatus("paused"), "paused"),
    (UUID("12345678-1234-5678-1234-567812345678"), "12345678-1234-5678-1234-567812345678"),
    (date(2026, 1, 31), "2026-01-31"),
    (datetime(2026, 1, 31, 12, 0, tzinfo=UTC), "2026-01-31T12%3A00%3A00Z"),
    (
        datetime(2026, 1, 31, 12, 0, 0, 500000, tzinfo=timezone(timedelta(hours=2))),
        "2026-01-31T12%3A00%3A00.500000%2B02%3A00",
    ),
    ("a b+c&d=e/f?g#h%20ü", "a%20b%2Bc%26d%3De%2Ff%3Fg%23h%2520%C3%BC"),
    (["a", "b,c"], "a,b%2Cc"),
    (("a", 1, True), "a,1,true"),
]


@pytest.mark.parametrize(("value", "written"), VALUES)
def test_values_in_path_and_query_are_percent_encoded(
    server: Loopback, value: object, written: str, make: Make
) -> None:
    both = operation(
        core.Parameter("p", wire="P", location="path"),
        core.Parameter("q", wire="q[]", location="query"),
        path="/x/{P}/y",
    )
    server.reply(200)
    make(api_key="k").call(both, p=value, q=value)
    assert server.last.target == f"/x/{written}/y?q%5B%5D={written}"


def test_lists_are_repeated_where_the_api_says_so(server: Loopback, make: Make) -> None:
    exploding = operation(core.Parameter("tag", wire="tag", location="query", explode=True))
    server.reply(200)
    client = make(api_key="k")
    client.call(exploding, tag=["a", "b&c"])
    assert server.last.target == "/x?tag=a&tag=b%26c"
    client.call(exploding, tag=[])
    assert server.last.target == "/x"


def test_headers_and_cookies(server: Loopback, make: Make) -> None:
    both = operation(
        core.Parameter("h", wire="X-H", location="header"),
        core.Parameter("c", wire="c", location="cookie"),
        core.Parameter("d", wire="d", location="cookie"),
    )
    server.reply(200)
    make(api_key="k").call(both, h=[1, True], c="a; b", d="x=")
    assert server.last.headers["x-h"] == "1,true"
    assert server.last.headers["cookie"] == "c=a%3B%20b; d=x="


@pytest.mark.parametrize("value", [None, core.UNSET])
def test_what_is_not_given_is_left_out(server: Loopback, value: object, make: Make) -> None:
    optional = operation(
        core.Parameter("q", wire="q", location="query"),
        core.Parameter("h", wire="X-H", location="header"),
        core.Parameter("c", wire="c", location="cookie"),
    )
    server.reply(200)
    make(api_key="k").call(optional, q=value, h=value, c=value)
    assert server.last.target == "/x"
    assert not {"x-h", "cookie"} & server.last.headers.keys()


@pytest.mark.parametrize("value", ["", ".", "..", None, core.UNSET, []])
def test_identifiers_that_would_reach_another_path_are_refused(server: Loopback, call: Call, value: object) -> None:
    with pytest.raises(ValueError, match=r"run_id cannot be .*: it would change the path of the request"):
        call("get_run", value)
    assert not server.requests


def test_dots_side_by_side_are_refused_too(server: Loopback, make: Make) -> None:
    pair = operation(
        core.Parameter("a", wire="a", location="path"), core.Parameter("b", wire="b", location="path"), path="/x/{a}{b}"
    )
    with pytest.raises(ValueError, match=r"the arguments of do would change|a cannot be"):
        make(api_key="k").call(pair, a=".", b=".")


@pytest.mark.parametrize("value", ["../admin", "a/b", "%2e%2e", "%2F", "..;", " ", "a?b", "\\", "..."])
def test_strange_identifiers_stay_one_segment(server: Loopback, value: str, make: Make) -> None:
    server.reply(200, {"id": "1"})
    make(api_key="k").get_run(value)
    path = server.last.target
    assert path.startswith("/runs/")
    assert path.count("/") == 2
    assert "?" not in path


@pytest.mark.parametrize("location", ["path", "query", "header", "cookie"])
@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\x00", "\t", "a\n", "a\x7f", "a\x85", ["a", "\n"]])
def test_control_characters_are_refused_in_every_parameter(
    server: Loopback, location: Any, value: object, make: Make
) -> None:
    anywhere = operation(core.Parameter("p", wire="p", location=location), path="/x/{p}")
    with pytest.raises(ValueError, match=r"^p holds a control character, such as a line end$"):
        make(api_key="k").call(anywhere, p=value)
    assert not server.requests


def test_half_a_surrogate_pair_is_refused(server: Loopback, make: Make) -> None:
    with pytest.raises(ValueError, match="run_id holds half of a surrogate pair"):
        make(api_key="k").get_run("\ud800")
    assert not server.requests


@pytest.mark.parametrize("value", ["ü", " a", "a "])
def test_what_cannot_be_a_header_is_refused(server: Loopback, value: str, make: Make) -> None:
    headed = operation(core.Parameter("h", wire="X-H", location="header"))
    with pytest.raises(ValueError) as caught:
        make(api_key="k").call(headed, h=value)
    assert str(caught.value) == ("h cannot be sent in a header: it must be printable ASCII without blanks at its ends")
    assert not server.requests


def test_a_moment_needs_a_time_zone(server: Loopback, make: Make) -> None:
    with pytest.raises(ValueError, match="limit needs a time zone: 2026-01-31T12:00:00 could be any instant"):
        make(api_key="k").call(GET_RUN, run_id="1", limit=datetime(2026, 1, 31, 12))


@pytest.mark.parametrize("value", [object(), [object()], {"a": object()}, 1j])
def test_other_kinds_of_values_have_no_place_in_a_parameter(server: Loopback, value: object, make: Make) -> None:
    with pytest.raises(TypeError, match="limit cannot be a"):
        make(api_key="k").call(GET_RUN, run_id="1", limit=value)


def test_where_no_content_is_documented_any_is_accepted(server: Loopback, make: Make) -> None:
    server.reply(204)
    make(api_key="k").call(replace(DELETE_RUN, responses={"204": None}), run_id="1")
    assert server.last.headers["accept"] == "*/*"


def test_what_no_header_can_hold_is_not_asked_for(server: Loopback, make: Make) -> None:
    names = ("text/\xe9", "a/b; c=d\r\nX-Evil: 1", "text/plain ", "text/plain")
    contents = {str(200 + number): core.Content(name, str, "text") for number, name in enumerate(names)}
    server.reply(204)
    make(api_key="k").call(replace(DELETE_RUN, responses={**contents, "204": None}), run_id="1")
    assert server.last.headers["accept"] == "text/plain"
