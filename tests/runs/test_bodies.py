"""What `normalize` takes: a JSON document as bytes, as text, or as it was parsed already."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import workflow_client_core as core
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from workflow_runs import NormalizationError, WorkflowRun, WorkflowRunError, normalize

from tests.runs.payloads import CASES, Case, cases_of
from tests.runs.promises import REFS

REF = "dify:1"


def problems(run: WorkflowRun) -> list[tuple[str, str]]:
    return [(issue.pointer, issue.problem) for issue in run.issues]


@pytest.mark.parametrize("provider", REFS)
def test_every_payload_gives_the_same_run_as_text_and_as_parsed_json(provider: str) -> None:
    for case in cases_of(provider, CASES):
        try:
            text = case.payload.decode()
            parsed = json.loads(text.removeprefix("\ufeff"))
        except ValueError:
            continue  # it is not JSON, or not UTF-8
        outcome = outcome_of(case, case.payload)
        assert outcome_of(case, text) == outcome, case
        if not isinstance(parsed, str):
            assert outcome_of(case, parsed) == outcome, case


def outcome_of(case: Case, body: Any) -> object:
    """The run and the places of its issues, or the refusal."""
    try:
        run = normalize(case.provider, body, ref=case.ref)
    except WorkflowRunError as error:
        return str(error)
    return replace(run, issues=()), [issue.pointer for issue in run.issues]


@pytest.mark.parametrize(
    "body",
    [
        b'{"id": "2"}',
        bytearray(b'{"id": "2"}'),
        memoryview(b'{"id": "2"}'),
        memoryview(b'{"id": "2"}x')[:-1],
        '{"id": "2"}',
    ],
)
def test_raw_is_what_was_passed_as_bytes(body: Any) -> None:
    run = normalize("dify", body, ref=REF)
    assert (run.id, run.raw) == ("2", b'{"id": "2"}')


class Word(StrEnum):
    RUNNING = "running"


@pytest.mark.parametrize(
    ("parsed", "raw"),
    [
        ({"status": "running"}, b'{"status":"running"}'),
        (OrderedDict(status="running"), b'{"status":"running"}'),
        (MappingProxyType({"status": Word.RUNNING}), b'{"status":"running"}'),
        ({"outputs": {"a": (1, [], {})}}, b'{"outputs":{"a":[1,[],{}]}}'),
        (
            {"x": [None, True, 1, 2**70, -1.5, 1e300, "\u00e9\ud83d"]},
            rb'{"x":[null,true,1,1180591620717411303424,-1.5,1e+300,"\u00e9\ud83d"]}',
        ),
        (
            {"x": [Decimal("1.50"), Decimal("1E+3"), Decimal("NaN"), Decimal("-Infinity")]},
            b'{"x":[1.50,1E+3,NaN,-Infinity]}',
        ),
    ],
    ids=str,
)
def test_raw_is_the_json_that_is_made_of_what_was_parsed(parsed: Any, raw: bytes) -> None:
    assert normalize("dify", parsed, ref=REF).raw == raw


@settings(max_examples=30)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_nothing_of_parsed_json_is_lost(value: object) -> None:
    run = normalize("dify", {"outputs": {"value": value}}, ref=REF)
    assert run.raw == json.dumps({"outputs": {"value": value}}, separators=(",", ":")).encode()


# NaN and infinities


@pytest.mark.parametrize(
    "body",
    [
        b'{"outputs": {"a": {"b": NaN}, "c": [1, -Infinity], "d": 2}}',
        '{"outputs": {"a": {"b": NaN}, "c": [1, -Infinity], "d": 2}}',
        {"outputs": {"a": {"b": float("nan")}, "c": [1, float("-inf")], "d": 2}},
        {"outputs": {"a": {"b": Decimal("NaN")}, "c": [1, Decimal("-Infinity")], "d": 2}},
    ],
    ids=["bytes", "text", "parsed", "decimal"],
)
def test_nan_and_infinities_are_issues_where_they_are(body: Any) -> None:
    run = normalize("dify", body, ref=REF)
    assert run.outputs == {"a": {}, "c": [1], "d": 2}
    expected = "unreadable: expected number within the range of a 64-bit float, found "
    assert problems(run) == [("/outputs/a/b", f"{expected}NaN"), ("/outputs/c/1", f"{expected}-Infinity")]


def test_half_a_surrogate_pair_is_an_issue_where_it_is() -> None:
    names = '{"id": "1", "error": "%s"}'
    for body in (names % "\ud83d", names % "\\ud83d", {"id": "1", "error": "\ud83d"}):
        run = normalize("dify", body, ref=REF)
        assert run.error is not None
        assert run.error.message == "\ufffd"
        assert [issue.pointer for issue in run.issues] == ["/error"]


# What is refused

ITSELF: dict[str, Any] = {"outputs": {}}
ITSELF["outputs"]["a"] = [ITSELF]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"outputs": {1: 2}}, "the names in parsed JSON are text, not int (at /outputs)"),
        ({None: 1}, "the names in parsed JSON are text, not NoneType"),
        ({"a/b": [0, {"secret"}]}, "data must be bytes, text or parsed JSON, not set (at /a~1b/1)"),
        ({"k": {"n" * 300: b"secret"}}, f"data must be bytes, text or parsed JSON, not bytes (at /k/{'n' * 197}...)"),
        (Path("secret"), "data must be bytes, text or parsed JSON, not PosixPath"),
    ],
    ids=str,
)
def test_what_json_has_no_form_for_is_refused(body: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        normalize("dify", body, ref=REF)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (ITSELF, "data contains itself (at /outputs/a/0)"),
        (
            {"total_tokens": 10**5000},
            "data cannot be written as JSON (at /total_tokens): Exceeds the limit (4300 digits)",
        ),
    ],
    ids=["itself", "digits"],
)
def test_what_has_no_end_is_refused(body: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        normalize("dify", body, ref=REF)


def test_the_same_list_may_stand_twice() -> None:
    shared = [1]
    assert normalize("dify", {"outputs": {"a": shared, "b": shared}}, ref=REF).outputs == {"a": [1], "b": [1]}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "it is empty"),
        ("{", "Input data was truncated"),
        ('"{}"', "expected object, found text '{}'"),
        ([{}], "expected object, found array"),
        (None, "expected object, found null"),
    ],
)
def test_what_is_not_an_object_cannot_be_normalized(body: Any, reason: str) -> None:
    with pytest.raises(NormalizationError) as caught:
        normalize("dify", body, ref=REF)
    assert str(caught.value) == f"dify:1 cannot be normalized: the document cannot be read: {reason}"


def test_parsed_json_that_is_nested_too_deeply_cannot_be_normalized() -> None:
    value: Any = {}
    for _ in range(2_000):
        value = {"outputs": value}
    with pytest.raises(NormalizationError, match=r"^dify:1 cannot be normalized: .*it is nested too deeply$") as caught:
        normalize("dify", value, ref=REF)
    assert isinstance(caught.value.__cause__, core.InvalidResponse)
