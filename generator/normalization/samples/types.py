"""Whether a JSON value is of a type, as the clients' models read it strictly."""

from __future__ import annotations

import re
from typing import Any

from ...ir.model import Alias, Api, Enum, Model
from ...ir.types import AnyType, ListOf, MapOf, Ref, Scalar, Type, UnionOf

_DATE, _TIME = r"\d{4}-[01]\d-[0-3]\d", r"[0-2]\d:[0-5]\d(:[0-5]\d(\.\d+)?)?"
_FORMATS = {
    "date-time": rf"{_DATE}[Tt ]{_TIME}(Z|z|[+-]\d\d:\d\d)",
    "date": _DATE,
    "time": rf"{_TIME}(Z|z|[+-]\d\d:\d\d)?",
    "duration": r"P(\d+W|(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?)",
    "byte": r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "decimal": r"-?\d+(\.\d+)?",
}


class Types:
    """The named types of one API."""

    def __init__(self, api: Api) -> None:
        named: list[Model | Enum | Alias] = [*api.models, *api.enums, *api.aliases]
        self._named = {item.name: item for item in named}

    def named(self, type_: Type) -> Model | Enum | Alias | None:
        """What a reference refers to; None for any other type."""
        return self._named.get(type_.name) if isinstance(type_, Ref) else None

    def fits(self, value: Any, type_: Type) -> bool:
        """Whether a value is of a type."""
        match type_:
            case Scalar():
                return _fits_scalar(value, type_)
            case Ref():
                return self._fits_reference(value, type_)
            case ListOf(item):
                return isinstance(value, list) and all(self.fits(each, item) for each in value)
            case MapOf(item):
                return isinstance(value, dict) and all(self.fits(each, item) for each in value.values())
            case UnionOf(members):
                return any(self.fits(value, member) for member in members)
            case AnyType():
                return True

    def _fits_reference(self, value: Any, type_: Ref) -> bool:
        if type_.constant is not None:
            return bool(value == type_.constant)
        match self.named(type_):
            case Enum(values=values):
                return not isinstance(value, bool) and value in [item.value for item in values]
            case Alias(type=inner):
                return self.fits(value, inner)
            case Model(fields=fields):
                return isinstance(value, dict) and all(
                    self.fits(value[field.wire], field.type) if field.wire in value else not field.required
                    for field in fields
                )
            case None:
                return False


def _fits_scalar(value: Any, type_: Scalar) -> bool:
    if type_.constant is not None:
        return bool(value == type_.constant) and isinstance(value, bool) == isinstance(type_.constant, bool)
    match type_.primitive:
        case "str":
            pattern = _FORMATS.get(type_.format)
            return isinstance(value, str) and (pattern is None or re.fullmatch(pattern, value, re.ASCII) is not None)
        case "int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "float":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "bool":
            return isinstance(value, bool)
        case "null":
            return value is None
