"""Which operations a problem concerns, and a document without them.

A problem says where it stands. The operations concerned are those that stand there, or that reach the place by
references; components that nothing else needs go with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from ..document.operations import METHODS
from ..document.problems import LeftOut, Problem
from ..document.tree import Array, Object

_PARTS = ("/paths/", "/components/", "/definitions/", "/parameters/", "/responses/")
_Place = tuple[str, str]
"""A file, and a pointer into it."""
_Part = tuple[str, str]
"""What can be left out: ("paths /things", "get"), or a section of `components` and a name in it."""


@dataclass
class Reach:
    """What each operation and each component of a document is made of, references followed."""

    document: Object
    _holds: dict[_Part, set[_Place]] = field(default_factory=dict)
    _refers: dict[_Part, set[_Part]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part, value in _parts(self.document):
            self._holds[part], self._refers[part] = set(), set()
            self._scan(part, value)
        for path, item in _items(self.document.get("paths")):
            for method in METHODS:
                if isinstance(item.get(method), Object):
                    part = (f"paths {path}", method)
                    self._scan(part, item.without(*METHODS))
                    self._refers[part] |= self._security(item[method])

    def concerned(self, problem: Problem) -> set[_Part]:
        """The parts that a problem stands in, and all that refer to them, however far."""
        return _closure(self._holders(problem), self._referred)

    def needs(self, parts: Iterable[_Part]) -> set[_Part]:
        """These parts, and all that they refer to, however far."""
        return _closure(parts, self._refers)

    @cached_property
    def operations(self) -> frozenset[_Part]:
        """All operations."""
        return frozenset(part for part in self._holds if part[0].startswith("paths "))

    @property
    def parts(self) -> Set[_Part]:
        """All operations and components."""
        return self._holds.keys()

    @cached_property
    def _referred(self) -> dict[_Part, set[_Part]]:
        found: dict[_Part, set[_Part]] = {}
        for part, others in self._refers.items():
            for other in others:
                found.setdefault(other, set()).add(part)
        return found

    @cached_property
    def _places(self) -> dict[_Place, set[_Part]]:
        found: dict[_Place, set[_Part]] = {}
        for part, places in self._holds.items():
            for place in places:
                found.setdefault(place, set()).add(part)
        return found

    def _holders(self, problem: Problem) -> set[_Part]:
        """The parts whose text the problem stands in."""
        file, pointer = problem.source.file, problem.source.pointer
        last = ""
        while pointer:
            holders = self._places.get((file, pointer))
            if holders and last in METHODS and pointer.count("/") == 2 and pointer.startswith("/paths/"):
                item = next(iter(holders))[0]
                return {(item, last)}  # an operation that is no mapping, and gone already
            if holders:
                return holders
            pointer, _, last = pointer.rpartition("/")
        return set()

    def _scan(self, part: _Part, value: object) -> None:
        waiting = [value]
        while waiting:
            value = waiting.pop()
            if isinstance(value, (Object, Array)):
                self._holds[part].add((value.source.file, value.source.pointer))
                waiting += value.values() if isinstance(value, Object) else value
            if isinstance(value, Object) and isinstance(value.get("$ref"), str):
                self._refers[part] |= set(_target(value["$ref"]))

    def _security(self, operation: Object) -> set[_Part]:
        value = operation.get("security", self.document.get("security"))
        alternatives = value if isinstance(value, Array) else ()
        return {("securitySchemes", name) for one in alternatives if isinstance(one, Object) for name in one}


def leave_out(document: Object, errors: list[Problem]) -> tuple[Object, list[LeftOut], list[Problem]]:
    """The document without what the errors concern; what that is, and the errors that concern no part of it."""
    reach = Reach(document)
    reasons: dict[_Part, Problem] = {}
    without: list[Problem] = []
    for problem in errors:
        concerned = reach.concerned(problem)
        for part in concerned:
            reasons.setdefault(part, problem)
        if not concerned:
            without.append(problem)
    gone = {*reasons}
    used = reach.needs(reach.operations)
    roots = {part for part in reach.parts - gone if part in reach.operations or part not in used}
    unneeded = reach.needs(gone) - reach.needs(roots)
    shown = sorted(part for part in gone if part not in used - reach.operations)  # others go with their operations
    listed = [_left_out(document, part, reasons[part]) for part in shown]
    lost = [problem for problem in without if _is_lost(document, problem)]
    listed += [LeftOut(problem.source.pointer.replace("~1", "/"), problem.source, problem) for problem in lost]
    return (
        _without(document, gone | unneeded),
        listed,
        [problem for problem in without if not _is_lost(document, problem)],
    )


def _is_lost(document: Object, problem: Problem) -> bool:
    """Whether the problem stands in a path or a component that could not be read, and is gone already."""
    return problem.source.file != document.source.file or problem.source.pointer.startswith(_PARTS)


def _left_out(document: Object, part: _Part, problem: Problem) -> LeftOut:
    holder, name = part
    path = holder.removeprefix("paths ")
    if path != holder:
        item = document["paths"].get(path)
        return LeftOut(
            f"{name.upper()} {path}", item.where(name) if isinstance(item, Object) else problem.source, problem
        )
    return LeftOut(f"components/{holder}/{name}", document["components"][holder].where(name), problem)


def _without(document: Object, gone: set[_Part]) -> Object:
    names: dict[str, list[str]] = {}
    for holder, name in gone:
        names.setdefault(holder, []).append(name)

    def paths(items: Object) -> Object:
        return items.derive(
            (path, item.without(*names.get(f"paths {path}", ())) if isinstance(item, Object) else item)
            for path, item in items.items()
        )

    def components(sections: Object) -> Object:
        return sections.derive(
            (key, section.without(*names.get(key, ()))) if isinstance(section, Object) else (key, section)
            for key, section in sections.items()
        )

    change = {"paths": paths, "components": components}
    return document.derive(
        (key, change[key](value) if key in change and isinstance(value, Object) else value)
        for key, value in document.items()
    )


def _closure(parts: Iterable[_Part], edges: Mapping[_Part, set[_Part]]) -> set[_Part]:
    found, waiting = set[_Part](), [*parts]
    while waiting:
        part = waiting.pop()
        if part not in found:
            found.add(part)
            waiting += edges.get(part, ())
    return found


def _parts(document: Object) -> Iterator[tuple[_Part, object]]:
    for path, item in _items(document.get("paths")):
        for method in METHODS:
            if isinstance(item.get(method), Object):
                yield (f"paths {path}", method), item[method]
    for section, values in _items(document.get("components")):
        for name, value in values.items() if section != "pathItems" else ():  # they stand at their paths by now
            yield (section, name), value


def _items(value: object) -> Iterator[tuple[str, Object]]:
    if isinstance(value, Object):
        yield from ((key, child) for key, child in value.items() if isinstance(child, Object))


def _target(ref: str) -> Iterator[_Part]:
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in ref.split("/")]
    if len(tokens) > 3 and tokens[:2] == ["#", "components"]:
        yield tokens[2], tokens[3]
    elif len(tokens) > 3 and tokens[:2] == ["#", "paths"]:
        yield f"paths {tokens[2]}", tokens[3]
