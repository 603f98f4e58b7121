"""Pairs of items of two versions: which old item is the same as which new one.

Where items have keys, `by_key` walks both versions at once. Where no key is certain to stay, `pair` takes steps: `same`
pairs items with the same name or another trait, `most_alike` those with most in common. Each step sees only the items
that the steps before it left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import product
from typing import Generic, TypeVar

from ...interpreter.fast_dataclasses import dataclass

T = TypeVar("T")
Key = TypeVar("Key", bound=str | int | tuple[str, ...])
Old = TypeVar("Old")
New = TypeVar("New")
Step = Callable[[Sequence[T], Sequence[T]], Iterable[tuple[int, int]]]
"""Takes the items of both versions that are left, and returns pairs of their positions; each position at most once."""
Rating = float | tuple[float, ...]
"""How alike two items are: higher is more."""

ENOUGH_IN_COMMON = 1 / 3
"""The `overlap` from which on two things count as the same under a new name."""


def by_key(old: Mapping[Key, Old], new: Mapping[Key, New]) -> Iterator[tuple[Key, Old | None, New | None]]:
    """The keys of both versions, sorted, each with its value in the old and in the new one; None where it is absent."""
    for key in sorted(old.keys() | new.keys()):
        yield key, old.get(key), new.get(key)


@dataclass(frozen=True, slots=True)
class Paired(Generic[T]):
    """The items of two versions: each is in one pair, or among those that only its version has."""

    pairs: tuple[tuple[T, T], ...]
    only_old: tuple[T, ...]
    only_new: tuple[T, ...]


def pair(old: Iterable[T], new: Iterable[T], *steps: Step[T]) -> Paired[T]:
    """The items of two versions, paired by the first step that recognizes both; the others keep their order."""
    pairs: list[tuple[T, T]] = []
    only_old, only_new = list(old), list(new)
    for step in steps:
        if not (only_old and only_new):
            break
        positions = list(step(only_old, only_new))
        pairs += [(only_old[i], only_new[j]) for i, j in positions]
        only_old = _without(only_old, {i for i, _ in positions})
        only_new = _without(only_new, {j for _, j in positions})
    return Paired(tuple(pairs), tuple(only_old), tuple(only_new))


def same(key: Callable[[T], Hashable], new_key: Callable[[T], Hashable] | None = None) -> Step[T]:
    """A step that pairs items with the same key, if no other item of their version has it; None is not a key.

    `new_key` returns the keys of new items, where `key` is only for old ones.
    """

    def step(old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[int, int]]:
        old_positions, new_positions = _unique(map(key, old)), _unique(map(new_key or key, new))
        for item_key, position in old_positions.items():
            if item_key in new_positions:
                yield position, new_positions[item_key]

    return step


def in_order(key: Callable[[T], Hashable]) -> Step[T]:
    """A step that pairs the first item with a key in either version, then the second ones, and so on."""

    def step(old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[int, int]]:
        positions: dict[Hashable, list[int]] = {}
        for position, item in enumerate(new):
            positions.setdefault(key(item), []).append(position)
        for position, item in enumerate(old):
            if candidates := positions.get(key(item)):
                yield position, candidates.pop(0)

    return step


def most_alike(rating: Callable[[T, T], Rating | None], candidates: Iterable[tuple[T, T]] | None = None) -> Step[T]:
    """A step that pairs the two items with the highest `rating`, then the two highest among the others, and so on.

    A rating of None is for items that cannot be the same. Only `candidates` are rated, or else all pairs, which takes a
    time that grows with the square of the number of items. Their order decides between equal ratings.
    """

    def step(old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[int, int]]:
        rated = [
            (rank, i, j) for i, j in _positions(old, new, candidates) if (rank := rating(old[i], new[j])) is not None
        ]
        old_paired: set[int] = set()
        new_paired: set[int] = set()
        for _, i, j in sorted(rated, key=lambda pair: pair[0], reverse=True):  # stable, also in reverse
            if i not in old_paired and j not in new_paired:
                old_paired.add(i)
                new_paired.add(j)
                yield i, j

    return step


def overlap(old: Set[Hashable], new: Set[Hashable], weight: Callable[[Hashable], float] = lambda _: 1) -> float:
    """The share of the elements of two sets that are in both: from 0, nothing in common, to 1, the same sets."""
    total = sum(map(weight, old | new))
    return sum(map(weight, old & new)) / total if total else 0


class Rarity:
    """How much elements of sets tell about them: the less, the more of the sets have them."""

    def __init__(self, sets: Iterable[Set[Hashable]]) -> None:
        listed = list(sets)
        self.total = len(listed)
        self.counts = Counter(element for elements in listed for element in elements)

    def between(self, old: Set[Hashable], new: Set[Hashable]) -> Callable[[Hashable], float]:
        """The weight of elements for the `overlap` of two of the sets: 1 where none of the others has it, 0 where all
        have it."""
        others = self.total - 2

        def weight(element: Hashable) -> float:
            having = self.counts[element] - (element in old) - (element in new)
            return (1 - having / others) ** 2 if others > 0 else 1

        return weight


def _positions(
    old: Sequence[T], new: Sequence[T], candidates: Iterable[tuple[T, T]] | None
) -> Iterable[tuple[int, int]]:
    if candidates is None:
        return product(range(len(old)), range(len(new)))
    old_positions, new_positions = ({item: i for i, item in enumerate(items)} for items in (old, new))
    return [(old_positions[a], new_positions[b]) for a, b in candidates if a in old_positions and b in new_positions]


def _unique(keys: Iterable[Hashable]) -> dict[Hashable, int]:
    """The positions of the keys that occur once."""
    positions: dict[Hashable, int] = {}
    repeated: set[Hashable] = {None}
    for position, key in enumerate(keys):
        if positions.setdefault(key, position) != position:
            repeated.add(key)
    return {key: position for key, position in positions.items() if key not in repeated}


def _without(items: list[T], positions: Set[int]) -> list[T]:
    return [item for i, item in enumerate(items) if i not in positions]
