"""Rewriting references: parts of other files become components, and so do schemas elsewhere in the document.

The names of these components do not depend on which reference comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import PurePosixPath
from typing import Any

from ..document.lookup import MAX_CHAIN, Address, Keys, anchors_in, possible_keys
from ..document.operations import METHODS
from ..document.pointer import find, reference_to, split, split_fragment, step
from ..document.problems import Source
from ..document.schemas import with_origin
from ..document.tree import Array, Object, source_of
from .fields import INSTEAD, SCHEMA, SECTIONS, in_words, shape_at
from .references import Part, References, section_of

RepairPart = Callable[[Any, str, Source], Any]
"""Repairs a value of a type."""
_STRUCTURE = {"components", "paths", "content", "schema", "properties", "allOf", "anyOf", "oneOf", "$defs"}
_STRUCTURE |= {"definitions", "responses", "schemas", "parameters", "requestBodies", "headers", "patternProperties"}
_STRUCTURE |= {"pathItems", "callbacks"}
_WITH_SCHEMA = ("parameter", "header", "requestBody", "response", "media")
"""Types of object that have a schema, or media types with schemas."""
_Holders = Mapping[Part, list[Object]]
_LocalReferences = list[tuple[Object, str]]
"""References to what the document has, and the types of object that they stand for."""


def bundle(document: Object, references: References, repair: RepairPart) -> Object:
    """The document with all parts of other files as components, in which every reference to a schema leads to one."""
    holders: dict[Part, list[Object]] = {}
    parts: dict[Part, Any] = {}
    local: _LocalReferences = []
    while references.recorded:  # parts refer to other parts, however far
        recorded = [*references.recorded]
        references.recorded.clear()
        for holder, type_ in recorded:
            part = references.part_at(holder, type_)
            if part is None:
                local.append((holder, type_))
            else:
                holders.setdefault(part, []).append(holder)
        for part in [part for part in holders if part not in parts]:
            target = references.lookup.target_at(Address(part.path, part.keys))
            value = target and target.value
            parts[part] = repair(value, part.type, source_of(value, document.source))
    inner = _inner_parts(parts)
    local += ((holder, part.type) for part in inner for holder in holders[part])
    document = _with_parts(document, parts, inner, holders, references)
    document = _repair_local_references(document, local, references)
    for mapping, key, holder in references.mapping_values:
        mapping[key] = holder["$ref"]
    return document


def _inner_parts(parts: Mapping[Part, Any]) -> dict[Part, tuple[Part, Keys]]:
    """The parts that stand inside of other ones: for each the outermost of these, and its keys there.

    What stands there as a definition only is not one of them.
    """
    by_address: dict[Address, list[Part]] = {}
    for part in parts:
        by_address.setdefault(Address(part.path, part.keys), []).append(part)
    inner: dict[Part, tuple[Part, Keys]] = {}
    for part in parts:
        for length in range(len(part.keys)):
            keys = part.keys[length:]
            for outer in by_address.get(Address(part.path, part.keys[:length]), ()):
                if shape_at(keys, outer.type) == part.type and {"$defs", "definitions"}.isdisjoint(keys):
                    inner.setdefault(part, (outer, keys))
    return {part: (outer, keys) for part, (outer, keys) in inner.items() if find(parts[outer], keys) is not None}


def _with_parts(
    document: Object,
    parts: Mapping[Part, Any],
    inner: Mapping[Part, tuple[Part, Keys]],
    holders: _Holders,
    references: References,
) -> Object:
    """The document with all parts as components, and with references to those, and to the parts inside of them."""
    outer_holders = {part: of_part for part, of_part in holders.items() if part not in inner}
    places: dict[Part, Keys] = {}
    for part, name in _part_names(document, outer_holders, references).items():
        places[part] = ("components", SECTIONS[part.type], name)
        document = _with_component(document, SECTIONS[part.type], name, parts[part])
    places |= {part: (*places[outer], *keys) for part, (outer, keys) in inner.items()}
    for part, of_part in holders.items():
        for holder in of_part:
            holder["$ref"] = reference_to(*places[part])
    return document


def _part_names(document: Object, holders: _Holders, references: References) -> dict[Part, str]:
    """The names of parts as components."""
    names = _names_in_sections(document, holders)
    files = {part: references.lookup.name_of_file(part.path) for part in holders}
    wanted = {part: _wanted_name(document, part, files[part]) for part in holders if part not in names}
    for part in sorted(wanted, key=lambda part: (part.type, files[part], part.keys)):
        used = {name.lower() for name in section_of(document, SECTIONS[part.type])}
        used |= {name.lower() for named, name in names.items() if named.type == part.type}
        names[part] = _part_name(part, wanted, files, used)
    return names


def _names_in_sections(document: Object, holders: _Holders) -> dict[Part, str]:
    """The names of parts that are components already, by a reference there."""
    referred = {id(holder): part for part, of_part in holders.items() for holder in of_part}
    names: dict[Part, str] = {}
    for type_, section in SECTIONS.items():
        for name, value in section_of(document, section).items():
            part = referred.get(id(value))
            if part and part.type == type_ and part not in names and [*value] == ["$ref"]:
                names[part] = name
    return names


def _wanted_name(document: Object, part: Part, file: str) -> str:
    if part.path is None and part.type == SCHEMA:
        return _name_for_schema(document, part.keys)
    return _name_in_file(PurePosixPath(file), part.keys)


def _part_name(part: Part, wanted: Mapping[Part, str], files: Mapping[Part, str], used: Set[str]) -> str:
    """The name that a part wants, if it is free and no other part wants it; else one with folders before it."""
    name = wanted[part]
    rivals = [rival for rival in wanted if rival.type == part.type and wanted[rival].lower() == name.lower()]
    whole_files = [rival for rival in rivals if not rival.keys]  # they have the best claim to their own names
    if name.lower() not in used and (rivals == [part] or whole_files == [part]):
        return name
    for count in range(1, len(_folders_around(part, files[part])) + 1):
        longer = [" ".join(_folders_around(rival, files[rival])[-count:]).lower() for rival in rivals]
        own = " ".join(_folders_around(part, files[part])[-count:])
        if longer.count(own.lower()) == 1:
            break
    else:
        own = " ".join(_folders_around(part, files[part])[-1:])
    return _free_name(f"{own} {name}".strip(), used)


def _folders_around(part: Part, file: str) -> list[str]:
    """The names of the folders around a part, from the document's folder on, and of its file if it is not all of it."""
    path = PurePosixPath(file)
    folders = [folder for folder in path.parent.parts if folder != ".."]
    return [*folders, path.stem] if part.keys else folders


