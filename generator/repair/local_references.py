"""References inside the document: mistakes in them are repaired, and schemas in odd places become components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..document.pointer import split
from ..document.tree import Array, Object
from .component_names import free_name, name_for_schema, section_of, with_component
from .fields import SCHEMA
from .pointers import Tokens, anchors, reach, reference_to, tokens_of
from .references import References


def repair_local_references(document: Object, references: References) -> Object:
    """The document in which every reference to a schema leads to a component."""
    by_anchor = any(holder["$ref"][:1] == "#" and holder["$ref"][1:2] != "/" for holder, _ in references.local)
    known = dict(anchors(document)) if by_anchor else {}
    unnamed: dict[Tokens, list[Object]] = {}
    for holder, type_ in references.local:
        tokens = _target(document, holder, type_, known, references)
        # Whatever is not a schema is put in place of the reference later on.
        if tokens is not None and type_ == SCHEMA and not _is_component(document, tokens):
            unnamed.setdefault(tokens, []).append(holder)
    taken = {name.lower() for name in section_of(document, "schemas")}
    for tokens in sorted(unnamed):
        document = _name_schema(document, tokens, unnamed[tokens], taken, references)
    return document


def _target(
    document: Object, holder: Object, type_: str, known: Mapping[str, Tokens], references: References
) -> Tokens | None:
    """Where in the document a reference leads, which is written anew where it has a mistake; None: nowhere."""
    reference = holder["$ref"]
    if not reference:
        return None  # reported before
    if not reference.startswith("#"):
        if references.read_as_name(holder, document):
            return "components", "schemas", reference
        references.outside(holder, f"{reference} is outside this document")
        return None
    for spelling in dict.fromkeys((reference, reference.strip())):
        for tokens in _meanings(spelling[1:], holder, known, type_):
            if reach(document, tokens) is not None:
                _rewrite(holder, tokens, references)
                return tokens
    references.dangling(holder)
    return None


def _rewrite(holder: Object, tokens: Tokens, references: References) -> None:
    reference, proper = holder["$ref"], reference_to(tokens)
    # Percent-encoding (RFC 6901, section 6) and anchors are not mistakes.
    if reference != proper and reference.startswith("#/") and tokens_of(reference[1:]) != tokens:
        message = f"$ref: {reference!r} is read as {proper}"
        references.problems.warning("mended", holder.where("$ref"), message)
    holder["$ref"] = proper


def _meanings(fragment: str, holder: Object, known: Mapping[str, Tokens], type_: str) -> Iterator[Tokens]:
    """What a reference may mean, the likeliest first: as written, decoded, then by what authors mean by it."""
    tokens = tokens_of(fragment)
    if fragment.startswith("/"):
        yield split(fragment)
        yield tokens
    elif fragment in known:
        yield known[fragment]
    if "/" in fragment and not fragment.startswith("/"):  # `#components/schemas/Pet`
        yield tokens_of(f"/{fragment}")
    if type_ == SCHEMA and len(tokens) == 2 and tokens[0] in ("definitions", "$defs"):
        here = split(holder.source.pointer)
        for end in range(len(here), 0, -1):
            yield (*here[:end], *tokens)
        yield ("components", "schemas", tokens[1])


def _is_component(document: Object, tokens: Tokens) -> bool:
    return len(tokens) == 3 and tokens[:2] == ("components", "schemas") and tokens[2] in section_of(document, "schemas")


def _name_schema(
    document: Object, tokens: Tokens, holders: list[Object], taken: set[str], references: References
) -> Object:
    """The document with the schema at `tokens` as a component, and references to it, also in its old place."""
    reached = reach(document, tokens)
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
        name = free_name(name_for_schema(document, tokens), taken)
        taken.add(name.lower())
        document = with_component(document, "schemas", name, schema)
        parent[int(key) if isinstance(parent, Array) else key] = Object(
            {"$ref": reference_to(("components", "schemas", name))}, schema.source
        )
    for holder in holders:
        holder["$ref"] = reference_to(("components", "schemas", name))
    return document
