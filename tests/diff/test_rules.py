"""The reader of the tables of rules: every rule is whole, and one that is not is a problem at its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.diff.rules import Rule, load_rule, load_rules
from generator.document.loading import load
from generator.document.problems import ProblemsFound

TABLE = """\
response:

# Words

- severity: attention
  why: >-
    Because
    it counts.
  word-added:
    title: A word was added
    notice: "{client} reads {after} as an unknown word."
    witness:
      before: {answer: {type: string}}
"""


def refusal(folder: Path, text: str, name: str = "wire-words") -> list[str]:
    (folder / f"{name}.yaml").write_text(text)
    with pytest.raises(ProblemsFound) as refused:
        load_rules(folder)
    return str(refused.value).splitlines()


def test_a_rule_is_what_its_table_says(tmp_path: Path) -> None:
    (tmp_path / "wire-words.yaml").write_text(TABLE)
    (tmp_path / "README.md").write_text("not a table")
    rule = load_rules(tmp_path)["word-added"]
    assert rule == Rule(
        id="word-added",
        title="A word was added",
        why="Because it counts.",
        layer="wire",
        direction="response",
        severity="attention",
        bump="none",
        notice="{client} reads {after} as an unknown word.",
        witness=rule.witness,
        source=rule.source,
    )
    assert rule.witness == {"before": {"answer": {"type": "string"}}, "judged": "valid"}
    assert str(rule.source) == "generator/diff/rules/wire-words.yaml:9"


@pytest.mark.parametrize(
    ("id", "severity", "follows"),
    [
        ("a", "breaking", ("wire", "none", {"judged": "invalid"})),
        ("a", "docs", ("wire", "none", {"judged": "valid"})),
        ("python-a", "breaking", ("python", "major", {"passes": ["before"]})),
        ("python-a", "attention", ("python", "minor", {"passes": ["before", "after"]})),
        ("python-a", "safe", ("python", "minor", {"passes": ["before", "after"]})),
        ("python-a", "docs", ("python", "patch", {"passes": ["before", "after"]})),
        ("normalized-a", "breaking", ("normalized", "major", {})),
    ],
)
def test_what_follows_is_not_written(id: str, severity: str, follows: Any, tmp_path: Path) -> None:
    text = f"none:\n- {id}: {{title: T, why: W, severity: {severity}, notice: N., witness: {{before: 1}}}}\n"
    (tmp_path / "a.yaml").write_text(text)
    rule = load_rules(tmp_path)[id]
    assert (rule.layer, rule.bump, rule.witness) == (*follows[:2], {"before": 1, **follows[2]})


@pytest.mark.parametrize("claim", ["bump: patch", "witness: {passes: [after]}"])
def test_what_is_written_counts(claim: str, tmp_path: Path) -> None:
    facts = ["title: T", "why: W", "severity: safe", "notice: N.", claim]
    facts += [] if "witness" in claim else ["witness: {before: 1}"]
    (tmp_path / "a.yaml").write_text(f"none:\n- python-a: {{{', '.join(facts)}}}\n")
    rule = load_rules(tmp_path)["python-a"]
    assert (rule.bump, rule.witness.get("passes")) in (("patch", ["before", "after"]), ("minor", ["after"]))


def test_the_rules_of_this_repository_are_well_formed() -> None:
    rules = load_rules()
    assert list(rules) == sorted(rules)
    assert all(rule.id == id for id, rule in rules.items())


def test_one_rule_is_read_from_its_table_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()
    tables = dict[str, Any]()

    def noted(path: Path, file: str) -> Any:
        read.append(file)
        if file not in tables:
            tables[file] = load(path, file)
        return tables[file]

    rules = load_rules()
    monkeypatch.setattr("generator.diff.rules.load", noted)
    for rule in rules.values():
        assert load_rule(rule.id) == rule
        assert set(read) == {rule.source.file}
        read.clear()
    assert load_rule("request") is load_rule("witness") is load_rule("no-such-rule") is None


@pytest.mark.parametrize(
    ("old", "new", "problem", "hint"),
    [
        ("    title: A word was added\n", "", "9: error[rule-shape]: `title` is missing", ""),
        (
            "response:",
            "answer:",
            "1: error[rule-shape]: 'answer' is not a direction",
            "one of request, response, none",
        ),
        (
            "severity: attention",
            "severity: bad",
            "5: error[rule-shape]: `severity` is 'bad'",
            "one of breaking, attention, safe, docs",
        ),
        ("severity: attention\n  ", "", "8: error[rule-shape]: `severity` is missing", None),
        (
            "severity: attention",
            "severity: attention\n  bump: major",
            "6: error[rule-shape]: a rule of the wire has no bump of its own",
            "what it does to the package shows on the python layer",
        ),
        (
            "    title:",
            "    severity: safe\n    title:",
            "10: error[rule-shape]: the group of word-added sets `severity` for all of its rules",
            "",
        ),
        (
            "{after}",
            "{word}",
            "11: error[rule-shape]: `notice` has no value for {word}",
            "there are: {client}, {server}, {place}, {before}, {after}",
        ),
        ("{after}", "{", "11: error[rule-shape]: `notice` is not a template: expected '}' before end of string", ""),
        (
            "    witness:\n      before: {answer: {type: string}}\n",
            "",
            "9: error[rule-shape]: `witness` is missing",
            "",
        ),
        (
            "    witness:\n      before: {answer: {type: string}}\n",
            "    witness: 1\n",
            "12: error[rule-shape]: `witness` is not a mapping",
            "",
        ),
        ("    title:", "    reason: x\n    title:", "10: error[rule-shape]: unknown field 'reason'", None),
        ("  word-added:", "  reason: x\n  word-added:", "9: error[rule-shape]: `reason` is not a mapping", None),
        ("title: A word was added", "title: [", "12: error[invalid-yaml]", None),
    ],
)
def test_a_malformed_rule_is_a_problem_at_its_line(
    old: str, new: str, problem: str, hint: str | None, tmp_path: Path
) -> None:
    lines = refusal(tmp_path, TABLE.replace(old, new))
    assert lines[0].startswith(f"generator/diff/rules/wire-words.yaml:{problem}")
    if hint is not None:
        assert lines[0] == f"generator/diff/rules/wire-words.yaml:{problem}"
        assert lines[1:] == ([f"    hint: {hint}"] if hint else [])


def test_a_rule_stands_in_one_table(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TABLE)
    (line,) = refusal(tmp_path, TABLE, "b")
    place = "generator/diff/rules/a.yaml:9"
    assert line == f"generator/diff/rules/b.yaml:9: error[rule-shape]: word-added is also at {place}"


def test_the_problems_of_all_tables_are_told_at_once(tmp_path: Path) -> None:
    refusal(tmp_path, "request: [{a: {}}]\n", "a")
    lines = refusal(tmp_path, "[]\n", "b")
    assert {line.partition(":")[0] for line in lines if not line.startswith(" ")} == {
        "generator/diff/rules/a.yaml",
        "generator/diff/rules/b.yaml",
    }