def _repair_local_references(document: Object, local: _LocalReferences, references: References) -> Object:
    """The document in which every reference to a schema leads to a component."""
    uses_anchors = any(holder["$ref"][:1] == "#" and holder["$ref"][1:2] != "/" for holder, _ in local)
    anchors = dict(anchors_in(document)) if uses_anchors else {}
    unnamed: dict[Keys, list[Object]] = {}
    for holder, type_ in local:
        keys = _repair_reference(document, holder, type_, anchors, references)
        if keys is not None and type_ == SCHEMA:  # other references are replaced by their targets later on
            keys = _keys_of_schema(document, keys, holder, references)
            if keys is not None and not _is_component(document, keys):
                unnamed.setdefault(keys, []).append(holder)
    used = {name.lower() for name in section_of(document, "schemas")}
    for keys in sorted(unnamed):
        document = _name_schema(document, keys, unnamed[keys], used, references)
    return document


def _repair_reference(
    document: Object, holder: Object, type_: str, anchors: Mapping[str, Keys], references: References
) -> Keys | None:
    """Rewrite a reference to lead where it is meant to; return the keys there, None for nowhere, which is reported."""
    reference = holder["$ref"]
    if not reference:
        return None  # reported before
    for spelling in dict.fromkeys((reference, reference.strip())):
        for keys in (*possible_keys(spelling[1:], anchors), *_keys_of_definition(spelling[1:], holder, type_)):
            if _reach(document, keys) is not None:
                _rewrite(holder, keys, references)
                return keys
    references.report_dangling(holder, INSTEAD.get(type_, ""))
    return None


def _keys_of_definition(fragment: str, holder: Object, type_: str) -> Iterator[Keys]:
    """The keys that a reference to one of `definitions` may mean: around the reference, or in `components`."""
    keys = split_fragment(fragment)
    if type_ == SCHEMA and len(keys) == 2 and keys[0] in ("definitions", "$defs"):
        here = split(holder.source.pointer)
        for end in range(len(here), 0, -1):
            yield (*here[:end], *keys)
        yield ("components", "schemas", keys[1])


def _keys_of_schema(document: Object, keys: Keys, holder: Object, references: References) -> Keys | None:
    """The keys of the schema that a reference means: of a parameter or the like at `keys`, which is a mistake, those of
    the schema in it. None where it has no schema, which is reported."""
    shape = shape_at(keys)
    if shape is None or shape == SCHEMA:
        return keys
    if isinstance(shape, str) and shape in _WITH_SCHEMA:
        for keys_of_schema in _schemas_in(document, keys):
            message = f"{holder['$ref']} is {in_words(shape)}; read as the schema in it"
            references.problems.warning("mended", holder.where("$ref"), message)
            return keys_of_schema
    references.report_dangling(holder, INSTEAD[SCHEMA], f"{holder['$ref']} is not a schema")
    return None


