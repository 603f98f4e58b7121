"""Responses built directly, without a server, for tests of reading."""

from __future__ import annotations

from typing import Any

import httpx2
import workflow_client_core as core
from workflow_client_core._credentials.secrets import SentCredential
from workflow_client_core._request.request import Request
from workflow_client_core._response.read import read_raw, read_response
from workflow_client_core._response.response import Response

SECRET = "canary-5f2c9a71e0"


def request(secret: str = SECRET) -> Request:
    sent = SentCredential("header", "X-Api-Key", secret, [secret])
    url = "https://api.example.com/runs/1"
    return Request("get_run", "GET", url, url, (("X-Api-Key", secret),), None, (sent,))


def response(content: bytes, status: int = 200, content_type: str | None = "application/json") -> Response:
    headers = httpx2.Headers({"Content-Type": content_type} if content_type is not None else {})
    return Response(status, headers, content, elapsed=0.25, attempts=1)


def operation(type_: Any, **errors: Any) -> core.Operation[Any]:
    """An operation that responds with `type_`, and errors with the others (`_404=Problem`)."""
    documented = {
        status.lstrip("_"): core.Content("application/problem+json", model) for status, model in errors.items()
    }
    responses = {"200": core.Content("application/json", type_), **documented}
    return core.Operation(name="get_run", method="GET", path="/runs/{id}", responses=responses)


def plain(content: bytes, type_: Any) -> Any:
    """What the plain method returns or raises."""
    return read_response(operation(type_), request(), response(content))


def raw(content: bytes, type_: Any) -> core.RawResponse[Any]:
    """What the raw method returns or raises."""
    return read_raw(operation(type_), request(), response(content))
