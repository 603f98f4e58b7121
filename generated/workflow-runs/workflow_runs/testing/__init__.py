"""For tests of programs that wait for runs: a fake of each provider, its answers, and a clock whose hours are short.

    fake = FakeProvider()
    fake.add("dify:5b1f", "running", error(503), "succeeded")
    with use_clock(FakeClock()), Runs(transport=fake.transport()) as runs:
        run = runs.wait("dify:5b1f", timeout="1h")

In pytest the fixture `fake_runs` is a fake with a server, to which the environment leads.
"""

from __future__ import annotations

from .._polling.clock import Clock, use_clock
from ._answers import Answer, dropped, error, garbage, rate_limited, truncated, unchecked
from ._clock import FakeClock
from ._demo import add_demo_runs
from ._fake import FakeCall
from ._provider import FakeProvider, FakeRuns
from ._samples import payload

__all__ = [
    "Answer",
    "Clock",
    "FakeCall",
    "FakeClock",
    "FakeProvider",
    "FakeRuns",
    "add_demo_runs",
    "dropped",
    "error",
    "garbage",
    "payload",
    "rate_limited",
    "truncated",
    "unchecked",
    "use_clock",
]
