"""The report for programs; `diff.schema.json` describes it."""

from __future__ import annotations

import json
from typing import Any

from ...document.problems import Problem, Source
from ..causes.cause import Cause
from ..finding import Change
from .model import Report


def json_text(report: Report) -> str:
    """The report as JSON: for the same report the same bytes, all of them ASCII, so that nothing in it acts."""
    document = {
        "old": report.old,
        "new": report.new,
        "verdict": report.verdict,
        "bump": {bump.package: bump.level for bump in report.bumps},
        "versions": {b.package: {"current": b.current or None, "proposed": b.proposed or None} for b in report.bumps},
        "decisions": [cause.fingerprint for cause in report.decisions],
        "causes": [_cause(cause) for cause in report.causes],
        "unread": [*report.unread],
        "warnings": [_problem(problem) for problem in report.warnings],
    }
    # Runners obey "##[command]" and the like anywhere in a log; escaped by JSON's own means, the text stays what it is.
    return json.dumps(document, indent=2).replace("##", "#\\u0023") + "\n"


_FIELDS = ("rule", "layer", "severity", "bump", "package", "operation", "place", "pointer", "before", "after")
"""The fields of a change that JSON has as they are."""


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        **{name: getattr(cause, name) for name in ("fingerprint", "subject", "severity", "rule")},
        **{name: getattr(cause, name) for name in ("before", "after", "pointer")},
        "notice": str(cause.notice),
        "hint": cause.hint,
        "accepted": cause.accepted or None,
        "old": _place(cause.old),
        "new": _place(cause.new),
        **{name: list(getattr(cause, name)) for name in ("layers", "packages", "operations")},
        "changes": [_change(change) for change in cause.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        **{name: getattr(change, name) for name in _FIELDS},
        "notice": str(change.notice),
        "hint": change.hint,
        "fingerprint": change.fingerprint,
        "accepted": change.accepted or None,
        "old": _place(change.old),
        "new": _place(change.new),
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        **{"severity": problem.severity, "id": problem.id, "where": _place(problem.source)},
        **{"message": problem.message, "hint": problem.hint},
    }


def _place(source: Source | None) -> dict[str, Any] | None:
    return None if source is None else {"file": source.file, "line": source.line}
