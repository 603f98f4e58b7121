"""Operations that name a server of their own: where they go, and how callers move them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback
from tests.runtime.example_api import API, DELETE_RUN, AsyncExampleClient, ExampleClient

Call = Callable[..., Any]
Make = Callable[..., ExampleClient]
Class: TypeAlias = type[ExampleClient] | type[AsyncExampleClient]
CLASSES = pytest.mark.parametrize("class_", [ExampleClient, AsyncExampleClient])

FILES, FOLDER = "https://files.example.invalid/base/", "./v2"
WITH_FILES = replace(API, own_servers=(FILES, FOLDER))
ONLY_FILES = replace(WITH_FILES, server="/v1")
NOWHERE = "workflow-client-example's API documents only '/v1'; pass base_url= (or set EXAMPLE_BASE_URL)"


@pytest.mark.parametrize("base_url", [None, "https://own.example.invalid"])
def test_an_operation_may_have_a_server_of_its_own(server: Loopback, call: Call, base_url: str | None) -> None:
    server.reply(204)
    own = replace(DELETE_RUN, server=f"{server.url}/files/")
    call("call", own, client={"base_url": base_url}, run_id="1")
    assert server.last.target == "/files/runs/1"
    assert server.last.headers["x-api-key"] == "secret-key"
    call("call", own, client={"base_url": None}, options={"base_url": "https://own.example.invalid"}, run_id="2")
    assert server.last.target == "/files/runs/2"


@pytest.mark.parametrize(
    ("relative", "path"),
    [
        ("./v2", "/api/v1/v2"),
        ("v2/", "/api/v1/v2"),
        ("../v2", "/api/v2"),
        ("/v2", "/v2"),
        ("/", ""),
        ("{URL}/v3", "/v3"),
    ],
)
def test_a_relative_server_is_resolved_against_the_base_url(
    server: Loopback, call: Call, relative: str, path: str
) -> None:
    server.reply(204)
    own = replace(DELETE_RUN, server=relative.replace("{URL}", server.url.removeprefix("http:")))
    call("call", own, client={"base_url": f"{server.url}/api/v1/"}, run_id="1")
    assert server.last.target == f"{path}/runs/1"


@pytest.mark.parametrize("documented", [FILES, FILES.rstrip("/"), FOLDER])
@pytest.mark.parametrize("by", ["client", "options"])
def test_servers_of_operations_are_moved_by_name(server: Loopback, call: Call, documented: str, by: str) -> None:
    server.reply(204)
    moved = {by: {"server_urls": {documented: f"{server.url}/moved/"}}}
    settings = {"client": {"api": WITH_FILES, "base_url": "https://own.example.invalid"}, "options": {}}
    arguments = {key: {**value, **moved.get(key, {})} for key, value in settings.items()}
    call("call", replace(DELETE_RUN, server=FOLDER if documented == FOLDER else FILES), run_id="1", **arguments)
    assert server.last.target == "/moved/runs/1"


@CLASSES
def test_a_client_tells_the_servers_of_operations(class_: Class) -> None:
    client = class_(WITH_FILES, api_key="k", base_url="https://own.example/api")
    assert client.server_urls == {FILES: FILES.rstrip("/"), FOLDER: "https://own.example/api/v2"}
    moved = client.with_options(server_urls={FILES: "https://b.example/"})
    assert moved.server_urls == {FILES: "https://b.example", FOLDER: "https://own.example/api/v2"}
    both = moved.with_options(server_urls={FOLDER: "https://c.example"}, base_url="https://d.example")
    assert both.server_urls == {FILES: "https://b.example", FOLDER: "https://c.example"}
    assert client.server_urls[FILES] == FILES.rstrip("/")
    spellings = class_(
        replace(API, own_servers=(FILES, FILES[:-1])), api_key="k", server_urls={FILES: "https://b.example"}
    )
    assert spellings.server_urls == dict.fromkeys((FILES, FILES[:-1]), "https://b.example")
    assert class_(ONLY_FILES, api_key="k").server_urls == {FILES: FILES.rstrip("/"), FOLDER: FOLDER}
    assert class_(api_key="k").server_urls == {}
    with pytest.raises(TypeError):
        client.server_urls[FILES] = "https://b.example"  # type: ignore[index]  # which is what is tested


@CLASSES
@pytest.mark.parametrize(
    ("api", "moved", "problem"),
    [
        (
            WITH_FILES,
            {"https://files.example.com": "https://b.example"},
            f"server_urls has a server that no operation names; there are: {FILES}, {FOLDER}",
        ),
        (
            WITH_FILES,
            {API.server: "https://b.example"},
            f"server_urls has a server that no operation names; there are: {FILES}, {FOLDER}",
        ),
        (API, {FILES: "https://b.example"}, "server_urls has a server that no operation names; there are: none"),
        (
            WITH_FILES,
            {FILES: "files.example"},
            f"the URL in server_urls for {FILES} is not an absolute http or https URL;"
            " expected something like https://host/path",
        ),
        (
            WITH_FILES,
            {FOLDER: "https://me:word@b.example"},
            "the URL in server_urls for ./v2 must not hold a user name or password;"
            " expected something like https://host/path",
        ),
    ],
)
def test_only_servers_of_operations_are_moved_and_only_to_addresses(
    class_: Class, api: core.Api, moved: dict[str, str], problem: str
) -> None:
    with pytest.raises(ValueError) as caught:
        class_(api, api_key="k", server_urls=moved)
    with pytest.raises(ValueError) as caught_later:
        class_(api, api_key="k").with_options(server_urls=moved)
    assert str(caught.value) == str(caught_later.value) == problem


def test_base_url_is_not_needed_by_operations_with_an_absolute_server(server: Loopback, call: Call) -> None:
    server.reply(204)
    api = replace(API, server="/v1", own_servers=(server.url,))
    settings = {"api": api, "base_url": None}
    call("call", replace(DELETE_RUN, server=server.url), client=settings, run_id="1")
    assert server.last.target == "/runs/1"
    for own, name in (("", "delete_run"), (FOLDER, "delete_run")):
        with pytest.raises(ValueError) as caught:
            call("call", replace(DELETE_RUN, server=own), client=settings, run_id="1")
        assert str(caught.value) == f"base_url is needed by {name}: {NOWHERE}"
    call("call", replace(DELETE_RUN, server="./v2"), client=settings, options={"base_url": server.url}, run_id="2")
    assert server.last.target == "/v2/runs/2"
    assert len(server.requests) == 2


@CLASSES
def test_base_url_is_asked_for_where_servers_of_operations_are_relative(class_: Class) -> None:
    with pytest.raises(ValueError) as caught:
        class_(replace(API, server="/v1", own_servers=(FOLDER,)), api_key="k")
    assert str(caught.value) == f"base_url is needed: {NOWHERE}"
    relative = replace(API, server="/v1", own_servers=(FOLDER,))
    client = class_(relative, api_key="k", server_urls={FOLDER: "https://b.example"})
    assert (client.base_url, repr(client)) == ("", f"<{class_.__name__}>")


def test_credentials_do_not_travel_to_servers_of_operations_in_clear_text(make: Make) -> None:
    url = "http://files.example.invalid"
    message = (
        f"ExampleClient would send a credential in clear text to {url}: use https, or pass allow_insecure_http=True"
    )
    with pytest.raises(core.CredentialsError) as caught:
        make(WITH_FILES, api_key="k", server_urls={FILES: url})
    assert str(caught.value) == message
    with pytest.raises(core.CredentialsError) as caught_later:
        make(WITH_FILES, api_key="k").with_options(server_urls={FILES: url})
    assert str(caught_later.value) == message
    with pytest.raises(core.CredentialsError) as caught_by_the_call:
        make(replace(API, own_servers=(url,)), api_key="k").call(replace(DELETE_RUN, server=url), run_id="1")
    assert str(caught_by_the_call.value) == message
