"""`Runs` and `AsyncRuns` over HTTP: the requests that they send, and how they read responses."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, TypeAlias
from urllib.parse import quote

import pytest
import workflow_client_core as core
from msgspec.structs import replace
from workflow_client_dify import DifyClient
from workflow_runs import (
    AsyncRuns,
    NormalizationError,
    NoRun,
    ProviderError,
    RunNotFound,
    Runs,
    UnreadableAnswer,
    WorkflowRun,
    WrongRun,
)

from tests.clients.documented import assembled, examples
from tests.clients.providers import COPYAI, ENGINES, MODES, TAMTAM
from tests.loopback import Loopback
from tests.runs.faces import ANY_RUN
from tests.runs.payloads import CASES
from tests.runs.promises import REFS, check_promises, problems_of

Get: TypeAlias = Callable[[str], WorkflowRun]

ENVIRONMENT = {
    "ANON_API_KEY": "key-of-anon",
    "COPYAI_API_KEY": "key-of-copyai",
    "DIFY_API_KEY": "key-of-dify",
    "JUO_TENANT": "shop",
    "JUO_DELEGATED_TOKEN": "token-of-juo",
    "TAMTAM_API_KEY": "key-of-tamtam",
    **{f"{e.name}_{argument}".upper(): secret for e in ENGINES for argument, secret in e.arguments.items()},
}
AIRFLOW_PATH = "/api/v2/dags/etl/dagRuns/manual__2026-04-07T09%3A00%3A00%2B00%3A00"
CREDENTIALS = {"authorization", "x-copy-ai-api-key", "x-delegated-token", "x-tenant-id"}
"""The headers that identify the caller."""


@pytest.fixture(autouse=True)
def these_credentials_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the credentials of ENVIRONMENT and no others, and no proxy before the loopback server."""
    for name in os.environ:
        if name.startswith(tuple(f"{provider.upper()}_" for provider in REFS)) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        server.reply(200, ANY_RUN)
        yield server


@pytest.fixture(params=MODES)
def get(request: pytest.FixtureRequest, server: Loopback) -> Iterator[Get]:
    """Gets a run from the loopback server, once per test synchronously, once asynchronously."""
    allowed = {provider: [server.url] for provider in REFS}
    with ExitStack() as stack:
        if request.param == "sync":
            runs = stack.enter_context(Runs(allowed_base_urls=allowed))
            yield lambda ref: runs.get(on_loopback(ref, server))
        else:
            runner = stack.enter_context(asyncio.Runner())
            several = AsyncRuns(allowed_base_urls=allowed)
            stack.callback(lambda: runner.run(several.aclose()))
            yield lambda ref: runner.run(several.get(on_loopback(ref, server)))


def on_loopback(ref: str, server: Loopback) -> str:
    """The reference with the loopback server as its `base_url`."""
    return ref if "base_url=" in ref else f"{ref}{'&' if '?' in ref else '?'}base_url={quote(server.url, safe='')}"


# What is sent


@pytest.mark.parametrize(
    ("ref", "target"),
    [
        ("airflow:etl/manual__2026-04-07T09:00:00+00:00", AIRFLOW_PATH),
        ("airflow:etl/manual__2026-04-07T09%3A00%3A00%2B00%3A00", AIRFLOW_PATH),
        ("anon:run-1", "/workflow-runs/run-1"),
        ("copyai:WCFG-1/WRUN-2", "/workflow/WCFG-1/run/WRUN-2"),
        ("dify:run-1", "/workflows/run/run-1"),
        ("juo:run-1?tenant=shop", "/workflows/run-1"),
        ("n8n:1000", "/executions/1000?includeData=false"),
        ("tamtam:run-1", "/v1/user-workflow-runs/run-1"),
        ("copyai:a%2Fb%3Fc/%C3%A9%20%25", "/workflow/a%2Fb%3Fc/run/%C3%A9%20%25"),
    ],
)
def test_the_reference_becomes_the_path(server: Loopback, get: Get, ref: str, target: str) -> None:
    get(ref)
    assert [(request.method, request.target, request.body) for request in server.requests] == [("GET", target, b"")]


