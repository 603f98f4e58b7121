"""How values that are not JSON are written: the styles of OpenAPI 3.1, section 4.8.12, in words."""

from __future__ import annotations

from collections.abc import Container

from ..ir.model import Encoding, Parameter
from ..ir.types import ListOf, MapOf, Ref, Type, types_in

_JOINED = {"spaceDelimited": "joined with spaces", "pipeDelimited": "joined with bars"}
_PREFIXES = {"label": ", after a dot", "matrix": ", after a semicolon and the name"}


def parameter_form(parameter: Parameter, enums: Container[str]) -> str:
    """How a parameter is written; "" for what looks alike in every style. `enums`: the names of the enums."""
    if parameter.media_type:
        return f"as {parameter.media_type}"
    return _form(parameter.type, enums, parameter.style, explode=parameter.explode)


def field_form(type_: Type, enums: Container[str], encoding: Encoding, encode: str) -> str:
    """How a field is written in a body that is encoded as "form" or "multipart"."""
    if encoding.style or encoding.explode is not None or encoding.allow_reserved:
        style = encoding.style or "form"
        explode = style == "form" if encoding.explode is None else encoding.explode
        return _form(type_, enums, style, explode=explode) or "as text"
    if encoding.media_type:
        return f"as {encoding.media_type}"
    if encode == "form":
        return _form(type_, enums, "form", explode=True) or "as text"
    return "by its type"


def _form(type_: Type, enums: Container[str], style: str, *, explode: bool) -> str:
    lists, objects = has_lists(type_), has_objects(type_, enums)
    words = [_list_form(style, explode)] if lists else []
    words += [_object_form(style, explode)] if objects else []
    if not words:
        return _PREFIXES[style].removeprefix(", ") if style in _PREFIXES else ""
    return "; ".join(dict.fromkeys(words))


def has_lists(type_: Type) -> bool:
    """Whether a list is among what a type allows."""
    return any(isinstance(inner, ListOf) for inner in types_in(type_))


def has_objects(type_: Type, enums: Container[str]) -> bool:
    """Whether an object is among what a type allows. Any value does not count, as most are written as text."""
    return any(
        isinstance(inner, MapOf) or (isinstance(inner, Ref) and inner.name not in enums) for inner in types_in(type_)
    )


def _list_form(style: str, explode: bool) -> str:
    match style:
        case "deepObject":
            return "in brackets"
        case "label" | "matrix":
            joined = "joined with dots" if style == "label" else "repeated"
            return (joined if explode else "joined with commas") + _PREFIXES[style]
        case "simple":
            return "joined with commas"
        case _:
            return "repeated" if explode else _JOINED.get(style, "joined with commas")


def _object_form(style: str, explode: bool) -> str:
    match style:
        case "deepObject":
            return "in brackets"
        case "simple" | "label" | "matrix":
            joined = "as names with values" if explode else "joined with commas"
            return joined + _PREFIXES.get(style, "")
        case _:
            return "a pair for each property" if explode else _JOINED.get(style, "joined with commas")
