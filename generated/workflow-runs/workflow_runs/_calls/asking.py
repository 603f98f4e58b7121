"""Asking for a run once: its call, and the run that the call returns. See `BaseRuns.get` for what is raised."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import cast

from workflow_client_core import ApiError, AsyncClient, Client

from .._refs.ref import RunRef
from .._run.run import WorkflowRun
from .call import Call
from .clients import Clients


def call_for(clients: Clients[Client], ref: RunRef | str) -> Call[Client]:
    """The call that asks for the run of a reference."""
    chosen = clients.choose(ref)
    return clients.call(chosen, chosen.client)


async def call_for_async(clients: Clients[AsyncClient], ref: RunRef | str) -> Call[AsyncClient]:
    """The call that asks for the run of a reference."""
    chosen = clients.choose(ref)
    client = chosen.client
    return clients.call(chosen, await cast("Awaitable[object]", client) if isinstance(client, Awaitable) else client)


def ask(call: Call[Client]) -> WorkflowRun:
    """The run that the call returns."""
    try:
        response = call.adapter.fetch(call.client, call.ref)
    except (ApiError, ValueError) as error:
        call.refuse(error)
    return call.run(response)


async def ask_async(call: Call[AsyncClient]) -> WorkflowRun:
    """The run that the call returns."""
    try:
        response = await call.adapter.fetch_async(call.client, call.ref)
    except (ApiError, ValueError) as error:
        call.refuse(error)
    return call.run(response)
