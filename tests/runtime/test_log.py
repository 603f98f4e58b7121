"""The messages of the logger `workflow_client_core`."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
from hypothesis import given
from hypothesis import strategies as st

from tests.loopback import Loopback, Reply, json_reply
from tests.runtime.example_api import ExampleClient

Call = Callable[..., Any]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    texts = [record.getMessage() for record in caplog.records if record.name == "workflow_client_core"]
    return [re.sub(r"\d+\.\d{3} s", "N s", text) for text in texts]


def test_every_attempt_is_logged_at_debug_level(server: Loopback, call: Call, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.reply_in_turn(Reply(503), Reply(raw=b""), json_reply({"id": "1"}))
    client = {"api_key": None, "query_key": "canary", "retry": core.Retry(initial=0.01, minimum=0.0)}
    call("get_run", "1", limit=2, client=client)
    place = f"GET {server.url}/runs/1?limit=2&key=***"
    assert lines(caplog) == [
        f"{place}: 503, attempt 1, N s; next attempt in N s",
        f"{place}: ConnectionFailed, attempt 2, N s; next attempt in N s",
        f"{place}: 200, attempt 3, N s",
    ]
    assert {r.levelno for r in caplog.records if r.name == "workflow_client_core"} == {logging.DEBUG}


def test_above_debug_level_nothing_is_logged(server: Loopback, call: Call, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    server.reply(200, {"id": "1"})
    call("get_run", "1")
    assert not lines(caplog)


# Fields

FIELDS = {
    "http_operation": str,
    "http_method": str,
    "http_url": str,
    "http_status": int,
    "http_error": str,
    "http_request_id": str,
    "http_attempt": int,
    "http_elapsed": float,
    "http_delay": float,
}


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What a record has beside what every record has."""
    usual = vars(logging.LogRecord("", 0, "", 0, "", (), None))
    return {name: value for name, value in vars(record).items() if name not in {*usual, "message", "asctime"}}


@contextmanager
def logged() -> Iterator[list[logging.LogRecord]]:
    """The records that the core logs meanwhile."""
    records: list[logging.LogRecord] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    logger, collector = logging.getLogger("workflow_client_core"), Collector()
    logger.addHandler(collector)
    logger.setLevel(logging.DEBUG)
    try:
        yield records
    finally:
        logger.removeHandler(collector)
        logger.setLevel(logging.NOTSET)


def test_a_record_has_fields(server: Loopback, call: Call) -> None:
    server.reply_in_turn(
        Reply(503, headers={"X-Request-Id": "r-1"}),
        Reply(raw=b""),
        Reply(raw=b"HTTP/1.1 200 OK\r\nRequest-Id: r-2\r\nContent-Length: 9\r\n\r\n{"),
        json_reply({"id": "1"}),
    )
    with logged() as records:
        call(
            "get_run",
            "1",
            limit=2,
            client={
                "api_key": None,
                "query_key": "s3cr3t",
                "retry": core.Retry(max_retries=3, initial=0.01, minimum=0.0),
            },
        )
    place = {"http_operation": "get_run", "http_method": "GET", "http_url": f"{server.url}/runs/1?limit=2&key=***"}
    ends = [(503, None, "r-1"), (None, "ConnectionFailed", None), (200, "InvalidResponse", "r-2"), (200, None, None)]
    for number, (record, (status, error, request_id)) in enumerate(zip(records, ends, strict=True), 1):
        actual = fields(record)
        assert {name: actual[name] for name in place} == place
        assert (actual["http_status"], actual["http_error"], actual["http_request_id"]) == (status, error, request_id)
        assert actual["http_attempt"] == number
        assert (actual["http_delay"] is None) is (number == 4)
        assert f"{actual['http_elapsed']:.3f} s" in record.getMessage()
        assert actual.keys() == FIELDS.keys()
        assert all(value is None or type(value) is FIELDS[name] for name, value in actual.items())


def test_fields_are_for_formatters(server: Loopback, call: Call) -> None:
    server.reply(200, {"id": "1"})
    with logged() as records:
        call("get_run", "1")
    line = logging.Formatter("%(http_operation)s %(http_status)d %(http_attempt)d %(http_error)s").format(records[0])
    assert line == "get_run 200 1 None"
    assert json.loads(json.dumps(fields(records[0])))["http_url"] == f"{server.url}/runs/1"


@pytest.mark.parametrize("name", FIELDS)
def test_records_of_a_program_may_have_such_an_attribute(
    server: Loopback, call: Call, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    usual = logging.getLogRecordFactory()

    def factory(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = usual(*args, **kwargs)
        setattr(record, name, "of the program")
        return record

    server.reply(200, {"id": "1"})
    logging.setLogRecordFactory(factory)
    try:
        with logged() as records:
            call("get_run", "1")
    finally:
        logging.setLogRecordFactory(usual)
    assert [record.getMessage().partition(":")[0] for record in records] == ["GET http"]
    assert fields(records[0]) == {name: "of the program"}


@given(
    secret=st.from_regex(r"[!-~]{8,40}", fullmatch=True).filter(lambda text: not {*'",;\\*'} & {*text}),
    argument=st.sampled_from(["api_key", "access_token", "query_key", "session", "login"]),
    status=st.sampled_from([200, 401, 503]),
)
def test_no_field_has_a_secret(secret: str, argument: str, status: int) -> None:
    def echo(request: httpx2.Request) -> httpx2.Response:
        sent = " ".join([request.url.query.decode(), *request.headers.values()])
        return httpx2.Response(status, json={"id": "1"}, headers={"X-Request-Id": sent, "Request-Id": secret})

    settings: dict[str, Any] = {argument: f"u:{secret}" if argument == "login" else secret}
    with (
        logged() as records,
        ExampleClient(transport=httpx2.MockTransport(echo), retry=core.Retry(max_retries=0), **settings) as client,
        suppress(core.StatusError),
    ):
        client.get_run("1")
    assert fields(records[0])["http_request_id"]
    assert secret not in repr(fields(records[0])) + records[0].getMessage()
