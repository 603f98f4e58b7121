"""Tenants and servers: which of them a reference may choose, and which it may not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import workflow_client_core as core
from workflow_runs import InvalidRef, ProviderError, RunRef, Runs, UnknownProvider

from tests.clients.providers import DIFY, JUO
from tests.loopback import Loopback
from tests.runs.faces import ANY_RUN, Face
from tests.runs.third_party import MODULES, install

ANOTHER = (
    "juo:1?tenant=other is for another tenant than the client, which is for 'shop'; if you have a credential for it, "
)
PASS = "pass a client: juo={'NAME': ...}"
SET = f"set what it needs of JUO_DELEGATED_TOKEN__NAME, JUO_ACCESS_TOKEN__NAME, JUO_TENANT__NAME, or {PASS}"


def called(runs: Any, ref: RunRef) -> Any:
    """The client that would get a run."""
    chosen = runs._clients.choose(ref)
    return runs._clients.call(chosen, chosen.client).client


def tenants(server: Loopback) -> list[str | None]:
    return [request.headers.get("x-tenant-id") for request in server.requests]


# Tenants


def test_the_tenant_of_a_client_that_was_given(server: Loopback, face: Face) -> None:
    runs = face.runs(juo=face.client(JUO, tenant="shop", base_url=server.url))
    face.get(runs, "juo:1")
    face.get(runs, "juo:1?tenant=shop")
    with pytest.raises(InvalidRef) as caught:
        face.get(runs, "juo:1?tenant=other")
    assert str(caught.value) == ANOTHER + PASS
    assert tenants(server) == ["shop", "shop"]


def test_the_tenant_of_the_environment(server: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUO_TENANT", "shop")
    monkeypatch.setenv("JUO_ACCESS_TOKEN", "secret")
    runs = face.runs(allowed_base_urls={"juo": [server.url]})
    face.get(runs, RunRef("juo", "1", base_url=server.url))
    face.get(runs, RunRef("juo", "1", {"tenant": "shop"}, server.url))
    with pytest.raises(InvalidRef) as caught:
        face.get(runs, "juo:1?tenant=other")
    assert str(caught.value) == ANOTHER + SET
    assert tenants(server) == ["shop", "shop"]


def test_the_tenant_of_the_reference(server: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUO_ACCESS_TOKEN", "secret")
    runs = face.runs(allowed_base_urls={"juo": [server.url]})
    for tenant in ("a", "b", "a", "a%2C%20b"):
        face.get(runs, f"juo:1?tenant={tenant}&base_url={server.url}")
        # Nobody's tenant is inherited, whoever came before.
        with pytest.raises(InvalidRef) as caught:
            face.get(runs, f"juo:1?base_url={server.url}")
        assert "does not say tenant, and neither does a client or the environment" in str(caught.value)
        assert str(caught.value).endswith("; references look like juo:{run_id}?tenant={tenant}")
    assert tenants(server) == ["a", "b", "a", "a, b"]
    assert len(runs._clients._made) == 1


def test_a_reference_without_a_tenant_is_refused_also_as_the_first(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUO_ACCESS_TOKEN", "secret")
    with pytest.raises(InvalidRef, match="juo:1 does not say tenant"):
        face.get(face.runs(), "juo:1")
    monkeypatch.setenv("JUO_TENANT", "")
    with pytest.raises(InvalidRef, match="juo:1 does not say tenant"):
        face.get(face.runs(), "juo:1")


def test_of_credentials_for_two_ways_the_first_is_sent(
    server: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUO_ACCESS_TOKEN", "secret")
    monkeypatch.setenv("JUO_DELEGATED_TOKEN", "hunter2")
    runs = face.runs(allowed_base_urls={"juo": [server.url]})
    face.get(runs, f"juo:1?tenant=shop&base_url={server.url}")
    assert server.last.headers["x-delegated-token"] == "hunter2"
    assert "authorization" not in server.last.headers


@pytest.mark.parametrize("tenant", ["%C3%A9", "%20a", "%E2%80%AE"])
def test_a_tenant_that_cannot_be_sent(
    server: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch, tenant: str
) -> None:
    monkeypatch.setenv("JUO_ACCESS_TOKEN", "secret")
    with pytest.raises(InvalidRef) as caught:
        face.get(face.runs(), f"juo:1?tenant={tenant}")
    assert str(caught.value).startswith(f"juo:1?tenant={tenant} cannot be sent: tenant cannot be sent in a header")
    assert isinstance(caught.value.__cause__, ValueError)


def test_tenants_are_not_mixed_up_between_threads(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUO_ACCESS_TOKEN", "secret")
    with Runs(allowed_base_urls={"juo": [server.url]}) as runs, ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: runs.get(f"juo:run-{n}?tenant=shop-{n}&base_url={server.url}"), range(200)))
    sent = {(request.target.rpartition("-")[2], request.headers["x-tenant-id"]) for request in server.requests}
    assert sent == {(str(number), f"shop-{number}") for number in range(200)}
    assert len(server.requests) == 200


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed provider whose references have an optional part, `workspace`."""
    with installed_acme(tmp_path, monkeypatch, MODULES):
        yield


