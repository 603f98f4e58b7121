"""The reader of rule files: every rule is whole, and one that is not is a problem at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.diff.rules import Rule, load_rules
from generator.document.problems import ProblemsFound

RULE = """\
id: word-added
title: A word was added
why: >-
  Because
  it counts.
layer: wire
direction: response
severity: attention
bump: none
notice: "{client} reads {after} as an unknown word."
witness:
  before: {answer: {type: string}}
"""


def refusal(folder: Path, text: str, name: str = "word-added") -> list[str]:
    (folder / f"{name}.yaml").write_text(text)
    with pytest.raises(ProblemsFound) as refused:
        load_rules(folder)
    return str(refused.value).splitlines()


def test_a_rule_is_its_file(tmp_path: Path) -> None:
    (tmp_path / "word-added.yaml").write_text(RULE)
    (tmp_path / "README.md").write_text("not a rule")
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
    assert rule.witness == {"before": {"answer": {"type": "string"}}}
    assert str(rule.source) == "generator/diff/rules/word-added.yaml:1"


def test_the_rules_of_this_repository_are_well_formed() -> None:
    rules = load_rules()
    assert list(rules) == sorted(rules)
    assert all(rule.id == id for id, rule in rules.items())


@pytest.mark.parametrize(
    ("old", "new", "problem", "hint"),
    [
        ("title: A word was added\n", "", "1: error[rule-shape]: `title` is missing", ""),
        (
            "id: word-added",
            "id: other",
            "1: error[rule-shape]: the file is called word-added.yaml, its rule 'other'",
            "",
        ),
        (
            "layer: wire",
            "layer: lagging",
            "6: error[rule-shape]: `layer` is 'lagging'",
            "one of wire, python, normalized",
        ),
        (
            "severity: attention",
            "severity: bad",
            "8: error[rule-shape]: `severity` is 'bad'",
            "one of breaking, attention, safe, docs",
        ),
        (
            "bump: none",
            "bump: major",
            "9: error[rule-shape]: a rule of the wire has no bump of its own",
            "what it does to the package shows on the python layer",
        ),
        (
            "layer: wire",
            "layer: python",
            "6: error[rule-shape]: by its name the rule is one of the layer wire; `layer` is python",
            "a prefix python- or normalized- names the layer",
        ),
        (
            "{after}",
            "{word}",
            "10: error[rule-shape]: `notice` has no value for {word}",
            "there are: {client}, {server}, {place}, {before}, {after}",
        ),
        ("{after}", "{", "10: error[rule-shape]: `notice` is no template: expected '}' before end of string", ""),
        ("witness:\n  before: {answer: {type: string}}\n", "", "1: error[rule-shape]: `witness` is missing", ""),
        (
            "witness:\n  before: {answer: {type: string}}\n",
            "witness: 1\n",
            "11: error[rule-shape]: `witness` is not a mapping",
            "",
        ),
        ("why:", "reason: x\nwhy:", "3: error[rule-shape]: unknown field 'reason'", None),
        ("id: word-added", "id: [", "3: error[invalid-yaml]", None),
    ],
)
def test_a_malformed_rule_is_a_problem_at_its_line(
    old: str, new: str, problem: str, hint: str | None, tmp_path: Path
) -> None:
    lines = refusal(tmp_path, RULE.replace(old, new))
    assert lines[0].startswith(f"generator/diff/rules/word-added.yaml:{problem}")
    if hint is not None:
        assert lines[0] == f"generator/diff/rules/word-added.yaml:{problem}"
        assert lines[1:] == ([f"    hint: {hint}"] if hint else [])


def test_the_problems_of_all_rules_are_told_at_once(tmp_path: Path) -> None:
    refusal(tmp_path, "id: a\n", "a")
    lines = refusal(tmp_path, "[]\n", "b")
    assert {line.partition(":")[0] for line in lines if not line.startswith(" ")} == {
        "generator/diff/rules/a.yaml",
        "generator/diff/rules/b.yaml",
    }
