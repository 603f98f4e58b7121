"""Operations in two versions, and their documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.diff.wire.api import compare
from tests.diff.rules.documents import read
from tests.diff.wire.shorthand import INTEGER, TEXT, responding


def test_path_parameters_are_paired_by_position_and_headers_whatever_their_capitals_are(diff: Any) -> None:
    def path(first: str, second: str, header: str, second_schema: Any) -> dict[str, Any]:
        path_parameters = [
            {"name": name, "in": "path", "required": True, "schema": schema}
            for name, schema in ((second, second_schema), (first, TEXT))
        ]
        operation = {
            "parameters": [*path_parameters, {"name": header, "in": "header", "schema": TEXT}],
            "responses": {"200": {"description": "D"}},
        }
        paths = {"/things/{id}": None, f"/a/{{{first}}}/b/{{{second}}}": {"get": operation}}
        return {"document": {"paths": paths}}

    assert diff(path("x", "y", "X-Page", TEXT), path("y", "x", "x-page", TEXT)) == []
    assert diff(path("x", "y", "X-Page", INTEGER), path("one", "two", "X-Page", TEXT)) == [
        "request-parameter-type-generalized: parameter path 2: integer -> text"
    ]


def test_an_added_or_removed_api_is_reported_by_its_operations(tmp_path: Path) -> None:
    package = read({}, tmp_path)
    assert [(f.rule, f.old, f.new is None) for f in compare(None, package)] == [("endpoint-added", None, False)]
    assert [(f.rule, f.operation) for f in compare(package, None)] == [
        ("api-removed-without-deprecation", "GET /things/{}")
    ]
    assert list(compare(None, None)) == []


def test_an_excerpt_shows_where_a_text_differs(diff: Any) -> None:
    start = "Words that stay the same, and go on for so long that nobody would like to read them twice. "
    (change,) = diff(
        responding({**TEXT, "description": f"{start}Old."}), responding({**TEXT, "description": f"{start}New."})
    )
    assert (
        change
        == "schema-description-changed: answer 200 /a: ...to read them twice. Old. -> ...to read them twice. New."
    )
    assert (
        diff(responding({**TEXT, "description": "One\ntwo."}), responding({**TEXT, "description": "One two.\n"})) == []
    )
