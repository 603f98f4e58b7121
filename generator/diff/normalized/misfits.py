"""A mapping that no longer fits its spec: what would happen at run time if it were used all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

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

_ELSEWHERE = {
    ("unmapped-status", "envelope"): "normalized-envelope-misfit",
    ("stale-status", "envelope"): "normalized-envelope-misfit",
    ("unknown-pointer", "envelope"): "normalized-envelope-misfit",
    ("converter-mismatch", "envelope"): "normalized-envelope-misfit",
    ("unusable-answer", "envelope"): "normalized-envelope-misfit",
    ("status-open", "open"): "normalized-status-list-gained",
}
"""Where the place in the mapping (its first name, or its last one) gives a problem another meaning."""
_OF_FIELDS = ("normalized-field-lost", "normalized-field-retyped")
_SOURCE = re.compile(r" \((?:also )?(?:at )?[^()]*:\d+\)")


def misfits(old: Version, new: Version) -> Iterator[Finding]:
    """The problems of the new mapping that the old one did not have."""
    known = {_bare(_finding(problem, old)) for problem in old.problems}
    for problem in new.problems:
        found = _finding(problem, old)
        if _bare(found) not in known:
            yield found


def _finding(problem: Problem, old: Version) -> Finding:
    names = [name.replace("~1", "/").replace("~0", "~") for name in problem.source.pointer.split("/")[1:]]
    elsewhere = [_ELSEWHERE.get((problem.id, name), "") for name in (*names[:1], *names[-1:])]
    rule = max(elsewhere, default="") or RULES.get(problem.id, INVALID)
    # A mapping that is new has no callers yet, to whom a misfit could happen.
    rule = rule if old.mapping or old.problems else INVALID
    place = _place(names)
    filled = origins(old.mapping) if old.mapping else {}
    before, source = filled.get(place, ("", None))
    before = before if rule in _OF_FIELDS else ""
    # Neither positions nor lines: an accepted change stays accepted when they move.
    return Finding(rule, "", place, before, _SOURCE.sub("", problem.message), source, problem.source)


def _place(names: list[str]) -> str:
    """The unified field that a place in the mapping is about; elsewhere the names that lead there."""
    match names:
        case ["fields", field, *_] | ["lists", field] | ["lists", field, "each"]:
            return field
        case ["lists", target, "fields", field, *_]:
            return f"{target}.{field}"
        case ["lists", target, "status", *_]:
            return f"{target}.status"
        case ["status", *_]:
            return "status"
        case _:
            return " ".join(name for name in names if not name.isdecimal()) or "mapping"


def _bare(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.place, finding.after
