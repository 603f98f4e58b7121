"""What a mapping can ever give: the unified fields that can be present, and why the others cannot."""

from __future__ import annotations

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Field, Model
from .mapping import Mapping
from .unified import ROOT, STATUS, UNKNOWN, UnifiedModel

DERIVED = {"pending.deadline": ("pending.presented_at", "pending.timeout"), "parent": ("parent_id",)}
"""What `workflow_runs` makes of other unified fields."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Unified fields by their dotted names, in the model's order, and the statuses that a run can have.

    - `present`: those that can be present.
    - `absent`: the others, with the reason.
    - `statuses`: members of RunStatus.
    - `events`: the names of the events that become runs, too; what is in them counts.
    """

    present: tuple[str, ...]
    absent: tuple[tuple[str, str], ...]
    statuses: tuple[str, ...]
    events: tuple[str, ...]


def capabilities(mapping: Mapping, unified: UnifiedModel) -> Capabilities:
    """Which unified fields the mapping fills, and which statuses its words lead to, those of events among them."""
    mappings = (mapping, *(event.mapping for event in mapping.events))
    filled = set().union(*map(_filled, mappings))
    reasons = {name: reason.because for reason in mapping.absent for name in reason.names}
    lists = frozenset(item.target for each in mappings for item in each.lists)
    absences = _Absences(unified, frozenset(filled), lists, reasons).of_model(unified.models[ROOT])
    reached = {row.status for each in mappings for row in each.statuses.rows} | {UNKNOWN}
    return Capabilities(
        present=tuple(name for name, reason in absences.items() if not reason),
        absent=tuple((name, reason) for name, reason in absences.items() if reason),
        statuses=tuple(status for status in unified.members(STATUS) if status in reached),
        events=tuple(event.name for event in mapping.events),
    )


def _filled(mapping: Mapping) -> set[str]:
    """The unified fields that a mapping fills."""
    filled = {field.target for field in mapping.fields} | {entry.target for entry in mapping.present_when}
    return filled | {f"{item.target}.{field.target}" for item in mapping.lists for field in item.fields}


@dataclass(frozen=True)
class _Absences:
    """Finds why unified fields are absent: names -> reasons, "" for fields that can be present.

    An object is one absent field when nothing in it can be present.
    """

    unified: UnifiedModel
    filled: frozenset[str]
    lists: frozenset[str]
    reasons: dict[str, str]
    """Those that the mapping gives."""

    def of_model(self, model: Model, prefix: str = "", outer_reason: str = "") -> dict[str, str]:
        """The fields of a model; `outer_reason` is that of the object that it describes."""
        absences: dict[str, str] = {}
        for field in model.fields:
            absences |= self._of_field(model, field, prefix, outer_reason)
        return absences

    def _of_field(self, model: Model, field: Field, prefix: str, outer_reason: str) -> dict[str, str]:
        name = prefix + field.name
        reason = self.reasons.get(name, outer_reason)
        if name in DERIVED:
            is_present = self.filled.issuperset(DERIVED[name])
            return {name: "" if is_present else reason or f"It would follow from {' and '.join(DERIVED[name])}."}
        if self.unified.filled_by(model.name, field) != "mapping":
            in_list = any(name.startswith(f"{target}.") for target in self.lists)
            return {name: outer_reason if prefix and not in_list else ""}
        inner = self.unified.model_of(field.type)
        if inner is None:
            return {name: "" if name in self.filled else reason}
        inside = self.of_model(inner, f"{name}.", reason)
        if name in self.filled | self.lists or not all(inside.values()):
            return {name: "", **inside}
        return {name: reason or next(iter(inside.values()))}
