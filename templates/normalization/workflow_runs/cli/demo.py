"""`demo`: the live table without an account, of made-up runs that a server on this machine answers for."""

from __future__ import annotations

import os
from math import isnan

from .._providers.poll_policy import PollPolicy
from ..testing import FakeProvider, add_demo_runs
from ..testing._demo import installed_providers
from .display.messages import CommandError
from .ending import Ending
from .references import References
from .results import Format
from .watching import Call, Session

POLICY = PollPolicy(initial=0.5, factor=1.2, maximum=2.0)


def demo(pace: float) -> Ending:
    """Watch a made-up run of each provider whose client is installed. It ends well, however the runs do.

    Args:
        pace: how many seconds pass while one of the demonstration does.
    """
    if isnan(pace):
        raise CommandError("--pace must be a number from 0.01 to 1000, not nan")
    names = installed_providers()
    if not names:
        raise CommandError("no client of a provider is installed; `workflow-runs providers` says how to install them")
    fake = FakeProvider(*names)
    with fake.serve() as server:
        os.environ.update(server.environment)
        refs = add_demo_runs(fake, pace)
        Session(
            Call(
                name="watch",
                references=References(refs, ()),
                format_=Format.TEXT,
                seconds=3600.0,
                until=frozenset(),
                per_provider=8,
                policy=POLICY,
            )
        ).carry_out()
    return Ending.FINE
