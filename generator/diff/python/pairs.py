"""Pairs of an old and a new method, parameter, webhook or attribute that are the same thing for callers."""

from __future__ import annotations

from collections.abc import Iterable

from ..pairing.items import Paired, pair, same
from .surface import Attribute, Function, Header, Method, Parameter, Raised, Surface


def paired_methods(old: Surface, new: Surface) -> Paired[Method]:
    """Methods that call the same operation, or else have the same name."""
    return pair(
        *(old.methods, new.methods),
        same(lambda method: (method.new_operation, method.streams) if method.new_operation else None),
        same(lambda method: method.name),
    )


def paired_webhooks(old: Surface, new: Surface) -> Paired[Function]:
    """Functions that read the same webhook, or else have the same name."""
    return pair(old.webhooks, new.webhooks, same(lambda f: f.wire), same(lambda f: f.name))


def paired_parameters(old: Iterable[Parameter], new: Iterable[Parameter]) -> Paired[Parameter]:
    """Parameters that fill the same, or else have the same name, or else the same position in a path."""
    old_positions, new_positions = _positions(old), _positions(new)
    return pair(
        *(old, new),
        same(lambda parameter: parameter.wire),
        same(lambda parameter: parameter.name),
        same(lambda p: old_positions.get(p.name), lambda p: new_positions.get(p.name)),
    )


def _positions(parameters: Iterable[Parameter]) -> dict[str, int]:
    return {p.name: position for position, p in enumerate(parameters) if p.in_path}


def paired_errors(old: Method, new: Method) -> Paired[Raised]:
    """Documented errors of the same status."""
    return pair(old.raises, new.raises, same(lambda error: error.status))


def paired_headers(old: Method, new: Method) -> Paired[Header]:
    """Documented headers of the same status and name."""
    return pair(old.headers, new.headers, same(lambda header: (header.status, header.name.lower())))


def paired_attributes(old: Iterable[Attribute], new: Iterable[Attribute]) -> Paired[Attribute]:
    """Attributes for the same property, or else with the same name."""
    return pair(old, new, same(lambda attribute: attribute.wire), same(lambda attribute: attribute.name))
