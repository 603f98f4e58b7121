"""The call that gets a run: where its request has the parts of the reference, and the credentials."""

from __future__ import annotations

from urllib.parse import quote

from ...python.client import needs_base_url
from ..mapping import Argument, Mapping

_STYLES = {"label": ".", "matrix": ";{}="}
"""What stands before a value in a path, by the style of its parameter (OpenAPI 3.1, section 4.8.12.2)."""


def path_of(mapping: Mapping) -> str:
    """The path of the call, with a part of a reference in braces where each value of it stands, the rest encoded."""
    arguments = {item.parameter.wire: item for item in mapping.arguments if item.parameter.location == "path"}
    text = ""
    for index, piece in enumerate(_pieces(mapping.operation.path)):
        if index % 2 == 0:
            text += quote(piece, safe="/")
            continue
        argument = arguments.get(piece)
        if argument is None:  # the client fills it by itself
            text += "{_}"
            continue
        text += _STYLES.get(argument.parameter.style, "").format(quote(piece))
        text += f"{{{argument.part}}}" if argument.part else quote(_constant(argument), safe="")
    return text


def _pieces(path: str) -> list[str]:
    """A path, split at its braces: every other piece is the name of a variable."""
    return path.replace("}", "{").split("{")


def _constant(argument: Argument) -> str:
    value = argument.constant
    return str(value).lower() if isinstance(value, bool) else str(value)


def place_of(argument: Argument) -> dict[str, str]:
    """Where a request has the part of its reference that fills an argument."""
    return {"part": argument.part, "in": argument.parameter.location, "name": argument.parameter.wire}


def credentials(mapping: Mapping) -> list[list[dict[str, str]]]:
    """The alternatives of what authenticates the call: for each credential where it is sent."""
    prefixes = {"apiKey": "", "bearer": "Bearer ", "basic": "Basic "}
    schemes = {
        scheme.name: {"in": scheme.location, "name": scheme.wire, "prefix": prefixes[scheme.kind]}
        for scheme in mapping.schemes
    }
    alternatives = [[schemes[name] for name in names if name in schemes] for names in mapping.operation.security]
    return [] if [] in alternatives else alternatives


def environment(mapping: Mapping) -> dict[str, str]:
    """Made-up values for the environment variables of the client."""
    provider = mapping.provider
    values = {
        scheme.environment: f"sample-{provider}:sample" if scheme.kind == "basic" else f"sample-{provider}-key"
        for scheme in mapping.schemes
    }
    filled = {item.parameter.name: item.part for item in mapping.arguments if item.part and item.parameter.from_client}
    for item in mapping.package.api.globals:
        values[item.environment] = f"sample-{filled.get(item.argument, item.argument)}"
    if needs_base_url(mapping.package.api, mapping.operation):
        values[mapping.package.api.base_url_environment] = f"https://sample.example/{provider}"
    return {variable: value for variable, value in values.items() if variable}
