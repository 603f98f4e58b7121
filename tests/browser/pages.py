"""The pages that the browser opens: reports of several kinds, and of several sizes."""

from __future__ import annotations

from pathlib import Path

from generator.diff.commands import difference_report
from generator.diff.report import render
from tests.diff.report.reports import CASES, large, read

_VERSIONS = Path(__file__).parents[1] / "diff" / "dify"


def write_pages(folder: Path) -> dict[str, Path]:
    """Write a page for each report into a folder: the paths by name."""
    reports = {
        "update": difference_report(str(_VERSIONS / "01-first"), str(_VERSIONS / "05-inputs-as-text-or-null")),
        "large": large(60, 500),
        **{case.name: read(case) for case in CASES},
    }
    paths = {name: folder / f"{name}.html" for name in reports}
    for name, report in reports.items():
        paths[name].write_text(render(report, "html"), encoding="ascii")
    return paths
