"""What a fake answers: runs, errors, and what servers should not send."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from .._form.models import RunStatus
from .._polling.arguments import seconds_of

Duration: TypeAlias = float | timedelta | str
Content: TypeAlias = RunStatus | str | Mapping[str, Any] | bytes
"""A run with this status, or this word of the provider; or a whole answer, as JSON has it or as bytes."""


class Answer(Struct, frozen=True):
    """One answer of a fake.

    - `content`: a run with this status, or this word of the provider; or a whole answer, as JSON has it or as bytes.
      None: nothing; of an error, what the provider documents.
    - `status`: the HTTP status.
    - `delay`: the time that passes before it: seconds, a timedelta, or a text such as `2s`.
    - `at`: from when on it is given, counted from when it was added; None: after those before it were given once.
    - `headers`: further headers of the response.
    - `changes`: what differs from the sample, by JSON Pointer, where `content` is a status.
    - `checked`: whether it has to be as the provider's description says.
    - `end`: how it ends: `truncated`, in the middle of its body, or `dropped`, before anything is sent.
    """

    content: Content | None = None
    status: int = 200
    delay: Duration = 0.0
    at: Duration | None = None
    headers: Mapping[str, str] = {}
    changes: Mapping[str, Any] = {}
    checked: bool = True
    end: Literal["whole", "truncated", "dropped"] = "whole"

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:
            raise ValueError(f"status must be from 200 to 599, not {self.status}")
        seconds(self.delay, "delay")
        if self.at is not None:
            seconds(self.at, "at")


def seconds(value: Duration, name: str) -> float:
    """A duration in seconds, which may be zero; see `seconds_of` for what it raises."""
    is_none = value in (0, "0s", timedelta(0)) and not isinstance(value, bool)
    return 0.0 if is_none else seconds_of(value, name)


def error(
    status: int, *, retry_after: float | datetime | str | None = None, delay: Duration = 0.0, at: Duration | None = None
) -> Answer:
    """An error, such as 404, 401, 500 or 503, with the body that the provider documents for it.

    Args:
        status: the HTTP status, from 300 to 599.
        retry_after: the header `Retry-After` (RFC 9110, 10.2.3): seconds, a time, or any text as it is.
        delay, at: see `Answer`.

    Raises:
        ValueError: the status is not that of an error, or the time has no zone.
    """
    if not 300 <= status <= 599:
        raise ValueError(f"an error has a status from 300 to 599, not {status}")
    headers = {} if retry_after is None else {"Retry-After": _retry_after(retry_after)}
    return Answer(status=status, headers=headers, delay=delay, at=at)


def rate_limited(retry_after: float | datetime | str | None = None, *, at: Duration | None = None) -> Answer:
    """An error 429, with the header `Retry-After` as `error` writes it."""
    return error(429, retry_after=retry_after, at=at)


def garbage(*, at: Duration | None = None) -> Answer:
    """A success that is a page in HTML, as proxies send it."""
    page = b"<!doctype html><title>Sign in</title>"
    return Answer(page, headers={"Content-Type": "text/html"}, checked=False, at=at)


def truncated(content: Content, *, at: Duration | None = None) -> Answer:
    """An answer whose connection breaks off in the middle of the body."""
    return Answer(content, end="truncated", at=at)


def dropped(*, at: Duration | None = None) -> Answer:
    """No answer: the connection breaks off."""
    return Answer(end="dropped", at=at)


def unchecked(
    content: object,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    at: Duration | None = None,
) -> Answer:
    """A whole answer, as JSON has it or as bytes, also where the provider's description does not allow it."""
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Answer(content, status=status, headers=headers or {}, checked=False, at=at)


def _retry_after(value: float | datetime | str) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("the time of retry_after must have a time zone")
        return format_datetime(value.astimezone(UTC), usegmt=True)
    return value if isinstance(value, str) else f"{value:g}"
