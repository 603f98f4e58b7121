"""What a call raises, and what the error says."""

from __future__ import annotations

import copy
import pickle
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx2
import pytest
import workflow_client_core as core

from tests.loopback import Loopback, Reply
from tests.runtime.example_api import ExampleClient, Problem

Call = Callable[..., Any]
Make = Callable[..., ExampleClient]

CLASSES = [
    (300, core.StatusError),
    (304, core.StatusError),
    (400, core.BadRequest),
    (401, core.Unauthorized),
    (402, core.StatusError),
    (403, core.Forbidden),
    (404, core.NotFound),
    (408, core.StatusError),
    (409, core.Conflict),
    (410, core.StatusError),
    (422, core.UnprocessableEntity),
    (429, core.RateLimited),
    (500, core.ServerError),
    (503, core.ServerError),
    (520, core.ServerError),
    (599, core.ServerError),
    (700, core.StatusError),
]


@pytest.mark.parametrize(("status", "error_class"), CLASSES)
def test_every_status_has_its_class(
    server: Loopback, call: Call, status: int, error_class: type[core.StatusError]
) -> None:
    server.reply(status)
    with pytest.raises(core.StatusError) as caught:
        call("delete_run", "1")
    assert type(caught.value) is error_class
    assert caught.value.status == status
    assert isinstance(caught.value, core.ApiError)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 507, 520, 524, 599])
def test_statuses_that_may_pass(server: Loopback, call: Call, status: int) -> None:
    server.reply(status)
    with pytest.raises(core.StatusError) as caught:
        call("delete_run", "1")
    assert caught.value.transient


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "60"}, 60.0),
        ({"Retry_After": "60", "X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "784111777"}, 60.0),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "2145916800"}, None),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "1000000000"}, 0.0),
    ],
)
def test_a_403_that_says_when_to_ask_again_is_about_too_many_requests(
    server: Loopback, call: Call, headers: dict[str, str], seconds: float | None
) -> None:
    server.reply(403, **headers)
    with pytest.raises(core.RateLimited) as caught:
        call("delete_run", "1")
    until_2038 = 2145916800 - time.time()
    assert caught.value.retry_after == pytest.approx(until_2038 if seconds is None else seconds, abs=5)
    assert caught.value.transient
    assert pickle.loads(pickle.dumps(caught.value)).transient is True


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (403, {"X_RateLimit_Remaining": "1", "X_RateLimit_Reset": "2145916800"}),
        (403, {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "60"}),
        (403, {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "soon"}),
        (403, {"X_RateLimit_Remaining": "0"}),
        (503, {"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "2145916800"}),
    ],
)
def test_other_counts_of_requests_say_nothing(
    server: Loopback, call: Call, status: int, headers: dict[str, str]
) -> None:
    server.reply(status, **headers)
    with pytest.raises(core.StatusError) as caught:
        call("delete_run", "1")
    assert caught.value.retry_after is None
    assert not isinstance(caught.value, core.RateLimited)


@pytest.mark.parametrize("status", [300, 304, 400, 401, 403, 404, 407, 409, 410, 422, 451, 501, 505, 511, 600, 700])
def test_statuses_that_do_not_pass_by_themselves(server: Loopback, call: Call, status: int) -> None:
    server.reply(status)
    with pytest.raises(core.StatusError) as caught:
        call("delete_run", "1")
    assert not caught.value.transient
    assert pickle.loads(pickle.dumps(caught.value)).transient is False


def test_a_status_error_tells_everything(server: Loopback, call: Call) -> None:
    problem = {"title": "No such run", "detail": "run-1 is gone"}
    server.reply(404, problem, Content_Type="application/problem+json", X_Request_Id="r-7")
    with pytest.raises(core.NotFound) as caught:
        call("get_run", "run-1", limit=3)
    error = caught.value
    assert str(error) == f"404 Not Found from GET {server.url}/runs/run-1: No such run: run-1 is gone"
    assert error.body == Problem(title="No such run", detail="run-1 is gone")
    assert error.content == b'{"title":"No such run","detail":"run-1 is gone"}'
    assert error.headers["x-request-id"] == "r-7"
    assert (error.operation, error.method) == ("get_run", "GET")
    assert error.url == f"{server.url}/runs/run-1?limit=3"
    assert error.retry_after is None


