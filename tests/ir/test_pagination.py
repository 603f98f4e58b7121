"""Which calls are known to have further pages: those whose documents leave no doubt, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from generator.document.problems import Problems
from generator.ir.pages.model import Pagination
from generator.ir.provider import Provider
from generator.pipeline import read_api

from .test_groups import located

TEXT, NUMBER, FLAG = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
BED = {"type": "object", "required": ["id"], "properties": {"id": TEXT}}
BEDS = {"type": "array", "items": BED}
PAGE = NUMBER | {"default": 1}


def read(
    answer: Any, query: dict[str, Any], body: dict[str, Any] | None = None, headers: Any = None
) -> Pagination | None:
    """How a call with these parameters and this answer, a schema or the properties of an object, gets its next page."""
    schema = answer if "items" in answer else {"type": "object", "properties": answer}
    response = {"description": "D", "headers": headers or {}, "content": {"application/json": {"schema": schema}}}
    operation: dict[str, Any] = {
        "operationId": "listBeds",
        "parameters": [{"name": name, "in": "query", "schema": type_} for name, type_ in query.items()],
        "responses": {"200": response},
    }
    if body is not None:
        content = {"application/json": {"schema": {"type": "object", "properties": body}}}
        operation["requestBody"] = {"content": content}
    paths = {"/beds": {"get" if body is None else "post": operation}}
    document = located({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
    api = read_api(document, Provider("T"), Problems(), read_twice=False)
    return api.operations[0].pagination


META_URL = {"beds": BEDS, "_metadata": {"type": "object", "properties": {"next": TEXT | {"format": "uri"}}}}
LINK = {"Link": {"schema": TEXT}}


@pytest.mark.parametrize(
    ("arguments", "kind", "parameter", "next_"),
    [
        (({"beds": BEDS}, {"limit": NUMBER}, None, LINK), "link", "", ()),
        ((BEDS, {}, None, {"link": {"schema": TEXT}}), "link", "", ()),
        (({"beds": BEDS, "next_cursor": TEXT}, {"cursor": TEXT}), "cursor", "cursor", ("next_cursor",)),
        (({"beds": BEDS, "nextPageToken": TEXT}, {"page_token": TEXT}), "cursor", "page_token", ("nextPageToken",)),
        (({"beds": BEDS, "nextToken": TEXT}, {"nextToken": TEXT}), "cursor", "nextToken", ("nextToken",)),
        (({"beds": BEDS, "next_page": NUMBER}, {"page": NUMBER}), "cursor", "page", ("next_page",)),
        (({"data": BEDS, "has_more": FLAG, "last_id": TEXT}, {"after": TEXT}), "cursor", "after", ("last_id",)),
        (({"data": BEDS, "has_more": FLAG}, {"starting_after": TEXT}), "last-item", "starting_after", ("id",)),
        (({"beds": BEDS}, {"offset": NUMBER, "limit": NUMBER}), "offset", "offset", ()),
        ((BEDS, {"page": PAGE, "per_page": NUMBER}), "page", "page", ()),
        (({"beds": BEDS, "next": TEXT | {"format": "uri"}}, {}), "link", "", ("next",)),
        ((META_URL, {}), "link", "", ("_metadata", "next")),
        ((BEDS, {"page": PAGE, "max_results": NUMBER}), "page", "page", ()),
        (({"beds": BEDS, "next_cursor": TEXT}, {}, {"cursor": TEXT}), "cursor", "cursor", ("next_cursor",)),
    ],
)
def test_what_a_document_shows(arguments: Any, kind: str, parameter: str, next_: tuple[str, ...]) -> None:
    pages = read(*arguments)

    assert pages is not None
    assert (pages.kind, pages.parameter, pages.next) == (kind, parameter, next_)


def test_a_cursor_may_be_in_an_object_that_tells_about_the_page() -> None:
    meta = {"type": "object", "properties": {"next_cursor": {"type": ["string", "null"]}}}

    pages = read({"beds": BEDS, "response_metadata": meta}, {"cursor": TEXT})

    assert pages is not None
    assert pages.next == ("response_metadata", "next_cursor")
    assert pages.items == ("beds",)


def test_how_many_there_are_and_how_large_a_page_is() -> None:
    answer = {"beds": BEDS, "total": NUMBER, "total_pages": NUMBER}

    pages = read(answer, {"page": PAGE, "size": NUMBER | {"default": 20}})

    assert pages is not None
    assert (pages.total, pages.pages) == (("total",), ("total_pages",))
    assert (pages.limit, pages.size, pages.first) == ("size", 20, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(({"beds": BEDS, "tags": BEDS, "next_cursor": TEXT}, {"cursor": TEXT}), id="two lists"),
        pytest.param(({"beds": BEDS, "cursor": TEXT}, {"cursor": TEXT}), id="an answer that may repeat the cursor"),
        pytest.param(({"beds": BEDS, "next_page": TEXT}, {"page": NUMBER}), id="a next page that may be a URL"),
        pytest.param(
            ({"beds": BEDS, "next_cursor": TEXT | {"format": "uri"}}, {"cursor": TEXT}), id="a cursor that is a URL"
        ),
        pytest.param(
            ({"beds": BEDS, "has_more": FLAG, "next": TEXT}, {"after": TEXT}),
            id="either the last id or a property may be meant",
        ),
        pytest.param((BEDS, {"after": TEXT, "limit": NUMBER}), id="nothing says whether there are more"),
        pytest.param((BEDS, {"page": NUMBER, "per_page": NUMBER}), id="the first page is 0 or 1"),
        pytest.param((BEDS, {"page": PAGE}), id="the size of a page is unknown"),
        pytest.param(({"beds": BEDS}, {}, None, LINK), id="a link beside one thing that has a list"),
        pytest.param((BEDS, {"limit": NUMBER}), id="a limit alone"),
    ],
)
def test_what_a_document_leaves_open(arguments: Any) -> None:
    assert read(*arguments) is None
