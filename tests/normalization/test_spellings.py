"""Mappings as newcomers spell them: each message says what to write, in the names of that mapping.

`spellings.yaml` has texts of the worked example (`cases/worked-example`), what is written instead, and all that is said
about it. `UPDATE_CASES=1` writes it anew.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.document.loading import load, parse
from generator.document.problems import Problems, ProblemsFound, sorted_problems
from generator.ir.model import Package
from generator.ir.provider import Provider
from generator.normalization.read.mapping import read_mapping
from generator.normalization.read.unified import read_unified
from generator.normalization.unified import UnifiedModel
from generator.pipeline import read_api
from generator.project.packages import provider_package
from tests.normalization.mapping_cases import MODEL, specs

FILE = Path(__file__).with_name("spellings.yaml")
SPELLINGS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
CASE = Path(__file__).parent / "cases" / "worked-example"
MAPPING = (CASE / "normalization.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> tuple[Package, UnifiedModel]:
    folder = specs([CASE], tmp_path_factory.mktemp("spellings") / "specs") / CASE.name
    package = provider_package(folder, "specs", Problems())
    assert package is not None
    document = load(MODEL)
    return package, read_unified(document, read_api(document, Provider(""), Problems()), Problems())


def said(spelling: dict[str, Any], sides: tuple[Package, UnifiedModel]) -> list[str]:
    """What is said about the mapping, but for what it leaves unmapped; the places are tested elsewhere."""
    text = MAPPING
    assert spelling["instead_of"] in text
    text = text.replace(spelling["instead_of"], spelling["write"], 1)
    problems = Problems()
    try:
        read_mapping(parse(text, "normalization.yaml"), "garden", *sides, problems)
    except ProblemsFound as error:
        found = error.problems
    else:
        found = [*problems]
    texts = [f"{p.message}; hint: {p.hint or 'none'}" for p in sorted_problems(found) if p.id != "unmapped-field"]
    return [text for text in texts if "neither mapped nor raw_only" not in text]


def test_each_wrong_spelling_is_told_what_to_write(sides: tuple[Package, UnifiedModel]) -> None:
    found = [{**spelling, "says": said(spelling, sides)} for spelling in SPELLINGS]
    if os.environ.get("UPDATE_CASES"):
        text = yaml.safe_dump(found, sort_keys=False, width=1000, allow_unicode=True)
        FILE.write_text(text, encoding="utf-8")
    assert found == SPELLINGS
    assert all(spelling["says"] for spelling in found)
