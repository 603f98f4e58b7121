"""Property-based tests draw the same examples in every run; `pytest --hypothesis-profile=new` draws others."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("new", derandomize=False)
settings.load_profile("same")
