"""The rules: what each kind of difference means. They are data, a file each, in `generator/diff/rules/`."""

from __future__ import annotations

import string
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from ... import resources
from ...document.field_reader import FieldReader
from ...document.loading import load
from ...document.problems import Problems, ProblemsFound, Source
from ...document.tree import Object
from ..finding import BUMPS, SEVERITIES, Bump, Layer, Severity

Direction = Literal["request", "response", "none"]
PLACEHOLDERS = ("client", "server", "place", "before", "after")
"""What a rule's `notice` may name in braces."""
_LAYERS: tuple[Layer, ...] = ("wire", "python", "normalized")
_DIRECTIONS: tuple[Direction, ...] = ("request", "response", "none")
_KEYS = {*("id", "title", "why", "layer", "direction", "severity", "bump", "notice", "witness")}
_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. The wire's rules hold for the lagging layer too, with the sides swapped."""

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
    """A minimal before and after, which the tests execute; as it stands in the file."""
    source: Source


def load_rules(folder: Path | None = None) -> dict[str, Rule]:
    """The rules by id, in alphabetical order: ours, or those of `folder`.

    Raises ProblemsFound, with what is wrong in any of the files.
    """
    problems = Problems()
    found = {}
    for path in sorted((folder or resources.rules_folder()).glob("*.yaml"), key=lambda path: path.stem):
        try:
            document = load(path, f"generator/diff/rules/{path.name}")
        except ProblemsFound as unreadable:
            problems += unreadable.problems
        else:
            found[path.stem] = _rule(document, path.stem, problems)
    problems.stop_on_errors()
    return found


def _rule(document: Object, name: str, problems: Problems) -> Rule:
    facts = FieldReader("rule-shape", problems)
    facts.check_keys(document, _KEYS)
    rule = Rule(
        id=facts.text(document, "id"),
        title=facts.text(document, "title"),
        why=facts.text(document, "why").strip(),
        layer=_word(document, "layer", _LAYERS, facts),
        direction=_word(document, "direction", _DIRECTIONS, facts),
        severity=_word(document, "severity", SEVERITIES, facts),
        bump=_word(document, "bump", BUMPS, facts),
        notice=facts.text(document, "notice").strip(),
        witness=facts.mapping(document, "witness"),
        source=document.source,
    )
    if rule.id not in ("", name):
        problems.error(facts.id, document.where("id"), f"the file is called {name}.yaml, its rule {rule.id!r}")
    prefixed = next((layer for layer in ("python", "normalized") if name.startswith(f"{layer}-")), "wire")
    if "layer" in document and rule.layer != prefixed:
        message = f"by its name the rule is one of the layer {prefixed}; `layer` is {rule.layer}"
        problems.error(facts.id, document.where("layer"), message, "a prefix python- or normalized- names the layer")
    if rule.layer == "wire" and rule.bump != "none":
        hint = "what it does to the package shows on the python layer"
        problems.error(facts.id, document.where("bump"), "a rule of the wire has no bump of its own", hint)
    if document.get("witness") in (None, {}):
        problems.error(facts.id, document.where("witness"), "`witness` is missing")
    _check_notice(rule.notice, document, facts)
    return rule


def _word(document: Object, key: str, known: tuple[_Word, ...], facts: FieldReader) -> _Word:
    word = facts.text(document, key)
    if word and word not in known:
        facts.problems.error(facts.id, document.where(key), f"`{key}` is {word!r}", f"one of {', '.join(known)}")
    return next((one for one in known if one == word), known[0])


def _check_notice(notice: str, document: Object, facts: FieldReader) -> None:
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(notice) if name is not None}
    except ValueError as error:
        facts.problems.error(facts.id, document.where("notice"), f"`notice` is no template: {error}")
        return
    for name in sorted(names - set(PLACEHOLDERS)):
        hint = f"there are: {', '.join(f'{{{one}}}' for one in PLACEHOLDERS)}"
        facts.problems.error(facts.id, document.where("notice"), f"`notice` has no value for {{{name}}}", hint)
