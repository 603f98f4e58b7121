"""A generated client of an API whose unions are hard to tell apart, over a real connection: nothing gets lost."""

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

SPEC = Path(__file__).with_name("gardens.yaml")
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The package, written to a folder, and imported."""
    folder = tmp_path_factory.mktemp("gardens")
    problems = {
        "discriminator-conflict",
        "enum-widened",
        "indistinct-members",
        "shared-discriminator-value",
        "undeclared-property",
    }
    return imported_package(SPEC, "gardens-client", folder, problems=problems)


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, module: ModuleType, server: Loopback) -> Call:
    """`call("add_bed", bed)`: the raw response of a method."""

    def sync_call(method: str, *arguments: Any) -> Any:
        with module.GardensClient(base_url=server.url) as client:
            return getattr(client.raw, method)(*arguments)

    async def async_call(method: str, *arguments: Any) -> Any:
        async with module.AsyncGardensClient(base_url=server.url) as client:
            return await getattr(client.raw, method)(*arguments)

    if request.param == "sync":
        return sync_call
    return lambda method, *arguments: asyncio.run(async_call(method, *arguments))


THINGS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "steps": [
        ("Sow", {"kind": 2, "detail": {"seed": "pea"}}),
        ("Dig", {"kind": 1, "detail": {"depth": 3}}),
        ("Dig", {"kind": 1, "detail": {}}),
    ],
    "gauges": [
        ("Count", {"setup": {"kind": "count", "seconds": 5}}),
        ("Latest", {"setup": {"kind": "latest", "source": "well"}}),
        ("Count", {"setup": {"kind": "count"}}),
    ],
    "rules": [
        ("RuleBase", {"type": "daily", "minutes": 5}),
        ("WeeklyRule", {"type": "weekly", "minutes": 5, "weekday": 2}),
        ("RuleBase", {"type": "weekly", "minutes": 5}),
    ],
    "plants": [("Rose", {"kind": "rose", "thorns": True}), ("Herb", {"kind": "herb", "taste": "bitter"})],
    "sheds": [("Pots", {"pots": 2}), ("Tools", {"hoes": 1})],
    "crates": [("Sack", {"holds": [{}, {"onions": 2}]}), ("Crate", {"holds": [{"apples": 1}]})],
    "pumps": [
        ("Fast", {"works": True, "flow": {"rate": 2, "unit": "l"}}),
        ("Slow", {"works": True, "flow": {"rate": 0.5}}),
        ("Broken", {"works": False, "flow": {"rate": 1.5}}),
        ("Fast", {"works": True, "flow": {"rate": 1.5}}),
    ],
    "walls": [("Fence", {"kind": "fence", "boards": 2}), ("Hedge", {"kind": "hedge", "height": 1})],
}


def test_every_member_is_read_as_what_it_is_and_keeps_all_that_it_has(server: Loopback, call: Call) -> None:
    document = {name: [value for _, value in things] for name, things in THINGS.items()}
    server.reply(200, document)
    response = call("list_things")
    assert (response.issues, response.complete) == ((), True)
    for name, things in THINGS.items():
        members = getattr(response.parsed, name)
        assert [type(member).__name__ for member in members] == [class_name for class_name, _ in things]
    assert json.loads(core.encode(response.parsed)) == document


@pytest.mark.parametrize(
    ("name", "thing", "issue"),
    [
        ("sheds", {"hoes": 1, "pots": 2}, "/sheds/0/pots: expected a property of Tools, found number 2"),
        (
            "crates",
            {"holds": [{}, {"apples": 1, "onions": 2}]},
            "/crates/0/holds/1/onions: expected a property of Crate, found number 2",
        ),
        ("walls", {"kind": "fence", "height": 1}, "/walls/0/height: expected a property of Fence, found number 1"),
    ],
)
def test_what_only_another_member_declares_is_an_issue(
    server: Loopback, call: Call, name: str, thing: dict[str, Any], issue: str
) -> None:
    server.reply(200, {name: [thing]})
    response = call("list_things")
    assert [str(issue) for issue in response.issues] == [issue]
    assert response.complete
    assert type(getattr(response.parsed, name)[0]).__name__ in issue


@pytest.mark.parametrize("soil", [None, {"kind": "clay"}])
@pytest.mark.parametrize("owner", ["Ada", 7, None, {"id": [1]}])
def test_null_and_what_is_not_declared_are_sent_and_read(
    server: Loopback, call: Call, module: ModuleType, owner: Any, soil: dict[str, str] | None
) -> None:
    server.reply(201, {"label": "north", "owner": owner, "soil": soil})
    given = None if soil is None else module.models.Soil(**soil)
    bed = module.models.Bed(label="north", owner=owner, soil=given)
    response = call("add_bed", bed)
    assert json.loads(server.last.body) == {"label": "north", "owner": owner, "soil": soil}
    assert (response.parsed, response.issues) == (bed, ())


def test_what_is_not_declared_is_required(server: Loopback, call: Call, module: ModuleType) -> None:
    with pytest.raises(TypeError, match="Missing required argument 'owner'"):
        module.models.Bed(label="north")
    server.reply(201, {"label": "north"})
    response = call("add_bed", module.models.Bed(label="north", owner=1))
    assert [str(issue) for issue in response.issues] == ["/owner: expected any value, found nothing"]
    assert not response.complete
