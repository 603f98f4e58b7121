"""A report has the texts that its sources point into, whichever revision they are of, and the calls of operations."""

from __future__ import annotations

from pathlib import Path

from generator.diff.commands import difference_report
from generator.diff.report import render
from tests.diff.repositories import SPEC, WIDER, write_provider

OVERLAY = """\
overlay: 1.0.0
info: {title: Corrections, version: 1.0.0}
actions:
- {target: "$.paths['/things/{id}'].get", description: Finds, update: {operationId: findThing}}
"""


def test_texts_of_a_revision_and_of_the_working_tree_go_by_their_names(repository: Path) -> None:
    write_provider(repository / "specs/things", WIDER, overlay=OVERLAY)
    report = difference_report("HEAD", "specs")
    assert report.texts["HEAD:specs/things/openapi.yaml"] == SPEC
    assert report.texts["specs/things/openapi.yaml"] == WIDER
    assert report.texts["specs/things/overlay.yaml"] == OVERLAY
    sources = [source for cause in report.causes for source in (cause.old, cause.new) if source]
    assert sources
    assert {source.file for source in sources} <= report.texts.keys()


def test_files_that_the_document_refers_to_are_among_them(work: Path) -> None:
    thing = SPEC[SPEC.index("      type: object") :]
    document = SPEC.replace("#/components/schemas/Thing", "parts/thing.yaml")
    for version in ("old", "new"):
        (work / version / "parts").mkdir(parents=True)
        (work / version / "api.yaml").write_text(document)
        (work / version / "parts/thing.yaml").write_text(thing.replace("\n      ", "\n").strip())
    (work / "new/parts/thing.yaml").write_text(
        WIDER[WIDER.index("      type: object") :].replace("\n      ", "\n").strip()
    )
    report = difference_report("old/api.yaml", "new/api.yaml")
    assert {"old/parts/thing.yaml", "new/parts/thing.yaml"} <= report.texts.keys()


def test_calls_are_those_of_the_old_version_where_it_has_them(repository: Path) -> None:
    write_provider(repository / "specs/things", WIDER, overlay=OVERLAY)
    calls = difference_report("HEAD", "specs").calls
    assert calls["workflow-client-things", "GET /things/{}"] == "client.get_thing"


def test_the_page_shows_the_lines_of_a_revision(repository: Path) -> None:
    write_provider(repository / "specs/things", WIDER)
    page = render(difference_report("HEAD", "specs"), "html")
    assert "<code>HEAD:specs/things/openapi.yaml:20</code>" in page
    assert "<code>specs/things/openapi.yaml:20</code>" in page
    assert "status: {type: string, enum: [one, two<mark>, three</mark>]}" in page
