"""Spans of OpenTelemetry: one for each request, by the semantic conventions for HTTP clients."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any

import httpx2
import pytest
import workflow_client_core as core
from msgspec.structs import replace
from opentelemetry import baggage, context, trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from tests.loopback import Loopback, Reply, json_reply
from tests.runtime.example_api import API, DELETE_RUN, FOLLOW_RUN, GET_RUN, AsyncExampleClient, ExampleClient
from tests.runtime.streams.opening import ONE, event_stream
from tests.runtime.tokens.token_server import SECRET, TokenServer, run_of

Call = Callable[..., Any]
Spans = Callable[[], tuple[ReadableSpan, ...]]
SOON = core.Retry(max_retries=2, initial=0.001, minimum=0.0)
USER_AGENT = {"user_agent.original": API.user_agent}
ERROR, UNSET = StatusCode.ERROR, StatusCode.UNSET


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Spans:
    """The spans that have ended, in a program with a tracer provider."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", provider)
    return exporter.get_finished_spans


def address(server: Loopback) -> dict[str, Any]:
    return {"server.address": "127.0.0.1", "server.port": int(server.url.rpartition(":")[2])}


def parent_of(traceparent: str) -> tuple[int, int]:
    """The ids of the trace and the span in a `traceparent` header."""
    _, trace_id, span_id, _ = traceparent.split("-")
    return int(trace_id, 16), int(span_id, 16)


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def ids(span: ReadableSpan) -> tuple[int, int]:
    assert span.context is not None
    return span.context.trace_id, span.context.span_id


def test_a_request_has_a_span_with_the_attributes_of_http_clients(server: Loopback, call: Call, spans: Spans) -> None:
    server.reply(200, {"id": "1"})
    call("get_run", "1", limit=2, client={"base_url": f"{server.url}/v1"})
    (span,) = spans()
    assert (span.name, span.kind, span.parent) == ("GET /v1/runs/{runId}", SpanKind.CLIENT, None)
    assert attributes(span) == {
        "http.request.method": "GET",
        **address(server),
        "url.full": f"{server.url}/v1/runs/1?limit=2",
        "url.template": "/v1/runs/{runId}",
        **USER_AGENT,
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
    }
    assert (span.status.status_code, span.status.description, span.events) == (UNSET, None, ())
    assert span.instrumentation_scope is not None
    assert span.instrumentation_scope.name == "workflow_client_core"


def test_it_belongs_to_the_span_around_the_call_and_goes_on_at_the_server(
    server: Loopback, call: Call, spans: Spans
) -> None:
    server.reply(200, {"id": "1"})
    token = context.attach(baggage.set_baggage("garden", "north"))
    with trace.get_tracer("test").start_as_current_span("around"):
        call("get_run", "1")
    context.detach(token)
    span, around = spans()
    assert span.parent == around.context
    assert parent_of(server.last.headers["traceparent"]) == ids(span)
    assert server.last.headers["baggage"] == "garden=north"


def test_each_attempt_has_a_span(server: Loopback, call: Call, spans: Spans) -> None:
    server.reply_in_turn(Reply(503), Reply(raw=b""), json_reply({"id": "1"}))
    call("get_run", "1", client={"retry": SOON})
    outcomes = [
        (
            *map(attributes(span).get, ("http.request.resend_count", "http.response.status_code", "error.type")),
            span.status.status_code,
        )
        for span in spans()
    ]
    assert outcomes == [
        (None, 503, "503", ERROR),
        (1, None, "workflow_client_core.ConnectionFailed", ERROR),
        (2, 200, None, UNSET),
    ]
    messages = [span.status.description for span in spans()]
    assert (messages[0], messages[2]) == (None, None)
    assert messages[1] is not None
    assert messages[1].startswith(f"GET {server.url}/runs/1 failed: ")
    assert [parent_of(request.headers["traceparent"]) for request in server.requests] == [*map(ids, spans())]
    assert len({*map(ids, spans())}) == 3


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_bad_status_is_an_error_that_needs_no_description(
    server: Loopback, call: Call, spans: Spans, status: int
) -> None:
    server.reply(status, {"detail": "no"})
    with pytest.raises(core.StatusError):
        call("get_run", "1")
    (span,) = spans()
    assert (attributes(span)["http.response.status_code"], attributes(span)["error.type"]) == (status, str(status))
    assert (span.status.status_code, span.status.description, span.events) == (ERROR, None, ())


def test_a_request_that_takes_too_long(server: Loopback, call: Call, spans: Spans) -> None:
    server.respond = lambda _: Reply(delay=5)
    with pytest.raises(core.RequestTimeout):
        call("get_run", "1", client={"timeout": core.Timeout(read=0.05)})
    (span,) = spans()
    assert attributes(span)["error.type"] == "workflow_client_core.RequestTimeout"
    assert span.status.status_code is ERROR


