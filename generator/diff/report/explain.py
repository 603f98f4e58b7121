"""One rule, as text for a person at a terminal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from ...document.problems import Problem, ProblemsFound, Source
from ..judge import SIDES
from ..notice import fill
from ..rules import Rule, load_rule, load_rules

_WIDTH = 88
_QUOTES = (("place", "PLACE"), ("before", "BEFORE"), ("after", "AFTER"))
_DIRECTIONS = {"request": "what callers send", "response": "what callers read"}


def explanation(name: str) -> str:
    """A rule as text for a terminal. Raises ProblemsFound where no rule has the name."""
    if rule := load_rule(name):
        return explain(rule)
    rules = load_rules()
    close = get_close_matches(name, rules, 3, 0.5) or [id for id in rules if name and name in id][:3]
    hint = f"did you mean {' or '.join(close)}?" if close else f"`diff` names the rule of each change (of {len(rules)})"
    raise ProblemsFound([Problem("unknown-rule", Source("explain"), f"there is no rule {name!r}", hint)])


def explain(rule: Rule) -> str:
    """The rule's title, its facts, its reasons and its witness, with a newline at the end."""
    lines = [rule.id, rule.title, ""]
    lines += [f"{name + ':':11}{value}" for name, value in facts(rule).items()]
    lines += ["", *_wrapped(rule.why), "", "A caller notices:", *_wrapped(noticed(rule), "  ")]
    lines += ["", "Witness, executed by the tests:", *witness_lines(rule, "  ")]
    return "\n".join(lines) + "\n"


def facts(rule: Rule) -> dict[str, str]:
    """The rule's layer, severity and release, and its direction where it has one, in words by their names."""
    result: dict[str, str] = {"layer": rule.layer, "severity": rule.severity, "bump": rule.bump}
    if rule.direction in _DIRECTIONS:
        result["direction"] = f"{rule.direction} ({_DIRECTIONS[rule.direction]})"
    if rule.layer == "wire":
        result["bump"] = "none; the python layer says what becomes of the package"
    return result


def noticed(rule: Rule) -> str:
    """What a caller notices, in general words."""
    return str(fill(rule.notice, SIDES, _QUOTES))


def witness_lines(rule: Rule, margin: str = "") -> list[str]:
    """The rule's witness: what is before and after, and what becomes of it."""
    entries = rule.witness.items()
    return [line for key, value in entries for line in _witness_lines(key.replace("_", " "), value, margin)]


def _wrapped(text: str, margin: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)


def _witness_lines(name: str, value: Any, margin: str) -> Iterator[str]:
    """A value of a witness, on the line of its name if it fits; code and payloads are printed as they are."""
    line = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    escaped = "\\" in line and not isinstance(value, str)
    if "\n" not in line and not escaped and len(margin) + len(name) + len(line) + 2 <= _WIDTH:
        yield f"{margin}{name}: {line}"
        return
    yield f"{margin}{name}:"
    inner = margin + "  "
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _witness_lines(key, part, inner)
    elif isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield from _witness_lines(str(number), part, inner)
    else:
        yield textwrap.indent(line.rstrip("\n"), inner)
