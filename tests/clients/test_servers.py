"""Where the requests of generated clients go: servers of a document, their variables, and what callers give instead."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import httpx2
import pytest

from generator.document.problems import Problems
from generator.project.packages import single_package
from generator.render.package import client_files
from tests.loopback import Loopback

NUMBERS = count()
Make: TypeAlias = Callable[..., ModuleType]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """`make({"url": ...}, paths={...})`: the package of a document with this server, if any, and these paths."""
    folders: list[str] = []

    def package(server: dict[str, Any] | None, paths: dict[str, Any] | None = None) -> ModuleType:
        document = {
            "openapi": "3.0.3",
            "info": {"title": "Garden", "version": "1"},
            "servers": [server] if server else [],
            "paths": paths or {"/beds": {"get": operation("listBeds")}},
        }
        spec = tmp_path / "openapi.json"
        spec.write_text(json.dumps(document), "utf-8")
        problems = Problems()
        package = single_package(spec, f"garden-{next(NUMBERS)}", problems)
        assert package is not None, problems
        for path, text in client_files(package).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, "utf-8")
        folders.append(str(tmp_path / package.distribution))
        sys.path.insert(0, folders[-1])
        module = import_module(package.module)
        module.GardenClient = getattr(module, f"{package.client}Client")  # type: ignore[attr-defined]
        module.AsyncGardenClient = getattr(module, f"Async{package.client}Client")  # type: ignore[attr-defined]
        return module

    yield package
    for folder in folders:
        sys.path.remove(folder)


def operation(name: str, *servers: str) -> dict[str, Any]:
    own = {"servers": [{"url": url} for url in servers]} if servers else {}
    return {"operationId": name, "responses": {"204": {"description": "Done."}}, **own}


def readme(module: ModuleType) -> str:
    assert module.__file__ is not None
    return Path(module.__file__).parents[1].joinpath("README.md").read_text("utf-8")


def run_readme(module: ModuleType) -> list[str]:
    """Run the example of the README as it is; the URLs that are requested."""
    (program,) = re.findall(r"^```python\n(.*?)^```$", readme(module), re.MULTILINE | re.DOTALL)
    urls: list[str] = []

    def respond(_: httpx2.HTTPTransport, request: httpx2.Request) -> httpx2.Response:
        urls.append(str(request.url))
        return httpx2.Response(204)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx2.HTTPTransport, "handle_request", respond)
        exec(compile(program, "README.md", "exec"), {})
    return urls


def variables(**defaults: str) -> dict[str, Any]:
    return {name: {"default": default} for name, default in defaults.items()}


@pytest.mark.parametrize(
    ("server", "url"),
    [
        (
            {"url": "https://{address}", "variables": variables(address="garden.example/v1")},
            "https://garden.example/v1/beds",
        ),
        (
            {
                "url": "{protocol}://{host}:{port}{basePath}",
                "variables": variables(protocol="https", host="garden.example", port="8443", basePath="/v1/"),
            },
            "https://garden.example:8443/v1/beds",
        ),
        (
            {"url": "https://garden.example/{basePath}", "variables": variables(basePath="")},
            "https://garden.example/beds",
        ),
        (
            {
                "url": "{server}",
                "variables": {"server": {"default": "https://a.example/v1", "enum": ["https://a.example/v1", "x"]}},
            },
            "https://a.example/v1/beds",
        ),
        (
            {"url": "https://{region}.garden.example", "variables": {"region": {"default": "eu", "enum": ["us"]}}},
            "https://eu.garden.example/beds",
        ),
        ({"url": "HTTPS://garden.example/v1/"}, "https://garden.example/v1/beds"),
    ],
)
def test_the_example_of_the_readme_calls_the_documented_server(make: Make, server: dict[str, Any], url: str) -> None:
    assert run_readme(make(server)) == [url]


@pytest.mark.parametrize(
    "server", [None, {"url": "/v1"}, {"url": "https://{host}/v1", "variables": variables(host="")}]
)
def test_the_example_of_the_readme_gives_a_server_where_none_is_documented(
    make: Make, server: dict[str, Any] | None
) -> None:
    assert 'Client(base_url="https://...") as client:' in readme(make(server))


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_variables_hold_any_text(server: Loopback, make: Make, mode: str) -> None:
    module = make({"url": "{protocol}://{address}", "variables": variables(protocol="https", address="a.example/v1")})
    server.reply(204)
    given = {"protocol": "http", "address": f"{server.url.removeprefix('http://')}/own/api/"}
    if mode == "sync":
        with module.GardenClient(**given) as client:
            client.list_beds()
    else:
        asyncio.run(once(module.AsyncGardenClient(**given)))
    assert server.last.target == "/own/api/beds"


async def once(client: Any) -> None:
    async with client:
        await client.list_beds()
