"""Frozen data of the generator are like those of `dataclasses`, but nothing looks at run time whether they change."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import field, fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.interpreter import fast_dataclasses
from tests.search_path import ROOT


class Empty:
    pass


class Bed:
    name: str


class Plant:
    name: str
    height: int = 3
    tags: tuple[str, ...] = ()


class Garden:
    name: str
    source: str = field(default="", compare=False)
    note: str = field(default="", repr=False)
    beds: list[str] = field(default_factory=list)


CLASSES: tuple[type, ...] = (Empty, Bed, Plant, Garden)
VALUES = {
    "name": st.sampled_from(["", "a", "b"]),
    "height": st.integers(0, 2),
    "tags": st.lists(st.sampled_from("ab"), max_size=2).map(tuple),
    "source": st.sampled_from(["", "a"]),
    "note": st.sampled_from(["", "a"]),
    "beds": st.lists(st.sampled_from("ab"), max_size=1),
}


def made(decorator: Callable[..., Any], cls: type, **options: Any) -> Any:
    """A class of its own with the fields of another, decorated."""
    own = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    return decorator(frozen=True, **options)(type(cls.__name__, (), own))


PAIRS = [
    (made(fast_dataclasses.dataclass, cls, slots=slots), made(dataclasses.dataclass, cls, slots=slots))
    for cls in CLASSES
    for slots in (True, False)
]


def hash_of(value: object) -> int | str:
    try:
        return hash(value)
    except TypeError as error:
        return str(error)


@pytest.mark.parametrize(("fast", "usual"), PAIRS)
@given(data=st.data())
def test_both_compare_hash_and_show_the_same(fast: Any, usual: Any, data: st.DataObject) -> None:
    arguments = st.fixed_dictionaries({item.name: VALUES[item.name] for item in fields(usual)})
    left, right = data.draw(arguments), data.draw(arguments)
    assert (fast(**left) == fast(**right)) == (usual(**left) == usual(**right))
    assert repr(fast(**left)).rpartition(".")[2] == repr(usual(**left)).rpartition(".")[2]
    if fast(**left) == fast(**right):
        assert hash_of(fast(**left)) == hash_of(fast(**right))
    assert isinstance(hash_of(fast(**left)), str) == isinstance(hash_of(usual(**left)), str)
    assert fast(**left) != usual(**left)
    if left:
        name = next(iter(left))
        assert replace(fast(**left), **{name: right[name]}) == fast(**{**left, name: right[name]})


def test_methods_of_its_own_stay() -> None:
    @fast_dataclasses.dataclass(frozen=True)
    class Weed:
        name: str

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 1

        def __repr__(self) -> str:
            return "a weed"

    weed = Weed("a")
    assert weed == 3
    assert (hash(weed), repr(weed)) == (1, "a weed")


def test_what_can_be_sorted_or_is_not_frozen_is_an_ordinary_dataclass() -> None:
    @fast_dataclasses.dataclass(frozen=True, order=True)
    class Row:
        number: int

    @fast_dataclasses.dataclass
    class Count:
        number: int = 0

    assert sorted([Row(2), Row(1)]) == [Row(1), Row(2)]
    assert len({Row(1), Row(1)}) == 1
    count = Count()
    count.number = 2
    assert count == Count(2)
    with pytest.raises(TypeError):
        hash(count)


def test_frozen_data_of_the_generator_are_made_by_it() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in Path(ROOT / "generator").rglob("*.py")}
    usual = [path for path, text in sources.items() if "import dataclass\n" in text or "import dataclass," in text]
    by_dataclasses = [path for path in usual if "fast_dataclasses import dataclass" not in sources[path]]
    assert [str(path) for path in by_dataclasses if "@dataclass(frozen=True" in sources[path]] == []
