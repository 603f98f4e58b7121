"""The places of a response: every value, object and list in it, with what its names, type and description say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..document.pointer import escape
from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import Enum, Field, Model
from ..ir.types import ListOf, MapOf, Type, UnionOf, alternatives, without_null
from ..normalization.converters import value_type
from ..normalization.mapping import FieldPath
from ..normalization.read.response_models import ResponseModels
from ..normalization.read.selectors import WORD_TYPES

_DEEPEST = 4
"""Names in a pointer of a place that is looked at."""
_AROUND_A_RUN = re.compile(r"((workflow|flow|dag|job|pipeline|task|process)_)?(run|execution|instance)(_info)?|info")
"""Objects in a response whose values are the run's own."""


@dataclass(frozen=True)
class Place:
    """A value in a response, outside of lists; in an item, where its pointer begins there."""

    pointer: str
    key: str
    """Its names in snake case, with dots between them: `state.life_cycle_state`; without those of the run itself."""
    field: Field
    type: Type
    """Without null."""
    can_be_absent: bool
    types: tuple[str, ...]
    """Its value types, as converters have them."""
    enum: Enum | None
    model: Model | None
    """That of an object."""

    @property
    def depth(self) -> int:
        """The number of objects around it."""
        return self.key.count(".")

    @property
    def name(self) -> str:
        """The last name of its key."""
        return self.key.rpartition(".")[2]

    @property
    def container(self) -> str:
        """The pointer to the object that has it."""
        return self.pointer.rpartition("/")[0]

    @property
    def is_word(self) -> bool:
        """Whether its values can be words of a table."""
        return {*self.types} <= WORD_TYPES


def places(models: ResponseModels, model: str, at: str = "") -> list[Place]:
    """All places below a model; with the pointer `at`, those below the object there, as seen from the model."""
    every = list(_places(models, models.models[model], "", (), False, (model,)))
    inside = [place for place in every if place.pointer.startswith(f"{at}/")]
    return [_below(place, at) for place in inside] if at else inside


def _below(place: Place, at: str) -> Place:
    from dataclasses import replace

    return replace(place, key=_key(tuple(place.pointer.removeprefix(at).split("/")[1:])))


def _places(
    models: ResponseModels,
    model: Model,
    pointer: str,
    names: tuple[str, ...],
    can_be_absent: bool,
    containers: tuple[str, ...],
) -> Iterator[Place]:
    for field in model.fields:
        type_ = without_null(field.type)
        inner, is_optional = models.model_of(type_), can_be_absent or not field.required or type_ != field.type
        at, here = f"{pointer}/{escape(field.wire)}", (*names, field.wire)
        types = tuple(value_type(member, models.enums) for member in alternatives(type_))
        yield Place(at, _key(here), field, type_, is_optional, types, models.enum_of(type_), inner)
        if inner and inner.name not in containers and len(here) < _DEEPEST:
            yield from _places(models, inner, at, here, is_optional, (*containers, inner.name))


def items_of(models: ResponseModels, place: Place) -> str:
    """The model of the objects in a list or a map; "" where a place has none."""
    if not isinstance(place.type, (ListOf, MapOf)):
        return ""
    items = models.items(FieldPath(place.pointer, (place.field,), place.type, place.field.source))
    return items.model if items else ""


def is_union(place: Place) -> bool:
    """Whether a place has values of several types."""
    return isinstance(place.type, UnionOf)


def _key(names: tuple[str, ...]) -> str:
    snakes = [snake(name) for name in names]
    while len(snakes) > 1 and _AROUND_A_RUN.fullmatch(snakes[0]):
        snakes = snakes[1:]
    return ".".join(snakes)


def snake(name: str) -> str:
    """A name in snake case: `created_at` for `createdAt`, `CreatedAt` and `created-at`."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
