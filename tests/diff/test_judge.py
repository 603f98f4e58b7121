"""Findings become changes: sentences, sides, severities, and one order."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from generator.diff.finding import in_order
from generator.diff.judge import judge, judge_lagging, without_repetitions
from generator.diff.notice import Notice, Quote
from generator.diff.report.model import sources
from generator.document.problems import Source
from tests.diff.judging import change, finding, rule

NOTICE = "{client} sends {before}; {server} takes {after} at {place}."


def test_a_finding_becomes_a_change_by_its_rule() -> None:
    rules = {"a": rule("a", severity="attention", notice=NOTICE)}
    (result,) = judge([finding()], rules, "things-client")
    assert result == change(
        severity="attention",
        operation="GET /things",
        place="answer 200",
        pointer="/new",
        old=Source("old.yaml", "/old", 1),
        new=Source("new.yaml", "/new", 2),
        before="text",
        after="integer",
        notice=Notice(
            (
                *("A client that was generated before", " sends ", Quote("text"), "; ", "the new server", " takes "),
                *(Quote("integer"), " at ", Quote("answer 200"), "."),
            )
        ),
    )
    shown = "A client that was generated before sends text; the new server takes integer at answer 200."
    assert str(result.notice) == shown


def test_what_is_gone_points_at_its_old_place() -> None:
    rules = {"a": rule("a")}
    (result,) = judge([finding(after="")], rules, "things-client")
    assert result.pointer == "/old"
    assert sources(result) == [("old", "old.yaml:1")]
    (result,) = judge([finding(before="")], rules, "things-client")
    assert result.pointer == "/new"
    assert sources(result) == [("old", "old.yaml:1"), ("new", "new.yaml:2")]


def test_a_notice_has_the_texts_of_a_spec_as_they_are() -> None:
    rules = {"a": rule("a", notice="{before} became {after}.")}
    (result,) = judge([finding(before="{server.__class__}", after="")], rules, "p")
    assert result.notice == Notice((Quote("{server.__class__}"), " became ", "nothing", "."))
    (result,) = judge([finding(before="getThing")], rules, "p")
    assert str(result.notice) == "getThing became integer."


@pytest.mark.parametrize(("absent", "pointer"), [("new", "/old"), ("old", "/new")])
def test_the_pointer_is_the_one_of_the_version_that_says_something(absent: str, pointer: str) -> None:
    partial = replace(finding(), old=None) if absent == "old" else replace(finding(), new=None)
    (result,) = judge([partial], {"a": rule("a")}, "p")
    assert result.pointer == pointer


def test_without_a_place_there_is_no_pointer() -> None:
    (result,) = judge([finding(old=None, new=None)], {"a": rule("a")}, "p")
    assert result.pointer == ""


def test_a_rule_decides_the_layer_and_the_bump() -> None:
    rules = {"python-a": rule("python-a", layer="python", bump="major")}
    (result,) = judge([finding("python-a")], rules, "p")
    assert (result.layer, result.bump) == ("python", "major")


def test_a_rule_that_no_table_has_is_a_defect() -> None:
    with pytest.raises(LookupError, match=r"no table in generator/diff/rules has the rule b: "):
        judge([finding("b")], {"a": rule("a")}, "p")


# Servers that lag behind


def test_a_server_that_lags_behind_is_the_old_version_s_and_its_changes_read_from_old_to_new() -> None:
    swapped = finding(
        before="integer", after="text", old=Source("new.yaml", "/new", 2), new=Source("old.yaml", "/old", 1)
    )
    (result,) = judge_lagging([swapped], {"a": rule("a", notice=NOTICE)}, "p")
    assert (result.layer, result.before, result.after, result.pointer) == ("lagging", "text", "integer", "/new")
    assert (result.old, result.new) == (Source("old.yaml", "/old", 1), Source("new.yaml", "/new", 2))
    assert str(result.notice) == (
        "The new client sends integer; a server that was not updated takes text at answer 200."
    )


@pytest.mark.parametrize(
    ("severity", "judged"), [("breaking", ["attention"]), ("attention", ["attention"]), ("safe", []), ("docs", [])]
)
def test_a_server_that_lags_behind_deserves_attention_or_nothing(severity: str, judged: list[str]) -> None:
    changes = judge_lagging([finding()], {"a": rule("a", severity=severity)}, "p")
    assert [(change.severity, change.bump) for change in changes] == [(severity, "none") for severity in judged]


# What a notice quotes


def test_a_notice_quotes_code_and_the_texts_of_a_spec() -> None:
    rules = {"a": rule("a", notice="`models.{before}` is gone, as {client} says by `raw`.")}
    (result,) = judge([finding(before="a`b")], rules, "p")
    client = "a client that was generated before"
    pieces = (Quote("models.a`b", True), " is gone, as ", client, " says by ", Quote("raw", True), ".")
    assert result.notice == Notice(pieces)
    assert str(result.notice) == f"`models.a`b` is gone, as {client} says by `raw`."


# Order


def test_the_order_is_that_of_a_reader_whatever_the_order_of_the_findings() -> None:
    wanted = [
        change(layer="normalized", severity="docs", package="z"),
        change(layer="python", severity="breaking", package="z"),
        change(layer="wire", severity="attention", package="a", operation="GET /a"),
        change(layer="wire", severity="breaking", package="a", operation="GET /b", place="x"),
        change(layer="wire", severity="breaking", package="a", operation="GET /b", place="y", rule="a"),
        change(layer="wire", severity="breaking", package="a", operation="GET /b", place="y", rule="b"),
        change(layer="wire", severity="attention", package="a", operation="GET /b", place="y", rule="a"),
        change(layer="wire", severity="breaking", package="b", operation="GET /a"),
        change(layer="lagging", severity="attention"),
    ]
    for order in itertools.islice(itertools.permutations(wanted), 0, None, 997):
        assert in_order(order) == wanted


def test_a_change_is_told_once_at_its_first_place() -> None:
    places = [Source("new.yaml", "/a", line) for line in (9, 3, 5)]
    assert without_repetitions(change(new=place) for place in places) == [change(new=places[1])]


def test_a_fingerprint_stays_when_lines_move_and_goes_when_the_change_does() -> None:
    original = change(operation="GET /things", new=Source("a", "/a", 1))
    assert original.fingerprint == change(operation="GET /things", new=Source("b", "/b", 2), accepted="x").fingerprint
    different = [change(), change(operation="GET /things", after="x"), change(operation="GET /things", layer="lagging")]
    assert len({original.fingerprint, *(different_change.fingerprint for different_change in different)}) == 4
