"""Schemas for the documents of these tests; see tests/diff/rules/documents.py for what these look like."""

from __future__ import annotations

from typing import Any

TEXT, INTEGER, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def responding(schema: Any, **more: Any) -> dict[str, Any]:
    """A document whose response is an object with the property `a`."""
    return {"answer": {"type": "object", "properties": {"a": schema}}, **more}
