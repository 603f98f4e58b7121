"""Everything that an error shows, where no secret may be."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path


def shown(error: BaseException | None) -> Iterator[str]:
    """Everything that the error and those behind it show."""
    if error is None:
        return
    yield from traceback.format_exception(error)
    yield from shown_locals(traceback.TracebackException.from_exception(error, capture_locals=True))
    while error is not None:
        yield from (str(error), repr(error), *map(repr, error.args))
        request = getattr(error, "_request", None)
        if request is not None:
            yield from (repr(request), str(request.url), repr(request.url), repr(request.headers))
        yield from (repr(getattr(error, name, "")) for name in ("url", "method", "operation"))
        error = error.__cause__ or error.__context__


def shown_locals(trace: traceback.TracebackException | None) -> Iterator[str]:
    """The local variables of every frame, also of causes and contexts, except frames of the tests."""
    if trace is not None:
        for frame in trace.stack:
            path = Path(frame.filename)
            if path.name.startswith("test_") or path.name == "conftest.py":
                continue
            yield from (f"{path.name}:{frame.lineno} {name}={text}" for name, text in (frame.locals or {}).items())
        for behind in (trace.__cause__, trace.__context__, *(trace.exceptions or ())):
            yield from shown_locals(behind)
