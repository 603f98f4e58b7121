"""What holds in each format for every report: hostile texts stay text, long reports stay readable, order is order."""

from __future__ import annotations

import dataclasses
import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from rich.console import Console

from generator.diff.causes.grouping import group
from generator.diff.finding import Change
from generator.diff.notice import Notice, Quote
from generator.diff.report import FORMATS, Format, render
from generator.diff.report.model import PackageBump, Report, visible
from generator.diff.report.text import text
from generator.document.problems import Problem, Source
from generator.resources import diff_schema
from tests.diff.report.reports import CASES, long, read
from tests.examples import examples

SCHEMA = json.loads(diff_schema().read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
EVIL = next(read(case) for case in CASES if case.name == "hostile")
PLAIN = next(change for change in EVIL.changes if change.severity == "safe")
NASTY = [
    "`", "``", "|", "\n", "\r", "\\", "</details>", "</summary>", "<!--", "-->", "<script>", "<b>", "&lt;", "@team",
    "https://a.example", "www.a.example", "#1", "[a](b)", "![a](b)", "$x$", "**", "__", "~~", "- ", "# ", "> ", "    ",
    "::", "::error::x", "##[error]x", "##vso[a]x", "%0A", ",line=1", "\x1b[31m", "\x1b]8;;http://a.example\x1b\\",
    "\x07", "\x9b31m", "\u202e", "\u2066", "\u2028", "\x00", "\ud800", "\ufeff", "[red]", ":smile:", "{{ 1 }}", "x",
    " ", "0",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(NASTY), max_size=8).map("".join)
SOURCES = st.none() | st.builds(Source, TEXTS, line=st.integers(0, 3))
NOTICES = st.lists(TEXTS | st.builds(Quote, TEXTS, st.booleans()), max_size=6).map(lambda pieces: Notice(tuple(pieces)))
CHANGES = st.builds(
    Change, TEXTS, st.sampled_from(["normalized", "python", "wire", "lagging"]),
    st.sampled_from(["breaking", "attention", "safe", "docs"]), st.just("none"),
    *[TEXTS] * 4, SOURCES, SOURCES, *[TEXTS] * 2, NOTICES, TEXTS,
)  # fmt: skip
REPORTS = st.builds(
    Report, TEXTS, TEXTS, st.lists(CHANGES, max_size=4).map(group),
    st.lists(st.builds(PackageBump, TEXTS, st.just("major"), TEXTS, TEXTS), max_size=2).map(tuple),
)  # fmt: skip


def commands(line: str) -> list[str]:
    """The names of the commands that a runner of GitHub, Azure or TeamCity sees in a line of its log."""
    bare = line.strip()
    names = [bare[2:].split("::", 1)[0].split(" ", 1)[0]] if bare.startswith("::") and "::" in bare[2:] else []
    return names + re.findall(r"##\w*\[", line)


@pytest.mark.parametrize("format", FORMATS)
@given(report=REPORTS)
@settings(max_examples=examples(30))
def test_hostile_texts_print_and_give_no_command(format: Format, report: Report) -> None:
    shown = render(report, format)
    assert shown.endswith("\n")
    assert all(c.isprintable() or c == "\n" for c in shown)
    lines = shown.splitlines()
    if format == "github":
        assert all(commands(line) in (["error"], ["warning"], ["notice"]) for line in lines[1:])
        lines = lines[:1]
    assert [line for line in lines if commands(line)] == []


@given(report=REPORTS)
@settings(max_examples=examples(30))
def test_in_markdown_they_are_not_markup(report: Report) -> None:
    shown = render(report, "markdown")
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(shown)
    inner = [child for token in tokens for child in token.children or []]
    html = [token.content.strip() for token in tokens if token.type == "html_block"]
    assert {re.sub(r"<summary>(Safe|Accepted|Documentation): \d+</summary>", "", block) for block in html} <= {
        "<details>\n", "</details>"
    }  # fmt: skip
    assert {token.content for token in inner if token.type == "html_inline"} <= {"<span>", "</span>"}
    allowed = {"text", "code_inline", "strong_open", "strong_close", "hardbreak", "html_inline", "text_special"}
    assert {token.type for token in inner} <= allowed
    for token in inner:
        if token.type in ("text", "text_special"):
            assert not re.search(r"@\w|(?<!&)#\w|://|www\.", token.content)


@pytest.mark.parametrize(
    ("pieces", "line"),
    [
        ((Quote("a"), Quote("b`"), " c"), "`` ab` `` c"),
        (("https:", "//a.example"), "https:&#8203;//a.example"),
        (("www", "", ".a.example"), "www&#8203;.a.example"),
        (("", "- a"), "&#8203;- a"),
        ((" ", "1. a"), "&#8203;1. a"),
        (("=", "=="), "&#8203;==="),
    ],
)
def test_pieces_of_a_notice_make_no_markup_together(pieces: tuple[str | Quote, ...], line: str) -> None:
    shown = render(
        Report("old", "new", group([dataclasses.replace(PLAIN, severity="breaking", notice=Notice(pieces))])),
        "markdown",
    )
    assert f"\n  {line}\\\n" in shown


@given(report=REPORTS)
@settings(max_examples=examples(30))
def test_as_json_they_are_themselves(report: Report) -> None:
    document = json.loads(render(report, "json"))
    VALIDATOR.validate(document)
    key = ("rule", "layer", "place", "before", "after", "notice", "fingerprint")
    shown = sorted(tuple(change[name] for name in key) for cause in document["causes"] for change in cause["changes"])
    assert shown == sorted(tuple(str(getattr(change, name)) for name in key) for change in report.changes)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_json_fits_its_schema(case: Path) -> None:
    VALIDATOR.check_schema(SCHEMA)
    VALIDATOR.validate(json.loads(render(read(case), "json")))


def test_the_schema_describes_each_property() -> None:
    def undescribed(schema: Any, name: str) -> list[str]:
        if not isinstance(schema, dict):
            return []
        inner = [u for key, value in schema.get("properties", {}).items() for u in undescribed(value, f"{name}.{key}")]
        is_described = "description" in schema or "enum" in schema or "properties" in schema or "$ref" in schema
        return inner if is_described else [name, *inner]

    places = [name for name in undescribed(SCHEMA, "report") if name.rpartition(".")[2] not in ("id", "message")]
    assert places == []
    for name in ("cause", "change"):
        assert undescribed(SCHEMA["$defs"][name], name) == []
        assert SCHEMA["$defs"][name]["required"] == [*SCHEMA["$defs"][name]["properties"]]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_order_of_finding_does_not_matter(case: Path, format: Format) -> None:
    report = read(case)
    changes = list(report.changes)
    random.Random(5).shuffle(changes)
    assert render(dataclasses.replace(report, causes=group(changes)), format) == render(report, format)


# Properties of a workflow command, and of its file


def annotation(change: Change) -> str:
    return render(Report("old", "new", group([change])), "github", everything=True).splitlines()[1]


@pytest.mark.parametrize(
    ("file", "shown"),
    [
        ("specs/a.yaml", "file=specs/a.yaml,line=3,"),
        ("./specs/../specs/a.yaml", "file=specs/a.yaml,line=3,"),
        (str(Path("specs/a.yaml").resolve()), "file=specs/a.yaml,line=3,"),
        ("HEAD:specs/a.yaml", "file=specs/a.yaml,line=3,"),
        ("100%,a.yaml", "file=100%25%2Ca.yaml,line=3,"),
        ("../a.yaml", ""),
        ("..", ""),
        ("/a.yaml", ""),
        ("", ""),
    ],
)
def test_a_file_is_named_from_the_root_of_the_repository(file: str, shown: str) -> None:
    command = annotation(dataclasses.replace(PLAIN, new=Source(file, line=3)))
    assert command.startswith(f"::notice {shown}title=safe%3A ")


def test_without_a_place_in_the_new_version_the_text_names_the_old_one() -> None:
    command = annotation(dataclasses.replace(PLAIN, old=Source("specs/a.yaml", line=3), new=None))
    assert command.startswith("::notice title=")
    assert "%0Aold specs/a.yaml:3%0A" in command


def test_a_whole_file_has_no_line() -> None:
    assert annotation(PLAIN).startswith("::notice file=specs/100%25%2Ca.yaml,title=")


# Long reports


def test_a_long_report_fits_into_a_comment_and_says_what_it_leaves_out() -> None:
    report = long(2_000)
    shown = render(report, "markdown")
    assert 50_000 < len(shown) < 60_000
    assert shown.startswith(f"## {report.verdict}\n")
    assert f"### Breaking: {len(report.breaking):,}\n" in shown
    entries = len(re.findall(r"^- 🔴", shown, re.MULTILINE))
    left = re.findall(r"… and ([\d,]+) more: a comment holds no more", shown)
    assert entries + int(left[0].replace(",", "")) == len(report.breaking)
    assert int(left[1].replace(",", "")) == len(report.attention)
    assert shown.count("<details>") == shown.count("</details>") == 3


def test_a_comment_leaves_out_details_before_anything_that_breaks() -> None:
    report = long(300)
    shown = render(report, "markdown")
    assert len(shown) < 60_000
    assert all(cause.fingerprint in shown for cause in report.breaking)
    assert shown.count("**breaking**") < len(report.breaking)


def test_a_huge_change_fits_into_a_comment() -> None:
    texts = Notice(("`@#$" * 100_000, Quote("`@#$" * 100_000)))
    huge = dataclasses.replace(PLAIN, severity="breaking", before="@" * 100_000, after="#" * 100_000, notice=texts)
    shown = render(Report("old", "new", group([huge])), "markdown")
    assert len(shown) < 60_000
    assert huge.fingerprint in shown


def test_a_terminal_shows_a_page_and_counts_the_rest() -> None:
    report = long(100)
    shown = render(report, "text")
    assert len(shown.splitlines()) < 400
    assert all(cause.fingerprint in shown for cause in report.breaking)
    assert f"Safe: {len(report.safe)}  (--all lists them)" in shown


@pytest.mark.parametrize("format", ["text", "json", "github"])
def test_elsewhere_a_long_report_is_whole(format: Format) -> None:
    report = long(500)
    shown = render(report, format, everything=True)
    whole = [c for c in report.causes if format != "github" or c.severity != "docs"]
    assert {cause.fingerprint for cause in whole} <= set(re.findall(r"\b[0-9a-f]{12}\b", shown))


# The terminal


def test_text_has_colors_on_a_terminal_alone() -> None:
    report = read(next(case for case in CASES if case.name == "several-layers"))
    assert "\x1b" not in text(report)
    assert "\x1b[" in text(report, Console(force_terminal=True, color_system="standard", width=80))


@pytest.mark.parametrize("width", [20, 60, 200])
def test_text_is_no_wider_than_the_terminal(width: int) -> None:
    for case in CASES:
        console = Console(force_terminal=True, color_system=None, width=width)
        assert max(map(len, text(read(case), console).splitlines())) <= width


def test_a_log_with_colors_has_no_lines_that_begin_with_a_piece_of_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    report = Report("old", "new", group([dataclasses.replace(PLAIN, place=f"{'bed ' * 30}::error::boom")]))
    assert f"{'bed ' * 30}::error::boom\n" in render(report, "text")


def test_a_terminal_of_few_characters_shows_the_rest_as_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Console, "encoding", "ascii")
    report = Report("alt", "neu", group([dataclasses.replace(PLAIN, place="größe")]))
    assert r"gr\xf6\xdfe" in text(report)


