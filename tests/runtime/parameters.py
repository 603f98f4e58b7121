"""An operation with parameters, and what a value looks like in its request."""

from __future__ import annotations

from typing import Any, Literal

import workflow_client_core as core
from msgspec import UNSET

Location = Literal["path", "query", "header", "cookie"]


def operation(*parameters: core.Parameter, path: str = "/x") -> core.Operation[Any]:
    return core.Operation(name="do", method="GET", path=path, parameters=parameters, responses={"200": None})


def target(value: object, **settings: Any) -> str:
    """What a value looks like in a request, without sending it."""
    from workflow_client_core._request.build import build_request

    parameter = core.Parameter("p", wire="p", **settings)
    path = "/{p}" if settings["location"] == "path" else "/"
    return build_request(operation(parameter, path=path), {"p": value}, UNSET, server="", user_agent="x").url
