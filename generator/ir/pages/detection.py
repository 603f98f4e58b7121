"""How the pages of a list follow one another, where what a document declares makes it certain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..model import Api, Field, Model, Operation
from ..types import AnyType, ListOf, Ref, Scalar, Type, without_null
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
ENVELOPES = frozenset({"responsemetadata", "metadata", "meta", "pagination", "paging"})
"""Objects of an answer that tell about its page."""
PAGING = CURSORS | SAME_NAME | AFTER | OFFSETS | PAGES | LIMITS
"""Parameters that say which page, or how much of it."""


@dataclass(frozen=True, slots=True)
class _Input:
    wire: str
    type: Type
    default: str
    in_body: bool


def with_pagination(api: Api) -> Api:
    """The API, each of whose operations has how it gets its next page, where that is certain."""
    models = {model.name: model for model in api.models}
    operations = (replace(operation, pagination=pagination(operation, models)) for operation in api.operations)
    return replace(api, operations=tuple(operations))


def pagination(operation: Operation, models: Mapping[str, Model]) -> Pagination | None:
    """How `operation` gets its next page; None where that is not certain."""
    responses = [response for response in operation.responses if response.success]
    if operation.method not in {"GET", "POST"} or len(responses) != 1:
        return None
    contents = [media for media in responses[0].content if media.base_name.endswith("json") and media.type]
    if len(contents) != 1 or contents[0].type is None or len(responses[0].content) != 1:
        return None
    answer = contents[0].type
    properties = dict(_properties(answer, models))
    lists = [(path, type_.item) for path, type_ in properties.items() if isinstance(type_, ListOf)]
    if len(lists) != 1:
        return None
    links = any(header.name.lower() == "link" for header in responses[0].headers)
    (items, item), inputs = lists[0], _inputs(operation, models)
    # An object with a list inside may be one thing, rather than a page of things, unless a parameter asks for pages.
    if links and operation.method == "GET" and (not items or any(_plain(v.wire) in PAGING for v in inputs)):
        return Pagination("link", items, item)
    return (
        _by_url(operation, items, item, properties)
        or _by_cursor(items, item, inputs, properties)
        or _by_last_item(items, item, inputs, properties, models)
        or (_by_number(items, item, inputs, properties) if operation.method == "GET" else None)
    )


def _by_url(operation: Operation, items: Path, item: Type, properties: Mapping[Path, Type]) -> Pagination | None:
    urls = [path for path, type_ in properties.items() if path and _plain(path[-1]) in NEXT_URLS and _is_url(type_)]
    if operation.method != "GET" or len(urls) != 1:
        return None
    return Pagination("link", items, item, next=urls[0])


def _by_cursor(items: Path, item: Type, inputs: list[_Input], properties: Mapping[Path, Type]) -> Pagination | None:
    pairs = [
        (value, path)
        for value in inputs
        for path, type_ in properties.items()
        if path and _fills(_plain(value.wire), _plain(path[-1])) and _same(value.type, type_)
    ]
    if len(pairs) != 1:
        return None
    value, path = pairs[0]
    return Pagination("cursor", items, item, value.wire, value.in_body, path, _only(MORE, properties))


def _by_last_item(
    items: Path, item: Type, inputs: list[_Input], properties: Mapping[Path, Type], models: Mapping[str, Model]
) -> Pagination | None:
    values = [value for value in inputs if _plain(value.wire) in AFTER]
    more = _only(MORE, properties)
    if len(values) != 1 or not more:
        return None
    value, last = values[0], _only(LAST_ID, properties)
    if last and _same(value.type, properties[last]):
        return Pagination("cursor", items, item, value.wire, value.in_body, last, more)
    if any(path and re.match("next|last|cursor", _plain(path[-1])) for path in properties):
        return None  # this may be what the parameter takes
    ids = [field for field in _fields(item, models) if field.wire == "id" and field.required]
    if not ids or not _same(value.type, ids[0].type):
        return None
    return Pagination("last-item", items, item, value.wire, value.in_body, ("id",), more)


def _by_number(items: Path, item: Type, inputs: list[_Input], properties: Mapping[Path, Type]) -> Pagination | None:
    numbers = [value for value in inputs if _plain(value.wire) in OFFSETS | PAGES and _is_integer(value.type)]
    limits = [value for value in inputs if _plain(value.wire) in LIMITS and _is_integer(value.type)]
    if len(numbers) != 1 or len(limits) != 1 or any(_plain(value.wire) in CURSORS - PAGES | AFTER for value in inputs):
        return None
    value, total = numbers[0], _only(TOTALS, properties)
    more, limit, size = _only(MORE, properties), limits[0].wire, _size(limits[0].default)
    if _plain(value.wire) in OFFSETS:
        return Pagination("offset", items, item, value.wire, more=more, total=total, limit=limit, size=size)
    if value.default not in {"0", "1"}:  # whether the second page is 1 or 2 is not documented
        return None
    first, pages = json.loads(value.default), _only(TOTAL_PAGES, properties)
    return Pagination(
        "page", items, item, value.wire, more=more, total=total, pages=pages, limit=limit, size=size, first=first
    )


def _size(default: str) -> int:
    """The documented default of a limit; 0 where it has none."""
    value = json.loads(default) if default else 0
    return value if isinstance(value, int) and value > 0 else 0


def _inputs(operation: Operation, models: Mapping[str, Model]) -> list[_Input]:
    """What a call sends in its query and its JSON body."""
    query = (p for p in operation.parameters if p.location == "query" and not p.from_client)
    values = [_Input(parameter.wire, parameter.type, parameter.default, in_body=False) for parameter in query]
    if operation.body is not None and len(operation.body.content) == 1:
        media = operation.body.content[0]
        if media.type is not None and media.base_name.endswith("json"):
            values += [_Input(f.wire, f.type, f.default, in_body=True) for f in _fields(media.type, models)]
    return values


def _properties(answer: Type, models: Mapping[str, Model]) -> Iterator[tuple[Path, Type]]:
    """The answer if it is a list, else its properties and those of its objects that tell about a page."""
    answer = without_null(answer)
    if isinstance(answer, ListOf):
        yield (), answer
    for field in _fields(answer, models):
        yield (field.wire,), without_null(field.type)
        if _plain(field.wire) in ENVELOPES:
            for inner in _fields(field.type, models):
                yield (field.wire, inner.wire), without_null(inner.type)


def _fields(type_: Type, models: Mapping[str, Model]) -> tuple[Field, ...]:
    type_ = without_null(type_)
    model = models.get(type_.name) if isinstance(type_, Ref) else None
    return model.fields if model is not None else ()


def _fills(parameter: str, name: str) -> bool:
    return name == f"next{parameter}" if parameter in CURSORS else name == parameter and name in SAME_NAME


def _only(names: frozenset[str], properties: Mapping[Path, Type]) -> Path:
    """The path of the only property with one of these names; () if there are none or several."""
    paths = [path for path in properties if path and _plain(path[-1]) in names]
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


def _plain(name: str) -> str:
    """The name without what spellings differ in: `page_token`, `pageToken`, `page-token`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
