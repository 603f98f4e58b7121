"""Which operations a problem concerns, and a document without them.

A problem says where it stands. It concerns the operations and components in which it stands, and all that refer to
those; components that nothing else needs are left out with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from ..document.operations import METHODS
from ..document.pointer import split, unescape
from ..document.problems import LeftOut, Problem
from ..document.tree import Array, Object

_FIELDS_WITH_PARTS = ("/paths/", "/components/", "/definitions/", "/parameters/", "/responses/")
_T = TypeVar("_T")
_Place = tuple[str, str]
"""A file, and a pointer into it."""


class _Part(NamedTuple):
    """What can be left out: an operation, or a component."""

    holder: str
    """"paths /things" for the methods of a path, else the section of `components`."""
    name: str
    """A method, or the name of a component."""

    @property
    def is_operation(self) -> bool:
        return self.holder.startswith("paths ")


@dataclass(frozen=True)
class _Uses:
    """Where the operations and components of a document are written, and to which others each refers."""

    places: Mapping[_Part, set[_Place]]
    references: Mapping[_Part, set[_Part]]

    def concerned(self, problem: Problem) -> set[_Part]:
        """The parts in which a problem stands, and all that refer to them, however far."""
        return _closure(self._written_around(problem), self._referring)

    def needed(self, parts: Iterable[_Part]) -> set[_Part]:
        """These parts, and all to which they refer, however far."""
        return _closure(parts, self.references)

    @cached_property
    def _referring(self) -> dict[_Part, set[_Part]]:
        return _inverse(self.references)

    @cached_property
    def _parts_by_place(self) -> dict[_Place, set[_Part]]:
        return _inverse(self.places)

    def _written_around(self, problem: Problem) -> set[_Part]:
        pointer, last = problem.source.pointer, ""
        while pointer:
            parts = self._parts_by_place.get((problem.source.file, pointer))
            if parts and last in METHODS and pointer.count("/") == 2 and pointer.startswith("/paths/"):
                return {_Part(next(iter(parts)).holder, last)}  # an operation that is not a mapping, and gone already
            if parts:
                return parts
            pointer, _, last = pointer.rpartition("/")
        return set()


def leave_out(document: Object, errors: list[Problem]) -> tuple[Object, list[LeftOut], list[Problem]]:
    """The document without what the errors concern; what that is, and the errors that concern no part of it."""
    uses = _uses(document)
    reasons: dict[_Part, Problem] = {}
    elsewhere: list[Problem] = []
    for problem in errors:
        concerned = uses.concerned(problem)
        for part in concerned:
            reasons.setdefault(part, problem)
        if not concerned:
            elsewhere.append(problem)
    operations = {part for part in uses.places if part.is_operation}
    used = uses.needed(operations)
    roots = {part for part in uses.places.keys() - reasons.keys() if part.is_operation or part not in used}
    unneeded = uses.needed(reasons) - uses.needed(roots)
    listed = sorted(part for part in reasons if part.is_operation or part not in used)  # others go with operations
    left_out = [_left_out(document, part, reasons[part]) for part in listed]
    unread = [problem for problem in elsewhere if _is_in_unread_part(document, problem)]
    left_out += [LeftOut(unescape(problem.source.pointer), problem.source, problem) for problem in unread]
    unplaced = [problem for problem in elsewhere if not _is_in_unread_part(document, problem)]
    return _without(document, {*reasons, *unneeded}), left_out, unplaced


def _is_in_unread_part(document: Object, problem: Problem) -> bool:
    """Whether the problem stands in a path or a component that could not be read, and so is gone already."""
    source = problem.source
    return source.file != document.source.file or source.pointer.startswith(_FIELDS_WITH_PARTS)


def _left_out(document: Object, part: _Part, problem: Problem) -> LeftOut:
    if not part.is_operation:
        section = document["components"][part.holder]
        return LeftOut(f"components/{part.holder}/{part.name}", section.where(part.name), problem)
    path = part.holder.removeprefix("paths ")
    item = document["paths"].get(path)
    source = item.where(part.name) if isinstance(item, Object) else problem.source
    return LeftOut(f"{part.name.upper()} {path}", source, problem)


def _without(document: Object, parts: set[_Part]) -> Object:
    names: dict[str, list[str]] = {}
    for part in parts:
        names.setdefault(part.holder, []).append(part.name)
    for field, prefix in (("paths", "paths "), ("components", "")):
        holders = document.get(field)
        if isinstance(holders, Object):
            smaller = {key: holder.without(*names.get(f"{prefix}{key}", ())) for key, holder in _objects(holders)}
            document = document.replacing(field, holders.derive({**holders, **smaller}))
    return document


def _uses(document: Object) -> _Uses:
    places: dict[_Part, set[_Place]] = {}
    references: dict[_Part, set[_Part]] = {}
    for part, values in _parts(document):
        places[part], references[part] = set(), set()
        for value in values:
            _scan(value, places[part], references[part])
        if part.is_operation:
            references[part] |= _security_schemes(values[0], document)
    return _Uses(places, references)


def _parts(document: Object) -> Iterator[tuple[_Part, tuple[Any, ...]]]:
    """The parts of a document, and what each consists of: also what an operation shares with others of its path."""
    for path, item in _objects(document.get("paths")):
        shared = item.without(*METHODS)
        for method in METHODS:
            if isinstance(item.get(method), Object):
                yield _Part(f"paths {path}", method), (item[method], shared)
    for section, values in _objects(document.get("components")):
        for name, value in values.items() if section != "pathItems" else ():  # they stand at their paths by now
            yield _Part(section, name), (value,)


def _scan(value: object, places: set[_Place], references: set[_Part]) -> None:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (Object, Array)):
            places.add((value.source.file, value.source.pointer))
            waiting += value.values() if isinstance(value, Object) else value
        if isinstance(value, Object) and isinstance(value.get("$ref"), str):
            references |= {*_target(value["$ref"])}


def _security_schemes(operation: Object, document: Object) -> set[_Part]:
    security = operation.get("security", document.get("security"))
    alternatives = (
        [schemes for schemes in security if isinstance(schemes, Object)] if isinstance(security, Array) else []
    )
    return {_Part("securitySchemes", name) for schemes in alternatives for name in schemes}


def _target(reference: str) -> Iterator[_Part]:
    keys = split(reference)
    if reference.startswith("#/components/") and len(keys) > 2:
        yield _Part(keys[1], keys[2])
    elif reference.startswith("#/paths/") and len(keys) > 2:
        yield _Part(f"paths {keys[1]}", keys[2])


def _objects(value: object) -> Iterator[tuple[str, Object]]:
    if isinstance(value, Object):
        yield from ((key, child) for key, child in value.items() if isinstance(child, Object))


def _inverse(edges: Mapping[_Part, Iterable[_T]]) -> dict[_T, set[_Part]]:
    result: dict[_T, set[_Part]] = {}
    for key, values in edges.items():
        for value in values:
            result.setdefault(value, set()).add(key)
    return result


def _closure(parts: Iterable[_Part], edges: Mapping[_Part, set[_Part]]) -> set[_Part]:
    reached, waiting = set[_Part](), [*parts]
    while waiting:
        part = waiting.pop()
        if part not in reached:
            reached.add(part)
            waiting += edges.get(part, ())
    return reached
