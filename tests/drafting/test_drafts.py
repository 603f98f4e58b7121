"""One folder of `tests/drafting/cases` per kind of description: what `new` drafts for it, and what `generate` asks.

The folder `expected` holds the drafted files, and in `problems.txt` all that is reported: by `new` where it drafts
nothing, else by `generate` for the draft. `UPDATE_CASES=1` writes it anew, as `tests/generator/test_cases.py` says.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from generator.document.problems import Problems
from generator.drafting.folder import drafted_folder, write_folder
from generator.normalization.unified import UnifiedModel
from generator.project.files import generated_files
from generator.project.mappings import unified_model
from tests.generator.expectations import ROOT, cases, compare, printed

CASES = cases("drafting/cases")
ACCEPTED = [case for case in CASES if case.name not in ("no-call", "mistakes")]
MODEL = ROOT / "specs" / "workflow-run.yaml"
DRAFTED = ("overlay.yaml", "provider.yaml", "normalization.yaml")


@pytest.fixture(scope="module")
def unified() -> UnifiedModel:
    return unified_model(MODEL, MODEL.name)


def draft(spec: Path, name: str, unified: UnifiedModel, specs: Path, problems: Problems) -> dict[str, str]:
    """The drafted texts of a provider, which are written to a folder like `specs`."""
    drafted = drafted_folder(name, [str(spec)], (), unified, date(2026, 11, 29), problems)
    if drafted is None:
        return {}
    specs.mkdir()
    (specs / MODEL.name).write_bytes(MODEL.read_bytes())
    write_folder(specs / name, drafted.files)
    return {name: content.decode() for name, content in drafted.files.items() if name in DRAFTED}


def accepted(text: str) -> str:
    """A drafted text in which a person has taken all guesses to be right, and given a reason for the rest."""
    text = text.replace("because: '?'", "because: It is so.").replace("description: '?'", "description: It is so.")
    text = (
        text.replace("url: '?'", "url: https://example.com").replace("['?']", "[bad]").replace("at: '?'", "at: /name")
    )
    text = text.replace("anybody: '?'", "anybody: other")
    text = re.sub(r"^(    +(?!at).*): '\?'", r"\1: UNKNOWN", text, flags=re.MULTILINE)
    text = re.sub(r"(^ *|{)([a-z_.]+)\?:", r"\1\2:", text, flags=re.MULTILINE)
    text = re.sub(r"(: [a-zA-Z/_]+)\?(?=[,}\s])", r"\1", text)
    return re.sub(r"^(  (?!fields|at)[a-z_.]+): (\[/.*\])", r"\1: {first: \2}", text, flags=re.MULTILINE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_gives_the_draft_that_it_expects(case: Path, unified: UnifiedModel, tmp_path: Path) -> None:
    problems, specs = Problems(), tmp_path / "specs"
    texts = draft(case / "openapi.yaml", case.name, unified, specs, problems)
    if texts:
        assert generated_files(specs, problems) == {}
    compare(case, printed(problems, f"{case}/", f"{specs / case.name}/", f"{specs}/"), texts)


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.name)
def test_a_draft_whose_guesses_are_accepted_fits(case: Path, unified: UnifiedModel, tmp_path: Path) -> None:
    specs, problems = tmp_path / "specs", Problems()
    for name, text in draft(case / "openapi.yaml", case.name, unified, specs, problems).items():
        (specs / case.name / name).write_text(accepted(text), "utf-8")
    assert generated_files(specs, problems) != {}, printed(problems)
