"""Which documents a page embeds, byte for byte, and what is said of pages that embed none."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.document.problems import Problems
from generator.vendor.sources import published

SPEC = "openapi: 3.1.0\ninfo: {title: Garden, version: '1'}\npaths:\n  /beds:\n    get:\n      responses: {}\n"
PAGE = f"# List beds\n\n> All beds.\n\n## OpenAPI\n\n````yaml openapi.json GET /beds\n{SPEC}\n````\n\nMore.\n"


def read(folder: Path, content: str | bytes, name: str = "page.md") -> tuple[list[bytes], list[str]]:
    """The documents in a page, and the problems without the path of the folder."""
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    problems = Problems(strict=False)
    documents = published([str(folder / name)], problems)
    return [document.content for document in documents], [str(p).replace(f"{folder}/", "") for p in problems]


@pytest.mark.parametrize(
    ("page", "document"),
    [
        pytest.param(PAGE, f"{SPEC}\n", id="with the empty line before the closing fence"),
        pytest.param(f"```yaml a.yaml get /beds\n{SPEC}```", SPEC, id="three backticks"),
        pytest.param(f"~~~~ yaml GET /beds\n{SPEC}~~~~~~\n", SPEC, id="tildes, no file, a longer end"),
        pytest.param(f"\ufeff````yaml a.json WEBHOOK grown\n{SPEC}````\n", SPEC, id="a BOM, a webhook"),
        pytest.param(PAGE.replace("\n", "\r\n"), f"{SPEC}\n".replace("\n", "\r\n"), id="CRLF"),
        pytest.param(
            "- item\n\n" + "".join(f"   {line}\n" for line in f"```yaml a GET /beds\n{SPEC}```".split("\n")),
            SPEC,
            id="indented by spaces",
        ),
        pytest.param(
            "".join(f"\t{line}\n" for line in f"```yaml a GET /beds\n{SPEC}```".split("\n")),
            SPEC,
            id="indented by a tab",
        ),
        pytest.param(
            f"`````md\n{PAGE.replace('Garden', 'Quoted')}`````\n{PAGE}", f"{SPEC}\n", id="a page quoted in a block"
        ),
        pytest.param(
            f"```yaml a GET /beds\n{SPEC}x-text: |\n    ```\n    inside\n    ```\n```",
            f"{SPEC}x-text: |\n    ```\n    inside\n    ```\n",
            id="fences in a text",
        ),
        pytest.param(f"````yaml a GET /beds\n{SPEC}# ```\n````\n", f"{SPEC}# ```\n", id="a shorter fence is no end"),
        pytest.param('```json a GET /beds\n{"openapi": "3.1.0"}\n```\n', '{"openapi": "3.1.0"}\n', id="JSON"),
        pytest.param(f"---\ntitle: x\n---\n{PAGE}", f"{SPEC}\n", id="front matter"),
        pytest.param(f"```bash\nls\n```\n{PAGE}\n```json\n{{}}\n```\n", f"{SPEC}\n", id="among other blocks"),
        pytest.param(SPEC, SPEC, id="a document without a telling name"),
        pytest.param(f'{{"openapi": "3.1.0", "x": "{"`" * 4}yaml a GET /b"}}', None, id="JSON is no page"),
    ],
)
def test_a_page_embeds_a_document(page: str, document: str | None, tmp_path: Path) -> None:
    assert read(tmp_path, page) == ([(document or page).encode()], [])


def test_several_blocks_are_several_documents(tmp_path: Path) -> None:
    documents, problems = read(tmp_path, PAGE + PAGE.replace("beds", "pots"))
    assert documents == [f"{SPEC}\n".encode(), f"{SPEC}\n".replace("beds", "pots").encode()]
    assert problems == []


def test_a_document_whose_text_has_a_page_in_it_is_none(tmp_path: Path) -> None:
    text = "info:\n  description: |\n" + "".join(f"    {line}\n" for line in PAGE.split("\n")) + "openapi: 3.1.0\n"
    assert read(tmp_path, text, "openapi.yaml") == ([text.encode()], [])


BY_HAND = 'ranslate it by hand: CONTRIBUTING.md, "How do I translate a page by hand?"'


@pytest.mark.parametrize(
    ("page", "message"),
    [
        pytest.param(
            "# Get a run\n\nSend a GET request.\n",
            "this is neither OpenAPI nor a page that embeds it",
            id="prose",
        ),
        pytest.param(
            "Skip to main content\nGET\n/\nbeds\ncurl --request GET \\\n\nid\nstring<uuid>\nrequired\n",
            "this page is prose, the text of a rendered page, and embeds no OpenAPI",
            id="rendered",
        ),
        pytest.param(
            '---\ntitle: "Get"\n---\n\nGet/beds/{id}\n\nExpand Allobject  idstring    \nsoilstring\n',
            "this page describes its API in a dialect that is not OpenAPI: fields run into their types",
            id="older dialect",
        ),
        pytest.param(
            '---\ntitle: Beds\n---\n<ResponseField name="id" type="string">The id.</ResponseField>\n',
            "this page describes its API in a dialect that is not OpenAPI: fields are components of the page",
            id="components",
        ),
        pytest.param(
            "---\ntitle: Get a bed\nopenapi: 'GET /beds/{id}'\n---\n",
            "this is the source of a page, whose API is in a document of its own",
            id="front matter",
        ),
        pytest.param("<!DOCTYPE html>\n<html><body>Beds</body></html>\n", "this is a page in HTML", id="HTML"),
        pytest.param("", "this is neither OpenAPI nor a page that embeds it", id="empty"),
    ],
)
def test_a_page_without_openapi_is_refused_with_the_way_to_translate_it(
    page: str, message: str, tmp_path: Path
) -> None:
    documents, (problem,) = read(tmp_path, page)
    assert documents == []
    assert problem.startswith(f"page.md: error[not-openapi]: {message}\n    hint: ")
    assert problem.endswith(BY_HAND)


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (
            f"```yaml\n{SPEC}```\n",
            "page.md",
            "page.md:2: error[not-openapi]: the fenced block here looks like OpenAPI, but its info string names no "
            "operation\n    hint: write `yaml FILE METHOD PATH` behind its fence, or put it into a file of its own, "
            "and name that",
        ),
        (
            PAGE.partition("\n````\n")[0],
            "page.md",
            "page.md:7: error[page-cut-off]: the fenced block that begins here does not end: the page is cut off\n"
            "    hint: fetch the page again, as a whole",
        ),
        (
            PAGE.replace("paths:", "paths: ["),
            "page.md",
            "page.md:12: error[invalid-yaml]: not valid YAML or JSON: did not find expected ',' or ']'",
        ),
        (
            "```yaml a GET /beds\ntitle: Beds\n```\n",
            "page.md",
            "page.md:2: error[not-openapi]: this is not an OpenAPI document\n"
            "    hint: OpenAPI has `openapi`, Swagger `swagger` at its root; name the description of the API itself",
        ),
        (
            b"\xff\xfe\x00",
            "page.md",
            "page.md: error[not-utf-8]: the file is not UTF-8: byte 0 cannot be decoded\n"
            "    hint: save the file as UTF-8",
        ),
        (
            "[1]\n",
            "a.json",
            "a.json: error[not-openapi]: this is not an OpenAPI document\n"
            "    hint: OpenAPI has `openapi`, Swagger `swagger` at its root; name the description of the API itself",
        ),
    ],
)
def test_what_is_wrong_has_the_line_of_the_page(content: str | bytes, name: str, problem: str, tmp_path: Path) -> None:
    assert read(tmp_path, content, name) == ([], [problem])


def in_folder(folder: Path, **pages: str) -> tuple[list[bytes], list[str]]:
    for name, text in pages.items():
        path = folder / name.replace("_", ".").replace("..", "/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    problems = Problems()
    documents = published([str(folder)], problems)
    return [document.content for document in documents], [str(p).replace(str(folder), "DIR") for p in problems]


def test_a_folder_gives_its_pages_by_name_and_says_which_it_does_not_read(tmp_path: Path) -> None:
    other = PAGE.replace("beds", "pots")
    documents, (problem,) = in_folder(
        tmp_path, b_md=other, a_txt=PAGE, c_md="# Welcome\n", d_yaml=SPEC, in__e_mdx=other
    )
    assert documents == [f"{SPEC}\n".encode(), *[f"{SPEC}\n".replace("beds", "pots").encode()] * 2]
    assert problem.startswith("DIR/c.md: warning[page-not-read]: this is neither OpenAPI nor a page that embeds it; ")


def test_a_folder_without_any_document_is_refused(tmp_path: Path) -> None:
    documents, (problem,) = in_folder(tmp_path, c_md="# Welcome\n")
    assert documents == []
    assert problem.startswith("DIR/c.md: error[not-openapi]: this is neither OpenAPI nor a page that embeds it")
    (tmp_path / "c.md").unlink()
    assert in_folder(tmp_path, d_yaml=SPEC) == (
        [],
        [
            "DIR: error[no-pages]: the folder has no pages\n"
            "    hint: pages end in .md, .mdx, .markdown, .txt; name an OpenAPI file itself"
        ],
    )


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    problems = Problems()
    assert published([str(tmp_path / "none.yaml")], problems) == []
    assert str(problems[0]).replace(f"{tmp_path}/", "") == (
        "none.yaml: error[unreadable-file]: cannot read the file: No such file or directory\n"
        "    hint: a source is an OpenAPI file, a page that embeds one, a folder of pages, or an http(s) URL"
    )
