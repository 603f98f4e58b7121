"""Types whose free-form values stay undecoded until they are read.

`lazy_type` derives from each Struct a subclass that keeps such values as raw JSON, in the same slots, and shows them
decoded: reading the attribute decodes the value, and puts it into the slot.
"""

from __future__ import annotations

import types
import typing
from typing import Any

import msgspec
from msgspec import NODEFAULT, Raw, UnsetType

from .._errors import InvalidResponse
from .._models.encoding import encode
from .._models.types import is_struct, is_union
from .strict import decode_strictly, decoder

_FIRST_CHARACTERS: dict[Any, str] = {str: '"', bool: "tf", types.NoneType: "n", dict: "{", list: "["}
_ANY = "any"
_GENERICS: tuple[Any, ...] = (list, dict)


def lazy_type(type_: Any) -> Any:
    """`type_` with lazy subclasses in place of Structs; a Struct without free-form values stays what it is."""
    return _derived(type_, frozenset())


def _derived(type_: Any, around: frozenset[Any]) -> Any:
    origin: Any = typing.get_origin(type_)
    if origin is None:
        # A Struct that contains itself is decoded in full, wherever it does.
        return _subclass(type_, around | {type_}) if is_struct(type_) and type_ not in around else type_
    arguments = typing.get_args(type_)
    derived = tuple(_derived(argument, around) for argument in arguments)
    if derived == arguments:
        return type_
    if is_union(type_):
        return typing.Union[derived]  # noqa: UP007 - known at run time only
    return origin[derived] if origin in _GENERICS else type_


def _subclass(class_: Any, around: frozenset[Any]) -> Any:
    fields: list[tuple[str, Any, Any]] = []
    free: dict[str, tuple[Any, str]] = {}
    for field in msgspec.structs.fields(class_):
        first = _first_characters(field.type)
        type_ = Raw if first else _derived(field.type, around)
        if type_ is field.type or field.default_factory is not NODEFAULT:
            continue
        if first:
            free[field.name] = (field.type, first)
            type_ = Raw | UnsetType
        fields.append((field.name, type_, msgspec.field(default=field.default, name=field.encode_name)))
    if not fields:
        return class_

    def reduce(self: Any) -> tuple[Any, ...]:
        return _restored, (class_, encode(self))

    namespace: dict[str, Any] = {"__reduce__": reduce}
    slots: dict[str, Any] = {name: vars(_owner(class_, name))[name] for name in free}
    checked = [(slots[name], first) for name, (_, first) in free.items() if first != _ANY]
    if checked:
        namespace["__post_init__"] = _check(class_, checked)
    namespace |= {"__module__": class_.__module__, "__annotations__": {name: type_ for name, type_, _ in fields}}
    namespace |= {name: declaration for name, _, declaration in fields}
    lazy: Any = type(class_)(class_.__name__, (class_,), namespace, kw_only=True)
    for name, (type_, _) in free.items():
        setattr(lazy, name, _decoded_when_read(slots[name], type_))
    return lazy


def _first_characters(type_: Any) -> str:
    """The characters with which a value of a free-form type can begin, or `_ANY`.

    "" where nothing is free in the type, or where more than the first character matters.
    """
    members = typing.get_args(type_) if is_union(type_) else (type_,)
    members = tuple(member for member in members if member is not UnsetType)
    if Any in members:
        return _ANY
    origins = {_free_origin(member) for member in members}
    if not origins <= _FIRST_CHARACTERS.keys() or origins.isdisjoint((dict, list)):
        return ""
    return "".join(_FIRST_CHARACTERS[origin] for origin in origins)


def _free_origin(type_: Any) -> Any:
    origin, arguments = typing.get_origin(type_) or type_, typing.get_args(type_)
    if origin in (list, dict):
        return origin if arguments in ((), (Any,), (str, Any)) else None
    return origin


def _check(class_: Any, slots: list[tuple[Any, str]]) -> Any:
    inherited = getattr(class_, "__post_init__", None)

    def post_init(self: Any) -> None:
        for slot, first in slots:
            value = slot.__get__(self)
            if isinstance(value, Raw) and chr(memoryview(value)[0]) not in first:
                raise ValueError("a free-form value is of another JSON type than documented")
        if inherited is not None:
            inherited(self)

    return post_init


def _decoded_when_read(slot: Any, type_: Any) -> property:
    def get(self: Any) -> Any:
        value = slot.__get__(self)
        if not isinstance(value, Raw):
            return value
        try:
            value = decoder(type_).decode(value)
        except msgspec.ValidationError as error:  # all that is left to go wrong: numbers out of range
            reason = str(error)
        else:
            slot.__set__(self, value)  # no setattr: the Struct is frozen for everybody else
            return value
        raise InvalidResponse(f"the value of {slot.__name__} cannot be read: {reason}")

    return property(get)


def _owner(class_: Any, name: str) -> Any:
    return next(base for base in class_.__mro__ if name in vars(base))


def _restored(class_: Any, data: bytes) -> Any:
    return decode_strictly(data, class_)
