"""Answers in Python's terms: what a method returns, what it raises, and how an answer is read."""

from __future__ import annotations

from generator.checks import chosen, decoding
from generator.ir import Operation, Response
from generator.python import alternatives
from generator.text import Code, literal

_EMPTY = ("204", "205", "304")
"""Statuses whose answers have no body, whatever a document says (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5)."""
_STATUS_ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "422": "UnprocessableEntity",
    "429": "RateLimited",
}


def successes(operation: Operation) -> list[Response]:
    """The answers of a call that worked; `default` is one when nothing else is documented for it."""
    documented = [r for r in operation.responses if r.success]
    return documented or [r for r in operation.responses if r.status == "default"]


def returned(operation: Operation) -> Code:
    """The annotation of what a method returns."""
    words = [word for response in successes(operation) for word in contents(operation, response)] or ["None"]
    return Code("Any" if "Any" in words else " | ".join(sorted(dict.fromkeys(words), key=lambda w: w == "None")))


def contents(operation: Operation, response: Response) -> list[str]:
    """The annotations of what the body of an answer is read as."""
    return _content(response, "_models.", head=operation.method == "HEAD")[0]


def _content(response: Response, models: str, *, head: bool) -> tuple[list[str], str]:
    """The types of an answer's body, and the code that declares how it is read."""
    media = chosen(response.content)
    if media is None or head or response.status in _EMPTY:
        return ["None"], "None"
    how = decoding(media)
    if how != "json":
        type_ = {"text": "str", "bytes": "bytes"}[how]
        return [type_], f"_core.Content({literal(media.media_type)}, {type_}, decode={literal(how)})"
    types = ["Any"] if media.type is None else alternatives(media.type, models)
    return types, f"_core.Content({literal(media.media_type)}, {' | '.join(types)})"


def responses(operation: Operation) -> tuple[tuple[Code, Code], ...]:
    """The answers of an operation, by status, as the run-time core is told of them."""
    head = operation.method == "HEAD"
    found = [(literal(r.status), Code(_content(r, "_models.", head=head)[1])) for r in operation.responses]
    if not successes(operation):
        found.insert(0, (literal("2XX"), Code("None")))  # nothing documented: the call worked, and that is all
    return tuple(found)


def failures(operation: Operation) -> list[Response]:
    """The answers that a method raises an error for."""
    return [r for r in operation.responses if r not in successes(operation)]


def error_class(status: str) -> str:
    """The core's exception for a documented status."""
    return _STATUS_ERRORS.get(status, "ServerError" if status.startswith("5") else "StatusError")
