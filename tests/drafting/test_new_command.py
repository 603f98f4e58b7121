"""`new` as its users run it: what it prints, what it writes, and that it overwrites nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands import ROOT, generator

SPEC = ROOT / "tests" / "drafting" / "cases" / "several-calls" / "openapi.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "specs").mkdir()
    shutil.copy(ROOT / "specs" / "workflow-run.yaml", tmp_path / "specs")
    shutil.copy(SPEC, tmp_path / "garden.yaml")
    return tmp_path


def test_it_writes_a_folder_and_says_how_to_go_on(folder: Path) -> None:
    run = generator("new", "garden", "garden.yaml", "--operation", "getRun", "--specs", "specs", cwd=folder)
    assert (run.status, run.err) == (0, "")
    assert run.out.splitlines() == [
        "added   specs/garden/openapi.yaml",
        "added   specs/garden/provider.yaml",
        "added   specs/garden/normalization.yaml",
        "The mapping is for GET /runs/{id}. 8 questions left, marked with `?`.",
        "1. Read specs/garden/normalization.yaml beside the provider's documentation, and decide.",
        "2. `make generate` lists what is not decided yet, and then what does not fit.",
        '3. CONTRIBUTING.md says what a mapping can say, and how to go on: "How do I add a provider?"',
    ]
    assert sorted(path.name for path in (folder / "specs").iterdir()) == ["garden", "workflow-run.yaml"]
    assert "listRuns" not in (folder / "specs/garden/openapi.yaml").read_text()
    again = generator("generate", "--specs", "specs", "--out", "generated", cwd=folder)
    assert again.status == 1
    assert again.err.count("error[undecided]") == 8
    assert again.err.endswith("8 questions; nothing was written.\n")


def test_a_page_that_embeds_a_description_is_a_source_too(folder: Path) -> None:
    spec = (folder / "garden.yaml").read_text()
    (folder / "page.md").write_text(f"# Get a run\n\n````yaml openapi.json GET /runs/{{id}}\n{spec}````\n")
    run = generator("new", "garden", "page.md", "--specs", "specs", cwd=folder)
    assert (run.status, run.err) == (0, "")
    assert (folder / "specs/garden/openapi.yaml").read_text() == spec
    assert "The client has 3 operations. --operation 'GET /executions/{id}' would keep this one alone.\n" in run.out
    assert "  transcribed: false\n" in (folder / "specs/garden/provider.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("garden", "garden.yaml"), "specs/garden: error[folder-exists]: this folder is there already"),
        (("Garden", "garden.yaml"), "specs/Garden: error[bad-name]: 'Garden' is not a name for a provider"),
        (("beds", "beds.yaml"), "beds.yaml: error[unreadable-file]"),
        (("beds", "garden.yaml", "--operation", "x"), "--operation: error[unknown-operation]"),
    ],
)
def test_what_cannot_be_drafted_writes_nothing(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    (folder / "specs/garden").mkdir()
    run = generator("new", *arguments, "--specs", "specs", cwd=folder)
    assert run.status == 1
    assert run.err.startswith(message)
    assert sorted(path.name for path in (folder / "specs").rglob("*")) == ["garden", "workflow-run.yaml"]
