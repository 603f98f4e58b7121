"""What `Runs` and `AsyncRuns` take for a provider: a client, one for each account, or a function."""

from __future__ import annotations

import httpx2
from workflow_client_core import AsyncClient, Client, Retry, Timeout
from workflow_client_dify import AsyncDifyClient, DifyClient
from workflow_client_juo import JuoClient
from workflow_runs import AsyncRuns, RunRef, Runs


def client(ref: RunRef) -> DifyClient:
    return DifyClient(api_key=ref.account)


async def async_client(ref: RunRef) -> AsyncDifyClient:
    return AsyncDifyClient(api_key=ref.account)


def for_users(dify: DifyClient, juo: JuoClient, acme: Client) -> None:
    Runs(dify=dify, juo=juo)
    Runs(dify={"sales": dify, "support": dify})
    Runs(dify=client)
    Runs(dify=lambda ref: dify if ref.account else DifyClient())
    Runs(dify=None, others={"acme": acme, "other": {"sales": acme}, "third": lambda ref: acme})
    Runs(timeout=3.0, retry=Retry(max_retries=0), base_urls={"dify": "https://x.example"})
    Runs(timeout=Timeout(total=3), transport=httpx2.HTTPTransport(), allowed_base_urls={"dify": ["https://x.example"]})
    Runs(difi=dify)  # error
    Runs(acme=acme)  # error
    Runs(dify=juo)  # error
    Runs(dify={"sales": juo})  # error
    Runs(dify={1: dify})  # error
    Runs(dify=async_client)  # error
    Runs(dify=DifyClient)  # error
    Runs(dify=lambda: dify)  # error
    Runs(others={"acme": "key"})  # error
    Runs(base_urls={"dify": None})  # error
    Runs(transport=httpx2.AsyncHTTPTransport())  # error


def for_users_of_async(dify: AsyncDifyClient, sync: DifyClient, acme: AsyncClient) -> None:
    AsyncRuns(dify=dify, others={"acme": acme})
    AsyncRuns(dify={"sales": dify})
    AsyncRuns(dify=async_client)
    AsyncRuns(dify=lambda ref: dify)
    AsyncRuns(transport=httpx2.AsyncHTTPTransport())
    AsyncRuns(difi=dify)  # error
    AsyncRuns(dify=sync)  # error
    AsyncRuns(dify={"sales": sync})  # error
    AsyncRuns(dify=client)  # error
    AsyncRuns(others={"acme": sync})  # error
    AsyncRuns(transport=httpx2.HTTPTransport())  # error
