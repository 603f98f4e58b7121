"""One rule, as text for a person at a terminal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from ..rules import Rule

_WIDTH = 88
_SIDES = {
    "client": "a client that was generated before",
    "server": "the new server",
    "place": "PLACE",
    "before": "BEFORE",
    "after": "AFTER",
}
_DIRECTIONS = {"request": "what callers send", "response": "what callers read"}


def explain(rule: Rule) -> str:
    """The rule's title, its facts, its reasons and its witness, with a newline at the end."""
    facts: dict[str, str] = {"layer": rule.layer, "severity": rule.severity, "bump": rule.bump}
    if rule.direction in _DIRECTIONS:
        facts["direction"] = f"{rule.direction} ({_DIRECTIONS[rule.direction]})"
    if rule.layer == "wire":
        facts["bump"] = "none of its own; the python layer tells what becomes of the package"
    lines = [rule.id, rule.title, ""]
    lines += [f"{name + ':':11}{value}" for name, value in facts.items()]
    notice = rule.notice.format(**_SIDES)
    lines += ["", *_filled(rule.why), "", "A caller notices:", *_filled(notice[:1].upper() + notice[1:], "  ")]
    lines += ["", "Witness, executed by the tests:"]
    for key, value in rule.witness.items():
        lines += _witness_lines(key.replace("_", " "), value, "  ")
    return "\n".join(lines) + "\n"


def _filled(text: str, margin: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)


def _witness_lines(name: str, value: Any, margin: str) -> Iterator[str]:
    """A part of a witness below its name, on one line if it fits; texts, which are code and payloads, as they are."""
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
