"""Constants over a real connection: sent although nobody gives them, and missed in an answer that lacks them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import workflow_client_core as core

from tests.loopback import Loopback
from tests.packages import imported_package

CASES = Path(__file__).parents[1] / "cases"
PROBLEMS = {"constants": ["enum-widened"], "constants-of-swagger": ["swagger"]}
Call = Callable[..., Any]
KINDS = {"kind": "bed", "shared": "shared", "beside": "shared", "number": 1.5, "integer": 7, "flag": True}
SENT = {**KINDS, "nullable": None, "Odd-Name": 'it\'s "odd"\n'}


@pytest.fixture(scope="module", params=PROBLEMS)
def module(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    name: str = request.param
    spec = CASES / name / "openapi.yaml"
    return imported_package(spec, f"{name}-client", tmp_path_factory.mktemp(name), problems=PROBLEMS[name])


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, module: ModuleType, server: Loopback) -> Call:
    """`call("put_bed", "1", bed)`: the raw response of a method."""
    sync, asynchronous = sorted((n for n in dir(module) if n.endswith("Client")), key=len)

    def sync_call(method: str, *arguments: Any, **named: Any) -> Any:
        with getattr(module, sync)(base_url=server.url) as client:
            return getattr(client.raw, method)(*arguments, **named)

    async def async_call(method: str, *arguments: Any, **named: Any) -> Any:
        async with getattr(module, asynchronous)(base_url=server.url) as client:
            return await getattr(client.raw, method)(*arguments, **named)

    if request.param == "sync":
        return sync_call
    return lambda method, *arguments, **named: asyncio.run(async_call(method, *arguments, **named))


@pytest.mark.parametrize("module", ["constants"], indirect=True)
def test_nobody_gives_them_and_all_are_sent(module: ModuleType, call: Call, server: Loopback) -> None:
    server.reply(200, SENT, X_Kind="rock")
    bed = module.models.Bed(nullable=None)
    response = call("put_bed", "7", bed, parts=["soil"])
    assert json.loads(server.last.body) == SENT
    assert server.last.target == "/gardens/v1/beds/7?format=json&dry=true&rate=1.5&parts=soil"
    assert server.last.headers["x-revision"] == "2022"
    assert (response.parsed, response.documented_headers["X-Kind"], response.issues) == (bed, "rock", ())


@pytest.mark.parametrize("module", ["constants"], indirect=True)
def test_an_answer_that_lacks_one_is_not_as_documented(module: ModuleType, call: Call, server: Loopback) -> None:
    server.reply(200, {name: value for name, value in SENT.items() if name != "shared"})
    response = call("put_bed", "7", module.models.Bed(nullable=None), parts=[])
    assert response.issues == (core.Issue("/shared", "'shared'", "nothing"),)


@pytest.mark.parametrize("module", ["constants-of-swagger"], indirect=True)
def test_forms_have_them_too(module: ModuleType, call: Call, server: Loopback) -> None:
    server.reply(200, {"kind": "pot", "size": 3})
    response = call("add_bed", module.models.AddBedBody(size=2))
    assert (server.last.target, server.last.body) == ("/beds?format=json", b"kind=bed&size=2")
    assert (response.parsed.kind, response.issues) == ("pot", ())
