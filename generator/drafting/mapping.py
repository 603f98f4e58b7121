"""The first `normalization.yaml` of a provider."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..document.problems import Problems
from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Api
from ..normalization.mapping import RUN_ID
from ..normalization.read.response_models import ResponseModels
from ..normalization.unified import UnifiedModel
from .call import CallDraft, call_draft
from .envelope import EnvelopeDraft, envelope_draft, wrapped_run
from .fields import FieldDraft, FieldDrafter
from .leftovers import absent, raw_only
from .lines import Line, flow, yaml
from .places import Place, items_of, places, snake
from .statuses import StatusDraft, status_draft, words_of
from .usual_places import OF_RUNS, OF_STEPS, PENDING_RESPONSES, STEPS

_HEADER = (
    "A draft: `?` marks what is to be decided. Remove it where a guess is right; else correct the guess.",
    "Generating lists what is left. CONTRIBUTING.md of the generator says what can stand here.",
)


@dataclass(frozen=True)
class ListDraft:
    """A unified list, the provider's list whose items it gets, and what is read of each."""

    target: str
    place: Place
    status: StatusDraft | None
    fields: tuple[FieldDraft, ...]

    def lines(self, *, is_as_run: bool) -> Iterator[Line]:
        """The entry under `lists`; `is_as_run`: whether its status is that of a run, to which an alias leads."""
        yield Line(f"  {self.target}?:")
        yield Line(f"    each: {flow(self.place.pointer)}")
        if is_as_run:
            yield Line("    status: *status", "as that of the run")
        elif self.status:
            yield from self.status.lines("    ")
        yield Line("    fields:")
        for field in self.fields:
            yield from field.lines("      ")

    @property
    def pointers(self) -> Iterator[str]:
        """What it maps, from the root of the response."""
        read = [place.pointer for place in self.status.places] if self.status else []
        read += [pointer for field in self.fields for pointer in field.pointers]
        yield from (self.place.pointer + pointer for pointer in read)


@dataclass(frozen=True)
class MappingDraft:
    """All that a draft says."""

    call: CallDraft
    envelope: EnvelopeDraft | None
    status: StatusDraft | None
    fields: tuple[FieldDraft, ...]
    lists: tuple[ListDraft, ...]
    models: ResponseModels
    unified: UnifiedModel
    root: str
    """The pointer to the run in the response."""

    @property
    def text(self) -> str:
        """The file."""
        return yaml(self._lines())

    def _lines(self) -> Iterable[Line]:
        yield from (Line("", text) for text in _HEADER)
        yield from self.call.lines()
        if identifiers := self._identifiers():
            yield Line(f"identifiers: {flow(identifiers)}", "where the response has further parts of the reference")
        if self.envelope:
            yield from self.envelope.lines()
        yield from self._status()
        yield Line("fields:")
        for field in self.fields:
            yield from field.lines("  ")
        if not any(field.target == "url" for field in self.fields):
            form = "/".join(f"{{{part}}}" for part in self.call.part_names)
            yield Line("  ", f"if runs have pages: url: {{template: 'https://HOST/{form}'}}")
        if self.lists:
            yield Line("lists:")
            for entry in self.lists:
                yield from entry.lines(is_as_run=entry.status is not None and self._is_as_run(entry.status))
        values = dict(self.models.leaves(self.call.response_model, set(self._mapped())))
        yield from raw_only(values, [*self._mapped()], self.root)
        objects = [name for name, item in self.unified.fields().items() if item.model and item.filled_by == "mapping"]
        yield from absent([*self.unified.fillable()], [*self._targets()], objects)
        yield Line("differences: []", "what WorkflowRun cannot say about this provider, in sentences")

    def _status(self) -> Iterator[Line]:
        if self.status is None:
            yield Line("status: {at: '?', words: {}}")
            return
        first, *rest = self.status.lines("")
        is_shared = any(entry.status and self._is_as_run(entry.status) for entry in self.lists)
        yield replace(first, text=f"{first.text} &status") if is_shared else first
        yield from rest

    def _is_as_run(self, status: StatusDraft) -> bool:
        if self.status is None:
            return False
        return [line.text for line in self.status.lines("")] == [line.text for line in status.lines("")]

    def _identifiers(self) -> dict[str, str]:
        """The pointers to further parts of the reference, where these have their names."""
        wires = {snake(parameter.wire): part for parameter, part, _ in self.call.parts if part != RUN_ID}
        inside = places(self.models, self.call.response_model, self.root)
        candidates = [(wires.get(place.key.removeprefix("metadata.")), place) for place in inside if place.is_word]
        return {part: place.pointer for part, place in candidates[::-1] if part}

    def _mapped(self) -> Iterator[str]:
        yield from (place.pointer for place in (self.status.places if self.status else ()))
        yield from (pointer for field in self.fields for pointer in field.pointers)
        yield from (pointer for entry in self.lists for pointer in entry.pointers)
        yield from self._identifiers().values()
        if self.envelope:
            yield self.envelope.status.pointer

    def _targets(self) -> Iterator[str]:
        yield from (field.target for field in self.fields)
        yield from (f"{entry.target}.{field.target}" for entry in self.lists for field in entry.fields)


