"""What operations share has one class, so that one function serves all of them."""

from shared_classes_client import SharedClassesClient
from shared_classes_client.models import (
    BusyResponse,
    BusyResponseState,
    ListedResponse,
    ListedResponseFirst,
    OrderParameter,
)


def ends(page: ListedResponse) -> list[ListedResponseFirst]:
    return [page.first, page.last]


def is_asleep(busy: BusyResponse) -> bool:
    return busy.state is BusyResponseState.ASLEEP


def names(client: SharedClassesClient, order: OrderParameter) -> list[str]:
    pages = [client.list_beds(order=order), client.list_plants(order=order), client.list_plants(order="up")]
    return [end.name for page in pages for end in ends(page)]


def main() -> None:
    same = ListedResponseFirst(name="a")
    assert ends(ListedResponse(first=same, last=same)) == [same, same]
    assert is_asleep(BusyResponse(state=BusyResponseState.ASLEEP))
