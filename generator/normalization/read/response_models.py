"""JSON Pointers into the schema of an answer -> the fields of the client's models that lead there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ...document.field_reader import name_hint
from ...document.pointer import escape
from ...document.problems import Problems, Source
from ...ir.model import Api, Enum, Field, Model
from ...ir.types import AnyType, ListOf, MapOf, Ref, Type, UnionOf, without_null
from ..mapping import FieldPath


@dataclass(frozen=True)
class ResponseModels:
    """The models of one provider, through which pointers lead."""

    models: dict[str, Model]
    enums: dict[str, Enum]
    problems: Problems

    @classmethod
    def of(cls, api: Api, problems: Problems) -> ResponseModels:
        """The models of an API."""
        return cls({m.name: m for m in api.models}, {e.name: e for e in api.enums}, problems)

    def path(self, pointer: str, model: str, place: Source) -> FieldPath | None:
        """Where `pointer` leads from `model`; None when it leads nowhere, which is reported."""
        if not pointer.startswith("/") or re.search("~(?![01])", pointer):
            message = f"{pointer!r} is no JSON Pointer to a property"
            hint = "it begins with '/'; within a name '~' is written ~0, and '/' ~1"
            self.problems.error("unknown-pointer", place, message, hint)
            return None
        type_: Type = Ref(model)
        fields: list[Field] = []
        for token in pointer.split("/")[1:]:
            holder = self._model(type_, pointer, fields, place)
            if holder is None:
                return None
            wire = token.replace("~1", "/").replace("~0", "~")
            field = next((field for field in holder.fields if field.wire == wire), None)
            if field is None:
                message = f"{pointer}: {holder.name} has no property {wire!r} ({holder.source})"
                self.problems.error("unknown-pointer", place, message, name_hint(wire, [f.wire for f in holder.fields]))
                return None
            fields.append(field)
            type_ = without_null(field.type)
        return FieldPath(pointer, tuple(fields), type_, place)

    def _model(self, type_: Type, pointer: str, fields: list[Field], place: Source) -> Model | None:
        if isinstance(type_, Ref) and type_.name in self.models:
            return self.models[type_.name]
        match type_:
            case ListOf():
                what, hint = "a list", "map a list under `lists`, with `each`"
            case MapOf() | AnyType():
                what, hint = "free-form: the spec does not say what is in it", "map it as a whole"
            case UnionOf():
                what, hint = "one of several types", "simplify it by an overlay action"
            case _:
                what, hint = "a single value", ""
        last = fields[-1]
        message = f"{pointer}: {last.wire!r} is {what} ({last.source})"
        self.problems.error("unknown-pointer", place, message, hint)
        return None

    def leaves(
        self, model: str, named: Collection[str], prefix: str = "", seen: tuple[str, ...] = ()
    ) -> Iterator[tuple[str, Field]]:
        """Every place below `model` that holds a value, by its pointer; list items are passed through.

        A model that contains itself is looked at again only where a pointer of `named` leads into it.
        """
        seen = (*seen, model)
        for field in self.models[model].fields:
            pointer = f"{prefix}/{escape(field.wire)}"
            inner = without_null(field.type)
            while isinstance(inner, ListOf):
                inner = without_null(inner.item)
            name = inner.name if isinstance(inner, Ref) else ""
            if name in self.models and (name not in seen or any(n.startswith(f"{pointer}/") for n in named)):
                yield from self.leaves(name, named, pointer, seen)
            else:
                yield pointer, field
