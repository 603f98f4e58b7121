"""What a watch goes by: the arguments of `watch`, checked."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Collection, Iterable
from datetime import timedelta

from msgspec import Struct

from .._form.models import RunStatus
from .._polling.arguments import check_callback, policy_of, seconds_of, statuses_of
from .._polling.change import Poll
from .._providers.poll_policy import PollPolicy
from .._refs.ref import RunRef
from .._stores.store import Store


class WatchTerms(Struct, frozen=True):
    """The arguments of `BaseRuns.watch` of the same names; `seconds` is its `timeout`."""

    seconds: float
    until: frozenset[RunStatus]
    policy: PollPolicy | None
    per_provider: int
    on_poll: Callable[[Poll], object] | None
    store: Store | None


def watch_terms(
    timeout: float | timedelta | str,
    until: Collection[RunStatus],
    policy: PollPolicy | None,
    per_provider: int,
    on_poll: Callable[[Poll], object] | None,
    store: Store | None,
) -> WatchTerms:
    """What a watch with these arguments goes by.

    Raises:
        ValueError, TypeError: an argument cannot be used.
        StoreError: another process, or another `Store`, writes the file.
    """
    if type(per_provider) is not int:
        raise TypeError(f"per_provider must be a whole number, not {type(per_provider).__name__}")
    if per_provider < 1:
        raise ValueError(f"per_provider must be at least 1, not {per_provider}")
    check_callback(on_poll, "on_poll")
    if not isinstance(store, Store | None):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"store must be a Store, not {type(store).__name__}: pass Store(path)")
    seconds = seconds_of(timeout, "timeout")
    terms = WatchTerms(seconds, statuses_of(until), policy_of(policy), per_provider, on_poll, store)
    if store is not None:
        store.claim()
    return terms


def check_refs(refs: object, *, may_be_async: bool) -> None:
    """Raise TypeError if these are not references to iterate over."""
    kinds, kind = "a collection or an iterator of references", type(refs).__name__
    if isinstance(refs, str | bytes | RunRef):
        raise TypeError(f"refs must be {kinds}, not {kind}: pass [ref]")
    if isinstance(refs, Iterable):
        return
    if not isinstance(refs, AsyncIterable):
        raise TypeError(f"refs must be {kinds}, not {kind}")
    if not may_be_async:
        raise TypeError(f"refs must be {kinds}, not {kind}, which is for AsyncRuns")
