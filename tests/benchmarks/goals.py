"""What the benchmark is to show: a figure for each goal, and the ratio that it may not exceed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import geometric_mean
from typing import Literal

from tests.benchmarks.comparison import Comparison, PartResult


@dataclass(frozen=True, slots=True)
class Goal:
    """How many times the peer's cost ours may be: `at_most`. `short` is its name in a chart.

    Several comparisons may count for a goal. Then the worst of them decides, or the geometric mean of all.
    """

    id: str
    part: str
    short: str
    text: str
    peer: str
    at_most: float
    by: Literal["worst", "geometric mean"] = "worst"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figure of a goal; `comparisons` are what it comes from."""

    goal: Goal
    figure: float
    comparisons: tuple[Comparison, ...]

    @property
    def reached(self) -> bool:
        # A figure that reads like the goal reaches it.
        return round(self.figure, 3) <= self.goal.at_most


_PLAIN = "openapi-python-client"

GOALS = (
    Goal(
        "generate-cold", "generate", "generate all clients", "generate the clients of all providers, from nothing",
        f"{_PLAIN}, one call for each provider", 0.15,
    ),
    Goal(
        "generate-nothing", "generate", "generate, nothing to do", "`generate` where nothing has changed",
        "starting Python", 3,
    ),
    Goal(
        "scale-time-1000", "scale", "1,000 operations: time", "a client of 1,000 operations: time", _PLAIN, 1 / 25,
    ),
    Goal(
        "scale-time-3000", "scale", "3,000 operations: time", "a client of 3,000 operations: time", _PLAIN, 1 / 25,
    ),
    Goal(
        "scale-memory-1000", "scale", "1,000 operations: memory", "a client of 1,000 operations: memory",
        _PLAIN, 1 / 20,
    ),
    Goal(
        "scale-memory-3000", "scale", "3,000 operations: memory", "a client of 3,000 operations: memory",
        _PLAIN, 1 / 20,
    ),
    Goal(
        "scale-growth", "scale", "an operation among many", "one operation of a larger document",
        "one of a smaller document", 1.1,
    ),
    Goal(
        "decode-typed", "decode", "decode, typed", "decode an answer, with its types",
        "msgspec without types", 1.1, "geometric mean",
    ),
    Goal(
        "repair-small", "decode", "repair a small answer", "decode a small answer that has one mistake",
        "msgspec without types", 15,
    ),
    Goal(
        "repair-large", "decode", "repair a large answer", "decode a large answer that has one mistake",
        "msgspec without types", 3,
    ),
    Goal(
        "normalize-small", "normalize", "WorkflowRun, small", "a small answer becomes a `WorkflowRun`",
        "json.loads", 8,
    ),
    Goal(
        "normalize-large", "normalize", "WorkflowRun, large",
        "an answer of 50 steps or more becomes a `WorkflowRun`", "json.loads", 4,
    ),
    Goal("call-mock", "call", "a call, no network", "a call, without a network", "httpx2 alone", 1.15),
    Goal("call-loopback", "call", "a call, loopback", "a call to a server on this machine", "httpx2 alone", 1.1),
    Goal(
        "import-client", "import", "import a client", "import `workflow_client_juo` and its models",
        f"the client of {_PLAIN}", 0.3,
    ),
    Goal("import-runs", "import", "import workflow_runs", "import `workflow_runs`", "import httpx2", 0.35),
    Goal(
        "start-get", "import", "workflow-runs get, start", "`workflow-runs get` until its request goes out",
        "import httpx2", 1.4,
    ),
    Goal("diff-equal", "diff", "diff, equal files", "`diff` of GitHub's document and an equal file", "Redocly", 1),
    Goal("diff-update", "diff", "diff, a large update", "`diff` of a large update", "Redocly", 2),
)  # fmt: skip


def verdicts(parts: Mapping[str, PartResult]) -> list[Verdict]:
    """The figure of each goal for which something was measured, in the order of the goals."""
    counted = [
        (goal, tuple(row for row in parts[goal.part].comparisons if row.goal == goal.id))
        for goal in GOALS
        if goal.part in parts
    ]
    return [Verdict(goal, _figure(goal, rows), rows) for goal, rows in counted if rows]


def _figure(goal: Goal, rows: tuple[Comparison, ...]) -> float:
    ratios = [row.ratio.median for row in rows]
    return max(ratios) if goal.by == "worst" else geometric_mean(ratios)
