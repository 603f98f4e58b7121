"""Property-based tests draw the same examples in every run; `pytest --hypothesis-profile=new` draws others.

No example has a deadline, and none may be too slow to draw: tests do not depend on how busy the machine is.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", UNTIMED, derandomize=True)
settings.register_profile("new", UNTIMED, derandomize=False)
settings.load_profile("same")
