"""`vendor PROVIDER SOURCE...`: both files of the provider are new, or neither; what changed for callers is shown."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.document.problems import Problems, ProblemsFound
from generator.options import given_patterns
from generator.output import swap
from generator.vendor.command import Outcome, vendor_into
from tests.commands import generator
from tests.vendor.test_pages import PAGE

SPEC = """\
openapi: 3.1.0
info: {title: Garden, version: '1'}
servers: [{url: 'https://garden.example'}]
paths:
  /beds/{id}:
    get:
      operationId: getBed
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: A bed.
          content: {application/json: {schema: {type: object, properties: {soil: {type: string}}}}}
  /beds:
    get: {operationId: listBeds, responses: {'204': {description: Nothing.}}}
"""
PROVIDER = """\
# The garden.
source:
  url: https://docs.garden.example/beds # the page
  note: >-
    Its address is a guess.

    It may move.
  retrieved: 2026-01-02
  sha256: {sha256}
  transcribed: true   # for now

polling: {{initial: 2s}}
"""
TODAY = "2026-11-29"


def sha256(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    folder = tmp_path / "specs" / "garden"
    folder.mkdir(parents=True)
    (folder / "openapi.yaml").write_text(SPEC)
    (folder / "provider.yaml").write_text(PROVIDER.format(sha256=sha256(SPEC)))
    (folder / "notes.txt").write_text("Mine.\n")
    return folder


def vendor(folder: Path, *sources: str, operations: list[str] | None = None) -> Outcome:
    patterns = given_patterns("--operation", operations)
    return vendor_into(folder, "specs/garden", sources, patterns, TODAY, Problems(strict=False))


def source(folder: Path, text: str, name: str = "new.yaml") -> str:
    path = folder.parents[1] / name
    path.write_text(text)
    return str(path)


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_the_document_is_the_source_s_and_provider_yaml_says_so_with_its_comments(garden: Path) -> None:
    new = SPEC.replace("'1'", "'2'") + "# The end.\n"
    outcome = vendor(garden, source(garden, new))
    assert outcome.written == ("openapi.yaml", "provider.yaml")
    provider = PROVIDER.replace("2026-01-02", TODAY).format(sha256=sha256(new))
    assert content(garden) == {"openapi.yaml": new, "provider.yaml": provider, "notes.txt": "Mine.\n"}
    assert os.listdir(garden.parent) == ["garden"]


def test_a_page_is_as_published_so_that_nobody_has_translated_it(garden: Path) -> None:
    vendor(garden, source(garden, PAGE, "page.md"))
    provider = PROVIDER.replace("2026-01-02", TODAY).replace("true ", "false ")
    document = (garden / "openapi.yaml").read_bytes()
    assert (garden / "provider.yaml").read_text() == provider.format(sha256=sha256(document))


def test_what_is_there_already_is_left_as_it_is_with_its_date(garden: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in garden.iterdir()}
    assert vendor(garden, source(garden, SPEC)).written == ()
    assert {path: path.stat().st_mtime_ns for path in garden.iterdir()} == before


def test_a_cut_is_recorded_and_holds_for_the_next_version(garden: Path) -> None:
    vendor(garden, source(garden, SPEC), operations=["GET /beds", "getBed"])
    assert (garden / "openapi.yaml").read_text() == SPEC  # nothing else is there
    vendor(garden, source(garden, SPEC), operations=["GET /beds"])
    cut = (garden / "openapi.yaml").read_bytes()
    recorded = PROVIDER.replace("2026-01-02", TODAY).replace(
        "# for now\n", f"# for now\n  published_sha256: {sha256(SPEC)}\n  operations:\n    - GET /beds\n"
    )
    provider = recorded.replace("  published", "{published}").format(sha256=sha256(cut), published="  published")
    assert b"getBed" not in cut
    lines = (garden / "provider.yaml").read_text().splitlines()
    assert sorted(lines) == sorted(provider.splitlines())

    new = SPEC.replace("Nothing.", "No bed.").replace("A bed.", "One bed.")
    vendor(garden, source(garden, new))
    assert b"No bed." in (garden / "openapi.yaml").read_bytes()
    assert b"getBed" not in (garden / "openapi.yaml").read_bytes()
    assert f"published_sha256: {sha256(new)}\n" in (garden / "provider.yaml").read_text()

    other = new.replace("One bed.", "A bed, then.")  # the cut is as before, the published document is not
    assert vendor(garden, source(garden, other)).written == ("provider.yaml",)

    vendor(garden, source(garden, new), operations=[""])
    provider = PROVIDER.replace("2026-01-02", TODAY).format(sha256=sha256(new))
    assert content(garden) == {"openapi.yaml": new, "provider.yaml": provider, "notes.txt": "Mine.\n"}


def test_an_operation_of_the_cut_that_is_gone_is_reported_where_it_was_chosen(garden: Path) -> None:
    vendor(garden, source(garden, SPEC), operations=["listBeds"])
    before = content(garden)
    with pytest.raises(ProblemsFound) as caught:
        vendor(garden, source(garden, SPEC.replace("listBeds", "getBeds")))
    assert content(garden) == before
    line = before["provider.yaml"].splitlines().index("    - listBeds") + 1
    assert str(caught.value).replace(str(garden.parents[1]), "DIR") == (
        f"specs/garden/provider.yaml:{line}: error[unknown-operation]: DIR/new.yaml has no operation 'listBeds' "
        "(DIR/new.yaml:1)\n    hint: there are: GET /beds, GET /beds/{id}, getBed, getBeds"
    )


def test_several_sources_are_recorded_one_by_one(garden: Path) -> None:
    other = SPEC.replace("listBeds", "listPots").replace("  /beds:", "  /pots:")
    vendor(garden, source(garden, SPEC, "a.yaml"), source(garden, other, "b.yaml"))
    lines = (garden / "provider.yaml").read_text()
    assert f"  published_sha256:\n    - {sha256(SPEC)}\n    - {sha256(other)}\n" in lines


@pytest.mark.parametrize(
    "form",
    [
        "source: {}\n",
        "source: {url: 'https://a.example', retrieved: 2026-01-02, sha256: '1', transcribed: false}\n",
        'source:\n  {"url": "https://a.example", "retrieved": "2026-01-02", "sha256": "1", "transcribed": false}\n',
        "source: &a\n  ? url\n  : https://a.example\n  ? retrieved\n  : 2026-01-02\n  ? sha256\n  : '1'\n",
    ],
)
def test_a_form_that_cannot_be_written_is_an_error_and_nothing_is_written(form: str, garden: Path) -> None:
    (garden / "provider.yaml").write_text(form)
    with pytest.raises(ProblemsFound) as caught:
        vendor(garden, source(garden, PAGE, "page.md"))
    assert str(caught.value) == (
        "specs/garden/provider.yaml:1: error[record-by-hand]: the fields of `source` cannot be written into a file of "
        "this form\n    hint: write `source:`, and below it a line of its own for each of its fields, then run the "
        "command again"
    )
    assert content(garden)["openapi.yaml"] == SPEC
    assert content(garden)["provider.yaml"] == form


def test_what_a_killed_run_has_left_goes_also_where_nothing_changes(garden: Path) -> None:
    (garden.parent / ".garden.swap").mkdir()
    (garden.parent / ".garden.swap" / "openapi.yaml").write_text("half")
    assert vendor(garden, source(garden, SPEC)).written == ()
    assert os.listdir(garden.parent) == ["garden"]


def test_what_new_has_guessed_is_decided_by_what_is_certain(garden: Path) -> None:
    text = (garden / "provider.yaml").read_text()
    (garden / "provider.yaml").write_text(text.replace("transcribed: true", "transcribed?: true"))
    vendor(garden, source(garden, SPEC + "# New.\n"))
    assert "  transcribed?: true   # for now\n" in (garden / "provider.yaml").read_text()
    vendor(garden, source(garden, PAGE, "page.md"))
    assert "  transcribed: false   # for now\n" in (garden / "provider.yaml").read_text()
    assert "transcribed?" not in (garden / "provider.yaml").read_text()


def test_a_provider_yaml_without_a_source(garden: Path) -> None:
    (garden / "provider.yaml").write_text("credentials: {}\n")
    with pytest.raises(ProblemsFound) as caught:
        vendor(garden, source(garden, PAGE, "page.md"))
    assert str(caught.value) == (
        "specs/garden/provider.yaml: error[provider-shape]: there is no mapping `source`\n"
        "    hint: it says where the description came from: see CONTRIBUTING.md"
    )


@pytest.mark.parametrize("edit", [str, lambda text: text.replace("\n", "\r\n"), lambda text: f"\ufeff{text}"])
@pytest.mark.parametrize("operations", [["GET /beds"], ["GET /beds", "getBed"], ["getBed"]])
def test_line_ends_marks_and_other_lines_stay(edit: Callable[[str], str], operations: list[str], garden: Path) -> None:
    before = edit(PROVIDER.format(sha256=sha256(SPEC)))
    (garden / "provider.yaml").write_bytes(before.encode())
    vendor(garden, source(garden, SPEC), operations=operations)
    vendor(garden, source(garden, SPEC), operations=[""])
    after = (garden / "provider.yaml").read_bytes().decode()
    assert after.replace(TODAY, "2026-01-02") == before


def test_where_folders_cannot_be_exchanged_files_are_replaced(garden: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swap, "_exchange", lambda a, b: False)
    new = SPEC.replace("'1'", "'2'")
    vendor(garden, source(garden, new))
    assert content(garden)["openapi.yaml"] == new
    assert sha256(new) in content(garden)["provider.yaml"]
    assert os.listdir(garden.parent) == ["garden"]


# On the command line


def test_the_command_shows_what_a_new_version_means(garden: Path) -> None:
    source(garden, SPEC.replace("soil: {type: string}", "soil: {type: integer}"))
    run = generator("vendor", "garden", "new.yaml", "--specs", "specs", cwd=garden.parents[1])
    assert run.status == 0, run
    assert run.err == ""
    written, text = run.out.split("1 thing to decide", 1)
    assert written == "written specs/garden/openapi.yaml\nwritten specs/garden/provider.yaml\n"
    assert "before:specs/garden/openapi.yaml -> specs/garden\n" in text
    assert "old before:specs/garden/openapi.yaml:12, new specs/garden/openapi.yaml:12" in text
    again = generator("vendor", "garden", "new.yaml", "--specs", "specs", cwd=garden.parents[1])
    assert (again.status, again.err) == (0, "")
    assert again.out == (
        "specs/garden/openapi.yaml is what the source says: nothing has changed, and nothing was written.\n"
    )


def test_a_version_that_cannot_be_read_is_written_but_not_compared(garden: Path) -> None:
    source(garden, SPEC.replace("schema: {type: string}", "schema: {$ref: '#/nowhere'}"))
    run = generator("vendor", "garden", "new.yaml", "--specs", "specs", cwd=garden.parents[1])
    assert run.status == 2
    assert run.out == "written specs/garden/openapi.yaml\nwritten specs/garden/provider.yaml\n"
    assert "error[dangling-reference]" in run.err
    assert "vendored-spec-changed" not in run.err, "provider.yaml is not about the document from before"
    assert run.err.endswith("; it was written, but not compared.\n")


def test_the_command_says_that_only_the_record_has_changed(garden: Path) -> None:
    (garden / "provider.yaml").write_text(PROVIDER.format(sha256="0"))
    source(garden, SPEC)
    run = generator("vendor", "garden", "new.yaml", "--specs", "specs", cwd=garden.parents[1])
    assert run.out == (
        "written specs/garden/provider.yaml\n"
        "specs/garden/openapi.yaml is as before; only the record of where it came from has changed.\n"
    )


def test_problems_leave_everything_as_it_was(garden: Path) -> None:
    before = content(garden)
    source(garden, "# Prose\n", "page.md")
    for arguments, problem in (
        (("garden", "page.md"), "page.md: error[not-openapi]: this is neither OpenAPI nor a page that embeds it"),
        (("gardn", "page.md"), "specs/gardn: error[no-such-provider]: there is no provider.yaml here"),
        (("garden", "none.yaml"), "none.yaml: error[unreadable-file]: cannot read the file"),
    ):
        run = generator("vendor", *arguments, "--specs", "specs", cwd=garden.parents[1])
        assert (run.status, run.out) == (1, "")
        assert run.err.startswith(problem)
        assert run.err.endswith("1 problem; nothing was written.\n")
    assert content(garden) == before
