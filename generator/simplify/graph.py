"""What refers to what: cycles of names in general, and of components that contain each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..document.tree import Array, Object
from ..steps import count_steps
from .schemas import component_name, is_class, is_reference

Edges = Mapping[str, Mapping[str, object]]
"""For every name the names to which it leads directly, in any order."""


def reachable(start: str, targets: Callable[[str], Iterable[str]]) -> list[str]:
    """The names to which `start` leads in any number of steps, without itself."""
    names: list[str] = []
    seen, waiting = {start}, [start]
    while waiting:
        for target in targets(waiting.pop()):
            count_steps(1)
            if target not in seen:
                seen.add(target)
                waiting.append(target)
                names.append(target)
    return names


def cycles(edges: Edges) -> list[frozenset[str]]:
    """The groups of names that lead to each other, and single names that lead to themselves."""
    groups = strongly_connected(edges)
    return [group for group in groups if len(group) > 1 or any(name in edges[name] for name in group)]


def strongly_connected(edges: Edges) -> list[frozenset[str]]:
    """All names in groups of those that lead to each other; a group stands after those to which it leads.

    These are the graph's strongly connected components, by Kosaraju's algorithm: without recursion, as a chain of
    references is as long as a document likes.
    """
    finished: list[str] = []  # in the order in which a depth-first search leaves them
    entered: set[str] = set()
    waiting = [(name, False) for name in edges]
    while waiting:
        name, is_finished = waiting.pop()
        if is_finished:
            finished.append(name)
        elif name not in entered:
            entered.add(name)
            waiting += [(name, True), *((target, False) for target in edges[name])]
    origins: dict[str, list[str]] = {name: [] for name in edges}
    for name, targets in edges.items():
        for target in targets:
            origins[target].append(name)
    groups: list[frozenset[str]] = []
    grouped: set[str] = set()
    for name in reversed(finished):
        if name not in grouped:
            group = frozenset([name, *reachable(name, lambda name: (o for o in origins[name] if o not in grouped))])
            groups.append(group)
            grouped.update(group)
    return groups[::-1]


def all_references(schemas: Object) -> dict[str, dict[str, bool]]:
    """The `references` of each component."""
    return {name: references(schema, schemas) for name, schema in schemas.items()}


def references(schema: Any, schemas: Object) -> dict[str, bool]:
    """The components to which a schema refers outside of classes, and whether a reference is inside a list or map."""
    names: dict[str, bool] = {}
    waiting: list[tuple[Any, bool]] = [(schema, False)]
    while waiting:
        schema, contained = waiting.pop()
        count_steps(1, schema)
        if is_reference(schema):
            name = component_name(schema["$ref"])
            if name in schemas:
                names[name] = names.get(name, False) or contained
        else:
            is_container = isinstance(schema, Object) and "anyOf" not in schema
            waiting += [(child, contained or is_container) for child in children(schema)]
    return names


def children(schema: Any) -> Iterator[Any]:
    """The schemas directly inside one that is not a class: members, items, values."""
    if isinstance(schema, Object) and not is_class(schema):
        members = schema.get("anyOf")
        yield from members if isinstance(members, Array) else ()
        yield from (schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), Object))


def self_containing(schemas: Object, *, in_containers: bool = False) -> frozenset[str]:
    """The components that lead to themselves by such references.

    `in_containers`: those that do so in a list or a map; the remaining ones are unions that only name themselves.
    """
    edges = all_references(schemas)
    groups = cycles(edges)
    if in_containers:
        groups = [names for names in groups if any(edges[name].get(target) for name in names for target in names)]
    return frozenset().union(*groups)


def every_nth_in_chains(schemas: Object, length: int) -> frozenset[str]:
    """Components at which chains of such references can be cut into pieces of some length."""
    edges = all_references(schemas)
    heights: dict[str, int] = {}  # how many groups are on the longest way from each name
    for group in strongly_connected(edges):
        below = [heights[target] for name in group for target in edges[name] if target not in group]
        heights |= dict.fromkeys(group, 1 + max(below, default=0))
    return frozenset(name for name, height in heights.items() if height % length == 0)
