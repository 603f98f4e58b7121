"""Bodies of webhooks and callbacks are read like responses: an unusable body is an error, all others are typed."""

from __future__ import annotations

import pytest
import workflow_client_core as core
from msgspec import UNSET

from tests.runtime.example_api import Run

RUN: core.Webhook[Run] = core.Webhook("run_changed", Run)
RUNS: core.Webhook[list[Run] | None] = core.Webhook("runs_changed", list[Run] | None)


@pytest.mark.parametrize("body", [b'{"id": "7"}', bytearray(b'{"id": "7"}'), memoryview(b'{"id": "7"}'), '{"id": "7"}'])
def test_a_body_is_read_as_the_model(body: bytes) -> None:
    assert RUN.read(body) == Run(id="7")


def test_a_body_may_be_no_object() -> None:
    assert RUNS.read(b'[{"id": "7"}]') == [Run(id="7")]
    assert RUNS.read("null") is None


def test_an_optional_value_that_cannot_be_read_is_absent() -> None:
    assert RUN.read(b'{"id": "7", "credits": "many"}').credits is UNSET


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"id": 7}', "/id"),
        (b"{}", "/id"),
        (b"", None),
        (b"[]", None),
        (b"id=7", None),
        (b'{"id": "\xff"}', None),
        ('{"id": "\ud800"}', None),
    ],
)
def test_a_body_that_cannot_be_used_is_an_error_that_carries_it(body: bytes | str, pointer: str | None) -> None:
    with pytest.raises(core.InvalidResponse, match=r"the body of run_changed cannot be read: ") as caught:
        RUN.read(body)
    error = caught.value
    assert error.content == (body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass"))
    assert error.operation == "run_changed"
    assert (error.issue.pointer if error.issue else None) in (pointer, "")
    assert error.__context__ is None
