"""A checked mapping: how the response of one provider becomes the unified model. Frozen, like the rest of the IR."""

from __future__ import annotations

import json
from dataclasses import field
from typing import Literal

from ..document.problems import Source
from ..interpreter.fast_dataclasses import dataclass
from ..ir.access.model import SecurityScheme
from ..ir.model import Field, Operation, Package, Parameter
from ..ir.types import Scalar, Type, alternatives
from .converters import Converter

ABSENT = "absent"
"""The word of a status table for a value that is null or missing."""
BASE_URL = "base_url"
"""The name of the server in references and templates."""
RUN_ID = "run_id"
"""The part of a reference that every provider has."""
Basis = Literal["documented", "beyond_spec", "inferred"]
ItemKind = Literal["list", "map"]
Constant = str | int | float | bool


@dataclass(frozen=True, slots=True)
class FieldPath:
    """The client's fields that lead to a value, from the root of a response or from an item of a list."""

    pointer: str
    """Without the positions of items: `/tasks/name`."""
    fields: tuple[Field, ...]
    """Those in the item, where one is chosen."""
    type: Type
    """Of the value, without null."""
    source: Source = field(compare=False)
    """Where the mapping names it."""
    item: ChosenItem | None = None
    """The item of a list that holds the value; None where the value is in no list, or in each item of one."""
    nothing: tuple[Constant, ...] = ()
    """Values that mean that there is none."""
    presence: bool = False
    """Whether only it counts whether there is a value, not which one."""

    @property
    def described_at(self) -> Source:
        """Where the spec describes the value."""
        return self.fields[-1].source

    @property
    def pointer_in_item(self) -> str:
        """The pointer from the item that holds the value; from where the path begins, if none is chosen."""
        return self.pointer.removeprefix(self.item.path.pointer) if self.item else self.pointer

    @property
    def reading(self) -> str:
        """How the value is read, as text: `nothing if 0`; "" if it counts as it is."""
        texts = [f"nothing if {' or '.join(json.dumps(value) for value in self.nothing)}"] if self.nothing else []
        return ", ".join([*texts, *(["only whether it is there"] if self.presence else [])])


@dataclass(frozen=True, slots=True)
class Condition:
    """What a chosen item has at a pointer: one of several words, as `Statuses` reads them."""

    path: FieldPath
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChosenItem:
    """The first or the last item of a list that fulfills all conditions."""

    path: FieldPath
    """To the list."""
    model: str
    """The client's model of an item."""
    conditions: tuple[Condition, ...]
    is_last: bool

    @property
    def text(self) -> str:
        """Which item it is, as text."""
        conditions = [f"{c.path.pointer} is {' or '.join(c.words)}" for c in self.conditions]
        whose = f" whose {' and '.join(conditions)}" if conditions else ""
        return f"of the {'last' if self.is_last else 'first'} item{whose}"


@dataclass(frozen=True, slots=True)
class Default:
    """What stands in for an absent value: a part of the reference, or a constant."""

    part: str = ""
    constant: str | int = ""


@dataclass(frozen=True, slots=True)
class RefPart:
    """A part of a reference, and where the text form has it; one in the query may be left out."""

    name: str
    location: Literal["path", "query"]


@dataclass(frozen=True, slots=True)
class UrlTemplate:
    """A URL with parts of the reference in braces: `https://example.com/{workflow_id}/{run_id}`."""

    text: str
    parts: tuple[RefPart, ...]
    """In the order of the text; BASE_URL may be the first of them."""
    server: str
    """The documented server, which a reference without BASE_URL means; "" where there is none."""


