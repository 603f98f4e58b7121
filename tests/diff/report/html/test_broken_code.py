"""The page shows code that breaks, in the names of the API."""

from __future__ import annotations

import pytest

from generator.diff.causes.cause import Cause
from generator.diff.report.html import broken_code as module
from generator.diff.report.html.broken_code import broken_code
from generator.diff.rules import load_rules
from tests.diff.judging import change

CALLS = {("things-client", "GET /runs/{}"): "client.runs.get"}


def lines(rule: str, **facts: str) -> list[str]:
    layer = "python" if rule.startswith("python-") else "normalized" if rule.startswith("normalized-") else "wire"
    made = change(rule=rule, layer=layer, **facts)
    return [
        line
        for code in broken_code(Cause((made,)), CALLS)
        for line in (*code.before.split("\n"), f"-> {code.consequence}", *filter(None, code.after.split("\n")))
    ]


@pytest.mark.parametrize(
    ("rule", "place", "before", "after", "expected"),
    [
        ("python-method-removed", "C.runs.get", "runs.get", "", ["client.runs.get(...)", "-> AttributeError"]),
        (
            *("python-method-renamed", "C.get_run", "get_run", "find_run"),
            ["client.get_run(...)", "-> AttributeError", "client.find_run(...)"],
        ),
        (
            *("python-parameter-removed", "C.runs.list(limit)", "limit", ""),
            ["client.runs.list(..., limit=...)", "-> TypeError", "client.runs.list(...)"],
        ),
        (
            *("python-parameter-added-required", "C.runs.list(limit)", "", "limit: int"),
            ["client.runs.list(...)", "-> TypeError", "client.runs.list(..., limit=...)"],
        ),
        ("python-attribute-removed", "RunState.etag", "etag", "", ["run_state.etag", "-> AttributeError"]),
        (
            *("python-attribute-became-nullable", "RunState.etag", "str", "str | None"),
            ["value: str = run_state.etag", "-> the value may be None", "if run_state.etag is not None: ..."],
        ),
        ("python-class-renamed", "Run", "Run", "Job", ["models.Run", "-> AttributeError", "models.Job"]),
        (
            *("python-exception-body-changed", "C.runs.get raises NotFound 404", "Problem", "Error"),
            ["except NotFound as error:", "    body: Problem = error.body", "-> the body is Error"],
        ),
        (
            *("python-enum-member-added", "State.PAUSED", "", "'paused'"),
            [
                "match state:",
                "    ...  # a case for each member",
                "-> no case fits",
                "    case models.State.PAUSED: ...",
            ],
        ),
        ("normalized-field-lost", "outputs", "/result", "", ["runs.get(...).outputs", "-> the value is always None"]),
    ],
)
def test_code_that_breaks_with_the_new_package(
    rule: str, place: str, before: str, after: str, expected: list[str]
) -> None:
    assert lines(rule, place=place, before=before, after=after) == expected


@pytest.mark.parametrize(
    ("rule", "place", "after", "expected"),
    [
        ("api-removed-without-deprecation", "operation", "", ["-> StatusError: the new server has no such operation"]),
        ("new-required-request-property", "body /user/lastName", "text", ["-> StatusError without user.last_name"]),
        ("request-parameter-became-required", "parameter query pageSize", "", ["-> StatusError without page_size"]),
        ("api-security-added", "security", "ApiKey", ["-> StatusError: the new server refuses the credentials"]),
        (
            *("response-required-property-removed", "answer 200 /data/*/createdAt", ""),
            ["answer.data[0].created_at", "-> InvalidResponse"],
        ),
    ],
)
def test_code_that_breaks_as_it_is_deployed(rule: str, place: str, after: str, expected: list[str]) -> None:
    shown = lines(rule, place=place, after=after, operation="GET /runs/{run_id}")
    assert shown[0].endswith("client.runs.get(...)")
    assert shown[1:] == expected


def test_a_parameter_is_passed_by_its_name() -> None:
    expected = ["client.runs.get(..., page_size=...)", "-> StatusError, except for at most 5"]
    facts = {"place": "parameter query pageSize", "after": "at most 5", "operation": "GET /runs/{run_id}"}
    assert lines("request-parameter-max-set", **facts) == expected


def test_a_variable_of_a_path_is_passed_by_its_name() -> None:
    expected = ["client.runs.get(..., run_id=...)", "-> StatusError, except for text (uuid)"]
    facts = {"place": "parameter path 1", "after": "text (uuid)", "operation": "GET /runs/{runId}"}
    assert lines("request-parameter-type-changed", **facts) == expected


def test_an_operation_that_no_package_has_gives_no_code() -> None:
    assert lines("api-removed-without-deprecation", place="operation", operation="GET /beds") == []


def test_a_text_of_a_spec_makes_no_line() -> None:
    assert lines("python-class-removed", place="A", before="A\nB {before}") == [
        "models.A\\nB {before}",
        "-> AttributeError",
    ]


def test_every_rule_that_breaks_code_has_some() -> None:
    rules = load_rules()
    assert {*module.CODE} <= {*rules}
    without = {
        rule.id
        for rule in rules.values()
        if rule.severity == "breaking" and rule.layer == "python" and rule.id not in module.CODE
    }
    assert without == module.WITHOUT_CODE
