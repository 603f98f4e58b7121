"""Both surfaces with the pairs of their classes, and the findings that many comparisons make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from typing import Protocol

from ...document.problems import Source
from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import Package
from ...python.expressions import Annotation, Name, names_in
from ..finding import Described, Finding
from ..pairing.operations import pair_operations
from .annotations import Relation, extends, ordered, relation, without_aliases
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
    """The types of aliases that only one version has: it does not matter whether a type has a name."""
    values: Mapping[Name, frozenset[str | int]]
    """The values of each enum of the new version."""
    renamed: frozenset[Name]
    """The old classes that have another name in the new version."""

    def in_new_names(self, old: Annotation) -> Annotation:
        """An old annotation with the new names of classes: a renamed class changes nothing that mentions it.

        Annotations of surfaces are ordered, so that one without renamed classes stays as it is.
        """
        return old if self.renamed.isdisjoint(names_in(old)) else ordered(old.renamed(self.names))

    def relation(self, old: Annotation, new: Annotation) -> Relation:
        """How the new annotation relates to the old one."""
        before = self.in_new_names(old)
        return "same" if before == new else relation(self._resolved(before), self._resolved(new), self.enums)

    def extends(self, old: Annotation, new: Annotation) -> bool:
        """Whether the new annotation differs for code alone that handles every alternative, or every word."""
        return extends(self._resolved(self.in_new_names(old)), self._resolved(new), self.values)

    def _resolved(self, annotation: Annotation) -> Annotation:
        """The annotation without the aliases that only one version has."""
        return without_aliases(annotation, self.aliases) if self.aliases else annotation


def view(old_package: Package, new_package: Package) -> View:
    """The surfaces of two versions."""
    pairs = pair_operations(old_package.api, new_package.api).pairs
    new_routes = {pair.old.route: pair.new.route for pair in pairs}
    old, new = surface(old_package, new_routes), surface(new_package)
    names = paired_classes(old, new)
    old_enums = {names.get(c.in_annotations, c.in_annotations): Name(c.base) for c in old.classes if c.base}
    new_enums = {c.in_annotations: Name(c.base) for c in new.classes}
    enums = {name: base for name, base in (old_enums | new_enums).items() if base.name}
    aliases = {c.in_annotations: ordered(c.members.renamed(names)) for c in old.classes if c.members}
    aliases = {name: members for name, members in aliases.items() if name not in names}
    paired = {*names.values()}
    aliases |= {c.in_annotations: c.members for c in new.classes if c.members and c.in_annotations not in paired}
    values = {c.in_annotations: frozenset(value.value for value in c.values) for c in new.classes if c.base}
    renamed = frozenset(name for name, new_name in names.items() if name != new_name)
    return View(old, new, names, enums, aliases, values, renamed)


class Located(Protocol):
    """What a document describes somewhere."""

    @property
    def source(self) -> Source: ...


class Typed(Located, Protocol):
    """What has a type, for which a document may refer to a component."""

    @property
    def type_source(self) -> Source | None: ...


class Deprecable(Described, Protocol):
    """What can be deprecated."""

    @property
    def deprecated(self) -> bool: ...


def removed(rule: str, place: str, old: Located, text: object, operation: str = "") -> Finding:
    """The finding that something is only in the old version."""
    return Finding(rule, place, str(text), "", old.source, None, operation=operation)


def added(rule: str, place: str, new: Located, text: object, operation: str = "") -> Finding:
    """The finding that something is only in the new version."""
    return Finding(rule, place, "", str(text), None, new.source, operation=operation)


def changed(
    rule: str,
    place: str,
    old: Located,
    new: Located,
    before: object,
    after: object,
    operation: str = "",
) -> Finding:
    """The finding that something differs in the two versions."""
    return Finding(rule, place, str(before), str(after), old.source, new.source, operation=operation)


def type_changed(
    rule: str,
    place: str,
    old: Typed,
    new: Typed,
    before: object,
    after: object,
    operation: str = "",
) -> Finding:
    """The finding that a type differs: at the component, if both versions refer to the same one for it."""
    finding = changed(rule, place, old, new, before, after, operation)
    sources = old.type_source, new.type_source
    if sources[0] and sources[1] and sources[0].pointer == sources[1].pointer:
        return replace(finding, old=sources[0], new=sources[1])
    return finding


def docstring_changed(place: str, old: Described, new: Described, operation: str = "") -> Iterator[Finding]:
    """The finding that a documentation text differs in more than its line breaks, which rendering decides."""
    old_words, new_words = old.description.split(), new.description.split()
    if old_words != new_words:
        before, after = _excerpts(old_words, new_words)
        yield changed("python-docstring-changed", place, old, new, before, after, operation)


def documentation_changed(place: str, old: Deprecable, new: Deprecable, operation: str = "") -> Iterator[Finding]:
    """The findings about deprecation and about the documentation text."""
    if old.deprecated != new.deprecated:
        rule = "python-deprecated" if new.deprecated else "python-docstring-changed"
        before, after = ("deprecated" if side.deprecated else "" for side in (old, new))
        yield changed(rule, place, old, new, before, after, operation)
    yield from docstring_changed(place, old, new, operation)


def _excerpts(old: list[str], new: list[str]) -> tuple[str, str]:
    """The beginnings of two texts, from three words before the first difference on."""
    same_words = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    start = max(0, len(list(same_words)) - 3)
    return _excerpt(old, start), _excerpt(new, start)


def _excerpt(words: list[str], start: int) -> str:
    text = " ".join(words[start:])
    text = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    return f"... {text}" if start and text else text
