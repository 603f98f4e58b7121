"""What authors say about pages, in the document or in the package's options; what is wrong is reported at its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.document.problems import Problems
from generator.ir.pages.model import Pagination
from generator.options import Options
from generator.project.own_options import read_own_options
from generator.project.packages import single_package
from generator.render.package import client_files

from .test_groups import located

DOCUMENT = """\
openapi: 3.1.0
info: {title: Gardens, version: "1"}
servers: [{url: "https://garden.example.com"}]
paths:
  /beds:
    get:
      operationId: listBeds
      parameters:
        - {name: from, in: query, schema: {type: string}}
        - {name: number, in: query, schema: {type: integer}}
        - {name: page, in: query, schema: {type: integer, default: 0}}
        - {name: limit, in: query, schema: {type: integer, default: 20}}
      responses:
        "200":
          description: Beds.
          content:
            application/json:
              schema:
                type: object
                properties:
                  beds: {type: array, items: {type: object, properties: {id: {type: string}}}}
                  tags: {type: array, items: {type: string}}
                  about: {type: object}
"""
CURSOR = {
    "type": "cursor",
    "inputs": [{"name": "from", "in": "parameters", "type": "cursor"}],
    "outputs": {"results": "$.beds", "nextCursor": "$.about.next"},
}


def read(
    tmp_path: Path, extension: str = "", options: Any = None, document: str = DOCUMENT
) -> tuple[Pagination | None, str]:
    """The pagination of the operation, and the problems."""
    file = tmp_path / "beds.yaml"
    file.write_text(document + (f"      x-speakeasy-pagination: {extension}\n" if extension else ""), "utf-8")
    problems = Problems()
    given = Options(pagination=located(options)) if options else Options()
    package = single_package(file, "beds-client", problems, options=given)
    texts = "\n".join(str(problem) for problem in problems).replace(f"{tmp_path}/", "")
    return package.api.operations[0].pagination if package else None, texts


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        (
            "{type: cursor, inputs: [{name: from, in: parameters, type: cursor}],"
            " outputs: {results: $.beds, nextCursor: $.about.next, hasMore: /about/more}}",
            {"kind": "cursor", "parameter": "from", "next": ("about", "next"), "more": ("about", "more")},
        ),
        (
            "{type: cursor, inputs: [{name: from, in: parameters, type: cursor}],"
            ' outputs: {results: $.beds, nextCursor: "$.beds[-1].id"}}',
            {"kind": "last-item", "parameter": "from", "next": ("id",)},
        ),
        (
            "{type: offsetLimit, inputs: [{name: number, in: parameters, type: offset},"
            " {name: limit, in: parameters, type: limit}], outputs: {results: $.beds, total: \"$['about']['all']\"}}",
            {"kind": "offset", "parameter": "number", "total": ("about", "all"), "limit": "limit", "size": 20},
        ),
        (
            "{type: offsetLimit, inputs: [{name: page, in: parameters, type: page}],"
            " outputs: {results: $.beds, numPages: $.about.pages}}",
            {"kind": "page", "parameter": "page", "pages": ("about", "pages")},
        ),
        ("{type: url, outputs: {results: $.beds, nextUrl: $.about.next}}", {"kind": "link", "next": ("about", "next")}),
        ("{type: url, outputs: {results: $.beds}}", {"kind": "link"}),
    ],
)
def test_what_the_document_says(tmp_path: Path, extension: str, expected: dict[str, Any]) -> None:
    pages, problems = read(tmp_path, extension)
    assert problems == ""
    assert pages is not None
    assert pages == Pagination(item=pages.item, items=("beds",), **expected)


@pytest.mark.parametrize("name", ["listBeds", "GET /beds"])
def test_an_option_wins_over_the_document(tmp_path: Path, name: str) -> None:
    pages, problems = read(tmp_path, "{type: url, outputs: {results: $.beds}}", {name: CURSOR})
    assert problems == ""
    assert pages is not None
    assert (pages.kind, pages.next) == ("cursor", ("about", "next"))
    assert read(tmp_path, "{type: url, outputs: {results: $.beds}}", {name: False}) == (None, "")


def test_false_switches_off_what_the_document_shows(tmp_path: Path) -> None:
    shown = DOCUMENT.replace("tags: {type: array, items: {type: string}}", "next_page: {type: integer}")
    assert read(tmp_path, document=shown)[0] is not None
    assert read(tmp_path, "false", document=shown) == (None, "")


@pytest.mark.parametrize(
    ("extension", "problem"),
    [
        ("true", "`x-speakeasy-pagination` is neither a mapping nor false"),
        (
            "{type: cursors}",
            "`type` is 'cursors', which is not a form of pages\n    hint: the types are: cursor, offsetLimit, url",
        ),
        (
            "{type: cursor, inputs: [{name: form, in: parameters, type: cursor}], outputs: {results: $.beds}}",
            "list_beds has no query parameter 'form'\n    hint: there are: from, limit, number, page",
        ),
        (
            "{type: cursor, inputs: [{name: from, in: requestBody, type: cursor}], outputs: {results: $.beds}}",
            "list_beds has no property of its JSON body 'from'\n    hint: there are: none",
        ),
        (
            "{type: cursor, inputs: [{name: from, in: parameters, type: token}], outputs: {results: $.beds}}",
            "an input is `in` one of parameters, requestBody, and its `type` one of cursor, offset, page, limit",
        ),
        (
            "{type: url, outputs: {results: $.about}}",
            "list_beds documents no list of items there\n"
            "    hint: write the path of a list that the response documents, such as `results: $.data`",
        ),
        (
            "{type: url, output: {results: $.beds}}",
            "unknown field 'output'\n    hint: did you mean outputs? the fields",
        ),
        (
            '{type: url, outputs: {results: $.beds, nextUrl: "$..next"}}',
            "`nextUrl` is '$..next', which is not a path that is known\n"
            "    hint: write a path such as $.data.next, $.data[-1].id or /data/next",
        ),
        (
            "{type: cursor, inputs: [{name: from, in: parameters, type: cursor}], outputs: {results: $.beds}}",
            "a cursor needs an input and an output\n"
            "    hint: name the input of the type cursor, and the property that fills it as `nextCursor`",
        ),
        (
            "{type: offsetLimit, inputs: [], outputs: {results: $.beds}}",
            "neither an input of the type offset nor one of the type page is named",
        ),
        (
            "{type: offsetLimit, inputs: [{name: number, in: parameters, type: page}], outputs: {results: $.beds}}",
            "nothing says whether the first number is 0 or 1\n"
            "    hint: give number the default 0 or 1 in the document, by an overlay action",
        ),
    ],
)
def test_what_is_wrong_is_an_error_at_its_line(tmp_path: Path, extension: str, problem: str) -> None:
    pages, problems = read(tmp_path, extension)
    assert pages is None
    assert f"beds.yaml:24: error[pagination]: {problem}" in problems


def test_the_options_of_a_package_have_it_and_keep_it(tmp_path: Path) -> None:
    file = tmp_path / "beds.yaml"
    file.write_text(DOCUMENT, "utf-8")
    package = single_package(
        file, "beds-client", problems := Problems(), options=Options(pagination=located({"listBeds": CURSOR}))
    )
    assert package is not None, [str(problem) for problem in problems]
    text = client_files(package, package.api.options.table())["beds-client/pyproject.toml"]
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    assert read_own_options(tmp_path, "pyproject.toml", problems).pagination == {"listBeds": CURSOR}
    assert not problems


def test_an_operation_that_is_not_there_is_an_error_of_the_options(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[tool.workflow-client-generator]\ngroups = false\n\n"
        "[tool.workflow-client-generator.pagination]\nlistBed = false\n"
    )
    options = read_own_options(tmp_path, "beds-client/pyproject.toml", problems := Problems())
    (tmp_path / "beds.yaml").write_text(DOCUMENT, "utf-8")
    assert single_package(tmp_path / "beds.yaml", "beds-client", problems, options=options) is None
    assert [str(problem) for problem in problems] == [
        "beds-client/pyproject.toml:5: error[pagination]: no operation is called 'listBed'\n"
        "    hint: write an operationId or a method and a path: did you mean listBeds?"
    ]
