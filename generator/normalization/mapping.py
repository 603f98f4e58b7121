"""A checked mapping: how the response of one provider becomes the unified model. Frozen, like the rest of the IR."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..document.problems import Source
from ..ir.access.model import SecurityScheme
from ..ir.model import Field, Operation, Package, Parameter
from ..ir.types import Scalar, Type, alternatives
from .converters import Converter

RUN_ID = "run_id"
"""The part of a reference that every provider has."""
Basis = Literal["documented", "beyond_spec", "inferred"]


@dataclass(frozen=True, slots=True)
class FieldPath:
    """The client's fields that lead to a value, from the root of a response or from an item of a list."""

    pointer: str
    fields: tuple[Field, ...]
    type: Type
    """Of the value, without null."""
    source: Source
    """Where the mapping names it."""

    @property
    def described_at(self) -> Source:
        """Where the spec describes the value."""
        return self.fields[-1].source


@dataclass(frozen=True, slots=True)
class Default:
    """What stands in for an absent value: a part of the reference, or a constant."""

    part: str = ""
    constant: str | int = ""


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """How a unified field is filled: with the first value that is present at `paths`, converted."""

    target: str
    """The field's dotted name: `error.message`; in a list relative to its item."""
    field: Field
    paths: tuple[FieldPath, ...]
    converter: str
    """The name of the converter that the mapping asks for; "" for the one that follows from the types."""
    converters: tuple[Converter, ...]
    """The converter of each path."""
    source: Source
    default: Default | None = None
    agree: bool = False
    """Whether it is an issue when the values at the paths differ."""


@dataclass(frozen=True, slots=True)
class PresentWhen:
    """A unified object that is present, and empty, for some statuses (members of RunStatus)."""

    target: str
    statuses: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What words of the provider mean: `status` and `result` are members of RunStatus and RunResult, "" for none."""

    words: tuple[str, ...]
    """One word for each path of the table; fewer where the others do not matter."""
    status: str
    result: str
    basis: Basis
    source: Source
    enum_values: tuple[tuple[str, str], ...] = ()
    """(enum, member) of the client for the documented words; empty where no enum lists them."""

    @property
    def word(self) -> str:
        """The words as one text."""
        return "/".join(self.words)

    @property
    def outcome(self) -> str:
        """Status and result as one text: `SUCCEEDED/success`."""
        return f"{self.status}/{self.result.lower()}" if self.result else self.status


@dataclass(frozen=True, slots=True)
class StatusTable:
    """What the words at one or two paths mean."""

    paths: tuple[FieldPath, ...]
    rows: tuple[StatusRow, ...]
    source: Source
    reasons: dict[str, str]
    """Why the words of a basis are there."""


@dataclass(frozen=True, slots=True)
class ListMapping:
    """A unified list, made from a list of the provider item by item."""

    target: str
    path: FieldPath
    item_model: str
    """The client's model of an item."""
    unified_model: str
    """The unified model of an item."""
    fields: tuple[FieldMapping, ...]
    statuses: StatusTable | None
    source: Source


@dataclass(frozen=True, slots=True)
class RefPart:
    """A part of a reference, and where the text form has it; one in the query may be left out."""

    name: str
    location: Literal["path", "query"]


@dataclass(frozen=True, slots=True)
class Argument:
    """What fills a parameter of the operation: a part of the reference, or a constant."""

    parameter: Parameter
    part: str
    constant: str | int | bool = ""

    @property
    def is_integer(self) -> bool:
        """Whether the parameter takes integers alone."""
        types = alternatives(self.parameter.type)
        return all(isinstance(type_, Scalar) and type_.primitive == "int" for type_ in types)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is wrapped around a run in a response."""

    run: FieldPath
    status: FieldPath
    """The envelope's own status, which says whether there is a run."""
    success: tuple[str, ...]
    failure: tuple[str, ...]
    """The words of `status` for which there is no run."""
    error_model: str
    """The client's model of the response then; "" when there is none."""
    code: FieldPath | None
    """Where that model has the reason."""
    source: Source


@dataclass(frozen=True, slots=True)
class Reason:
    """Why pointers (`raw_only`) or unified fields (`absent`) are left out."""

    names: tuple[str, ...]
    because: str
    source: Source


@dataclass(frozen=True, slots=True)
class Mapping:
    """All that one normalization.yaml says, checked against both sides."""

    provider: str
    package: Package
    operation: Operation
    response_model: str
    """The client's model of the response."""
    ref_form: str
    """The text form of a reference after `provider:`, as written: `{workflow_id}/{run_id}`."""
    parts: tuple[RefPart, ...]
    """In the order of the text form, `run_id` among them."""
    arguments: tuple[Argument, ...]
    statuses: StatusTable
    fields: tuple[FieldMapping, ...]
    present_when: tuple[PresentWhen, ...]
    lists: tuple[ListMapping, ...]
    raw_only: tuple[Reason, ...]
    absent: tuple[Reason, ...]
    differences: tuple[str, ...]
    source: Source
    envelope: Envelope | None = None

    def parts_in(self, location: Literal["path", "query"]) -> tuple[str, ...]:
        """The names of the parts that a reference has in its path, or in its query."""
        return tuple(part.name for part in self.parts if part.location == location)

    @property
    def schemes(self) -> tuple[SecurityScheme, ...]:
        """The security schemes that the operation takes."""
        names = {name for alternative in self.operation.security for name in alternative}
        return tuple(scheme for scheme in self.package.api.schemes if scheme.name in names)

    def status_tables(self) -> dict[str, StatusTable]:
        """All status tables, by the unified field that they fill: that of the run, and those of lists."""
        in_lists = {f"{item.target}.status": item.statuses for item in self.lists if item.statuses}
        return {"status": self.statuses, **in_lists}
