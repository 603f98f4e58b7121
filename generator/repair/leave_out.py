"""A document without operations: without those that a problem concerns, or those that a user does not want.

A problem has a source. It concerns the operations and components that are written there, and all that refer to those;
components that nothing else needs are left out with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from ..document.lookup import possible_keys
from ..document.operations import METHODS
from ..document.pointer import find, split, unescape
from ..document.problems import LeftOut, Problem
from ..document.tree import Array, Object

_FIELDS_OF_OPERATIONS = ("paths", "webhooks")
_FIELDS_WITH_PARTS = ("/paths/", "/components/", "/definitions/", "/parameters/", "/responses/")
ROOT_FIELDS = frozenset(
    (
        *("openapi", "swagger", "info", "jsonSchemaDialect", "servers", *_FIELDS_OF_OPERATIONS, "components"),
        *("security", "tags", "externalDocs", "host", "basePath", "schemes", "consumes", "produces", "$self"),
    )
)
"""Fields of a document that say something of all its operations, or have parts of their own: in others, such as
`definitions`, `parameters` and `x-parts`, whatever they name is a part."""


class _Part(NamedTuple):
    """What can be left out: an operation, also of a webhook, or a component."""

    holder: str
    """"paths /things" for the methods of a path, "webhooks NAME" for those of a webhook, else the section of
    `components`, or "/FIELD" for another field of the document; "" for an anchor."""
    name: str
    """A method, or the name of a component."""

    @property
    def is_operation(self) -> bool:
        return self.holder.startswith(tuple(f"{field} " for field in _FIELDS_OF_OPERATIONS))

    @property
    def path(self) -> str:
        """The path of an operation; "" for a webhook's."""
        field, _, path = self.holder.partition(" ")
        return path if field == "paths" else ""


_Edges = Mapping[_Part, set[_Part]]
_PartsByPointer = Mapping[tuple[str, str], set[_Part]]
"""The parts in which a value of a file and a pointer is used: several share what a YAML alias or a path holds."""
IsChosen = Callable[[str, str, Object], bool]
"""Whether an operation stays, by its path, its method and its value; the path of a webhook is ""."""


class Remaining(NamedTuple):
    """What `keep_operations` leaves."""

    document: Object
    problems: list[Problem]
    """The problems, without those that concern only what was cut."""
    operations_cut: int
    webhooks_cut: int


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


def keep_operations(
    document: Object, is_chosen: IsChosen, problems: Iterable[Problem], *, keep_unused: bool
) -> Remaining:
    """The document without the operations that are not chosen, and without the components that only those need.

    Components that no operation needs at all stay if `keep_unused`. The document may be one as published, also of
    Swagger 2.0, where paths have their operations, and not references to them.
    """
    by_pointer, references = _index(document, has_path_items=True)
    references = _with_subtypes(document, references)
    operations = {part: value for part, (value, *_) in _parts(document) if part.is_operation}
    chosen = {part for part, value in operations.items() if is_chosen(part.path, part.name, value)}
    unwanted = operations.keys() - chosen
    unused = references.keys() - _closure(operations, references) if keep_unused else set[_Part]()
    needed = _closure({*chosen, *unused}, references)
    cut = unwanted | (references.keys() - needed)

    def is_cut(part: _Part) -> bool:
        return part in cut or (part not in references and not is_chosen(part.path, part.name, Object()))

    concerning = [problem for problem in problems if not _concerns_only(is_cut, problem, by_pointer)]
    rest = _without(document, cut)
    rest = _with_copies(rest, document, unwanted) if needed & unwanted else rest
    of_paths = sum(bool(part.path) for part in unwanted)
    return Remaining(_without_empty_items(rest), concerning, of_paths, len(unwanted) - of_paths)


def _concerns_only(is_cut: Callable[[_Part], bool], problem: Problem, by_pointer: _PartsByPointer) -> bool:
    """Whether all parts that a problem concerns are cut, those included that could not be read."""
    parts, keys = _parts_at(problem, by_pointer), split(problem.source.pointer)
    if not parts and keys[:1] == ("paths",) and len(keys) > 1:
        parts = {_Part(f"paths {keys[1]}", method) for method in METHODS}
    return bool(parts) and all(map(is_cut, parts))


def _index(document: Object, *, has_path_items: bool = False) -> tuple[_PartsByPointer, _Edges]:
    """Which parts use the value of each pointer, and to which parts each part refers.

    With `has_path_items`, path items under `components`, to which callbacks refer, are parts, and so is what fields of
    the document beside `ROOT_FIELDS` name; what the operations of a path share is a part of each.
    """
    by_pointer: dict[tuple[str, str], set[_Part]] = {}
    references: dict[_Part, set[_Part]] = {}
    for part, roots in _parts(document, has_path_items=has_path_items):
        references[part] = _security_schemes(roots[0], document) if part.path else set()
        for value in _values_in(roots):
            by_pointer.setdefault((value.source.file, value.source.pointer), set()).add(part)
            if isinstance(value, Object) and isinstance(value.get("$ref"), str):
                references[part] |= _targets(value["$ref"], has_path_items=has_path_items)
            if isinstance(value, Object) and isinstance(value.get("$anchor"), str):
                references.setdefault(_Part("", value["$anchor"]), set()).add(part)
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
    field, _, name = part.holder.partition(" ")
    what = f"{part.name.upper()} {name}" if part.path else f"the webhook {name}"
    return LeftOut(what, document[field][name].where(part.name), problem)


