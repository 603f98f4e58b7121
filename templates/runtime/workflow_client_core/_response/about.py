"""What an error or a raw response tells about its call."""

from __future__ import annotations

from typing import TypedDict

from .._request.request import Request
from .headers import request_id
from .response import Response


class AboutCall(TypedDict):
    """The keyword arguments by which every `ApiError` tells about its call."""

    operation: str
    method: str
    url: str
    attempts: int
    request_id: str | None


def about_call(request: Request, response: Response) -> AboutCall:
    """What is known of a call that got this response."""
    return {
        "operation": request.operation,
        "method": request.method,
        "url": request.shown_url,
        "attempts": response.attempts,
        "request_id": request_id(response.headers, request.conceal),
    }
