"""One folder of `cases` per kind of report: `report.json`, and what each format makes of it.

After a deliberate change, `UPDATE_CASES=1 pytest tests/diff/report` writes the expected files anew. Such a run always
fails, so that nobody takes it for a test; read the difference, and run the tests again without it.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from generator.diff.report import FORMATS, Format, render
from tests.diff.report.reports import CASES, read

UPDATE = os.environ.get("UPDATE_CASES") == "1"
FILES: dict[Format, str] = {
    "text": "text.txt",
    "markdown": "markdown.md",
    "json": "json.json",
    "github": "github.txt",
    "sarif": "report.sarif",
    "html": "page.html",
}
_SAME_IN_EACH = re.compile(r"(?s)(?<=<style>).*?(?=</style>)|(?<=<script>).*?(?=</script>)|&#39;sha256-.*?&#39;")
"""What all pages have, which the expected ones are without."""


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_gives_what_it_expects(case: Path, format: Format) -> None:
    expected = case / "expected" / FILES[format]
    rendered = render(read(case), format).encode()
    if format == "sarif":
        rendered = without_rules(rendered)
    if format == "html":
        rendered = _SAME_IN_EACH.sub("", rendered.decode()).encode()
    if UPDATE:
        expected.parent.mkdir(exist_ok=True)
        expected.write_bytes(rendered)
        pytest.fail("the expected files were written anew; run this again without UPDATE_CASES")
    assert expected.exists(), "no expectation: UPDATE_CASES=1 writes one"
    assert rendered == expected.read_bytes()


def without_rules(rendered: bytes) -> bytes:
    """A report in SARIF with the ids of its rules alone, as the tables say the rest."""
    document = json.loads(rendered)
    driver = document["runs"][0]["tool"]["driver"]
    driver["rules"] = [rule["id"] for rule in driver["rules"]]
    return f"{json.dumps(document, indent=1)}\n".encode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_holds_nothing_else(case: Path) -> None:
    assert {path.name for path in (case / "expected").iterdir()} == set(FILES.values())