def test_a_call_whose_time_is_up(server: Loopback, spans: Spans) -> None:
    async def wait() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            server.reply(200, {"id": "1"})
            await client.get_run("1")
            server.respond = lambda _: Reply(delay=5)
            with pytest.raises(core.RequestTimeout):
                await client.with_options(timeout=0.2).get_run("2")

    asyncio.run(wait())
    # On a machine that is very busy it is up before the request is sent, and there is no span.
    assert [attributes(span)["error.type"] for span in spans()[1:]] == ["workflow_client_core.RequestTimeout"] or (
        len(server.requests) == 1
    )


def test_a_success_that_is_truncated_has_its_status_and_an_error(server: Loopback, call: Call, spans: Spans) -> None:
    server.respond = lambda _: Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"id": ')
    with pytest.raises(core.InvalidResponse):
        call("get_run", "1")
    (span,) = spans()
    assert attributes(span)["http.response.status_code"] == 200
    assert attributes(span)["error.type"] == "workflow_client_core.InvalidResponse"


def test_a_task_that_is_cancelled(server: Loopback, spans: Spans) -> None:
    arrived = asyncio.Event()

    def respond(_: object) -> Reply:
        loop.call_soon_threadsafe(arrived.set)
        return Reply(delay=5)

    async def cancel() -> None:
        async with AsyncExampleClient(api_key="k", base_url=server.url) as client:
            task = asyncio.create_task(client.get_run("1"))
            await arrived.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    server.respond = respond
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        runner.run(cancel())
    (span,) = spans()
    assert attributes(span)["error.type"] == "asyncio.exceptions.CancelledError"
    assert (span.status.status_code, span.status.description, span.events) == (ERROR, None, ())


def test_the_span_of_a_stream_ends_when_its_head_has_arrived(server: Loopback, spans: Spans) -> None:
    server.respond = lambda _: event_stream(ONE)
    with ExampleClient(api_key="k", base_url=server.url) as client, client.stream(FOLLOW_RUN, run_id="1") as stream:
        (span,) = spans()
        assert span.name == "GET /runs/{runId}/events"
        assert [run.id for run in stream] == ["1"]
        assert trace.get_current_span() is trace.INVALID_SPAN

    async def follow() -> None:
        client = AsyncExampleClient(api_key="k", base_url=server.url)
        async with client, await client.stream(FOLLOW_RUN, run_id="1") as stream:
            assert len(spans()) == 2
            assert [run.id async for run in stream] == ["1"]

    asyncio.run(follow())


def test_a_request_for_a_token_has_a_span_too(call: Call, spans: Spans) -> None:
    with TokenServer() as server:
        run_of(call, server, base_url=server.url)
        token, run = spans()
        assert (token.name, run.name) == ("POST", "GET /runs/{runId}")
        assert attributes(token)["url.full"] == f"{server.url}/token"
        assert SECRET not in token.to_json()
        assert "token-1" not in run.to_json()


@pytest.mark.parametrize(
    ("method", "name", "methods"),
    [
        ("GET", "GET", {"http.request.method": "GET"}),
        ("PURGE", "HTTP", {"http.request.method": "_OTHER", "http.request.method_original": "PURGE"}),
    ],
)
def test_a_call_that_the_caller_describes_has_no_template(
    server: Loopback, call: Call, spans: Spans, method: str, name: str, methods: dict[str, str]
) -> None:
    with suppress(core.StatusError):  # the server does not know PURGE either
        call("request", method, "/runs/1")
    (span,) = spans()
    assert span.name == name
    assert {key: text for key, text in attributes(span).items() if key.startswith("http.request.")} == methods
    assert "url.template" not in attributes(span)


def test_the_template_has_the_path_of_the_server_of_the_operation(server: Loopback, call: Call, spans: Spans) -> None:
    server.reply(204)
    call("call", replace(DELETE_RUN, server=f"{server.url}/files/"), run_id="1")
    assert spans()[0].name == "DELETE /files/runs/{runId}"


CANARY = "canary-secret-value"


class Added(httpx2.Auth):
    """Sends every request a second time, with a credential."""

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        yield request
        request.headers["X-Signature"] = CANARY
        request.url = request.url.copy_add_param("token", CANARY)
        yield request


