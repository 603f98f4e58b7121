"""Which item of the old version is which item of the new one.

Where items have keys, `by_key` walks both versions at once. Where no key is certain to stay, `pair` takes steps: it
pairs what shares a name (`same`), then what has most in common (`most_alike`), or what else tells items apart. Each
step sees only what the steps before it left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

T = TypeVar("T")
Key = TypeVar("Key", bound=str | int | tuple[str, ...])
Old = TypeVar("Old")
New = TypeVar("New")
Step = Callable[[Sequence[T], Sequence[T]], Iterable[tuple[int, int]]]
"""Takes the items that are left of both versions, and gives pairs of their positions; each position at most once."""
Rating = float | tuple[float, ...]
"""How alike two items are: the higher the more."""

ENOUGH_IN_COMMON = 1 / 3
"""The `overlap` from which on one thing counts as the other under a new name."""


def by_key(old: Mapping[Key, Old], new: Mapping[Key, New]) -> Iterator[tuple[Key, Old | None, New | None]]:
    """The keys of both versions, sorted, each with its value in the old and in the new one; None where it is absent."""
    for key in sorted(old.keys() | new.keys()):
        yield key, old.get(key), new.get(key)


@dataclass(frozen=True, slots=True)
class Paired(Generic[T]):
    """Items of two versions: each stands in one pair, or among those that only its version has."""

    pairs: tuple[tuple[T, T], ...]
    only_old: tuple[T, ...]
    only_new: tuple[T, ...]


def pair(old: Iterable[T], new: Iterable[T], *steps: Step[T]) -> Paired[T]:
    """The items of two versions, paired by the first step that recognizes both; what is left keeps its order."""
    pairs: list[tuple[T, T]] = []
    only_old, only_new = list(old), list(new)
    for step in steps:
        positions = list(step(only_old, only_new))
        pairs += [(only_old[i], only_new[j]) for i, j in positions]
        only_old = _without(only_old, {i for i, _ in positions})
        only_new = _without(only_new, {j for _, j in positions})
    return Paired(tuple(pairs), tuple(only_old), tuple(only_new))


def same(key: Callable[[T], Hashable], new_key: Callable[[T], Hashable] | None = None) -> Step[T]:
    """A step that pairs items with the same key, if no other item of their version has it; None is not a key.

    `new_key` gives the keys of the new version where they are made in another way.
    """

    def step(old: Sequence[T], new: Sequence[T]) -> Iterator[tuple[int, int]]:
        old_positions, new_positions = _unique(map(key, old)), _unique(map(new_key or key, new))
        for name, position in old_positions.items():
            if name in new_positions:
                yield position, new_positions[name]

    return step


def most_alike(rating: Callable[[T, T], Rating | None], candidates: Iterable[tuple[T, T]] | None = None) -> Step[T]:
    """A step that pairs the items that `rating` puts highest, then the highest of the rest, and so on.

    A rating of None is for items that cannot be the same thing. Of equal ratings the first counts: in the order of the
    items, or of `candidates`, the only pairs that are rated where they are given. Without them all pairs are, which
    takes a time that grows with the square of the number of items.
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


def overlap(old: Set[Hashable], new: Set[Hashable]) -> float:
    """The share of the members of two sets that both have: from 0, nothing in common, to 1, the same sets."""
    return len(old & new) / len(old | new) if old and new else 0


def _positions(
    old: Sequence[T], new: Sequence[T], candidates: Iterable[tuple[T, T]] | None
) -> Iterable[tuple[int, int]]:
    if candidates is None:
        return product(range(len(old)), range(len(new)))
    old_positions, new_positions = ({item: i for i, item in enumerate(items)} for items in (old, new))
    return [(old_positions[a], new_positions[b]) for a, b in candidates if a in old_positions and b in new_positions]


def _unique(keys: Iterable[Hashable]) -> dict[Hashable, int]:
    """The positions of the keys that occur once."""
    listed = list(keys)
    counts = Counter(listed)
    return {key: i for i, key in enumerate(listed) if key is not None and counts[key] == 1}


def _without(items: list[T], positions: Set[int]) -> list[T]:
    return [item for i, item in enumerate(items) if i not in positions]
