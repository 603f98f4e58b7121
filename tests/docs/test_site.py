"""The site has a page for all that there is to read, and no link in it that leads nowhere."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest

from generator.diff.rules import load_rules
from generator.document.problems import Problems
from tests.docs.building import ROOT, collected, navigation
from tests.docs.checking import check_markdown, check_site
from tests.docs.links import Site, linked
from tests.docs.pages import SHELVES, Page, headings, repository_pages

README = """\
# Garden

Beds, and [what to do](docs.md). ![bed](pictures/bed.svg)

## How do I water?

With a [can](#the-can-of-2-l), see [where it is](tools/can.py), `[this](is code)` and [all](https://example.com/all).

## What is there?

### The `can` of 2 l!

From [the top](#garden): [a bed](generated/garden/README.md#a-bed-1).

```text
[not](a link)
```
"""
BEDS = "# Beds\n\n## A bed\n\n## A bed\n\n[up](../../README.md#how-do-i-water)\n"


@pytest.fixture(scope="module")
def site() -> Site:
    problems = Problems()
    site = collected(ROOT, problems)
    assert problems == []
    return site


def repository(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


# What is collected


def test_each_document_of_the_repository_is_a_page(site: Site) -> None:
    documents = {
        path.relative_to(ROOT).as_posix() for pattern in ("*.md", "generated/**/*.md") for path in ROOT.glob(pattern)
    }
    assert documents <= {page.source for page in site.pages}
    assert len({page.path for page in site.pages}) == len(site.pages)
    assert {page.shelf for page in site.pages} == {shelf.title for shelf in SHELVES}


@pytest.mark.parametrize("package", ["workflow_client_core", "workflow_runs", "workflow_runs.testing"])
def test_each_public_name_is_in_the_reference(package: str, site: Site) -> None:
    (page,) = (page for page in site.pages if page.path == f"reference/{package}.md")
    anchors = {heading.site_anchor for heading in headings(page.text)}
    assert {*importlib.import_module(package).__all__} <= anchors


def test_a_name_of_the_reference_has_its_signature_and_docstring(site: Site) -> None:
    (page,) = (page for page in site.pages if page.path == "reference/workflow_client_core.md")
    section = page.text.partition("## decode {#decode}")[2].partition("\n## ")[0]
    assert "decode(data: bytes, type: type[T], *, lazy: bool = False) -> Decoded[T]\n" in section
    assert "**Raises**" in section


def test_each_rule_has_an_anchor_and_is_in_the_list(site: Site) -> None:
    rules = load_rules()
    pages = {page.path: page.text for page in site.pages if page.path.startswith("rules/")}
    for rule in rules.values():
        path = f"{Path(rule.source.file).stem}.md"
        assert f"\n## {rule.id} {{#{rule.id}}}\n" in pages[f"rules/{path}"]
        assert f"]({path}#{rule.id})" in pages["rules/index.md"]


def test_the_navigation_has_every_page(site: Site) -> None:
    sections = tomllib.loads(f"nav = {navigation(site.pages)}")["nav"]
    entries = [path for section in sections for pages in section.values() for page in pages for path in page.values()]
    assert entries == [page.path for page in site.pages]


# Links


def test_links_lead_to_pages_and_files_that_are_none_become_text(tmp_path: Path) -> None:
    files = {"README.md": README, "docs.md": "# Docs\n", "generated/garden/README.md": BEDS}
    repository(tmp_path, {**files, "tools/can.py": "", "pictures/bed.svg": "<svg/>"})
    problems = Problems()
    garden = linked(repository_pages(tmp_path), tmp_path, problems)
    assert problems == []
    pages = {page.path: page.text for page in garden.pages}
    assert garden.files == {"files/bed.svg": tmp_path / "pictures" / "bed.svg"}
    assert "[what to do](more/docs.md). ![bed](files/bed.svg)" in pages["index.md"]
    assert (
        "With a [can](what-is-there.md#the-can-of-2-l), see where it is, `[this](is code)` and "
        "[all](https://example.com/all)."
    ) in pages["index.md"]
    assert pages["what-is-there.md"].startswith("# What is there?\n\n## The `can` of 2 l!\n")
    assert "From [the top](index.md): [a bed](clients/garden.md#a-bed_1)." in pages["what-is-there.md"]
    assert "[not](a link)" in pages["what-is-there.md"]
    assert "[up](../index.md#how-do-i-water)" in pages["clients/garden.md"]


def test_a_broken_link_is_reported_with_its_file_and_line(tmp_path: Path) -> None:
    text = "# Garden\n\n[a](#b)\n\n## C\n\n[d](e.md) and ![f](g.png)\n\n## H\n\n[i](../up.md)\n[j](README.md#k)\n"
    repository(tmp_path / "inside", {"README.md": text})
    (tmp_path / "up.md").write_text("# Up\n")
    problems = Problems()
    linked(repository_pages(tmp_path / "inside"), tmp_path / "inside", problems)
    assert [str(problem).partition("\n")[0] for problem in problems] == [
        "README.md:3: error[broken-link]: #b: there is no heading b in README.md",
        "README.md:7: error[broken-link]: e.md leads to no file of the repository",
        "README.md:7: error[broken-link]: g.png leads to no file of the repository",
        "README.md:11: error[broken-link]: ../up.md leads to no file of the repository",
        "README.md:12: error[broken-link]: README.md#k: there is no heading k in README.md",
    ]


def test_markdown_that_github_alone_reads_so_is_reported_with_its_line() -> None:
    text = "Text\n- a\n\n- b\n\n  text\n\n    text\n\n1. c\n   - d\n     - e\n    - f\n        - g\n\n- h\n  goes on\n"
    problems = Problems()
    check_markdown(Page("a.md", "A", "", text, "a.md", 11), problems)
    assert [str(problem) for problem in problems] == [
        "a.md:12: error[reads-otherwise]: zensical: a list needs a blank line before it",
        "a.md:16: error[reads-otherwise]: zensical: what is inside an item of a list needs 4 spaces before it",
        "a.md:21: error[reads-otherwise]: zensical: what is inside an item of a list needs 4 spaces before it",
        "a.md:22: error[reads-otherwise]: zensical: what is inside an item of a list needs 8 spaces before it",
    ]


def test_items_of_a_list_with_a_blank_line_in_it_need_blank_lines_before_them() -> None:
    text = "1.  a\n2.  b\n\n    text\n3.  c\n    text:\n    - d\n    - e\n\n4.  f\n\n    - g\n    - h\n"
    problems = Problems()
    check_markdown(Page("a.md", "A", "", text, "a.md", 1), problems)
    message = "zensical: where one item of a list has a blank line in it, all need one before them"
    assert [str(problem) for problem in problems] == [
        f"a.md:{line}: error[reads-otherwise]: {message}" for line in (2, 5, 7)
    ]


# What is written


def test_broken_links_of_the_site_what_it_loads_and_what_reads_otherwise_are_reported(tmp_path: Path) -> None:
    html = """\
<link href="https://fonts.example/a.css"><img src="data:image/png;base64,"><a href="https://example.com">fine</a>
<article><h1 id="top">A</h1><a href="#top"></a><a href="#down"></a>
<a href="sub/b.html#x"></a><a href="sub/c.html"></a></article><ul><li></ul>
"""
    repository(tmp_path, {"a.html": html, "sub/b.html": "<a href='../a.html#top'>", "s.css": "@import '//x.example';"})
    problems = Problems()
    check_site(tmp_path, [Page("a.md", "A", "", "# A\n\n- b\n  - c\n", "a.md")], problems)
    assert [re.sub("\n.*", "", str(problem)) for problem in problems] == [
        "a.html:1: error[loads-from-elsewhere]: <link> loads https://fonts.example/a.css",
        "a.html:2: error[broken-link]: #down leads to no anchor of that page",
        "a.html:3: error[broken-link]: sub/b.html#x leads to no anchor of that page",
        "a.html:3: error[broken-link]: sub/c.html leads to no file of the site",
        "s.css: error[loads-from-elsewhere]: it has @import '//",
        "a.md:1: error[reads-otherwise]: a.md should have <li> 2 times, not 0",
    ]
