"""Properties whose words tell which member of an alias an object is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ._types import aliased, fields, flat, is_alias, is_struct, kinds, members, words


def discriminators(alias: Any, seen: set[Any]) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """The discriminator of an alias, and those of the aliases among its members."""
    seen.add(alias)
    if alias.discriminator:
        module = sys.modules[alias.__module__]
        yield alias.discriminator, {word: getattr(module, name) for word, name in alias.words.items()}
    for member in members(aliased(alias)):
        if is_alias(member) and member not in seen:
            yield from discriminators(member, seen)


def constants(types: Iterable[Any]) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """The best property whose documented words tell the Structs apart, with the Struct of each word."""
    structs = [member for member in types if is_struct(member)]
    found: dict[str, list[tuple[Any, bool, frozenset[Any]]]] = {}
    for struct in structs:
        for field in fields(struct):
            alternatives = flat(field.type)
            documented = frozenset[Any]().union(*map(words, alternatives))
            free = any(not words(member) and kinds(member) & {str, int} for member in alternatives)
            found.setdefault(field.wire, []).append((struct, field.required, frozenset() if free else documented))
    usable: list[tuple[int, int, int, str, dict[Any, Any]]] = []
    for wire, declared in found.items():
        table = {word: struct for struct, _, documented in declared for word in documented}
        distinct = len(table) == sum(len(documented) for _, _, documented in declared)
        if distinct and len(declared) > 1 and all(documented for _, _, documented in declared):
            optional = sum(not required for _, required, _ in declared)
            usable.append((optional, -len(declared), len(table), wire, table))
    if usable:
        *_, wire, table = min(usable, key=lambda item: item[:4])
        yield wire, table
