"""accepted.yaml: which changes it accepts, what it says in vain, and what it cannot be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from generator.diff.accepted import Acceptance, accept, check_acceptances, read_acceptances
from generator.diff.causes.grouping import group
from generator.diff.finding import Change
from generator.document.problems import Problems, Source
from tests.diff.judging import change, rule

FILE = "specs/things/accepted.yaml"
CHANGE = change(rule="a", place="x")


def read(folder: Path, text: str | bytes) -> tuple[tuple[Acceptance, ...], list[str]]:
    path = folder / "accepted.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    problems = Problems()
    acceptances = read_acceptances(path, FILE, problems)
    return acceptances, "\n".join(map(str, problems)).splitlines()


def entry(rule: str = "a", fingerprint: str = CHANGE.fingerprint, reason: str = "meant") -> Acceptance:
    return Acceptance(rule, fingerprint, reason, Source(FILE, "/0", 1))


def warnings(*acceptances: Acceptance) -> list[str]:
    problems = Problems()
    check_acceptances(group([CHANGE]), acceptances, {"word-added": rule("word-added"), "a": rule("a")}, problems)
    assert problems.errors == []
    return "\n".join(map(str, problems)).splitlines()


def test_a_list_of_entries(tmp_path: Path) -> None:
    text = "# What is meant.\r\n- {rule: a, fingerprint: '123456789012', reason: 'It is meant: so.'}\r\n"
    acceptances, problems = read(tmp_path, text)
    assert problems == []
    assert acceptances == (Acceptance("a", "123456789012", "It is meant: so.", Source(FILE, "/0", 2)),)


@pytest.mark.parametrize("text", ["", "\ufeff", "# nothing is accepted any more\n", "[]\n"])
def test_a_list_may_be_empty(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text) == ((), [])


def test_there_need_be_no_file(tmp_path: Path) -> None:
    problems = Problems()
    assert read_acceptances(tmp_path / "accepted.yaml", FILE, problems) == ()
    assert problems == []


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("rule: a\n", ":1: error[accepted-shape]: the file is not a list of {rule, fingerprint, reason}", ""),
        ("- a\n", ":1: error[accepted-shape]: an entry is not a mapping of rule, fingerprint and reason", ""),
        ("- {rule: a, fingerprint: abcdefabcdef}\n", ":1: error[accepted-shape]: `reason` is missing", ""),
        ("- {rule: a, fingerprint: abcdefabcdef, reason: ' '}\n", ":1: error[accepted-shape]: `reason` is empty", ""),
        ("- {fingerprint: abcdefabcdef, reason: r}\n", ":1: error[accepted-shape]: `rule` is missing", ""),
        (
            "- rule: a\n  fingerprint: 123456789012\n  reason: r\n",
            ":2: error[accepted-shape]: `fingerprint` is not text of 12 hexadecimal digits",
            "copy it from the report, in quotes",
        ),
        (
            "- {rule: a, fingerprint: ABCDEFABCDEF, reason: r}\n",
            ":1: error[accepted-shape]: `fingerprint` is not text of 12 hexadecimal digits",
            "copy it from the report, in quotes",
        ),
        (
            "- {rule: a, fingerprint: abcdefabcdefa, reason: r}\n",
            ":1: error[accepted-shape]: `fingerprint` is not text of 12 hexadecimal digits",
            "copy it from the report, in quotes",
        ),
        (
            "- {rule: a, fingerprint: abcdefabcdef, reason: r, until: never}\n",
            ":1: error[accepted-shape]: unknown field 'until'",
            "the fields here are: fingerprint, reason, rule",
        ),
        (
            "- {rule: a, fingerprint: abcdefabcdef, reason: r}\n- {rule: a, fingerprint: abcdefabcdef, reason: s}\n",
            ":2: error[accepted-shape]: a abcdefabcdef is accepted twice",
            "keep one of the two",
        ),
    ],
)
def test_what_is_malformed_is_an_error_at_its_line(text: str, problem: str, hint: str, tmp_path: Path) -> None:
    assert read(tmp_path, text)[1] == [f"{FILE}{problem}", *([f"    hint: {hint}"] if hint else [])]


@pytest.mark.parametrize(
    ("text", "problem"), [("- [\n", ":2: error[invalid-yaml]: "), (b"\xff", ": error[not-utf-8]: ")]
)
def test_what_cannot_be_read_is_an_error(text: str | bytes, problem: str, tmp_path: Path) -> None:
    acceptances, lines = read(tmp_path, text)
    assert acceptances == ()
    assert lines[0].startswith(FILE + problem)


def test_a_change_is_accepted_by_rule_and_fingerprint() -> None:
    accepted = accept(group([CHANGE, change(rule="a", place="y")]), [entry()])
    assert [(cause.lead.place, cause.accepted) for cause in accepted] == [("y", ""), ("x", "meant")]
    assert accepted[1].fingerprint == CHANGE.fingerprint
    assert [c.accepted for c in accept(group([CHANGE]), [entry("b"), entry(fingerprint="0" * 12)])] == [""]


def test_a_cause_is_accepted_with_all_places_that_it_lists() -> None:
    (cause,) = group(shared("GET /a", "GET /b"))
    (accepted,) = accept([cause], [entry("a", cause.fingerprint)])
    assert [item.accepted for item in accepted.changes] == ["meant", "meant"]


def test_a_place_that_is_added_later_opens_a_cause_again() -> None:
    (cause,) = group(shared("GET /a", "GET /b"))
    (grown,) = accept(group(shared("GET /a", "GET /b", "GET /c")), [entry("a", cause.fingerprint)])
    assert (grown.accepted, grown.fingerprint != cause.fingerprint) == ("", True)


def test_a_place_that_needs_no_decision_opens_nothing() -> None:
    (cause,) = group(shared("GET /a", "GET /b"))
    safe = [replace(item, rule="b", severity="safe") for item in shared("GET /c")]
    (grown,) = accept(group([*shared("GET /a", "GET /b"), *safe]), [entry("a", cause.fingerprint)])
    assert grown.accepted == "meant"


def test_a_single_place_of_a_cause_can_be_accepted() -> None:
    first, second = shared("GET /a", "GET /b")
    causes = group([first, second])
    (partly,) = accept(causes, [entry("a", first.fingerprint)])
    assert ([item.accepted for item in partly.changes], partly.accepted) == (["", "meant"], "")
    (wholly,) = accept(causes, [entry("a", first.fingerprint), entry("a", second.fingerprint)])
    assert wholly.accepted == "meant"


def shared(*operations: str) -> list[Change]:
    """The same change of a shared schema, felt in several operations."""
    source = Source("new.yaml", "/components/schemas/Bed/properties/size", 7)
    return [change(operation=operation, place="answer 200 /size", new=source) for operation in operations]


def test_what_is_used_is_not_mentioned() -> None:
    assert warnings(entry()) == []


def test_what_accepts_nothing_is_a_warning_at_its_line() -> None:
    assert warnings(entry(fingerprint="0" * 12)) == [
        f"{FILE}:1: warning[unused-acceptance]: no change has the rule a and the fingerprint 000000000000",
        "    hint: remove it when the change is merged; a different change has a different fingerprint",
    ]
    assert warnings(entry("word-added")) == [
        f"{FILE}:1: warning[unused-acceptance]: {CHANGE.fingerprint} is a change by the rule a, not word-added"
    ]
    assert warnings(entry("word-aded", "0" * 12)) == [
        f"{FILE}:1: warning[unknown-rule]: there is no rule 'word-aded'",
        "    hint: did you mean word-added?",
    ]


def test_a_rule_that_is_like_no_other_is_not_answered_with_all_of_them() -> None:
    problems = Problems()
    rules = {f"rule-{i}": rule(f"rule-{i}") for i in range(100)}
    check_acceptances([], [entry("?", "0" * 12)], rules, problems)
    assert [problem.hint for problem in problems] == ["none of the 100 known names is similar"]
