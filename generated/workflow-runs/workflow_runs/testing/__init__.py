"""For tests of programs that wait for runs: answers of each provider."""

from __future__ import annotations

from ._samples import payload

__all__ = ["payload"]
