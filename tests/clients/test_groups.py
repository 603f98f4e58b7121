"""A package of many operations: a group of methods for each tag, loaded when it is first used.

`tests/programs/many-operations` is about its types.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from generator.document.problems import LeftOut, Problem, Problems, Source
from generator.options import Options
from generator.project.packages import single_package
from generator.render.client_modules import LARGE
from generator.render.package import client_files
from generator.render.readme import readme
from tests.loopback import Loopback
from tests.packages import write_files

ROOT = Path(__file__).parents[2]
NAME = "many-operations-client"
MODULE = "many_operations_client"
THING = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}


def operation(name: str, *tags: str, **more: Any) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Thing"}
    response = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return {"operationId": name, "tags": [*tags], "responses": {"200": response}, **more}


def document() -> dict[str, Any]:
    things = {"description": "OK", "content": {"application/json": {"schema": {"type": "array", "items": THING}}}}
    paths = {
        "/runs": {
            "get": operation("runs_list", "Runs", responses={"200": things}),
            "post": operation("newRun", "Runs"),
        },
        "/runs/{id}": {"get": operation("runs_get", "Runs"), "delete": operation("run:delete", "Runs", "Things")},
        "/health": {"get": operation("get_health")},
        **{f"/things/{i}": {"get": operation(f"thing_{i}", "Things")} for i in range(LARGE)},
    }
    schemas = {"Thing": THING} | {f"Model{i}": THING for i in range(20)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Many", "version": "1"},
        "servers": [{"url": "https://example.com"}],
        "tags": [{"name": "Runs", "description": "What ran, and\nwhat is `running`."}],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def write_package(folder: Path, **options: Any) -> dict[str, str]:
    (folder / "openapi.json").write_text(json.dumps(document()), encoding="utf-8")
    problems = Problems()
    package = single_package(folder / "openapi.json", NAME, problems, **options)
    assert package is not None
    assert not problems.errors
    files = client_files(package)
    write_files(files, folder)
    return files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("groups")
    write_package(folder)
    return folder / NAME


@pytest.fixture
def package(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(folder)
    yield import_module(MODULE)
    for name in [name for name in sys.modules if name.partition(".")[0] == MODULE]:
        del sys.modules[name]


def loaded_by(folder: Path, program: str) -> set[str]:
    """The package's modules, and those of the HTTP library, that a program has loaded when it ends."""
    program = f"import sys\nfrom {MODULE} import *\n{program}\nprint(*sys.modules)"
    paths = os.pathsep.join((str(folder), str(ROOT / "templates/runtime")))
    environment = {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    names = {name for name in run.stdout.split() if name.partition(".")[0] in (MODULE, "httpx2")}
    return {name.removeprefix(f"{MODULE}.") for name in names} - {MODULE, "client"}


# What is loaded when


@pytest.mark.parametrize(
    ("program", "loaded"),
    [
        ("", set()),
        ("client = ManyOperationsClient()\nAsyncManyOperationsClient()\nclient.raw\ndir(client)", set()),
        ("ManyOperationsClient().runs", {"groups", "groups.runs", "models"}),
        ("AsyncManyOperationsClient().things.raw", {"groups", "groups.things", "models"}),
        (
            "from workflow_client_core import ConnectionFailed, Retry\n"
            "client = ManyOperationsClient(base_url='http://127.0.0.1:1', retry=Retry(max_retries=0))\n"
            "try:\n    client.get_health()\nexcept ConnectionFailed:\n    pass",
            {"_operations", "models", "httpx2"},
        ),
    ],
    ids=["import", "client", "group", "raw group", "own method"],
)
def test_a_module_is_loaded_when_it_is_first_used(folder: Path, program: str, loaded: set[str]) -> None:
    assert {name for name in loaded_by(folder, program) if not name.startswith("httpx2.")} == loaded


def test_threads_that_use_a_group_first_at_once_all_have_it(folder: Path) -> None:
    program = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "client = ManyOperationsClient()\n"
        "with ThreadPoolExecutor(16) as pool:\n"
        "    groups = [*pool.map(lambda _: client.runs, range(64))]\n"
        "assert len({type(group) for group in groups}) == 1"
    )
    assert "groups.runs" in loaded_by(folder, program)


# Calls


def test_a_group_calls_as_the_client_does(server: Loopback, package: ModuleType) -> None:
    server.reply(200, {"id": "7"})
    with package.ManyOperationsClient(base_url=server.url) as client:
        assert client.runs.get("7").id == "7"
        assert client.get_health().id == "7"
        assert client.runs.raw.get("7").parsed.id == "7"
        assert client.raw.get_health().operation == "get_health"
        assert client.runs.raw.delete("7").operation == "runs.delete"
    assert [request.target for request in server.requests] == ["/runs/7", "/health", "/runs/7", "/health", "/runs/7"]


