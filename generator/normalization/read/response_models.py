"""JSON Pointers into a provider's response -> the fields of the client's models that lead there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ...document.field_reader import name_hint
from ...document.pointer import escape, join, split
from ...document.problems import Problems, Source
from ...interpreter.fast_dataclasses import dataclass
from ...ir.media_types import decoding, preferred
from ...ir.model import Api, Enum, Field, Model, Operation
from ...ir.types import AnyType, ListOf, MapOf, Ref, Type, UnionOf, without_null
from .. import spellings
from ..mapping import FieldPath, ItemKind, Items


class Elsewhere(str):
    """The name of a model in which a run is at another place than in the response that pointers are written for."""

    __slots__ = ("at", "before")
    at: str
    """The pointer to the run in this model."""
    before: str
    """The pointer to it in the response."""

    def pointer(self, pointer: str) -> str:
        """Where a value is in this model, by its pointer in the response."""
        return self.at + pointer.removeprefix(self.before)


@dataclass(frozen=True)
class ResponseModels:
    """The models of one provider's client, through which pointers lead."""

    models: dict[str, Model]
    enums: dict[str, Enum]
    problems: Problems

    @classmethod
    def of(cls, api: Api, problems: Problems) -> ResponseModels:
        """The models of an API."""
        return cls({m.name: m for m in api.models}, {e.name: e for e in api.enums}, problems)

    def enum_of(self, type_: Type) -> Enum | None:
        """The enum that a type refers to; None for any other type."""
        return self.enums.get(type_.name) if isinstance(type_, Ref) else None

    def model_of(self, type_: Type) -> Model | None:
        """The model that a type refers to; None for any other type."""
        return self.models.get(type_.name) if isinstance(type_, Ref) else None

    def items(self, path: FieldPath) -> Items | None:
        """The objects with properties at the end of a path, through lists and maps; None when there are others."""
        type_, kinds = path.type, list[ItemKind]()
        while isinstance(type_, (ListOf, MapOf)):
            kinds.append("list" if isinstance(type_, ListOf) else "map")
            inner = type_.item if isinstance(type_, ListOf) else type_.value
            type_ = without_null(inner) if isinstance(without_null(inner), (ListOf, MapOf)) else inner
        model = self.model_of(type_)
        return Items(path, tuple(kinds), model.name) if model and kinds else None

    def success_model(self, operation: Operation) -> str:
        """The name of the model of every success of an operation; "" when a success can be anything else.

        The response `default` is the success where no other success is documented.
        """
        successes = [response for response in operation.responses if response.success]
        successes = successes or [response for response in operation.responses if response.status == "default"]
        media = [preferred(response.content) for response in successes]
        types = {item.type if item and decoding(item) == "json" else None for item in media}
        models = [model.name for type_ in types if type_ and (model := self.model_of(type_))]
        return models[0] if len(types) == len(models) == 1 else ""

    def path(self, pointer: str, model: str, source: Source) -> FieldPath | None:
        """Where `pointer` leads from `model`; None when it leads nowhere, which is reported at `source`."""
        if not pointer.startswith("/") or re.search("~(?![01])", pointer):
            hint = "it begins with '/'; within a name '~' is written ~0, and '/' ~1"
            if (near := spellings.pointer(pointer)) and self._leads(near, model):
                hint = f"write {near}"
            hint = f"write {{template: '{pointer}'}}" if "://" in pointer else hint
            self._unknown(pointer, source, f"{pointer!r} is not a JSON Pointer to a property", hint)
            return None
        pointer = model.pointer(pointer) if isinstance(model, Elsewhere) else pointer
        type_: Type = Ref(str(model))
        fields: list[Field] = []
        for key in split(pointer):
            holder = self.model_of(type_)
            if holder is None:
                what, hint = _obstacle(type_)
                if isinstance(type_, ListOf) and self.model_of(without_null(type_.item)):
                    count = len(fields)
                    outer, inner = (join(part) for part in (split(pointer)[:count], split(pointer)[count:]))
                    hint = (
                        f"write {{in: {outer}, at: {inner}}} for one item, {{each: {outer}, at: {inner}}} for a text of"
                        " each item, or map a list under `lists`"
                    )
                self._unknown(pointer, source, f"{pointer}: {fields[-1].wire!r} is {what}", hint, fields[-1].source)
                return None
            field = next((field for field in holder.fields if field.wire == key), None)
            if field is None:
                hint = name_hint(key, [f.wire for f in holder.fields])
                self._unknown(pointer, source, f"{pointer}: {holder.name} has no property {key!r}", hint, holder.source)
                return None
            fields.append(field)
            type_ = without_null(field.type)
        return FieldPath(pointer, tuple(fields), type_, source)

    def _leads(self, pointer: str, model: str) -> bool:
        """Whether the first property of a pointer is in a model."""
        fields = self.models[str(model)].fields if str(model) in self.models else ()
        return split(pointer)[0] in [field.wire for field in fields]

    def _unknown(self, pointer: str, source: Source, message: str, hint: str, *see: Source) -> None:
        self.problems.error("unknown-pointer", source, message, hint, see=see, subject=pointer)

    def leaves(
        self, model: str, pointers: Collection[str], prefix: str = "", containers: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Field]]:
        """Every field below `model` that holds a value, by its pointer; items of lists and maps are passed through.

        A model that contains itself is looked at again only where one of `pointers` leads into it.
        """
        containers = (*containers, model)
        for field in self.models[model].fields:
            pointer = f"{prefix}/{escape(field.wire)}"
            inner = self.model_of(_innermost(field.type))
            if inner and (inner.name not in containers or any(p.startswith(f"{pointer}/") for p in pointers)):
                yield from self.leaves(inner.name, pointers, pointer, containers)
            else:
                yield pointer, field


def _innermost(type_: Type) -> Type:
    """The type of the items of a list or a map, however deep they are in each other; of any other type, itself."""
    match without_null(type_):
        case ListOf(inner) | MapOf(inner):
            return _innermost(inner)
        case other:
            return other


def _obstacle(type_: Type) -> tuple[str, str]:
    """Why a pointer cannot lead through a value of a type, and what to do."""
    match type_:
        case ListOf():
            return "a list", "map a list under `lists`, with `each`; choose an item with `in`"
        case MapOf() | AnyType():
            return "free-form: the spec does not describe its content", "map it as a whole"
        case UnionOf():
            return "one of several types", "simplify it by an overlay action"
        case _:
            return "a single value", ""
