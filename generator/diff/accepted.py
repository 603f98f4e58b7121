"""`specs/<provider>/accepted.yaml`: changes that are meant, each with its reason. They no longer fail a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..document.field_reader import FieldReader, name_hint
from ..document.loading import parse
from ..document.problems import Problems, ProblemsFound, Source
from ..document.tree import Array, Object
from ..interpreter.fast_dataclasses import dataclass
from .causes.cause import Cause, by_weight
from .rules import Rule

ACCEPTED = "accepted.yaml"
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
    reader = FieldReader("accepted-shape", problems)
    acceptances = list[Acceptance]()
    for entry in _entries(path, file, reader):
        reader.check_keys(entry, {"rule", "fingerprint", "reason"})
        rule, fingerprint = reader.text(entry, "rule"), _fingerprint(entry, reader)
        if rule and fingerprint and any((a.rule, a.fingerprint) == (rule, fingerprint) for a in acceptances):
            message = f"{rule} {fingerprint} is accepted twice"
            problems.error(reader.id, entry.source, message, "keep one of the two")
        acceptances.append(Acceptance(rule, fingerprint, reader.text(entry, "reason").strip(), entry.source))
    return tuple(acceptances)


def _entries(path: Path, file: str, reader: FieldReader) -> Iterator[Object]:
    """The entries that are mappings; whatever else the file contains is a problem."""
    problems = reader.problems
    try:
        root = parse(path.read_bytes().decode("utf-8-sig"), file)
    except ProblemsFound as malformed:
        problems.extend(malformed.problems)
        return
    except UnicodeDecodeError as error:
        problems.error("not-utf-8", Source(file), f"the file is not UTF-8: byte {error.start} cannot be decoded")
        return
    if root is None:  # only comments are left
        return
    if not isinstance(root, Array):
        problems.error(reader.id, Source(file, "", 1), "the file is not a list of {rule, fingerprint, reason}")
        return
    for index, entry in enumerate(root):
        if isinstance(entry, Object):
            yield entry
        else:
            problems.error(reader.id, root.where(index), "an entry is not a mapping of rule, fingerprint and reason")


def accept(causes: Iterable[Cause], acceptances: Iterable[Acceptance]) -> tuple[Cause, ...]:
    """The causes, the worst first, each with the reason for which it was accepted, if it was.

    An entry accepts all that is felt of a cause, or one change of it, whichever it names.
    """
    reasons = {(acceptance.rule, acceptance.fingerprint): acceptance.reason for acceptance in acceptances}
    accepted = (_accept(cause, reasons) for cause in causes) if reasons else causes
    return tuple(sorted(accepted, key=Cause.weight))


def _accept(cause: Cause, reasons: Mapping[tuple[str, str], str]) -> Cause:
    # Which of its rules leads depends on what of it is accepted already, so that any of them names it.
    whole = next(filter(None, (reasons.get((c.rule, cause.fingerprint)) for c in cause.changes)), "")
    changes = (replace(c, accepted=whole or reasons.get((c.rule, c.fingerprint), "")) for c in cause.changes)
    return replace(cause, changes=tuple(sorted(changes, key=by_weight)))


def check_acceptances(
    causes: Sequence[Cause], acceptances: Sequence[Acceptance], rules: Mapping[str, Rule], problems: Problems
) -> None:
    """Warn of acceptances that accept none of `causes`, nor any of their changes."""
    if not acceptances:
        return
    by_fingerprint = {change.fingerprint: {change.rule} for cause in causes for change in cause.changes}
    by_fingerprint |= {cause.fingerprint: {change.rule for change in cause.changes} for cause in causes}
    for acceptance in acceptances:
        rule, fingerprint, source = acceptance.rule, acceptance.fingerprint, acceptance.source
        accepted_rules = by_fingerprint.get(fingerprint, set())
        if rule in accepted_rules:
            continue
        if rule not in rules:
            problems.warning("unknown-rule", source, f"there is no rule {rule!r}", name_hint(rule, [*rules]))
        elif accepted_rules:
            message = f"{fingerprint} is a change by the rule {' and '.join(sorted(accepted_rules))}, not {rule}"
            problems.warning("unused-acceptance", source, message)
        else:
            message = f"no change has the rule {rule} and the fingerprint {fingerprint}"
            hint = "remove it when the change is merged; a different change has a different fingerprint"
            problems.warning("unused-acceptance", source, message, hint)


def _fingerprint(entry: Object, reader: FieldReader) -> str:
    value = entry.get("fingerprint")
    if isinstance(value, str) and _FINGERPRINT.fullmatch(value):
        return value
    # Without quotes, 123456789012 and 12e456789012 are numbers in YAML.
    message = "`fingerprint` is not text of 12 hexadecimal digits"
    reader.problems.error(reader.id, entry.where("fingerprint"), message, "copy it from the report, in quotes")
    return ""
