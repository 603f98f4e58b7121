"""What `--accept` names, and which provider's accepted.yaml takes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ...document.problems import Problem, Problems, ProblemsFound, Source, abridged
from ...output.rewriting import rewrite
from ..accepted import Acceptance
from ..causes.cause import Cause
from ..commands import Comparison
from ..finding import Change
from ..report.model import Report, added, summary, transition, visible
from ..versions import Version
from .entries import Entry, appended

_BEGINNING = re.compile(r"[0-9a-f]{4,12}")
_ACCEPT, _REASON = "--accept", "--reason"


def checked_reason(names: Sequence[str] | None, reason: str | None) -> str:
    """The reason for what is accepted; "" where nothing is. Raises ProblemsFound if one is given without the other."""
    if names and not (reason and reason.strip()):
        raise _refusal("accept-reason", _REASON, "what is accepted needs a reason", "such as: announced in May")
    if reason is not None and not names:
        raise _refusal("accept-reason", _REASON, "nothing is accepted for this reason", "name it: --accept CAUSE")
    return (reason or "").strip()


def accept_in_files(comparison: Comparison, names: Iterable[str], reason: str) -> tuple[Report, list[str]]:
    """Write entries for what is named into the providers' files; the report with them, and a line for each entry.

    Raises ProblemsFound, before anything is written, and OSError.
    """
    problems, entries = Problems(), dict[str, list[Entry]]()
    named = [item for name in names if (item := _named(name, comparison, problems))]
    problems.stop_on_errors()
    for item in dict.fromkeys(named):
        file = _provider(item, comparison).file
        entries.setdefault(file, []).append(Entry(item.rule, item.fingerprint, reason, _in_words(item)))
    paths = {version.file: version.path for version in comparison.providers.values() if version.path}
    rewrite([appended(paths[file], file, of_file) for file, of_file in entries.items()])
    written = [(file, entry) for file, of_file in entries.items() for entry in of_file]
    report = comparison.accepting(Acceptance(e.rule, e.fingerprint, reason, Source(file)) for file, e in written)
    return report, [f"{file}: accepts {e.rule} {e.fingerprint}: {e.comment}" for file, e in written]


def _named(name: str, comparison: Comparison, problems: Problems) -> Cause | Change | None:
    """What a fingerprint names, or the beginning of one: a cause, or else a change that is a part of one."""
    causes = {cause.fingerprint: cause for cause in comparison.causes}
    changes = {change.fingerprint: change for cause in comparison.causes for change in cause.changes}
    fingerprints = [f for f in causes if f.startswith(name)] if _BEGINNING.fullmatch(name) else []
    fingerprint = name if name in changes or not fingerprints else fingerprints[0]
    item = causes.get(fingerprint) or changes.get(fingerprint)
    accepted = {change.fingerprint: change.accepted for change in comparison.report.changes}
    accepted |= {cause.fingerprint: cause.accepted for cause in comparison.report.causes}
    if item is None:
        hint = "name a fingerprint that the report prints, or at least four digits from its beginning"
        problems.error("accept-unknown", Source(_ACCEPT), f"the report has no {name!r}", hint)
    elif len(fingerprints) > 1 and name not in causes:
        message = f"{name!r} is the beginning of several fingerprints"
        problems.error("accept-ambiguous", Source(_ACCEPT), message, f"there are: {abridged(sorted(fingerprints), 5)}")
    elif accepted[fingerprint]:
        message = f"{fingerprint} is accepted already: {accepted[fingerprint]}"
        problems.error("accept-again", Source(_ACCEPT), message, "name only what has not been accepted yet")
    else:
        return item
    return None


def _provider(item: Cause | Change, comparison: Comparison) -> Version:
    """The provider whose file accepts it: the one that it is about, or else the first. Raises ProblemsFound."""
    changes = item.changes if isinstance(item, Cause) else (item,)
    versions = [version for _, version in sorted(comparison.providers.items())]
    writable = [version for version in versions if version.path]
    if not writable:
        new = comparison.report.new
        if any(version.file for version in versions):
            hint = "name the folder in the working tree as NEW, such as specs, and commit its accepted.yaml"
            raise _refusal("accept-where", new, "nothing is written into a git revision", hint)
        hint = "name a provider's folder, with openapi.yaml and provider.yaml: accepted.yaml stands beside them"
        raise _refusal("accept-where", new, "only providers have an accepted.yaml", hint)
    packages = {change.package for change in changes}
    places = {change.place.partition(" ")[0] for change in changes}  # in the normalized layer, they name the provider
    for version in writable:
        if version.package and version.package.distribution in packages:
            return version
    covered = [version for version in writable if version.mapping or version.problems]
    return next((version for version in covered if version.name in places), (covered or writable)[0])


def _in_words(item: Cause | Change) -> str:
    if isinstance(item, Cause):
        return summary(item)
    became = transition(visible(item.before, 60), visible(item.after, 60), "->", added=added(item))
    return f"{item.operation} {item.place}: {became}".strip()


def _refusal(id: str, file: str, message: str, hint: str) -> ProblemsFound:
    return ProblemsFound([Problem(id, Source(file), message, hint)])
