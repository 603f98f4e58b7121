"""How values that are not JSON are written, in words: the styles of OpenAPI 3.1, section 4.8.12.

`enums` are the names of the enums, whose values are scalars; any other class is an object.
"""

from __future__ import annotations

from collections.abc import Container

from ..ir.media_types import holds_files
from ..ir.model import Encoding, Parameter
from ..ir.types import ListOf, MapOf, Ref, Type, types_in

_DELIMITED = {"spaceDelimited": "joined with spaces", "pipeDelimited": "joined with bars"}
_PREFIXES = {"label": "after a dot", "matrix": "after a semicolon and the name"}


def parameter_style(parameter: Parameter, enums: Container[str]) -> str:
    """How a parameter is written; "" for a value that looks the same in every style."""
    if parameter.media_type:
        return f"as {parameter.media_type}"
    return _style(parameter.type, enums, parameter.style, explode=parameter.explode)


def field_style(type_: Type, enums: Container[str], encoding: Encoding, *, multipart: bool) -> str:
    """How a field of a body is written: of a multipart body, or else of a form."""
    if encoding.style and not (multipart and holds_files(type_)):
        return _style(type_, enums, encoding.style, explode=encoding.explode) or "as text"
    if encoding.media_type:
        return f"as {encoding.media_type}"
    if multipart:
        return "by its type"
    return _style(type_, enums, "form", explode=True) or "as text"


def structures(type_: Type, enums: Container[str]) -> set[str]:
    """Which of "list" and "object" a type allows. Any value counts as neither, as most are written as text."""
    allowed = set()
    for inner in types_in(type_):
        if isinstance(inner, ListOf):
            allowed.add("list")
        elif isinstance(inner, MapOf) or (isinstance(inner, Ref) and inner.name not in enums):
            allowed.add("object")
    return allowed


def _style(type_: Type, enums: Container[str], style: str, *, explode: bool) -> str:
    allowed = structures(type_, enums)
    if not allowed:
        return _PREFIXES.get(style, "")
    list_style, object_style = _list_style(style, explode), _object_style(style, explode)
    if allowed == {"list"} or list_style == object_style:
        return list_style
    return object_style if allowed == {"object"} else f"{list_style}; {object_style}"


def _list_style(style: str, explode: bool) -> str:
    match style:
        case "deepObject":
            return "in brackets"
        case "label" | "matrix":
            exploded = "joined with dots" if style == "label" else "repeated"
            return f"{exploded if explode else 'joined with commas'}, {_PREFIXES[style]}"
        case "simple":
            return "joined with commas"
        case _:
            return "repeated" if explode else _DELIMITED.get(style, "joined with commas")


def _object_style(style: str, explode: bool) -> str:
    match style:
        case "deepObject":
            return "in brackets"
        case "simple":
            return "as names with values" if explode else "joined with commas"
        case "label" | "matrix":
            return f"{_object_style('simple', explode)}, {_PREFIXES[style]}"
        case _:
            return "a pair for each property" if explode else _DELIMITED.get(style, "joined with commas")
