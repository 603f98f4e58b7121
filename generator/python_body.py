"""Request bodies in Python's terms."""

from __future__ import annotations

from generator.checks import decoding
from generator.ir import Media, Operation


def body_media(operation: Operation) -> Media | None:
    """What a client sends of a body; None where it sends none."""
    return next((m for m in operation.body.content if decoding(m) == "json"), None) if operation.body else None
