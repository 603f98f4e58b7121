"""What a provider answers for each run of a stress test: a list of answers, the same for the same number."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass

ENDS = ("succeeded", "failed", "stopped", "paused")
"""Words of the provider for runs at rest."""
STATUSES = {"succeeded": "succeeded", "failed": "failed", "stopped": "cancelled", "paused": "waiting_for_input"}
"""The statuses that they mean."""


@dataclass(frozen=True)
class Answer:
    """An answer: with a status word of the provider, or, where there is none, an HTTP status of an error."""

    word: str = ""
    status: int = 200


def script(number: int, seed: int = 1) -> list[Answer]:
    """The answers for a run, the last of which says that it rests."""
    draw = random.Random(f"{seed} {number}")
    moving = [Answer("running")] * draw.randrange(3)
    errors = [Answer(status=draw.choice((408, 429, 500, 502, 503))) for _ in range(draw.choice((0, 0, 0, 1, 2)))]
    answers = moving + errors
    draw.shuffle(answers)
    return [*answers, Answer(draw.choice(ENDS))]


class Provider:
    """Answers by the scripts, and counts the requests; safe to be asked by many threads."""

    def __init__(self, scripts: Sequence[Sequence[Answer]]) -> None:
        self._scripts = scripts
        self._lock = threading.Lock()
        self.asked = [0] * len(scripts)

    def answer(self, number: int) -> Answer:
        """The next answer for a run."""
        with self._lock:
            turn = self.asked[number]
            self.asked[number] += 1
        answers = self._scripts[number]
        return answers[min(turn, len(answers) - 1)]
