"""A client of a document of which parts are lost: what is read instead is sent and received."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.loopback import Loopback
from tests.repair.test_losses import SPEC, client


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("losses")
    assert client(folder, SPEC).status == 0
    return folder / "out/garden-client"


@pytest.fixture
def package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(folder)
    return import_module("garden_client")


def test_what_was_lost_can_be_sent_and_received(server: Loopback, package: ModuleType) -> None:
    models = import_module("garden_client.models")
    with package.GardenClient(base_url=server.url) as garden:
        server.reply(200, [{"soil": {"ph": 7}}])
        assert garden.list_beds(state="wet") == [{"soil": {"ph": 7}}]
        assert server.last.target == "/beds?state=wet"
        server.reply(200, {"soil": ["clay"], "size": 3})
        bed = garden.add_bed(models.Bed(soil="sand", size=2))
        assert (bed.soil, bed.size) == (["clay"], 3)
        assert server.last.headers["content-type"] == "application/json"
        assert json.loads(server.last.body) == {"soil": "sand", "size": 2}
        server.reply(204)
        garden.put_beds(b"beds")
        assert server.last.body == b"beds"
        garden.add_photos({"north": b"one", "side": "south"})
        assert server.last.headers["content-type"].startswith("multipart/form-data; boundary=")
        assert b'; name="north"' in server.last.body
        assert b'; name="side"\r\n\r\nsouth\r\n' in server.last.body
        garden.remove_beds("bed=north&bed=south")
        assert server.last.headers["content-type"] == "application/x-www-form-urlencoded"
        assert server.last.body == b"bed=north&bed=south"
