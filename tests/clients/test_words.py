"""Plain text in place of an enum's member, and any sequence in place of a list: what is sent of them."""

from __future__ import annotations

import asyncio
import json
from collections import UserDict, UserList
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.loopback import Loopback
from tests.packages import imported_package

SPEC = Path(__file__).parents[1] / "programs/open-words/openapi.yaml"
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The package of the document of a program, written to a folder, and imported."""
    return imported_package(SPEC, "garden-words-client", tmp_path_factory.mktemp("words"))


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, module: ModuleType, server: Loopback) -> Call:
    """`call("add_bed", bed)`: what a method returns."""

    def sync_call(method: str, *arguments: Any, **keywords: Any) -> Any:
        with module.GardenWordsClient(base_url=server.url) as client:
            return getattr(client, method)(*arguments, **keywords)

    async def async_call(method: str, *arguments: Any, **keywords: Any) -> Any:
        async with module.AsyncGardenWordsClient(base_url=server.url) as client:
            return await getattr(client, method)(*arguments, **keywords)

    if request.param == "sync":
        return sync_call
    return lambda method, *arguments, **keywords: asyncio.run(async_call(method, *arguments, **keywords))


def test_words_and_sequences_in_json(call: Call, module: ModuleType, server: Loopback) -> None:
    server.reply(201, b'{"season": "winter", "next-season": "spring"}', Content_Type="application/json")
    models = module.models
    rows = (models.Row(seasons=("spring", models.Season.AUTUMN)), models.Row(seasons=UserList(["winter"])))
    sent = models.NewBed(season="spring", depth=15, soil="peat", rows=rows, soils=UserDict(left="sand"))
    bed = call("add_bed", sent)
    assert json.loads(server.requests[0].body) == {
        "season": "spring",
        "depth": 15,
        "soil": "peat",
        "rows": [{"seasons": ["spring", "autumn"]}, {"seasons": ["winter"]}],
        "soils": {"left": "sand"},
    }
    assert bed.next_season is models.Season.SPRING
    assert type(bed.season) is models.Season
    assert bed == models.Bed(season="winter", next_season="spring")


def test_bodies_that_are_lists_and_maps(call: Call, module: ModuleType, server: Loopback) -> None:
    for _ in range(2):
        server.reply(204)
    call("set_seasons", ("spring", module.models.Season.AUTUMN, "winter"))
    call("set_soils", UserDict(left="sand", right=module.models.Soil.CLAY))
    assert [json.loads(request.body) for request in server.requests] == [
        ["spring", "autumn", "winter"],
        {"left": "sand", "right": "clay"},
    ]


def test_words_and_sequences_in_forms(call: Call, module: ModuleType, server: Loopback) -> None:
    server.reply(204)
    label = module.models.Label(season="winter", depths=range(10, 12), soils=UserList(["sand", "peat"]))
    call("add_label", label)
    assert server.requests[0].body == b"season=winter&depths=10&depths=11&soils=sand&soils=peat"


def test_words_and_sequences_in_multipart(call: Call, module: ModuleType, server: Loopback) -> None:
    server.reply(204)
    call("add_sign", module.models.Label(season="winter", depths=(10,), soils=UserList(["sand", "peat"])))
    parts = [part.split(b"\r\n") for part in server.requests[0].body.split(b"--")]
    values = [(part[1], part[-2]) for part in parts if len(part) > 3]
    assert [(name.split(b'"')[1], value) for name, value in values] == [
        (b"season", b"winter"),
        (b"depths", b"10"),
        (b"soils", b"sand"),
        (b"soils", b"peat"),
    ]


def test_words_and_sequences_in_queries(call: Call, module: ModuleType, server: Loopback) -> None:
    server.reply(200, b"[]", Content_Type="application/json")
    call("list_beds", season="winter", soils=UserList(["sand", "peat"]))
    assert server.requests[0].target == "/beds?season=winter&soils=sand&soils=peat"
