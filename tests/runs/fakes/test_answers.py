"""Any answers of a fake, one after the other, and its errors, judged by the vendored descriptions."""

from __future__ import annotations

from typing import Any

import httpx2
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workflow_client_core import Retry
from workflow_runs import (
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RunNotFound,
    Runs,
    RunStatus,
    UnreadableAnswer,
)
from workflow_runs.testing import Answer, FakeProvider, dropped, error, garbage, rate_limited, truncated

from tests.clients.documented import document, schema
from tests.clients.providers import COPYAI, TAMTAM, Provider

OFF = Retry(max_retries=0)
STEPS: list[tuple[str | Answer, object]] = [
    ("running", "running"),
    ("succeeded", "succeeded"),
    ("paused", "waiting_for_input"),
    (RunStatus.UNKNOWN, "unknown"),
    (error(503), ProviderUnavailable),
    (error(404), RunNotFound),
    (rate_limited(3), RateLimited),
    (dropped(), ProviderUnavailable),
    (truncated("running"), ProviderUnavailable),
    (garbage(), UnreadableAnswer),
]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(st.sampled_from(range(len(STEPS))), min_size=1, max_size=8), more=st.integers(0, 3))
def test_any_answers_are_given_one_after_the_other(chosen: list[int], more: int, fake: FakeProvider) -> None:
    steps = [STEPS[index] for index in chosen]
    fake.add("dify:1", *(answer for answer, _ in steps))
    seen: list[Any] = []
    with Runs(transport=fake.transport(), retry=OFF) as runs:
        for _ in range(len(steps) + more):
            try:
                seen.append(runs.get("dify:1").status)
            except ProviderError as refusal:
                seen.append(type(refusal))
    assert seen == [outcome for _, outcome in [*steps, *[steps[-1]] * more]]


@pytest.mark.parametrize(
    ("provider", "status"), [(COPYAI, 404), (TAMTAM, 401), (TAMTAM, 404), (TAMTAM, 500), (TAMTAM, 429)]
)
def test_documented_errors_are_as_described(provider: Provider, status: int, fake: FakeProvider) -> None:
    ref = {"copyai": "copyai:a/b", "tamtam": "tamtam:1"}[provider.name]
    fake.add(ref, error(status))
    with httpx2.Client(transport=fake.transport()) as client:
        headers = {"authorization": "any", "x-copy-ai-api-key": "any"}
        response = client.get(f"{provider.server}{provider.target(*ref.partition(':')[2].split('/'))}", headers=headers)
    components = {"components": document(provider)["components"]}
    name = "ErrorResponse" if provider == COPYAI else "ErrorModel"
    jsonschema.validate(response.json(), {**components, **schema(provider, name)})
    assert response.status_code == status
    assert response.json()["status"] == ("error" if provider == COPYAI else status)
    problem = "application/json" if provider == COPYAI else "application/problem+json"
    assert response.headers["content-type"] == problem
