"""CONTRIBUTING.md says how to map a provider: its pieces are a mapping that works, and it names all that there is."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator.document.loading import load, parse
from generator.normalization.converters import CONVERTERS
from generator.normalization.read import fields, mapping, selectors, statuses
from tests.generator.expectations import ROOT
from tests.normalization.mapping_cases import FILLABLE
from tests.normalization.test_mappings import RUNS

CASE = ROOT / "tests" / "normalization" / "cases" / "worked-example"
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## How do I map a provider's responses?")[2]
GUIDE = GUIDE.partition("\n## ")[0]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def merged(first: Any, second: Any) -> Any:
    if isinstance(first, dict) and isinstance(second, dict):
        return {**first, **{key: merged(first.get(key), value) for key, value in second.items()}}
    return second


def test_the_pieces_together_are_the_worked_example() -> None:
    pieces: Any = {}
    for block in blocks("yaml"):
        pieces = merged(pieces, parse(block, "CONTRIBUTING.md"))
    absent = [name for reason in pieces.pop("absent") for name in reason["fields"]]
    assert pieces == load(CASE / "normalization.yaml")
    assert all(any(f"{field}.".startswith(f"{name}.") for field in FILLABLE) for name in absent)


def test_the_response_is_that_of_the_worked_example() -> None:
    (response,) = blocks("json")
    first, *_ = parse((CASE / RUNS).read_text(encoding="utf-8"), RUNS)
    assert parse(response, "CONTRIBUTING.md") == first["answer"]


def test_the_table_has_every_converter() -> None:
    rows = re.findall(r"^\| (`.*?`) \|", GUIDE.partition("| converter |")[2].partition("\n\n")[0], re.MULTILINE)
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row)) == sorted(CONVERTERS)


KEYS = {
    *mapping._KEYS,
    *statuses._KEYS,
    *selectors.SELECTOR_KEYS,
    *fields._KINDS,
    *fields._VALUE_KEYS,
    "present",
    "rest_of",
}


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_guide_names_every_key(key: str) -> None:
    assert re.search(rf"[`{{ \n]{key}[`:]", GUIDE)
