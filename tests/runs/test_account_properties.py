"""Whatever accounts are configured: a reference never gets a client of another tenant or account."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workflow_runs import InvalidRef, RunRef
from workflow_runs._calls.accounts import account_that_fits
from workflow_runs._providers.environment import suffix_of
from workflow_runs._providers.lookup import find

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
