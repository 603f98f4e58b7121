"""A checked mapping: how the answer of one provider becomes the unified model. Frozen, like the rest of the IR."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..document.problems import Source
from ..ir.model import Field, Operation, Package, Parameter
from ..ir.types import Type

RUN_ID = "run_id"
"""The part of a reference that every provider has."""
Basis = Literal["documented", "beyond_spec", "inferred"]


@dataclass(frozen=True, slots=True)
class FieldPath:
    """A place in the provider's answer: the client's fields that lead there from the root, or from a list's item."""

    pointer: str
    fields: tuple[Field, ...]
    type: Type
    """Of the value, without null."""
    source: Source
    """Where the mapping names it."""

    @property
    def described(self) -> Source:
        """Where the spec describes it."""
        return self.fields[-1].source


@dataclass(frozen=True, slots=True)
class Default:
    """What stands in for an absent value: a part of the reference, or a constant."""

    part: str = ""
    value: str | int = ""


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """How one unified field is filled: by the first of `paths` that is there, through the converter."""

    target: str
    """Dotted: `error.message`; in a list relative to its item."""
    field: Field
    paths: tuple[FieldPath, ...]
    converter: str
    """A name of `converters.CONVERTERS`."""
    source: Source
    missing: Default | None = None
    agree: bool = False
    """Whether it is an issue when the paths say different things."""


@dataclass(frozen=True, slots=True)
class PresentWhen:
    """A unified object without fields of its own here, which is there for some statuses: members of RunStatus."""

    target: str
    statuses: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A row of a status table: `status` and `result` are members of RunStatus and RunResult, `result` "" for none."""

    words: tuple[str, ...]
    """One word for each path of the table; fewer where the others do not matter."""
    status: str
    result: str
    basis: Basis
    source: Source
    members: tuple[str, ...] = ()
    """The documented words as code: `WorkflowRunStatus.PENDING`; empty where no enum lists them."""


@dataclass(frozen=True, slots=True)
class StatusTable:
    """A status table, keyed by the values at one or two places."""

    paths: tuple[FieldPath, ...]
    words: tuple[StatusRow, ...]
    source: Source
    because: dict[str, str]
    """Why the words of a basis are there."""


@dataclass(frozen=True, slots=True)
class ListMapping:
    """A unified list, made from a list of the provider item by item."""

    target: str
    path: FieldPath
    item: str
    """The client's model of an item."""
    model: str
    """The unified model of an item."""
    values: tuple[FieldMapping, ...]
    statuses: StatusTable | None
    source: Source


@dataclass(frozen=True, slots=True)
class RefPart:
    """A part of a reference, and its place in the text form; one in the query may be left out."""

    name: str
    place: Literal["path", "query"]


@dataclass(frozen=True, slots=True)
class Argument:
    """What fills a parameter of the operation: a part of the reference, or a constant."""

    parameter: Parameter
    part: str
    constant: str | int | bool = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is wrapped around the run: `at` leads to the run, `status` tells whether there is one."""

    at: FieldPath
    status: FieldPath
    success: tuple[str, ...]
    failure: tuple[str, ...]
    """The words of `status` for which there is no run."""
    error: str
    """The client's model of the answer then; "" when there is none."""
    code: FieldPath | None
    """Where that model has the reason."""
    source: Source


@dataclass(frozen=True, slots=True)
class Reason:
    """Pointers (`raw_only`) or unified fields (`absent`) that are left out, and why."""

    names: tuple[str, ...]
    because: str
    source: Source


@dataclass(frozen=True, slots=True)
class Mapping:
    """All that one normalization.yaml says, checked against both sides."""

    provider: str
    package: Package
    operation: Operation
    answer: str
    """The client's model of the answer."""
    form: str
    """The text form of a reference after `provider:`, as written: `{workflow_id}/{run_id}`."""
    parts: tuple[RefPart, ...]
    """In the order of the text form, `run_id` among them."""
    fills: tuple[Argument, ...]
    statuses: StatusTable
    values: tuple[FieldMapping, ...]
    flags: tuple[PresentWhen, ...]
    lists: tuple[ListMapping, ...]
    raw_only: tuple[Reason, ...]
    absent: tuple[Reason, ...]
    differences: tuple[str, ...]
    source: Source
    envelope: Envelope | None = None
