"""The report of `diff` -> entries of a changelog: what callers of a package notice, in the words of the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..diff.causes.cause import Cause
from ..diff.finding import SEVERITIES, Change
from ..diff.report.markdown import notice_markup, sentence_markup
from ..diff.report.model import Report
from ..python.quoting import code

_MOST = 100
"""Entries of each severity; of a larger update, the report of `diff` has all."""
_MOST_ABOUT_DOCUMENTATION = 3


def api_entries(report: Report, package: str) -> list[str]:
    """What changes for callers of a package, as items of a list in Markdown; what breaks them comes first."""
    changes = [change for cause in report.causes for change in _noticed(cause, package)]
    entries = list[str]()
    for severity in SEVERITIES:
        alike = list(dict.fromkeys(_entry(change) for change in changes if change.severity == severity))
        if severity == "docs" and len(alike) > _MOST_ABOUT_DOCUMENTATION:
            alike = [f"The documentation has changed in {len(alike):,} places."]
        entries += alike[:_MOST]
        if len(alike) > _MOST:
            entries.append(f"And {len(alike) - _MOST:,} more such changes.")
    return entries


def _noticed(cause: Cause, package: str) -> Iterator[Change]:
    """The changes of a cause that say best what callers of a package notice.

    Those of Python code do, or of runs. Where there are none, what breaks or deserves attention on the wire is a reason
    for a new version, too. A server that lags behind changes no package.
    """
    changes = [change for change in cause.changes if change.package == package and change.layer != "lagging"]
    of_code = [change for change in changes if change.layer != "wire"]
    yield from of_code or (change for change in changes if change.severity in ("breaking", "attention"))


def _entry(change: Change) -> str:
    """A change as an item of a list."""
    where = f"{code(' '.join(filter(None, (change.operation, change.place))))}: " if change.layer == "wire" else ""
    label = "**Breaking:** " if change.severity == "breaking" else ""
    accepted = f" Accepted: {sentence_markup(change.accepted)}" if change.accepted else ""
    return f"{label}{where}{notice_markup(change.notice)}{accepted}"


def name_entries(removed: Iterable[str], added: Iterable[str]) -> list[str]:
    """Public names of a package that went, and that came."""
    lines = [f"**Breaking:** {code(name)} has been removed." for name in sorted(removed)]
    return lines + [f"{code(name)} is new." for name in sorted(added)]


def commit_entries(subjects: Iterable[str]) -> list[str]:
    """What the commits say that changed code of which no description tells."""
    return [sentence_markup(subject) for subject in subjects]
