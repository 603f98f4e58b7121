"""Names of media types (RFC 9110, section 8.3.1)."""

from __future__ import annotations

LINES = (
    *("application/jsonl", "application/jsonlines", "application/x-jsonlines"),
    *("application/ndjson", "application/x-ndjson"),
)
"""The media types of JSON values line by line, none of which is registered."""


def base_name(media_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (RFC 8259), or one whose syntax is JSON (RFC 6839)."""
    subtype = base_name(media_type).rpartition("/")[2]
    return subtype == "json" or subtype.endswith("+json")
