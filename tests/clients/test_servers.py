"""Where the requests of generated clients go: servers of a document, their variables, and what callers give instead."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

import httpx2
import pytest

from tests.clients.documented import documented_success
from tests.clients.providers import Connect, Provider
from tests.loopback import Loopback
from tests.packages import generated_package

NUMBERS = count()
Make: TypeAlias = Callable[..., ModuleType]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """`make({"url": ...}, paths={...})`: the package of a document with this server, if any, and these paths."""

    def package(server: dict[str, Any] | None, paths: dict[str, Any] | None = None) -> ModuleType:
        document = {
            "openapi": "3.0.3",
            "info": {"title": "Garden", "version": "1"},
            "servers": [server] if server else [],
            "paths": paths or {"/beds": {"get": operation("listBeds")}},
        }
        spec = tmp_path / "openapi.json"
        spec.write_text(json.dumps(document), "utf-8")
        package = generated_package(spec, f"garden-{next(NUMBERS)}", tmp_path, read_twice=False)
        monkeypatch.syspath_prepend(tmp_path / package.distribution)
        module = import_module(package.module)
        module.GardenClient = getattr(module, f"{package.client}Client")  # type: ignore[attr-defined]
        module.AsyncGardenClient = getattr(module, f"Async{package.client}Client")  # type: ignore[attr-defined]
        return module

    return package


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


# Servers of operations


def placed(root: str, own: str) -> dict[str, Any]:
    """Paths with a call `root` at the document's server, and calls at `own` and at relative servers."""
    return {
        "/root": {"get": operation("atRoot")},
        "/files": {"servers": [{"url": own}], "get": operation("atPath"), "put": operation("atOperation", "./v2/")},
        "/same": {"get": operation("atTheSame", root, own)},
        "/parts": {
            "get": {
                **operation("atVariables"),
                "servers": [{"url": "{scheme}://{address}/{base}", "variables": own_variables(own)}],
            }
        },
    }


def own_variables(own: str) -> dict[str, Any]:
    scheme, _, address = own.partition("://")
    return variables(scheme=scheme, address=address, base="v9")


@pytest.mark.parametrize("root", ["https://garden.example/api", "https://garden.example/api/", "/api"])
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_base_url_moves_the_server_of_the_document_alone(server: Loopback, make: Make, root: str, mode: str) -> None:
    with Loopback() as files:
        for loopback in (server, files):
            loopback.reply(204)
        module = make({"url": root}, placed(root.rstrip("/"), f"{files.url}/base/"))
        names = ["at_root", "at_path", "at_operation", "at_the_same", "at_variables"]
        call_all(module, mode, names, base_url=f"{server.url}/own")
        assert [request.target for request in server.requests] == ["/own/root", "/own/v2/files", "/own/same"]
        assert [request.target for request in files.requests] == ["/base/files", "/base//v9/parts"]


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_server_urls_move_the_other_servers(server: Loopback, make: Make, mode: str) -> None:
    server.reply(204)
    module = make({"url": "/api"}, placed("/api", "https://files.example.invalid/base"))
    moved = {
        "https://files.example.invalid/base/": f"{server.url}/a",
        "https://files.example.invalid/base/v9": f"{server.url}/b",
        "./v2": f"{server.url}/c",
    }
    call_all(module, mode, ["at_path", "at_operation", "at_variables"], server_urls=moved)
    assert [request.target for request in server.requests] == ["/a/files", "/c/files", "/b/parts"]
    with pytest.raises(ValueError, match=r"base_url is needed by at_root: garden-\d+'s API documents only '/api'"):
        call_all(module, mode, ["at_root"], server_urls=moved)


def call_all(module: ModuleType, mode: str, names: list[str], **arguments: Any) -> None:
    async def call_async() -> None:
        async with module.AsyncGardenClient(**arguments) as client:
            for name in names:
                await getattr(client, name)()

    if mode == "async":
        asyncio.run(call_async())
        return
    with module.GardenClient(**arguments) as client:
        for name in names:
            getattr(client, name)()


def test_a_document_whose_calls_all_have_servers_needs_none(make: Make) -> None:
    paths = {
        "/a": {"get": operation("getA", "https://a.example/v1")},
        "/b": {"get": operation("getB", "https://b.example")},
    }
    module = make(None, paths)
    assert run_readme(module) == ["https://a.example/v1/a"]
    with pytest.raises(ValueError, match=r"there are: https://a\.example/v1, https://b\.example$"):
        module.GardenClient(server_urls={"https://c.example": "https://d.example"})


def test_the_readme_names_the_servers_of_calls(make: Make) -> None:
    module = make({"url": "/api"}, placed("/api", "https://files.example/base"))
    text = readme(module)
    assert "- `https://files.example/base`: `at_path`\n- `./v2/`: `at_operation`\n" in text
    variable = f"{module.__name__.upper()}_BASE_URL"
    needed = "the server's URL; needed by calls that have no server of their own"
    assert f"- `base_url` (or `{variable}` in the environment): {needed}\n- `server_urls`: " in text
    assert run_readme(module) == ["https://files.example/base/files"]


def test_a_package_without_servers_of_calls_takes_no_urls_for_them(make: Make) -> None:
    module = make({"url": "https://garden.example"})
    assert "server_urls" not in readme(module)
    with pytest.raises(TypeError, match="server_urls"):
        module.GardenClient(server_urls={})


# The server that the environment names


def test_the_environment_gives_the_base_url_of_each_client(
    server: Loopback, connect: Connect, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(200, documented_success(provider))
    monkeypatch.setenv(f"{provider.name.upper()}_BASE_URL", f"{server.url}/own/")
    connect(provider, base_url=None)()
    assert server.last.target == f"/own{provider.target()}"


@pytest.mark.parametrize(
    ("distribution", "variable"),
    [("garden-client", "GARDEN_BASE_URL"), ("Garden.shed-2", "GARDEN_SHED_2_BASE_URL"), ("client", "CLIENT_BASE_URL")],
)
def test_the_variable_is_named_after_the_package(tmp_path: Path, distribution: str, variable: str) -> None:
    spec = tmp_path / "openapi.yaml"
    spec.write_text("{openapi: 3.1.0, info: {title: Garden, version: '1'}, paths: {}}", "utf-8")
    assert generated_package(spec, distribution, tmp_path, read_twice=False).api.base_url_environment == variable


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_the_environment_replaces_the_whole_address(
    server: Loopback, make: Make, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(204)
    module = make({"url": "https://{region}.garden.example.invalid", "variables": {"region": {"default": "eu"}}})
    variable = f"{module.__name__.upper()}_BASE_URL"
    doc = " ".join(module.GardenClient.__init__.__doc__.split())
    assert f"- `base_url` (or `{variable}` in the environment, unless `region` is passed): " in readme(module)
    assert f"Environment: {variable}, unless region is passed." in doc
    monkeypatch.setenv(variable, server.url)
    call_all(module, mode, ["list_beds"])
    assert server.last.target == "/beds"
    assert module.GardenClient(region="us").base_url == "https://us.garden.example.invalid"


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_the_environment_gives_the_server_that_the_document_lacks(
    server: Loopback, make: Make, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(204)
    module = make(None)
    monkeypatch.setenv(f"{module.__name__.upper()}_BASE_URL", server.url)
    call_all(module, mode, ["list_beds"])
    assert server.last.target == "/beds"
