"""The results as a table on the terminal, as Markdown and as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Sequence

from rich.table import Table

from tests.corpus.goals import lost_types, missed, totals
from tests.corpus.run import Result

COLUMNS: tuple[str, ...] = (
    "document",
    "operations",
    "generated",
    "importable",
    "callable",
    "values",
    "lost",
    "untried",
    "models",
    "answers untyped",
)
COLUMNS += ("schemas untyped", "warnings", "errors", "mypy", "seconds", "MB", "identical")


def rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """The table's rows, sums last."""
    all_rows = [_row(result) for result in results]
    sums = totals(results)
    all_rows.append(
        (
            f"{sums.packages} of {sums.documents} documents",
            *map(str, (sums.operations, sums.generated, sums.importable, sums.callable)),
            *map(str, (sums.values, sums.lost, sum(len(r.findings["untried"]) for r in results))),
            str(sum(r.findings["models"] for r in results)),
            f"{sums.untyped} of {sums.answers}",
            f"{sum(map(_untyped_schemas, results))} of {sum(r.findings['schemas'] for r in results)}",
            str(sum(sum(r.ids.values()) - sum(_errors(r).values()) for r in results)),
            str(sum(sum(r.errors.values()) for r in results)),
            f"{sum(r.mypy_errors == 0 for r in results)} clean",
            f"{sum(r.seconds for r in results):.1f}",
            f"{max((r.megabytes for r in results), default=0):.0f}",
            f"{sum(bool(r.identical) for r in results)}",
        )
    )
    return all_rows


def _row(result: Result) -> tuple[str, ...]:
    findings = result.findings
    name = result.name + " (skipping)" * result.skipped
    judged = (
        str(findings["values"]),
        *(str(len(findings[key]) or "") for key in ("lost", "untried")),
        str(findings["models"]),
        f"{len(findings['untyped'])} of {findings['answers']}",
        f"{_untyped_schemas(result)} of {findings['schemas']}",
    )
    return (
        name,
        *map(str, (result.operations, result.made, result.importable, result.callable)),
        *(judged if result.imports else [""] * len(judged)),
        str(sum(result.ids.values()) - sum(_errors(result).values())),
        str(sum(result.errors.values()) or ""),
        "" if result.mypy_errors is None else str(result.mypy_errors),
        f"{result.seconds:.1f}",
        f"{result.megabytes:.0f}",
        {None: "", True: "yes", False: "NO"}[result.identical],
    )


def _untyped_schemas(result: Result) -> int:
    return sum(result.findings["untyped_schemas"].values())


def _errors(result: Result) -> Counter[str]:
    return Counter(id for _, severity, id, _ in result.problems if severity == "error")


def table(results: Sequence[Result]) -> Table:
    """The rows for a terminal."""
    table_ = Table(box=None, pad_edge=False, header_style="bold")
    for column in COLUMNS:
        table_.add_column(column, justify="left" if column == "document" else "right", overflow="fold")
    *single, sums = rows(results)
    for row in single:
        table_.add_row(*row)
    table_.add_row(*sums, style="bold")
    return table_


def causes(results: Sequence[Result]) -> list[tuple[str, int, int, int]]:
    """Why operations are lost: a problem's id, its reports, its documents, and the operations that these lose.

    A document without a package loses all its operations, and they count for each of its problems.
    """
    sums_by_id: dict[str, list[int]] = {}
    for result in results:
        for id, times in result.errors.items():
            sums = sums_by_id.setdefault(id, [0, 0, 0])
            sums[0] += times
            sums[1] += 1
            sums[2] += result.operations - result.made
    return sorted(((id, *sums) for id, sums in sums_by_id.items()), key=lambda c: (-c[3], -c[1], c[0]))  # type: ignore[misc]


def markdown(results: Sequence[Result]) -> str:
    """The whole report: the table, missed goals, causes, and each operation or type that is lost."""
    lines = ["# Corpus", "", "| " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * (len(COLUMNS) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows(results)]
    lines += ["", "## Missed goals", "", *([f"- {sentence}" for sentence in missed(results)] or ["None."])]
    lines += [
        "",
        "## Causes",
        "",
        "| problem | reported | documents | operations without a method |",
        "|---|---:|---:|---:|",
    ]
    lines += [f"| {id} | {times} | {documents} | {lost} |" for id, times, documents, lost in causes(results)]
    for title, entries in (
        ("Errors", [f"`{p[2]}` {p[0]}: {p[3]}" for r in results for p in _first_of_each_id(r)]),
        (
            "Failed without a problem",
            [
                f"{r.name}: {r.last_line}"
                for r in results
                if r.last_line and (not r.generated or not r.identical) and not r.problems
            ],
        ),
        ("Second runs", [f"{r.name}: {r.last_line}" for r in results if r.identical is False]),
        (
            "Cannot be imported",
            [f"{r.name}: {r.findings['import_error']}" for r in results if r.findings["import_error"]],
        ),
        ("Without a method", [f"{r.name}: {o}" for r in results for o in r.findings["missing"]]),
        ("Left out without a word", [f"{r.name}: {o}" for r in results for o in r.silent]),
        ("Replaced", [f"{r.name}: {o}" for r in results for o in r.findings["replaced"]]),
        ("Cannot be called", [f"{r.name}: {o}: {why}" for r in results for o, why in r.findings["failed"].items()]),
        (
            "Values that do not survive a round trip",
            [f"{r.name}: {o}: {why}" for r in results for o, reasons in r.findings["lost"].items() for why in reasons],
        ),
        (
            "Without a valid instance",
            [
                f"{r.name}: {o}: {why}"
                for r in results
                for o, reasons in r.findings["untried"].items()
                for why in reasons
            ],
        ),
        ("mypy --strict", [f"{r.name}: {line}" for r in results for line in r.mypy_errors_shown]),
        ("Untyped answers, by cause", [f"{n} x {why}" for why, n in untyped_causes(results).most_common()]),
        (
            "Untyped answers that the document has a type for",
            [f"{r.name}: {u['operation']} {u['status']}" for r in results for u in lost_types(r)],
        ),
        (
            "Untyped schemas",
            [f"{r.name}: {n} x {why}" for r in results for why, n in sorted(r.findings["untyped_schemas"].items())],
        ),
        ("Warnings", [f"`{id}`: {n} in {d} documents" for id, n, d in _warnings(results)]),
    ):
        if entries:
            lines += ["", f"## {title}", "", *(f"- {entry}" for entry in entries)]
    return "\n".join(lines) + "\n"


def untyped_causes(results: Sequence[Result]) -> Counter[str]:
    """Why answers have no type, and how many."""
    return Counter(untyped["reason"] for result in results for untyped in result.findings["untyped"])


def _first_of_each_id(result: Result) -> list[tuple[str, str, str, str]]:
    errors_by_id: dict[str, list[tuple[str, str, str, str]]] = {}
    for problem in result.problems:
        if problem[1] == "error":
            errors_by_id.setdefault(problem[2], []).append(problem)
    return [problem for errors in errors_by_id.values() for problem in errors[:5]]


def _warnings(results: Sequence[Result]) -> list[tuple[str, int, int]]:
    times, documents = Counter[str](), Counter[str]()
    for result in results:
        own = result.ids - _errors(result)
        times += own
        documents.update(own.keys())
    return [(id, n, documents[id]) for id, n in times.most_common()]


def as_json(results: Sequence[Result]) -> str:
    """The whole report as JSON."""
    sums = dataclasses.asdict(totals(results))
    report = {"totals": sums, "missed": missed(results), "documents": [dataclasses.asdict(r) for r in results]}
    return json.dumps(report, indent=1) + "\n"
