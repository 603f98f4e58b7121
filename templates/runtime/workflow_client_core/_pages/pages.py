"""Iterables over all pages of a list: of their items, or of the pages themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from .._api import Operation

if TYPE_CHECKING:
    from .._request.request import Request
    from .._response.response import Response
    from .progress import Progress

Item = TypeVar("Item", covariant=True)
Page = TypeVar("Page")

MAX_PAGES = 10_000
"""As many pages as an iteration gets unless callers say otherwise; more are an error."""


class _BasePages(Generic[Page]):
    def __init__(
        self, operation: Operation[Page], values: Mapping[str, object], body: object, respond: Callable[..., Any]
    ) -> None:
        self._operation, self._values, self._body, self._respond = operation, values, body, respond
        self._max_items: int | None = None
        self._max_pages: int | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._operation.name}>"

    def limited(self, *, items: int | None = None, pages: int | None = None) -> Self:
        """The same list, of which an iteration gives at most so many items, and gets at most so many pages.

        It then ends, whether there are more or not. None: as it is.

        Raises:
            ValueError: a limit is less than 1.
        """
        for name, limit in (("items", items), ("pages", pages)):
            if limit is not None and limit < 1:
                raise ValueError(f"{name} must be 1 or more, not {limit}")
        limited = copy(self)
        limited._max_items = self._max_items if items is None else items
        limited._max_pages = self._max_pages if pages is None else pages
        return limited

    def _progress(self) -> Progress[Page]:
        from .progress import Progress  # here, as it loads what reads responses

        return Progress(self._operation, self._values, self._body)

    def _is_full(self, pages: int, items: int) -> bool:
        """Whether a limit is reached.

        Raises:
            PaginationError: it is the limit that nobody asked for.
        """
        if self._max_items is not None and items >= self._max_items:
            return True
        if self._max_pages is None and pages >= MAX_PAGES:
            from .progress import too_many

            raise too_many(self._operation, MAX_PAGES)
        return self._max_pages is not None and pages >= self._max_pages

    def _cut(self, items: list[Any], before: int) -> list[Any]:
        """The items of a page that are within the limit, after so many of earlier pages."""
        return items if self._max_items is None else items[: self._max_items - before]


class Pages(_BasePages[Page], Generic[Item, Page]):
    """All items of a list that comes page by page. Iterating gets a page when its first item is asked for.

    Nothing is sent before that. Every iteration begins anew: with the page that the arguments of the method ask for. It
    ends where the API says that nothing follows, with an empty page, and with a page that was there before, as some
    servers repeat the last one forever. What a call raises, iterating raises; the iteration is then over.

    Raises:
        PaginationError: a link leads to another server, or there are more than 10,000 pages, unless they are `limited`.
    """

    def __iter__(self) -> Iterator[Item]:
        count = 0
        for _, items in self._read():
            yield from self._cut(items, count)
            count += len(items)

    def pages(self) -> Iterator[Page]:
        """The pages, as the method without `paginated` returns them; a limit of items does not cut the last one."""
        for page, _ in self._read():
            yield page

    def _read(self) -> Iterator[tuple[Page, list[Any]]]:
        progress, pages, count = self._progress(), 0, 0
        while progress.next is not None and not self._is_full(pages, count):
            request, response = self._respond(progress.next)
            read = progress.read(request, response)
            if read is None:
                return
            pages, count = pages + 1, count + len(read[1])
            yield read


class AsyncPages(_BasePages[Page], Generic[Item, Page]):
    """The asynchronous twin of `Pages`: `async for`."""

    _respond: Callable[..., Awaitable[tuple[Request, Response]]]

    async def __aiter__(self) -> AsyncIterator[Item]:
        count = 0
        async for _, items in self._read():
            for item in self._cut(items, count):
                yield item
            count += len(items)

    async def pages(self) -> AsyncIterator[Page]:
        """See `Pages.pages`."""
        async for page, _ in self._read():
            yield page

    async def _read(self) -> AsyncIterator[tuple[Page, list[Any]]]:
        progress, pages, count = self._progress(), 0, 0
        while progress.next is not None and not self._is_full(pages, count):
            request, response = await self._respond(progress.next)
            read = progress.read(request, response)
            if read is None:
                return
            pages, count = pages + 1, count + len(read[1])
            yield read
