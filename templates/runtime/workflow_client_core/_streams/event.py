"""What an iterator of events yields."""

from __future__ import annotations

from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Event(Struct, Generic[T], frozen=True):
    """One server-sent event (WHATWG HTML, 9.2).

    - `data`: decoded, as the API documents it.
    - `event`: the name that the server gave it; "message" where it gave none.
    - `id`: the last identifier that the server sent, with this event or an earlier one; "" before that.
    - `retry`: milliseconds to wait before connecting again, as the server last said; None where it never did.
    """

    data: T
    event: str = "message"
    id: str = ""
    retry: int | None = None
