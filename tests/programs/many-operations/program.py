"""A package of many operations has groups of methods, which are loaded when they are first used."""

from many_operations_client import AsyncManyOperationsClient, ManyOperationsClient
from many_operations_client.models import Thing
from workflow_client_core import RawResponse


def use(client: ManyOperationsClient) -> list[Thing]:
    raw: RawResponse[Thing] = client.runs.raw.get("7")
    number: int = client.runs.get("7")  # error
    client.runs.get_health()  # error
    return [raw.parsed, client.runs.get("7"), client.get_health(), Thing(id=str(number))]


async def wait(client: AsyncManyOperationsClient) -> str:
    return (await client.runs.list())[0].id
