"""The table of a run, for terminals and as Markdown."""

from __future__ import annotations

from rich.table import Table

from tests.torture.run import Result

_COLUMNS = ("subject", "cases", "of", "what came of them", "slowest", "memory", "time", "failures")
_OUTCOMES = 6


def rows(results: list[Result]) -> list[tuple[str, ...]]:
    """A row for each subject, with a cell for each of the columns."""
    return [
        (
            result.subject.name,
            f"{result.cases:,}",
            f"{result.planned:,}",
            _outcomes(result),
            f"{result.slowest_seconds:.2f} s",
            f"{result.peak_mb:,.0f} MB",
            f"{result.wall_seconds:,.0f} s",
            f"{sum(map(len, result.failures.values())):,}",
        )
        for result in results
    ]


def table(results: list[Result]) -> Table:
    """The results for a terminal."""
    shown = Table(*_COLUMNS)
    for row in rows(results):
        shown.add_row(*row)
    return shown


def markdown(results: list[Result], title: str, remarks: list[str]) -> str:
    """The results as a page."""
    lines = [f"# {title}", "", *remarks, ""]
    lines += ["| " + " | ".join(cells) + " |" for cells in (_COLUMNS, ["---"] * len(_COLUMNS), *rows(results))]
    lines += ["", "## What was promised", ""]
    lines += [f"- `{result.subject.name}`: {result.subject.promise}" for result in results]
    failures = [
        f"- `{result.subject.name}`, {len(failed):,} cases: {kind}"
        for result in results
        for kind, failed in result.failures.items()
    ]
    if failures:
        lines += ["", "## Failures", "", *failures]
    return "\n".join(lines) + "\n"


def _outcomes(result: Result) -> str:
    common = result.outcomes.most_common()
    rest = sum(count for _, count in common[_OUTCOMES:])
    cells = [f"{outcome} {count:,}" for outcome, count in common[:_OUTCOMES]]
    return ", ".join([*cells, f"others {rest:,}"] if rest else cells)
