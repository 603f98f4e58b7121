"""Streams that a document describes, as a server would write them, and the values that must come of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import workflow_client_core as core

from tests.corpus.document import Document

_LINES, _RECORDS = ("jsonl", "ndjson", "jsonlines", "json-lines"), ("json-seq",)
_FIELDS = {"event", "data", "id", "retry", "comment", "name"}


def is_stream(media_type: str) -> bool:
    """Whether a media type is read item by item."""
    return media_type == "text/event-stream" or media_type.endswith((*_LINES, *_RECORDS))


def written_stream(
    document: Document, media_type: str, described: Mapping[str, Any], instance: Any
) -> tuple[bytes, list[Any]]:
    """The body of a stream, and the values of its items; a list of the document is the stream itself."""
    schema = document.resolve(described.get("itemSchema", described.get("schema")))
    items = [instance]
    if "itemSchema" not in described and schema.get("type") == "array" and isinstance(instance, list):
        schema, items = document.resolve(schema.get("items")), instance
    if media_type != "text/event-stream":
        mark = "\x1e" if media_type.endswith(_RECORDS) else ""
        return "".join(f"{mark}{json.dumps(item)}\n" for item in items).encode(), items
    if not _describes_events(document, schema):
        return "".join(map(_event, items)).encode(), items
    whole = [item for item in items if isinstance(item, dict)]
    data = [item["data"] for item in whole if "data" in item]  # without data it is not an event
    return "".join(_event(item["data"], item) for item in whole if "data" in item).encode(), data


def values_of(items: list[Any]) -> list[Any]:
    """What a client yielded, with the data alone of events whose names are not documented."""
    return [_data(item) if isinstance(item, core.Event) else item for item in items]


def _data(event: core.Event[str]) -> Any:
    try:
        return json.loads(event.data)
    except ValueError:
        return event.data


def _event(data: Any, fields: Mapping[str, Any] | None = None) -> str:
    fields = fields or {}
    name = fields.get("event", fields.get("name"))
    lines = [f"event: {name}"] if isinstance(name, str) else []
    lines += [f"id: {fields['id']}"] if isinstance(fields.get("id"), str | int) else []
    text = data if isinstance(data, str) else json.dumps(data)
    return "\n".join([*lines, *(f"data: {line}" for line in text.split("\n")), "", ""])


def _describes_events(document: Document, schema: Mapping[str, Any]) -> bool:
    """Whether a schema has the fields of server-sent events and no others, and the data among them."""
    fields = [_properties(document, member) for member in _members(document, schema)]
    are_events = all(names and names <= _FIELDS and names & {"data", "event"} for names in fields)
    return are_events and any("data" in names for names in fields)


def _members(document: Document, schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    schema = document.resolve(schema)
    members = schema.get("oneOf") or schema.get("anyOf") or ()
    if not members or _properties(document, schema):
        return [schema]
    found = [document.resolve(member) for member in members]
    return [inner for member in found if member.get("type") != "null" for inner in _members(document, member)]


def _properties(document: Document, schema: Mapping[str, Any]) -> set[str]:
    names = set(schema.get("properties") or ())
    for part in schema.get("allOf") or ():
        names |= _properties(document, document.resolve(part))
    return names
