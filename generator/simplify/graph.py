"""What refers to what: cycles of names in general, and of components that contain each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..document.tree import Array, Object
from .schemas import component_name, is_class, is_reference

Edges = Mapping[str, Mapping[str, object]]
"""For every name the names to which it leads directly, in any order."""


def reachable(start: str, targets: Callable[[str], Iterable[str]]) -> list[str]:
    """The names to which one leads in any number of steps, without itself."""
    names: list[str] = []
    seen, waiting = {start}, [start]
    while waiting:
        for target in targets(waiting.pop()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
                names.append(target)
    return names


def cycles(edges: Edges) -> list[frozenset[str]]:
    """The strongly connected components that are cycles: several names, or one that leads to itself."""
    return [
        group for group in strongly_connected(edges) if len(group) > 1 or any(name in edges[name] for name in group)
    ]


def heights(edges: Edges) -> dict[str, int]:
    """How many strongly connected components are on the longest way from each name."""
    found: dict[str, int] = {}
    for group in strongly_connected(edges):
        below = [found[target] for name in group for target in edges[name] if target not in group]
        found |= dict.fromkeys(group, 1 + max(below, default=0))
    return found


def strongly_connected(edges: Edges) -> list[frozenset[str]]:
    """The strongly connected components: each after those to which it leads.

    The algorithm is Tarjan's ("Depth-first search and linear graph algorithms", 1972), without recursion, as a chain
    of references is as long as a document likes.
    """
    search = _Search(edges)
    for name in edges:
        if name not in search.number:
            search.visit(name)
    return search.groups


def references(schema: Any, schemas: Object) -> dict[str, bool]:
    """The components to which a schema refers, no class between, and whether one such reference is in a list or map."""
    names: dict[str, bool] = {}
    waiting: list[tuple[Any, bool]] = [(schema, False)]
    while waiting:
        schema, contained = waiting.pop()
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


def self_containing(schemas: Object) -> tuple[frozenset[str], frozenset[str]]:
    """The components that lead to themselves, no class between; and of them those that do so in a list or a map.

    The others are unions that only name themselves.
    """
    edges = {name: references(schema, schemas) for name, schema in schemas.items()}
    groups = cycles(edges)
    contained = [names for names in groups if any(edges[name].get(target) for name in names for target in names)]
    return frozenset().union(*groups), frozenset().union(*contained)


def every_nth_in_chains(schemas: Object, length: int) -> frozenset[str]:
    """Components at which chains of components that contain each other, no class between, can be cut into `length`."""
    steps = heights({name: references(schema, schemas) for name, schema in schemas.items()})
    return frozenset(name for name, height in steps.items() if height % length == 0)


class _Search:
    def __init__(self, edges: Edges) -> None:
        self.edges = edges
        self.groups: list[frozenset[str]] = []
        self.number: dict[str, int] = {}
        """The order in which names were entered."""
        self.lowest: dict[str, int] = {}
        """The lowest number on the stack to which a name leads."""
        self.stack: dict[str, None] = {}
        """Names that are entered, but in no group yet."""

    def visit(self, root: str) -> None:
        """Put all names to which a name leads into groups, and itself."""
        path = [(root, self.enter(root))]
        while path:
            name, targets = path[-1]
            target = next(targets, None)
            if target is None:
                path.pop()
                if path:
                    above = path[-1][0]
                    self.lowest[above] = min(self.lowest[above], self.lowest[name])
                if self.lowest[name] == self.number[name]:
                    self.close_group(name)
            elif target not in self.number:
                path.append((target, self.enter(target)))
            elif target in self.stack:
                self.lowest[name] = min(self.lowest[name], self.number[target])

    def enter(self, name: str) -> Iterator[str]:
        self.number[name] = self.lowest[name] = len(self.number)
        self.stack[name] = None
        return iter(self.edges[name])

    def close_group(self, name: str) -> None:
        group = [self.stack.popitem()[0]]
        while group[-1] != name:
            group.append(self.stack.popitem()[0])
        self.groups.append(frozenset(group))
