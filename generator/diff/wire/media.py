"""Media types in two versions: which one a client sends or reads, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable

from ...ir.media_types import STREAMS, decoding, preferred, preferred_stream
from ...ir.model import Media, Operation, Response
from ...ir.types import ANY, Scalar

_EMPTY = ("204", "205", "304")


def base_name(media: Media) -> str:
    """A media type without its parameters."""
    return media.media_type.partition(";")[0].strip().lower()


def read(operation: Operation, response: Response) -> Media | None:
    """The one that a client reads of an answer as a whole; None where it reads nothing, or a stream alone."""
    return None if _has_no_body(operation, response) else preferred(response.content)


def read_stream(operation: Operation, response: Response) -> Media | None:
    """The one that a client reads of an answer item by item."""
    if _has_no_body(operation, response) or not (response.success or response.status == "default"):
        return None
    return preferred_stream(response.content)


def is_stream(media: Media) -> bool:
    """Whether what is sent is read item by item."""
    return decoding(media) in STREAMS


def reading(media: Media) -> str:
    """How what is sent is read, where that does not take a look at an answer: a range of media types by its schema."""
    how = decoding(media)
    is_text = media.type in (None, ANY) or isinstance(media.type, Scalar)
    return "json" if how == "any" and not is_text else how


def _has_no_body(operation: Operation, response: Response) -> bool:
    return operation.method == "HEAD" or response.status in _EMPTY


def named(content: Iterable[Media], name: str) -> Media | None:
    """The one of this name, or of a range such as `application/*` that holds it."""
    found = {base_name(other): other for other in content}
    return found.get(name) or found.get(f"{name.partition('/')[0]}/*") or found.get("*/*")
