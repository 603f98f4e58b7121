"""The base classes of groups: methods of a client that are about one thing, such as `client.runs`.

A group has its client and nothing else. It is made anew for each access: there is nothing to lock, and a group of a
client with other options has those options. Its module is imported by the first access.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar, Unpack

from msgspec import UNSET

from .._api import Operation
from .._transport.call_options import CallOptions
from .async_client import AsyncClient, AsyncPaginatedMethods, AsyncRawCalls
from .client import Client, PaginatedMethods, RawCalls

if TYPE_CHECKING:
    from .._streams.streams import AsyncEventStream, EventStream

T = TypeVar("T")


class Group:
    """The base of the groups of a `Client`, which are its attributes."""

    __slots__ = ("_client",)

    def __init__(self, client: Client) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.{_name(self)}"

    def _call(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> T:
        return self._client._call(operation, values, body, **options)  # pyright: ignore[reportPrivateUsage] - a part of the client

    def _stream(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> EventStream[T]:
        return self._client._stream(operation, values, body, **options)  # pyright: ignore[reportPrivateUsage]


class AsyncGroup:
    """The base of the groups of an `AsyncClient`, which are its attributes."""

    __slots__ = ("_client",)

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return f"{self._client!r}.{_name(self)}"

    async def _call(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> T:
        return await self._client._call(operation, values, body, **options)  # pyright: ignore[reportPrivateUsage]

    async def _stream(
        self,
        operation: Operation[T],
        values: Mapping[str, object],
        body: object = UNSET,
        **options: Unpack[CallOptions],
    ) -> AsyncEventStream[T]:
        return await self._client._stream(operation, values, body, **options)  # pyright: ignore[reportPrivateUsage]


class RawGroup(RawCalls):
    """The base of `raw` of a group."""

    def __repr__(self) -> str:
        return f"{self._client!r}.{_name(self)}.raw"


class AsyncRawGroup(AsyncRawCalls):
    """The base of `raw` of a group."""

    def __repr__(self) -> str:
        return f"{self._client!r}.{_name(self)}.raw"


class PaginatedGroup(PaginatedMethods):
    """The base of `paginated` of a group."""

    def __repr__(self) -> str:
        return f"{self._client!r}.{_name(self)}.paginated"


class AsyncPaginatedGroup(AsyncPaginatedMethods):
    """The base of `paginated` of a group."""

    def __repr__(self) -> str:
        return f"{self._client!r}.{_name(self)}.paginated"


def _name(group: object) -> str:
    """The name of the attribute: each group has a module of the same name."""
    return type(group).__module__.rpartition(".")[2]