@pytest.mark.parametrize(
    ("provider", "environment", "sent"),
    [
        ("anon", {}, {"authorization": "Bearer key-of-anon"}),
        ("copyai", {}, {"x-copy-ai-api-key": "key-of-copyai"}),
        ("dify", {}, {"authorization": "Bearer key-of-dify"}),
        ("juo", {}, {"x-delegated-token": "token-of-juo", "x-tenant-id": "shop"}),
        (
            "juo",
            {"JUO_DELEGATED_TOKEN": "", "JUO_ACCESS_TOKEN": "access-to-juo"},
            {"authorization": "Bearer access-to-juo", "x-tenant-id": "shop"},
        ),
        ("tamtam", {}, {"authorization": "key-of-tamtam"}),
        (
            "tamtam",
            {"TAMTAM_API_KEY": "", "TAMTAM_ACCESS_TOKEN": "access-to-tamtam"},
            {"authorization": "Bearer access-to-tamtam"},
        ),
    ],
)
def test_credentials_come_from_the_environment(
    server: Loopback,
    get: Get,
    monkeypatch: pytest.MonkeyPatch,
    provider: str,
    environment: Mapping[str, str],
    sent: Mapping[str, str],
) -> None:
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    get(REFS[provider])
    headers = server.last.headers
    assert {name: headers[name] for name in CREDENTIALS & headers.keys()} == sent
    assert "application/json" in headers["accept"]
    assert headers["user-agent"].startswith(f"workflow-client-{provider}/")


@pytest.mark.parametrize(
    ("provider", "names"),
    [
        ("anon", ["ANON_API_KEY"]),
        ("copyai", ["COPYAI_API_KEY"]),
        ("dify", ["DIFY_API_KEY"]),
        ("juo", ["JUO_DELEGATED_TOKEN", "JUO_ACCESS_TOKEN"]),
        ("tamtam", ["TAMTAM_API_KEY", "TAMTAM_ACCESS_TOKEN"]),
    ],
)
def test_nothing_is_sent_without_credentials(
    server: Loopback, get: Get, monkeypatch: pytest.MonkeyPatch, provider: str, names: list[str]
) -> None:
    for name in names:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ProviderError) as caught:
        get(REFS[provider])
    assert isinstance(caught.value.__cause__, core.CredentialsError)
    assert [name for name in names if name not in str(caught.value)] == []
    assert server.requests == []


@pytest.mark.parametrize(("provider", "name"), [("prefect", "PREFECT_API_KEY"), ("github", "GITHUB_TOKEN")])
def test_some_need_no_credential(
    server: Loopback, get: Get, monkeypatch: pytest.MonkeyPatch, provider: str, name: str
) -> None:
    monkeypatch.delenv(name)
    assert get(REFS[provider]).provider == provider
    assert "authorization" not in server.last.headers


# What becomes of an answer


def without_server(run: WorkflowRun, same: WorkflowRun) -> WorkflowRun:
    """A run without what the server that answered adds to it: that and the time, which `same` does not have."""
    assert (run.parent and run.parent.run_id) == (same.parent and same.parent.run_id)
    return replace(run, ref=same.ref, parent=same.parent, url=same.url, observed_at=None)


@pytest.mark.parametrize("provider", REFS)
def test_an_answer_becomes_the_run_that_normalize_makes_of_it(server: Loopback, get: Get, provider: str) -> None:
    for case in CASES:
        if case.provider != provider or "base_url" in case.ref:
            continue
        server.reply(200, case.payload, Content_Type="application/json")
        if not case.refused and not {"another run", "no run here"} & problems_of(case.run()):
            run, same = get(case.ref), case.run()
            check_promises(run, case.payload)
            assert run.ref.run_id == same.ref.run_id
            assert (without_server(run, same), run.native) == (same, same.native), case
            continue
        with pytest.raises(ProviderError) as caught:
            get(case.ref)
        if isinstance(caught.value, WrongRun | NoRun):
            run, same = caught.value.run, case.run()
            assert (without_server(run, same), run.native) == (same, same.native), case
            continue
        with pytest.raises((ProviderError, NormalizationError)) as offline:
            case.run()
        assert caught.value.code == offline.value.code, case
        assert isinstance(caught.value, type(offline.value)), case
        assert isinstance(caught.value.__cause__, core.InvalidResponse if case.unreadable else type(None)), case


