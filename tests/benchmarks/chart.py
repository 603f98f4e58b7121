"""The chart of all goals: what is in it, and the file, which matplotlib draws in an environment of its own."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks.comparison import PartResult
from tests.benchmarks.goals import Verdict, verdicts
from tests.benchmarks.peers import PeerError, environment
from tests.benchmarks.tables import times

FILE = Path(__file__).parent / "chart.svg"
_DRAW = Path(__file__).parent / "draw.py"
_PANELS = {
    "same job": "Beside a tool for the same job",
    "part of the job": "Beside a bare minimum, which does a part of the job",
}


def content(parts: Mapping[str, PartResult]) -> dict[str, Any]:
    """What the chart shows: two panels, each with a row for each goal."""
    judged = verdicts(parts)
    panels = [
        {"title": title, "rows": [_row(verdict) for verdict in judged if verdict.goal.chart == panel]}
        for panel, title in _PANELS.items()
    ]
    return {"panels": [each for each in panels if each["rows"]], "caption": _caption(parts)}


def _row(verdict: Verdict) -> dict[str, Any]:
    goal = verdict.goal
    return {
        "label": goal.short,
        "peer": goal.peer.replace("`", ""),
        "ratio": round(verdict.figure, 4),
        "goal": round(goal.at_most, 4),
        "reached": verdict.reached,
        "text": described(verdict.figure),
    }


def described(ratio: float) -> str:
    """A ratio in words: `25 times less`, `3.5 times as much`."""
    if abs(ratio - 1) < 0.05:
        return "as much"
    return f"{times(1 / ratio)} times less" if ratio < 1 else f"{times(ratio)} times as much"


def _caption(parts: Mapping[str, PartResult]) -> str:
    dates = sorted({part.date for part in parts.values()})
    machines = {f"{part.machine['processor']}, {part.machine['cores']} cores" for part in parts.values()}
    span = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    return f"Time of the processor, or memory; medians. {span}, {'; '.join(sorted(machines))}"


def digest(parts: Mapping[str, PartResult]) -> str:
    """What the file has to say of its content, so that a chart of other results is noticed."""
    return hashlib.sha256(json.dumps(content(parts), sort_keys=True).encode()).hexdigest()[:12]


def draw(parts: Mapping[str, PartResult], file: Path = FILE) -> None:
    """Draw the chart.

    Raises:
        PeerError: matplotlib cannot be installed, or cannot draw.
    """
    python = environment("matplotlib") / "python"
    given = json.dumps({**content(parts), "digest": digest(parts)})
    run = subprocess.run([python, _DRAW, file], input=given, capture_output=True, text=True, check=False)
    if run.returncode:
        raise PeerError(f"matplotlib cannot draw the chart: {run.stderr[-500:]}")
