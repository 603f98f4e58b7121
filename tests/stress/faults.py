"""Runs of all providers with faults, and how watching each of them ends: the same for the same number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from msgspec.structs import replace
from workflow_runs import RESTING, RunRef, RunStatus
from workflow_runs.testing import Answer, dropped, error, garbage, rate_limited, truncated, unchecked
from workflow_runs.testing._samples import sample_of

from tests.runs.promises import REFS

PROVIDERS = tuple(REFS)
_FIRST = 100
"""So many runs begin with a slow answer: before any fault, each server has all the requests that it may get."""
_UNREADABLE = (garbage(), unchecked(b""), unchecked(b"[]"), unchecked(b'{"id": '))
BEFORE = "before"
"""The status before the first change of a run."""


@dataclass(frozen=True)
class Case:
    """A run: its reference, what its server answers, and how watching it ends: with a status, or a class of errors."""

    ref: str
    answers: tuple[Answer, ...]
    end: str
    statuses: tuple[str, ...]
    """The statuses that it has in turn, repetitions left out."""

    @property
    def breaks(self) -> int:
        """How many connections its answers break off."""
        return sum(answer.end != "whole" for answer in self.answers)


def case(number: int, seed: int = 1) -> Case:
    """The run with this number."""
    draw = random.Random(f"{seed} {number}")
    provider = PROVIDERS[number % len(PROVIDERS)]
    moving, resting = statuses_of(provider)
    seen = [draw.choice(moving) for _ in range(draw.choice((0, 1, 1, 2)))]
    answers = [Answer(status, delay=_delay(draw)) for status in seen]
    if seen and draw.random() < 0.1:  # a page in place of a run that was seen passes
        answers.insert(draw.randrange(1, len(answers) + 1), draw.choice(_UNREADABLE))
    for _ in range(draw.choice((0, 0, 0, 1, 1, 2, 3))):
        answers.insert(draw.randrange(len(answers) + 1), _fault(draw, draw.choice(moving)))
    if number < _FIRST:
        answers.insert(0, Answer(moving[0], delay=0.3))
        seen.insert(0, moving[0])
    elif draw.random() < 0.2:
        answers.insert(0, error(404))  # it begins later than its provider said
    if draw.random() < 0.8:
        status = draw.choice(resting)
        seen.append(status)
        last, end = Answer(status, delay=_delay(draw)), status.value
    else:
        last, end = _failure(draw, is_seen=bool(seen))
    statuses = [status.value for index, status in enumerate(seen) if index == 0 or seen[index - 1] != status]
    ref = RunRef.parse(REFS[provider].partition("?")[0])
    run_id = str(number) if ref.run_id.isdigit() else f"run-{number}"
    return Case(str(replace(ref, run_id=run_id)), (*answers, last), end, tuple(statuses))


@cache
def statuses_of(provider: str) -> tuple[list[RunStatus], list[RunStatus]]:
    """The statuses that runs of a provider can have: those with which they go on, and those with which they rest."""
    known: list[RunStatus] = list(dict.fromkeys(words.status for words in sample_of(provider).statuses))
    moving: list[RunStatus] = [status for status in known if status in (RunStatus.PENDING, RunStatus.RUNNING)]
    return moving, [status for status in known if status in RESTING]


def _delay(draw: random.Random) -> float:
    """Seconds before an answer: some, so that requests are in flight at the same time; for a few it is slow."""
    kind = draw.random()
    return draw.uniform(0.05, 0.2) if kind < 0.02 else draw.uniform(0.005, 0.02) if kind < 0.4 else 0.0


def _fault(draw: random.Random, status: RunStatus) -> Answer:
    """What passes."""
    kind = draw.randrange(8)
    if kind == 0:
        return rate_limited(draw.choice((None, 0.01, 0.02)))
    if kind == 1:
        return dropped()
    if kind == 2:
        return truncated(status)
    if kind == 3:
        return error(503, retry_after=draw.choice((0.01, "soon", "-5")))
    return error(draw.choice((408, 425, 500, 502, 503, 504)))


def _failure(draw: random.Random, *, is_seen: bool) -> tuple[Answer, str]:
    """What does not pass, with the error that it is."""
    failures = [(error(401), "Unauthorized"), (error(403), "Unauthorized"), (error(400), "ProviderError")]
    if is_seen:
        return draw.choice([*failures, (error(404), "RunNotFound")])
    return draw.choice([*failures, *((answer, "UnreadableAnswer") for answer in _UNREADABLE)])
