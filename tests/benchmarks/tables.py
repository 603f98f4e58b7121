"""What the results look like in Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.benchmarks.comparison import Comparison, PartResult, Quantity, Spread
from tests.benchmarks.goals import Verdict, verdicts

_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def page(parts: Mapping[str, PartResult]) -> str:
    """The page of all results: RESULTS.md."""
    lines = [
        "# How fast is it?",
        "",
        "`make bench` measured this, on the machine and with the versions below. A ratio is our cost divided by that",
        "of the peer: less than 1 where ours is the lower one. Each is the median of pairs that were measured one",
        "after the other, with the least and the greatest in parentheses. Costs are medians: time of the processor,",
        "not of the clock, and the peak of memory of all processes together. `results.json` has every sample.",
        "",
        "## Goals",
        "",
        *goal_table(verdicts(parts)),
        "",
        "Where a goal has several rows below, the worst decides, or their geometric mean where the goal says so.",
        "",
        "## All that was measured",
        "",
        *_table(
            ("part", "work", "ours", "cost", "peer", "cost", "ratio", "measured"),
            "lllrlrrl",
            [_row(name, part, row) for name, part in parts.items() for row in part.comparisons],
        ),
        "",
        *_unmeasured(parts),
        "## With what",
        "",
    ]
    for name, part in parts.items():
        machine = ", ".join(f"{key} {value}" for key, value in part.machine.items())
        lines += [f"`{name}`, {part.date}, commit {part.commit}, {part.seconds:.0f} s: {machine}.", ""]
        if part.versions:
            lines += [f"Versions: {', '.join(f'{key} {value}' for key, value in part.versions.items())}.", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def goal_table(judged: Sequence[Verdict]) -> list[str]:
    """A row for each goal: what it is about, its figure, and whether it is reached."""
    rows = [
        (
            verdict.goal.text,
            verdict.goal.peer,
            times(verdict.figure),
            times(verdict.goal.at_most),
            "reached" if verdict.reached else "**missed**",
        )
        for verdict in judged
    ]
    return _table(("what", "beside", "ratio", "goal", ""), "llrrl", rows)


def readme_table(judged: Sequence[Verdict]) -> list[str]:
    """The short table: ratios alone, of the goals that are chosen for it."""
    rows = [(v.goal.text, v.goal.peer, times(v.figure), times(v.goal.at_most)) for v in judged if v.goal.in_readme]
    return _table(("what", "beside", "ratio", "goal"), "llrr", rows)


def times(ratio: float) -> str:
    """A ratio in three digits at most."""
    if ratio >= 100:
        return f"{ratio:.0f}"
    if ratio >= 10:
        return f"{ratio:.1f}".removesuffix(".0")
    text = f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.3f}"
    return text.rstrip("0").removesuffix(".")


def amount(value: float, quantity: Quantity) -> str:
    """A cost with its unit."""
    if quantity == "megabytes":
        return f"{value:,.0f} MB"
    size, unit = next(((size, unit) for size, unit in _UNITS if value >= size), _UNITS[-1])
    number = value / size
    return f"{number:,.0f} {unit}" if number >= 100 else f"{number:.3g} {unit}"


def _row(part_name: str, part: PartResult, row: Comparison) -> tuple[str, ...]:
    return (
        part_name,
        row.what,
        row.ours,
        amount(row.our_cost.median, row.quantity),
        row.peer,
        amount(row.peer_cost.median, row.quantity),
        _spread(row.ratio),
        part.date,
    )


def _spread(ratio: Spread) -> str:
    return f"{times(ratio.median)} ({times(ratio.least)} to {times(ratio.greatest)})"


def _unmeasured(parts: Mapping[str, PartResult]) -> list[str]:
    items = [(name, item) for name, part in parts.items() for item in part.unmeasured]
    if not items:
        return []
    lines = [f"- `{name}`, {item.what}: {item.peer} {item.reason}" for name, item in items]
    return ["## What is missing", "", *lines, ""]


def _table(titles: Sequence[str], sides: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """A table whose columns are left (`l`) or right (`r`)."""
    line = "|".join("--:" if side == "r" else "---" for side in sides)
    head, *body = ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in (titles, *rows)]
    return [head, f"|{line}|", *body]
