"""Values that are compared once, and reported for each operation that sends them.

What two values differ in depends on their types, and only its place depends on the operation. So values are compared as
a graph, which has circles as classes can be recursive, and the walk of an operation passes those in which there is a
finding.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import field, replace
from typing import Any, Protocol

from ...interpreter.fast_dataclasses import dataclass
from ...ir.types import Type
from ..finding import Finding

TypePair = tuple[Type, Type]


class Pair(Protocol):
    """Two values: a `ValuePair`."""

    @property
    def root(self) -> str: ...
    @property
    def pointer(self) -> str: ...
    @property
    def form(self) -> tuple[Hashable, ...]: ...
    @property
    def key(self) -> tuple[Hashable, ...]: ...
    def at_root(self) -> Pair: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the comparison of two values: findings, and the pairs of values to compare next."""

    results: Iterable[Finding | Pair] = ()
    types: TypePair | None = None
    """The step is left out where these types were compared before, in the same parameter or body."""
    compares_types: bool = False
    """Whether the step compares the types, so that later ones leave it out."""
    of_all: bool = False
    """Whether all further steps are left out with it."""
    shared: tuple[Hashable, ...] = ()
    """What identifies results that are the same at every place; nothing for others."""


@dataclass(slots=True, eq=False)
class _Part:
    """What came of a step: findings, and compared values with their pointers."""

    step: Step
    findings: list[Finding] = field(default_factory=list)
    values: list[tuple[str, _ComparedValue]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _ComparedValue:
    """Two values that were compared; `parts` is empty where they, and all values inside, have no findings."""

    pair: Pair
    """The values, as if they were at the root; it keeps alive what the keys of `Comparisons` identify."""
    parts: list[_Part] = field(default_factory=list)
    has_findings: bool = False


@dataclass(frozen=True, slots=True)
class Comparisons:
    """All values of two versions that were compared."""

    values: dict[Hashable, _ComparedValue] = field(default_factory=dict)
    shared: dict[Hashable, _Part] = field(default_factory=dict)

    def findings(self, root: Pair, operation: str, steps: Callable[[Any], Iterable[Step]]) -> Iterator[Finding]:
        """The findings about a value of an operation and all values inside it, the outer ones first.

        `steps` compares one value.
        """
        compared: set[TypePair] = set()
        places = [(f"{root.root} {root.pointer}", self._compared(root, steps))]
        for place, value in places:  # the list grows meanwhile
            for part in value.parts:
                types = part.step.types
                if types and types in compared:
                    if part.step.of_all:
                        break
                    continue
                if types and part.step.compares_types:
                    compared.add(types)
                for finding in part.findings:
                    yield finding.at(f"{place}{finding.place}".strip(), operation)
                places += [(place + pointer, inner) for pointer, inner in part.values]

    def _compared(self, root: Pair, steps: Callable[[Any], Iterable[Step]]) -> _ComparedValue:
        """A value, compared with all values inside it."""
        new = list[_ComparedValue]()
        first = self._value(root, new)
        for value in new:  # the list grows meanwhile
            value.parts = [self._part(value.pair, step, new) for step in steps(value.pair)]
        _mark_findings(new)
        for value in new:
            for part in value.parts:
                part.values = [(pointer, inner) for pointer, inner in part.values if inner.has_findings]
            if not value.has_findings:
                value.parts = []
        return first

    def _part(self, pair: Pair, step: Step, new: list[_ComparedValue]) -> _Part:
        key = (*step.shared, *pair.form) if step.shared else ()
        if key in self.shared:
            return self.shared[key]
        part = _Part(replace(step, results=()))
        for result in step.results:
            if isinstance(result, Finding):
                part.findings.append(result)
            else:
                part.values.append((result.pointer, self._value(result, new)))
        if key:
            self.shared[key] = part
        return part

    def _value(self, pair: Pair, new: list[_ComparedValue]) -> _ComparedValue:
        """The value of a pair; one that is not compared yet is added to `new`."""
        value = self.values.get(pair.key)
        if value is None:
            value = self.values[pair.key] = _ComparedValue(pair.at_root())
            new.append(value)
        return value


def _mark_findings(values: Iterable[_ComparedValue]) -> None:
    """Mark the values with findings, and those around them."""
    outer = dict[int, list[_ComparedValue]]()
    marked = list[_ComparedValue]()
    for value in values:
        for part in value.parts:
            value.has_findings |= bool(part.findings)
            for _, inner in part.values:
                outer.setdefault(id(inner), []).append(value)
                value.has_findings |= inner.has_findings
        if value.has_findings:
            marked.append(value)
    for value in marked:  # the list grows meanwhile
        for around in outer.get(id(value), ()):
            if not around.has_findings:
                around.has_findings = True
                marked.append(around)
