"""Runs that the generated clients get, from a transport that answers with given bytes."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx2
import workflow_client_core as core
from workflow_runs import AsyncRuns, Runs, WorkflowRun

from tests.clients.providers import EVERY, Mode
from tests.runs import promises


class Answer:
    """What the transport of all clients answers with: a success."""

    data = b""

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        head = {"Content-Type": "application/json"}
        return httpx2.Response(200, headers=head, stream=httpx2.ByteStream(self.data))


ANSWER = Answer()
SERVER = "https://runs.example"
"""That of the clients which need one to be named, and of the references to their runs."""
REFS = {
    **promises.REFS,
    **{e.name: f"{promises.REFS[e.name]}?base_url={quote(SERVER, safe='')}" for e in EVERY if not e.server},
}
"""A reference to a run of each provider, with the server where it needs one."""


def run_by_client(data: bytes, ref: str, mode: Mode) -> WorkflowRun:
    """The run of a reference whose provider answers with the data."""
    ANSWER.data = data
    if mode == "sync":
        return _runs().get(ref)
    return _runner().run(_async_runs().get(ref))


@cache
def _runs() -> Runs:
    return Runs(**_clients("sync"))


@cache
def _async_runs() -> AsyncRuns:
    return AsyncRuns(**_clients("async"))


@cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner()


def _clients(mode: Mode) -> dict[str, Any]:
    settings = {"transport": httpx2.MockTransport(ANSWER), "retry": core.Retry(max_retries=0)}
    clients = {}
    for provider in EVERY:
        arguments = dict(provider.arguments)
        if "tenant" in arguments:
            arguments["tenant"] = "shop"  # as the references of the attack say
        server = {} if provider.server else {"base_url": SERVER}
        clients[provider.name] = provider.client_class(mode)(**arguments, **server, **settings)
    return clients
