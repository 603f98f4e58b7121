"""Items of the old version are paired with the items of the new version that they became."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.diff.pairing.items import Paired, Step, by_key, in_order, most_alike, overlap, pair, same


@dataclass(frozen=True)
class Thing:
    name: str
    traits: frozenset[str] = frozenset()


def thing(name: str, *traits: str) -> Thing:
    return Thing(name, frozenset(traits))


def name(thing: Thing) -> str:
    return thing.name


def rating(old: Thing, new: Thing) -> float | None:
    return overlap(old.traits, new.traits) or None


NAMES: Step[Thing] = same(name)
TRAITS: Step[Thing] = most_alike(rating)
STEPS: list[Step[Thing]] = [NAMES, TRAITS, same(lambda thing: thing.traits)]
things = st.sampled_from([thing(name, *traits) for name in "abcd" for traits in ("", "x", "xy", "yz", "xyz")])
versions = st.lists(things, max_size=6)
distinct = st.lists(things, max_size=6, unique_by=name)
steps = st.lists(st.sampled_from(STEPS), max_size=3)


# by_key


def test_keys_come_in_order_with_what_either_version_has() -> None:
    assert list(by_key({"b": 1, "c": 2}, {"c": "two", "a": "three"})) == [
        ("a", None, "three"),
        ("b", 1, None),
        ("c", 2, "two"),
    ]


# pair


def test_without_a_step_nothing_is_paired() -> None:
    assert pair("ab", "b") == Paired((), ("a", "b"), ("b",))


def test_a_key_pairs_what_has_it_alone_in_its_version() -> None:
    old, new = [thing("a"), thing("b"), thing("b")], [thing("b"), thing("a", "x"), thing("c")]
    assert pair(old, new, NAMES) == Paired(
        ((thing("a"), thing("a", "x")),), (thing("b"), thing("b")), (thing("b"), thing("c"))
    )


def test_none_is_not_a_key() -> None:
    assert pair(["a"], ["b"], same(lambda _: None)).pairs == ()


def test_keys_of_the_new_version_may_be_made_in_another_way() -> None:
    assert pair(["a"], ["A"], same(str.upper, str)).pairs == (("a", "A"),)


def test_what_is_most_alike_is_paired_first() -> None:
    old, new = [thing("a", "x", "y"), thing("b", "x", "y", "z")], [thing("c", "x", "y", "z"), thing("d", "q")]
    assert pair(old, new, TRAITS) == Paired(((old[1], new[0]),), (old[0],), (new[1],))


def test_of_what_is_equally_alike_the_first_is_paired_first() -> None:
    old, new = [thing("a", "x"), thing("b", "x")], [thing("c", "x"), thing("d", "x")]
    assert pair(old, new, TRAITS).pairs == ((old[0], new[0]), (old[1], new[1]))


def test_only_candidates_are_rated_in_their_order() -> None:
    old, new = [thing("a", "x"), thing("b", "x")], [thing("c", "x"), thing("d", "x")]
    candidates = [(old[0], new[1]), (old[0], new[0]), (thing("unknown", "x"), new[0])]
    assert pair(old, new, most_alike(rating, candidates)) == Paired(((old[0], new[1]),), (old[1],), (new[0],))


def test_a_step_sees_what_the_steps_before_it_left() -> None:
    old, new = [thing("a", "x"), thing("b", "x")], [thing("b", "y"), thing("c", "x")]
    assert pair(old, new, NAMES, TRAITS).pairs == ((old[1], new[0]), (old[0], new[1]))
    assert pair(old, new, TRAITS, NAMES).pairs == ((old[0], new[1]), (old[1], new[0]))


@given(versions, versions, steps)
def test_each_item_appears_exactly_once(old: list[Thing], new: list[Thing], steps: list[Step[Thing]]) -> None:
    paired = pair(old, new, *steps)
    assert Counter([*(item for item, _ in paired.pairs), *paired.only_old]) == Counter(old)
    assert Counter([*(item for _, item in paired.pairs), *paired.only_new]) == Counter(new)


@given(distinct)
def test_a_version_is_paired_with_itself(version: list[Thing]) -> None:
    assert pair(version, version, NAMES) == Paired(tuple(zip(version, version, strict=True)), (), ())
    by_traits = pair(version, version, TRAITS).pairs
    assert all(old.traits == new.traits for old, new in by_traits)
    assert len(by_traits) == sum(1 for item in version if item.traits)


@given(versions, versions, st.randoms())
def test_where_keys_decide_the_order_of_items_does_not_matter(
    old: list[Thing], new: list[Thing], random: Random
) -> None:
    shuffled = pair(random.sample(old, len(old)), random.sample(new, len(new)), NAMES)
    assert Counter(shuffled.pairs) == Counter(pair(old, new, NAMES).pairs)


@given(versions, versions)
def test_no_two_that_are_left_are_alike(old: list[Thing], new: list[Thing]) -> None:
    paired = pair(old, new, TRAITS)
    assert not any(rating(a, b) for a in paired.only_old for b in paired.only_new)


# overlap


@pytest.mark.parametrize(
    ("old", "new", "share"),
    [("", "", 0), ("ab", "", 0), ("ab", "cd", 0), ("ab", "bc", 1 / 3), ("abc", "ab", 2 / 3), ("ab", "ba", 1)],
)
def test_overlap_is_the_share_that_both_have(old: str, new: str, share: float) -> None:
    assert overlap(set(old), set(new)) == share


def test_items_with_one_key_are_paired_in_their_order() -> None:
    assert pair(["a1", "b1", "a2"], ["b2", "a3", "c1"], in_order(lambda item: item[0])).pairs == (
        ("a1", "a3"),
        ("b1", "b2"),
    )
