"""`diff --write FORMAT=FILE`: the formats of one comparison, each in a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.diff.report import FORMATS, render
from generator.diff.report.files import report_files, write_reports
from generator.document.problems import ProblemsFound
from tests.diff.report.reports import CASES, read
from tests.diff.repositories import SPEC
from tests.diff.test_command_line import BREAKING, diff

HOSTILE = next(read(case) for case in CASES if case.name == "hostile")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two versions of a document, of which the new one breaks callers."""
    (tmp_path / "old.yaml").write_text(SPEC)
    (tmp_path / "new.yaml").write_text(BREAKING)
    return tmp_path


def test_one_run_prints_a_report_and_writes_others(folder: Path) -> None:
    files = [option for format in FORMATS for option in ("--write", f"{format}=build/a b/{format}")]
    run = diff(folder, "old.yaml", "new.yaml", "--format", "github", *files)
    assert (run.status, run.err) == (1, "")
    assert {path.name for path in (folder / "build/a b").iterdir()} == set(FORMATS)
    assert run.out == (folder / "build/a b/github").read_bytes().decode()
    verdict = run.out.partition(" (old.yaml")[0]
    assert "break" in verdict.lower()
    assert (folder / "build/a b/text").read_text().startswith(f"{verdict}\n")
    assert (folder / "build/a b/markdown").read_text().startswith(f"## {verdict}\n")


def test_a_file_has_the_same_bytes_whatever_the_terminal_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_reports(HOSTILE, [(format, tmp_path / format) for format in FORMATS])
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "20")
    write_reports(HOSTILE, [(format, tmp_path / f"{format}.again") for format in FORMATS])
    for format in FORMATS:
        assert (tmp_path / format).read_bytes() == (tmp_path / f"{format}.again").read_bytes()
        assert (tmp_path / format).read_text(encoding="utf-8") == render(HOSTILE, format, terminal=False)


def test_a_path_may_have_an_equals_sign() -> None:
    assert report_files(["json=a=b.json"]) == [("json", Path("a=b.json"))]


@pytest.mark.parametrize("text", ["comment.md", "md=comment.md", "markdown=", "=comment.md", "", "Markdown=comment.md"])
def test_what_names_no_format_and_file_is_refused(text: str) -> None:
    with pytest.raises(ProblemsFound) as refused:
        report_files([text])
    (problem,) = refused.value.problems
    assert problem.id == "report-file"
    assert problem.message == f"{text!r} is not a format and a file, such as markdown=comment.md"
    assert problem.hint == f"one of {', '.join(FORMATS)}, `=`, and a path"


def test_a_wrong_file_ends_with_2_before_anything_is_compared(folder: Path) -> None:
    run = diff(folder, "old.yaml", "new.yaml", "--write", "json=right.json", "--write", "md=wrong.md")
    assert (run.status, run.out) == (2, "")
    assert run.err.splitlines()[0] == (
        "--write: error[report-file]: 'md=wrong.md' is not a format and a file, such as markdown=comment.md"
    )
    assert run.err.endswith("1 problem; nothing was compared.\n")
    assert not (folder / "right.json").exists()


def test_a_file_that_cannot_be_written_ends_with_2(folder: Path) -> None:
    run = diff(folder, "old.yaml", "new.yaml", "--write", "json=old.yaml/report.json")
    assert run.status == 2
    assert run.err == "old.yaml: File exists\n"
