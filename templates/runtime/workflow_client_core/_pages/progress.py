"""What an iteration over pages sends next, and when it ends; without any I/O."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any, Generic, TypeVar, cast

import msgspec
from msgspec import UNSET, Raw, Struct

from .._api import Operation
from .._errors import PaginationError
from .._models.encoding import encode
from .._request.request import Request
from .._request.values import is_absent
from .._response.about import about_call
from .._response.raw import RawResponse
from .._response.read import invalid_response, read_response
from .._response.response import Response
from .._text import has_control_character, has_lone_surrogate, is_header_value
from .links import next_link, resolved

T = TypeVar("T")


class Next(Struct, frozen=True):
    """What is sent to get a page; `url` replaces the address, where the server gave one."""

    values: Mapping[str, object]
    body: object
    url: str = ""


class Progress(Generic[T]):
    """One iteration: how far it has come."""

    def __init__(self, operation: Operation[T], values: Mapping[str, object], body: object) -> None:
        assert operation.pagination is not None
        self.next: Next | None = Next(values, body)
        """What to send now; None: the iteration is at its end."""
        self._operation, self._pagination = operation, operation.pagination
        self._values, self._body = values, body
        self._received = 0
        self._pages = 0
        self._content = b""
        self._start = self._first()
        self._position: object = self._start
        self._sent: set[object] = {self._start}
        """The cursors, numbers and URLs that were sent: whoever sends one again gets the same pages again."""
        if self._pagination.kind in ("cursor", "last-item"):
            given = self._given(self._pagination.parameter)
            self._sent = {given} if isinstance(given, str | int) else set()

    def _given(self, name: str) -> object:
        """What the caller gave for a parameter, or for a property of the body."""
        if not self._pagination.in_body:
            return self._values.get(name, UNSET)
        fields = self._fields()
        return msgspec.json.decode(fields[name]) if name in fields else UNSET

    def _fields(self) -> dict[str, Raw]:
        """The caller's body: its properties as JSON."""
        return {} if is_absent(self._body) else msgspec.json.decode(encode(self._body), type=dict[str, Raw])

    def _first(self) -> int:
        """The number of the first page, or of its first item; 0 where pages have no numbers."""
        if self._pagination.kind not in ("offset", "page"):
            return 0
        given = self._given(self._pagination.parameter)
        return self._pagination.first if is_absent(given) else operator.index(cast(int, given))

    def read(self, request: Request, response: Response) -> tuple[T, list[Any]] | None:
        """The page in a response, and its items; None where it repeats the page before, or is empty and not the first.

        Sets `next`. Raises what the call raises.

        Raises:
            PaginationError: the server leads to another server.
        """
        page = read_response(self._operation, request, response)
        raw = RawResponse(
            status=response.status,
            headers=response.headers,
            content=response.content,
            parsed=page,
            **about_call(request, response),
        )
        self.next = None
        items = self._items(page, raw, request, response)
        if self._pages and (not items or response.content == self._content):
            return None
        if self._pagination.kind == "link":
            self._sent.add(resolved(request.shown_url, request))
        self._pages += 1
        self._content = response.content
        self._received += len(items)
        if items:
            self._advance(raw, items, request, response)
        return page, items

    def _items(self, page: object, raw: RawResponse[Any], request: Request, response: Response) -> list[Any]:
        items: object = page
        for name in self._pagination.items:
            items = _attribute(items, name)
        if isinstance(items, list):
            return cast("list[object]", items)
        path = self._pagination.items
        if path and _value(raw.document, path):  # it is there, but not as documented
            reason = f"/{'/'.join(path)}, the list of items, cannot be read"
            raise invalid_response(reason, request, response)
        return []

    def _advance(self, raw: RawResponse[Any], items: list[Any], request: Request, response: Response) -> None:
        """Set `next`, if there is a further page."""
        pagination = self._pagination
        more = _value(raw.document, pagination.more) if pagination.more else None
        if more is False or (pagination.kind == "last-item" and pagination.more and more is not True):
            return
        if pagination.kind == "link":
            self._follow(raw, request, response)
        elif pagination.kind in ("offset", "page"):
            if more is True or not self._is_last(raw, len(items)):
                step = len(items) if pagination.kind == "offset" else 1
                self._send(cast(int, self._position) + step)
        else:
            holder: Any = raw.document
            if pagination.kind == "last-item":
                holder = (_value(holder, pagination.items) or [None])[-1]
            cursor = _value(holder, pagination.next)
            if cursor is None or cursor == "":
                return
            if problem := self._problem_of_cursor(cursor):
                raise invalid_response(f"/{'/'.join(pagination.next)} {problem}", request, response)
            self._send(cursor)

    def _problem_of_cursor(self, cursor: object) -> str:
        """Why a value of a response cannot be sent to get the next page; "" where it can."""
        if isinstance(cursor, int) and not isinstance(cursor, bool):
            return ""
        if not isinstance(cursor, str):
            return "is not a cursor"
        if cursor.lower().startswith(("http://", "https://")):
            return "is a URL, not a cursor"
        name = self._pagination.parameter
        locations = [parameter.location for parameter in self._operation.parameters if parameter.name == name]
        is_text = not has_lone_surrogate(cursor)
        if not self._pagination.in_body:
            is_text = is_text and not has_control_character(cursor)
        if "header" in locations:
            is_text = is_header_value(cursor)
        return "" if is_text else "is a cursor that cannot be sent"

    def _follow(self, raw: RawResponse[Any], request: Request, response: Response) -> None:
        """Go on with the link of a response, if it has one."""
        pagination = self._pagination
        target = _value(raw.document, pagination.next) if pagination.next else next_link(raw.headers.get("link", ""))
        if not isinstance(target, str) or not target.strip():
            return
        try:
            url = resolved(target.strip(), request)
        except ValueError as error:
            reason = request.conceal(str(error))
        else:
            if url not in self._sent:
                self.next = Next(self._values, self._body, url)
            return
        raise PaginationError(
            f"the link to the next page of {request.operation} is not followed: it {reason}",
            **about_call(request, response),
        )

    def _send(self, value: str | int) -> None:
        """Go on with this value of the parameter, unless it was sent before."""
        if value in self._sent:
            return
        self._sent.add(value)
        self._position = value
        name = self._pagination.parameter
        if self._pagination.in_body:
            self.next = Next(self._values, {**self._fields(), name: value})
        else:
            self.next = Next({**self._values, name: value}, self._body)

    def _is_last(self, raw: RawResponse[Any], size: int) -> bool:
        """Whether the numbers that the server or the API gives say that nothing follows."""
        pagination, number = self._pagination, cast(int, self._position) - self._pagination.first + 1
        pages = _count(raw.document, pagination.pages)
        if pages and pages >= number:  # otherwise it counts something else
            return pages == number
        if pagination.kind == "offset":
            before = self._start
        else:  # earlier pages have at least as many items as this one
            before = (self._start - pagination.first) * size
        total = _count(raw.document, pagination.total)
        if total and total >= self._received:
            return before + self._received >= total
        return size < self._documented_size()

    def _documented_size(self) -> int:
        """The number of items of every page but the last, as far as the API documents it; 0 where it does not.

        A limit above the documented default may be more than the server gives.
        """
        limit = self._given(self._pagination.limit) if self._pagination.limit else UNSET
        default = self._pagination.size
        if is_absent(limit):
            return default
        return limit if isinstance(limit, int) and limit <= default else 0


def too_many(operation: Operation[Any], limit: int) -> PaginationError:
    """The error for a list that does not end."""
    message = f"{operation.name} has more than {limit:,} pages: limited(pages=...) sets another limit"
    return PaginationError(message, operation=operation.name)


def _count(document: object, path: tuple[str, ...]) -> int:
    """The number at `path` in JSON; 0 where none is."""
    value = _value(document, path) if path else 0
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _value(document: Any, path: tuple[str, ...]) -> Any:
    """What is at `path` in JSON; None where nothing is."""
    for name in path:
        document = cast("dict[str, Any]", document).get(name) if isinstance(document, dict) else None
    return document


def _attribute(value: object, wire: str) -> object:
    """The attribute of a model that is called `wire` in JSON; `UNSET` where it has none."""
    if not isinstance(value, Struct):
        return cast("dict[str, object]", value).get(wire, UNSET) if isinstance(value, dict) else UNSET
    names = dict(zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True))
    return getattr(value, names[wire], UNSET) if wire in names else UNSET
