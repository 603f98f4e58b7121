"""The base classes of groups: methods of a client that are about one thing, as `client.runs`.

A group holds its client and nothing else. It is made anew whenever it is asked for: there is nothing to lock, and that
of a client with other options is bound to that one. Its module is imported with the first of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from msgspec import UNSET

from .._api import Operation
from .._streams.streams import AsyncEventStream, EventStream
from .async_client import AsyncClient, AsyncRawMethods
from .client import Client, RawMethods

T = TypeVar("T")


class Group:
    """The base of what `Client` gives as an attribute for each of its groups."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.{_name(self)}"

    def _call(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> T:
        return self._client._call(operation, values, body)  # pyright: ignore[reportPrivateUsage] - a part of the client

    def _stream(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> EventStream[T]:
        return self._client._stream(operation, values, body)  # pyright: ignore[reportPrivateUsage]


class AsyncGroup:
    """The base of what `AsyncClient` gives as an attribute for each of its groups."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.{_name(self)}"

    async def _call(self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET) -> T:
        return await self._client._call(operation, values, body)  # pyright: ignore[reportPrivateUsage]

    async def _stream(
        self, operation: Operation[T], values: Mapping[str, object], body: object = UNSET
    ) -> AsyncEventStream[T]:
        return await self._client._stream(operation, values, body)  # pyright: ignore[reportPrivateUsage]


class RawGroup(RawMethods):
    """The base of what `raw` of a group gives."""

    def __repr__(self) -> str:
        return f"{self._client!r}.{_name(self)}.raw"


class AsyncRawGroup(AsyncRawMethods):
    """The base of what `raw` of a group gives."""

    def __repr__(self) -> str:
        return f"{self._client!r}.{_name(self)}.raw"


def _name(group: object) -> str:
    """The attribute: each group has a module that is called like it."""
    return type(group).__module__.rpartition(".")[2]
