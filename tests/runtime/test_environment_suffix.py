"""Several accounts in the environment: clients that are made in a block read variables with a suffix.

Only the server may be that of every client.
"""

from __future__ import annotations

import threading
from typing import Any, TypeAlias

import pytest
import workflow_client_core as core
from msgspec.structs import replace

from tests.loopback import Loopback
from tests.runtime.example_api import API, AsyncExampleClient, ExampleClient

Class: TypeAlias = type[ExampleClient] | type[AsyncExampleClient]
CLASSES = pytest.mark.parametrize("class_", [ExampleClient, AsyncExampleClient])


@CLASSES
def test_all_variables_have_the_suffix(class_: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY__A", "a")
    monkeypatch.setenv("EXAMPLE_BASE_URL__A", "https://a.example")
    monkeypatch.setenv("EXAMPLE_TENANT__A", "tenant-a")
    monkeypatch.setenv("EXAMPLE_TENANT", "tenant")
    with core.environment_suffix("__A"):
        client = class_(api_key=None)
    assert (client.base_url, client.globals) == ("https://a.example", {"tenant": "tenant-a"})
    assert class_(api_key="k").globals == {"tenant": "tenant"}


@CLASSES
def test_only_the_server_is_read_without_it(class_: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "BASE_URL", "TENANT"):
        monkeypatch.setenv(f"EXAMPLE_{name}", "https://x.example")
    with (
        core.environment_suffix("__A"),
        pytest.raises(core.CredentialsError, match=r"pass api_key= \(or set EXAMPLE_API_KEY__A\), or access_token="),
    ):
        class_(api_key=None)
    with core.environment_suffix("__A"):
        client = class_(api_key="k")
    assert (client.base_url, client.globals) == ("https://x.example", {})


@CLASSES
def test_a_server_with_the_suffix_goes_first(class_: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_BASE_URL", "https://x.example")
    for value, base_url in (("https://a.example", "https://a.example"), ("", "https://x.example")):
        monkeypatch.setenv("EXAMPLE_BASE_URL__A", value)
        with core.environment_suffix("__A"):
            assert class_(api_key="k").base_url == base_url


@CLASSES
@pytest.mark.parametrize("suffix", ["", "__A"])
def test_a_server_that_cannot_be_used_is_named_by_its_variable(
    suffix: str, class_: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXAMPLE_BASE_URL", "https://x.example")
    monkeypatch.setenv(f"EXAMPLE_BASE_URL{suffix}", "x.example")
    with core.environment_suffix("__A"), pytest.raises(ValueError, match=f"variable EXAMPLE_BASE_URL{suffix} is not"):
        class_(api_key="k")


def test_the_credential_that_is_sent(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", "usual")
    monkeypatch.setenv("EXAMPLE_API_KEY__A", "of a")
    server.reply(204)
    with core.environment_suffix("__A"):
        client = ExampleClient(base_url=server.url, api_key=None)
    with client:
        client.delete_run("1")
    assert server.last.headers["x-api-key"] == "of a"


def test_a_secret_that_cannot_be_sent_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY__A", "hunter2\n")
    with core.environment_suffix("__A"), pytest.raises(core.CredentialsError) as caught:
        ExampleClient(api_key=None)
    assert "EXAMPLE_API_KEY__A: it holds a control character" in str(caught.value)


def test_the_id_and_the_secret_for_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = core.ClientCredentials("https://x.example/token", id_environment="X_ID", secret_environment="X_SECRET")
    credential = core.Credential("O", "token", "X_TOKEN", "header", "Authorization", "Bearer ", client=flow)
    api = replace(API, credentials=(credential,), security=((("O",),),))

    class Tokens(core.Client):
        def __init__(self, **values: Any) -> None:
            super().__init__(api, values)

    monkeypatch.setenv("X_ID", "id")
    monkeypatch.setenv("X_SECRET__A", "secret")
    with core.environment_suffix("__A"):
        with pytest.raises(core.CredentialsError, match=r"X_TOKEN__A.*X_ID__A.*X_SECRET__A"):
            Tokens()
        monkeypatch.setenv("X_ID__A", "id")
        assert Tokens().base_url == API.server


def test_blocks_may_be_nested_and_end_with_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_TENANT", "none")
    for name in ("A", "B"):
        monkeypatch.setenv(f"EXAMPLE_TENANT__{name}", name)
    seen = []

    def make() -> None:
        seen.append(ExampleClient(api_key="k").globals["tenant"])

    with core.environment_suffix("__A"):
        with core.environment_suffix("__B"):
            make()
        with pytest.raises(ZeroDivisionError), core.environment_suffix("__B"):
            1 / 0  # noqa: B018
        make()
        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
    make()
    assert seen == ["B", "A", "none", "none"]
