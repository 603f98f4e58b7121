"""Headers that an API documents are read by their schemas."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, UnsetType
from msgspec.structs import replace
from workflow_client_core._response.headers import documented_headers, retry_after
from workflow_client_core._response.read import read_raw
from workflow_client_core._response.response import Response

from tests.loopback import Loopback
from tests.runtime.conftest import ONCE
from tests.runtime.example_api import GET_RUN, ExampleClient, Run, RunStatus
from tests.runtime.responses import SECRET, request


class Cursor(Struct, frozen=True):
    page: int
    word: str | UnsetType = core.UNSET


def read(type_: Any, *texts: str, required: bool = False) -> tuple[Any, tuple[core.Issue, ...]]:
    """What becomes of a header that is sent once for each text; None: it is absent."""
    operation = replace(GET_RUN, headers={"200": (core.Header("X-Value", type_, required),)})
    headers = httpx2.Headers([("x-value", text) for text in texts])
    values, issues = documented_headers(operation, 200, headers, str)
    return values.get("X-VALUE"), issues


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (int, "5", 5),
        (int | None, "5", 5),
        (int, "1.0", 1),
        (float, "0.5", 0.5),
        (bool, "true", True),
        (str, "5", "5"),
        (str, '"quoted"', '"quoted"'),
        (str, "", ""),
        (str | None, "null", "null"),
        (RunStatus, "running", RunStatus.RUNNING),
        (RunStatus, "odd", RunStatus("odd")),
        (datetime, "2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (datetime, "Fri, 02 Jan 2026 03:04:05 GMT", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (date, "2026-01-02", date(2026, 1, 2)),
        (list[int], "1, 2,3", [1, 2, 3]),
        (list[int], "", []),
        (list[str], "1,b", ["1", "b"]),
        (list[str] | None, "a", ["a"]),
        (list[str], '["a,b"]', ["a,b"]),
        (int | str, "5", 5),
        (int | str, "five", "five"),
        (Cursor, '{"page": 5}', Cursor(5)),
        (Cursor, "page,5,word,6", Cursor(5, "6")),
        (Cursor, "page=5,word=6", Cursor(5, "6")),
        (dict[str, int], "a=1,b=2", {"a": 1, "b": 2}),
        (Any, "5", 5),
        (Any, "text", "text"),
    ],
)
def test_a_header_is_read_by_its_type(type_: Any, text: str, value: object) -> None:
    assert read(type_, text) == (value, ())


def test_a_header_that_was_sent_twice_is_a_list() -> None:
    assert read(list[str], "a, b", "c") == (["a", "b", "c"], ())


@pytest.mark.parametrize(
    ("type_", "text", "found"),
    [(int, "five", "text 'five'"), (int, "", "text ''"), (int, "1.5", "number 1.5"), (datetime, "now", "text 'now'")],
)
def test_what_cannot_be_read_is_an_issue_and_absent(type_: Any, text: str, found: str) -> None:
    expected = "integer" if type_ is int else "date-time"
    assert read(type_, text) == (None, (core.Issue("/X-Value", expected, found),))


def test_a_required_header_that_is_missing_is_an_issue() -> None:
    assert read(int, required=True) == (None, (core.Issue("/X-Value", "integer", "nothing"),))
    assert read(int) == (None, ())


def test_values_of_headers_that_look_secret_are_not_shown() -> None:
    operation = replace(GET_RUN, headers={"200": (core.Header("X-Session-Token", int), core.Header("X-Echo", int))})
    headers = {"X-Session-Token": "canary", "X-Echo": f"a {SECRET}"}
    response = Response(200, httpx2.Headers(headers), b'{"id": "1"}')
    raw = read_raw(operation, request(), response)
    assert [issue.pointer for issue in raw.header_issues] == ["/X-Session-Token", "/X-Echo"]
    shown = f"{raw.header_issues} {raw} {raw.documented_headers}"
    assert "canary" not in shown
    assert SECRET not in shown


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20))
def test_any_text_is_a_value_or_an_issue(text: str) -> None:
    for type_ in (int, list[int], Cursor, dict[str, int], datetime, list[Cursor], bool | None):
        value, issues = read(type_, text)
        assert value is not None or issues or text.strip() == "null"


DOCUMENTED = replace(
    GET_RUN,
    headers={
        "200": (core.Header("X-RateLimit-Remaining", int),),
        "404": (core.Header("X-Reason", str),),
        "5XX": (core.Header("X-Attempt", int),),
    },
)


class Documented(ExampleClient):
    @property
    def raw(self) -> DocumentedRaw:  # type: ignore[override]
        return DocumentedRaw(self)


class DocumentedRaw(core.RawMethods):
    def get_run(self, run_id: str) -> core.RawResponse[Run]:
        return self._call(DOCUMENTED, {"run_id": run_id})


def test_the_raw_response_and_errors_have_them(server: Loopback) -> None:
    with Documented(api_key="k", base_url=server.url, retry=ONCE) as client:
        server.reply(200, {"id": "1"}, X_RateLimit_Remaining="7", X_Reason="none")
        raw = client.raw.get_run("1")
        assert dict(raw.documented_headers) == {"X-RateLimit-Remaining": 7}
        assert raw.documented_headers["x-ratelimit-remaining"] == 7
        assert "X-Reason" not in raw.documented_headers
        assert raw.header_issues == ()
        server.reply(404, {}, X_Reason="gone", X_Attempt="1")
        with pytest.raises(core.NotFound) as caught:
            client.raw.get_run("1")
        assert dict(caught.value.documented_headers) == {"X-Reason": "gone"}
        assert dict(pickle.loads(pickle.dumps(caught.value)).documented_headers) == {"X-Reason": "gone"}
        server.reply(503, {}, X_Attempt="1")
        with pytest.raises(core.ServerError) as failed:
            client.raw.get_run("1")
        assert dict(failed.value.documented_headers) == {"X-Attempt": 1}


def test_a_response_without_documented_headers_has_none(server: Loopback) -> None:
    with ExampleClient(api_key="k", base_url=server.url) as client:
        server.reply(200, {"id": "1"}, X_Total="1")
        raw = client.raw.get_run("1")
        assert (dict(raw.documented_headers), raw.header_issues) == ({}, ())
        with pytest.raises(KeyError):
            raw.documented_headers["X-Total"]


@pytest.mark.parametrize("zone", ["+99999999999999", "-" + "9" * 400, "+-1", "GMT" * 99])
def test_a_date_whose_zone_is_not_a_number_that_fits_is_none(zone: str) -> None:
    date_time = f"Mon, 01 Jan 2000 00:00:00 {zone}"
    assert not retry_after({"retry-after": date_time})
    assert retry_after({"retry-after": "Mon, 01 Jan 2001 00:00:00 GMT", "date": date_time}) is not None
    assert read(datetime, f"Mon, 01 Jan 2000 00:00:00 +{'9' * 20}")[0] is None


NUMBERS = st.from_regex(r"[0-9]{0,20}(\.[0-9]{0,20})?", fullmatch=True) | st.text("0123456789.,+-e ", max_size=8)


@given(
    milliseconds=NUMBERS | st.text(max_size=10),
    seconds=NUMBERS | st.text(max_size=10) | st.datetimes().map(lambda moment: f"{moment:%a, %d %b %Y %H:%M:%S} GMT"),
    date=st.text(max_size=10) | st.datetimes().map(lambda moment: f"{moment:%a, %d %b %Y %H:%M:%S} GMT"),
)
def test_a_wait_is_a_number_of_seconds_that_can_be_waited(milliseconds: str, seconds: str, date: str) -> None:
    asked = retry_after({"retry-after-ms": milliseconds, "retry-after": seconds, "date": date})
    assert asked is None or 0 <= asked <= 2**31


def test_what_no_header_can_be_called_is_missing() -> None:
    operation = replace(GET_RUN, headers={"200": (core.Header("\u2028", str, True), core.Header("X-A", str, False))})
    values, issues = documented_headers(operation, 200, httpx2.Headers({"x-a": "b"}), str)
    assert (dict(values), [issue.found for issue in issues]) == ({"X-A": "b"}, ["nothing"])
