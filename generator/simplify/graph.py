"""Groups of things that lead to each other (Tarjan, "Depth-first search and linear graph algorithms", 1972)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def loops(edges: Mapping[str, Mapping[str, object]]) -> list[frozenset[str]]:
    """The groups of names of which each leads to all the others, and single names that lead to themselves.

    `edges` has an entry for every name: the names that it leads to directly.
    """
    return [group for group in groups(edges) if len(group) > 1 or next(iter(group)) in edges[next(iter(group))]]


def heights(edges: Mapping[str, Mapping[str, object]]) -> dict[str, int]:
    """How many names are on the longest way from each name, loops apart."""
    found: dict[str, int] = {}
    for group in groups(edges):  # what a group leads to comes before it
        below = [found[target] for name in group for target in edges[name] if target not in group]
        found |= dict.fromkeys(group, 1 + max(below, default=0))
    return found


def groups(edges: Mapping[str, Mapping[str, object]]) -> list[frozenset[str]]:
    """All names, those that lead to each other together; what a group leads to comes before it."""
    found: list[frozenset[str]] = []
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()

    work: list[tuple[str, Iterator[str]]] = []

    def enter(name: str) -> None:
        number[name] = lowest[name] = len(number)
        stack.append(name)
        on_stack.add(name)
        work.append((name, iter(edges[name])))

    for root in edges:
        if root not in number:
            enter(root)
        while work:  # without recursion: a chain is as long as a document likes
            name, targets = work[-1]
            for target in targets:
                if target not in number:
                    enter(target)
                    break
                if target in on_stack:
                    lowest[name] = min(lowest[name], number[target])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    lowest[above] = min(lowest[above], lowest[name])
                if lowest[name] == number[name]:
                    group = {stack.pop()}
                    while name not in group:
                        group.add(stack.pop())
                    on_stack -= group
                    found.append(frozenset(group))
    return found
