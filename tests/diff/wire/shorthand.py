"""Schemas and documents of these tests, in the shorthand of tests/diff/rules/documents.py."""

from __future__ import annotations

from typing import Any

TEXT, INTEGER, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}


def responding(schema: Any, **more: Any) -> dict[str, Any]:
    """A document whose response is an object with the property `a`."""
    return {"answer": {"type": "object", "properties": {"a": schema}}, **more}
