"""Spans of OpenTelemetry, one for each request, by its semantic conventions for HTTP clients; loads OpenTelemetry.

They begin before the request is sent, and end when the response has been read, or the head of a stream. They are made
by the global tracer provider, and the global propagator passes them on to the server. No attribute holds a secret: URLs
and messages are masked as in errors, and no exception is recorded.
"""

from __future__ import annotations

import os
import re
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from opentelemetry import context, propagate, trace

from .._errors import RequestTimeout
from .._name import NAME
from .attempt import Attempt, Failure, Result

if TYPE_CHECKING:
    import httpx2

_SCHEMA = "https://opentelemetry.io/schemas/1.30.0"
_KNOWN_METHODS = frozenset(
    (
        os.environ.get("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS")
        or "CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,TRACE"
    ).split(",")
)
_PORTS = {"http": 80, "https": 443}
_SIGNATURE = re.compile(r"([?&](?:AWSAccessKeyId|Signature|sig|X-Goog-Signature)=)[^&]*")
"""Parts of a query that the conventions redact, such as those of a signed link to the next page."""
# OpenTelemetry has these keys under private names alone; whoever sends or instruments HTTP heeds them.
_SUPPRESSED = (
    getattr(context, "_SUPPRESS_INSTRUMENTATION_KEY", "suppress_instrumentation"),
    getattr(context, "_SUPPRESS_HTTP_INSTRUMENTATION_KEY", "suppress_http_instrumentation"),
)


class RequestSpan:
    """A span, and the block in which it is current."""

    def __init__(self, attempt: Attempt, outgoing: httpx2.Request) -> None:
        self._result: Result | None = None
        self._attempt = attempt
        self._outgoing = outgoing
        attempt.requests += 1
        attributes = _attributes(attempt, outgoing)
        method, template = attributes["http.request.method"], attributes.get("url.template", "")
        name = f"{'HTTP' if method == '_OTHER' else method} {template}".rstrip()
        self._span = _tracer().start_span(name, kind=trace.SpanKind.CLIENT, attributes=attributes)
        self._headers: dict[str, str] = {}

    @staticmethod
    def is_suppressed() -> bool:
        """Whether requests have no span here: inside of what sends spans, or has made one of the same request."""
        return any(map(context.get_value, _SUPPRESSED))

    def ended_with(self, result: Result) -> Result:
        """The result, which tells how the request ended."""
        self._result = result
        return result

    def __enter__(self) -> Self:
        inside = context.set_value(_SUPPRESSED[1], True, trace.set_span_in_context(self._span))
        propagate.inject(self._headers, inside)
        if any(name in self._outgoing.headers for name in self._headers):
            self._headers = {}  # the caller continues a trace by hand
        self._outgoing.headers.update(self._headers)
        self._token = context.attach(inside)
        return self

    def __exit__(self, _: object, error: BaseException | None, __: TracebackType | None) -> None:
        context.detach(self._token)
        for name in self._headers:  # an `httpx2.Auth` may send the same request again
            self._outgoing.headers.pop(name, None)
        if self._span.is_recording():
            self._conclude(error)
        self._span.end()

    def _conclude(self, error: BaseException | None) -> None:
        head, result = self._attempt.head, self._result
        if head is not None:
            self._span.set_attribute("http.response.status_code", head.status_code)
            self._span.set_attribute("network.protocol.version", head.http_version.removeprefix("HTTP/"))
        if isinstance(result, Failure):
            self._fail(type(result.error), str(result.error))
        elif result is not None and result.status >= 400:
            self._span.set_attribute("error.type", str(result.status))
            self._span.set_status(trace.StatusCode.ERROR)
        elif error is not None:  # its message is not ours, and may hold anything
            self._fail(RequestTimeout if self._attempt.terms.deadline.remaining() <= 0 else type(error))

    def _fail(self, class_: type[BaseException], description: str | None = None) -> None:
        module = class_.__module__
        module = NAME if module.startswith(f"{NAME}.") else module.partition("._")[0]
        name = class_.__qualname__ if module == "builtins" else f"{module}.{class_.__qualname__}"
        self._span.set_attribute("error.type", name)
        self._span.set_status(trace.StatusCode.ERROR, description)


def _attributes(attempt: Attempt, outgoing: httpx2.Request) -> dict[str, str | int]:
    """What is known before the request is sent; samplers see it."""
    url, method, request = outgoing.url, outgoing.method, attempt.request
    is_known = method in _KNOWN_METHODS
    attributes: dict[str, str | int] = {
        "http.request.method": method if is_known else "_OTHER",
        "server.address": url.host,
        "server.port": url.port or _PORTS.get(url.scheme, 0),
        "url.full": _SIGNATURE.sub(r"\1REDACTED", request.conceal(str(url))),
        "user_agent.original": request.conceal(outgoing.headers.get("user-agent", "")),
    }
    if not is_known:
        attributes["http.request.method_original"] = method
    operation = attempt.terms.operation
    if request.server and operation.is_documented:
        attributes["url.template"] = urlsplit(request.server).path + operation.path
    resends = max(attempt.number, 1) + attempt.requests - 2
    if resends:
        attributes["http.request.resend_count"] = resends
    return attributes


def _tracer() -> trace.Tracer:
    """The tracer of the tracer provider, which a program may set after its first request."""
    global _cached
    provider = trace.get_tracer_provider()
    if _cached is None or _cached[0] is not provider:
        _cached = provider, provider.get_tracer(NAME, schema_url=_SCHEMA)
    return _cached[1]


_cached: tuple[trace.TracerProvider, trace.Tracer] | None = None
