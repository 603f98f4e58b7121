"""Every response that a provider's description allows becomes a run without loss, and no other response does harm."""

from __future__ import annotations

import json
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workflow_runs import NormalizationError, ProviderError, WorkflowRun, normalize

from tests.clients.providers import ENGINES, PROVIDERS
from tests.examples import examples
from tests.runs.promises import REFS, check_promises
from tests.runtime.documents import JSON, arbitrary, at, damaged, paths, replaced
from tests.runtime.schemas import documented_responses
from tests.runtime.times import timestamp

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
SETTINGS = settings(max_examples=examples(25), suppress_health_check=SLOW, database=None)
EACH = pytest.mark.parametrize("provider", [provider.name for provider in PROVIDERS])

RESPONSES = {r.name.partition(" ")[0]: r for r in documented_responses() if r.name.endswith(" 200")}

WITHOUT_A_UNIFIED_FORM = {
    *("out of range", "not JSON", "not an object", "not a number", "disagreement", "unknown word"),
    *("another run", "no run here"),
}
"""Problems that a response can have although it is as documented."""
OF_OTHER_TEXT = {
    "unreadable: expected a date-time as in RFC 822, found other text",
    "unreadable: expected a duration such as 01:30:00, found other text",
}
"""The problems of a text that is documented as any text, and has to be a date-time or a duration."""


def time(chance: Random) -> str:
    """A time, or one in a year that RFC 3339 allows and Python cannot represent."""
    text = timestamp(chance)
    return chance.choice((text, f"0000{text[4:]}"))


@st.composite
def valid(draw: st.DrawFn, provider: str) -> Any:
    """Responses that the description allows; texts often contain JSON or numbers where the mapping expects those."""
    document = draw(RESPONSES[provider].strategy(time))
    for names, texts in (("inputs",), JSON.map(json.dumps)), (("data", "credits"), st.integers().map(str)):
        if names in paths(document) and isinstance(at(document, names), str) and draw(st.booleans()):
            document = replaced(document, names, draw(texts))
    if ("status", "is_success") in paths(document):  # of dbt's envelope, which has a run only then
        document = replaced(document, ("status", "is_success"), True)
    return document


@st.composite
def changed(draw: st.DrawFn, provider: str) -> Any:
    """Responses that the description allows, after up to three values were replaced by arbitrary JSON."""
    document = draw(valid(provider))
    for _ in range(draw(st.integers(1, 3))):
        places = [path for path in paths(document) if path]
        if places:
            document = replaced(document, draw(st.sampled_from(places)), draw(JSON))
    return document


def normalized(provider: str, payload: bytes) -> WorkflowRun:
    """The run of the payload, after checking that it keeps all promises and is the same each time."""
    run = normalize(provider, payload, ref=REFS[provider])
    check_promises(run, payload)
    assert normalize(provider, payload, ref=REFS[provider]) == run
    return run


def no_run(provider: str) -> tuple[type[Exception], ...]:
    """Errors that a JSON object without a run may raise: only Copy.ai and dbt wrap errors in successes."""
    return (ProviderError,) if provider in ("copyai", "dbt") else ()


def test_there_is_a_documented_response_of_every_provider() -> None:
    assert RESPONSES.keys() == REFS.keys()


@EACH
@SETTINGS
@given(data=st.data())
def test_what_a_description_allows_has_no_issues_but_with_values_that_have_no_unified_form(
    provider: str, data: st.DataObject
) -> None:
    document = data.draw(valid(provider))
    run = normalized(provider, json.dumps(document, ensure_ascii=data.draw(st.booleans())).encode())
    issues = [issue for issue in run.issues if issue.problem not in OF_OTHER_TEXT]
    beyond_python = [issue for issue in issues if issue.problem.startswith("unreadable: expected date-time")]
    for issue in beyond_python:
        assert at(document, tuple(issue.pointer.split("/")[1:])).startswith("0000-")
    problems = {issue.problem.partition(":")[0] for issue in issues}
    assert problems - ({"unreadable"} if beyond_python else set()) <= WITHOUT_A_UNIFIED_FORM
    assert run.native is not None or beyond_python


@EACH
@SETTINGS
@given(data=st.data())
def test_any_object_becomes_a_run_unless_it_is_an_envelope_without_one(provider: str, data: st.DataObject) -> None:
    documents = arbitrary(RESPONSES[provider].type) | changed(provider)
    payload = json.dumps(data.draw(documents.filter(lambda value: isinstance(value, dict)))).encode()
    with suppress(*no_run(provider)):
        normalized(provider, payload)


@EACH
@SETTINGS
@given(data=st.data())
def test_no_bytes_do_anything_else(provider: str, data: st.DataObject) -> None:
    documents = arbitrary(RESPONSES[provider].type) | valid(provider)
    payload = data.draw(damaged(documents) | st.binary())
    with suppress(NormalizationError, *no_run(provider)):
        normalized(provider, payload)


@pytest.mark.parametrize("provider", [engine.name for engine in ENGINES])
@settings(SETTINGS, max_examples=examples(10))
@given(data=st.data())
def test_the_same_of_the_engines(provider: str, data: st.DataObject) -> None:
    test_what_a_description_allows_has_no_issues_but_with_values_that_have_no_unified_form.hypothesis.inner_test(
        provider, data
    )
    test_any_object_becomes_a_run_unless_it_is_an_envelope_without_one.hypothesis.inner_test(provider, data)
    test_no_bytes_do_anything_else.hypothesis.inner_test(provider, data)
