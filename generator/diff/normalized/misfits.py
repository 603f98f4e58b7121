"""A mapping that no longer fits its spec: what would happen at run time if it were used all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...document.pointer import is_index, split
from ...document.problems import Problem
from ..finding import Finding
from .fields import origins

if TYPE_CHECKING:
    from ..versions import Version

INVALID = "normalized-mapping-invalid"
RULES = {
    "unmapped-status": "normalized-status-unmapped",
    "stale-status": "normalized-status-dead",
    "undocumented-status": "normalized-status-promotable",
    "status-open": "normalized-status-list-lost",
    "unknown-pointer": "normalized-field-lost",
    "converter-mismatch": "normalized-field-retyped",
    "unmapped-property": "normalized-candidate",
    "stale-raw-only": "normalized-raw-only-stale",
    "unknown-operation": "normalized-call-misfit",
    "unknown-parameter": "normalized-call-misfit",
    "unfilled-parameter": "normalized-call-misfit",
    "unknown-part": "normalized-call-misfit",
    "unusable-answer": "normalized-answer-misfit",
    "unknown-model": "normalized-answer-misfit",
    "unknown-credential": "normalized-credential-misfit",
    "unlisted-credential": "normalized-credential-unlisted",
    # What no update of a provider's spec can cause: mistakes in the mapping, and a unified model that moved on.
    "mapping-shape": INVALID,
    "ref-form": INVALID,
    "unknown-status": INVALID,
    "status-result": INVALID,
    "repeated-status": INVALID,
    "unknown-converter": INVALID,
    "unknown-field": INVALID,
    "filled-field": INVALID,
    "unmapped-field": INVALID,
    "stale-absent": INVALID,
    "missing-default": INVALID,
    "default-mismatch": INVALID,
}
"""The problems of a mapping, by what they mean for callers."""
_OF_ENVELOPES = {"unmapped-status", "stale-status", "unknown-pointer", "converter-mismatch", "unusable-answer"}
"""The problems that mean something else when they are about the envelope."""
_OF_WORDS = {"unmapped-status": "normalized-word-unmapped", "stale-status": "normalized-word-dead"}
"""The problems that mean something else when they are about words of a field, or of the condition of an item."""
_OF_FIELDS = {"normalized-field-lost", "normalized-field-retyped"}


def misfits(old: Version, new: Version) -> Iterator[Finding]:
    """The problems of the new mapping that the old one did not have."""
    known = {_key(_finding(problem, old)) for problem in old.problems}
    for problem in new.problems:
        finding = _finding(problem, old)
        if _key(finding) not in known:
            yield finding


def _finding(problem: Problem, old: Version) -> Finding:
    keys = split(problem.source.pointer)
    place, names = _place(keys), _without_indexes(keys)
    # A mapping that is new has no callers yet, to whom a misfit could happen.
    rule = _rule(problem.id, keys) if old.mapping or old.problems else INVALID
    unfilled = ("", None, None)
    before, source, described_at = origins(old.mapping).get(place, unfilled) if old.mapping else unfilled
    return Finding(
        rule=rule,
        place=place,
        before=before if rule in _OF_FIELDS else "",
        after=problem.message,
        old=source,
        new=problem.source,
        identity=" ".join((problem.id, *names, "" if problem.subject in names else problem.subject)),
        hint=problem.hint,
        follows=described_at if rule in _OF_FIELDS else next(iter(problem.see), None),
    )


def _rule(problem_id: str, keys: tuple[str, ...]) -> str:
    """The rule of a problem; `keys` lead to its place in the mapping."""
    if keys[:1] == ("envelope",) and problem_id in _OF_ENVELOPES:
        return "normalized-envelope-misfit"
    if "fields" in keys and problem_id in _OF_WORDS:
        return _OF_WORDS[problem_id]
    if keys[-1:] == ("open",) and problem_id == "status-open":
        return "normalized-status-list-gained"
    return RULES.get(problem_id, INVALID)


def _place(keys: tuple[str, ...]) -> str:
    """The unified field that a place in the mapping is about; elsewhere the keys that lead there."""
    match keys:
        case ["fields", field, *_] | ["lists", field] | ["lists", field, "each"]:
            return field
        case ["lists", target, "fields", field, *_]:
            return f"{target}.{field}"
        case ["lists", target, "status", *_]:
            return f"{target}.status"
        case ["status", *_]:
            return "status"
        case _:
            return " ".join(_without_indexes(keys)) or "mapping"


def _without_indexes(keys: tuple[str, ...]) -> list[str]:
    """The keys without positions in lists: an accepted change stays accepted when they move."""
    return [key for key in keys if not is_index(key)]


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.place, finding.identity
