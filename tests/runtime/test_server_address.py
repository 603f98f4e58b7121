"""Where requests go: the documented server, its variables, or base_url."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest
import workflow_client_core as core
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from workflow_client_core._request.server import base_url as resolved

from tests.loopback import Loopback
from tests.runtime.example_api import API, DELETE_RUN, AsyncExampleClient, ExampleClient

Call = Callable[..., Any]
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


def test_a_default_need_not_be_among_the_documented_values() -> None:
    variable = core.ServerVariable("region", argument="region", default="eu", enum=("us", "de"))
    api = replace(API, server="https://{region}.example.com", variables=(variable,))
    assert ExampleClient(api, api_key="k").base_url == "https://eu.example.com"


ADDRESS = ("https://{address}", {"address": "garden.example/v1"})
PARTS = (
    "{protocol}://{host}:{port}{base}",
    {"protocol": "https", "host": "garden.example", "port": "8443", "base": "/v1"},
)
REGION = ("https://{region}.garden.example/{base}", {"region": "eu", "base": ""})
SUFFIX = ("https://garden.example{base}", {"base": "/v1"})
PORT = ("https://garden.example{port}{base}", {"port": "", "base": ""})
PREFIX = ("https://{stage}api.garden.example", {"stage": "test."})
NESTED = ("https://garden.example/{a}/{b}", {"a": "{b}", "b": "x"})
Template: TypeAlias = tuple[str, dict[str, str]]


def at(template: Template) -> core.Api:
    """The API at a server with these variables and defaults."""
    url, defaults = template
    variables = tuple(core.ServerVariable(name, argument=name, default=default) for name, default in defaults.items())
    return replace(API, server=url, variables=variables)


@CLASSES
@pytest.mark.parametrize(
    ("template", "given", "url"),
    [
        (ADDRESS, {}, "https://garden.example/v1"),
        (ADDRESS, {"address": "10.0.0.1:8080/api/"}, "https://10.0.0.1:8080/api"),
        (ADDRESS, {"address": "[::1]:1"}, "https://[::1]:1"),
        (PARTS, {}, "https://garden.example:8443/v1"),
        (PARTS, {"host": "beds.example", "base": ""}, "https://beds.example:8443"),
        (PARTS, {"protocol": "http", "host": "127.0.0.1", "port": 80}, "http://127.0.0.1:80/v1"),
        (REGION, {}, "https://eu.garden.example"),
        (REGION, {"base": "a/b"}, "https://eu.garden.example/a/b"),
        (REGION, {"region": "eu_1.test"}, "https://eu_1.test.garden.example"),
        (SUFFIX, {"base": "/v2/x"}, "https://garden.example/v2/x"),
        (SUFFIX, {"base": ""}, "https://garden.example"),
        (PORT, {"port": ":8443"}, "https://garden.example:8443"),
        (PORT, {"base": "/v1"}, "https://garden.example/v1"),
        (PREFIX, {"stage": ""}, "https://api.garden.example"),
        (NESTED, {}, "https://garden.example/{b}/x"),
    ],
)
def test_variables_are_replaced_as_text(class_: Class, template: Template, given: dict[str, object], url: str) -> None:
    assert class_(at(template), api_key="k", **given).base_url == url


@CLASSES
@pytest.mark.parametrize(
    ("template", "given", "problem"),
    [
        (ADDRESS, {"address": "me:word@garden.example"}, "{URL} address must not hold a user name or password{LIKE}"),
        (ADDRESS, {"address": "garden.example?a=b"}, "{URL} address must not have a query or a fragment{LIKE}"),
        (ADDRESS, {"address": ""}, "{URL} address is not an absolute http or https URL{LIKE}"),
        (
            ADDRESS,
            {"address": "https://x.example"},
            "address follows 'https://' in the server's URL: leave out the scheme",
        ),
        (REGION, {"region": "evil.example#"}, "{URL} region must not have a query or a fragment{LIKE}"),
        (REGION, {"region": "me@evil.example"}, "{URL} region must not hold a user name or password{LIKE}"),
        (REGION, {"region": "evil.example:1"}, "{URL} region is not a URL{LIKE}"),
        (REGION, {"region": "a\\b"}, "{URL} region holds a space, backslash or control character{LIKE}"),
        (
            REGION,
            {"region": "evil.example/"},
            "region is part of a host name that goes on with '.garden.example', and cannot hold a slash",
        ),
        (REGION, {"region": ""}, "region is part of a host name, and cannot be empty; leave it out to use 'eu'"),
        (REGION, {"region": "eu", "base": "x?"}, "{URL} region and base must not have a query or a fragment{LIKE}"),
        (SUFFIX, {"base": ".evil.example"}, "base follows the host name, and must begin with a slash or a colon"),
        (SUFFIX, {"base": "@evil.example"}, "{URL} base must not hold a user name or password{LIKE}"),
        (PORT, {"port": ".evil.example"}, "port follows the host name, and must begin with a slash or a colon"),
        (
            PARTS,
            {"host": "evil.example/"},
            "host is part of a host name that goes on with ':8443', and cannot hold a slash",
        ),
        (PARTS, {"port": "1@evil.example"}, "{URL} port must not hold a user name or password{LIKE}"),
        (PARTS, {"protocol": "ftp"}, "{URL} protocol is not an absolute http or https URL{LIKE}"),
        (
            PARTS,
            {"protocol": "https://evil.example/"},
            "protocol is the scheme of the server's URL, and must be http or https",
        ),
    ],
)
def test_a_value_gives_a_server_and_leaves_the_host_where_it_is(
    class_: Class, template: Template, given: dict[str, object], problem: str
) -> None:
    with pytest.raises(ValueError) as caught:
        class_(at(template), api_key="k", **given)
    texts = {"URL": "the server's URL with the given", "LIKE": "; expected something like https://host/path"}
    assert str(caught.value) == problem.format(**texts)


def test_a_variable_may_lead_to_plain_http_on_this_machine_only() -> None:
    assert (
        ExampleClient(at(PARTS), api_key="k", protocol="http", host="localhost").base_url == "http://localhost:8443/v1"
    )
    with pytest.raises(core.CredentialsError, match=r"in clear text to http://garden\.example:8443/v1"):
        ExampleClient(at(PARTS), api_key="k", protocol="http")


def test_base_url_and_a_variable_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="base_url replaces the whole address: leave out region"):
        ExampleClient(REGIONS, api_key="k", region="eu", base_url="https://x.example")


BAD_URLS = [
    ("api.example.com", "is not an absolute http or https URL"),
    ("/v1", "is not an absolute http or https URL"),
    ("ftp://x.example", "is not an absolute http or https URL"),
    ("https://", "is not an absolute http or https URL"),
    ("https://x.example:port", "is not a URL"),
    ("https://x.example/100%", "holds a percent sign that begins no escape, such as %2F"),
    ("https://user:/word@x.example", "must not hold a user name or password"),
    ("https://x.example/%zz", "holds a percent sign that begins no escape, such as %2F"),
    ("https://x.example/\udcff", "holds half of a surrogate pair"),
    ("https://x.example?", "must not have a query or a fragment"),
    ("https://x.example/a?b=c", "must not have a query or a fragment"),
    ("https://x.example/#a", "must not have a query or a fragment"),
    ("https://me:word@x.example", "must not hold a user name or password"),
    ("https://x.example /", "holds a space, backslash or control character"),
    ("https://x.example\\@y.example", "holds a space, backslash or control character"),
    ("https://x.example\n", "holds a space, backslash or control character"),
]


@pytest.mark.parametrize(("url", "problem"), [("", "is not an absolute http or https URL"), *BAD_URLS])
def test_base_url_must_be_a_plain_address(url: str, problem: str) -> None:
    with pytest.raises(ValueError) as caught:
        ExampleClient(api_key="k", base_url=url)
    assert str(caught.value) == f"base_url {problem}; expected something like https://host/path"
    with pytest.raises(ValueError) as caught_later:
        ExampleClient(api_key="k").with_options(base_url=url)
    assert str(caught_later.value) == str(caught.value)


@CLASSES
def test_base_url_may_be_in_the_environment(class_: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_BASE_URL", "HTTPS://own.example/x//")
    client = class_(api_key="k")
    assert client.base_url == "https://own.example/x"
    assert class_(api_key="k", base_url="https://b.example").base_url == "https://b.example"
    assert client.with_options(base_url="https://c.example").base_url == "https://c.example"
    assert class_(replace(API, server=""), api_key="k").base_url == "https://own.example/x"
    assert class_(replace(API, base_url_environment=""), api_key="k").base_url == API.server
    monkeypatch.setenv("EXAMPLE_BASE_URL", "")
    assert class_(api_key="k").base_url == API.server
    assert client.base_url == "https://own.example/x"


@CLASSES
def test_base_url_of_the_environment_replaces_the_whole_address(class_: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_BASE_URL", "https://own.example")
    assert class_(REGIONS, api_key="k").base_url == "https://own.example"
    # What callers pass goes before the environment.
    assert class_(REGIONS, api_key="k", region="us").base_url == "https://us.example.com/v1"


def test_requests_go_to_the_base_url_of_the_environment(
    server: Loopback, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reply(204)
    monkeypatch.setenv("EXAMPLE_BASE_URL", f"{server.url}/v2/")
    call("delete_run", "1", client={"base_url": None})
    call("call", replace(DELETE_RUN, server="./files"), client={"base_url": None}, run_id="1")
    assert [request.target for request in server.requests] == ["/v2/runs/1", "/v2/files/runs/1"]


@CLASSES
@pytest.mark.parametrize(("url", "problem"), BAD_URLS)
def test_base_url_of_the_environment_must_be_a_plain_address_too(
    class_: Class, url: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXAMPLE_BASE_URL", url)
    with pytest.raises(ValueError) as caught:
        class_(api_key="k")
    text = f"the URL in the environment variable EXAMPLE_BASE_URL {problem}; expected something like https://host/path"
    assert str(caught.value) == text
    assert class_(api_key="k", base_url="https://x.example").base_url == "https://x.example"


ADDRESSES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "https://", "HTTP://me:s3cret@"]),
    st.text(max_size=8),
    st.text("/:?#@%. a", max_size=5),
)


@given(ADDRESSES.filter(bool))
def test_base_url_of_the_environment_is_what_the_argument_would_be(url: str) -> None:
    def outcome(argument: str | None, environment: Mapping[str, str], name: str) -> str:
        try:
            return resolved(REGIONS, {}, argument, environment, {})
        except ValueError as error:
            return str(error).removeprefix(name)

    variable = API.base_url_environment
    from_environment = outcome(None, {variable: url}, f"the URL in the environment variable {variable}")
    assert from_environment == outcome(url, {variable: "https://other.example"}, "base_url")
    assert "s3cret" not in from_environment


@CLASSES
def test_credentials_do_not_travel_to_the_base_url_of_the_environment_in_clear_text(
    class_: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXAMPLE_BASE_URL", "http://own.example/x")
    with pytest.raises(core.CredentialsError) as caught:
        class_(api_key="k")
    assert str(caught.value) == (
        f"{class_.__name__} would send a credential in clear text to http://own.example/x:"
        " use https, or pass allow_insecure_http=True"
    )
    assert class_(api_key="k", allow_insecure_http=True).base_url == "http://own.example/x"


@pytest.mark.parametrize(
    ("documented", "says"), [("", "no server"), ("/api/v3", "only '/api/v3'"), ("https:///v1", "only 'https:///v1'")]
)
def test_base_url_is_asked_for_where_the_api_names_no_server(documented: str, says: str) -> None:
    api = replace(API, server=documented)
    with pytest.raises(ValueError) as caught:
        ExampleClient(api, api_key="k")
    message = f"base_url is needed: workflow-client-example's API documents {says}"
    assert str(caught.value) == f"{message}; pass base_url= (or set EXAMPLE_BASE_URL)"
    with pytest.raises(ValueError) as caught_without_a_variable:
        ExampleClient(replace(api, base_url_environment=""), api_key="k")
    assert str(caught_without_a_variable.value) == message
    ExampleClient(api, api_key="k", base_url="https://x.example")


def test_a_copy_can_have_another_server(server: Loopback, call: Call) -> None:
    server.reply(204)
    call(
        "delete_run", "1", client={"base_url": "https://api.example.invalid"}, options={"base_url": server.url + "/b/"}
    )
    assert server.last.target == "/b/runs/1"
    assert server.last.headers["x-api-key"] == "secret-key"


@CLASSES
def test_the_server_of_a_copy_is_its_own(class_: Class) -> None:
    client = class_(REGIONS, api_key="k", region="us")
    copy = client.with_options(base_url="https://own.example/")
    assert (client.base_url, copy.base_url) == ("https://us.example.com/v1", "https://own.example")
    assert copy.with_options(timeout=5).base_url == "https://own.example"
