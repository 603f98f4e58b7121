"""All that is shown of an error or a client, where no secret may be."""

from __future__ import annotations

import copy
import pickle
import traceback
from base64 import b64encode
from collections.abc import Collection, Iterator
from pathlib import Path

from workflow_client_core import ApiError

from tests.torture.trial import ROOT

MARK = "c4naryQX7vT2mW9"
"""Part of every secret: letters and digits alone, so that no escaping hides it."""
_AS_SENT = ("content", "headers", "body", "documented_headers")
"""What is documented as the server's own, unchanged: an echo is there."""
_FORMS = (
    MARK,
    MARK.encode().hex(),
    # Three, as the mark begins at any of the three bytes that become four characters; without what surrounds it.
    *(b64encode(b"x" * before + MARK.encode()).decode()[4 if before else 0 : -4] for before in range(3)),
)


def leaks(text: str) -> bool:
    """Whether the text shows the mark, also escaped, in base64 or in hexadecimal."""
    return any(form in text for form in _FORMS)


def shown_of(error: BaseException, *, pretty: bool, apart_from: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """What is shown of an error and those behind it, with where; `apart_from` local variables of these names."""
    yield "a traceback", "".join(traceback.format_exception(error))
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    yield from (("locals", text) for name, text in _locals(trace, set()) if name not in apart_from)
    for link in _chain(error):
        yield "str", str(link)
        yield "repr", repr(link)
        yield "args", repr(link.args)
        yield "notes", repr(getattr(link, "__notes__", ""))
        attributes = {name: value for name, value in vars(link).items() if name not in _AS_SENT}
        yield "attributes", repr(attributes)
        request = getattr(link, "_request", None)
        if request is not None:
            yield "a request", f"{request!r} {request.url} {request.url!r} {request.headers!r}"
        if isinstance(link, ApiError):
            yield from _copies(link)
        if pretty:
            yield from (("rich", text) for name, text in _pretty(link) if name not in apart_from)


def shown_of_client(client: object, *, depth: int) -> Iterator[tuple[str, str]]:
    """What is shown of a client and its parts, down to this depth."""
    yield "a client", f"{client!r} {client}"
    yield from (("a part of a client", text) for text in _parts(client, depth))


def _copies(error: ApiError) -> Iterator[tuple[str, str]]:
    for kind in (copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))):
        yield "a copy", f"{kind} {kind!r}"
    plain = copy.copy(error)
    for name in _AS_SENT:
        vars(plain).pop(name, None)
    yield "a pickle", pickle.dumps(plain, 0).decode("latin-1")


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [link.__cause__, link.__context__, *getattr(link, "exceptions", ())]


def _is_of_tests(filename: str) -> bool:
    """Whether a frame is ours: the caller's own code has the secret, of course."""
    return Path(filename).is_relative_to(ROOT / "tests")


def _locals(trace: traceback.TracebackException | None, seen: set[int]) -> Iterator[tuple[str, str]]:
    if trace is None or id(trace) in seen:
        return
    seen.add(id(trace))
    for frame in trace.stack:
        if not _is_of_tests(frame.filename):
            for name, text in (frame.locals or {}).items():
                yield name, f"{Path(frame.filename).name}:{frame.lineno} {name}={text}"
    for behind in (trace.__cause__, trace.__context__, *(trace.exceptions or ())):
        yield from _locals(behind, seen)


def _pretty(error: BaseException) -> Iterator[tuple[str, str]]:
    """The locals as rich shows them, which looks into containers and classes by itself."""
    from rich.pretty import pretty_repr

    for frame, line in traceback.walk_tb(error.__traceback__):
        if not _is_of_tests(frame.f_code.co_filename):
            for name, value in frame.f_locals.items():
                yield name, f"{Path(frame.f_code.co_filename).name}:{line} {name}={pretty_repr(value)}"


def _parts(value: object, depth: int) -> Iterator[str]:
    for attribute in getattr(value, "__dict__", {}).values():
        yield repr(attribute)
        if depth:
            yield from _parts(attribute, depth - 1)
