"""A cause: one change of a document, and everything that callers notice of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cached_property
from typing import Literal

from ...document.problems import Source, abridged
from ...interpreter.fast_dataclasses import dataclass
from ..finding import LAYERS, SEVERITIES, Change, Layer, Severity
from ..notice import Notice
from .subject import subject

_LEADING: tuple[Layer, ...] = ("normalized", "wire", "python", "lagging")
"""Of changes that are equally bad, the first of these layers says best what callers notice."""
_WORDS = 5
"""Words of an enum that a cause names."""
_DESCRIBING: tuple[Layer, ...] = ("wire", "python", "lagging", "normalized")
"""The first of these layers says best what is different in a document."""


@dataclass(frozen=True)
class Cause:
    """One change of a document, and everything that callers notice of it."""

    changes: tuple[Change, ...]
    """At least one; those that nobody has accepted first, then the worst, then in the order of layers and places."""

    owner: str = ""
    """The client package that it is about, where the report is about several; "" where that goes without saying."""

    @property
    def title(self) -> str:
        """The subject, with the package where there are several: "workflow-client-dify: schema Run /status"."""
        return f"{self.owner}: {self.subject}" if self.owner else self.subject

    @cached_property
    def lead(self) -> Change:
        """The change that says best what callers notice; the cause has its rule, severity, notice and hint."""
        return min(self.changes, key=lambda c: (bool(c.accepted), _rank(c), _LEADING.index(c.layer)))

    @property
    def rule(self) -> str:
        """The id of the rule of what leads."""
        return self.lead.rule

    @property
    def severity(self) -> Severity:
        """The worst that follows from the cause."""
        return self.lead.severity

    @property
    def notice(self) -> Notice:
        """The sentence on what a caller notices."""
        return self.lead.notice

    @property
    def hint(self) -> str:
        """How to correct what keeps everything from being generated; "" where nothing does."""
        return self.lead.hint

    @cached_property
    def described(self) -> Change:
        """The change that says best what is different in the document; the cause has its texts and its places."""
        return min(self.changes, key=lambda c: (c.severity == "docs", _DESCRIBING.index(c.layer), _rank(c)))

    @property
    def before(self) -> str:
        """The old version in short; "" where it has nothing. Of words that went, the first few."""
        return self._side("before")

    @property
    def after(self) -> str:
        """The new version in short; "" where it has nothing. Of words that came, the first few."""
        return self._side("after")

    def _side(self, side: Literal["before", "after"]) -> str:
        described = self.described
        if described.before and described.after:
            return _text(described, side)
        rule = described.rule if _text(described, side) else _opposite(described.rule)
        alike = (c for c in self.changes if (c.layer, c.rule) == (described.layer, rule))
        return _listed([described, *alike], side)

    @property
    def old(self) -> Source | None:
        """Where the old version says it; None where it does not."""
        return self.described.old

    @property
    def new(self) -> Source | None:
        """Where the new version says it; None where it does not."""
        return self.described.new

    @property
    def pointer(self) -> str:
        """A JSON Pointer into the new version; into the old one where the new one does not mention it."""
        return self.described.pointer

    @cached_property
    def subject(self) -> str:
        """What changed, in words: "schema Error /code", "GET /runs/{} answer 200 /status", "server https://..."."""
        return subject(self.described, self.changes)

    def weight(self) -> tuple[object, ...]:
        """The order of causes: what nobody has accepted first, then the worst, then what is felt the most."""
        return (*by_weight(self.lead), -len(self.operations), self.subject)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers in which it is felt."""
        present = {change.layer for change in self.changes}
        return tuple(layer for layer in LAYERS if layer in present)

    @cached_property
    def operations(self) -> tuple[str, ...]:
        """The operations in which it is felt, sorted by path; () where it belongs to no single ones."""
        names = {change.operation for change in self.changes if change.operation}
        return tuple(sorted(names, key=lambda name: (name.partition(" ")[2], name)))

    @cached_property
    def packages(self) -> tuple[str, ...]:
        """The distributions that it is about, sorted."""
        return tuple(sorted({change.package for change in self.changes}))

    @property
    def decides(self) -> bool:
        """Whether a person has to decide on it: it breaks callers or deserves attention, and was not accepted."""
        return not self.accepted and self.severity in ("breaking", "attention")

    @property
    def accepted(self) -> str:
        """The reason for which all that needs a decision was accepted; "" when it was not."""
        return self.lead.accepted

    @cached_property
    def fingerprint(self) -> str:
        """12 hexadecimal digits: the same as long as callers have the same things to decide on, wherever its lines are.

        A place that needs no decision does not count: accepting the cause accepts it, too.
        """
        needing = [c.fingerprint for c in self.changes if c.severity in ("breaking", "attention")]
        fingerprints = sorted(needing or [change.fingerprint for change in self.changes])
        if len(fingerprints) == 1:
            return fingerprints[0]
        return hashlib.sha256("\0".join(fingerprints).encode()).hexdigest()[:12]


def _listed(changes: Iterable[Change], side: Literal["before", "after"]) -> str:
    """The different texts of a side of changes that have nothing on the other one."""
    return abridged(dict.fromkeys(filter(None, (_text(change, side) for change in changes))), _WORDS)


def _text(change: Change, side: Literal["before", "after"]) -> str:
    return change.before if side == "before" else change.after


def _opposite(rule: str) -> str:
    """The rule for a word or a variant that went where `rule` is for one that came, or the reverse; "" for others."""
    parts = re.fullmatch("(.*(?:enum-value|enum-member|any-of)-)(added|removed)", rule)
    return f"{parts[1]}{'removed' if parts[2] == 'added' else 'added'}" if parts else ""


def _rank(change: Change) -> int:
    return SEVERITIES.index(change.severity)


def by_weight(change: Change) -> tuple[bool, int, int]:
    """The order of a cause's changes: what nobody has accepted first, then the worst, then by layer."""
    return bool(change.accepted), _rank(change), LAYERS.index(change.layer)
