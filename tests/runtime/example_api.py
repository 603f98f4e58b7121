"""A client as the generator would write it, for an API that has one of everything."""

from __future__ import annotations

from typing import Any

import workflow_client_core as core
from msgspec import UNSET, Struct, UnsetType


class RunStatus(core.OpenStrEnum):
    RUNNING = "running"
    FAILED = "failed"


class Run(Struct, frozen=True, kw_only=True):
    id: str
    status: RunStatus | UnsetType = UNSET
    credits: int | UnsetType = UNSET


class Problem(Struct, frozen=True, kw_only=True):
    title: str | UnsetType = UNSET
    detail: str | UnsetType = UNSET


KEY = core.Credential("Key", argument="api_key", environment="EXAMPLE_API_KEY", location="header", name="X-Api-Key")
BEARER = core.Credential(
    "Bearer",
    argument="access_token",
    environment="EXAMPLE_ACCESS_TOKEN",
    location="header",
    name="Authorization",
    prefix="Bearer ",
)
QUERY = core.Credential("Query", argument="query_key", environment="EXAMPLE_QUERY_KEY", location="query", name="key")
COOKIE = core.Credential("Cookie", argument="session", environment="EXAMPLE_SESSION", location="cookie", name="sid")
BASIC = core.Credential(
    "Basic",
    argument="login",
    environment="EXAMPLE_LOGIN",
    location="header",
    name="Authorization",
    kind="basic",
)

ANY: core.Security = (("Key",), ("Bearer",), ("Query",), ("Cookie",), ("Basic",))

API = core.Api(
    distribution="workflow-client-example",
    version="0.1.0",
    server="https://api.example.com/v1",
    base_url_environment="EXAMPLE_BASE_URL",
    credentials=(KEY, BEARER, QUERY, COOKIE, BASIC),
    globals=(core.Global(argument="tenant", environment="EXAMPLE_TENANT"),),
    security=(ANY,),
)

RUN = core.Content("application/json", Run)
PROBLEM = core.Content("application/problem+json", Problem)

GET_RUN: core.Operation[Run] = core.Operation(
    name="get_run",
    method="GET",
    path="/runs/{runId}",
    parameters=(
        core.Parameter("run_id", wire="runId", location="path"),
        core.Parameter("tenant", wire="X-Tenant", location="header", from_client=True),
        core.Parameter("limit", wire="limit", location="query"),
    ),
    security=ANY,
    responses={"200": RUN, "404": PROBLEM, "5XX": PROBLEM},
)
START_RUN: core.Operation[Run] = core.Operation(
    name="start_run",
    method="POST",
    path="/runs",
    security=ANY,
    bodies=(core.Body("application/json"),),
    responses={"201": RUN},
)
DELETE_RUN: core.Operation[None] = core.Operation(
    name="delete_run",
    method="DELETE",
    path="/runs/{runId}",
    parameters=(core.Parameter("run_id", wire="runId", location="path"),),
    security=ANY,
    responses={"204": None, "default": PROBLEM},
)
GET_LOG: core.Operation[str] = core.Operation(
    name="get_log",
    method="GET",
    path="/log",
    security=ANY,
    responses={"200": core.Content("text/plain", str, decode="text")},
)
GET_ARCHIVE: core.Operation[bytes] = core.Operation(
    name="get_archive",
    method="GET",
    path="/archive",
    security=ANY,
    responses={"200": core.Content("application/zip", bytes, decode="bytes")},
)
FOLLOW_RUN: core.Operation[Run] = core.Operation(
    name="follow_run",
    method="GET",
    path="/runs/{runId}/events",
    parameters=(core.Parameter("run_id", wire="runId", location="path"),),
    security=ANY,
    responses={"200": core.Content("text/event-stream", Run, decode="events"), "204": None, "404": PROBLEM},
)


class ExampleClient(core.Client):
    """Takes the constructor arguments of the API as keywords, beside those of the base class."""

    def __init__(self, api: Any = API, **arguments: Any) -> None:
        values, settings = _split(arguments)
        super().__init__(api, values, **settings)

    def get_run(self, run_id: str, limit: int | None = None) -> Run:
        return self._call(GET_RUN, {"run_id": run_id, "limit": limit})

    def start_run(self, run: Run) -> Run:
        return self._call(START_RUN, {}, run)

    def delete_run(self, run_id: str) -> None:
        return self._call(DELETE_RUN, {"run_id": run_id})

    def get_log(self) -> str:
        return self._call(GET_LOG, {})

    def get_archive(self) -> bytes:
        return self._call(GET_ARCHIVE, {})

    def follow_run(self, run_id: str) -> core.EventStream[Run]:
        return self._stream(FOLLOW_RUN, {"run_id": run_id})

    def call(self, operation: core.Operation[Any], *, body: object = UNSET, **values: object) -> Any:
        return self._call(operation, values, body)

    def stream(self, operation: core.Operation[Any], **values: object) -> core.EventStream[Any]:
        return self._stream(operation, values)

    @property
    def raw(self) -> ExampleRaw:
        return ExampleRaw(self)


class ExampleRaw(core.RawMethods):
    def get_run(self, run_id: str, limit: int | None = None) -> core.RawResponse[Run]:
        return self._call(GET_RUN, {"run_id": run_id, "limit": limit})


class AsyncExampleClient(core.AsyncClient):
    def __init__(self, api: Any = API, **arguments: Any) -> None:
        values, settings = _split(arguments)
        super().__init__(api, values, **settings)

    async def get_run(self, run_id: str, limit: int | None = None) -> Run:
        return await self._call(GET_RUN, {"run_id": run_id, "limit": limit})

    async def start_run(self, run: Run) -> Run:
        return await self._call(START_RUN, {}, run)

    async def delete_run(self, run_id: str) -> None:
        return await self._call(DELETE_RUN, {"run_id": run_id})

    async def get_log(self) -> str:
        return await self._call(GET_LOG, {})

    async def get_archive(self) -> bytes:
        return await self._call(GET_ARCHIVE, {})

    async def follow_run(self, run_id: str) -> core.AsyncEventStream[Run]:
        return await self._stream(FOLLOW_RUN, {"run_id": run_id})

    async def call(self, operation: core.Operation[Any], *, body: object = UNSET, **values: object) -> Any:
        return await self._call(operation, values, body)

    async def stream(self, operation: core.Operation[Any], **values: object) -> core.AsyncEventStream[Any]:
        return await self._stream(operation, values)

    @property
    def raw(self) -> AsyncExampleRaw:
        return AsyncExampleRaw(self)


class AsyncExampleRaw(core.AsyncRawMethods):
    async def get_run(self, run_id: str, limit: int | None = None) -> core.RawResponse[Run]:
        return await self._call(GET_RUN, {"run_id": run_id, "limit": limit})


_SETTINGS = {
    "base_url",
    "server_urls",
    "timeout",
    "retry",
    "max_response_size",
    "auth",
    "http_client",
    "transport",
    "allow_insecure_http",
}


def _split(arguments: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    values = {name: value for name, value in arguments.items() if name not in _SETTINGS}
    return values, {name: value for name, value in arguments.items() if name in _SETTINGS}