def mapping_draft(api: Api, unified: UnifiedModel) -> MappingDraft | None:
    """A draft of the mapping of an API; None where no call looks like one that gets a run."""
    models = ResponseModels.of(api, Problems())
    call = call_draft(api, models)
    if call is None:
        return None
    given = places(models, call.response_model)
    root, envelope = _root(models, call, given)
    inside = places(models, call.response_model, root) if root else given
    status = status_draft(inside)
    used = {place.pointer for place in status.places} if status else set[str]()
    drafter = FieldDrafter(models, unified, call.part_names, _names(call))
    lists = [*_lists(drafter, inside, status)]
    used |= {entry.place.pointer for entry in lists}
    free = [place for place in inside if place.pointer not in used]
    fields = drafter.drafts(unified.fillable(), OF_RUNS, free)
    if not any(field.target == "id" for field in fields):
        fields = [FieldDraft("id", (), ({"at": "?", "missing": RUN_ID},), True), *fields]
    return MappingDraft(call, envelope, status, tuple(fields), tuple(lists), models, unified, root)


def _root(models: ResponseModels, call: CallDraft, given: list[Place]) -> tuple[str, EnvelopeDraft | None]:
    """The pointer to the run, and its envelope, where a response has the run in something else."""
    run = wrapped_run(given)
    if run is None or not status_draft(places(models, call.response_model, run.pointer)):
        return "", None
    return run.pointer, envelope_draft(run, given, call.operation, models)


def _names(call: CallDraft) -> dict[str, Any]:
    """The unified field that a property certainly fills, as it is called like the parameter that takes a run's id."""
    names = [snake(parameter.wire) for parameter, part, _ in call.parts if part == RUN_ID]
    return {place: "id" for name in names for place in (name, f"metadata.{name}")}


def _lists(drafter: FieldDrafter, given: Iterable[Place], of_run: StatusDraft | None) -> Iterator[ListDraft]:
    """Lists of objects that have a status, as steps have one, and the answers that somebody can choose from."""
    models, unified = drafter.models, drafter.unified
    step, answer = _item(unified, "steps"), _item(unified, "pending.responses")
    steps = [place for place in given if STEPS.fullmatch(place.name) and place.depth == 0 and items_of(models, place)]
    for place in steps:
        inside = places(models, items_of(models, place))
        status = status_draft(inside)
        if status and step:
            words = {word.pointer for word in status.places}
            free = [item for item in inside if item.pointer not in words]
            fields = replace(drafter, names={}, parts=()).drafts(unified.fillable(step), OF_STEPS, free)
            numbers = words_of(of_run.place) if of_run and not words_of(status.place) else {}
            yield ListDraft("steps", place, replace(status, numbers=numbers), tuple(fields))
            break
    for place in given:
        if answer and PENDING_RESPONSES.fullmatch(place.key) and (model := items_of(models, place)):
            patterns = {name: OF_STEPS[name] for name in ("type",)} | {"label": OF_STEPS["name"]}
            fields = drafter.drafts(unified.fillable(answer), patterns, places(models, model))
            yield ListDraft("pending.responses", place, None, tuple(fields))
            break


def _item(unified: UnifiedModel, name: str) -> str:
    field = unified.fields().get(name)
    return field.model.name if field and field.model else ""
