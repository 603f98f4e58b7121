"""The rules: what a difference means for callers. They are data, in the tables of this folder.

A table has directions as its keys, and under each a list of groups of rules. What a group says beside its rules
(`why`, `severity`, `bump`, `notice`) applies to all of them:

    request:
    - severity: breaking
      why: Callers were free to leave it out, and did. Such calls are refused now.
      request-parameter-became-required:
        title: An optional parameter became required
        notice: "{server} refuses the calls in which {client} leaves this parameter out."
        witness: {before: ..., after: ..., call: {}}

The layer follows from the id; the release and what a witness claims usually follow from the severity, and are only
written where they do not.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from ...document.field_reader import FieldReader
from ...document.loading import load
from ...document.problems import Problems, ProblemsFound, Source
from ...document.tree import Array, Object
from ...interpreter.fast_dataclasses import dataclass
from ...resources import rules_folder
from ..finding import BUMPS, SEVERITIES, Bump, Layer, Severity

Direction = Literal["request", "response", "none"]
PLACEHOLDERS = ("client", "server", "place", "before", "after")
"""What a rule's `notice` may name in braces."""
_DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
_SHARED = {"why", "severity", "bump", "notice"}
"""What a group may say for all of its rules."""
_USUAL_BUMPS: dict[Severity, Bump] = {"breaking": "major", "attention": "minor", "safe": "minor", "docs": "patch"}
"""The release that a rule asks for without `bump`."""
_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a difference means for callers. The lagging layer uses the rules of the wire, with the sides swapped."""

    id: str
    title: str
    why: str
    layer: Layer
    direction: Direction
    severity: Severity
    bump: Bump
    notice: str
    """The sentence on what a caller notices, with PLACEHOLDERS in braces."""
    witness: Object
    """A minimal before and after, which the tests execute."""
    source: Source


def load_rules(folder: Path | None = None) -> Mapping[str, Rule]:
    """The rules by id, in alphabetical order. Raises ProblemsFound, with what is wrong in any of the tables.

    The generator's own tables are read once.
    """
    return _own_rules() if folder is None else _load(sorted(folder.glob("*.yaml")))


@cache
def _own_rules() -> Mapping[str, Rule]:
    return MappingProxyType(_load(sorted(rules_folder().glob("*.yaml"))))


def load_rule(id: str) -> Rule | None:
    """The rule of an id, or None. Reads only the table that has it."""
    tables = sorted(rules_folder().glob("*.yaml"))
    return _load([path for path in tables if f" {id}:\n" in path.read_text("utf-8")]).get(id)


def _load(tables: list[Path]) -> dict[str, Rule]:
    problems = Problems()
    rules: dict[str, Rule] = {}
    for path in tables:
        try:
            table = load(path, f"generator/diff/rules/{path.name}")
        except ProblemsFound as unreadable:
            problems += unreadable.problems
            continue
        for rule in _rules(table, FieldReader("rule-shape", problems)):
            if rule.id in rules:
                problems.error("rule-shape", rule.source, f"{rule.id} is also at {rules[rule.id].source}")
            rules[rule.id] = rule
    problems.stop_on_errors()
    return dict(sorted(rules.items()))


def _rules(table: Object, reader: FieldReader) -> Iterator[Rule]:
    for heading in table:
        direction = next((known for known in _DIRECTIONS if known == heading), None)
        if direction is None:
            hint = f"one of {', '.join(_DIRECTIONS)}"
            reader.problems.error(reader.id, table.where(heading), f"{heading!r} is not a direction", hint)
            continue
        for group in reader.mappings(table, heading):
            for id in group:
                if id not in _SHARED:
                    yield _rule(group, id, direction, reader)


def _rule(group: Object, id: str, direction: Direction, reader: FieldReader) -> Rule:
    own = reader.mapping(group, id)
    reader.check_keys(own, {*_SHARED, "title", "witness"})
    for key in own:
        if key in group:
            reader.problems.error(reader.id, own.where(key), f"the group of {id} sets `{key}` for all of its rules")
    shared = {key: value for key, value in group.items() if key in _SHARED}
    entry = Object({**shared, **own}, group.where(id), {**group.marks, **own.marks})
    layer: Layer = "python" if id.startswith("python-") else "normalized" if id.startswith("normalized-") else "wire"
    severity = _choice(entry, "severity", SEVERITIES, reader)
    rule = Rule(
        id=id,
        title=reader.text(entry, "title"),
        why=reader.text(entry, "why").strip(),
        layer=layer,
        direction=direction,
        severity=severity,
        bump=_bump(entry, layer, severity, reader),
        notice=reader.text(entry, "notice").strip(),
        witness=_with_claim(reader.mapping(entry, "witness"), layer, severity),
        source=entry.source,
    )
    if entry.get("witness") in (None, {}):
        reader.problems.error(reader.id, entry.where("witness"), "`witness` is missing")
    _check_notice(rule.notice, entry, reader)
    return rule


def _bump(entry: Object, layer: Layer, severity: Severity, reader: FieldReader) -> Bump:
    """The release that a rule asks for: `bump`, or what follows from the severity; rules of the wire ask for none."""
    if layer == "wire":
        if "bump" in entry:
            hint = "what it does to the package shows on the python layer"
            reader.problems.error(reader.id, entry.where("bump"), "a rule of the wire has no bump of its own", hint)
        return "none"
    return _choice(entry, "bump", BUMPS, reader) if "bump" in entry else _USUAL_BUMPS[severity]


def _with_claim(witness: Object, layer: Layer, severity: Severity) -> Object:
    """The witness with what it claims, where that follows from the severity: what breaks is refused, or fails."""
    breaking = severity == "breaking"
    if layer == "wire" and "shows" not in witness:
        return witness.replacing("judged", "invalid" if breaking else "valid")
    if layer == "python" and "passes" not in witness:
        return witness.replacing("passes", Array(["before"] if breaking else ["before", "after"]))
    return witness


def _choice(entry: Object, key: str, known: tuple[_Choice, ...], reader: FieldReader) -> _Choice:
    text = reader.text(entry, key)
    if text and text not in known:
        reader.problems.error(reader.id, entry.where(key), f"`{key}` is {text!r}", f"one of {', '.join(known)}")
    return next((choice for choice in known if choice == text), known[0])


def _check_notice(notice: str, entry: Object, reader: FieldReader) -> None:
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(notice) if name is not None}
    except ValueError as error:
        reader.problems.error(reader.id, entry.where("notice"), f"`notice` is not a template: {error}")
        return
    for name in sorted(names - set(PLACEHOLDERS)):
        hint = f"there are: {', '.join(f'{{{known}}}' for known in PLACEHOLDERS)}"
        reader.problems.error(reader.id, entry.where("notice"), f"`notice` has no value for {{{name}}}", hint)
