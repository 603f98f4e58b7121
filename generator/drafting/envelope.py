"""What a response may wrap around a run: an object beside a status of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Operation
from ..ir.types import without_null
from ..normalization.read.response_models import ResponseModels
from .lines import Line, flow
from .places import Place, places, snake
from .statuses import words_of

_AROUND = re.compile(r"data|result|response|payload|item|body|record|object")
_SAYS_IT = re.compile(r"status|success|ok|state|code|status\.(?:code|status|state)|is_success|status\.is_success")
_REASON = re.compile(r"(?:error\.)?(?:error_?)?(?:code|type|reason)")
_GOOD = re.compile(r"success\w*|succeeded|ok|true|200|0|done")


@dataclass(frozen=True)
class FailureDraft:
    """The documented response of a failure: its status code, the word for it, and the reason."""

    answer: str
    status: Place
    code: Place

    def lines(self) -> Iterable[Line]:
        """The entry of a mapping."""
        words, codes = _words(self.status), [*words_of(self.code)]
        missing = [word for word in codes if re.search(r"not_?found|missing|unknown", snake(word))]
        yield Line("  failure:")
        yield Line(f"    answer: {flow(self.answer)}")
        yield Line(f"    status: {flow(self.status.pointer)}")
        yield Line(f"    words: {flow(words or ['?'])}", "the words for which there is no run")
        yield Line(f"    code: {flow(self.code.pointer)}", "the reason")
        yield Line(f"    not_found: {flow(missing or ['?'])}", "the reasons that say that there is no such run")


@dataclass(frozen=True)
class EnvelopeDraft:
    """The object that has the run, and the word beside it."""

    run: Place
    status: Place
    failure: FailureDraft | None

    def lines(self) -> Iterable[Line]:
        """The entry of a mapping."""
        words = _words(self.status)
        good: list[str | int] = [word for word in words if _GOOD.fullmatch(str(word).lower())]
        bad: list[str | int] = [word for word in words if word not in good]
        if self.status.types == ("boolean",):
            good, bad = [True], [False]
        elif not words and self.status.types == ("integer",):
            good = [200]
        yield Line("envelope?:", f"what is around the run; {self.status.pointer} is not the run's status")
        yield Line(f"  at: {flow(self.run.pointer)}")
        yield Line(f"  status: {flow(self.status.pointer)}")
        yield Line(f"  success: {flow(good or ['?'])}", "the words for which there is a run")
        if self.failure:
            yield from self.failure.lines()
        else:
            yield Line(f"  failure: {{words: {flow(bad or ['?'])}}}")


def _words(place: Place) -> list[str | int]:
    """The words that the spec lists for a place, as YAML has them."""
    return [int(word) if place.types == ("integer",) else word for word in words_of(place)]


def wrapped_run(given: Sequence[Place]) -> Place | None:
    """The only object in a response that is usually around something else; None where there is none."""
    objects = [place for place in given if place.model and place.depth == 0 and _AROUND.fullmatch(place.key)]
    return objects[0] if len(objects) == 1 else None


def envelope_draft(run: Place, given: Sequence[Place], call: Operation, models: ResponseModels) -> EnvelopeDraft | None:
    """The envelope of a run; None where no word stands beside it."""
    status = _status([place for place in given if not place.pointer.startswith(f"{run.pointer}/")])
    return EnvelopeDraft(run, status, _failure(call, status, models)) if status else None


def _status(given: Sequence[Place]) -> Place | None:
    words = [place for place in given if place.is_word and _SAYS_IT.fullmatch(place.key)]
    words.sort(key=lambda place: (not words_of(place) and place.types != ("boolean",), place.depth))
    return words[0] if words else None


def _failure(call: Operation, status: Place, models: ResponseModels) -> FailureDraft | None:
    """The first documented failure that has the same word, and a reason: of status 404, if there is one."""
    failures = [response for response in call.responses if response.status[0] in "45" and len(response.content) == 1]
    for response in sorted(failures, key=lambda response: response.status != "404"):
        type_ = response.content[0].type
        model = models.model_of(without_null(type_)) if type_ else None
        inside = places(models, model.name) if model else []
        words = [place for place in inside if place.pointer == status.pointer and place.is_word]
        codes = [place for place in inside if _REASON.fullmatch(place.key) and place.is_word]
        if words and codes:
            return FailureDraft(response.status, words[0], codes[0])
    return None
