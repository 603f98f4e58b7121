"""What a mapping can ever give: the unified fields that can be present, and why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass

from ..ir.types import ListOf, Ref
from .mapping import Mapping
from .unified import ROOT, UnifiedModel

DERIVED = {"pending.deadline": ("pending.presented_at", "pending.timeout")}
"""What the layer makes of other unified fields."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Unified fields, dotted, in the model's order: `present` ones, `absent` ones with the reason. `statuses` are the
    members of RunStatus that the provider's words lead to."""

    present: tuple[str, ...]
    absent: tuple[tuple[str, str], ...]
    statuses: tuple[str, ...]


def capabilities(mapping: Mapping, unified: UnifiedModel) -> Capabilities:
    """Of every unified field, whether the mapping fills it."""
    filled = {value.target for value in mapping.values} | {flag.target for flag in mapping.flags}
    for each in mapping.lists:
        filled |= {f"{each.target}.{value.target}" for value in each.values}
    lists = {each.target for each in mapping.lists}
    reasons = {name: reason.because for reason in mapping.absent for name in reason.names}
    found: dict[str, str] = {}

    def walk(model: str, prefix: str, above: str) -> None:
        for field in unified.models[model].fields:
            name = prefix + field.name
            inner = field.type.item if isinstance(field.type, ListOf) else field.type
            reason = reasons.get(name, above)
            by = unified.filled.get((model, field.name))
            if name in DERIVED:
                there = all(source in filled for source in DERIVED[name])
                found[name] = "" if there else reason or f"It follows from {' and '.join(DERIVED[name])}."
            elif by:
                found[name] = above if prefix and not _in_a_list(name, lists) else ""
            elif isinstance(inner, Ref) and inner.name in unified.models:
                found[name] = ""
                walk(inner.name, f"{name}.", reason)
                below = {key: why for key, why in found.items() if key.startswith(f"{name}.")}
                if name not in filled | lists and all(below.values()):
                    for key in below:
                        del found[key]
                    found[name] = reason or next(iter(below.values()))
            else:
                found[name] = "" if name in filled else reason

    walk(ROOT, "", "")
    reached = {word.status for word in mapping.statuses.words} | {"UNKNOWN"}
    return Capabilities(
        present=tuple(name for name, why in found.items() if not why),
        absent=tuple((name, why) for name, why in found.items() if why),
        statuses=tuple(m.name for m in unified.enums["RunStatus"].values if m.name in reached),
    )


def _in_a_list(name: str, lists: set[str]) -> bool:
    return any(name.startswith(f"{target}.") for target in lists)
