"""Errors whose tracebacks could show a secret."""

from __future__ import annotations

from collections.abc import Iterator


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error, its causes and contexts, and theirs."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [link.__cause__, link.__context__]
            waiting += getattr(link, "exceptions", ())  # of an ExceptionGroup


def drop_frames(error: BaseException) -> None:
    """Remove the tracebacks of the whole chain: they can show the locals of every frame."""
    for link in chain(error):
        link.__traceback__ = None
