"""`FakeProvider`, in the process and over loopback HTTP, as its requests come from `Runs` and `AsyncRuns`."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx2
import pytest
from workflow_client_core import Retry
from workflow_runs import (
    AsyncRuns,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RunNotFound,
    Runs,
    RunStatus,
    Unauthorized,
    UnreadableAnswer,
    WorkflowRun,
)
from workflow_runs.testing import (
    Answer,
    FakeClock,
    FakeProvider,
    dropped,
    error,
    garbage,
    payload,
    rate_limited,
    truncated,
    unchecked,
)

from tests.clients.providers import MODES

Get = Callable[[str], WorkflowRun]
OFF = Retry(max_retries=0)


@pytest.fixture(params=[(mode, way) for mode in MODES for way in ("transport", "server")], ids="-".join)
def get(request: pytest.FixtureRequest, fake: FakeProvider) -> Iterator[Get]:
    """Gets a run from the fake: sync and async, in the process and over HTTP."""
    mode: Literal["sync", "async"]
    mode, way = request.param
    with ExitStack() as stack:
        options: Any = {"transport": fake.transport(), "retry": OFF}
        if way == "server":
            options = {"base_urls": stack.enter_context(fake.serve()).base_urls, "retry": OFF}
        if mode == "sync":
            yield stack.enter_context(Runs(**options)).get
        else:
            runner = stack.enter_context(asyncio.Runner())
            runs = AsyncRuns(**options)
            stack.callback(lambda: runner.run(runs.aclose()))
            yield lambda ref: runner.run(runs.get(ref))


def test_answers_are_given_in_turn_and_the_last_one_for_ever(fake: FakeProvider, get: Get) -> None:
    fake.add("dify:5b1f", "running", RunStatus.RUNNING, payload("dify:5b1f", "succeeded", outputs={"text": "Done."}))
    runs = [get("dify:5b1f") for _ in range(4)]
    assert [run.status for run in runs] == ["running", "running", "succeeded", "succeeded"]
    assert runs[-1].outputs == {"text": "Done."}


@pytest.mark.parametrize("ref", ["anon:1", "copyai:a%2Fb/c%20d", "dify:1", "juo:1?tenant=sample-tenant", "tamtam:1"])
def test_each_provider_is_answered_for(ref: str, fake: FakeProvider, get: Get) -> None:
    fake.add(ref, RunStatus.RUNNING)
    assert get(ref).status is RunStatus.RUNNING
    (call,) = fake.calls_of(ref)
    assert (call.ref, call.status, call.is_scripted, call.in_flight) == (ref, 200, True, 1)


@pytest.mark.parametrize(
    ("answer", "raised", "status", "retry_after"),
    [
        (error(401), Unauthorized, 401, None),
        (error(404), RunNotFound, 404, None),
        (error(500), ProviderUnavailable, 500, None),
        (error(503, retry_after=7), ProviderUnavailable, 503, 7),
        (error(422), ProviderError, 422, None),
        (rate_limited(), RateLimited, 429, None),
        (rate_limited("soon"), RateLimited, 429, None),
        (rate_limited(2.5), RateLimited, 429, 2.5),
        (garbage(), UnreadableAnswer, 200, None),
        (unchecked([]), UnreadableAnswer, 200, None),
        (unchecked("text"), UnreadableAnswer, 200, None),
        (Answer(), UnreadableAnswer, 200, None),
        (dropped(), ProviderUnavailable, None, None),
        (truncated("running"), ProviderUnavailable, 200, None),
    ],
)
@pytest.mark.parametrize("ref", ["dify:1", "copyai:a/b", "tamtam:1"])
def test_errors_arrive_as_those_of_real_servers(
    ref: str,
    answer: Answer,
    raised: type[ProviderError],
    status: int | None,
    retry_after: float | None,
    fake: FakeProvider,
    get: Get,
) -> None:
    answer = truncated(RunStatus.RUNNING) if answer.end == "truncated" else answer
    fake.add(ref, answer, RunStatus.RUNNING)
    with pytest.raises(raised) as caught:
        get(ref)
    assert type(caught.value) is raised
    assert (caught.value.status, caught.value.retry_after) == (status, retry_after)
    assert get(ref).status is RunStatus.RUNNING


def test_a_retry_after_can_be_a_time(fake: FakeProvider, get: Get) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=100)
    fake.add("dify:1", rate_limited(moment))
    with pytest.raises(RateLimited) as caught:
        get("dify:1")
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 100


def test_a_run_that_was_not_added_is_not_found_as_the_provider_says_it(fake: FakeProvider, get: Get) -> None:
    with pytest.raises(RunNotFound) as caught:
        get("copyai:a/b")
    assert caught.value.code == "NOT_FOUND"
    assert [(call.ref, call.status, call.is_scripted) for call in fake.unexpected_calls] == [("copyai:a/b", 404, False)]
    with pytest.raises(AssertionError, match=re.escape("asked, but not added: ")):
        fake.assert_all_given()


def test_answers_change_with_the_time(fake: FakeProvider, get: Get, clock: FakeClock) -> None:
    fake.add("dify:1", Answer("running", at=0), error(503, at="10m"), Answer("failed", at=900))
    assert get("dify:1").status is RunStatus.RUNNING
    clock.advance(599)
    assert get("dify:1").status is RunStatus.RUNNING
    clock.advance(1)
    for _ in range(2):
        with pytest.raises(ProviderUnavailable):
            get("dify:1")
    clock.advance("5m")
    assert get("dify:1").status is RunStatus.FAILED


def test_before_its_first_time_a_run_is_not_there(fake: FakeProvider, get: Get, clock: FakeClock) -> None:
    fake.add("dify:1", Answer("running", at=3))
    with pytest.raises(RunNotFound):
        get("dify:1")
    clock.advance(3)
    assert get("dify:1").status is RunStatus.RUNNING


def test_a_delay_passes_by_the_clock(fake: FakeProvider, get: Get, clock: FakeClock) -> None:
    fake.add("dify:1", Answer("running", delay=2.5))
    assert get("dify:1").status is RunStatus.RUNNING
    assert clock.elapsed == 2.5


def test_a_part_that_was_left_out_may_be_anything(
    fake: FakeProvider, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JUO_TENANT")
    fake.add("juo:1", "running")
    fake.add("juo:1?tenant=a", "failed")
    assert get("juo:1?tenant=a").status is RunStatus.FAILED
    assert get("juo:1?tenant=b").status is RunStatus.RUNNING
    fake.remove("juo:1")
    with pytest.raises(RunNotFound):
        get("juo:1?tenant=b")
    assert get("juo:1?tenant=a").status is RunStatus.FAILED


def test_requests_are_recorded_without_credentials(fake: FakeProvider, get: Get) -> None:
    for ref in ("dify:1", "copyai:a/b", "juo:1", "tamtam:1"):
        fake.add(ref, RunStatus.RUNNING)
        get(ref)
    assert fake.call_count == len(fake.calls) == 4
    assert "sample-" not in repr(fake.calls).replace("sample-tenant", "")
    assert fake.calls[2].headers["x-tenant-id"] == "sample-tenant"
    assert not {"authorization", "x-copy-ai-api-key", "x-delegated-token"} & {h for c in fake.calls for h in c.headers}


def test_a_request_without_credentials_is_refused(fake: FakeProvider) -> None:
    fake.add("dify:1", "running")
    with httpx2.Client(transport=fake.transport()) as client:
        assert client.get("https://api.dify.ai/v1/workflows/run/1").status_code == 401
        for value in ("Bearer ", "Basic abc"):
            answer = client.get("https://api.dify.ai/v1/workflows/run/1", headers={"Authorization": value})
            assert answer.status_code == 401
        assert client.get("https://elsewhere.example/").status_code == 404
    assert fake.calls[-1].provider is None


def test_a_wait_of_an_hour_takes_no_time(fake: FakeProvider, clock: FakeClock) -> None:
    fake.add("dify:1", Answer("running", at=0), Answer("succeeded", at="1h"))
    with Runs(transport=fake.transport()) as runs:
        assert runs.wait("dify:1", timeout="2h").status is RunStatus.SUCCEEDED
    assert 3600 <= clock.elapsed < 3700
    fake.assert_all_given()


@pytest.mark.parametrize("ref", ["anon:1", "copyai:a/b", "dify:1", "tamtam:1"])
def test_a_run_begins_when_it_is_added_and_ends_when_it_is_first_seen_to(
    ref: str, fake: FakeProvider, clock: FakeClock
) -> None:
    began = clock.now
    fake.add(ref, RunStatus.RUNNING, RunStatus.SUCCEEDED)
    with Runs(transport=fake.transport()) as runs:
        assert runs.get(ref).created_at == began
        clock.advance(100)
        first, ended = runs.get(ref), clock.now
        clock.advance(100)
        run = runs.get(ref)
    assert (run.created_at, run.updated_at or ended, run.finished_at or ended) == (began, ended, ended)
    assert run.elapsed in (None, timedelta(seconds=100))
    assert (first.elapsed, first.issues) == (run.elapsed, run.issues) == (run.elapsed, ())


def test_requests_are_found_by_a_reference_that_leaves_parts_out(fake: FakeProvider) -> None:
    fake.add("juo:1", "running")
    with Runs(transport=fake.transport()) as runs:
        runs.get("juo:1")
    assert len(fake.calls_of("juo:1")) == len(fake.calls_of("juo:1?tenant=sample-tenant")) == 1
    assert fake.calls_of("juo:1?tenant=another") == fake.calls_of("juo:2") == fake.calls_of("dify:1") == []


def test_what_is_given_by_the_time_is_asked_to_the_end_by_the_last_answer(fake: FakeProvider, clock: FakeClock) -> None:
    fake.add("dify:1", Answer("running", at=0), Answer("succeeded", at=60))
    with Runs(transport=fake.transport()) as runs:
        for _ in range(3):
            runs.get("dify:1")
        with pytest.raises(AssertionError, match="not asked to the end: dify:1"):
            fake.assert_all_given()
        clock.advance(60)
        runs.get("dify:1")
    fake.assert_all_given()


def test_who_is_not_asked_to_the_end_is_named(fake: FakeProvider) -> None:
    fake.add("dify:1", "running", "succeeded")
    with pytest.raises(AssertionError, match=re.escape("not asked to the end: dify:1")):
        fake.assert_all_given()
    fake.reset()
    fake.assert_all_given()


WRONG = [
    (["runing"], "answer 1 of dify:1: dify has no status word 'runing': did you mean running?"),
    (["running", {"status": 7}], "answer 2 of dify:1: /status should be"),
    ([b"{"], "answer 1 of dify:1: the document cannot be read"),
    ([{"id": "2", "status": "running"}], "answer 1 of dify:1: /id is of another run"),
    ([], "dify:1: there is no answer to give"),
    ([Answer("running", at=1), "failed"], "dify:1: either all answers have a time (at=...), or none"),
    ([Answer("running", at=2), Answer("failed", at=1)], "dify:1: the times of the answers go back"),
    ([Answer("running", changes={"/total_steps": "many"})], "answer 1 of dify:1: /total_steps should be"),
]


@pytest.mark.parametrize(("answers", "message"), WRONG)
def test_a_wrong_answer_is_refused_when_it_is_added(fake: FakeProvider, answers: list[Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        fake.add("dify:1", *answers)


def test_an_envelope_that_says_that_there_is_no_run_is_refused(fake: FakeProvider) -> None:
    with pytest.raises(ValueError, match=re.escape("to send it nevertheless, wrap it in unchecked(...)")):
        fake.add("copyai:a/b", {"status": "error", "data": {}})
    fake.add("copyai:a/b", unchecked({"status": "error", "data": {}}))


def test_a_fake_of_one_provider_stands_for_no_other() -> None:
    with pytest.raises(ValueError, match=re.escape("this fake stands for dify, not for anon")):
        FakeProvider("dify").add("anon:1", RunStatus.RUNNING)


def test_the_server_counts_what_is_in_flight_by_host(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    with fake.serve() as server:
        for number in range(8):
            fake.add(f"dify:{number}", "running")
        arrived = threading.Barrier(8)
        original = fake._response

        def wait_for_all(*arguments: Any) -> Any:
            arrived.wait(20)
            return original(*arguments)

        with Runs(transport=fake.transport()) as runs:
            monkeypatch.setattr(fake, "_response", wait_for_all)
            threads = [threading.Thread(target=runs.get, args=(f"dify:{number}",)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert fake.max_in_flight == {"api.dify.ai": 8}
        assert server.connections == 0


def test_a_server_leads_clients_to_itself_by_the_environment(
    fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake.serve() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        with Runs() as runs:
            for ref in ("anon:1", "copyai:a/b", "dify:1", "juo:1", "tamtam:1"):
                fake.add(ref, RunStatus.RUNNING)
                assert runs.get(ref).status is RunStatus.RUNNING
        assert server.connections == 5
        monkeypatch.setenv("NO_PROXY", "example.com")
        environment = server.environment
        assert (environment["NO_PROXY"], environment["no_proxy"]) == ("example.com,127.0.0.1", "127.0.0.1")
    server.stop()
    with pytest.raises(RuntimeError, match="this server was not started"):
        _ = server.url


def test_a_server_keeps_connections_open(fake: FakeProvider) -> None:
    fake.add("dify:1", "running")
    with fake.serve() as server, Runs(base_urls=server.base_urls) as runs:
        for _ in range(5):
            runs.get("dify:1")
        assert (server.connections, server.open_connections) == (1, 1)
