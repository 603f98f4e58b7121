"""The page of a report is well-formed, needs nothing else, and shows hostile texts as texts."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from generator.diff.causes.grouping import group
from generator.diff.report import render
from generator.diff.report.model import Report
from generator.document.problems import Source
from tests.diff.report.reports import CASES, large, long, read
from tests.diff.report.test_formats import EVIL, NASTY, REPORTS

EMPTY = {"meta", "link", "col", "input", "br", "hr", "img"}
"""Elements without a content, and without an end tag."""
ELEMENTS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "aside",
        "section",
        "footer",
        "script",
        "div",
    ),
    *("h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "dl", "dt", "dd", "a", "b", "span", "code", "pre", "mark"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "details", "summary"),
    *("form", "fieldset", "legend", "label", "input", "select", "option", "datalist", "button"),
}


class Document(HTMLParser):
    """The elements and texts of a page. Fails where it is not well-formed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.styles_and_scripts: dict[str, str] = {}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len({*names})
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("style", "script"):
            self.styles_and_scripts[self.open[-1]] = data
        else:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def page(report: Report) -> Document:
    return Document(render(report, "html"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_is_ascii_and_loads_nothing(case: Path) -> None:
    text = render(read(case), "html")
    assert text.isascii()
    document = Document(text)
    assert {tag for tag, _ in document.elements} <= ELEMENTS
    links = [value for _, attributes in document.elements for name, value in attributes.items() if name == "href"]
    ids = {attributes.get("id") for _, attributes in document.elements}
    assert all(link and link.startswith("#") and link[1:] in ids for link in links)
    for _, attributes in document.elements:
        assert not {name for name in attributes if name in ("src", "style", "action") or name.startswith("on")}
    style = document.styles_and_scripts["style"]
    assert not re.search(r"url\(|@import|//", style)


def test_its_policy_allows_its_own_style_and_script_alone() -> None:
    document = page(EVIL)
    policy = next(a["content"] for _, a in document.elements if a.get("http-equiv") == "Content-Security-Policy")
    hashes = {
        tag: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for tag, text in document.styles_and_scripts.items()
    }
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )


@given(report=REPORTS)
@settings(max_examples=30)
def test_texts_of_a_spec_are_no_markup(report: Report) -> None:
    document = page(report)
    assert {tag for tag, _ in document.elements} <= ELEMENTS
    assert [tag for tag, _ in document.elements].count("script") == 1
    assert "<b>" not in "".join(report.old + report.new) or "<b>" in document.text


@pytest.mark.parametrize("nasty", [text for text in NASTY if text.strip() and text.isprintable() and "##" not in text])
def test_so_are_the_lines_of_its_files(nasty: str) -> None:
    evil = next(each for each in EVIL.changes if each.severity == "breaking")
    evil = dataclasses.replace(evil, old=Source("old.yaml", "", 1), new=Source("new.yaml", "", 1))
    texts = {"old.yaml": f"{nasty}: {nasty}", "new.yaml": f"{nasty}: {nasty}{nasty}"}
    text = render(Report("old", "new", group([evil]), texts=texts), "html")
    document = Document(text)
    assert " ".join(nasty.split()) in document.text
    assert {tag for tag, _ in document.elements} <= ELEMENTS


def test_a_name_of_a_page_is_its_verdict() -> None:
    for case in CASES:
        report = read(case)
        document = page(report)
        assert report.verdict in document.text
        assert {"breaking" if report.breaking else "calm" if not report.decisions else "attention"} == {
            attributes["class"] for tag, attributes in document.elements if tag == "body"
        }


def test_what_a_person_decides_on_comes_first_and_links_to_the_rest() -> None:
    report = long(40)
    document = page(report)
    links = [attributes["href"] for tag, attributes in document.elements if tag == "a"]
    assert len(links) == 11  # one skips the filters
    assert f"and {len(report.decisions) - 10} more below, the worst first" in document.text


def test_of_many_causes_none_is_unfolded() -> None:
    opened = [
        [
            attributes
            for tag, attributes in page(long(count)).elements
            if "open" in attributes and tag == "details" and "cause" in str(attributes["class"])
        ]
        for count in (1, 40)
    ]
    assert [bool(causes) for causes in opened] == [True, False]


def test_a_large_page_stays_small() -> None:
    report = large(60, 500)
    shown = render(report, "html")
    assert len(shown) < 1_500_000
    assert shown.count('<details class="cause breaking"') == 60
    assert "Felt in 500 operations" in shown
    assert "<li>and 350 more</li>" in shown
