"""Which operations a problem concerns, and a document without them.

A problem has a source. It concerns the operations and components that are written there, and all that refer to those;
components that nothing else needs are left out with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ..document.operations import METHODS
from ..document.pointer import split, unescape
from ..document.problems import LeftOut, Problem
from ..document.tree import Array, Object

_FIELDS_WITH_PARTS = ("/paths/", "/components/", "/definitions/", "/parameters/", "/responses/")


class _Part(NamedTuple):
    """What can be left out: an operation, or a component."""

    holder: str
    """"paths /things" for the methods of a path, else the section of `components`."""
    name: str
    """A method, or the name of a component."""

    @property
    def is_operation(self) -> bool:
        return self.holder.startswith("paths ")


_Edges = Mapping[_Part, set[_Part]]
_PartsByPointer = Mapping[tuple[str, str], set[_Part]]
"""The parts in which a value of a file and a pointer is used: several share what a YAML alias or a path holds."""


def leave_out(document: Object, errors: list[Problem]) -> tuple[Object, list[LeftOut], list[Problem]]:
    """The document without what the errors concern; what that is, and the errors that concern no part of it."""
    by_pointer, references = _index(document)
    referring = _inverse(references)
    reasons: dict[_Part, Problem] = {}
    left_out: list[LeftOut] = []
    unplaced: list[Problem] = []
    for problem in errors:
        concerned = _closure(_parts_at(problem, by_pointer), referring)
        for part in concerned:
            reasons.setdefault(part, problem)
        if not concerned and _is_in_unread_part(document, problem):
            left_out.append(LeftOut(unescape(problem.source.pointer), problem.source, problem))
        elif not concerned:
            unplaced.append(problem)
    used = _closure((part for part in references if part.is_operation), references)
    roots = {part for part in references.keys() - reasons.keys() if part.is_operation or part not in used}
    unneeded = _closure(reasons, references) - _closure(roots, references)
    listed = sorted(part for part in reasons if part.is_operation or part not in used)  # others go with operations
    left_out = [*(_left_out(document, part, reasons[part]) for part in listed), *left_out]
    return _without(document, {*reasons, *unneeded}), left_out, unplaced


def _index(document: Object) -> tuple[_PartsByPointer, _Edges]:
    """Which parts use the value of each pointer, and to which parts each part refers."""
    by_pointer: dict[tuple[str, str], set[_Part]] = {}
    references: dict[_Part, set[_Part]] = {}
    for part, roots in _parts(document):
        references[part] = _security_schemes(roots[0], document) if part.is_operation else set()
        for value in _values_in(roots):
            by_pointer.setdefault((value.source.file, value.source.pointer), set()).add(part)
            if isinstance(value, Object) and isinstance(value.get("$ref"), str):
                references[part] |= _targets(value["$ref"])
    return by_pointer, references


def _parts_at(problem: Problem, by_pointer: _PartsByPointer) -> set[_Part]:
    """The parts that use the value in which a problem is, or the nearest one around it that is used."""
    pointer, last = problem.source.pointer, ""
    while pointer:
        parts = by_pointer.get((problem.source.file, pointer))
        if parts and last in METHODS and pointer.count("/") == 2 and pointer.startswith("/paths/"):
            return {_Part(next(iter(parts)).holder, last)}  # an operation that is not a mapping, so not in the document
        if parts:
            return parts
        pointer, _, last = pointer.rpartition("/")
    return set()


def _is_in_unread_part(document: Object, problem: Problem) -> bool:
    """Whether the problem is in a path or a component that could not be read, so is not in the document."""
    source = problem.source
    return source.file != document.source.file or source.pointer.startswith(_FIELDS_WITH_PARTS)


def _left_out(document: Object, part: _Part, problem: Problem) -> LeftOut:
    if not part.is_operation:
        section = document["components"][part.holder]
        return LeftOut(f"components/{part.holder}/{part.name}", section.where(part.name), problem)
    path = part.holder.removeprefix("paths ")
    return LeftOut(f"{part.name.upper()} {path}", document["paths"][path].where(part.name), problem)


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


def _parts(document: Object) -> Iterator[tuple[_Part, tuple[Any, ...]]]:
    """The parts of a document, and what each consists of: also what an operation shares with others of its path."""
    for path, item in _objects(document.get("paths")):
        shared = item.without(*METHODS)
        for method in METHODS:
            if isinstance(item.get(method), Object):
                yield _Part(f"paths {path}", method), (item[method], shared)
    for section, values in _objects(document.get("components")):
        for name, value in values.items() if section != "pathItems" else ():  # these are inlined in their paths
            yield _Part(section, name), (value,)


def _values_in(roots: Iterable[Any]) -> Iterator[Object | Array]:
    """All mappings and lists in `roots`, and these themselves."""
    waiting = [*roots]
    while waiting:
        value = waiting.pop()
        if isinstance(value, (Object, Array)):
            yield value
            waiting += value.values() if isinstance(value, Object) else value


def _security_schemes(operation: Object, document: Object) -> set[_Part]:
    security = operation.get("security", document.get("security"))
    alternatives = security if isinstance(security, Array) else ()
    return {
        _Part("securitySchemes", name) for schemes in alternatives if isinstance(schemes, Object) for name in schemes
    }


def _targets(reference: str) -> set[_Part]:
    """The part to which a reference leads, if it does."""
    keys = split(reference)
    if not reference.startswith(("#/components/", "#/paths/")) or len(keys) < 3:
        return set()
    return {_Part(f"paths {keys[1]}" if keys[0] == "paths" else keys[1], keys[2])}


def _objects(value: object) -> Iterator[tuple[str, Object]]:
    if isinstance(value, Object):
        yield from ((key, child) for key, child in value.items() if isinstance(child, Object))


def _inverse(edges: _Edges) -> dict[_Part, set[_Part]]:
    inverse: dict[_Part, set[_Part]] = {}
    for part, targets in edges.items():
        for target in targets:
            inverse.setdefault(target, set()).add(part)
    return inverse


def _closure(parts: Iterable[_Part], edges: _Edges) -> set[_Part]:
    """These parts, and all to which edges lead from them, however far."""
    reached, waiting = set[_Part](), [*parts]
    while waiting:
        part = waiting.pop()
        if part not in reached:
            reached.add(part)
            waiting += edges.get(part, ())
    return reached
