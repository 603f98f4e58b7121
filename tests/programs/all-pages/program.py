"""All items of a list that comes page by page: items and pages have their types, and only lists are there."""

from all_pages_client import AllPagesClient, AsyncAllPagesClient, models
from workflow_client_core import Pages


def items(client: AllPagesClient) -> list[str]:
    bed: models.Bed
    for bed in client.paginated.list_beds(cursor="a", pages=3).limited(items=10, pages=2):
        print(bed.id)
    beds: Pages[models.Bed, models.Page] = client.paginated.list_beds()
    page: models.Page
    for page in beds.pages():
        print(page.beds, page.next_cursor)
    number: int
    for number in client.paginated.list_words():  # error
        print(number)
    client.paginated.get_bed("1")  # error
    client.paginated.list_beds(cursor=1)  # error
    client.paginated.list_beds().limited(10)  # error
    return list(client.paginated.list_words())


async def async_items(client: AsyncAllPagesClient) -> list[str]:
    words: list[str] = [word async for word in client.paginated.list_words().limited(items=10)]
    page: models.Page
    async for page in client.paginated.list_beds().pages():
        print(page.beds)
    await client.paginated.list_beds()  # error
    return words


def main() -> None:
    with AllPagesClient() as client:
        assert repr(client.paginated.list_beds()) == "<Pages of list_beds>"
