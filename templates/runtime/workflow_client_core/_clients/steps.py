"""A call as steps: what a client has to do next, and what it replies."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from msgspec import Struct

from .._api import Operation

if TYPE_CHECKING:
    from .._credentials.sources import FetchedCredential
    from .._credentials.tokens import TokenSource
    from .._transport.attempt import Attempt
    from .._transport.limits import Timeout

T = TypeVar("T")


class Call(Struct, Generic[T], frozen=True):
    """What a method of a client asks for.

    `values` are by the Python names of parameters. `url`, where it is not empty, is where the request goes instead of
    where the operation and the values say. The others are as in `CallOptions`.
    """

    operation: Operation[T]
    values: Mapping[str, object]
    body: object
    url: str = ""
    extra_headers: Mapping[str, str] | None = None
    extra_query: Mapping[str, object] | None = None
    timeout: float | Timeout | None = None

    def __repr__(self) -> str:  # without the headers, in which credentials may be
        return f"<Call of {self.operation.name}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:  # which Struct defines, with all fields
        return [("operation", self.operation.name)]


class Fetch(Struct, frozen=True):
    """Ask a function for a credential; the reply is a `Secret`. `attempt` is what needs it."""

    source: FetchedCredential
    attempt: Attempt


class Lock(Struct, frozen=True):
    """Wait until nobody else gets a token from `source`.

    The reply is what has to be released afterwards; None where the time of the call is up. `attempt` is what needs it.
    """

    source: TokenSource
    attempt: Attempt


class Send(Struct, frozen=True):
    """Send a request once; the reply is a `Response` or a `Failure`."""

    attempt: Attempt


class Wait(Struct, frozen=True):
    """Wait for some seconds; the reply is None."""

    seconds: float
    attempt: Attempt


Step: TypeAlias = Fetch | Lock | Send | Wait

Steps: TypeAlias = Generator[Step, object, T]
"""Part of a call without its I/O, which returns a `T`. Both kinds of clients carry it out."""
