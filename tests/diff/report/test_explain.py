"""`explain` says at a terminal what a rule is about, and shows its witness."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.diff.report.explain import explain
from generator.diff.rules import Rule, load_rules

TABLE = """\
response:
- response-thing-changed:
    title: A thing in a response is another
    why: >-
      A client that was generated before expects the old thing, and whoever reads this paragraph expects it to be broken
      into lines.
    severity: breaking
    notice: "{client} finds no {place}: {server} sends {after}."
    witness:
      before: {answer: {type: object, properties: {thing: {type: string}}}}
      after:
        answer:
          type: object
          properties:
            thing: {type: integer, description: A number that is much longer than a line of a terminal is wide}
            things: [a, b]
      answer: '{"thing": 1}'
      shows: misreads
      code: |
        run = client.get_thing("1")
        assert run.thing
"""
EXPLANATION = """\
response-thing-changed
A thing in a response is another

layer:     wire
severity:  breaking
bump:      none; the python layer says what becomes of the package
direction: response (what callers read)

A client that was generated before expects the old thing, and whoever reads this
paragraph expects it to be broken into lines.

A caller notices:
  A client that was generated before finds no PLACE: the new server sends AFTER.

Witness, executed by the tests:
  before: {"answer": {"type": "object", "properties": {"thing": {"type": "string"}}}}
  after:
    answer:
      type: object
      properties:
        thing:
          type: integer
          description: A number that is much longer than a line of a terminal is wide
        things: ["a", "b"]
  answer: {"thing": 1}
  shows: misreads
  code:
    run = client.get_thing("1")
    assert run.thing
"""


def test_a_rule_is_explained(tmp_path: Path) -> None:
    (tmp_path / "wire.yaml").write_text(TABLE)
    (rule,) = load_rules(tmp_path).values()
    assert explain(rule) == EXPLANATION


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    return [*load_rules().values()]


def test_every_rule_can_be_explained(rules: list[Rule]) -> None:
    assert len(rules) >= 50
    for rule in rules:
        explanation = explain(rule)
        assert explanation.startswith(f"{rule.id}\n{rule.title}\n")
        assert not any(line != line.rstrip() for line in explanation.split("Witness")[0].splitlines())
        assert "{client}" not in explanation
