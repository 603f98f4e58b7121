"""What a response may wrap around a run: an object beside a status of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .lines import Line, flow
from .places import Place
from .statuses import words_of

_AROUND = re.compile(r"data|result|response|payload|item|body|record|object")
_SAYS_IT = re.compile(r"status|success|ok|state|code|status\.(?:code|status|state)|is_success|status\.is_success")
_GOOD = re.compile(r"success\w*|succeeded|ok|true|200|0|done")


@dataclass(frozen=True)
class EnvelopeDraft:
    """The object that has the run, and the word beside it."""

    run: Place
    status: Place

    def lines(self) -> Iterable[Line]:
        """The entry of a mapping."""
        words = [*words_of(self.status)]
        good: list[str | int] = [word for word in words if _GOOD.fullmatch(word.lower())]
        bad: list[str | int] = [word for word in words if word not in good]
        if self.status.types == ("boolean",):
            good, bad = [True], [False]
        elif not words and self.status.types == ("integer",):
            good = [200]
        yield Line("envelope?:", f"what is around the run; {self.status.pointer} is not the run's status")
        yield Line(f"  at: {flow(self.run.pointer)}")
        yield Line(f"  status: {flow(self.status.pointer)}")
        yield Line(f"  success: {flow(good or ['?'])}", "the words for which there is a run")
        yield Line(f"  failure: {{words: {flow(bad)}}}" if bad else "  failure: {words: ['?']}")


def wrapped_run(given: Sequence[Place]) -> Place | None:
    """The only object in a response that is usually around something else; None where there is none."""
    objects = [place for place in given if place.model and place.depth == 0 and _AROUND.fullmatch(place.key)]
    return objects[0] if len(objects) == 1 else None


def envelope_draft(run: Place, given: Sequence[Place]) -> EnvelopeDraft | None:
    """The envelope of a run; None where no word stands beside it."""
    beside = [place for place in given if not place.pointer.startswith(f"{run.pointer}/") and place.is_word]
    words = [place for place in beside if _SAYS_IT.fullmatch(place.key)]
    words.sort(key=lambda place: (not words_of(place) and place.types != ("boolean",), place.depth))
    return EnvelopeDraft(run, words[0]) if words else None