def test_the_error_model_comes_from_the_status_its_range_or_the_default(server: Loopback, call: Call) -> None:
    server.reply(502, {"title": "t"})
    with pytest.raises(core.ServerError) as caught:
        call("get_run", "1")
    assert caught.value.body == Problem(title="t")
    with pytest.raises(core.ServerError) as caught:
        call("delete_run", "1")
    assert caught.value.body == Problem(title="t")
    server.reply(400, {"title": "t"})
    with pytest.raises(core.BadRequest) as caught_bad:
        call("get_run", "1")
    assert caught_bad.value.body is None, "undocumented"


@pytest.mark.parametrize(
    ("body", "content_type"), [(b"<html>", "text/html"), (b"{", "application/json"), (b"", ""), (b'["title"]', "")]
)
def test_an_error_body_that_does_not_fit_is_none(server: Loopback, call: Call, body: bytes, content_type: str) -> None:
    server.reply(404, body, **({"Content_Type": content_type} if content_type else {}))
    with pytest.raises(core.NotFound) as caught:
        call("get_run", "1")
    assert caught.value.body is None
    assert caught.value.content == body
    assert str(caught.value) == f"404 Not Found from GET {server.url}/runs/1"


DETAILS = [
    ({"message": "no"}, ": no"),
    ({"error": "no"}, ": no"),
    ({"error": {"message": "no", "code": 1}}, ": no"),
    ({"status": "error", "errorCode": "NOT_FOUND"}, ": NOT_FOUND"),
    ({"status": {"code": 404, "user_message": "no"}, "data": None}, ": no"),
    ({"exception_message": "no", "exception_detail": []}, ": no"),
    (
        {"detail": [{"loc": ["path", "id"], "msg": "no"}, {"loc": ["query", 0], "msg": "no"}]},
        ": path/id no: query/0 no",
    ),
    ({"detail": [7, {"msg": "no"}, {"loc": [], "msg": 7}, {"loc": "path", "msg": "no"}]}, ""),
    ({"title": "Gone", "detail": "Gone", "message": "for good"}, ": Gone: for good"),
    ({"message": "two\nlines\x1b[31m"}, ": two lines [31m"),
    ({"message": "x" * 500}, ": " + "x" * 200 + "..."),
    ({"message": 7}, ""),
    (["no"], ""),
]


@pytest.mark.parametrize(("body", "detail"), DETAILS)
def test_the_message_quotes_what_the_server_says(server: Loopback, call: Call, body: object, detail: str) -> None:
    server.reply(400, body)
    with pytest.raises(core.BadRequest) as caught:
        call("get_run", "1")
    assert str(caught.value) == f"400 Bad Request from GET {server.url}/runs/1{detail}"


def test_a_status_without_a_name_is_a_number(server: Loopback, call: Call) -> None:
    server.reply(520)
    with pytest.raises(core.ServerError) as caught:
        call("get_run", "1")
    assert str(caught.value) == f"520 from GET {server.url}/runs/1"


def test_redirects_are_not_followed_but_named(server: Loopback, call: Call) -> None:
    server.reply(302, Location="https://me:word@other.example/login?token=t#f")
    with pytest.raises(core.StatusError) as caught:
        call("get_run", "1")
    assert str(caught.value) == (
        f"302 Found from GET {server.url}/runs/1: redirects are not followed, and this one leads to"
        " https://other.example/login"
    )
    assert len(server.requests) == 1


def test_a_relative_redirect_is_named_in_full(server: Loopback, call: Call) -> None:
    server.reply(307, Location="../v2/runs/1")
    with pytest.raises(core.StatusError, match=f"leads to {server.url}/v2/runs/1$"):
        call("get_run", "1")


def test_redirects_are_not_followed_by_an_injected_client_either(server: Loopback, make: Make) -> None:
    server.reply(302, Location=f"{server.url}/elsewhere")
    with httpx2.Client(follow_redirects=True) as http, pytest.raises(core.StatusError):
        make(api_key="k", http_client=http).get_run("1")
    assert [request.target for request in server.requests] == ["/runs/1"]


