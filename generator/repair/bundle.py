"""Rewriting references: parts of other files become components, and so do schemas elsewhere in the document.

The names of these components do not depend on which reference comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any

from ..document.pointer import find, reference_to, split, split_fragment, step
from ..document.problems import Source
from ..document.tree import Array, Object, source_of
from .components import free_name, name_for_schema, name_in_file, section_of, with_component
from .fields import SCHEMA, SECTIONS
from .references import Keys, Part, References

RepairPart = Callable[[Object, Any, str, Source], Any]
"""Repairs a value of a type, given the root of its file."""


def repair_parts(references: References, repair: RepairPart) -> None:
    """Repair all parts of other files that are referred to, and those that these refer to, however far."""
    while pending := [part for part in references.external if part not in references.parts]:
        for part in pending:
            root = references.read(part.path)
            value = find(root, part.keys)
            if root is not None and value is not None:
                value = repair(root, value, part.type, source_of(value, root.source))
            references.parts[part] = value


def bundle(document: Object, references: References) -> Object:
    """The document with all parts of other files as components, and with references to those."""
    names = _part_names(document, references)
    for part, name in names.items():
        section = SECTIONS[part.type]
        document = with_component(document, section, name, references.parts[part])
        for holder in references.external.get(part, ()):
            holder["$ref"] = reference_to("components", section, name)
    return document


def _part_names(document: Object, references: References) -> dict[Part, str]:
    """The names of parts as components; those that lead nowhere are reported, and have none."""
    names = _names_in_sections(document, references)
    wanted = {part: name_in_file(part.path, part.keys) for part in references.external if part not in names}
    for part in sorted(wanted, key=lambda part: (part.type, str(part.path), part.keys)):
        if references.parts[part] is None or part.type not in SECTIONS:
            for holder in references.external[part]:
                references.dangling(holder)
            continue
        used = {name.lower() for name in section_of(document, SECTIONS[part.type])}
        used |= {name.lower() for named, name in names.items() if named.type == part.type}
        names[part] = _part_name(part, wanted, used)
    return names


def _names_in_sections(document: Object, references: References) -> dict[Part, str]:
    """The names of parts that are components already, by a reference there or with their whole section."""
    referred = {id(holder): part for part, holders in references.external.items() for holder in holders}
    names: dict[Part, str] = {}
    for type_, section in SECTIONS.items():
        for name, value in section_of(document, section).items():
            part = referred.get(id(value)) or references.in_sections.get(id(value))
            if part and part.type == type_ and part not in names and references.parts.get(part) is not None:
                names[part] = name
    return names


def _part_name(part: Part, wanted: Mapping[Part, str], used: Set[str]) -> str:
    """The name that a part wants, if it is free and no other part wants it; else a longer one."""
    name = wanted[part]
    rivals = [rival for rival in wanted if rival.type == part.type and wanted[rival].lower() == name.lower()]
    whole_files = [rival for rival in rivals if not rival.keys]  # they have the best claim to their own names
    if name.lower() not in used and (rivals == [part] or whole_files == [part]):
        return name
    return free_name(f"{part.path.stem if part.keys else part.path.parent.name} {name}", used)


def repair_local_references(document: Object, references: References) -> Object:
    """The document in which every reference to a schema leads to a component."""
    uses_anchors = any(holder["$ref"][:1] == "#" and holder["$ref"][1:2] != "/" for holder, _ in references.local)
    anchors = dict(_anchors(document)) if uses_anchors else {}
    unnamed: dict[Keys, list[Object]] = {}
    for holder, type_ in references.local:
        keys = _target(document, holder, type_, anchors, references)
        # Other references are replaced by their targets later on.
        if keys is not None and type_ == SCHEMA and not _is_component(document, keys):
            unnamed.setdefault(keys, []).append(holder)
    used = {name.lower() for name in section_of(document, "schemas")}
    for keys in sorted(unnamed):
        document = _name_schema(document, keys, unnamed[keys], used, references)
    return document


def _target(
    document: Object, holder: Object, type_: str, anchors: Mapping[str, Keys], references: References
) -> Keys | None:
    """The keys to which a reference leads, whose mistakes are repaired; None where it leads nowhere: an error."""
    reference = holder["$ref"]
    if not reference:
        return None  # reported before
    for spelling in dict.fromkeys((reference, reference.strip())):
        for keys in _meanings(spelling[1:], holder, anchors, type_):
            if _reach(document, keys) is not None:
                _rewrite(holder, keys, references)
                return keys
    references.dangling(holder)
    return None


def _rewrite(holder: Object, keys: Keys, references: References) -> None:
    reference, proper = holder["$ref"], reference_to(*keys)
    # Percent-encoding (RFC 6901, section 6) and anchors are not mistakes.
    if reference != proper and reference.startswith("#/") and split_fragment(reference[1:]) != keys:
        message = f"$ref: {reference!r} is read as {proper}"
        references.problems.warning("mended", holder.where("$ref"), message)
    holder["$ref"] = proper


def _meanings(fragment: str, holder: Object, anchors: Mapping[str, Keys], type_: str) -> Iterator[Keys]:
    """What a reference may mean, the likeliest first: as written, decoded, then by what authors mean by it."""
    keys = split_fragment(fragment)
    if fragment.startswith("/"):
        yield split(fragment)
        yield keys
    elif fragment in anchors:
        yield anchors[fragment]
    if "/" in fragment and not fragment.startswith("/"):  # `#components/schemas/Pet`
        yield split_fragment(f"/{fragment}")
    if type_ == SCHEMA and len(keys) == 2 and keys[0] in ("definitions", "$defs"):
        here = split(holder.source.pointer)
        for end in range(len(here), 0, -1):
            yield (*here[:end], *keys)
        yield ("components", "schemas", keys[1])


def _is_component(document: Object, keys: Keys) -> bool:
    return len(keys) == 3 and keys[:2] == ("components", "schemas") and keys[2] in section_of(document, "schemas")


def _name_schema(document: Object, keys: Keys, holders: list[Object], used: set[str], references: References) -> Object:
    """The document with the schema at `keys` as a component; a reference to it replaces it."""
    reached = _reach(document, keys)
    assert reached is not None
    parent, key, schema = reached
    if not isinstance(schema, Object):
        for holder in holders:
            message = f"{holder['$ref']} is not a schema"
            references.problems.error("dangling-reference", holder.where("$ref"), message)
            holder["$ref"] = ""
        return document
    name = key
    if parent is not section_of(document, "schemas"):
        name = free_name(name_for_schema(document, keys), used)
        used.add(name.lower())
        document = with_component(document, "schemas", name, schema)
        parent[int(key) if isinstance(parent, Array) else key] = Object(
            {"$ref": reference_to("components", "schemas", name)}, schema.source
        )
    for holder in holders:
        holder["$ref"] = reference_to("components", "schemas", name)
    return document


def _reach(document: Object, keys: Keys) -> tuple[Any, str, Any] | None:
    """The parent of the value at `keys`, its key there, and the value; references on the way are followed."""
    parent: Any = None
    value: Any = document
    for key in keys:
        parent = _with_key(document, value, key)
        try:
            value = step(parent, key)
        except LookupError:
            return None
    return (parent, keys[-1], value) if keys else None


def _with_key(document: Object, value: Any, key: str) -> Any:
    """The value, or what its reference leads to if it does not have the key itself."""
    for _ in range(20):
        ref = value.get("$ref") if isinstance(value, Object) and key not in value else None
        if not isinstance(ref, str) or not ref.startswith("#/"):
            break
        value = find(document, split_fragment(ref[1:]))
    return value


def _anchors(value: object, keys: Keys = ()) -> Iterable[tuple[str, Keys]]:
    """The anchors of JSON Schema 2020-12 (section 8.2.2) in a document, and their keys."""
    if isinstance(value, Object):
        if isinstance(value.get("$anchor"), str):
            yield value["$anchor"], keys
        for key, child in value.items():
            yield from _anchors(child, (*keys, key))
    elif isinstance(value, Array):
        for index, child in enumerate(value):
            yield from _anchors(child, (*keys, str(index)))
