"""PROVIDERS.md: what the mappings say, for people who choose, call or compare providers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...polling import Polling
from ...python.client import needs_base_url, own_server
from ...python.quoting import Code, cell
from ..capabilities import Capabilities
from ..mapping import EventMapping, FieldMapping, FieldPath, Mapping, StatusTable
from ..unified import RESULT, STATUS, UnifiedModel

_MARKS = {"documented": "", "beyond_spec": " \u2020", "inferred": " \u2021"}
"""Behind a word, by its basis: a dagger, a double dagger."""


def page(mappings: list[tuple[Mapping, Capabilities]], unified: UnifiedModel) -> dict[str, Any]:
    """What the template of the page prints."""
    return {
        "providers": [_provider(mapping, capabilities) for mapping, capabilities in mappings],
        "outcomes": _outcomes([mapping for mapping, _ in mappings], unified),
        "matrix": _matrix([capabilities for _, capabilities in mappings], unified),
    }


def _provider(mapping: Mapping, capabilities: Capabilities) -> dict[str, Any]:
    tables, api = mapping.status_tables().values(), mapping.package.api
    return {
        "mapping": mapping,
        "api": api,
        "server": mapping.operation.servers[0].default_url if mapping.operation.servers else "",
        "server_variable": "" if own_server(api, mapping.operation) else api.base_url_environment,
        "needs_server": needs_base_url(api, mapping.operation),
        "ref_form": f"{mapping.provider}:{mapping.ref_form}",
        "fields": list(_fields(mapping)),
        "absent": capabilities.absent,
        "polling": _polling(mapping.package.polling),
        "events": [_event(event, mapping) for event in mapping.events],
        "reasons": [(basis.replace("_", " "), because) for table in tables for basis, because in table.reasons.items()],
    }


def _polling(polling: Polling) -> Code:
    """When `Runs.wait` asks for a run again, unless callers pass a policy of their own."""
    times = f"after {polling.shown('initial')} at first, then ever later, up to {polling.shown('maximum')}"
    if polling.initial == polling.maximum or polling.factor == 1:
        times = f"after {polling.shown('initial')} each time"
    in_times = {"initial", "maximum"}
    own = [f"{cell(name)} is {polling.shown(name)}" for name in polling.own_values if name not in in_times]
    return Code("; ".join([times, ", ".join(own)] if own else [times]))


def _event(event: EventMapping, mapping: Mapping) -> dict[str, Any]:
    """What differs from the response in the body of an event."""
    table, absent = event.mapping.statuses, event.mapping.absent[: -len(mapping.absent) or None]
    words = "the words above" if _meanings(table) == _meanings(mapping.statuses) else "; ".join(_meanings(table))
    parts = ", ".join(f"{part} at {cell(path.pointer)}" for part, path in event.ref)
    return {
        "name": event.name,
        "model": event.mapping.response_model,
        "ref": Code(parts or "given by the caller"),
        "status": words if table.paths else _spaced(table.rows[0].outcome),
        "absent": Code(", ".join(cell(name) for reason in absent for name in reason.names)),
    }


def _fields(mapping: Mapping) -> Iterator[dict[str, Any]]:
    """What fills each unified field: its name, the pointers, and how."""
    yield _status("status", mapping.statuses, "", "the words above")
    yield from (_field(field) for field in mapping.fields)
    for item in mapping.lists:
        if item.statuses:
            words = _meanings(item.statuses)
            how = "the words above" if words == _meanings(mapping.statuses) else "; ".join(words)
            yield _status(f"{item.target}.status", item.statuses, item.items.path.pointer, how)
        yield from (_field(field, f"{item.target}.", item.items.path.pointer) for field in item.fields)


def _meanings(table: StatusTable) -> list[str]:
    return [f"{row.word}: {_spaced(row.outcome)}" for row in table.rows]


def _spaced(outcome: str) -> str:
    return outcome.replace("/", " / ")


def _status(target: str, table: StatusTable, list_pointer: str, how: str) -> dict[str, Any]:
    how = "; ".join([*_limits(table.paths), how])
    return {"target": target, "pointers": _pointers(table.paths, list_pointer, " and "), "how": how}


def _field(field: FieldMapping, prefix: str = "", list_pointer: str = "") -> dict[str, Any]:
    how = _limits(field.paths)
    how += [field.converter.replace("_", " ")] if field.converter else []
    how += [field.words.text] if field.words else []
    how += [field.template.text] if field.template else []
    how += ["the key of the item"] if field.is_key else []
    if field.default is not None:
        of_reference = f"{field.default.part} of the reference" if field.default.part else str(field.default.constant)
        how.append(f"where it is missing: {of_reference}")
    if field.agree:
        how.append("an issue where they disagree")
    list_pointer += field.each.path.pointer if field.each else ""
    pointers = _pointers(field.paths, list_pointer, ", else ")
    return {"target": prefix + field.target, "pointers": pointers, "how": "; ".join(how)}


def _limits(paths: tuple[FieldPath, ...]) -> list[str]:
    """Which values at the pointers count, and how they are read."""
    texts = [text for path in paths for text in (path.item.text if path.item else "", path.reading) if text]
    return list(dict.fromkeys(texts))


def _pointers(paths: tuple[FieldPath, ...], list_pointer: str, joint: str) -> Code:
    return Code(joint.join(cell(list_pointer + path.pointer) for path in paths))


def _outcomes(mappings: list[Mapping], unified: UnifiedModel) -> list[tuple[str, list[tuple[str, Code]]]]:
    """Each status and result that some word leads to, with the words of the providers that have any."""
    outcomes = []
    for status in unified.members(STATUS):
        for result in ("", *unified.members(RESULT)):
            words = [(mapping.provider, _words(mapping.statuses, status, result)) for mapping in mappings]
            if present := [(provider, text) for provider, text in words if text]:
                outcomes.append((f"{status} / {result.lower()}" if result else status, present))
    return outcomes


def _words(table: StatusTable, status: str, result: str) -> Code:
    rows = [row for row in table.rows if (row.status, row.result) == (status, result)]
    return Code(", ".join(cell(row.word) + _MARKS[row.basis] for row in rows))


def _matrix(capabilities: list[Capabilities], unified: UnifiedModel) -> list[tuple[str, list[Code]]]:
    """Every unified field that is present or absent by itself for some provider, and which providers can have it."""
    present = [set(item.present) for item in capabilities]
    listed = set().union(*present, *({name for name, _ in item.absent} for item in capabilities))
    cells = {name: [Code("yes" if name in names else "") for names in present] for name in unified.fields()}
    return [(name, row) for name, row in cells.items() if name in listed]
