"""Frozen data that type checkers alone protect is what the standard library makes, apart from that."""

from __future__ import annotations

import dataclasses

import pytest

from generator.interpreter.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bed:
    name: str
    width: int = 1
    note: str = dataclasses.field(default="", compare=False)


def test_values_are_compared_and_hashed_as_frozen_ones() -> None:
    bed = Bed("north", note="dry")
    assert bed == Bed("north") != Bed("south")
    assert {bed: 1}[Bed("north")] == 1
    assert dataclasses.replace(bed, width=2) == Bed("north", 2)
    with pytest.raises(AttributeError):
        bed.__dict__  # noqa: B018


def test_type_checkers_take_them_for_frozen() -> None:
    bed = Bed("north")
    bed.width = 2  # type: ignore[misc]  # mypy, which runs over this file, complains where this is not an error
    assert bed.width == 2
