"""Providers by name: those of this package, and those that other packages offer."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from .._errors import UnknownProvider
from .._text import brief, quoted
from .provider import Capabilities, Provider
from .registry import PROVIDERS

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "workflow_runs.providers"
"""The group of entry points by which other packages offer providers."""

_OWN = {provider.name: provider for provider in PROVIDERS}


def providers() -> tuple[str, ...]:
    """The names of all providers, those of this package first, whether their clients are installed or not."""
    return (*_OWN, *sorted({entry.name for entry in _offered(tuple(sys.path))} - _OWN.keys()))


def capabilities(provider: str) -> Capabilities:
    """What a run of a provider can hold.

    Raises:
        UnknownProvider: there is none of this name.
    """
    return find(provider).capabilities


def find(name: str) -> Provider:
    """The provider of this name. Those of this package cannot be replaced by others.

    Raises:
        UnknownProvider: there is none, or the one that another package offers cannot be used.
    """
    if own := _OWN.get(name):
        return own
    offers = {entry.value: entry for entry in _offered(tuple(sys.path)) if entry.name == name}
    if not offers:
        raise UnknownProvider(f"there is no provider {quoted(name)}; there are: {', '.join(providers())}")
    if len(offers) > 1:
        raise UnknownProvider(f"several packages offer a provider {name}: {', '.join(map(_origin, offers.values()))}")
    return _loaded(*offers.values())


@lru_cache(maxsize=8)
def _offered(path: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """The entry points on `path`, which is sys.path. They are cached, because the search takes milliseconds."""
    from importlib.metadata import entry_points

    return tuple(entry_points(group=GROUP))


def _loaded(entry: EntryPoint) -> Provider:
    try:
        provider: object = entry.load()
    except Exception as error:  # the code of another package runs here
        raise UnknownProvider(f"{_described(entry)} cannot be loaded: {brief(str(error))}") from error
    if not isinstance(provider, Provider):
        raise UnknownProvider(
            f"{_described(entry)} is of the type {type(provider).__name__}, not workflow_runs.Provider"
        )
    if provider.name != entry.name:
        raise UnknownProvider(f"{_described(entry)} has another name: {provider.name}")
    return provider


def _described(entry: EntryPoint) -> str:
    return f"the provider {entry.name} of {_origin(entry)}"


def _origin(entry: EntryPoint) -> str:
    return f"{entry.dist.name} ({entry.value})" if entry.dist else entry.value
