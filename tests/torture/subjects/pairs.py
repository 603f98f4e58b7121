"""Documents and mutations of them, through `diff`."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from generator.diff.commands import difference_report
from generator.diff.report.model import Report
from tests.torture.mutation import grammar
from tests.torture.mutation.commands import Run, run
from tests.torture.mutation.reports import rendered
from tests.torture.mutation.sandbox import watched
from tests.torture.mutation.seeds import parts, seeds
from tests.torture.mutation.spelling import drawn_form, spelled
from tests.torture.mutation.values import mutated
from tests.torture.subject import Broken, Case, Counts, Subject

_SAME, _TWICE = 1 / 15, 1 / 20
"""Shares of pairs of two equal documents, and of those that are compared twice."""


def draw(random: Random) -> Case:
    """Two versions of a document, and how each is spelled."""
    seed = grammar.document(random) if random.random() < 0.5 else random.choice(seeds()).document
    old = mutated(seed, random, parts(), random.choice((0, 0, 0, 1)))
    is_same = random.random() < _SAME
    new = old if is_same else mutated(old, random, parts(), random.choice((1, 1, 2, 3, 5)))
    forms = [drawn_form(random), drawn_form(random)]
    return {"old": old, "new": new, "forms": forms[:1] * 2 if is_same else forms, "twice": random.random() < _TWICE}


def attack(case: Case, folder: Path) -> str:
    """Compare the two versions; check the report in each format."""
    assert isinstance(case, dict)
    values: dict[str, Any] = case
    contents = [spelled(values[name], form, []) for name, form in zip(("old", "new"), values["forms"], strict=True)]
    for name, content in zip(("old", "new"), contents, strict=True):
        (folder / name).mkdir()
        (folder / name / "api.yaml").write_bytes(content)
    ended, report = _compared(folder)
    if report is None:
        if not ended.errors or ended.status != 2:
            raise Broken("the comparison failed without a problem", ended.err)
        return "refused"
    if ended.errors:
        raise Broken("the comparison succeeded with errors", ended.err)
    if contents[0] == contents[1] and report.changes:
        raise Broken("a document differs from itself", [change.rule for change in report.changes])
    texts = rendered(report)
    if values["twice"]:
        _, again = _compared(folder)
        if again is None or rendered(again) != texts:
            raise Broken("the same comparison has two reports", texts["text"])
    return "compared" if report.changes else "equal"


def _compared(folder: Path) -> tuple[Run, Report | None]:
    reports: list[Report] = []

    def compare() -> None:
        reports.append(difference_report(str(folder / "old" / "api.yaml"), str(folder / "new" / "api.yaml")))

    with watched(folder):
        ended = run(compare, "nothing was compared", 2, is_formatted=True)
    return ended, reports[0] if reports else None


SUBJECT = Subject(
    name="pairs",
    promise="`diff` finds nothing between a document and itself; of two it reports changes under known rules, "
    "in each format as text that does nothing, or problems with an id and a file.",
    draw=draw,
    attack=attack,
    counts=Counts(test=10, default=350, full=4_500),
    minutes=5,
)
