"""What the requests of an operation have in common: worked out with its first call, for all that follow."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from .._api import STREAMS, Operation, Parameter
from .._text import is_header_value

_TEMPLATE_EXPRESSION = re.compile(r"\{([^{}]+)\}")


class Prepared(Struct, frozen=True):
    """What the requests of an operation have in common.

    `path` is its path in pieces: texts, and the parameters between them. The others are parameters by their location,
    and `from_client` those that the client fills. `accept` is the header Accept.
    """

    path: tuple[str | Parameter, ...]
    query: tuple[Parameter, ...]
    headers: tuple[Parameter, ...]
    cookies: tuple[Parameter, ...]
    from_client: tuple[str, ...]
    accept: str


def prepared(operation: Operation[Any]) -> Prepared:
    """What the requests of an operation have in common; an operation never changes."""
    values = vars(operation)
    if "prepared" not in values:
        values["prepared"] = _prepare(operation)
    return values["prepared"]  # type: ignore[no-any-return]


def _prepare(operation: Operation[Any]) -> Prepared:
    parameters = operation.parameters
    return Prepared(
        path=_pieces(operation),
        query=tuple(parameter for parameter in parameters if parameter.location == "query"),
        headers=tuple(parameter for parameter in parameters if parameter.location == "header"),
        cookies=tuple(parameter for parameter in parameters if parameter.location == "cookie"),
        from_client=tuple(parameter.name for parameter in parameters if parameter.from_client),
        accept=_accept(operation),
    )


def _pieces(operation: Operation[Any]) -> tuple[str | Parameter, ...]:
    parameters = {parameter.wire: parameter for parameter in operation.parameters if parameter.location == "path"}
    pieces: list[str | Parameter] = [*_TEMPLATE_EXPRESSION.split(operation.path)]
    pieces[1::2] = [parameters.get(name, f"{{{name}}}") for name in _TEMPLATE_EXPRESSION.findall(operation.path)]
    return tuple(pieces)


def _accept(operation: Operation[Any]) -> str:
    """The documented media types, those of success first (RFC 9110, 12.5.1).

    Where some are streams, others get a lower weight, as they may be the same success in one piece.
    """
    documented = sorted(operation.responses.items(), key=lambda item: not item[0].startswith("2"))
    # What no header can hold is not a media type: no server sends it either.
    contents = [content for _, content in documented if content and is_header_value(content.media_type)]
    streams = {content.media_type for content in contents if content.decode in STREAMS}
    types = dict.fromkeys(content.media_type for content in contents)
    return ", ".join(f"{name};q=0.5" if streams and name not in streams else name for name in types) or "*/*"