def _without(document: Object, parts: set[_Part]) -> Object:
    names: dict[str, list[str]] = {}
    for part in parts:
        names.setdefault(part.holder, []).append(part.name)
    for field, prefix in (*((field, f"{field} ") for field in _FIELDS_OF_OPERATIONS), ("components", "")):
        holders = document.get(field)
        if isinstance(holders, Object):
            smaller = {key: holder.without(*names.get(f"{prefix}{key}", ())) for key, holder in _objects(holders)}
            document = document.replacing(field, holders.derive({**holders, **smaller}))
    for field, holder in _objects(document):
        document = document.replacing(field, holder.without(*names.get(f"/{field}", ())))
    return document


def _without_empty_items(document: Object) -> Object:
    """The document without paths and webhooks that have no operation."""
    for field in _FIELDS_OF_OPERATIONS:
        items = document.get(field)
        if isinstance(items, Object):
            full = items.changed((name, item) for name, item in _objects(items) if not {*METHODS}.isdisjoint(item))
            document = document.replacing(field, full)
    return document


def _with_subtypes(document: Object, references: _Edges) -> dict[_Part, set[_Part]]:
    """The references, and those of discriminators, by which a schema needs those in the mapping, and all subtypes."""
    result = {part: {*targets} for part, targets in references.items()}
    subtypes: dict[_Part, set[_Part]] = {}
    with_discriminator = set[_Part]()
    for part, roots in _parts(document, has_path_items=True):
        for value in _values_in(roots):
            discriminator = value.get("discriminator") if isinstance(value, Object) else None
            if isinstance(discriminator, (Object, str)):  # in Swagger 2.0 the name of a property
                with_discriminator.add(part)
            if isinstance(discriminator, Object):
                mapping = discriminator.get("mapping")
                names = mapping.values() if isinstance(mapping, Object) else ()
                result[part] |= {target for name in names if isinstance(name, str) for target in _mapped(name)}
        parents = roots[0].get("allOf") if isinstance(roots[0], Object) else None
        for parent in parents if isinstance(parents, Array) else ():
            if isinstance(parent, Object) and isinstance(parent.get("$ref"), str):
                for target in _targets(parent["$ref"], has_path_items=True):
                    subtypes.setdefault(target, set()).add(part)
    for part in with_discriminator:
        result[part] |= _closure({part}, subtypes)
    return result


def _with_copies(value: Any, document: Object, cut: Set[_Part]) -> Any:
    """A value with copies in place of references to what stands in operations that are cut."""
    if isinstance(value, Array):
        return value.changed(_with_copies(item, document, cut) for item in value)
    if not isinstance(value, Object):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str) and not cut.isdisjoint(_targets(reference, has_path_items=True)):
        keys, target = _dereferenced(reference, document)
        if len(keys) == 2 and isinstance(target, Object):  # a path, whose operations a callback sends
            sent = ((key, child.without("callbacks")) for key, child in _objects(target) if key in METHODS)
            target = target.changed({**target, **dict(sent)}.items())  # a callback has no callbacks, and may be its own
        return value if target is None else _with_copies(target, document, cut)
    return value.changed((key, _with_copies(child, document, cut)) for key, child in value.items())


def _dereferenced(reference: str, document: Object) -> tuple[tuple[str, ...], Any]:
    """The keys and the value to which a reference into the document leads; None where it leads nowhere."""
    targets = ((keys, find(document, keys)) for keys in possible_keys(reference[1:], {}))
    return next(((keys, target) for keys, target in targets if target is not None), ((), None))


def _parts(document: Object, *, has_path_items: bool = False) -> Iterator[tuple[_Part, tuple[Any, ...]]]:
    """The parts of a document, and what each consists of: also what an operation shares with others of its path."""
    for field in _FIELDS_OF_OPERATIONS:
        for name, item in _objects(document.get(field)):
            shared = item.without(*METHODS)
            for method in METHODS:
                if isinstance(item.get(method), Object):
                    yield _Part(f"{field} {name}", method), (item[method], shared)
    for section, values in _objects(document.get("components")):
        # Path items are inlined in their paths: only callbacks still refer to them.
        for name, value in values.items() if section != "pathItems" or has_path_items else ():
            yield _Part(section, name), (value,)
    for field, values in _objects(document) if has_path_items else ():
        for name, value in values.items() if field not in ROOT_FIELDS else ():
            yield _Part(f"/{field}", name), (value,)


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
    names = {name for schemes in alternatives if isinstance(schemes, Object) for name in schemes}
    return {_Part(holder, name) for holder in ("securitySchemes", "/securityDefinitions") for name in names}


def _targets(reference: str, *, has_path_items: bool = False) -> set[_Part]:
    """The parts to which a reference leads, if it does: all operations of a path, where it leads to the whole path.

    With `has_path_items` also where it leads to what these share, to fields beside `ROOT_FIELDS`, or to an anchor.
    """
    if not reference.startswith("#/"):
        return {_Part("", reference[1:])} if has_path_items and reference.startswith("#") else set()
    return {part for keys in possible_keys(reference[1:], {}) for part in _parts_of(keys, has_path_items)}


def _parts_of(keys: tuple[str, ...], has_path_items: bool) -> set[_Part]:
    field, name, *rest = [*keys, "", ""]
    if field == "components":
        return {_Part(name, rest[0])}
    if field in _FIELDS_OF_OPERATIONS and name:
        is_of_all = not rest[0] or (has_path_items and rest[0] not in METHODS)
        return {_Part(f"{field} {name}", method) for method in (METHODS if is_of_all else rest[:1])}
    return {_Part(f"/{field}", name)} if has_path_items and name and field not in ROOT_FIELDS else set()


def _mapped(name: str) -> set[_Part]:
    """The schemas that a value of a discriminator's mapping may mean: a reference, or a schema's name."""
    if "/" in name or name.startswith("#"):
        return _targets(name, has_path_items=True)
    return {_Part("schemas", name)}


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
