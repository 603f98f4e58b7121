"""Draws the chart of the results, in the environment of matplotlib: `python draw.py FILE < content.json`."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

_REACHED, _MISSED, _INK, _PALE = "#2a78c2", "#d9822b", "#24292f", "#6e7781"
_ROW, _HEAD, _FOOT, _GAP = 0.34, 0.75, 0.8, 0.95
"""Inches: the height of a row, what is above and below, and what is between two panels."""


def main() -> None:
    matplotlib: Any = import_module("matplotlib")
    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "chart",
            "font.family": ["DejaVu Sans", "Verdana", "sans-serif"],
            "font.size": 10,
            "text.color": _INK,
        }
    )
    content = json.load(sys.stdin)
    panels = content["panels"]
    heights = [_ROW * len(panel["rows"]) for panel in panels]
    height = _HEAD + sum(heights) + _GAP * len(panels) + _FOOT
    pyplot: Any = import_module("matplotlib.pyplot")
    figure = pyplot.figure(figsize=(9.6, height), facecolor="white")
    figure.text(0.02, 1 - 0.32 / height, "What it costs beside others", size=15, weight="bold")
    figure.text(
        0.02, 1 - 0.60 / height, "A bar to the left of the line: it costs less. To the right: more.", color=_PALE
    )
    bottom, shared = height - _HEAD, limits(panels)
    for panel, own in zip(panels, heights, strict=True):
        bottom -= own + _GAP
        axes = figure.add_axes((0.50, (bottom + 0.25) / height, 0.32, own / height))
        draw_panel(axes, panel, shared)
    figure.text(
        0.02, 0.42 / height, "Blue: the goal is reached. Orange: it is missed. A black mark is the goal.", color=_PALE
    )
    figure.text(0.02, 0.16 / height, content["caption"], color=_PALE, size=8.5)
    figure.savefig(sys.argv[1], metadata={"Date": None, "Creator": None, "Description": f"results {content['digest']}"})


def limits(panels: list[Any]) -> tuple[float, float]:
    """The ends of the axis, which has room for all bars and goals."""
    values = [value for panel in panels for row in panel["rows"] for value in (row["ratio"], row["goal"])]
    return min([*values, 0.5]) / 1.6, max([*values, 2.0]) * 1.6


def draw_panel(axes: Any, panel: Any, ends: tuple[float, float]) -> None:
    """Draw the bars of a panel, from 1 to the ratio, on an axis of powers."""
    axes.set_xscale("log")
    axes.set_xlim(*ends)
    axes.set_ylim(len(panel["rows"]) - 0.5, -0.5)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_xticks([])
    axes.minorticks_off()
    axes.set_yticks([])
    axes.axvline(1, color=_INK, linewidth=1)
    axes.text(1, -0.55, "the same", ha="center", va="bottom", size=8.5, color=_PALE)
    outside = axes.get_yaxis_transform()
    axes.text(-1.5, -1.15, panel["title"], transform=outside, size=11, weight="bold", va="bottom")
    for y, row in enumerate(panel["rows"]):
        color = _REACHED if row["reached"] else _MISSED
        axes.barh(y, row["ratio"] - 1, left=1, height=0.55, color=color)
        axes.plot([row["goal"]] * 2, [y - 0.4, y + 0.4], color="black", linewidth=2)
        axes.text(-1.5, y, row["label"], transform=outside, va="center")
        axes.text(-0.02, y, row["peer"], transform=outside, va="center", ha="right", color=_PALE, size=8.5)
        axes.text(1.02, y, row["text"], transform=outside, va="center", color=color, weight="bold")


if __name__ == "__main__":
    main()
