"""Which credential is sent: argument over environment, the first alternative of an operation, and clear refusals."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback
from tests.runtime.example_api import ANY, API, DELETE_RUN, GET_RUN, AsyncExampleClient, ExampleClient

Call = Callable[..., Any]
Make = Callable[..., ExampleClient]


@pytest.mark.parametrize(
    ("argument", "value", "header", "sent"),
    [
        ("api_key", "k-1", "x-api-key", "k-1"),
        ("access_token", "t-1", "authorization", "Bearer t-1"),
        ("session", "s-1==", "cookie", "sid=s-1=="),
    ],
)
def test_a_credential_goes_where_the_api_wants_it(
    server: Loopback, argument: str, value: str, header: str, sent: str
) -> None:
    server.reply(204)
    with ExampleClient(base_url=server.url, **{argument: value}) as client:
        client.delete_run("1")
    assert server.last.headers[header] == sent
    assert {"x-api-key", "authorization", "cookie"} & server.last.headers.keys() == {header}


def test_a_query_credential_is_percent_encoded(server: Loopback) -> None:
    server.reply(204)
    with ExampleClient(base_url=server.url, query_key="a b&c=ü") as client:
        client.delete_run("1")
    assert server.last.target == "/runs/1?key=a%20b%26c%3D%C3%BC"


def test_basic_authentication_is_encoded(server: Loopback) -> None:
    server.reply(204)
    with ExampleClient(base_url=server.url, login="jü:pass:word") as client:
        client.delete_run("1")
    kind, token = server.last.headers["authorization"].split()
    assert (kind, b64decode(token).decode()) == ("Basic", "jü:pass:word")


def test_the_environment_is_read_when_the_client_is_made(
    server: Loopback, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXAMPLE_ACCESS_TOKEN", "from-env")
    server.reply(204)
    call("delete_run", "1", client={"api_key": None})
    assert server.last.headers["authorization"] == "Bearer from-env"


def test_an_argument_wins_over_its_own_environment_variable(
    server: Loopback, monkeypatch: pytest.MonkeyPatch, make: Make
) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", "from-env")
    server.reply(204)
    make(api_key="given").delete_run("1")
    assert server.last.headers["x-api-key"] == "given"


def test_an_argument_wins_over_another_alternative_in_the_environment(
    server: Loopback, monkeypatch: pytest.MonkeyPatch, make: Make
) -> None:
    monkeypatch.setenv("EXAMPLE_ACCESS_TOKEN", "from-env")
    server.reply(204)
    make(api_key="given").delete_run("1")
    assert server.last.headers["x-api-key"] == "given"
    assert "authorization" not in server.last.headers


def test_none_given_names_everything_that_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", "")  # empty counts as not given
    with pytest.raises(core.CredentialsError) as caught:
        ExampleClient()
    assert str(caught.value) == (
        "ExampleClient needs a credential: pass api_key= (or set EXAMPLE_API_KEY), or access_token="
        " (or set EXAMPLE_ACCESS_TOKEN), or query_key= (or set EXAMPLE_QUERY_KEY), or session="
        " (or set EXAMPLE_SESSION), or login= (or set EXAMPLE_LOGIN)"
    )


ORDERS = pytest.mark.parametrize(
    ("security", "sent"),
    [
        ((("Key",), ("Bearer",)), {"x-api-key": "k-1"}),
        ((("Bearer",), ("Key",)), {"authorization": "Bearer t-1"}),
        (((), ("Bearer",), ("Key",)), {"authorization": "Bearer t-1"}),
        ((("Cookie",), ("Key", "Query"), ("Bearer",), ("Key",)), {"authorization": "Bearer t-1"}),
        ((("Key", "Cookie"), ("Key", "Bearer"), ("Key",)), {"x-api-key": "k-1", "authorization": "Bearer t-1"}),
        ((("Key",), ("Key", "Bearer")), {"x-api-key": "k-1"}),
    ],
    ids=str,
)


@ORDERS
def test_of_several_alternatives_the_first_that_is_complete_is_sent(
    server: Loopback, call: Call, security: core.Security, sent: dict[str, str]
) -> None:
    server.reply(204)
    client = {"api": replace(API, security=(security,)), "api_key": "k-1", "access_token": "t-1"}
    call("call", replace(DELETE_RUN, security=security), client=client, run_id="1")
    assert credentials_sent(server) == sent


@ORDERS
def test_so_it_is_with_several_in_the_environment(
    server: Loopback, call: Call, security: core.Security, sent: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", "k-1")
    monkeypatch.setenv("EXAMPLE_ACCESS_TOKEN", "t-1")
    server.reply(204)
    client = {"api": replace(API, security=(security,)), "api_key": None}
    call("call", replace(DELETE_RUN, security=security), client=client, run_id="1")
    assert credentials_sent(server) == sent


def credentials_sent(server: Loopback) -> dict[str, str]:
    assert "?" not in server.last.target
    return {
        name: server.last.headers[name]
        for name in ("x-api-key", "authorization", "cookie")
        if name in server.last.headers
    }


def test_an_operation_without_the_first_alternative_sends_another_one(server: Loopback, call: Call) -> None:
    api = replace(API, security=(ANY, (("Bearer",),)))
    server.reply(204)
    client = {"api": api, "api_key": "k-1", "access_token": lambda: "t-1"}
    call("call", replace(DELETE_RUN, security=(("Bearer",),)), client=client, run_id="1")
    assert credentials_sent(server) == {"authorization": "Bearer t-1"}
    call("call", replace(DELETE_RUN, security=(("Bearer",), ("Key",))), client=client, run_id="1")
    assert credentials_sent(server) == {"authorization": "Bearer t-1"}


@pytest.mark.parametrize("token", ["Bearer t-1", "bearer t-1", "BEARER   t-1", "Bearer bearer t-1"])
@pytest.mark.parametrize("source", ["text", "function", "environment"])
def test_a_token_may_begin_with_bearer(
    server: Loopback, call: Call, token: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if source == "environment":
        monkeypatch.setenv("EXAMPLE_ACCESS_TOKEN", token)
    server.reply(401, {"message": f"unknown: {token} (t-1)"})
    given = {"text": token, "function": lambda: token, "environment": None}[source]
    with pytest.raises(core.Unauthorized) as caught:
        call("delete_run", "1", client={"api_key": None, "access_token": given})
    assert server.last.headers["authorization"] == "Bearer t-1"
    assert "t-1" not in str(caught.value)


@pytest.mark.parametrize("token", ["bearer", "bearer-t-1", "t-1 Bearer x"])
def test_what_only_looks_like_the_word_bearer_is_a_token(server: Loopback, call: Call, token: str) -> None:
    server.reply(204)
    call("delete_run", "1", client={"api_key": None, "access_token": token})
    assert server.last.headers["authorization"] == f"Bearer {token}"


@pytest.mark.parametrize("key", ["Bearer t-1", "Token t-1", "t-1"])
def test_a_key_in_authorization_is_sent_as_it_is_given(server: Loopback, call: Call, key: str) -> None:
    api = replace(API, credentials=(core.Credential("Key", "api_key", "", "header", "Authorization"),))
    server.reply(204)
    call("delete_run", "1", client={"api": api, "api_key": key})
    assert server.last.headers["authorization"] == key


BOTH = replace(API, security=((("Key", "Bearer"),),))


def test_a_combination_is_sent_together(server: Loopback, make: Make) -> None:
    operation = replace(DELETE_RUN, security=(("Key", "Bearer"),))
    server.reply(204)
    make(BOTH, api_key="k", access_token="t").call(operation, run_id="1")
    assert server.last.headers["x-api-key"] == "k"
    assert server.last.headers["authorization"] == "Bearer t"


def test_half_a_combination_is_not_enough() -> None:
    with pytest.raises(core.CredentialsError) as caught:
        ExampleClient(BOTH, api_key="k")
    assert str(caught.value) == (
        "ExampleClient needs a credential: pass api_key= (or set EXAMPLE_API_KEY) together with access_token="
        " (or set EXAMPLE_ACCESS_TOKEN)"
    )


@pytest.mark.parametrize("security", [(), ((),)])
def test_a_public_api_needs_and_sends_nothing(server: Loopback, security: core.Security, make: Make) -> None:
    server.reply(204)
    client = make(replace(API, security=(security,)), api_key="k-1")
    client.call(replace(DELETE_RUN, security=security), run_id="1")
    assert "x-api-key" not in server.last.headers


def test_a_credential_is_preferred_to_the_anonymous_alternative(server: Loopback, make: Make) -> None:
    security: core.Security = ((), ("Key",))
    api, operation = replace(API, security=(security,)), replace(DELETE_RUN, security=security)
    server.reply(204)
    make(api, api_key="k-1").call(operation, run_id="1")
    assert server.last.headers["x-api-key"] == "k-1"
    make(api).call(operation, run_id="1")
    assert "x-api-key" not in server.last.headers


def test_where_some_operations_are_public_the_others_complain_when_called(server: Loopback, call: Call) -> None:
    client = {"api": replace(API, security=(ANY, ())), "api_key": None}
    server.reply(204)
    call("call", replace(DELETE_RUN, security=()), client=client, run_id="1")
    with pytest.raises(core.CredentialsError, match=r"ExampleClient\.get_run needs a credential") as caught:
        call("get_run", "1", client=client)
    assert caught.value.operation == "get_run"
    assert len(server.requests) == 1


def test_operations_may_take_different_credentials(server: Loopback, make: Make) -> None:
    api = replace(API, security=((("Key",),), (("Bearer",),)))
    client = make(api, access_token="t-1")
    server.reply(204)
    client.call(replace(DELETE_RUN, security=(("Bearer",),)), run_id="1")
    with pytest.raises(core.CredentialsError, match="pass api_key="):
        client.call(replace(DELETE_RUN, security=(("Key",),)), run_id="1")
    with pytest.raises(core.CredentialsError, match=r"pass api_key=.*, or access_token="):
        ExampleClient(api)


MALFORMED = [
    ("api_key", "bad\r\nX-Evil: 1", "holds a control character, such as a line end"),
    ("api_key", "bad\x00key", "holds a control character, such as a line end"),
    ("query_key", "bad\x85key", "holds a control character, such as a line end"),
    ("access_token", "badkey\n", "holds a control character, such as a line end"),
    ("access_token", "badkey ", "begins or ends with a blank"),
    ("api_key", "bädkey", "holds a character that is not ASCII, which a header cannot carry"),
    ("session", "bad;key", "holds a character that a cookie cannot carry"),
    ("login", "badkey", "must have the form user:password"),
    ("query_key", "bad\udce9key", "holds bytes that are not UTF-8"),
]


@pytest.mark.parametrize(("argument", "value", "problem"), MALFORMED)
def test_what_cannot_be_sent_is_refused_without_being_shown(argument: str, value: str, problem: str) -> None:
    with pytest.raises(core.CredentialsError) as caught:
        ExampleClient(**{argument: value})
    assert str(caught.value) == f"ExampleClient: {argument} {problem}"


def test_what_cannot_be_sent_from_the_environment_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", "badkey\n")
    with pytest.raises(core.CredentialsError) as caught:
        ExampleClient()
    assert str(caught.value) == (
        "ExampleClient cannot use the credential in EXAMPLE_API_KEY: it holds a control character, such as a line end"
    )


def test_an_empty_argument_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", "k-1")
    with pytest.raises(core.CredentialsError, match="api_key is empty; leave it out to use EXAMPLE_API_KEY"):
        ExampleClient(api_key="")


def test_a_credential_is_text() -> None:
    with pytest.raises(core.CredentialsError, match="api_key must be a str, not bytes"):
        ExampleClient(api_key=b"k-1")


TENANTED = replace(API, globals=(core.Global(argument="tenant", environment="EXAMPLE_TENANT", required=True),))


def test_a_global_fills_its_parameter(server: Loopback, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    server.reply(200, {"id": "1"})
    call("get_run", "1", client={"api": TENANTED, "tenant": "acme"})
    assert server.last.headers["x-tenant"] == "acme"
    monkeypatch.setenv("EXAMPLE_TENANT", "from-env")
    call("get_run", "1", client={"api": TENANTED})
    assert server.last.headers["x-tenant"] == "from-env"


def test_an_optional_global_may_be_left_out(server: Loopback, call: Call) -> None:
    server.reply(200, {"id": "1"})
    call("get_run", "1")
    assert "x-tenant" not in server.last.headers


def test_a_required_global_is_asked_for() -> None:
    with pytest.raises(core.CredentialsError) as caught:
        ExampleClient(TENANTED, api_key="k-1")
    assert str(caught.value) == "ExampleClient needs tenant: pass tenant= (or set EXAMPLE_TENANT)"


@pytest.mark.parametrize(
    ("tenant", "problem"),
    [("", "is empty"), ("a\nb", "holds a control character"), (5, "must be a str, not int")],
)
def test_a_global_must_be_fit_to_be_sent(tenant: Any, problem: str) -> None:
    with pytest.raises(core.CredentialsError, match=f"ExampleClient: tenant {problem}"):
        ExampleClient(api_key="k-1", tenant=tenant)
    with pytest.raises(core.CredentialsError, match=f"AsyncExampleClient: tenant {problem}"):
        AsyncExampleClient(api_key="k-1").with_options(globals={"tenant": tenant})


def test_a_copy_can_have_other_globals(server: Loopback, call: Call) -> None:
    server.reply(200, {"id": "1"})
    for client in ({"tenant": "acme"}, {}):
        call("get_run", "1", client=client, options={"globals": {"tenant": "other"}})
        assert server.last.headers["x-tenant"] == "other"
    call("get_run", "1", client={"tenant": "acme"}, options={"globals": {}})
    assert server.last.headers["x-tenant"] == "acme"


@pytest.mark.parametrize("class_", [ExampleClient, AsyncExampleClient])
def test_a_client_tells_its_globals(
    class_: type[ExampleClient] | type[AsyncExampleClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert class_(api_key="k-1").globals == {}
    api = replace(API, globals=(*API.globals, core.Global("region")))
    client = class_(api, api_key="k-1", tenant="acme", region="eu")
    copy = client.with_options(globals={"tenant": "other"})
    assert client.globals == {"tenant": "acme", "region": "eu"}
    assert copy.globals == {"tenant": "other", "region": "eu"}
    with pytest.raises(TypeError):
        client.globals["tenant"] = "mine"  # type: ignore[index]  # which is what is tested
    with pytest.raises(AttributeError):
        client.globals = {}  # type: ignore[misc]  # which is what is tested
    monkeypatch.setenv("EXAMPLE_TENANT", "from-env")
    assert class_(api_key="k-1").globals == {"tenant": "from-env"}


@pytest.mark.parametrize(("entries", "known"), [(API.globals, "tenant"), ((), "none")])
def test_a_global_of_another_name_is_a_mistake(entries: tuple[core.Global, ...], known: str) -> None:
    client = ExampleClient(replace(API, globals=entries), api_key="k-1")
    with pytest.raises(TypeError) as caught:
        client.with_options(globals={"tenent": "acme"})
    assert str(caught.value) == f"ExampleClient has no global 'tenent'; there are: {known}"


@pytest.mark.parametrize(
    "url",
    [
        *("http://api.example.com", "http://localhost.example.com", "http://127.0.0.1.example.com", "http://10.0.0.1"),
        # Digits of other scripts, and what is an address only for some resolvers.
        *("http://127.0.0.\u0967", "http://\uff1127.0.0.1", "http://127.300.0.1", "http://127.0.0.01", "http://[::2]"),
    ],
)
def test_credentials_do_not_travel_in_clear_text(url: str) -> None:
    with pytest.raises(core.CredentialsError) as caught:
        ExampleClient(api_key="k-1", base_url=url)
    assert str(caught.value) == (
        f"ExampleClient would send a credential in clear text to {url}: use https, or pass allow_insecure_http=True"
    )
    ExampleClient(api_key="k-1", base_url=url, allow_insecure_http=True)
    with pytest.raises(core.CredentialsError) as caught_later:
        AsyncExampleClient(api_key="k-1").with_options(base_url=url)
    assert str(caught_later.value) == f"Async{caught.value}"
    ExampleClient(api_key="k-1", allow_insecure_http=True).with_options(base_url=url)


@pytest.mark.parametrize(
    "url", ["http://LocalHost:8000", "http://127.8.9.1/x", "http://[::1]:1", "http://[0:0::1]", "https://10.0.0.1"]
)
def test_loopback_and_https_are_fit_for_credentials(url: str) -> None:
    ExampleClient(api_key="k-1", base_url=url)


def test_a_public_call_may_use_plain_http_but_one_with_a_credential_may_not(make: Make) -> None:
    url = "http://api.example.invalid"
    api = replace(API, security=(ANY, ()))
    for client in (make(api, api_key="k-1", base_url=url), make(api, api_key="k-1").with_options(base_url=url)):
        with pytest.raises(core.CredentialsError, match="in clear text"):
            client.call(GET_RUN, run_id="1")
        with pytest.raises(core.ConnectionFailed):
            client.call(replace(GET_RUN, security=()), run_id="1")
