"""Constants: the constructor supplies them, an answer has to have them, and undocumented words are values, too."""

from __future__ import annotations

import inspect
import pickle
from datetime import datetime
from typing import Any

import msgspec
import pytest
from msgspec import UNSET, Struct, UnsetType
from workflow_client_core import (
    Alias,
    Issue,
    Literal,
    OpenStrEnum,
    OpenStruct,
    StructWithConstants,
    additional_properties,
    decode,
    encode,
)


class Rose(StructWithConstants, frozen=True, kw_only=True):
    kind: Literal["rose"] = "rose"
    thorns: int


class Herb(OpenStruct, frozen=True, kw_only=True):
    kind: Literal["herb"] = "herb"
    level: Literal[2] = msgspec.field(default=2, name="Level")
    fresh: Literal[True] = True
    ratio: float = 1.5
    taste: Any = UNSET
    additional_properties: dict[str, str] = additional_properties()

    __constants__ = {"ratio": (1.5,)}  # noqa: RUF012 - as generated


class Weed(Struct, frozen=True, kw_only=True):
    thorns: int


class Soil(OpenStrEnum):
    SAND = "sand"


class Pot(Struct, frozen=True, kw_only=True):
    kind: Literal["pot"] | UnsetType = UNSET
    size: int | UnsetType = UNSET


class Box(Struct, frozen=True, kw_only=True):
    kind: Literal["box"] | UnsetType = UNSET
    size: int | UnsetType = UNSET


class Plant(Alias):
    members: Rose | Herb  # pyright: ignore[reportUninitializedInstanceVariable]
    discriminator = "kind"
    words = {"rose": "Rose", "herb": "Herb"}  # noqa: RUF012 - as generated


class RoseOrWeed(Alias):
    members: Rose | Weed  # pyright: ignore[reportUninitializedInstanceVariable]


class PotOrBox(Alias):
    members: Pot | Box  # pyright: ignore[reportUninitializedInstanceVariable]


class SoilOrNone(Alias):
    members: Literal["none"] | Soil  # pyright: ignore[reportUninitializedInstanceVariable]


class TimeOrNever(Alias):
    members: Literal["never"] | datetime  # pyright: ignore[reportUninitializedInstanceVariable]


def test_the_constructor_supplies_constants() -> None:
    assert Rose(thorns=3) == Rose(kind="rose", thorns=3)
    assert repr(Rose(thorns=3)) == "Rose(kind='rose', thorns=3)"
    assert str(inspect.signature(Rose)) == "(*, kind: str = 'rose', thorns: int)"
    assert encode(Rose(thorns=3)) == b'{"kind":"rose","thorns":3}'
    herb = Herb(additional_properties={"name": "thyme"})
    assert encode(herb) == b'{"kind":"herb","Level":2,"fresh":true,"ratio":1.5,"name":"thyme"}'


def test_other_arguments_are_as_required_as_ever() -> None:
    with pytest.raises(TypeError, match="Missing required argument 'thorns'"):
        Rose()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    with pytest.raises(TypeError, match="Extra positional arguments provided"):
        Rose("rose")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("model", [Rose(thorns=3), Herb(taste="bitter", additional_properties={"name": "thyme"})])
def test_models_are_copied_replaced_and_pickled(model: Any) -> None:
    assert msgspec.structs.replace(model) == pickle.loads(pickle.dumps(model)) == model
    changed = msgspec.structs.replace(model, kind="other")
    assert (changed.kind, changed == model) == ("other", False)


def test_a_subclass_has_the_constants_of_its_base() -> None:
    class Climber(Rose, frozen=True, kw_only=True):
        height: int
        color: str = "red"

    assert Climber(thorns=1, height=2) == Climber(kind="rose", thorns=1, height=2)
    assert decode(b'{"thorns":1,"kind":"rose","height":2}', Climber).parsed == Climber(thorns=1, height=2)


@pytest.mark.parametrize("lazy", [False, True])
def test_an_answer_has_to_have_them(lazy: bool) -> None:
    assert decode(b'{"thorns":3,"kind":"rose"}', Rose, lazy=lazy).parsed == Rose(thorns=3)
    lacking = decode(b'{"thorns":3}', Rose, lazy=lazy)
    assert lacking.issues == (Issue("/kind", "'rose'", "nothing"),)
    assert not lacking.complete
    assert isinstance(lacking.parsed.kind, UnsetType)
    herb = decode(b"{}", Herb, lazy=lazy)
    assert [(i.pointer, i.expected) for i in herb.issues] == [
        ("/kind", "'herb'"),
        ("/Level", "2"),
        ("/fresh", "true"),
        ("/ratio", "number"),
    ]
    assert decode(b'{"thorns":3,"kind":5}', Rose, lazy=lazy).issues == (Issue("/kind", "'rose'", "number 5"),)


def test_undocumented_words_are_values_that_can_be_sent_again() -> None:
    data = b'{"kind":"tulip","thorns":0}'
    tulip = decode(data, Rose)
    assert (tulip.parsed.kind, tulip.issues, encode(tulip.parsed)) == ("tulip", (), data)
    herb = decode(b'{"kind":"herb","Level":3,"fresh":false,"ratio":2.5}', Herb)
    assert (herb.issues, herb.parsed.level, herb.parsed.fresh, herb.parsed.ratio) == ((), 3, False, 2.5)


@pytest.mark.parametrize(
    ("alias", "data", "member"),
    [
        (Plant, b'{"kind":"herb","Level":2,"fresh":true,"ratio":1.5}', Herb),
        (Plant, b'{"kind":"rose","thorns":3}', Rose),
        (RoseOrWeed, b'{"kind":"rose","thorns":3}', Rose),
        (RoseOrWeed, b'{"thorns":3}', Weed),
        (PotOrBox, b'{"kind":"box","size":1}', Box),
        (PotOrBox, b'{"kind":"pot"}', Pot),
        (SoilOrNone, b'"none"', str),
        (SoilOrNone, b'"sand"', Soil),
        (SoilOrNone, b'"clay"', Soil),
        (TimeOrNever, b'"never"', str),
        (TimeOrNever, b'"2026-01-01T00:00:00Z"', datetime),
    ],
)
def test_constants_tell_the_members_of_a_union_apart(alias: Any, data: bytes, member: Any) -> None:
    decoded = decode(data, alias)
    assert (type(decoded.parsed), decoded.issues) == (member, ())
    assert encode(decoded.parsed) == data
