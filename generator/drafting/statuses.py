"""Where a response says how a run is, and what its words probably mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import field
from itertools import takewhile

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Enum
from ..normalization.usual_words import USUAL, likely_meaning
from .lines import Line, comment, flow, key
from .places import Place

_NAMES = (
    (10, r"status|state"),
    (
        9,
        r"(?:run|execution|life_?cycle|current|job|workflow|flow|dag|step|task|node)_?(?:run_)?(?:status|state)(?:_type)?",
    ),
    (9, r"(?:status|state)\.(?:.*_)?(?:life_?cycle_state|type|state|status|code|phase)|(?:state|status)_type"),
    (6, r"phase|stage|condition|progress_status"),
)
_RESULTS = (
    r"(?:.*\.)?(?:conclusion|result|result_state|result_status|outcome|completion_status|exit_status|termination_code)"
)
_ENDED = r"complete[d]?|finish(?:ed)?|terminated|ended|done|closed|stopped"


@dataclass(frozen=True)
class StatusDraft:
    """The places of a status table: that of its words, and that of the words for how a run ended, if there is one."""

    place: Place
    result: Place | None

    numbers: dict[str, str] = field(default_factory=dict)
    """The words of the run, where an item of a list has numbers of which nothing is note."""

    @property
    def places(self) -> tuple[Place, ...]:
        """All of them."""
        return (self.place, self.result) if self.result else (self.place,)

    def lines(self, indent: str) -> Iterable[Line]:
        """The table, which stands at `status`."""
        pointers = [place.pointer for place in self.places]
        at = flow(pointers if self.result else pointers[0])
        is_named = self.place.key in ("status", "state") and not self.result
        yield Line(f"{indent}status:")
        yield Line(f"{indent}  {'at' if is_named else 'at?'}: {at}", comment(self.place.field.description))
        words = words_of(self.place)
        if not words:
            yield Line(f"{indent}  open: true", "the spec lists no words; an overlay can add them as `enum`")
        examples = _examples(self.place)
        is_number = not words and self.place.types == ("integer",)
        yield from self._table(f"{indent}  ", {} if is_number else words or examples)
        if not words:
            yield Line(f"{indent}  inferred:")
            yield Line(f"{indent}    because: '?'", "where you looked for a list of words")
            if self.place.types == ("integer",):
                yield Line(f"{indent}    words:", "those of the run" if self.numbers else "")
                yield from _meanings(f"{indent}      ", self.numbers or dict.fromkeys(examples, ""))
            else:
                yield Line(f"{indent}    words: {USUAL}", "the words that such products commonly use")

    def _table(self, indent: str, words: dict[str, str]) -> Iterable[Line]:
        if not words:
            return
        yield Line(f"{indent}words:")
        short = _without_beginning(words)
        for word, note in words.items():
            if self.result and re.fullmatch(_ENDED, short[word].lower()):
                yield Line(f"{indent}  {key(word)}:", note)
                yield from self._results(f"{indent}    ", self.result)
            else:
                yield Line(f"{indent}  {key(word)}: {flow(_guess(short[word], note))}", note)

    def _results(self, indent: str, result: Place) -> Iterable[Line]:
        words = words_of(result)
        yield from _meanings(indent, words or _examples(result))
        if not words:
            yield Line(f"{indent}others: '?'", "any word that is not in this table, and none")
        elif result.can_be_absent:
            yield Line(f"{indent}absent: UNKNOWN?", f"no value at {result.pointer}")


def status_draft(given: Sequence[Place]) -> StatusDraft | None:
    """The likeliest places of the status among those that are given; None where nothing looks like one."""
    ranked = sorted(((_likelihood(place), place) for place in given if place.is_word), key=lambda item: -item[0])
    if not ranked or ranked[0][0] <= 0:
        return None
    place = ranked[0][1]
    return StatusDraft(place, _result(place, given))


def _likelihood(place: Place) -> float:
    points = next((points for points, pattern in _NAMES if re.fullmatch(pattern, place.key)), 0)
    if not points or place.types == ("boolean",):
        return 0
    words = words_of(place)
    short = _without_beginning(words)
    known = sum(bool(likely_meaning(short[word]) or likely_meaning(note)) for word, note in words.items())
    return points + (8 * known / len(words) if words else 0) - place.depth


def _result(place: Place, given: Sequence[Place]) -> Place | None:
    """The place that says how a run ended, where the words at another place do not."""
    words = words_of(place) or _examples(place)
    if not any(re.fullmatch(_ENDED, word.lower()) for word in _without_beginning(words).values()):
        return None
    beside = [item for item in given if item.container == place.container and item.pointer != place.pointer]
    fitting = [item for item in beside if re.fullmatch(_RESULTS, item.key) and item.is_word]
    return max(fitting, key=lambda item: bool(words_of(item)), default=None)


def words_of(place: Place) -> dict[str, str]:
    """The words that a place can have, each with what the spec says about it; empty where it lists none."""
    if place.enum is None:
        return {}
    description = f"{place.field.description} {place.enum.description}"
    return {str(value): comment(note) for value, note in _described(place.enum, description)}


def _described(enum: Enum, description: str) -> Iterable[tuple[object, str]]:
    for value in enum.values:
        note = value.description
        if not note and isinstance(value.value, int):
            named = re.search(rf"(?<![0-9]){value.value}\W{{0,5}}[:=-]?\W{{0,3}}([A-Za-z][A-Za-z ]*)", description)
            note = named[1].strip() if named else ""
            note = note or (value.name if not re.search(r"VALUE|[0-9]", value.name) else "")
        yield value.value, note


def _examples(place: Place) -> dict[str, str]:
    return {str(example): "" for example in place.field.examples if isinstance(example, (str, int))}


def _without_beginning(words: Iterable[str]) -> dict[str, str]:
    """Words without what all of them begin with: `DONE` for `JOB_STATE_DONE`, where another one is `JOB_STATE_NEW`."""
    listed = [*words]
    pieces = [re.findall(r"[^_.:/ -]*[_.:/ -]", word) for word in listed] if len(listed) > 1 else []
    shared = takewhile(lambda same: len({*same}) == 1, zip(*pieces, strict=False))
    length = sum(len(same[0]) for same in shared)
    return {word: word[length:] for word in listed}


def _meanings(indent: str, words: dict[str, str]) -> Iterable[Line]:
    short = _without_beginning(words)
    for word, note in words.items():
        yield Line(f"{indent}{key(word)}: {flow(_guess(short[word], note))}", note)


def _guess(word: str, note: str) -> str:
    meaning = likely_meaning(word) if not re.fullmatch("-?[0-9]+", word) else likely_meaning(note)
    return f"{meaning}?" if meaning else "?"
