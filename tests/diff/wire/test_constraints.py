"""What values may be: each spelling of a constraint is compared with each."""

from __future__ import annotations

from typing import Any

import pytest

OLDER = {"document": {"openapi": "3.0.3"}}
AT_LEAST: dict[str, Any] = {"type": "number", "minimum": 1}
MORE_THAN_IN_3_0 = {**AT_LEAST, "exclusiveMinimum": True}
MORE_THAN = {"type": "number", "exclusiveMinimum": 1}
AT_MOST: dict[str, Any] = {"type": "number", "maximum": 9}
LESS_THAN_IN_3_0 = {**AT_MOST, "exclusiveMaximum": True}
LESS_THAN = {"type": "number", "exclusiveMaximum": 9}


def in_parameter(schema: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": [{"name": "width", "in": "query", "schema": schema}]}


def in_body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"body": {"type": "object", "properties": {"beds": {"type": "array", "items": schema}}}}


@pytest.mark.parametrize("written", [in_parameter, in_body])
@pytest.mark.parametrize(
    ("inclusive", "exclusive", "change"),
    [
        (AT_LEAST, MORE_THAN_IN_3_0, "at least 1 -> more than 1"),
        (AT_LEAST, MORE_THAN, "at least 1 -> more than 1"),
        (AT_MOST, LESS_THAN_IN_3_0, "at most 9 -> less than 9"),
        (AT_MOST, LESS_THAN, "at most 9 -> less than 9"),
    ],
)
def test_a_bound_that_becomes_exclusive_is_tighter(
    inclusive: dict[str, Any], exclusive: dict[str, Any], change: str, written: Any, diff: Any
) -> None:
    version = OLDER if True in exclusive.values() else {}
    old, new = {**written(inclusive), **version}, {**written(exclusive), **version}
    (tightened,) = diff(old, new)
    assert tightened.endswith(change)
    assert "-min-increased:" in tightened or "-max-decreased:" in tightened
    (loosened,) = diff(new, old)
    assert "-constraint-loosened:" in loosened


@pytest.mark.parametrize("written", [in_parameter, in_body])
@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (MORE_THAN_IN_3_0, MORE_THAN),
        (LESS_THAN_IN_3_0, LESS_THAN),
        ({**AT_LEAST, "exclusiveMinimum": False}, AT_LEAST),
        ({"type": "number", "exclusiveMinimum": True}, {"type": "number"}),
        ({"type": "number", "exclusiveMaximum": False}, {"type": "number"}),
    ],
)
def test_the_spelling_of_openapi_3_0_means_the_same(
    older: dict[str, Any], newer: dict[str, Any], written: Any, diff: Any
) -> None:
    assert diff({**written(older), **OLDER}, written(newer)) == []
    assert diff(written(newer), {**written(older), **OLDER}) == []


def test_a_bound_of_a_response_s_header_is_told(diff: Any) -> None:
    def responding_with(schema: dict[str, Any]) -> dict[str, Any]:
        return {"operation": {"responses": {"200": {"headers": {"X-Left": {"schema": schema}}}}}}

    assert diff(responding_with(AT_LEAST), responding_with(MORE_THAN)) == [
        "response-property-constraint-changed: answer 200 header x-left: at least 1 -> more than 1"
    ]
