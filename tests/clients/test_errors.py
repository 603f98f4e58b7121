"""Every status that is not a success raises its class, with the whole response; None is never returned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import msgspec
import pytest
import workflow_client_core as core
from msgspec import UNSET

from tests.clients.documented import assembled, document, documented_success, examples
from tests.clients.providers import ANON, COPYAI, DIFY, JUO, PROVIDERS, TAMTAM, Call, Connect, Provider
from tests.loopback import Loopback, Reply

UNDOCUMENTED = [
    (401, core.Unauthorized, "401 Unauthorized"),
    (403, core.Forbidden, "403 Forbidden"),
    (409, core.Conflict, "409 Conflict"),
    (418, core.StatusError, "418 I'm a Teapot"),
    (422, core.UnprocessableEntity, "422 Unprocessable Content"),
    (429, core.RateLimited, "429 Too Many Requests"),
    (500, core.ServerError, "500 Internal Server Error"),
    (503, core.ServerError, "503 Service Unavailable"),
    (520, core.ServerError, "520"),
]

PROBLEM = {
    **assembled(TAMTAM, "ErrorModel"),
    "errors": [
        {"location": "path.UserWorkflowRunID", "message": "expected a UUID", "value": ["b3c6"]},
        {"message": "and another thing"},
    ],
}


def place(server: Loopback, provider: Provider) -> str:
    return f"GET {server.url}{provider.target()}"


def test_every_documented_error_is_tested_here() -> None:
    assert {
        (provider.name, status)
        for provider in PROVIDERS
        for item in document(provider)["paths"].values()
        for status in item["get"]["responses"]
        if status != "200"
    } == {("dify", "404"), ("copyai", "400"), ("copyai", "404"), ("tamtam", "default")}


def test_dify_documents_404_without_a_body(server: Loopback, call: Call) -> None:
    server.reply(404, {"code": "not_found", "message": "Workflow run not found.", "status": 404}, X_Trace_Id="t-1")
    with pytest.raises(core.NotFound) as caught:
        call(DIFY)
    error = caught.value
    assert str(error) == f"404 Not Found from {place(server, DIFY)}: Workflow run not found."
    assert (error.status, error.body, error.headers["x-trace-id"]) == (404, None, "t-1")
    assert (error.operation, error.method) == ("get_workflow_run_detail", "GET")
    assert error.url == f"{server.url}{DIFY.target()}"
    assert msgspec.json.decode(error.content)["code"] == "not_found"


def test_copyai_documents_404_with_an_error_code(server: Loopback, call: Call) -> None:
    server.reply(404, examples(COPYAI)["404 notFound"], X_Request_Id="r-1")
    models = COPYAI.models
    with pytest.raises(core.NotFound) as caught:
        call(COPYAI)
    error = caught.value
    assert type(error.body) is models.ErrorResponse
    assert error.body.status == "error"
    assert error.body.error_code == "NOT_FOUND"
    assert str(error) == f"404 Not Found from {place(server, COPYAI)}: NOT_FOUND"
    assert (error.status, error.headers["X-REQUEST-ID"], error.retry_after) == (404, "r-1", None)


def test_copyai_documents_400_without_a_body(server: Loopback, call: Call) -> None:
    server.reply(400, {"status": "error", "errorCode": "BAD_REQUEST"})
    with pytest.raises(core.BadRequest) as caught:
        call(COPYAI)
    assert str(caught.value) == f"400 Bad Request from {place(server, COPYAI)}: BAD_REQUEST"
    assert (caught.value.status, caught.value.body) == (400, None)


@pytest.mark.parametrize(
    ("status", "kind_of_error"),
    [
        (400, core.BadRequest),
        (404, core.NotFound),
        (422, core.UnprocessableEntity),
        (429, core.RateLimited),
        (500, core.ServerError),
        (520, core.ServerError),
    ],
)
def test_tamtam_documents_one_problem_for_every_status(
    server: Loopback, call: Call, status: int, kind_of_error: type[core.StatusError]
) -> None:
    server.reply(status, PROBLEM, Content_Type="application/problem+json", Retry_After="700")
    with pytest.raises(core.StatusError) as caught:
        call(TAMTAM)
    error = caught.value
    assert type(error) is kind_of_error
    assert (error.status, error.retry_after) == (status, 700.0)
    assert error.headers["content-type"] == "application/problem+json"
    assert str(error).endswith(f" from {place(server, TAMTAM)}: Bad Request: Property foo is required but is missing.")
    models = TAMTAM.models
    assert error.body == models.ErrorModel(
        title="Bad Request",
        detail="Property foo is required but is missing.",
        status=400,
        type_="https://example.com/errors/example",
        instance="https://example.com/error-log/abc123",
        errors=[
            models.ErrorDetail(location="path.UserWorkflowRunID", message="expected a UUID", value=["b3c6"]),
            models.ErrorDetail(message="and another thing"),
        ],
    )


def test_tamtam_problem_may_be_as_short_as_it_likes(server: Loopback, call: Call) -> None:
    server.reply(404, {"errors": None}, Content_Type="application/problem+json; charset=utf-8")
    with pytest.raises(core.NotFound) as caught:
        call(TAMTAM)
    body = caught.value.body
    assert (body.errors, body.title, body.detail, body.status, body.type_) == (None, UNSET, UNSET, UNSET, UNSET)
    assert str(caught.value) == f"404 Not Found from {place(server, TAMTAM)}"


def test_tamtam_error_that_is_not_a_problem_document(server: Loopback, call: Call) -> None:
    server.reply(502, b"<h1>Bad Gateway</h1>", Content_Type="text/html")
    with pytest.raises(core.ServerError) as caught:
        call(TAMTAM)
    assert (caught.value.body, caught.value.content) == (None, b"<h1>Bad Gateway</h1>")


def test_an_undocumented_status_raises_its_class(server: Loopback, connect: Connect, provider: Provider) -> None:
    get = connect(provider)
    for status, kind_of_error, status_text in UNDOCUMENTED:
        server.reply(status, {"message": "no"}, X_Request_Id=f"r-{status}")
        with pytest.raises(core.StatusError) as caught:
            get()
        error = caught.value
        assert (type(error), error.status) == (kind_of_error, status)
        assert str(error) == f"{status_text} from {place(server, provider)}: no"
        assert error.headers["x-request-id"] == f"r-{status}"
        assert error.content == b'{"message":"no"}'
        # Tamtam's default response documents every status; `message` is none of its fields.
        assert error.body == (TAMTAM.models.ErrorModel() if provider is TAMTAM else None)
        assert error.retry_after is None


def test_retry_after_in_seconds(server: Loopback, call: Call, provider: Provider) -> None:
    server.reply(429, Retry_After="120")
    with pytest.raises(core.RateLimited) as caught:
        call(provider)
    assert (caught.value.status, caught.value.retry_after, caught.value.headers["retry-after"]) == (429, 120.0, "120")


def test_retry_after_as_a_date(server: Loopback, call: Call, provider: Provider) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=600), usegmt=True)
    server.reply(429, Retry_After=date)
    with pytest.raises(core.RateLimited) as caught:
        call(provider)
    assert caught.value.headers["retry-after"] == date
    assert caught.value.retry_after == pytest.approx(600, abs=15)


def test_a_redirect_is_an_error_and_nothing_follows_it(server: Loopback, call: Call, provider: Provider) -> None:
    with Loopback() as elsewhere:
        server.reply(302, Location=f"{elsewhere.url}/login")
        with pytest.raises(core.StatusError, match="redirects are not followed") as caught:
            call(provider)
        assert caught.value.status == 302
        assert (len(server.requests), elsewhere.requests) == (1, [])


JSON = {"Content_Type": "application/json"}
NOT_AN_ANSWER: list[tuple[int, bytes, dict[str, str]]] = [
    (204, b"", {}),
    (200, b"", {}),
    (200, b"null", JSON),
    (200, b'"RUNNING"', JSON),
    (200, b'{"status": ', JSON),
    (200, b"<p>Please log in</p>", {"Content_Type": "text/html"}),
]


def test_a_success_that_is_not_an_answer_is_an_invalid_response(
    server: Loopback, connect: Connect, provider: Provider
) -> None:
    get = connect(provider)
    for status, body, headers in NOT_AN_ANSWER:
        server.reply(status, body, **headers)
        with pytest.raises(core.InvalidResponse) as caught:
            get()
        assert (caught.value.status, caught.value.content) == (status, body)


@pytest.mark.parametrize(
    ("strict", "change", "named"),
    [
        (JUO, {"pendingInteraction": {}}, ["pendingInteraction", "interactionId"]),
        (ANON, {"createdAt": "yesterday"}, ["createdAt", "date"]),
        (TAMTAM, {"Steps": [{}]}, ["Steps", "0", "CreatedAt"]),
        (COPYAI, {"data": 7}, ["data", "object"]),
    ],
    ids=["juo", "anon", "tamtam", "copyai"],
)
def test_an_invalid_response_says_what_does_not_fit_and_where(
    server: Loopback, call: Call, strict: Provider, change: dict[str, object], named: list[str]
) -> None:
    server.reply(200, {**documented_success(strict), **change})
    with pytest.raises(core.InvalidResponse) as caught:
        call(strict)
    address, _, reason = str(caught.value).partition(", but ")
    assert address == f"200 OK from {place(server, strict)}"
    assert [name for name in named if name not in reason] == []


def test_a_broken_connection_is_an_error_of_the_same_family(server: Loopback, call: Call, provider: Provider) -> None:
    server.respond = lambda _: Reply(raw=b"")
    with pytest.raises(core.ConnectionFailed) as caught:
        call(provider)
    assert isinstance(caught.value, core.ApiError)
    assert str(caught.value).startswith(f"{place(server, provider)} failed: ")