def test_an_asynchronous_group_calls_as_the_client_does(server: Loopback, package: ModuleType) -> None:
    server.reply(200, {"id": "7"})

    async def calls() -> list[str]:
        async with package.AsyncManyOperationsClient(base_url=server.url) as client:
            raw = await client.runs.raw.get("7")
            return [(await client.runs.get("7")).id, raw.parsed.id, (await client.get_health()).id]

    assert asyncio.run(calls()) == ["7", "7", "7"]


def test_a_method_may_be_called_like_a_function_of_python(server: Loopback, package: ModuleType) -> None:
    server.reply(200, [{"id": "1"}, {"id": "2"}])
    with package.ManyOperationsClient(base_url=server.url) as client:
        assert [run.id for run in client.runs.list()] == ["1", "2"]


def test_the_group_of_a_client_with_other_options_is_bound_to_that_one(server: Loopback, package: ModuleType) -> None:
    server.reply(200, {"id": "7"})
    with package.ManyOperationsClient(base_url="https://elsewhere.example") as client:
        assert client.runs is not None
        twin = client.with_options(base_url=server.url)
        assert twin.runs.get("7").id == "7"
        assert repr(client.runs) == "<ManyOperationsClient https://elsewhere.example>.runs"
        assert repr(twin.runs.raw) == f"<ManyOperationsClient {server.url}>.runs.raw"


def test_a_group_of_a_closed_client_does_not_call(package: ModuleType) -> None:
    client = package.ManyOperationsClient()
    runs = client.runs
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        runs.get("7")


# What people see


def test_groups_and_their_methods_are_listed(package: ModuleType) -> None:
    client = package.ManyOperationsClient()
    assert {"runs", "things", "get_health", "raw"} <= {*dir(client)}
    assert [name for name in dir(client.runs) if name[0] != "_"] == ["delete", "get", "list", "new_run", "raw"]
    assert inspect.getdoc(type(client.runs)) == "Runs.\n\nWhat ran, and what is `running`."
    assert inspect.getdoc(type(client).runs) == "Runs.\n\nWhat ran, and what is `running`."
    assert type(client.runs).__name__ == "RunsGroup"


def test_a_method_that_is_put_on_a_group_does_not_get_lost_silently(package: ModuleType) -> None:
    client = package.ManyOperationsClient()
    with pytest.raises(AttributeError):
        client.runs.get = lambda: None


def test_the_readme_lists_the_calls_by_group(tmp_path: Path) -> None:
    text = write_package(tmp_path)[f"{NAME}/README.md"]
    calls = text[text.index("## Calls") : text.index("### `client.things`")]
    assert calls.splitlines() == [
        "## Calls",
        "",
        "- `get_health`: `GET /health`",
        "",
        "### `client.runs`: Runs",
        "",
        "- `list`: `GET /runs`",
        "- `new_run`: `POST /runs`",
        "- `get`: `GET /runs/{id}`",
        "- `delete`: `DELETE /runs/{id}`",
        "",
    ]
    assert "response = client.runs.list()" in text


def test_the_readme_says_what_is_left_out(tmp_path: Path) -> None:
    write_package(tmp_path)
    package = single_package(tmp_path / "openapi.json", NAME, Problems())
    assert package is not None
    place = Source("openapi.json", "/paths/~1x", 7)
    left_out = LeftOut("GET /x|y", place, Problem("any", place, "an answer of `text/*` is not <generated>"))
    text = client_files(replace(package, api=replace(package.api, left_out=(left_out,))))[f"{NAME}/README.md"]
    listed = text[text.index("## Not in this client") : text.index("## Arguments")]
    assert listed.splitlines()[2:] == [
        "- `GET /x|y`: an answer of `text/*` is not \\<generated\\>. (`openapi.json:7`)",
        "",
    ]
    assert "## Not in this client" not in client_files(package)[f"{NAME}/README.md"]


def test_without_groups_all_methods_are_the_client_s(tmp_path: Path) -> None:
    files = write_package(tmp_path, options=Options(groups=False))
    assert not [path for path in files if "/groups/" in path]
    package = single_package(tmp_path / "openapi.json", NAME, Problems(), options=Options(groups=False))
    assert package is not None
    assert {call["operation"].name for call in readme(package)["sections"][0]["calls"]} > {"runs_list", "run_delete"}
    assert loaded_by(tmp_path / NAME, "ManyOperationsClient().get_health") == set()