@pytest.mark.parametrize("provider", REFS)
def test_a_page_to_log_in_is_an_unreadable_answer(server: Loopback, get: Get, provider: str) -> None:
    server.reply(200, b"<p>Please log in</p>", Content_Type="text/html")
    with pytest.raises(UnreadableAnswer, match="a proxy or a login page") as caught:
        get(REFS[provider])
    assert isinstance(caught.value.__cause__, core.InvalidResponse)
    assert caught.value.__cause__.content == b"<p>Please log in</p>"


def test_copyai_documents_an_error_with_a_code(server: Loopback, get: Get) -> None:
    server.reply(404, examples(COPYAI)["404 notFound"])
    error = refused(server, get, "copyai:WCFG-1/WRUN-2")
    assert str(error) == (
        f"{on_loopback('copyai:WCFG-1/WRUN-2', server)}: 404 Not Found"
        f" from GET {server.url}/workflow/WCFG-1/run/WRUN-2:"
        " NOT_FOUND; check that the reference names a run that these credentials may see, and that the server is right"
    )
    assert (type(error), error.code, error.status) == (RunNotFound, "NOT_FOUND", 404)
    assert cause(error, core.NotFound).body == COPYAI.models.ErrorResponse(status="error", error_code="NOT_FOUND")


def test_tamtam_documents_errors_as_problems(server: Loopback, get: Get) -> None:
    server.reply(422, assembled(TAMTAM, "ErrorModel"), Content_Type="application/problem+json")
    error = refused(server, get, "tamtam:run-1")
    assert type(error) is ProviderError
    assert str(error) == (
        f"{on_loopback('tamtam:run-1', server)}: 422 Unprocessable Content"
        f" from GET {server.url}/v1/user-workflow-runs/run-1:"
        " Bad Request: Property foo is required but is missing.; check the identifiers in the reference"
    )
    problem = cause(error, core.UnprocessableEntity).body
    assert type(problem) is TAMTAM.models.ErrorModel
    assert problem.detail == "Property foo is required but is missing."


def test_dify_documents_an_error_without_a_body(server: Loopback, get: Get) -> None:
    server.reply(404, {"code": "not_found", "message": "Workflow run not found."})
    error = refused(server, get, "dify:run-1")
    assert type(error) is RunNotFound
    assert "404 Not Found" in str(error)
    assert "Workflow run not found.; check that the reference names a run" in str(error)
    assert cause(error, core.NotFound).body is None


@pytest.mark.parametrize(
    ("status", "headers", "hint"),
    [
        (400, {}, "check the identifiers"),
        (401, {}, "DIFY_API_KEY"),
        (403, {}, "may see the run"),
        (404, {}, "names a run"),
        (422, {}, "check the identifiers"),
        (429, {}, "try again later"),
        (429, {"Retry_After": "120"}, "try again in 120 seconds"),
        (500, {}, "try again later"),
        (503, {}, "try again later"),
    ],
)
def test_an_error_says_what_to_do(server: Loopback, status: int, headers: dict[str, str], hint: str) -> None:
    server.reply(status, {"message": "no"}, **headers)
    client = DifyClient(base_url=server.url, retry=core.Retry(max_retries=0))
    with client, pytest.raises(ProviderError) as caught:
        Runs(dify=client).get("dify:run-1")
    assert hint in str(caught.value).partition(": no; ")[2]
    assert cause(caught.value, core.StatusError).status == status
    assert ENVIRONMENT["DIFY_API_KEY"] not in str(caught.value)


def refused(server: Loopback, get: Get, ref: str) -> ProviderError:
    """The error that getting the run raises."""
    with pytest.raises(ProviderError) as caught:
        get(ref)
    assert (caught.value.provider, str(caught.value.ref)) == (ref.partition(":")[0], on_loopback(ref, server))
    return caught.value


def cause(error: ProviderError, error_class: type[core.StatusError]) -> Any:
    """The error of the client from which `error` was raised, an instance of `error_class`."""
    assert isinstance(error.__cause__, error_class)
    return error.__cause__
