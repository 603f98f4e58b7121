"""Both surfaces side by side, with what is the same class in them; and the findings that many comparisons make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ...ir.model import Package
from ...python.expressions import Annotation, Name
from ..finding import Described, Finding
from .annotations import Relation, ordered, relation, without_aliases
from .class_pairs import paired_classes
from .package_surface import surface
from .surface import Surface

_SHOWN = 60
"""Characters of a documentation text that a finding shows."""


@dataclass(frozen=True, slots=True)
class View:
    """Two versions of a package. `names`: what the old classes are called in the new version."""

    old: Surface
    new: Surface
    names: Mapping[Name, Name]
    enums: Mapping[Name, Name]
    """The base of each enum by its new name, or by its old one where there is no new one."""
    aliases: Mapping[Name, Annotation]
    """What the aliases that one version has alone stand for: it does not matter whether a type has a name."""

    def in_new_names(self, old: Annotation) -> Annotation:
        """An old annotation in the new names: a class that was renamed changes nothing that mentions it."""
        return ordered(old.renamed(self.names))

    def relation(self, old: Annotation, new: Annotation) -> Relation:
        """What became of an annotation."""
        before, after = self.in_new_names(old), new
        if self.aliases:
            before, after = without_aliases(before, self.aliases), without_aliases(after, self.aliases)
        return relation(before, after, self.enums)


def view(old_package: Package, new_package: Package) -> View:
    """The surfaces of two versions."""
    old, new = surface(old_package), surface(new_package)
    names = paired_classes(old, new)
    old_enums = {names.get(c.in_annotations, c.in_annotations): Name(c.base) for c in old.classes if c.base}
    new_enums = {c.in_annotations: Name(c.base) for c in new.classes}
    enums = {name: base for name, base in (old_enums | new_enums).items() if base.name}
    aliases = {c.in_annotations: ordered(c.members.renamed(names)) for c in old.classes if c.members}
    aliases = {name: members for name, members in aliases.items() if name not in names}
    kept = {*names.values()}
    aliases |= {c.in_annotations: c.members for c in new.classes if c.members and c.in_annotations not in kept}
    return View(old, new, names, enums, aliases)


class Deprecable(Described, Protocol):
    """What can be deprecated."""

    @property
    def deprecated(self) -> bool: ...


def removed(rule: str, place: str, old: Described, text: object, operation: str = "") -> Finding:
    """Something that the old version has alone."""
    return Finding(rule, place, str(text), "", old.source, None, operation=operation)


def added(rule: str, place: str, new: Described, text: object, operation: str = "") -> Finding:
    """Something that the new version has alone."""
    return Finding(rule, place, "", str(text), None, new.source, operation=operation)


def changed(
    rule: str,
    place: str,
    old: Described,
    new: Described,
    before: object,
    after: object,
    operation: str = "",
) -> Finding:
    """Something that differs in the two versions."""
    return Finding(rule, place, str(before), str(after), old.source, new.source, operation=operation)


def docstring_changed(place: str, old: Described, new: Described, operation: str = "") -> Iterator[Finding]:
    """What the documentation says otherwise, apart from line breaks, which rendering decides."""
    old_words, new_words = old.description.split(), new.description.split()
    if old_words != new_words:
        before, after = _excerpts(old_words, new_words)
        yield changed("python-docstring-changed", place, old, new, before, after, operation)


def documentation_changed(place: str, old: Deprecable, new: Deprecable, operation: str = "") -> Iterator[Finding]:
    """Whether something was deprecated, or no longer is, which is documentation; and what is documented otherwise."""
    if old.deprecated != new.deprecated:
        rule = "python-deprecated" if new.deprecated else "python-docstring-changed"
        before, after = ("deprecated" if side.deprecated else "" for side in (old, new))
        yield changed(rule, place, old, new, before, after, operation)
    yield from docstring_changed(place, old, new, operation)


def _excerpts(old: list[str], new: list[str]) -> tuple[str, str]:
    """Two texts from shortly before the first word that differs, so that what is shown of them has the difference."""
    pairs = enumerate(zip(old, new, strict=False))
    different = next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))
    start = max(0, different - 3)
    return _excerpt(old, start), _excerpt(new, start)


def _excerpt(words: list[str], start: int) -> str:
    text = " ".join(words[start:])
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    return f"... {text}" if start and text else text
