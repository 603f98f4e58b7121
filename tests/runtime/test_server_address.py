"""Where requests go: the documented server, its variables, or base_url."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback
from tests.runtime.example_api import API, DELETE_RUN, AsyncExampleClient, ExampleClient

Make = Callable[..., ExampleClient]
Class: TypeAlias = type[ExampleClient] | type[AsyncExampleClient]
CLASSES = pytest.mark.parametrize("class_", [ExampleClient, AsyncExampleClient])

REGIONS = replace(
    API,
    server="https://{region}.example.com/{stage}",
    variables=(
        core.ServerVariable("region", argument="region", default="eu"),
        core.ServerVariable("stage", argument="stage", default="v1", enum=("v1", "v2")),
    ),
)


def test_the_documented_server_is_the_default() -> None:
    assert repr(ExampleClient(api_key="k")) == "<ExampleClient https://api.example.com/v1>"


@CLASSES
def test_a_client_tells_its_address(class_: Class) -> None:
    assert class_(api_key="k").base_url == "https://api.example.com/v1"
    assert class_(REGIONS, api_key="k", region="us").base_url == "https://us.example.com/v1"
    client = class_(api_key="k", base_url="https://own.example/x/")
    assert client.base_url == "https://own.example/x"
    with pytest.raises(AttributeError):
        client.base_url = "https://other.example"  # type: ignore[misc]  # which is what is tested


def test_trailing_slashes_do_not_matter(server: Loopback, make: Make) -> None:
    server.reply(204)
    make(api_key="k", base_url=f"{server.url}/v2//").delete_run("1")
    assert server.last.target == "/v2/runs/1"


def test_variables_have_defaults_and_arguments() -> None:
    assert repr(ExampleClient(REGIONS, api_key="k")) == "<ExampleClient https://eu.example.com/v1>"
    assert repr(ExampleClient(REGIONS, api_key="k", region="us", stage="v2")).endswith("us.example.com/v2>")


def test_a_variable_can_be_the_whole_server() -> None:
    api = replace(
        API, server="{root}", variables=(core.ServerVariable("root", argument="root", default="https://d.ai"),)
    )
    assert repr(ExampleClient(api, api_key="k")) == "<ExampleClient https://d.ai>"
    assert (
        repr(ExampleClient(api, api_key="k", root="https://own.example/x/")) == "<ExampleClient https://own.example/x>"
    )


def test_a_variable_keeps_to_its_documented_values() -> None:
    with pytest.raises(ValueError, match="stage is 'v3', but must be one of: v1, v2"):
        ExampleClient(REGIONS, api_key="k", stage="v3")


@pytest.mark.parametrize("region", ["evil.example/", "evil.example#", "user@evil.example", "evil.example:1", "a\\b"])
def test_a_variable_cannot_move_the_request_to_another_host(region: str) -> None:
    with pytest.raises(ValueError, match="region is part of a host name, and cannot be"):
        ExampleClient(REGIONS, api_key="k", region=region)


def test_a_variable_that_begins_the_path_stays_out_of_the_host() -> None:
    variable = core.ServerVariable("base", argument="base", default="/v1")
    api = replace(API, server="https://api.example.com{base}", variables=(variable,))
    assert repr(ExampleClient(api, api_key="k")) == "<ExampleClient https://api.example.com/v1>"
    assert repr(ExampleClient(api, api_key="k", base="/v2/x")) == "<ExampleClient https://api.example.com/v2/x>"
    for suffix in (".evil.example", "@evil.example", ":1"):
        with pytest.raises(ValueError, match="base is part of a host name, and cannot be"):
            ExampleClient(api, api_key="k", base=suffix)


def test_base_url_and_a_variable_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="base_url replaces the whole address: leave out region"):
        ExampleClient(REGIONS, api_key="k", region="eu", base_url="https://x.example")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "is not an absolute http or https URL"),
        ("api.example.com", "is not an absolute http or https URL"),
        ("/v1", "is not an absolute http or https URL"),
        ("ftp://x.example", "is not an absolute http or https URL"),
        ("https://", "is not an absolute http or https URL"),
        ("https://x.example:port", "is not a URL"),
        ("https://x.example?", "must not have a query or a fragment"),
        ("https://x.example/a?b=c", "must not have a query or a fragment"),
        ("https://x.example/#a", "must not have a query or a fragment"),
        ("https://me:word@x.example", "must not hold a user name or password"),
        ("https://x.example /", "holds a space, backslash or control character"),
        ("https://x.example\\@y.example", "holds a space, backslash or control character"),
        ("https://x.example\n", "holds a space, backslash or control character"),
    ],
)
def test_base_url_must_be_a_plain_address(url: str, problem: str) -> None:
    with pytest.raises(ValueError) as caught:
        ExampleClient(api_key="k", base_url=url)
    assert str(caught.value) == f"base_url {problem}; expected something like https://host/path"
    with pytest.raises(ValueError) as caught_later:
        ExampleClient(api_key="k").with_options(base_url=url)
    assert str(caught_later.value) == str(caught.value)


@pytest.mark.parametrize(("documented", "says"), [("", "no server"), ("/api/v3", "only '/api/v3'")])
def test_base_url_is_asked_for_where_the_api_names_no_server(documented: str, says: str) -> None:
    api = replace(API, server=documented)
    with pytest.raises(ValueError) as caught:
        ExampleClient(api, api_key="k")
    assert str(caught.value) == f"base_url is needed: workflow-client-example's API documents {says}"
    ExampleClient(api, api_key="k", base_url="https://x.example")


def test_a_copy_can_have_another_server(server: Loopback, call: Callable[..., Any]) -> None:
    server.reply(204)
    call(
        "delete_run", "1", client={"base_url": "https://api.example.invalid"}, options={"base_url": server.url + "/b/"}
    )
    assert server.last.target == "/b/runs/1"
    assert server.last.headers["x-api-key"] == "secret-key"
    elsewhere = replace(DELETE_RUN, server="https://files.example.invalid")
    call("call", elsewhere, run_id="2", client={"base_url": None}, options={"base_url": server.url})
    assert server.last.target == "/runs/2", "as with the constructor's, operations have no server of their own"


@CLASSES
def test_the_server_of_a_copy_is_its_own(class_: Class) -> None:
    client = class_(REGIONS, api_key="k", region="us")
    copy = client.with_options(base_url="https://own.example/")
    assert (client.base_url, copy.base_url) == ("https://us.example.com/v1", "https://own.example")
    assert copy.with_options(timeout=5).base_url == "https://own.example"


def test_an_operation_may_have_a_server_of_its_own(server: Loopback, make: Make) -> None:
    server.reply(204)
    client = make(replace(API, security=((),)), base_url=None)
    client.call(replace(DELETE_RUN, security=(), server=f"{server.url}/files/"), run_id="1")
    assert server.last.target == "/files/runs/1"


def test_base_url_holds_for_operations_with_a_server_of_their_own(server: Loopback, make: Make) -> None:
    server.reply(204)
    client = make(api_key="k")
    client.call(replace(DELETE_RUN, server="https://files.example.invalid"), run_id="1")
    assert server.last.target == "/runs/1"


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_time_limit_is_a_positive_number_of_seconds(timeout: float) -> None:
    with pytest.raises(ValueError, match="must be a number of seconds above zero"):
        ExampleClient(api_key="k", timeout=timeout)
