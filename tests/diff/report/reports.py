"""Reports for tests: those that `cases/` holds, and a long one."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from generator.diff.causes.cause import Cause
from generator.diff.causes.grouping import group
from generator.diff.finding import SEVERITIES, Change
from generator.diff.notice import Notice, Quote
from generator.diff.report.model import PackageBump, Report
from generator.document.problems import Problem, Source
from tests.diff.judging import change

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


def read(case: Path) -> Report:
    """The report of a case: the fields of its dataclasses by name, or in their order."""
    document = json.loads((case / "report.json").read_text(encoding="utf-8"))
    warnings = [
        Problem(id, Source(*where), message, hint, "warning") for id, where, message, hint in document["warnings"]
    ]
    return Report(
        document["old"],
        document["new"],
        group(_change(**change) for change in document["changes"]),
        tuple(PackageBump(*bump) for bump in document["bumps"]),
        tuple(warnings),
        {file: "\n".join(lines) for file, lines in document.get("texts", {}).items()},
        {(package, operation): call for package, operation, call in document.get("calls", [])},
    )


def long(count: int) -> Report:
    """A report of `count` changes of each severity, from two packages and many operations."""
    base = read(next(case for case in CASES if case.name == "several-layers"))
    (pattern,) = (change for change in base.changes if change.rule == "new-required-request-property")
    changes = [
        dataclasses.replace(
            pattern, severity=severity, operation=f"GET /things/{at % 97}", place=f"body /{severity}{at}"
        )
        for severity in SEVERITIES
        for at in range(count)
    ]
    return dataclasses.replace(base, causes=group([*base.changes, *changes]))


def large(causes: int, operations: int) -> Report:
    """A report of a schema that operations share, each of whose properties has another type."""
    names = [f"field{number}" for number in range(causes)]
    routes = [f"GET /gardens/{{garden}}/beds{number}/{{bed}}" for number in range(operations)]
    old = "beds:\n" + "".join(f"  {name}:\n    type: string\n" for name in names)
    texts = {"old.yaml": old, "new.yaml": old.replace("string", "integer")}
    rule, notice = "response-property-type-changed", Notice((Quote("text"), " became ", Quote("integer"), "."))
    return Report(
        *("old.yaml", "new.yaml"),
        tuple(
            Cause(tuple(change(rule=rule, operation=route, **place, notice=notice) for route in routes))
            for place in map(_place, names, range(causes))
        ),
        texts=texts,
        calls={
            ("things-client", f"GET /gardens/{{}}/beds{at}/{{}}"): f"client.beds.get{at}" for at in range(operations)
        },
    )


def _place(name: str, number: int) -> dict[str, Any]:
    pointer, line = f"/components/schemas/Bed/properties/{name}", 2 + 2 * number
    sources = {"old": Source("old.yaml", pointer, line), "new": Source("new.yaml", pointer, line)}
    return {"place": f"answer 200 /{name}", "before": "text", "after": "integer", "pointer": pointer, **sources}


def _change(old: list[Any] | None, new: list[Any] | None, notice: list[Any], **fields: Any) -> Change:
    pieces = tuple(piece if isinstance(piece, str) else Quote(*piece) for piece in notice)
    old_source, new_source = (Source(*side) if side else None for side in (old, new))
    return Change(old=old_source, new=new_source, notice=Notice(pieces), **fields)