@pytest.mark.parametrize(
    ("value", "lowest", "highest"),
    [
        ("0", 0, 0),
        ("120", 120, 120),
        ("1.5", 1.5, 1.5),
        (" 7 ", 7, 7),
        ("9" * 400, 2**31, 2**31),
        ("5, 7", 7, 7),
        ("Sun Nov  6 08:49:37 1994", 0, 0),
    ],
)
def test_retry_after_is_seconds(server: Loopback, call: Call, value: str, lowest: float, highest: float) -> None:
    server.reply(429, Retry_After=value)
    with pytest.raises(core.RateLimited) as caught:
        call("get_run", "1")
    assert caught.value.retry_after is not None
    assert lowest <= caught.value.retry_after <= highest


@pytest.mark.parametrize(("seconds", "lowest", "highest"), [(60, 50, 61), (-60, 0, 0)])
def test_retry_after_may_be_a_date(server: Loopback, call: Call, seconds: float, lowest: float, highest: float) -> None:
    date = datetime.now(UTC) + timedelta(seconds=seconds)
    server.reply(503, Retry_After=format_datetime(date, usegmt=True))
    with pytest.raises(core.ServerError) as caught:
        call("get_run", "1")
    assert caught.value.retry_after is not None
    assert lowest <= caught.value.retry_after <= highest


def test_retry_after_as_a_date_is_judged_by_the_clock_of_the_server(server: Loopback, make: Make) -> None:
    answer = (
        b"HTTP/1.1 503 X\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\n\r\n"
    )
    server.respond = lambda _: Reply(raw=answer)
    with pytest.raises(core.ServerError) as caught:
        make(api_key="k").get_run("1")
    assert caught.value.retry_after == 30.0


@pytest.mark.parametrize("value", ["", "-5", "soon", "nan", "inf", "1e3", "1, x", "Mon, 99 Nov 2026 00:00:00 GMT"])
def test_a_retry_after_without_sense_is_none(server: Loopback, value: str, make: Make) -> None:
    server.reply(429, Retry_After=value)
    with pytest.raises(core.RateLimited) as caught:
        make(api_key="k").get_run("1")
    assert caught.value.retry_after is None


def test_nobody_listens(call: Call) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(core.ConnectionFailed) as caught:
            call("get_run", "1", client={"base_url": url})
    error = caught.value
    assert str(error).startswith(f"GET {url}/runs/1 failed: ")
    assert isinstance(error.__cause__, httpx2.ConnectError)
    assert (error.operation, error.method, error.url) == ("get_run", "GET", f"{url}/runs/1")


@pytest.mark.parametrize("raw", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Le"])
def test_a_response_that_breaks_off_is_a_failed_connection(server: Loopback, call: Call, raw: bytes) -> None:
    server.respond = lambda _: Reply(raw=raw)
    with pytest.raises(core.ConnectionFailed):
        call("get_run", "1")


def test_a_bad_status_counts_even_if_its_body_is_broken(server: Loopback, call: Call) -> None:
    server.respond = lambda _: Reply(raw=b"HTTP/1.1 429 X\r\nRetry-After: 3\r\nContent-Length: 99\r\n\r\n{")
    with pytest.raises(core.RateLimited) as caught:
        call("get_run", "1")
    assert caught.value.retry_after == 3.0
    server.reply(503, b"not gzip", Content_Encoding="gzip")
    with pytest.raises(core.ServerError):
        call("get_run", "1")


def test_a_slow_server_runs_into_the_time_limit(server: Loopback, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    class StoppedClock:
        def monotonic(self) -> float:
            return 0.0

    # However busy the machine is, no time passes until there is a connection.
    monkeypatch.setattr("workflow_client_core._connections.waiting.time", StoppedClock())
    server.respond = lambda _: Reply(delay=0.5)
    with pytest.raises(core.RequestTimeout) as caught:
        call("get_run", "1", client={"timeout": 0.2})
    assert str(caught.value) == f"GET {server.url}/runs/1 timed out: no whole response within 0.2 s"


@pytest.mark.parametrize("copied", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy])
def test_errors_cross_process_borders(server: Loopback, copied: Callable[[Any], Any], make: Make) -> None:
    server.reply(404, {"title": "t"}, Retry_After="3")
    with pytest.raises(core.NotFound) as caught:
        make(api_key="k").get_run("1")
    twin = copied(caught.value)
    assert type(twin) is core.NotFound
    assert str(twin) == str(caught.value)
    assert (twin.status, twin.body, twin.retry_after, twin.url) == (
        404,
        Problem(title="t"),
        3.0,
        caught.value.url,
    )
    assert twin.headers["RETRY-AFTER"] == "3"
