"""Whatever accounts are configured: a reference never gets a client of another tenant or account."""

from __future__ import annotations

import re

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_client_juo import JuoClient
from workflow_runs import InvalidRef, RunRef, Runs
from workflow_runs._calls.accounts import account_that_fits
from workflow_runs._providers.environment import suffix_of
from workflow_runs._providers.lookup import find

SENT: list[tuple[str, str | None, str | None]] = []


def answer(request: httpx2.Request) -> httpx2.Response:
    SENT.append((str(request.url), request.headers.get("x-tenant-id"), request.headers.get("authorization")))
    return httpx2.Response(200, json={"status": "running"})


TRANSPORT = httpx2.MockTransport(answer)
SERVERS = ["https://a.example/v1", "https://b.example"]
CLIENTS = {
    account: JuoClient(tenant=tenant, access_token=f"key of {account!a}", base_url=server, transport=TRANSPORT)
    for account, tenant, server in [
        ("sales", "shop", "https://api.juo.io/customer/v1"),
        ("a b/c", "store", SERVERS[0]),
        ("\u00e9", "a & b=c/d?", SERVERS[1]),
    ]
}
RUNS = Runs(juo=CLIENTS, allowed_base_urls={"juo": SERVERS})
TENANTS = st.none() | st.sampled_from(["shop", "store", "a & b=c/d?", "none's"])
ACCOUNTS = st.none() | st.sampled_from([*CLIENTS, "no"])


@given(st.text(min_size=1, max_size=8), TENANTS, ACCOUNTS, st.none() | st.sampled_from(SERVERS))
def test_the_reference_of_a_run_asks_the_same_again(
    run_id: str, tenant: str | None, account: str | None, base_url: str | None
) -> None:
    try:
        run = RUNS.get(RunRef("juo", run_id, {"tenant": tenant} if tenant else {}, base_url, account))
    except InvalidRef:
        return
    assert run.ref.account is not None
    client = CLIENTS[run.ref.account]
    assert run.ref.parts == client.globals
    assert tenant in (None, client.globals["tenant"])
    assert account in (None, run.ref.account)
    for again in (run.ref, str(run.ref), RunRef.from_json(run.ref.to_json())):
        SENT.clear()
        assert RUNS.get(again).ref == run.ref
        ((url, sent_tenant, credential),) = SENT
        assert url.startswith(base_url or client.base_url)
        assert (sent_tenant, credential) == (client.globals["tenant"], f"Bearer key of {run.ref.account!a}")


ARGUMENTS = st.dictionaries(st.sampled_from(["tenant", "region"]), st.sampled_from("ab"))
CANDIDATES = st.dictionaries(st.sampled_from([None, "sales", "support", "eu"]), ARGUMENTS, min_size=1)


@given(CANDIDATES, ARGUMENTS)
def test_the_account_that_fits(candidates: dict[str | None, dict[str, str]], filled: dict[str, str]) -> None:
    try:
        account = account_that_fits(RunRef("juo", "1"), find("juo"), candidates, filled)
    except InvalidRef:
        exact = [name for name, own in candidates.items() if filled.items() <= own.items()]
        assert len(exact) != 1
        assert None not in exact
        return
    own = candidates[account]
    assert all(own.get(name, value) == value for name, value in filled.items())
    # What leaves a tenant open gets it only where no name has to be said.
    assert filled.items() <= own.items() or account is None or len(candidates) == 1


@given(st.text(max_size=12) | st.from_regex(r"[A-Za-z0-9_-]+", fullmatch=True))
def test_the_variables_of_accounts_are_distinct_up_to_case_and_hyphens(account: str) -> None:
    suffix = suffix_of(account)
    if suffix is None:
        assert not re.fullmatch("[A-Za-z0-9_-]+", account)
        return
    assert re.fullmatch("__[A-Z0-9_]+", suffix)
    assert suffix[2:].lower() == account.lower().replace("-", "_")
    assert suffix_of(suffix[2:].lower()) == suffix


@pytest.mark.parametrize("account", ["", "a b", "é", "\u017f", "a\n", "a.b", "a/b"])
def test_accounts_that_cannot_have_variables(account: str) -> None:
    assert suffix_of(account) is None
