"""Constructor arguments that fill parameters of operations, such as `tenant`."""

from __future__ import annotations

from collections.abc import Mapping

from .._api import Api
from .._errors import CredentialsError
from .._text import has_control_character


def global_values(
    api: Api, arguments: Mapping[str, object], environment: Mapping[str, str], owner: str
) -> dict[str, str]:
    """The values of constructor arguments that fill parameters, by argument name.

    Raises:
        CredentialsError: a required one is missing, or one is not a text, is empty or holds control characters.
    """
    values: dict[str, str] = {}
    for entry in api.globals:
        name = entry.argument
        value = arguments.get(name)
        if value is None and entry.environment:
            value = environment.get(entry.environment) or None
        if value is not None:
            values[name] = _global_value(name, value, owner)
        elif entry.required:
            way = f" (or set {entry.environment})" if entry.environment else ""
            raise CredentialsError(f"{owner} needs {name}: pass {name}={way}")
    return values


def replaced_global_values(api: Api, values: Mapping[str, object], owner: str) -> dict[str, str]:
    """Values that replace some of a client's, by argument name.

    Raises:
        TypeError: the API has no such argument.
        CredentialsError: a value is not a text, is empty or holds control characters.
    """
    known = [entry.argument for entry in api.globals]
    for name in values:
        if name not in known:
            raise TypeError(f"{owner} has no global {name!r}; there are: {', '.join(known) or 'none'}")
    return {name: _global_value(name, value, owner) for name, value in values.items()}


def _global_value(name: str, value: object, owner: str) -> str:
    if not isinstance(value, str):
        raise CredentialsError(f"{owner}: {name} must be a str, not {type(value).__name__}")
    if not value:
        raise CredentialsError(f"{owner}: {name} is empty")
    if has_control_character(value):
        raise CredentialsError(f"{owner}: {name} holds a control character")
    return value
