"""The unified model: the API description that holds `WorkflowRun`, and what it says beyond OpenAPI."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Api, Enum, Field, Model
from ..ir.types import ListOf, Ref, Type

ROOT, REFERENCE = "WorkflowRun", "RunRef"
STATUS, RESULT, BASIS = "RunStatus", "RunResult", "StatusBasis"
UNKNOWN = "UNKNOWN"
"""The member of RunStatus for words that no status table has."""
FilledBy = Literal["mapping", "status", "layer"]
"""What fills a unified field: an entry of a mapping, a row of its status table, or `workflow_runs` itself."""


@dataclass(frozen=True, slots=True)
class UnifiedField:
    """A field of the unified model, seen from the root of a run or from an item of a list."""

    field: Field
    filled_by: FilledBy
    model: Model | None
    """That of an object, or of a list's items."""
    in_list: bool
    """Whether it is a field of a list's items."""

    @property
    def is_list(self) -> bool:
        """Whether its value is a list of objects."""
        return isinstance(self.field.type, ListOf) and self.model is not None

    @property
    def is_value(self) -> bool:
        """Whether it is filled as a whole, and not field by field."""
        return self.model is None or self.filled_by != "mapping"


@dataclass(frozen=True)
class UnifiedModel:
    """The models and enums of the unified model; names of properties are those of attributes.

    All mappings ask for the same of it, which is found out once.
    """

    api: Api
    filled: dict[tuple[str, str], FilledBy]
    """(model, property) -> by what it is filled, where that is not the mapping."""
    terminal: tuple[str, ...]
    """The members of RunStatus that are final."""
    resting: tuple[str, ...]
    """Those at which waiting alone does not help: the terminal ones and those that need somebody."""
    schema: str
    """What `schema` is in the JSON of a run: `workflow-run/1`."""
    results: dict[str, tuple[str, ...]]
    """The results that go with a member of RunStatus; with one that has no entry, all of them."""
    json_schema: str = ""
    """The same model as JSON Schema, as text."""
    _fields_of: dict[str, dict[str, UnifiedField]] = dataclasses.field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def models(self) -> dict[str, Model]:
        """The models by name."""
        return {model.name: model for model in self.api.models}

    @cached_property
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

    def fields(self, model: str = ROOT) -> dict[str, UnifiedField]:
        """All fields below `model` by their dotted names, in its order; an object or a list before what is in it."""
        if model not in self._fields_of:
            self._fields_of[model] = dict(self._fields(self.models[model], "", "mapping", in_list=False))
        return self._fields_of[model]

    def _fields(
        self, model: Model, prefix: str, filled_by: FilledBy, *, in_list: bool
    ) -> Iterator[tuple[str, UnifiedField]]:
        for field in model.fields:
            # What fills an object fills what is in it.
            by = self.filled_by(model.name, field) if filled_by == "mapping" else filled_by
            item = UnifiedField(field, by, self.model_of(field.type), in_list)
            yield prefix + field.name, item
            if item.model:
                yield from self._fields(item.model, f"{prefix}{field.name}.", by, in_list=in_list or item.is_list)

    def fillable(self, model: str = ROOT) -> dict[str, Field]:
        """The fields that a mapping fills as a whole; those of list items, too."""
        fields = self.fields(model).items()
        return {name: item.field for name, item in fields if item.is_value and item.filled_by == "mapping"}
