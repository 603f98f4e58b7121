"""Media types in two versions: which one a client sends or reads, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable

from generator.checks import chosen, decoding
from generator.ir import Media, Operation, Response

_EMPTY = ("204", "205", "304")


def base_name(media: Media) -> str:
    """A media type without its parameters."""
    return media.media_type.partition(";")[0].strip().lower()


def sent(content: Iterable[Media]) -> Media | None:
    """The one that a client sends of a body unless it is told otherwise."""
    found = list(content)
    return next((media for media in found if decoding(media) == "json"), found[0] if found else None)


def read(operation: Operation, response: Response) -> Media | None:
    """The one that a client reads of an answer; None where it reads nothing."""
    if operation.method == "HEAD" or response.status in _EMPTY:
        return None
    return chosen(response.content)


def named(content: Iterable[Media], media: Media) -> Media | None:
    """The one of this name, or of a range such as `application/*` that holds it."""
    name = base_name(media)
    found = {base_name(other): other for other in content}
    return found.get(name) or found.get(f"{name.partition('/')[0]}/*") or found.get("*/*")
