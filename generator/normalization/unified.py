"""The unified model: the API description that holds `WorkflowRun`, and what it says beyond OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..ir.model import Api, Enum, Field, Model
from ..ir.types import ListOf, Ref, Type

ROOT = "WorkflowRun"
STATUS, RESULT, BASIS = "RunStatus", "RunResult", "StatusBasis"
UNKNOWN = "UNKNOWN"
"""The member of RunStatus for words that no status table has."""
FilledBy = Literal["mapping", "status", "layer"]
"""What fills a unified field: an entry of a mapping, a row of its status table, or `workflow_runs` itself."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A unified field that holds a value, and no object with fields of its own."""

    field: Field
    filled_by: FilledBy
    in_list: bool
    """Whether it is a list, or a field of a list's items."""


@dataclass(frozen=True, slots=True)
class UnifiedModel:
    """The models and enums of the unified model; names of properties are those of attributes."""

    api: Api
    filled: dict[tuple[str, str], FilledBy]
    """(model, property) -> by what it is filled, where that is not the mapping."""
    terminal: tuple[str, ...]
    """The members of RunStatus that are final."""
    resting: tuple[str, ...]
    """Those at which waiting alone does not help: the terminal ones and those that need somebody."""
    schema: str
    """The same model as JSON Schema, as text."""

    @property
    def models(self) -> dict[str, Model]:
        """The models by name."""
        return {model.name: model for model in self.api.models}

    @property
    def enums(self) -> dict[str, Enum]:
        """The enums by name."""
        return {enum.name: enum for enum in self.api.enums}

    def members(self, enum: str) -> tuple[str, ...]:
        """The names of an enum's members."""
        return tuple(member.name for member in self.enums[enum].values)

    def model_of(self, type_: Type) -> Model | None:
        """The model of an object, or of a list's items; None for any other type."""
        inner = type_.item if isinstance(type_, ListOf) else type_
        return self.models.get(inner.name) if isinstance(inner, Ref) else None

    def filled_by(self, model: str, field: Field) -> FilledBy:
        """What fills a field of a model."""
        return self.filled.get((model, field.name), "mapping")

    def names(self, model: str = ROOT) -> Iterator[str]:
        """The dotted names of all fields below `model`, in its order; an object or a list before what is in it."""
        for field in self.models[model].fields:
            yield field.name
            if inner := self.model_of(field.type):
                yield from (f"{field.name}.{name}" for name in self.names(inner.name))

    def leaves(self, model: str = ROOT) -> dict[str, Leaf]:
        """Every field that holds a value, by its dotted name below `model`; fields of list items, too."""
        return dict(self._leaves(self.models[model], "", in_list=False))

    def fillable(self) -> dict[str, Field]:
        """The leaves that a mapping fills."""
        return {name: leaf.field for name, leaf in self.leaves().items() if leaf.filled_by == "mapping"}

    def lists(self, model: str = ROOT) -> dict[str, Field]:
        """Every list, by its dotted name below `model`; those inside of lists are not among them."""
        lists = {}
        for field in self.models[model].fields:
            inner = self.model_of(field.type)
            if isinstance(field.type, ListOf):
                lists[field.name] = field
            elif inner:
                lists |= {f"{field.name}.{name}": item for name, item in self.lists(inner.name).items()}
        return lists

    def _leaves(self, model: Model, prefix: str, *, in_list: bool) -> Iterator[tuple[str, Leaf]]:
        for field in model.fields:
            filled_by, inner = self.filled_by(model.name, field), self.model_of(field.type)
            within = in_list or isinstance(field.type, ListOf)
            if inner and filled_by == "mapping":
                yield from self._leaves(inner, f"{prefix}{field.name}.", in_list=within)
            else:
                yield prefix + field.name, Leaf(field, filled_by, within)