def _schemas_in(document: Object, keys: Keys) -> Iterator[Keys]:
    """The keys of the schemas of a parameter, header, body or response: of its value, or of its media types."""
    if _reach(document, (*keys, "schema")) is not None:
        yield (*keys, "schema")
    content = _reach(document, (*keys, "content"))
    for media_type in content[2] if content is not None and isinstance(content[2], Object) else ():
        yield from _schemas_in(document, (*keys, "content", media_type))


def _rewrite(holder: Object, keys: Keys, references: References) -> None:
    reference, proper = holder["$ref"], reference_to(*keys)
    # Percent-encoding (RFC 6901, section 6) and anchors are not mistakes.
    if reference != proper and reference.startswith("#/") and split_fragment(reference[1:]) != keys:
        message = f"$ref: {reference!r} is read as {proper}"
        references.problems.warning("mended", holder.where("$ref"), message)
    holder["$ref"] = proper


def _is_component(document: Object, keys: Keys) -> bool:
    return len(keys) == 3 and keys[:2] == ("components", "schemas") and keys[2] in section_of(document, "schemas")


def _name_schema(document: Object, keys: Keys, holders: list[Object], used: set[str], references: References) -> Object:
    """The document with the schema at `keys` as a component; a reference to it replaces it."""
    reached = _reach(document, keys)
    assert reached is not None
    parent, key, schema = reached
    if not isinstance(schema, Object):
        for holder in holders:
            references.report_dangling(holder, INSTEAD[SCHEMA], f"{holder['$ref']} is not a schema")
        return document
    name = key
    if parent is not section_of(document, "schemas"):
        name = _free_name(_name_for_schema(document, keys), used)
        used.add(name.lower())
        document = _with_component(document, "schemas", name, schema)
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
    for _ in range(MAX_CHAIN):
        ref = value.get("$ref") if isinstance(value, Object) and key not in value else None
        if not isinstance(ref, str) or not ref.startswith("#/"):
            break
        value = find(document, split_fragment(ref[1:]))
    return value


def _with_component(document: Object, section: str, name: str, value: Any) -> Object:
    """The document with one more component. A section that is there already is changed in place."""
    components = document.get("components")
    if not isinstance(components, Object):
        components = Object(source=document.source)
        document = document.derive({**document.without("components"), "components": components})
    if not isinstance(components.get(section), Object):
        components[section] = Object(source=components.source)
    components[section][name] = value
    return document


# Names


def _name_in_file(path: PurePosixPath, keys: Keys) -> str:
    """A name for a value of another file: its own, or the file's when it is all of it."""
    if len(keys) > 1 and keys[-2] in ("schemas", "definitions", "$defs", *SECTIONS.values()):
        return keys[-1]
    words = " ".join(token for token in keys if token not in _STRUCTURE)
    return words or path.stem.partition(".")[0] or path.stem


def with_origin_in_file(value: Any, type_: str) -> Any:
    """What replaces a reference to a parameter or response of another file, with the position of a component that has
    its name there."""
    if type_ not in ("parameter", "response") or not isinstance(value, Object):
        return value
    name = _name_in_file(PurePosixPath(value.source.file), split(value.source.pointer))
    return with_origin(value, "components", SECTIONS[type_], name)


def _name_for_schema(document: Object, keys: Keys) -> str:
    """A name for the schema at `keys`: that of an inline schema, where the keys allow it."""
    words, keys = _operation_words(document, keys)
    if len(keys) > 1 and keys[0] == "responses":
        words.append("Response" if keys[1].startswith("2") else f"Response {keys[1]}")
        keys = keys[2:]
    elif keys[:1] == ("requestBody",):
        words.append("Body")
        keys = keys[1:]
    previous = ""
    for token in keys:
        if token == "items":
            words.append("Item")
        elif token == "additionalProperties":
            words.append("Value")
        elif previous != "content" and (token not in _STRUCTURE or previous == "properties"):
            words.append(token)
        if previous == "responses" and token not in METHODS:
            words.append("Response")
        previous = token
    return " ".join(words) or "Schema"


def _operation_words(document: Object, keys: Keys) -> tuple[list[str], Keys]:
    """The name of the operation around a schema, if there is one, and the keys that follow."""
    if len(keys) < 3 or keys[0] != "paths" or keys[2] not in METHODS:
        return [], keys
    operation = find(document, keys[:3])
    name = operation.get("operationId") if isinstance(operation, Object) else None
    return [name if isinstance(name, str) and name.strip() else f"{keys[2]} {keys[1]}"], keys[3:]


def _free_name(name: str, used: Set[str]) -> str:
    """The name, or the name with the next free number; `used` are names in lower case."""
    free, number = name, 1
    while free.lower() in used:
        number += 1
        free = f"{name} {number}"
    return free
