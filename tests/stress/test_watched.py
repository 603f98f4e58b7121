"""Many runs watched at once, against servers with faults, through real connections."""

from __future__ import annotations

from tests.stress.faults import PROVIDERS, case
from tests.stress.watched import AT_ONCE, watch_many


def test_each_run_ends_once_as_its_server_says() -> None:
    watched, broken = watch_many(100)
    assert broken == []
    assert sum(item.requests for item in watched) == sum(len(case(number).answers) for number in range(200))
    in_flight = AT_ONCE * len(PROVIDERS)
    assert all(item.most_runs <= in_flight + 10 for item in watched), "runs of which was told are in memory no more"
