"""Parts of other files become components of the document. Their names do not depend on who refers to them first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

from ..document.problems import Source
from ..document.tree import Object, source_of
from .component_names import free_name, name_in_file, section_of, with_component
from .fields import SECTIONS
from .pointers import reference_to, value_at
from .references import Part, References

RepairPart = Callable[[Object, Any, str, Source], Any]
"""Repairs a value of a type, given the root of its file."""


def repair_parts(references: References, repair: RepairPart) -> None:
    """Repair all parts of other files that are referred to, and those that these refer to, however far."""
    while pending := [part for part in references.external if part not in references.parts]:
        for part in pending:
            root = references.read(part.path)
            value = value_at(root, part.tokens)
            if root is not None and value is not None:
                value = repair(root, value, part.type, source_of(value, root.source))
            references.parts[part] = value


def bundle(document: Object, references: References) -> Object:
    """The document with all parts of other files as components, and the references to them written anew."""
    names = _names(document, references)
    for part, name in names.items():
        section = SECTIONS[part.type]
        document = with_component(document, section, name, references.parts[part])
        for holder in references.external.get(part, ()):
            holder["$ref"] = reference_to(("components", section, name))
    return document


def _names(document: Object, references: References) -> dict[Part, str]:
    """The names of parts as components; those that lead nowhere are reported, and have none."""
    names = _component_names(document, references)
    wanted = {part: name_in_file(part.path, part.tokens) for part in references.external if part not in names}
    for part in sorted(wanted, key=lambda part: (part.type, str(part.path), part.tokens)):
        if references.parts[part] is None or part.type not in SECTIONS:
            for holder in references.external[part]:
                references.dangling(holder)
            continue
        taken = {name.lower() for name in section_of(document, SECTIONS[part.type])}
        taken |= {name.lower() for named, name in names.items() if named.type == part.type}
        names[part] = _name(part, wanted, taken)
    return names


def _component_names(document: Object, references: References) -> dict[Part, str]:
    """The names of parts that are components already, by a reference there or with their whole section."""
    referred = {id(holder): part for part, holders in references.external.items() for holder in holders}
    names: dict[Part, str] = {}
    for type_, section in SECTIONS.items():
        for name, value in section_of(document, section).items():
            part = referred.get(id(value)) or references.in_sections.get(id(value))
            if part and part.type == type_ and part not in names and references.parts.get(part) is not None:
                names[part] = name
    return names


def _name(part: Part, wanted: Mapping[Part, str], taken: Set[str]) -> str:
    """The name that a part wants, if it is free and no other part wants it; else a longer one."""
    name = wanted[part]
    rivals = [other for other in wanted if other.type == part.type and wanted[other].lower() == name.lower()]
    whole_files = [rival for rival in rivals if not rival.tokens]  # they have the best claim to their own names
    if name.lower() not in taken and (rivals == [part] or whole_files == [part]):
        return name
    return free_name(f"{part.path.stem if part.tokens else part.path.parent.name} {name}", taken)