@contextmanager
def installed_acme(folder: Path, monkeypatch: pytest.MonkeyPatch, modules: dict[str, str]) -> Iterator[None]:
    install(folder, "acme = acme_runs:PROVIDER", modules)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("ACME_API_KEY", "secret")
    yield
    for name in [name for name in sys.modules if name.startswith("acme_")]:
        del sys.modules[name]


@pytest.mark.usefixtures("acme")
def test_an_optional_part_is_not_inherited_from_an_earlier_reference(server: Loopback, face: Face) -> None:
    runs = face.runs(allowed_base_urls={"acme": [server.url]})
    for workspace in ("a", None, "b", None):
        parts = {"owner": "me", "repo": "a/b", **({"workspace": workspace} if workspace else {})}
        face.get(runs, RunRef("acme", "7", parts, server.url))
    assert [request.headers.get("x-workspace") for request in server.requests] == ["a", None, "b", None]
    assert {request.target for request in server.requests} == {"/repos/me/a%2Fb/runs/7"}


@pytest.mark.usefixtures("acme")
def test_a_reference_may_set_an_optional_part_that_the_client_leaves_unset(server: Loopback, face: Face) -> None:
    from importlib import import_module

    class_ = getattr(import_module("acme_client"), "AcmeClient" if face.mode == "sync" else "AsyncAcmeClient")
    client = class_(base_url=server.url)
    face.stack.callback(face.close, client)
    runs = face.runs(others={"acme": client})
    for query in ("?workspace=a", "", "?workspace=b"):
        face.get(runs, f"acme:me/stuff/7{query}")
    assert [request.headers.get("x-workspace") for request in server.requests] == ["a", None, "b"]


