"""The raw response."""

from __future__ import annotations

import asyncio
import copy
import pickle
from typing import Any

import pytest
import workflow_client_core as core
from msgspec import UNSET
from rich.pretty import pretty_repr
from workflow_client_core._response.read import read_raw
from workflow_client_core._response.response import Response

from tests.loopback import Loopback
from tests.runtime.example_api import GET_ARCHIVE, GET_LOG, GET_RUN, AsyncExampleClient, ExampleClient, Problem, Run
from tests.runtime.responses import operation, raw, request, response

BODY = b'{"id": "1", "credits": "9001", "undeclared": {"password": "hunter2"}}'


def test_it_holds_all_that_came_and_what_was_read_of_it() -> None:
    raw_run: core.RawResponse[Run] = read_raw(GET_RUN, request(), response(BODY))
    assert (raw_run.status, raw_run.content, raw_run.parsed) == (200, BODY, Run(id="1"))
    assert raw_run.headers["CONTENT-TYPE"] == "application/json"
    assert raw_run.issues == (core.Issue("/credits", "integer", "text '9001'"),)
    assert raw_run.complete, "what is lacking is optional"
    assert (raw_run.elapsed, raw_run.attempts) == (0.25, 1)
    assert (raw_run.operation, raw_run.method, raw_run.url) == ("get_run", "GET", "https://api.example.com/runs/1")


def test_undeclared_properties_are_reached_by_the_document() -> None:
    raw_run = raw(BODY, Run)
    assert raw_run.document["undeclared"] == {"password": "hunter2"}
    assert raw_run.document is raw_run.document, "decoded once"


def test_required_values_can_be_missing() -> None:
    raw_run = raw(b"{}", Run)
    assert raw_run.parsed.id is UNSET
    assert not raw_run.complete
    assert [str(issue) for issue in raw_run.issues] == ["/id: expected text, found nothing"]


def test_a_client_tells_whether_a_response_is_complete(server: Loopback) -> None:
    async def run() -> bool:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            return (await client.raw.get_run("1")).complete

    for body, complete in (({"id": "1", "credits": "x"}, True), ({"credits": 1}, False)):
        server.reply(200, body)
        with ExampleClient(api_key="k", base_url=server.url) as client:
            assert client.raw.get_run("1").complete is complete
        assert asyncio.run(run()) is complete


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda r: pickle.loads(pickle.dumps(r))])
def test_it_can_be_copied_and_stored(copied: Any) -> None:
    raw_run = raw(BODY, Run)
    twin = copied(raw_run)
    assert (twin.parsed, twin.issues, twin.complete, twin.content, twin.document) == (
        raw_run.parsed,
        raw_run.issues,
        raw_run.complete,
        raw_run.content,
        raw_run.document,
    )
    with pytest.raises(AttributeError):
        twin.status = 201


@pytest.mark.parametrize("show", [repr, str, pretty_repr])
def test_it_shows_no_body_and_no_header(show: Any) -> None:
    reply = response(BODY)
    reply.headers["Set-Cookie"] = "sid=hunter2"  # type: ignore[index]  # httpx2.Headers can be changed
    shown = show(read_raw(GET_RUN, request(), reply))
    assert "hunter2" not in shown
    assert "https://api.example.com/runs/1" in shown
    assert "hunter2" not in show(reply)


def test_texts_and_files_have_no_document() -> None:
    log = read_raw(GET_LOG, request(), response(b"a line", content_type="text/plain"))
    assert (log.parsed, log.issues, log.complete) == ("a line", (), True)
    with pytest.raises(core.InvalidResponse, match="the body of get_run cannot be read: JSON is malformed") as caught:
        _ = log.document
    assert (caught.value.status, caught.value.content) == (200, b"a line")
    archive = read_raw(GET_ARCHIVE, request(), response(b"\x00\xff", content_type="application/zip"))
    assert archive.parsed == b"\x00\xff"


def test_no_content() -> None:
    nothing = core.Operation[None](name="x", method="DELETE", path="/", responses={"204": None})
    raw_nothing = read_raw(nothing, request(), Response(204, {}, b""))
    assert (raw_nothing.parsed, raw_nothing.issues, raw_nothing.attempts) == (None, (), 1)
    assert raw_nothing.complete


def test_bad_statuses_are_raised() -> None:
    with pytest.raises(core.NotFound) as caught:
        read_raw(GET_RUN, request(), response(b'{"title": 1, "detail": "gone"}', 404, "application/problem+json"))
    assert caught.value.body == Problem(detail="gone")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (response(b"<p>", content_type="text/html"), "the body is 'text/html', not application/json"),
        (response(b""), "the body cannot be read: it is empty"),
        (response(b"[]"), "the body cannot be read: expected object, found array"),
    ],
)
def test_what_is_not_a_document_at_all_is_invalid(reply: Response, reason: str) -> None:
    with pytest.raises(core.InvalidResponse) as caught:
        read_raw(GET_RUN, request(), reply)
    assert str(caught.value).endswith(f", but {reason}")


def test_a_list_is_read_leniently_too() -> None:
    answered = read_raw(operation(list[Run]), request(), response(b'[{"id": "1"}, {}, 3]'))
    assert [run.id for run in answered.parsed] == ["1", UNSET]
    assert [issue.pointer for issue in answered.issues] == ["/1/id", "/2"]


def test_credentials_are_masked_in_what_is_quoted_of_it(server: Loopback) -> None:
    server.reply(200, {"id": "k-secret", "status": "done"})
    with ExampleClient(base_url=server.url, api_key="k-secret") as client:
        answer = client.raw.get_run("1")
    assert answer.without_credentials("the run k-secret") == "the run ***"
    for again in (copy.copy(answer), copy.deepcopy(answer), pickle.loads(pickle.dumps(answer))):
        assert again.without_credentials("the run k-1") == "the run k-1"
    plain = core.RawResponse(200, {}, b"{}", None)
    assert plain.without_credentials("the run k-secret") == "the run k-secret"