@dataclass(frozen=True, slots=True)
class WordTable:
    """What the words at a path mean in an enum of the unified model."""

    enum: str
    meanings: tuple[tuple[str, str], ...]
    """(word, member of the enum)."""
    others: str
    """The member for any other word; "" where another word is an issue."""

    @property
    def has_absent(self) -> bool:
        """Whether no word has a meaning, too."""
        return ABSENT in dict(self.meanings)

    @property
    def text(self) -> str:
        """The words and what they mean, as text."""
        meanings = [*self.meanings, *([("any other", self.others)] if self.others else [])]
        return "; ".join(f"{word}: {member.lower()}" for word, member in meanings)


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """How a unified field is filled: with the first value that is present at `paths`, converted.

    Or with the text of a `template`, or with the key of an item; then there are no paths.
    """

    target: str
    """The field's dotted name: `error.message`; in a list relative to its item."""
    field: Field
    paths: tuple[FieldPath, ...]
    converter: str
    """The names of the converters that the mapping asks for; "" for the one that follows from the types."""
    converters: tuple[tuple[Converter, ...], ...]
    """The converters of each path, one after the other."""
    source: Source
    default: Default | None = None
    agree: bool = False
    """Whether it is an issue when the values at the paths differ."""
    words: WordTable | None = None
    """What the words at the paths mean; None where a converter takes them."""
    each: Items | None = None
    """The list from whose items the values come, each of which becomes an item of the unified list."""
    template: UrlTemplate | None = None
    is_key: bool = False
    """Whether it is filled with the key of an item."""


@dataclass(frozen=True, slots=True)
class PresentWhen:
    """A unified object that is present, and empty, for some statuses (members of RunStatus)."""

    target: str
    statuses: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Items:
    """The objects of a list or a map of the provider; of lists and maps inside each other, all of them."""

    path: FieldPath
    kinds: tuple[ItemKind, ...]
    """What lies inside each other, the outermost first."""
    model: str
    """The client's model of an item."""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What words of the provider mean: `status` and `result` are members of RunStatus and RunResult, "" for none."""

    words: tuple[str, ...]
    """One word for each path of the table, ABSENT for no value; fewer where the others do not matter."""
    status: str
    result: str
    basis: Basis
    source: Source
    enum_values: tuple[tuple[str, str] | None, ...] = ()
    """(enum, member) of the client for each word, None where no enum lists it; empty where none does."""
    is_rest: bool = False
    """Whether it is for all words behind `words` that have no row of their own, and for none."""

    @property
    def word(self) -> str:
        """The words as one text."""
        return "/".join(self.words)

    @property
    def outcome(self) -> str:
        """Status and result as one text: `SUCCEEDED/success`."""
        return f"{self.status}/{self.result.lower()}" if self.result else self.status


def loosely(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words in the one spelling by which inferred words are compared: without capitals, spaces and hyphens."""
    return tuple(word.casefold().translate(_SEPARATORS) for word in words)


_SEPARATORS = str.maketrans(" -", "__")


@dataclass(frozen=True, slots=True)
class StatusTable:
    """What the words at one path or several mean; without paths, the one row that holds for every body of an event."""

    paths: tuple[FieldPath, ...]
    rows: tuple[StatusRow, ...]
    source: Source
    reasons: dict[str, str]
    """Why the words of a basis are there."""


@dataclass(frozen=True, slots=True)
class ListMapping:
    """A unified list, made from a list of the provider item by item."""

    target: str
    items: Items
    unified_model: str
    """The unified model of an item."""
    fields: tuple[FieldMapping, ...]
    statuses: StatusTable | None
    source: Source


@dataclass(frozen=True, slots=True)
class Argument:
    """What fills a parameter of the operation: a part of the reference, or a constant."""

    parameter: Parameter
    part: str
    constant: str | int | bool = ""

    @property
    def is_integer(self) -> bool:
        """Whether the parameter takes numbers alone, which a reference can give as integers."""
        types = alternatives(self.parameter.type)
        return all(isinstance(type_, Scalar) and type_.primitive in ("int", "float") for type_ in types)


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
    not_found: tuple[str, ...] = ()
    """The reasons that say that there is no such run."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why pointers (`raw_only`) or unified fields (`absent`) are left out."""

    names: tuple[str, ...]
    because: str
    source: Source
    is_rest: bool = False
    """Whether what is mapped of the values at the pointers is not meant."""


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
    events: tuple[EventMapping, ...] = ()
    identifiers: tuple[tuple[str, FieldPath], ...] = ()
    """(part, path): where the response has further parts of the reference, which are compared."""

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


@dataclass(frozen=True, slots=True)
class EventMapping:
    """How the body of an event becomes a run, which a provider sends by a webhook or in a stream."""

    name: str
    mapping: Mapping
    """The mapping of the provider with the body in place of the response: no envelope, and no events."""
    name_at: FieldPath | None
    """Where a body says which event it is."""
    ref: tuple[tuple[str, FieldPath], ...]
    """(part, path): where a body has the parts of a reference; () where callers have to give it."""
