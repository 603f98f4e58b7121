"""Every call can be changed by keywords, and `request` makes those that the document lacks."""

from call_options_client import AsyncCallOptionsClient, CallOptionsClient, models
from workflow_client_core import RawResponse, Timeout


def calls(client: CallOptionsClient) -> list[models.Bed]:
    client.list_beds(extra_headers={"X-Trace": "1"}, extra_query={"shade": ["half", "full"], "deep": True}, timeout=5)
    client.raw.list_beds(timeout_=3, timeout=Timeout(total=5))
    client.list_beds(extra_headers={"X-Trace": 1})  # error
    client.list_beds(timeout="5")  # error
    client.list_beds({"X-Trace": "1"})  # error
    bed: models.Bed = client.request("GET", "/beds/1", type=models.Bed, timeout=5)
    raw: RawResponse[models.Bed] = client.raw.request("PUT", "/beds/1", type=models.Bed, json=bed)
    number: int = client.request("GET", "/beds/1", type=models.Bed)  # error
    client.request("GET", "/beds", query={"a": 1})  # error
    print(raw.parsed.id, number, client.request("DELETE", "/beds/1"))
    return client.request("GET", "/beds", type=list[models.Bed])


async def async_calls(client: AsyncCallOptionsClient) -> models.Bed:
    await client.list_beds(extra_query={"shade": None})
    made = await client.request("POST", "/beds", content=b"{}", extra_headers={"Content-Type": "application/json"})
    return await client.request("GET", f"/beds/{made['id']}", type=models.Bed)


def main() -> None:
    with CallOptionsClient() as client:
        assert client.base_url == "https://garden.example"
