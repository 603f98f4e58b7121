"""A `Finding` is a difference between two versions; a `Change` is a finding with what it means for callers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cached_property
from typing import Literal, Protocol

from ..document.problems import Source
from ..interpreter.fast_dataclasses import dataclass
from ..ir.model import without_names
from .notice import Notice

Layer = Literal["wire", "python", "normalized", "lagging"]
Severity = Literal["breaking", "attention", "safe", "docs"]
Bump = Literal["major", "minor", "patch", "none"]
LAYERS: tuple[Layer, ...] = ("normalized", "python", "wire", "lagging")
"""In the order in which a reviewer reads them."""
SEVERITIES: tuple[Severity, ...] = ("breaking", "attention", "safe", "docs")
"""The worst first."""
BUMPS: tuple[Bump, ...] = ("major", "minor", "patch", "none")
"""The largest first."""


class Described(Protocol):
    """What has a description in a document."""

    @property
    def description(self) -> str: ...
    @property
    def source(self) -> Source: ...


class Difference(Protocol):
    """What differs in two versions, in short, and where each says so."""

    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def old(self) -> Source | None: ...
    @property
    def new(self) -> Source | None: ...


def shown_place(difference: Difference) -> Source | None:
    """The place in the new version; in the old one of what is gone, as its new place is merely what contained it."""
    old, new = difference.old, difference.new
    is_gone = difference.before and not difference.after and old and new and old.pointer != new.pointer
    return old if is_gone else new or old


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference."""

    rule: str
    """The id of the rule that says what it means."""
    place: str
    """Where it is, whatever its line: "answer 200 /data/status", "RunState.status"."""
    before: str
    """The old version in short, such as a type; "" where it has nothing."""
    after: str
    old: Source | None
    """Where the old version says so; None where it says nothing."""
    new: Source | None
    operation: str = ""
    """Its method and path, with unnamed path parameters: "GET /runs/{}"; "" where it belongs to no operation."""
    identity: str = ""
    """What distinguishes the finding from others at its place, where `before` and `after` may change by themselves: the
    wording of a message, the names in a path. Otherwise "", as these distinguish it."""
    hint: str = ""
    """Where something has to be corrected before anything can be generated: how."""
    follows: Source | None = None
    """The place in the new version that made it so, where its own places do not tell: it has the same cause as changes
    there."""

    def at(self, place: str, operation: str) -> Finding:
        """The same at another place, in an operation."""
        return Finding(
            *(self.rule, place, self.before, self.after, self.old, self.new, operation),
            *(self.identity, self.hint, self.follows),
        )


@dataclass(frozen=True)
class Change:
    """A finding as its rule judges it."""

    rule: str
    layer: Layer
    severity: Severity
    bump: Bump
    package: str
    """The distribution that it is about; on the wire that is the client."""
    operation: str
    """Its method and path: "GET /runs/{run_id}", as in the new version if it has it; "" where there is none."""
    place: str
    pointer: str
    """A JSON Pointer into the new version; into the old one where only that has it."""
    old: Source | None
    new: Source | None
    before: str
    after: str
    notice: Notice
    identity: str = ""
    """See `Finding`."""
    follows: Source | None = None
    """See `Finding`."""
    accepted: str = ""
    """The reason for which it was accepted; "" when it was not."""
    hint: str = ""
    """See `Finding`."""

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same change, wherever its lines are and whatever variables of paths are called.

        It has 12 hexadecimal digits.
        """
        difference = (self.identity,) if self.identity else (self.before, self.after)
        parts = (self.rule, self.layer, self.package, without_names(self.operation), self.place, *difference)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:12]


def in_order(changes: Iterable[Change]) -> list[Change]:
    """The changes in the order of the JSON report: by layer, package, operation, place, then the worst first."""
    return sorted(changes, key=_key)


def _key(change: Change) -> tuple[object, ...]:
    where = (LAYERS.index(change.layer), change.package, change.operation, change.place)
    what = (SEVERITIES.index(change.severity), change.rule, change.before, change.after)
    sources = (change.new or Source(""), change.old or Source(""))
    return (*where, *what, *sources, change.notice)
