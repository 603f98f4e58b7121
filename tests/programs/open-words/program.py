"""Words of enums: plain text in calls, members of the enum in answers."""

from open_words_client import OpenWordsClient
from open_words_client.models import Bed, Season


def read(client: OpenWordsClient) -> Season:
    beds: list[Bed] = client.list_beds(season="spring")
    client.list_beds(season=3)  # error
    return beds[0].season


def main() -> None:
    assert Bed(season=Season.SPRING).season == "spring"
