"""How an adapter calls its client: what of a reference fills which argument."""

from __future__ import annotations

from collections.abc import Iterator

from ...ir.types import Scalar, UnionOf
from ...python.quoting import literal, name
from ..mapping import RUN_ID, Argument, Mapping


def reference(part: str) -> str:
    """A part of the reference that is always there."""
    return "ref.run_id" if part == RUN_ID else f"ref.parts[{literal(part)}]"


def arguments(mapping: Mapping, helpers: set[str]) -> Iterator[str]:
    """The arguments of the client's method: those in the path by their order, the others by name.

    The modules that they take help from are added to `helpers`.
    """
    fills = {fill.parameter.wire + fill.parameter.location: fill for fill in mapping.fills}
    places: dict[str, str] = {part.name: part.place for part in mapping.parts}
    for parameter in mapping.operation.parameters:
        fill = fills.get(parameter.wire + parameter.location)
        if fill is None or parameter.from_client:
            continue
        code = _filled(fill, places, helpers)
        yield code if parameter.location == "path" else f"{name(parameter.name)}={code}"


def _filled(fill: Argument, places: dict[str, str], helpers: set[str]) -> str:
    if not fill.part:
        return literal(fill.constant)
    if _is_integer(fill):
        helpers.add("_parts")
        function = "integer_part" if places[fill.part] == "path" else "optional_integer_part"
        return f"{function}(ref, {literal(fill.part)})"
    if places[fill.part] == "query":
        return f"ref.parts.get({literal(fill.part)}, UNSET)"
    return reference(fill.part)


def _is_integer(fill: Argument) -> bool:
    type_ = fill.parameter.type
    found = type_.members if isinstance(type_, UnionOf) else (type_,)
    return all(isinstance(t, Scalar) and t.primitive in ("int", "null") for t in found)
