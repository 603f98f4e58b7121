"""A page for each family of the rules of `diff`, with an anchor for each rule, and a list of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.diff.report.explain import facts, noticed, witness_lines
from generator.diff.rules import Rule, load_rules
from tests.docs.pages import Page

_SHELF = "Rules of diff"
_ABOUT = """\
What `diff` reports, family by family; `python -m generator explain RULE` shows the same at a terminal. Each rule has a
witness: the smallest change under it, which the tests carry out against really generated packages.
"""


def rule_pages() -> list[Page]:
    """The list of all rules, and a page for each table of them."""
    families: dict[str, list[Rule]] = {}
    for rule in load_rules().values():
        families.setdefault(rule.source.file, []).append(rule)
    pages = [
        Page(f"rules/{Path(file).stem}.md", f"Rules: {Path(file).stem}", _SHELF, _family(file, rules), file)
        for file, rules in sorted(families.items())
    ]
    return [Page("rules/index.md", "All rules", _SHELF, _index(families), "generator/diff/rules"), *pages]


def _index(families: Mapping[str, list[Rule]]) -> str:
    lines = ["# All rules", "", _ABOUT]
    for file, rules in sorted(families.items()):
        lines += [f"## {Path(file).stem}", "", "| rule | severity | what changed |", "|---|---|---|"]
        lines += [
            f"| [`{rule.id}`]({Path(file).stem}.md#{rule.id}) | {rule.severity} | {rule.title} |" for rule in rules
        ]
        lines.append("")
    return "\n".join(lines)


def _family(file: str, rules: list[Rule]) -> str:
    return "\n".join([f"# Rules: {Path(file).stem}", "", *(line for rule in rules for line in _rule(rule))])


def _rule(rule: Rule) -> Iterator[str]:
    yield from (f"## {rule.id} {{#{rule.id}}}", "", f"**{rule.title}**", "")
    yield "; ".join(f"{name}: {value.replace(';', ',')}" for name, value in facts(rule).items()) + "."
    yield from ("", rule.why, "", f"> A caller notices: {noticed(rule)}", "")
    yield from ("Witness, executed by the tests:", "", "```text", *witness_lines(rule), "```", "")
