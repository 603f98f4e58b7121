"""Candidate places for the fields of WorkflowRun: by name, by type, and by the converters that there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Field
from ..ir.types import ListOf
from ..normalization.converters import CONVERTERS, TEXTS, fits, implied, value_type
from ..normalization.mapping import RUN_ID
from ..normalization.read.response_models import ResponseModels
from ..normalization.unified import UnifiedModel
from .lines import Line, comment, flow, key
from .places import Place, items_of, places
from .usual_places import CERTAIN, NAMES_OF_ITEMS, trigger_kind

_MANY = 3
"""As many candidates as are shown."""


@dataclass(frozen=True)
class FieldDraft:
    """A unified field, and the entries of a mapping that could fill it, the likeliest first."""

    target: str
    places: tuple[Place, ...]
    entries: tuple[Any, ...]
    """What a mapping says, as plain values: a pointer, or a table."""
    is_certain: bool

    @property
    def pointers(self) -> Iterator[str]:
        """The places that it reads."""
        for entry in self.entries:
            table = entry if isinstance(entry, Mapping) else {"at": entry}
            yield table.get("each", "") + table["at"]

    def lines(self, indent: str) -> Iterable[Line]:
        """The entry of a mapping."""
        name, entry = key(self.target if self.is_certain else f"{self.target}?"), self.entries[0]
        note = _provenance(self.places[0]) if self.places else "nothing is called like it"
        if len(self.entries) > 1:
            yield Line(f"{indent}{name}: {flow(list(self.entries))}", note)
        elif isinstance(entry, Mapping) and "words" in entry:
            yield Line(f"{indent}{name}:", note)
            yield Line(f"{indent}  at: {flow(entry['at'])}")
            if entry["words"]:
                yield Line(f"{indent}  words:")
            else:
                yield Line(f"{indent}  words: {{}}", "the spec lists none")
            yield from (Line(f"{indent}    {key(word)}: {flow(meaning)}") for word, meaning in entry["words"].items())
            if "others" in entry:
                yield Line(f"{indent}  others: {flow(entry['others'])}")
        else:
            yield Line(f"{indent}{name}: {flow(entry)}", note)


@dataclass(frozen=True)
class FieldDrafter:
    """Drafts the fields of a run, or of the items of a list."""

    models: ResponseModels
    unified: UnifiedModel
    parts: Sequence[str] = ()
    """The parts of a reference, of which some stand in for what a response may not have."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Unified fields by the names of properties that certainly fill them: those of parameters."""

    has_zeros: bool = False
    """Whether a number that is a time can be 0 where there is none."""

    def drafts(
        self, fields: Mapping[str, Field], patterns: Mapping[str, list[re.Pattern[str]]], given: Iterable[Place]
    ) -> list[FieldDraft]:
        """A draft for each field that has a candidate among the places; each place fills one field."""
        free = {place.pointer: place for place in given}
        times = [place for place in free.values() if _is_number(place) and re.search(r"time|_at$|date", place.name)]
        if not self.has_zeros and any(map(_says_zero, times)):
            return replace(self, has_zeros=True).drafts(fields, patterns, free.values())
        drafts = []
        for target in [target for target in patterns if target in fields]:
            ranked = [*self._ranked(target, fields[target], patterns[target], free.values())]
            if not ranked:
                continue
            draft = self._draft(target, ranked)
            drafts.append(draft)
            for place in draft.places:
                free.pop(place.pointer, None)
            if target == "trigger.kind" and draft.places[0].types != ("boolean",):
                text = ((0, 0), draft.places[0], self._entry(draft.places[0], fields["trigger.text"], "trigger.text"))
                drafts += [self._draft("trigger.text", [text])] if text[2] is not None else []
        order = [*fields]
        return sorted(drafts, key=lambda draft: order.index(draft.target))

    def _ranked(
        self, target: str, field: Field, patterns: list[re.Pattern[str]], given: Iterable[Place]
    ) -> Iterable[tuple[tuple[int, int], Place, Any]]:
        """The candidates, each with its rank and depth and with the entry that reads it, the likeliest first."""
        candidates = []
        for place in given:
            rank = next((rank for rank, pattern in enumerate(patterns) if pattern.fullmatch(place.key)), None)
            if self.names.get(place.key) == target:
                rank = 0
            entry = self._entry(place, field, target) if rank is not None else None
            if rank is not None and entry is not None:
                has_words = target == "trigger.kind" and bool(place.enum)
                candidates.append(((rank, place.depth - 10 * has_words), place, entry))
        return sorted(candidates, key=lambda item: item[0])

    def _draft(self, target: str, ranked: Sequence[tuple[tuple[int, int], Place, Any]]) -> FieldDraft:
        best = [item for item in ranked if item[0] == ranked[0][0]][:_MANY]
        best = best if target != "trigger.kind" else best[:1]
        _, place, entry = best[0]
        is_plain = isinstance(entry, str) or not {"as", "words", "each"} & {*entry}
        is_named = place.key == target or self.names.get(place.key) == target
        is_certain = len(best) == 1 and is_named and target in CERTAIN and (is_plain or target == "id")
        return FieldDraft(target, tuple(item[1] for item in best), tuple(item[2] for item in best), is_certain)

    def _entry(self, place: Place, field: Field, target: str) -> Any:
        """What a mapping says to fill a field from a place; None where its type does not fit."""
        wanted = value_type(field.type, self.unified.enums, unified=True)
        if target == "created_by" and place.enum:
            return None
        if wanted == "word":
            return self._words(place)
        if wanted == TEXTS and (name := self._text_of_items(place)):
            return {"each": place.pointer, "at": name}
        description = place.field.description
        names = converters(place, wanted)
        if target.endswith("attempt") and wanted == "integer" and re.search(r"\b(0|zero|before)\b", description):
            names = ["from_zero"]
        if names is None or (isinstance(place.type, ListOf) and wanted not in (TEXTS, "any")):
            return None
        entry: dict[str, Any] = {"at": place.pointer}
        if names:
            entry["as"] = names[0] if len(names) == 1 else names
        if wanted in ("time", "duration") and _is_number(place) and (self.has_zeros or _says_zero(place)):
            entry["nothing"] = 0
        if target == "id" and self.parts:
            entry["missing"] = RUN_ID
        elif place.key in self.parts and wanted == "text":
            entry["missing"] = place.key
        return place.pointer if len(entry) == 1 else entry

    def _words(self, place: Place) -> Any:
        if not place.is_word:
            return None
        if place.types == ("boolean",):
            words = {"true": trigger_kind(place.name), "false": ""}
        else:
            words = {
                str(value.value): trigger_kind(str(value.value)) for value in (place.enum.values if place.enum else ())
            }
        table = {"at": place.pointer, "words": {word: f"{kind}?" if kind else "?" for word, kind in words.items()}}
        return table if words else {**table, "others": "?"}

    def _text_of_items(self, place: Place) -> str:
        """The pointer to the text that each item of a list of objects has; "" where there is none."""
        model = items_of(self.models, place)
        inside = [item for item in places(self.models, model) if item.types == ("text",)] if model else []
        return next((item.pointer for name in NAMES_OF_ITEMS for item in inside if item.key == name), "")


