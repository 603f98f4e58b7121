"""Both surfaces side by side, with what is the same class in them; and how a difference between them is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ...document.problems import Source
from ...ir.model import Package
from ..finding import Finding
from .annotations import MODELS, Annotation, Relation, relation
from .pairs import paired_classes
from .surface import Surface
from .surface_of import surface

_SHOWN = 60
"""Characters of a documentation text that a finding shows."""


@dataclass(frozen=True, slots=True)
class View:
    """Two versions of a package. `names`: what the old classes are called in the new version."""

    old: Surface
    new: Surface
    names: dict[str, str]
    enums: dict[str, str]
    """The base of each enum by its new name, or by its old one where there is no new one."""
    aliases: dict[str, Annotation]
    """What the aliases that one version has alone stand for: it does not matter whether a type has a name."""

    def later(self, old: Annotation) -> Annotation:
        """An old annotation in the new names: a class that was renamed is no change of what mentions it."""
        return old.renamed(self.names)

    def relation(self, old: Annotation, new: Annotation) -> Relation:
        """What became of an annotation."""
        before, after = self.later(old), new
        if self.aliases:
            before, after = before.spelled_out(self.aliases), after.spelled_out(self.aliases)
        return relation(before, after, self.enums)


def view(old: Package, new: Package) -> View:
    """The surfaces of two versions."""
    ours, theirs = surface(old), surface(new)
    names = paired_classes(ours, theirs)
    bases = {names.get(MODELS + one.name, MODELS + one.name): one.base for one in ours.classes}
    bases |= {MODELS + one.name: one.base for one in theirs.classes}
    both = {*names.values()}
    aliases = {MODELS + one.name: one.members.renamed(names) for one in ours.classes if one.members}
    aliases = {name: members for name, members in aliases.items() if name not in names}
    aliases |= {name: one.members for one in theirs.classes if one.members and (name := MODELS + one.name) not in both}
    return View(ours, theirs, names, {name: base for name, base in bases.items() if base}, aliases)


class Documented(Protocol):
    """What has a docstring, or a part of one."""

    @property
    def source(self) -> Source: ...
    @property
    def doc(self) -> str: ...


class Deprecable(Documented, Protocol):
    """What can be deprecated."""

    @property
    def deprecated(self) -> bool: ...


def removed(rule: str, place: str, old: Documented, text: object, operation: str = "") -> Finding:
    """Something is gone."""
    return Finding(rule, operation, place, str(text), "", old.source, None)


def added(rule: str, place: str, new: Documented, text: object, operation: str = "") -> Finding:
    """Something is new."""
    return Finding(rule, operation, place, "", str(text), None, new.source)


def changed(
    rule: str,
    place: str,
    old: Documented,
    new: Documented,
    before: object,
    after: object,
    operation: str = "",
) -> Finding:
    """Something is otherwise."""
    return Finding(rule, operation, place, str(before), str(after), old.source, new.source)


def told(place: str, old: Documented, new: Documented, operation: str = "") -> Iterator[Finding]:
    """What the documentation says otherwise."""
    if old.doc != new.doc:
        before, after = _excerpts(old.doc, new.doc)
        yield changed("python-docstring-changed", place, old, new, before, after, operation)


def deprecated(place: str, old: Deprecable, new: Deprecable, operation: str = "") -> Iterator[Finding]:
    """Whether something was deprecated; that it no longer is, is documentation."""
    if old.deprecated != new.deprecated:
        rule = "python-deprecated" if new.deprecated else "python-docstring-changed"
        before, after = ("deprecated" if one.deprecated else "" for one in (old, new))
        yield changed(rule, place, old, new, before, after, operation)


def _excerpts(old: str, new: str) -> tuple[str, str]:
    """Two texts from the first word that differs, so that the difference is in what is shown of them."""
    ours, theirs = old.split(), new.split()
    same = next((i for i, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None)
    start = min(len(ours), len(theirs)) if same is None else same
    start = max(0, start - 3)
    return _excerpt(ours, start), _excerpt(theirs, start)


def _excerpt(words: list[str], start: int) -> str:
    text = " ".join(words[start:])
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    return f"... {text}" if start and text else text
