"""Words of enums: callers may pass plain text, and read members of the enum."""

from msgspec import UnsetType
from open_words_client import OpenWordsClient
from open_words_client.models import Bed, Depth, Label, NewBed, Row, Season, Soil
from workflow_client_core import UNSET, decode, encode

SEASONS: list[Season] = [Season.SPRING]
WORDS: list[str] = ["spring", "winter"]


def new_bed() -> NewBed:
    row = Row(seasons=("spring", Season.AUTUMN))
    rows: list[Row] = [row, Row(seasons=SEASONS), Row(seasons=WORDS)]
    NewBed(season=Season.SPRING, rows=rows, depth=Depth.VALUE_10, soil=Soil.CLAY, next_season=None, names=("a",))
    soils: dict[str, Soil] = {"left": Soil.CLAY}
    NewBed(season="winter", rows=rows, soils=soils, when="spring")
    return NewBed(
        season="spring",
        rows=(row,),
        depth=10,
        soil="peat",
        next_season="autumn",
        names=WORDS,
        soils={"left": "sand", "right": Soil.CLAY},
        when=["spring", Season.AUTUMN],
    )


def refused(row: Row) -> None:
    NewBed(season=3, rows=[row])  # error
    NewBed(season="spring", rows=[row], depth="10")  # error
    NewBed(season="spring", rows=[row], depth=None)  # error
    NewBed(season="spring", rows="abc")  # error
    NewBed(season="spring", rows=[row], names="abc")  # error
    NewBed(season="spring", rows=[row], names=b"abc")  # error
    NewBed(season="spring", rows=[row], soils={"left": 3})  # error
    NewBed(season="spring")  # error
    Row(seasons="spring")  # error
    Row(seasons=[3])  # error


def bed() -> Bed:
    Bed(season=Season.SPRING, next_season=None, names=["a"], seasons=SEASONS, when=Season.SPRING)
    Bed(season="spring", next_season=3)  # error
    Bed(season="spring", next_season=None, names=("a",))  # error
    Bed(season="spring", next_season=None, names="abc")  # error
    Bed(season="spring", next_season=None, seasons="abc")  # error
    return Bed(
        season="spring",
        next_season="autumn",
        depth=20,
        soil="peat",
        seasons=["spring", Season.AUTUMN],
        soils={"left": "sand"},
        plan=[["spring", Season.AUTUMN], ["winter"]],
        when="spring",
    )


def read(client: OpenWordsClient) -> list[Season]:
    beds: list[Bed] = client.list_beds(season="spring", soils=["sand", Soil.CLAY])
    client.list_beds(season=3)  # error
    client.list_beds(soils="sand")  # error
    first = beds[0]
    season: Season = first.season
    depth: Depth | UnsetType = first.depth
    names: list[str] | UnsetType = first.names
    first.season = Season.AUTUMN  # error
    assert names is not UNSET
    names.append("b")
    assert first.next_season
    assert depth is not UNSET
    shallow: Depth = depth
    assert first.seasons
    assert shallow.documented
    assert first.next_season.documented
    return [season, first.next_season, *first.seasons]


def call(client: OpenWordsClient) -> None:
    client.add_bed(new_bed())
    client.replace_bed(bed())
    client.set_seasons(["spring", Season.AUTUMN])
    client.set_seasons(SEASONS)
    client.set_seasons(("spring",))
    client.set_seasons("spring")  # error
    client.set_soils({"left": "sand", "right": Soil.CLAY})
    client.set_soils({"left": 3})  # error
    client.add_label(Label(season="spring", depths=(10, Depth.VALUE_20), soils=WORDS))
    client.add_sign(Label(season="spring", depths="10"))  # error


def main() -> None:
    assert encode(new_bed()) == (
        b'{"season":"spring","depth":10,"soil":"peat","next-season":"autumn","rows":[{"seasons":["spring","autumn"]}],'
        b'"names":["spring","winter"],"soils":{"left":"sand","right":"clay"},"when":["spring","autumn"]}'
    )
    assert bed() == decode(encode(bed()), Bed).parsed
    assert decode(encode(new_bed()), NewBed).parsed.rows[0].seasons[1] is Season.AUTUMN
