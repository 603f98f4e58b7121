"""What refers to what: cycles of names in general, and of components that contain each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..document.tree import Array, Object
from .schemas import component_name, is_class, is_reference

Edges = Mapping[str, Mapping[str, object]]
"""For every name the names to which it leads directly, in any order."""


def reachable(start: str, targets: Callable[[str], Iterable[str]]) -> list[str]:
    """The names to which `start` leads in any number of steps, without itself."""
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
    """The groups of names that lead to each other, and single names that lead to themselves."""
    groups = strongly_connected(edges)
    return [group for group in groups if len(group) > 1 or any(name in edges[name] for name in group)]


def heights(edges: Edges) -> dict[str, int]:
    """How many groups of names that lead to each other are on the longest way from each name."""
    result: dict[str, int] = {}
    for group in strongly_connected(edges):
        below = [result[target] for name in group for target in edges[name] if target not in group]
        result |= dict.fromkeys(group, 1 + max(below, default=0))
    return result


def strongly_connected(edges: Edges) -> list[frozenset[str]]:
    """All names in groups of those that lead to each other; a group stands after those to which it leads.

    These are the graph's strongly connected components, found by Tarjan's algorithm ("Depth-first search and linear
    graph algorithms", 1972): without recursion, as a chain of references is as long as a document likes.
    """
    search = _Search(edges)
    for name in edges:
        if name not in search.number:
            search.visit(name)
    return search.groups


def references(schema: Any, schemas: Object) -> dict[str, bool]:
    """The components to which a schema refers outside of classes, and whether a reference is inside a list or map."""
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
    """The components that lead to themselves by such references, and those of them that do so in a list or a map.

    The remaining ones are unions that only name themselves.
    """
    edges = {name: references(schema, schemas) for name, schema in schemas.items()}
    groups = cycles(edges)
    contained = [names for names in groups if any(edges[name].get(target) for name in names for target in names)]
    return frozenset().union(*groups), frozenset().union(*contained)


def every_nth_in_chains(schemas: Object, length: int) -> frozenset[str]:
    """Components at which chains of such references can be cut into pieces of some length."""
    steps = heights({name: references(schema, schemas) for name, schema in schemas.items()})
    return frozenset(name for name, height in steps.items() if height % length == 0)


class _Search:
    """The state of Tarjan's algorithm; `groups` are the result."""

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
        """Put a name, and all to which it leads, into groups."""
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
