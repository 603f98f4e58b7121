"""Reading what an API sends by itself: the bodies of its webhooks and callbacks."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast

from msgspec import Struct

from .._decoding.read import read_without_call
from .._decoding.results import Unreadable
from .._errors import InvalidResponse

T = TypeVar("T")


class Webhook(Struct, Generic[T], frozen=True, eq=False):
    """A request that the API sends, whose JSON body is a `T`: `name` is the function that reads it."""

    name: str
    type: Any

    def read(self, body: bytes | str) -> T:
        """The body as the API documents it; an optional value that is not as documented is absent from it.

        Raises:
            InvalidResponse: it is not JSON, a required value is missing or unreadable, or reading takes more than a
                minute. `content` is the body.
        """
        data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)
        try:
            return cast(T, read_without_call(data, self.type, lenient=False).parsed)
        except Unreadable as unreadable:
            reason, issue = str(unreadable), unreadable.issue
        # Outside of the handler: what was raised there may quote the body.
        raise InvalidResponse(
            f"the body of {self.name} cannot be read: {reason}", content=data, issue=issue, operation=self.name
        )