def test_the_verdict_comes_first() -> None:
    for case in CASES:
        report = read(case)
        assert render(report, "text").startswith(report.verdict)
        assert render(report, "markdown").startswith(f"## {report.verdict}")
        assert render(report, "github").startswith(report.verdict)


def test_documentation_that_was_accepted_is_told_as_accepted_alone() -> None:
    report = Report("old", "new", group([dataclasses.replace(PLAIN, severity="docs", accepted="It reads better.")]))
    assert (len(report.accepted), report.documentation) == (1, ())
    assert render(report, "github").splitlines()[1:] == []


def test_of_a_notice_its_quotes_are_code_and_nothing_else_that_reads_like_them() -> None:
    notice = Notice(("Callers of text get ", Quote("text or null"), ", and ", Quote("raw", True), "."))
    change = dataclasses.replace(PLAIN, severity="attention", before="text", after="text or null", notice=notice)
    assert "Callers of text get `text or null`, and `raw`." in render(Report("old", "new", group([change])), "markdown")


def test_a_text_is_cut_where_it_is_too_long() -> None:
    assert visible("x" * 200) == "x" * 200
    assert visible("x" * 201) == f"{'x' * 200}... (1 more characters)"


def test_the_verdict_says_when_a_mapping_does_not_fit() -> None:
    change = dataclasses.replace(PLAIN, layer="normalized", severity="attention", bump="none", accepted="")
    sentence = "Nothing can be generated before the mapping fits."
    assert (
        Report("old", "new", group([change])).verdict
        == f"1 thing to decide: nothing breaks, 1 deserves attention. {sentence}"
    )
    changes = (
        dataclasses.replace(change, severity="safe"),
        dataclasses.replace(change, bump="minor"),
        dataclasses.replace(change, layer="wire"),
        dataclasses.replace(change, accepted="meant"),
    )
    assert [change for change in changes if sentence in Report("old", "new", group([change])).verdict] == []


