"""`get REF...` without options: nothing is loaded that reads them, so that it starts sooner."""

from __future__ import annotations

from collections.abc import Sequence

from .calling import carried_out
from .ending import Ending
from .references import References
from .results import Format


def get(refs: Sequence[str]) -> int:
    """Say how runs are now; the exit status."""

    def action() -> Ending:
        from .getting import get

        return get(References(refs, []), None, Format.TEXT, timeout=None, allowed={}, debug=False)

    return carried_out(action, debug=False)