@pytest.mark.parametrize(
    "arguments",
    [
        {"api_key": CANARY},
        {"api_key": None, "access_token": CANARY},
        {"api_key": None, "query_key": CANARY},
        {"api_key": None, "session": CANARY},
        {"api_key": None, "login": f"me:{CANARY}"},
        {"api_key": None, "auth": Added()},
    ],
    ids=lambda arguments: [*arguments][-1],
)
@pytest.mark.parametrize("reply", [json_reply({"id": "1"}), Reply(401, CANARY.encode()), Reply(raw=b"")])
def test_no_span_holds_a_secret(
    server: Loopback, call: Call, spans: Spans, arguments: dict[str, Any], reply: Reply
) -> None:
    server.respond = lambda _: reply
    with suppress(core.ApiError):
        call("get_run", "1", client=arguments)
    for span in spans():
        assert CANARY not in span.to_json()
        assert span.events == ()
    assert spans()


def test_signatures_in_the_query_are_redacted(server: Loopback, call: Call, spans: Spans) -> None:
    call("request", "GET", "/f?a=1&sig=abc&Signature=d%2Fe&X-Goog-Signature=f&AWSAccessKeyId=g&b=sig")
    redacted = "&".join(f"{name}=REDACTED" for name in ("sig", "Signature", "X-Goog-Signature", "AWSAccessKeyId"))
    assert attributes(spans()[0])["url.full"] == f"{server.url}/f?a=1&{redacted}&b=sig"


def test_each_request_of_an_auth_has_a_span(server: Loopback, call: Call, spans: Spans) -> None:
    server.reply(200, {"id": "1"})
    call("get_run", "1", client={"api_key": None, "auth": Added()})
    assert [attributes(span).get("http.request.resend_count") for span in spans()] == [None, 1]
    assert [parent_of(request.headers["traceparent"]) for request in server.requests] == [*map(ids, spans())]


def test_a_trace_that_the_caller_continues_by_hand_is_sent_as_it_is(server: Loopback, spans: Spans) -> None:
    by_hand = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
    with ExampleClient(api_key="k", base_url=server.url) as client:
        client.request("GET", "/", extra_headers={"Traceparent": by_hand})
    assert server.last.headers["traceparent"] == by_hand
    assert len(spans()) == 1


@pytest.mark.parametrize("key", ["_SUPPRESS_INSTRUMENTATION_KEY", "_SUPPRESS_HTTP_INSTRUMENTATION_KEY"])
def test_there_are_no_spans_where_they_are_suppressed(server: Loopback, call: Call, spans: Spans, key: str) -> None:
    token = context.attach(context.set_value(getattr(context, key), True))
    server.reply(200, {"id": "1"})
    call("get_run", "1")
    context.detach(token)
    assert spans() == ()
    assert "traceparent" not in server.last.headers


def test_what_instruments_the_http_library_makes_no_second_span(server: Loopback, spans: Spans) -> None:
    suppressed: list[object] = []

    def look(_: httpx2.Request) -> None:
        suppressed.append(context.get_value(context._SUPPRESS_HTTP_INSTRUMENTATION_KEY))

    server.reply(200, {"id": "1"})
    with httpx2.Client(event_hooks={"request": [look]}) as http:
        ExampleClient(api_key="k", base_url=server.url, http_client=http).get_run("1")
    assert suppressed == [True]
    assert context.get_value(context._SUPPRESS_HTTP_INSTRUMENTATION_KEY) is None


def test_without_a_tracer_provider_a_trace_from_elsewhere_is_passed_on(server: Loopback, call: Call) -> None:
    server.reply(200, {"id": "1"})
    call("get_run", "1")
    assert "traceparent" not in server.last.headers
    elsewhere = trace.SpanContext(1, 2, is_remote=True)
    token = context.attach(trace.set_span_in_context(trace.NonRecordingSpan(elsewhere)))
    call("get_run", "1")
    context.detach(token)
    assert parent_of(server.last.headers["traceparent"]) == (1, 2)


def test_samplers_see_what_is_known_before_the_request(
    server: Loopback, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, Sampler, SamplingResult

    seen: list[Any] = []

    class Watching(Sampler):
        def should_sample(self, *args: Any, **more: Any) -> SamplingResult:
            seen.append((args, more))
            return ALWAYS_OFF.should_sample(*args, **more)

        def get_description(self) -> str:
            return "watching"

    monkeypatch.setattr(trace, "_TRACER_PROVIDER", TracerProvider(sampler=Watching()))
    server.reply(200, {"id": "1"})
    call("get_run", "1")
    assert all(name in str(seen) for name in ("http.request.method", "server.address", "server.port", "url.full"))


def test_a_path_with_a_query_in_the_document_stays_in_the_template(server: Loopback, call: Call, spans: Spans) -> None:
    server.reply(200, {"id": "1"})
    call("call", replace(GET_RUN, path="/runs/{runId}?action=get"), run_id="1")
    assert spans()[0].name == "GET /runs/{runId}?action=get"
    assert json.loads(spans()[0].to_json())["attributes"]["url.full"] == f"{server.url}/runs/1?action=get"
