"""Every subject of `make torture` holds in its short form."""

from __future__ import annotations

import pytest

from tests.torture.run import TEST, modules, run


@pytest.mark.parametrize("name", modules())
def test_no_case_breaks_the_promise(name: str) -> None:
    (result,) = run({name: modules()[name]}, TEST, seed=1, jobs=1)
    assert not result.failures
    assert result.cases == result.planned > 0