def _is_number(place: Place) -> bool:
    return {*place.types} <= {"integer", "number"}


def _says_zero(place: Place) -> bool:
    return re.search(r"\b0\b", place.field.description) is not None


def converters(place: Place, wanted: str) -> list[str] | None:
    """The converters from a place's values to a unified type; [] if none is needed, None if there are none."""
    types = list(place.types)
    if (converter := implied(types, wanted)) and fits([converter], types, wanted):
        is_json_in_text = wanted == "any" and types == ["text"] and "json" in place.field.description.lower()
        return ["json_text"] if is_json_in_text else []
    if wanted == "any":
        return ["json"]
    if wanted == "object" and place.model:
        return ["json", "object"]
    fitting = [name for name, item in CONVERTERS.items() if item.gives == wanted and fits([item], types, wanted)]
    if wanted == "time" and types == ["text"] and _is_number_in_text(place):
        epochs = [name for name in CONVERTERS if name.startswith("epoch_")]
        return ["integer", _likeliest(place, wanted, epochs)]
    if not fitting:
        return None
    return [_likeliest(place, wanted, fitting)]


def _is_number_in_text(place: Place) -> bool:
    """Whether a text is a number of seconds or the like, as its description or an example of it says."""
    examples = [str(example) for example in place.field.examples]
    says_so = re.search(r"\b(unix|epoch)\b", place.field.description, re.IGNORECASE) and not place.field.examples
    return bool(says_so) or any(re.fullmatch(r"[0-9]{9,19}", example) for example in examples)


def _likeliest(place: Place, wanted: str, fitting: Sequence[str]) -> str:
    hints = f"{place.name} {place.field.description} {' '.join(map(str, place.field.examples))}".lower()
    if wanted == "time":
        preferred = [
            *(["epoch_milliseconds"] if re.search(r"_ms\b|milli|\b[0-9]{13}\b", hints) else []),
            *(["epoch_microseconds"] if re.search(r"micro|\b[0-9]{16}\b", hints) else []),
            *(["epoch_nanoseconds"] if re.search(r"nano|\b[0-9]{19}\b", hints) else []),
            *("epoch_seconds", "rfc3339", "epoch_seconds_or_rfc822"),
        ]
    elif wanted == "duration":
        preferred = [
            *(["milliseconds"] if re.search(r"_ms\b|milli", hints) else []),
            *(["clock_duration"] if re.search(r"[0-9]:[0-9][0-9]|hh:mm", hints) else []),
            *(["unit_duration"] if re.search(r"[0-9](ms|s|m|h)(?![a-z])", hints) else []),
            *("seconds", "iso_duration"),
        ]
    else:
        preferred = []
    return next((name for name in preferred if name in fitting), fitting[0])


def _provenance(place: Place) -> str:
    """What the spec says about a place: its type, and its description."""
    type_ = " or ".join(place.types) if place.enum is None else "word"
    description = comment(place.field.description)
    return f"{type_}: {description}" if description else type_
