"""The gate leaves out fields that are wrong but change nothing, and keeps everything else as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.document.loading import load
from generator.document.problems import Problems
from generator.document.tree import Object
from generator.upstream.gate import gate

SPEC = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths: {/a: {get: {responses: {"200": {description: D}}}}}
components: {schemas: {Thing: {type: object, properties: {tags: {type: string}}}}}
"""


def gated(tmp_path: Path, text: str) -> tuple[Object, list[str]]:
    (tmp_path / "spec.yaml").write_text(text)
    problems = Problems()
    document = gate(load(tmp_path / "spec.yaml", "spec.yaml"), problems)
    return document, [problem.id for problem in problems]


def test_a_document_without_mistakes_stays_as_it_is(tmp_path: Path) -> None:
    document, problems = gated(tmp_path, SPEC)
    assert document == load(tmp_path / "spec.yaml", "spec.yaml")
    assert problems == []


@pytest.mark.parametrize("field", ["tags: 5", "tags: [{name: [1]}]", "externalDocs: {url: 5}"])
def test_a_harmless_mistake_at_the_top_level_is_left_out(field: str, tmp_path: Path) -> None:
    right, _ = gated(tmp_path, SPEC)
    document, problems = gated(tmp_path, f"{SPEC}{field}\n")
    assert document == right
    assert problems == ["ignored-note"]


def test_a_harmless_mistake_is_left_out_where_it_is_and_nowhere_else(tmp_path: Path) -> None:
    right, _ = gated(tmp_path, SPEC)
    document, problems = gated(tmp_path, SPEC.replace("{type: string}", "{type: string, description: [], title: {}}"))
    assert document == right
    assert problems == ["ignored-note", "ignored-note"]
