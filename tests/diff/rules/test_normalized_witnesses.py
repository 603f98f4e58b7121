"""Every normalized rule's witness is executed: the layers of both versions are generated, and show what it claims."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from generator.diff.finding import Finding
from generator.diff.normalized.mapping import compare
from generator.diff.normalized.misfits import RULES as BY_PROBLEM
from generator.diff.normalized.unified import compare_unified
from generator.diff.rules import Rule, load_rules
from generator.diff.versions import Version
from tests.diff.rules.layers import Layer, described, schema, sides, version, write

ROOT = Path(__file__).parents[3]
RULES = {id_: rule for id_, rule in load_rules().items() if rule.layer == "normalized"}
KEYS = {"before", "after", "payload", "ref", "environment", "shows", "also"}


def findings(old: Version, new: Version) -> list[Finding]:
    return [*compare_unified(old.unified, new.unified), *compare(old, new)]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_the_witness_shows_what_the_rule_says(rule: Rule, tmp_path: Path) -> None:
    witness: dict[str, Any] = rule.witness
    assert witness.keys() <= KEYS
    before, after = sides(witness)
    old, new = version(before, tmp_path / "before"), version(after, tmp_path / "after")
    reported = findings(old, new)
    assert {finding.rule for finding in reported} == {rule.id, *witness.get("also", ())}, reported
    payloads = witness.get("payload", '{"id": "1"}')
    payloads = {"before": payloads, "after": payloads} if isinstance(payloads, str) else payloads
    fits = not new.problems
    if not fits:
        Draft202012Validator(schema(after)).validate(json.loads(payloads["after"]))
    write(old, tmp_path / "before")
    if fits:
        write(new, tmp_path / "after")
    for name, side, shows in (
        ("before", before, witness["shows"]["before"]),
        ("after", after, witness["shows"]["after"]),
    ):
        # Nothing is generated from a mapping that does not fit: the old layer meets the new server.
        folder = tmp_path / (name if fits else "before")
        ref, environment = witness.get("ref", "acme:1"), witness.get("environment", {})
        assert Layer(folder, described(side), payloads[name], ref, environment).shows(shows) == shows, name
    if rule.severity == "breaking":
        first, then = witness["shows"]["before"], witness["shows"]["after"]
        assert any(first[text] != then[text] for text in first.keys() & then.keys())


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_nothing_differs_from_itself(rule: Rule, tmp_path: Path) -> None:
    for side in sides(rule.witness):
        once, again = version(side, tmp_path / "once"), version(side, tmp_path / "again")
        assert findings(once, again) == []


def test_the_code_names_the_rules_of_the_table_and_no_others() -> None:
    emitted = set()
    for path in (ROOT / "generator" / "diff" / "normalized").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("normalized-"):
                emitted.add(node.value)
    assert emitted == RULES.keys()


def test_every_problem_of_a_mapping_has_a_rule() -> None:
    ids = {"mapping-shape"}
    for path in (ROOT / "generator" / "normalization" / "read").glob("*.py"):
        if path.name == "unified.py":  # problems of the unified model end a comparison
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                function = node.func
                name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
                if name in ("error", "_error", "warning", "unknown"):
                    ids.add(str(node.args[0].value))
    assert ids == BY_PROBLEM.keys()