@pytest.mark.usefixtures("acme")
def test_accounts_of_a_provider_of_another_package(
    server: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_API_KEY__EU", "eu-key")
    monkeypatch.setenv("ACME_WORKSPACE__EU", "eu-space")
    runs = face.runs(base_urls={"acme": server.url})
    for query in ("?account=eu", "", "?workspace=eu-space", "?workspace=w"):
        run = face.get(runs, f"acme:me/stuff/7{query}")
        assert face.get(runs, str(run.ref)).ref == run.ref
    sent = [(request.headers["x-key"], request.headers.get("x-workspace")) for request in server.requests]
    assert (
        sent[::2] == sent[1::2] == [("eu-key", "eu-space"), ("secret", None), ("eu-key", "eu-space"), ("secret", "w")]
    )
    with pytest.raises(
        InvalidRef, match=r"; set what it needs of ACME_API_KEY__X, ACME_WORKSPACE__X, or pass a client: others="
    ) as caught:
        face.get(runs, "acme:me/stuff/7?account=x")
    assert str(caught.value).endswith("pass a client: others={'acme': {'x': ...}}")
    monkeypatch.delenv("ACME_API_KEY")
    monkeypatch.setenv("ACME_WORKSPACE__EU", "")
    monkeypatch.delenv("ACME_API_KEY__EU")
    with pytest.raises(ProviderError, match=r"pass a client: others=\{'acme': \.\.\.\}$"):
        face.get(face.runs(), "acme:me/stuff/7")


# Servers


def test_the_server_of_the_client_under_other_spellings(server: Loopback, face: Face) -> None:
    runs = face.runs(dify=face.client(DIFY, base_url=f"{server.url}/v1/"))
    for url in (f"{server.url}/v1", f"{server.url}/v1/", f"{server.url}/v1//".replace("http:", "HTTP:")):
        face.get(runs, RunRef("dify", "1", base_url=url))
    assert {request.target for request in server.requests} == {"/v1/workflows/run/1"}


@pytest.mark.parametrize(
    ("usual", "named"),
    [
        ("https://x.example", "https://X.EXAMPLE:443/"),
        ("https://x.example:443/v1", "https://x.example/v1"),
        ("http://127.0.0.1/", "http://127.0.0.1:80"),
        ("https://[::1]:8443", "HTTPS://[::1]:8443/"),
    ],
)
def test_spellings_that_are_the_same(face: Face, usual: str, named: str) -> None:
    runs = face.runs(dify=face.client(DIFY, base_url=usual))
    assert called(runs, RunRef("dify", "1", base_url=named)).base_url == usual.rstrip("/")


@pytest.mark.parametrize(
    "named",
    [
        "{elsewhere}/v1",
        "{server}",
        "{server}/v2",
        "{server}/V1",
        "{server}/v1/../v1",
        "{server}/v1/x",
        "{server}/%761",
        "http://127.0.0.1/v1",
        "http://localhost:{port}/v1",
        "https://127.0.0.1:{port}/v1",
        "http://127.0.0.1.evil.example:{port}/v1",
        "http://2130706433:{port}/v1",
        "http://[::ffff:127.0.0.1]:{port}/v1",
    ],
)
def test_another_server_is_refused_before_anything_is_sent(
    server: Loopback, elsewhere: Loopback, face: Face, named: str
) -> None:
    usual = f"{server.url}/v1"
    url = named.format(server=server.url, elsewhere=elsewhere.url, port=server.url.rpartition(":")[2])
    allowed = {"anon": [url] if url.startswith(elsewhere.url) else []}
    runs = face.runs(dify=face.client(DIFY, base_url=usual), allowed_base_urls=allowed)
    with pytest.raises(InvalidRef) as caught:
        face.get(runs, RunRef("dify", "1", base_url=url))
    assert str(caught.value).endswith(
        f" asks for another server than the client's, {usual}; if credentials may go there, allow it:"
        " allowed_base_urls={'dify': [...]}"
    )
    assert server.requests == []


def test_another_server_is_refused_also_for_a_client_that_is_made(
    elsewhere: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIFY_API_KEY", "secret")
    with pytest.raises(InvalidRef, match=r"than the client's, https://api\.dify\.ai/v1; if credentials may go there"):
        face.get(face.runs(), RunRef("dify", "1", base_url=elsewhere.url))


def test_a_server_that_was_allowed(server: Loopback, elsewhere: Loopback, face: Face) -> None:
    client = face.client(DIFY, base_url=elsewhere.url)
    runs = face.runs(dify=client, allowed_base_urls={"dify": iter(["https://x.example", f"{server.url}/v1/"])})
    for _ in range(2):
        face.get(runs, RunRef("dify", "1", base_url=f"{server.url.upper()}/v1"))
    assert [request.target for request in server.requests] == ["/v1/workflows/run/1"] * 2
    assert client.base_url == elsewhere.url


def test_the_server_of_the_operation_is_the_one_that_references_name(
    server: Loopback, face: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = f"{server.url}/own/"
    client = MODULES["acme_client"].replace("security=(((", f"own_servers=({own!r},),\n    security=(((")
    client = client.replace('security=(("Key",),),', f'security=(("Key",),),\n    server={own!r},')
    adapter = MODULES["acme_adapter"].replace("model=Run", f"model=Run,\n    server={own!r}")
    modules = {**MODULES, "acme_client": client, "acme_adapter": adapter}
    with Loopback() as allowed, installed_acme(tmp_path, monkeypatch, modules):
        allowed.reply(200, ANY_RUN)
        runs = face.runs(allowed_base_urls={"acme": [allowed.url]})
        for query in ("", f"?base_url={server.url}/own", f"?base_url={allowed.url}"):
            face.get(runs, f"acme:me/stuff/7{query}")
        with pytest.raises(InvalidRef, match=f"another server than the client's, {server.url}/own; "):
            face.get(runs, "acme:me/stuff/7?base_url=https://acme.example")
        assert [request.target for request in server.requests] == ["/own/repos/me/stuff/runs/7"] * 2
        assert [request.target for request in allowed.requests] == ["/repos/me/stuff/runs/7"]


def test_a_reference_names_the_server_of_a_client_that_has_none(
    server: Loopback, elsewhere: Loopback, face: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {
        "https://acme.example": "",
        'security=((("Key",),),)': 'security=((("Key",),),),\n    base_url_environment="ACME_URL"',
    }
    client = MODULES["acme_client"]
    for text, replacement in own.items():
        client = client.replace(text, replacement, 1)
    provider = MODULES["acme_runs"].replace("requires=", 'base_url_environment="ACME_URL",\n    requires=')
    modules = {**MODULES, "acme_client": client, "acme_runs": provider}
    with installed_acme(tmp_path, monkeypatch, modules):
        runs = face.runs(allowed_base_urls={"acme": [server.url]})
        for _ in range(2):
            face.get(runs, f"acme:me/stuff/7?base_url={server.url}")
        assert len(runs._clients._made) == 1
        with pytest.raises(
            InvalidRef, match="asks for a server, and the client has none; if credentials may go there, "
        ):
            face.get(runs, f"acme:me/stuff/7?base_url={elsewhere.url}")
        with pytest.raises(ProviderError, match=r"base_url is needed: .* \(or set ACME_URL\)"):
            face.get(runs, "acme:me/stuff/7")
        monkeypatch.setenv("ACME_URL", "acme.example")
        with pytest.raises(ProviderError, match="ACME_URL is not an absolute http or https URL"):
            face.get(face.runs(allowed_base_urls={"acme": [server.url]}), f"acme:me/stuff/7?base_url={server.url}")
    assert len(server.requests) == 2
    assert elsewhere.requests == []


def test_the_spelling_that_was_allowed_is_the_one_that_is_used(face: Face) -> None:
    runs = face.runs(dify=face.client(DIFY), allowed_base_urls={"dify": ["https://x.example/v1/"]})
    assert called(runs, RunRef("dify", "1", base_url="HTTPS://X.example:443/v1")).base_url == "https://x.example/v1"


def test_a_credential_does_not_travel_in_clear_text_to_a_server_that_was_allowed(face: Face) -> None:
    runs = face.runs(dify=face.client(DIFY), allowed_base_urls={"dify": ["http://x.example"]})
    with pytest.raises(ProviderError, match="would send a credential in clear text") as caught:
        face.get(runs, "dify:1?base_url=http://x.example")
    assert isinstance(caught.value.__cause__, core.CredentialsError)


def test_addresses_that_cannot_be_allowed(face: Face) -> None:
    with pytest.raises(TypeError, match=r"^allowed_base_urls\['dify'\] must be a list of addresses, not one$"):
        face.runs(allowed_base_urls={"dify": "https://x.example"})
    with pytest.raises(ValueError, match="must not hold a user name or password") as caught:
        face.runs(allowed_base_urls={"dify": ["https://me:hunter2@x.example"]})
    assert "hunter2" not in str(caught.value)
    with pytest.raises(ValueError, match="is not an absolute http or https URL"):
        face.runs(allowed_base_urls={"dify": ["*"]})
    with pytest.raises(UnknownProvider, match="there is no provider 'dyfi'"):
        face.runs(allowed_base_urls={"dyfi": []})
