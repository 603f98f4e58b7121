"""`specs/<provider>/accepted.yaml`: changes that are meant, each with its reason. They no longer fail a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ..document.field_reader import FieldReader, name_hint
from ..document.loading import parse
from ..document.problems import Problems, ProblemsFound, Source
from ..document.tree import Array, Object
from .finding import Change
from .rules import Rule

_FINGERPRINT = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One entry: the change that it accepts, by rule and fingerprint, and why."""

    rule: str
    fingerprint: str
    reason: str
    source: Source


def read_acceptances(path: Path, file: str, problems: Problems) -> tuple[Acceptance, ...]:
    """The entries of the file at `path`, called `file` in problems; none where there is no such file."""
    if not path.exists():
        return ()
    facts = FieldReader("accepted-shape", problems)
    try:
        root = parse(path.read_bytes().decode("utf-8-sig"), file)
    except ProblemsFound as malformed:
        problems += malformed.problems
        return ()
    except UnicodeDecodeError as error:
        problems.error("not-utf-8", Source(file), f"not UTF-8: byte {error.start} cannot be decoded")
        return ()
    if root is None:  # every entry has done its work and is gone; the comment that explains the file may stay
        return ()
    if not isinstance(root, Array):
        problems.error(facts.id, Source(file, "", 1), "the file is not a list of {rule, fingerprint, reason}")
        return ()
    seen = set[tuple[str, str]]()
    found = []
    for index, entry in enumerate(root):
        if not isinstance(entry, Object):
            problems.error(facts.id, root.where(index), "an entry is not a mapping of rule, fingerprint and reason")
            continue
        facts.check_keys(entry, {"rule", "fingerprint", "reason"})
        acceptance = Acceptance(
            facts.text(entry, "rule"), _fingerprint(entry, facts), facts.text(entry, "reason").strip(), entry.source
        )
        key = (acceptance.rule, acceptance.fingerprint)
        if all(key) and key in seen:
            problems.error(facts.id, entry.source, f"{' '.join(key)} is accepted twice", "keep one of the two")
        seen.add(key)
        found.append(acceptance)
    return tuple(found)


def accept(changes: Iterable[Change], acceptances: Iterable[Acceptance]) -> list[Change]:
    """The changes; those that were accepted with the reason."""
    reasons = {(one.rule, one.fingerprint): one.reason for one in acceptances}
    return [replace(c, accepted=reasons.get((c.rule, c.fingerprint), "")) for c in changes]


def check_acceptances(
    changes: Iterable[Change], acceptances: Iterable[Acceptance], rules: dict[str, Rule], problems: Problems
) -> None:
    """Warn of acceptances that accept none of `changes`."""
    by_fingerprint = {change.fingerprint: change for change in changes}
    for one in acceptances:
        change = by_fingerprint.get(one.fingerprint)
        if change is not None and change.rule == one.rule:
            continue
        if one.rule not in rules:
            hint = name_hint(one.rule, [*rules])
            problems.warning("unknown-rule", one.source, f"there is no rule {one.rule!r}", hint)
        elif change is not None:
            message = f"{one.fingerprint} is a change by the rule {change.rule}, not {one.rule}"
            problems.warning("unused-acceptance", one.source, message)
        else:
            message = f"no change has the rule {one.rule} and the fingerprint {one.fingerprint}"
            hint = "remove it when the change is merged; a change of another shape has another fingerprint"
            problems.warning("unused-acceptance", one.source, message, hint)


def _fingerprint(entry: Object, facts: FieldReader) -> str:
    value = entry.get("fingerprint")
    if isinstance(value, str) and _FINGERPRINT.fullmatch(value):
        return value
    # 12 digits are a number in YAML, and 12e456789012 is one, too.
    message = "`fingerprint` is not text of 12 hexadecimal digits"
    facts.problems.error(facts.id, entry.where("fingerprint"), message, "copy it from the report, in quotes")
    return ""
