"""What the benchmark is to show: a figure for each goal, and the ratio that it may not exceed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import geometric_mean
from typing import Literal

from tests.benchmarks.comparison import Comparison, PartResult


@dataclass(frozen=True, slots=True)
class Goal:
    """How many times the peer's cost ours may be: `at_most`.

    `text` says what is done, `short` the same in a chart. Several comparisons may count for a goal. Then the worst
    of them decides, or the geometric mean of all. `chart` names its panel, if any: the peer does
    the same job, or a part of it. `in_readme`: it is in the short table of README.md.
    """

    id: str
    part: str
    short: str
    text: str
    peer: str
    at_most: float
    by: Literal["worst", "geometric mean"] = "worst"
    chart: Literal["same job", "part of the job", ""] = "part of the job"
    in_readme: bool = False


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
        f"{_PLAIN}, one call for each", 0.15, chart="same job", in_readme=True,
    ),
    Goal(
        "scale-time-1000", "scale", "a client of 1,000 operations", "generate a client of 1,000 operations",
        _PLAIN, 1 / 25, chart="same job", in_readme=True,
    ),
    Goal(
        "scale-time-3000", "scale", "a client of 3,000 operations", "generate a client of 3,000 operations",
        _PLAIN, 1 / 25, chart="same job",
    ),
    Goal(
        "scale-memory-1000", "scale", "its memory, 1,000 operations", "memory of generating 1,000 operations",
        _PLAIN, 1 / 20, chart="same job", in_readme=True,
    ),
    Goal(
        "scale-memory-3000", "scale", "its memory, 3,000 operations", "memory of generating 3,000 operations",
        _PLAIN, 1 / 20, chart="same job",
    ),
    Goal(
        "import-client", "import", "import a client", "import `workflow_client_juo` and its models",
        f"the client of {_PLAIN}", 0.3, chart="same job", in_readme=True,
    ),
    Goal(
        "diff-equal", "diff", "diff of equal files", "`diff` of GitHub's document and an equal file",
        "Redocly", 1, chart="same job",
    ),
    Goal(
        "diff-update", "diff", "diff of a large update", "`diff` of a large update", "Redocly", 2,
        chart="same job", in_readme=True,
    ),
    Goal(
        "decode-typed", "decode", "an answer, typed", "an answer becomes a typed model",
        "msgspec without types", 1.1, "geometric mean", in_readme=True,
    ),
    Goal(
        "repair-small", "decode", "a small answer with a mistake", "a small answer with a mistake is read",
        "msgspec without types", 15,
    ),
    Goal(
        "repair-large", "decode", "a large answer with a mistake", "a large answer with a mistake is read",
        "msgspec without types", 3,
    ),
    Goal(
        "normalize-small", "normalize", "WorkflowRun of a small answer", "a small answer becomes a `WorkflowRun`",
        "orjson.loads", 8, in_readme=True,
    ),
    Goal(
        "normalize-large", "normalize", "WorkflowRun of a large answer",
        "an answer of 50 steps or more becomes a `WorkflowRun`", "orjson.loads", 4,
    ),
    Goal(
        "call-mock", "call", "a call, no network", "a call, without a network", "httpx2 alone", 1.15,
    ),
    Goal(
        "call-loopback", "call", "a call over loopback", "a call to a server on this machine", "httpx2 alone", 1.1,
        in_readme=True,
    ),
    Goal(
        "import-runs", "import", "import workflow_runs, unused", "import `workflow_runs`, and use nothing of it yet",
        "import httpx2", 0.35,
    ),
    Goal(
        "start-get", "import", "start of workflow-runs get", "`workflow-runs get` until its request goes out",
        "the start of httpx2", 1.4,
    ),
    Goal(
        "generate-nothing", "generate", "generate, nothing to do", "`generate` where nothing has changed",
        "the start of Python", 3,
    ),
    Goal(
        "scale-growth", "scale", "an operation of a larger document", "time of an operation of a larger document",
        "of a smaller document", 1.1, chart="",
    ),
    Goal(
        "diff-memory", "diff", "memory of diff", "memory of `diff`", "`client` on the new document", 1.5, chart="",
    ),
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
