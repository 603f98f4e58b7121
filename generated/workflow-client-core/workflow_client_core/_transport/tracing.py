"""Which requests have a span of OpenTelemetry; loads nothing of it in programs that have not loaded it themselves."""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from .._name import NAME

if TYPE_CHECKING:
    import httpx2

    from .attempt import Attempt, Result
    from .spans import RequestSpan

H = TypeVar("H")
C = TypeVar("C")

LOGGER = logging.getLogger(NAME)


def traced(
    send: Callable[[H, httpx2.Request, Attempt, C], Result],
) -> Callable[[H, httpx2.Request, Attempt, C], Result]:
    """A function that sends one request, with a span around it where the program uses OpenTelemetry."""

    @functools.wraps(send)
    def wrapped(http: H, outgoing: httpx2.Request, attempt: Attempt, connections: C) -> Result:
        span = _span(attempt, outgoing)
        if span is None:
            return send(http, outgoing, attempt, connections)
        with span:
            return span.ended_with(send(http, outgoing, attempt, connections))

    return wrapped


def traced_async(
    send: Callable[[H, httpx2.Request, Attempt, C], Coroutine[Any, Any, Result]],
) -> Callable[[H, httpx2.Request, Attempt, C], Coroutine[Any, Any, Result]]:
    """The asynchronous twin of `traced`."""

    @functools.wraps(send)
    async def wrapped(http: H, outgoing: httpx2.Request, attempt: Attempt, connections: C) -> Result:
        span = _span(attempt, outgoing)
        if span is None:
            return await send(http, outgoing, attempt, connections)
        with span:
            return span.ended_with(await send(http, outgoing, attempt, connections))

    return wrapped


def _span(attempt: Attempt, outgoing: httpx2.Request) -> RequestSpan | None:
    """The span of a request; None where nobody would see it, or nothing will be sent."""
    if sys.modules.get("opentelemetry.trace") is None:  # who sets OpenTelemetry up imports this
        return None
    class_ = _span_class()
    return None if class_ is None or class_.is_suppressed() or attempt.is_late() else class_(attempt, outgoing)


@functools.cache
def _span_class() -> type[RequestSpan] | None:
    try:
        from .spans import RequestSpan
    except Exception as error:  # such as a misspelled OTEL_PROPAGATORS: no call fails for want of a span
        LOGGER.warning("requests are not traced, as OpenTelemetry cannot be imported: %s", error)
        return None
    return RequestSpan
