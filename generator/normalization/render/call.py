"""How an adapter calls its client: which part of a reference fills which argument."""

from __future__ import annotations

from collections.abc import Iterator

from ...python.parameters import is_positional
from ...python.quoting import Code, literal, name
from ..mapping import Argument, Mapping
from .expressions import CORE, Imports, part


def client_call(mapping: Mapping, imports: Imports) -> Code:
    """The call of the client's method: arguments in the path by their order, the others by name."""
    operation = mapping.operation
    holder = f"client.{name(operation.group)}" if operation.group else "client"
    return Code(f"{holder}.raw.{name(operation.name)}({', '.join(_arguments(mapping, imports))})")


def _arguments(mapping: Mapping, imports: Imports) -> Iterator[str]:
    arguments = {argument.parameter: argument for argument in mapping.arguments}
    for parameter in sorted(mapping.operation.parameters, key=lambda parameter: not is_positional(parameter)):
        if parameter in arguments and not parameter.from_client:
            code = _value(arguments[parameter], mapping, imports)
            yield code if is_positional(parameter) else f"{name(parameter.name)}={code}"


def _value(argument: Argument, mapping: Mapping, imports: Imports) -> str:
    if not argument.part:
        return literal(argument.constant)
    is_optional = argument.part in mapping.parts_in("query")
    if argument.is_integer:
        function = imports.use("_refs.parts", "optional_integer_part" if is_optional else "integer_part")
        return f"{function}(ref, {literal(argument.part)})"
    if is_optional:
        return f"ref.parts.get({literal(argument.part)}, {imports.use(CORE, 'UNSET')})"
    return part(argument.part)
