"""Accounts: whose credential a reference gets, from clients that were passed, functions and the environment."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import workflow_client_core as core
from workflow_runs import InvalidRef, ProviderError, RunRef

from tests.clients.providers import DIFY, JUO
from tests.loopback import Loopback
from tests.runs.faces import Face

WHICH = "dify:1 does not say for which account it is; name one of"


@pytest.fixture
def environment(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets variables, each with the server of its client: `environment(DIFY_API_KEY__SALES="key")`."""

    def set_variables(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
            prefix, separator, account = name.partition("__")
            monkeypatch.setenv(f"{prefix.partition('_')[0]}_BASE_URL{separator}{account}", server.url)

    return set_variables


def keys(server: Loopback) -> list[str]:
    """The credentials that were sent."""
    return [request.headers["authorization"].removeprefix("Bearer ") for request in server.requests]


def refusal(face: Face, runs: Any, ref: RunRef | str) -> str:
    """Why a reference is refused."""
    with pytest.raises(InvalidRef) as caught:
        face.get(runs, ref)
    return str(caught.value)


# Clients that were passed


def dify(face: Face, server: Loopback, *accounts: str) -> dict[str, Any]:
    return {name: face.client(DIFY, api_key=f"key-{name}", base_url=server.url) for name in accounts}


def test_a_client_for_each_account(server: Loopback, face: Face) -> None:
    runs = face.runs(dify=dify(face, server, "sales", "support", "a/b c"))
    for account in ("sales", "support", "a%2Fb%20c", "sales"):
        run = face.get(runs, f"dify:1?account={account}")
        assert str(run.ref).endswith(f"&account={account}")
    assert keys(server) == ["key-sales", "key-support", "key-a/b c", "key-sales"]


def test_an_account_that_was_not_passed(server: Loopback, face: Face) -> None:
    runs = face.runs(dify=dify(face, server, "support", "sales"))
    assert refusal(face, runs, "dify:1?account=sal") == (
        "dify:1?account=sal names an account that is not configured; configured are: support, sales;"
        " pass a client: dify={'sal': ...}"
    )
    assert refusal(face, runs, "dify:1") == (f"{WHICH} support, sales, in the form dify:{{run_id}}?account={{account}}")
    assert server.requests == []


def test_the_environment_does_not_add_to_what_was_passed(server: Loopback, face: Face, environment: Any) -> None:
    environment(DIFY_API_KEY__SUPPORT="secret", DIFY_API_KEY="secret")
    runs = face.runs(dify=dify(face, server, "sales"))
    assert "; configured are: sales; pass a client: dify=" in refusal(face, runs, "dify:1?account=support")


def test_of_many_accounts_the_first_are_listed(server: Loopback, face: Face) -> None:
    client = face.client(DIFY, base_url=server.url)
    runs = face.runs(dify={f"a{number}": client for number in range(1, 1001)})
    assert "one of a1, a2, a3, a4, a5, a6, a7, a8, a9, a10 and 990 more, in" in refusal(face, runs, "dify:1")


def test_the_only_account_need_not_be_named(server: Loopback, face: Face) -> None:
    runs = face.runs(dify=dify(face, server, "sales"))
    assert face.get(runs, "dify:1").ref == RunRef("dify", "1", base_url=server.url, account="sales")


def test_one_client_has_no_account(server: Loopback, face: Face) -> None:
    runs = face.runs(dify=face.client(DIFY, base_url=server.url))
    assert refusal(face, runs, "dify:1?account=sales") == (
        "dify:1?account=sales names an account, but the client that was passed is of none: pass dify={'sales': ...}"
    )


def test_the_mapping_may_change_afterwards(server: Loopback, face: Face) -> None:
    clients = dify(face, server, "sales")
    runs = face.runs(dify=clients)
    clients.clear()
    assert face.get(runs, "dify:1?account=sales").id == "1"


def test_what_cannot_be_accounts(server: Loopback, face: Face) -> None:
    client = face.client(DIFY, base_url=server.url)
    name, class_ = type(face.runs()).__name__, type(client).__name__
    for wrong, error in {
        "must be text, not int": {7: client},
        "is empty": {"": client},
        f"^dify of {name} is empty: it must have a client for each account$": {},
        r"holds '\\n', which no identifier has": {"a\n": client},
    }.items():
        with pytest.raises(ValueError, match=wrong):
            face.runs(dify=error)
    with pytest.raises(TypeError, match=f"^dify of {name}, account 'a', must be of the type {class_}, not NoneType$"):
        face.runs(dify={"a": None})
    with pytest.raises(TypeError, match=f"^dify of {name} must be of the type {class_}, not the class {class_}$"):
        face.runs(dify=type(client))


# Tenants


def test_a_tenant_chooses_the_client_that_is_for_it(server: Loopback, face: Face) -> None:
    clients = {
        name: face.client(JUO, tenant=name, delegated_token=f"key-{name}", base_url=server.url)
        for name in ("shop", "store")
    }
    runs = face.runs(juo=clients)
    for query in ("tenant=store", "account=shop", "tenant=shop&account=shop"):
        run = face.get(runs, f"juo:1?{query}")
        name = query.rpartition("=")[2]
        assert run.ref == RunRef("juo", "1", {"tenant": name}, server.url, name)
    assert [request.headers["x-delegated-token"] for request in server.requests] == [
        "key-store",
        "key-shop",
        "key-shop",
    ]
    another = (
        "is for another tenant than the client, which is for 'shop'; if you have a credential for it, pass a client:"
    )
    assert f"{another} juo={{'NAME': ...}}" in refusal(face, runs, "juo:1?tenant=store&account=shop")
    assert refusal(face, runs, "juo:1?tenant=mall").startswith(
        "juo:1?tenant=mall is for another tenant than the clients, which are for 'shop', 'store'; if"
    )
    assert "name one of shop, store, in" in refusal(face, runs, "juo:1")


# Functions


def test_a_function_gives_a_client_for_each_reference(server: Loopback, face: Face) -> None:
    clients = dify(face, server, "sales", "support")
    refs = []

    def client(ref: RunRef) -> Any:
        refs.append(ref)
        return clients[ref.account or "support"]

    runs = face.runs(dify=client)
    for ref in ("dify:1?account=sales", "dify:1", RunRef("dify", "2", account="sales")):
        face.get(runs, ref)
    assert [str(ref) for ref in refs] == ["dify:1?account=sales", "dify:1", "dify:2?account=sales"]
    assert keys(server) == ["key-sales", "key-support", "key-sales"]
    face.close(runs)
    face.call(clients["sales"], DIFY)  # it is open


def test_a_coroutine_function_gives_clients_to_async_runs_alone(server: Loopback, face: Face) -> None:
    clients = dify(face, server, "sales")

    async def client(ref: RunRef) -> Any:
        return clients[ref.account or ""]

    runs = face.runs(dify=client)
    if face.mode == "async":
        assert face.get(runs, "dify:1?account=sales").id == "1"
        return
    with pytest.raises(TypeError, match=r"^what the function dify of Runs returns must be of .* not coroutine$"):
        face.get(runs, "dify:1?account=sales")


def test_what_a_function_must_not_return(face: Face) -> None:
    wrong = face.client(JUO)
    for value, kind in (
        (None, "NoneType"),
        (wrong, type(wrong).__name__),
        (type(wrong), f"the class {type(wrong).__name__}"),
    ):
        runs = face.runs(dify=lambda _, value=value: value)
        with pytest.raises(TypeError) as caught:
            face.get(runs, "dify:1")
        expected = type(face.client(DIFY)).__name__
        assert str(caught.value) == (
            f"what the function dify of {type(runs).__name__} returns must be of the type {expected}, not {kind}"
        )


def test_what_a_function_raises_passes(face: Face) -> None:
    with pytest.raises(KeyError, match="sales"):
        face.get(face.runs(dify=lambda ref: {}[ref.account]), "dify:1?account=sales")


# The environment


def test_accounts_in_the_environment(server: Loopback, face: Face, environment: Any) -> None:
    environment(DIFY_API_KEY="usual", DIFY_API_KEY__SALES="sales", DIFY_API_KEY__ACME_EU="eu")
    runs = face.runs()
    for ref in ("dify:1?account=sales", "dify:1", "dify:1?account=acme-eu", "dify:1?account=Sales"):
        assert face.get(runs, ref).ref.base_url == server.url
    assert keys(server) == ["sales", "usual", "eu", "sales"]
    assert repr(runs) == f"<{type(runs).__name__} dify>"


def test_an_account_gets_no_variable_of_another(server: Loopback, face: Face, environment: Any) -> None:
    environment(JUO_TENANT="shop", JUO_ACCESS_TOKEN="usual", JUO_DELEGATED_TOKEN__EU="eu", JUO_TENANT__EU="eu-shop")
    runs = face.runs()
    face.get(runs, "juo:1?account=eu")
    assert server.last.headers["x-tenant-id"] == "eu-shop"
    assert server.last.headers["x-delegated-token"] == "eu"
    assert "authorization" not in server.last.headers


def test_the_server_of_every_client_is_that_of_accounts_without_their_own(
    server: Loopback, elsewhere: Loopback, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIFY_BASE_URL", server.url)
    monkeypatch.setenv("DIFY_API_KEY", "usual")
    monkeypatch.setenv("DIFY_API_KEY__SALES", "sales")
    monkeypatch.setenv("DIFY_API_KEY__EU", "eu")
    monkeypatch.setenv("DIFY_BASE_URL__EU", f"{server.url}/eu")
    runs = face.runs()
    run = face.get(runs, "dify:1?account=sales")
    assert run.ref == RunRef("dify", "1", base_url=server.url, account="sales")
    assert face.get(runs, run.ref).ref == run.ref
    assert server.last.target == "/workflows/run/1"
    assert face.get(runs, "dify:1?account=eu").ref == RunRef("dify", "1", base_url=f"{server.url}/eu", account="eu")
    assert server.last.target == "/eu/workflows/run/1"
    assert keys(server) == ["sales", "sales", "eu"]
    with pytest.raises(InvalidRef, match=re.escape(f"another server than the client's, {server.url}; ")):
        face.get(runs, RunRef("dify", "1", account="sales", base_url=elsewhere.url))
    with pytest.raises(InvalidRef, match=re.escape(f"another server than the client's, {server.url}; ")):
        face.get(runs, RunRef("dify", "1", account="sales", base_url="https://api.dify.ai/v1"))


def test_an_account_without_variables(face: Face, environment: Any) -> None:
    assert refusal(face, face.runs(), "juo:1?account=acme-eu") == (
        "juo:1?account=acme-eu names an account that is not configured; configured are: none;"
        " set what it needs of JUO_DELEGATED_TOKEN__ACME_EU, JUO_ACCESS_TOKEN__ACME_EU, JUO_TENANT__ACME_EU,"
        " or pass a client: juo={'acme-eu': ...}"
    )
    environment(DIFY_API_KEY__B="secret", DIFY_API_KEY__A="secret", DIFY_API_KEY__lower="secret")
    assert refusal(face, face.runs(), "dify:1?account=%C3%A9%20x") == (
        "dify:1?account=%C3%A9%20x names an account that is not configured; configured are: a, b;"
        " pass a client: dify={'é x': ...}"
    )


def test_of_several_accounts_in_the_environment_one_is_named(server: Loopback, face: Face, environment: Any) -> None:
    environment(DIFY_API_KEY__SALES="sales")
    runs = face.runs()
    assert face.get(runs, "dify:1").ref.account == "sales"
    environment(DIFY_API_KEY__SUPPORT="support")
    assert refusal(face, runs, "dify:1") == (f"{WHICH} sales, support, in the form dify:{{run_id}}?account={{account}}")
    environment(DIFY_API_KEY="usual")
    assert face.get(runs, "dify:1").ref.account is None
    assert keys(server) == ["sales", "usual"]


def test_a_tenant_chooses_the_account_in_the_environment(server: Loopback, face: Face, environment: Any) -> None:
    environment(JUO_TENANT="shop", JUO_ACCESS_TOKEN="shop-key", JUO_TENANT__EU="shop/eu", JUO_ACCESS_TOKEN__EU="eu-key")
    runs = face.runs()
    run = face.get(runs, "juo:1?tenant=shop%2Feu")
    assert run.ref == RunRef("juo", "1", {"tenant": "shop/eu"}, server.url, "eu")
    assert face.get(runs, "juo:1").ref == RunRef("juo", "1", {"tenant": "shop"}, server.url)
    assert keys(server) == ["eu-key", "shop-key"]
    message = refusal(face, runs, "juo:1?tenant=other")
    assert "another tenant than the clients, which are for 'shop', 'shop/eu'; if you have a credential" in message
    assert (
        "set what it needs of JUO_DELEGATED_TOKEN__NAME, JUO_ACCESS_TOKEN__NAME, JUO_TENANT__NAME, or pass" in message
    )
    # An account whose tenant is not given serves any, but a reference has to name it.
    environment(JUO_ACCESS_TOKEN__ANY="any-key")
    assert refusal(face, runs, "juo:1?tenant=other").startswith(
        "juo:1?tenant=other does not say for which account it is; name one of any, in the form juo:{run_id}?tenant="
    )
    for tenant in ("other", "shop"):
        assert face.get(runs, f"juo:1?tenant={tenant}&account=any").ref.parts == {"tenant": tenant}
    assert keys(server)[2:] == ["any-key", "any-key"]


def test_a_credential_without_a_tenant_serves_those_of_no_other(server: Loopback, face: Face, environment: Any) -> None:
    environment(JUO_ACCESS_TOKEN="usual", JUO_TENANT__EU="eu-shop", JUO_ACCESS_TOKEN__EU="eu-key")
    runs = face.runs()
    for tenant in ("shop", "eu-shop", "store"):
        face.get(runs, f"juo:1?tenant={tenant}")
    assert keys(server) == ["usual", "eu-key", "usual"]
    with pytest.raises(InvalidRef, match="juo:1 does not say tenant"):
        face.get(runs, "juo:1")


@pytest.mark.parametrize(("account", "suffix"), [("", ""), ("?account=eu", "__EU")])
def test_an_address_in_the_environment_that_cannot_be_used(
    face: Face, monkeypatch: pytest.MonkeyPatch, account: str, suffix: str
) -> None:
    client = "{'eu': ...}" if suffix else "..."
    monkeypatch.setenv(f"DIFY_API_KEY{suffix}", "secret")
    monkeypatch.setenv(f"DIFY_BASE_URL{suffix}", "https://me:hunter2@x.example")
    with pytest.raises(ProviderError) as caught:
        face.get(face.runs(), f"dify:1{account}")
    assert str(caught.value) == (
        f"dify:1{account}: the URL in the environment variable DIFY_BASE_URL{suffix} must not hold a user name or"
        " password; expected something like https://host/path; correct the environment, or pass a client:"
        f" dify={client}"
    )


def test_missing_credentials_of_an_account_name_its_variables(face: Face, environment: Any) -> None:
    environment(JUO_TENANT__EU="shop", JUO_ACCESS_TOKEN="usual")
    with pytest.raises(ProviderError) as caught:
        face.get(face.runs(), "juo:1?account=eu")
    assert isinstance(caught.value.__cause__, core.CredentialsError)
    client = "JuoClient" if face.mode == "sync" else "AsyncJuoClient"
    assert str(caught.value) == (
        f"juo:1?account=eu: {client} needs a credential: pass delegated_token= (or set JUO_DELEGATED_TOKEN__EU),"
        " or access_token= (or set JUO_ACCESS_TOKEN__EU); correct the environment, or pass a client: juo={'eu': ...}"
    )


def test_a_credential_that_is_refused_is_named_by_its_variable(server: Loopback, face: Face, environment: Any) -> None:
    environment(DIFY_API_KEY__EU="secret")
    server.reply(401, {})
    with pytest.raises(ProviderError, match="; check DIFY_API_KEY__EU, or the credential of the client"):
        face.get(face.runs(), "dify:1?account=eu")


# The reference of a run


@pytest.mark.parametrize(
    "ref", ["juo:1", "juo:1?account=eu", "juo:1?tenant=eu-shop", "juo:1?tenant=x&account=any", "dify:1"]
)
def test_the_reference_of_a_run_asks_the_same_again(server: Loopback, face: Face, environment: Any, ref: str) -> None:
    environment(JUO_TENANT="shop", JUO_ACCESS_TOKEN="usual", JUO_ACCESS_TOKEN__EU="eu", JUO_TENANT__EU="eu-shop")
    environment(JUO_ACCESS_TOKEN__ANY="any", DIFY_API_KEY__SALES="sales")
    complete = face.get(face.runs(), ref).ref
    assert complete.base_url == server.url
    for again in (complete, str(complete), RunRef.from_json(complete.to_json()), RunRef.parse(str(complete))):
        assert face.get(face.runs(), again).ref == complete
    sent = [
        (request.target, request.headers["authorization"], request.headers.get("x-tenant-id"))
        for request in server.requests
    ]
    assert sent == sent[:1] * 5


def test_a_value_that_no_reference_can_hold_is_left_out(server: Loopback, face: Face) -> None:
    runs = face.runs(juo=face.client(JUO, tenant="t" * 1001, base_url=f"{server.url}/a|b"))
    run = face.get(runs, "juo:1")
    assert run.ref == RunRef("juo", "1")
    assert face.get(runs, run.ref).ref == run.ref


def test_the_documented_server_is_left_out_unless_it_was_named(face: Face) -> None:
    def complete(ref: str) -> RunRef:
        runs = face.runs(dify=face.client(DIFY))
        chosen = runs._clients.choose(ref)
        ref_of_run: RunRef = runs._clients.call(chosen, chosen.client).complete_ref()
        return ref_of_run

    assert complete("dify:1") == RunRef("dify", "1")
    assert complete("dify:1?base_url=HTTPS://API.dify.ai:443/v1/") == RunRef("dify", "1", base_url=DIFY.server)