def test_the_verdict_says_what_else_does_not_fit() -> None:
    overlay = dataclasses.replace(PLAIN, rule="provider-misfit", severity="attention", place="overlay $.paths")
    options = dataclasses.replace(overlay, place="options")
    mapping = dataclasses.replace(PLAIN, layer="normalized", severity="attention", bump="none")
    for changes, words in (
        ([overlay], "the overlay fits"),
        ([options], "the options fit"),
        ([options, mapping, overlay], "the mapping and the options and the overlay fit"),
    ):
        verdict = Report("old", "new", group(changes)).verdict
        assert verdict.endswith(f"Nothing can be generated before {words}."), verdict


def test_every_format_says_which_providers_were_not_compared_and_why() -> None:
    problems = [
        Problem("not-openapi", Source("specs/a.yaml", line=1), "It is not OpenAPI.", "Correct it.", severity)
        for severity in ("error", "warning")
    ]
    report = Report("old", "new", (), (), tuple(problems), unread=("a", "b"))
    verdict = "No change for callers. Not compared, as they cannot be read: a and b."
    assert report.verdict == verdict
    assert dataclasses.replace(report, unread=("a",)).verdict.endswith(" Not compared, as it cannot be read: a.")
    lines = render(report, "text").splitlines()
    assert lines[0] == verdict
    assert "specs/a.yaml:1: error[not-openapi]: It is not OpenAPI." in lines
    assert "specs/a.yaml:1: warning[not-openapi]: It is not OpenAPI." in lines
    text = render(report, "markdown")
    assert "### Errors and warnings\n\n- **error** `specs/a.yaml:1` `not-openapi`: It is not OpenAPI." in text
    commands = [line.partition(" ")[0] for line in render(report, "github").splitlines()[1:]]
    assert commands == ["::error", "::warning"]
    document = json.loads(render(report, "json"))
    assert (document["unread"], [item["severity"] for item in document["warnings"]]) == (
        ["a", "b"],
        ["error", "warning"],
    )
    (invocation,) = json.loads(render(report, "sarif"))["runs"][0]["invocations"]
    assert not invocation["executionSuccessful"]
    assert [item["level"] for item in invocation["toolExecutionNotifications"]] == ["error", "warning"]
    assert '<span class="tag breaking">error</span> <code>specs/a.yaml:1</code>' in render(report, "html")


def test_a_message_is_not_something_that_was_added() -> None:
    change = dataclasses.replace(PLAIN, severity="breaking", before="", after="it is gone", identity="gone $.x")
    plain = dataclasses.replace(change, identity="")
    for format in ("text", "markdown", "github", "sarif"):
        with_word, without = (render(Report("old", "new", group([item])), format) for item in (plain, change))
        assert "added" in with_word, format
        assert "added" not in without, format


def test_of_many_warnings_a_comment_shows_twenty() -> None:
    warning = Problem("stale", Source("specs/a.yaml", line=1), "It is old.", "", "warning")
    shown = [render(Report("old", "new", (), (), (warning,) * count), "markdown") for count in (20, 21)]
    assert [text.count("It is old.") for text in shown] == [20, 20]
    assert ["… and" in text for text in shown] == [False, True]
