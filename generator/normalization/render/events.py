"""The events of a checked mapping in Python's terms: a module for each, with the function that makes runs of bodies."""

from __future__ import annotations

import re
from typing import Any

from ...python.quoting import Code, literal, name
from ...simplify.names import unique_names
from ..mapping import EventMapping, FieldPath, Mapping
from ..unified import UnifiedModel
from .adapter import RUN, Function, reading
from .expressions import Imports, Scope

_ALWAYS_IMPORTED = (
    *(("_normalize.adapter", "Event"), ("_reading.notes", "Notes"), ("_refs.ref", "RunRef")),
    *RUN,
)


def event_modules(mapping: Mapping) -> dict[str, Code]:
    """The module of each event below `adapters/events`, by the event's name."""
    wanted = {event.name: re.sub("[^a-z0-9]+", "_", event.name.lower()).strip("_") for event in mapping.events}
    modules = {event: f"{mapping.provider}_{module}" for event, module in wanted.items()}
    distinct = unique_names(modules)
    return {event: name(distinct[event]) for event in modules}


def event_adapter(event: EventMapping, unified: UnifiedModel) -> dict[str, Any]:
    """What the template of the module of an event prints."""
    imports, mapping = Imports(), event.mapping
    for module, imported in _ALWAYS_IMPORTED:
        imports.use(module, imported)
    values = {
        **reading(mapping, unified, imports),
        "module": name(mapping.package.module),
        "response_model": Code(f"models.{name(mapping.response_model)}"),
        "name_at": _name(event, imports),
        "parts": _parts(event, imports),
    }
    return {**values, **imports.lines()}


def _name(event: EventMapping, imports: Imports) -> Function | None:
    """The function that reads which event a body is of; None where no body says it."""
    if event.name_at is None:
        return None
    scope = Scope.of((event.name_at,), imports)
    return _function("name", "str | None", _word(event.name_at, scope), scope, event)


def _parts(event: EventMapping, imports: Imports) -> Function | None:
    """The function that reads the parts of the reference from a body; None where bodies do not have them."""
    if not event.ref:
        return None
    scope = Scope.of((path for _, path in event.ref), imports)
    parts = ", ".join(f"{literal(part)}: {_word(path, scope)}" for part, path in event.ref)
    return _function("parts", "dict[str, str | None]", f"{{{parts}}}", scope, event)


def _word(path: FieldPath, scope: Scope) -> str:
    return f"{scope.imports.use('_reading.statuses', 'word')}({scope.leaf(path)})"


def _function(function: str, returns: str, result: str, scope: Scope, event: EventMapping) -> Function:
    return Function(
        name=Code(function),
        parameters=Code(f"native: models.{name(event.mapping.response_model)}"),
        returns=Code(returns),
        lines=tuple(scope.definitions()),
        result=Code(result),
    )
