"""The report for programs; `diff.schema.json` describes it."""

from __future__ import annotations

import json
from typing import Any

from ...document.problems import Source
from ..finding import Change, in_order
from .model import Report


def json_text(report: Report) -> str:
    """The report as JSON: for the same report the same bytes, all of them ASCII, so that nothing in it acts."""
    document = {
        "old": report.old,
        "new": report.new,
        "verdict": report.verdict,
        "bump": {bump.package: bump.level for bump in report.bumps},
        "versions": {b.package: {"current": b.current or None, "proposed": b.proposed or None} for b in report.bumps},
        "changes": [_change(change) for change in in_order(report.changes)],
        "warnings": [
            {"id": problem.id, "where": _place(problem.source), "message": problem.message, "hint": problem.hint}
            for problem in report.warnings
        ],
    }
    # Runners obey "##[command]" and the like anywhere in a log; escaped by JSON's own means, the text stays what it is.
    return json.dumps(document, indent=2).replace("##", "#\\u0023") + "\n"


_FIELDS = ("rule", "layer", "severity", "bump", "package", "operation", "place", "pointer", "before", "after")
"""The fields of a change that JSON has as they are."""


def _change(change: Change) -> dict[str, Any]:
    return {
        **{name: getattr(change, name) for name in _FIELDS},
        "notice": str(change.notice),
        "fingerprint": change.fingerprint,
        "accepted": change.accepted or None,
        "old": _place(change.old),
        "new": _place(change.new),
    }


def _place(source: Source | None) -> dict[str, Any] | None:
    return None if source is None else {"file": source.file, "line": source.line}
