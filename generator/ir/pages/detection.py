"""How the pages of a list follow one another, where what a document declares makes it certain."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from ..model import Model, Operation
from ..types import AnyType, Scalar, Type, without_null
from .answer import answer_of, fields_of, lists_among, plain, properties_of
from .inputs import Input, inputs_of
from .model import Pagination, Path

CURSORS = frozenset({"cursor", "pagetoken", "pagecursor", "marker", "continuationtoken", "paginationtoken", "page"})
"""Parameters that a property named `next_...` fills, such as `next_cursor`, if both have the same type."""
SAME_NAME = frozenset({"nexttoken", "nextpagetoken", "nextcursor"})
"""Parameters that a property of the same name fills."""
AFTER = frozenset({"after", "startingafter", "afterid"})
"""Parameters that take the id of the last item, if a property says whether there are more."""
LAST_ID = frozenset({"lastid"})
MORE = frozenset({"hasmore", "hasnextpage"})
TOTALS = frozenset({"total", "totalcount"})
TOTAL_PAGES = frozenset({"totalpages", "pagecount"})
NEXT_URLS = frozenset({"next", "nexturl", "nextlink", "nextpageurl"})
"""Properties with the URL of the next page, if they have the format of a URL."""
OFFSETS = frozenset({"offset", "skip"})
PAGES = frozenset({"page", "pagenumber"})
LIMITS = frozenset({"limit", "perpage", "pagesize", "count", "size", "maxresults"})
PAGING = CURSORS | SAME_NAME | AFTER | OFFSETS | PAGES | LIMITS
"""Parameters that say which page, or how much of it."""


def pagination(operation: Operation, models: Mapping[str, Model]) -> Pagination | None:
    """How `operation` gets its next page; None where that is not certain."""
    answer = answer_of(operation)
    if answer is None or operation.method not in {"GET", "POST"}:
        return None
    properties = dict(properties_of(answer, models))
    lists = lists_among(properties)
    if len(lists) != 1:
        return None
    links = any(header.name.lower() == "link" for r in operation.responses if r.success for header in r.headers)
    [(items, item)], inputs = lists.items(), inputs_of(operation, models)
    # An object with a list inside may be one thing, rather than a page of things, unless a parameter asks for pages.
    if links and operation.method == "GET" and (not items or any(plain(v.wire) in PAGING for v in inputs)):
        return Pagination("link", items, item)
    return (
        _by_url(operation, items, item, properties)
        or _by_cursor(items, item, inputs, properties)
        or _by_last_item(items, item, inputs, properties, models)
        or (_by_number(items, item, inputs, properties) if operation.method == "GET" else None)
    )


def _by_url(operation: Operation, items: Path, item: Type, properties: Mapping[Path, Type]) -> Pagination | None:
    urls = [path for path, type_ in properties.items() if path and plain(path[-1]) in NEXT_URLS and _is_url(type_)]
    if operation.method != "GET" or len(urls) != 1:
        return None
    return Pagination("link", items, item, next=urls[0])


def _by_cursor(items: Path, item: Type, inputs: list[Input], properties: Mapping[Path, Type]) -> Pagination | None:
    pairs = [
        (value, path)
        for value in inputs
        for path, type_ in properties.items()
        if path and _fills(plain(value.wire), plain(path[-1])) and _same(value.type, type_)
    ]
    if len(pairs) != 1:
        return None
    value, path = pairs[0]
    return Pagination("cursor", items, item, value.wire, value.in_body, path, _only(MORE, properties))


def _by_last_item(
    items: Path, item: Type, inputs: list[Input], properties: Mapping[Path, Type], models: Mapping[str, Model]
) -> Pagination | None:
    values = [value for value in inputs if plain(value.wire) in AFTER]
    more = _only(MORE, properties)
    if len(values) != 1 or not more:
        return None
    value, last = values[0], _only(LAST_ID, properties)
    if last and _same(value.type, properties[last]):
        return Pagination("cursor", items, item, value.wire, value.in_body, last, more)
    if any(path and re.match("next|last|cursor", plain(path[-1])) for path in properties):
        return None  # this may be what the parameter takes
    ids = [field for field in fields_of(item, models) if field.wire == "id" and field.required]
    if not ids or not _same(value.type, ids[0].type):
        return None
    return Pagination("last-item", items, item, value.wire, value.in_body, ("id",), more)


def _by_number(items: Path, item: Type, inputs: list[Input], properties: Mapping[Path, Type]) -> Pagination | None:
    numbers = [value for value in inputs if plain(value.wire) in OFFSETS | PAGES and _is_integer(value.type)]
    limits = [value for value in inputs if plain(value.wire) in LIMITS and _is_integer(value.type)]
    if len(numbers) != 1 or len(limits) != 1 or any(plain(value.wire) in CURSORS - PAGES | AFTER for value in inputs):
        return None
    value, total = numbers[0], _only(TOTALS, properties)
    more, limit, size = _only(MORE, properties), limits[0].wire, limits[0].size
    if plain(value.wire) in OFFSETS:
        return Pagination("offset", items, item, value.wire, more=more, total=total, limit=limit, size=size)
    if value.default not in {"0", "1"}:  # whether the second page is 1 or 2 is not documented
        return None
    first, pages = json.loads(value.default), _only(TOTAL_PAGES, properties)
    return Pagination(
        "page", items, item, value.wire, more=more, total=total, pages=pages, limit=limit, size=size, first=first
    )


def _fills(parameter: str, name: str) -> bool:
    return name == f"next{parameter}" if parameter in CURSORS else name == parameter and name in SAME_NAME


def _only(names: frozenset[str], properties: Mapping[Path, Type]) -> Path:
    """The path of the only property with one of these names; () if there are none or several."""
    paths = [path for path in properties if path and plain(path[-1]) in names]
    return paths[0] if len(paths) == 1 else ()


def _same(first: Type, second: Type) -> bool:
    first, second = without_null(first), without_null(second)
    if not isinstance(first, Scalar) or not isinstance(second, Scalar):
        return isinstance(first, AnyType) and isinstance(second, Scalar) and second.primitive == "str"
    return first.primitive == second.primitive and not {"uri", "url"} & {first.format, second.format}


def _is_url(type_: Type) -> bool:
    return isinstance(type_, Scalar) and type_.primitive == "str" and type_.format in {"uri", "url", "uri-reference"}


def _is_integer(type_: Type) -> bool:
    type_ = without_null(type_)
    return isinstance(type_, Scalar) and type_.primitive == "int"
