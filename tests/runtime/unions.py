"""Aliases as generated models declare them, for the tests of decoding."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import workflow_client_core as core
from msgspec import UNSET, Struct, UnsetType, field


class Kind(core.OpenStrEnum):
    CIRCLE = "circle"


class OtherKind(core.OpenStrEnum):
    SQUARE = "square"
    RECTANGLE = "rectangle"


class Color(core.OpenStrEnum):
    RED = "red"


class Number(core.OpenIntEnum):
    ONE = 1


class Nine(core.OpenIntEnum):
    NINE = 9


class Cat(Struct, frozen=True, kw_only=True):
    pet_type: str = field(name="petType")
    name: str
    lives: int | UnsetType = UNSET
    kittens: list[Pet] | UnsetType = UNSET


class Dog(Struct, frozen=True, kw_only=True):
    pet_type: str = field(name="petType")
    name: str
    barks: bool | UnsetType = UNSET


if TYPE_CHECKING:
    Pet: TypeAlias = "Cat | Dog"
else:

    class Pet(core.Alias):
        """Told apart by a discriminator."""

        members: Cat | Dog
        discriminator = "petType"
        words = {"cat": "Cat", "Cat": "Cat", "dog": "Dog"}  # noqa: RUF012 - as generated


class Circle(Struct, frozen=True, kw_only=True):
    kind: Kind
    size: float
    inner: Shape | UnsetType | None = UNSET


class Box(Struct, frozen=True, kw_only=True):
    kind: OtherKind
    size: int | UnsetType = UNSET
    inner: Shape | UnsetType | None = UNSET


if TYPE_CHECKING:
    Shape: TypeAlias = "Circle | Box"
else:

    class Shape(core.Alias):
        """Told apart by constants."""

        members: Circle | Box


class Text(Struct, frozen=True, kw_only=True):
    text: str
    at: datetime | UnsetType = UNSET
    child: Node | UnsetType = UNSET


class Link(Struct, frozen=True, kw_only=True):
    text: str
    url: str | UnsetType = UNSET
    count: int | UnsetType = UNSET
    child: Node | UnsetType = UNSET


class Loose(Struct, frozen=True, kw_only=True):
    url: str | UnsetType = UNSET
    child: Node | UnsetType = UNSET


if TYPE_CHECKING:
    Node: TypeAlias = "Text | Link | Loose"
else:

    class Node(core.Alias):
        """Told apart by their properties alone, and recursive in each member."""

        members: Text | Link | Loose


if TYPE_CHECKING:
    JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue | None] | dict[str, JsonValue | None]"
else:

    class JsonValue(core.Alias):
        members: str | int | float | bool | list[JsonValue | None] | dict[str, JsonValue | None]


if TYPE_CHECKING:
    TextOrTime: TypeAlias = "str | datetime | date | time | timedelta | Color"
else:

    class TextOrTime(core.Alias):
        members: str | datetime | date | time | timedelta | Color


if TYPE_CHECKING:
    TextOrDecimal: TypeAlias = "str | Decimal"
else:

    class TextOrDecimal(core.Alias):
        members: str | Decimal


if TYPE_CHECKING:
    Amount: TypeAlias = "Decimal | Color | bool"
else:

    class Amount(core.Alias):
        members: Decimal | Color | bool


if TYPE_CHECKING:
    Numeric: TypeAlias = "int | Number | list[int] | bool"
else:

    class Numeric(core.Alias):
        members: int | Number | list[int] | bool


if TYPE_CHECKING:
    Lists: TypeAlias = "list[Cat] | list[Circle] | list[int] | list[str]"
else:

    class Lists(core.Alias):
        members: list[Cat] | list[Circle] | list[int] | list[str]


if TYPE_CHECKING:
    StructOrMap: TypeAlias = "Dog | Loose | dict[str, int]"
else:

    class StructOrMap(core.Alias):
        members: Dog | Loose | dict[str, int]


if TYPE_CHECKING:
    Anything: TypeAlias = "Pet | Shape | str"
else:

    class Anything(core.Alias):
        members: Pet | Shape | str


class VersionOne(Struct, frozen=True, kw_only=True):
    version: Number
    name: str | UnsetType = UNSET


class VersionNine(Struct, frozen=True, kw_only=True):
    version: Nine
    name: str
    new: bool


if TYPE_CHECKING:
    Versioned: TypeAlias = "VersionOne | VersionNine"
    Everything: TypeAlias = "Pet | Versioned"
    BlobOrNumber: TypeAlias = "Blob | int"
else:

    class Versioned(core.Alias):
        members: VersionOne | VersionNine

    class Everything(core.Alias):
        members: Pet | Versioned
        discriminator = "of"
        words = {"pets": "Pet", "versions": "Versioned"}  # noqa: RUF012 - as generated

    class BlobOrNumber(core.Alias):
        members: Blob | int


class Blob:
    """A custom type, as files are."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Blob) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    @classmethod
    def _from_json(cls, value: object) -> Blob:
        if not isinstance(value, str):
            raise ValueError("a blob is text")
        return cls(value)

    def _to_json(self) -> str:
        return self.text


class WithBlob(Struct, frozen=True, kw_only=True):
    blob: Blob | UnsetType = UNSET


class Holder(Struct, frozen=True, kw_only=True):
    pet: Pet | UnsetType = UNSET
    pets: list[Pet] | UnsetType = UNSET
    shape: Shape | UnsetType | None = UNSET
    node: Node | UnsetType = UNSET
    by_name: dict[str, Node] | UnsetType = field(default=UNSET, name="byName")
    text: TextOrTime | UnsetType = UNSET
    amount: Amount | UnsetType = UNSET
    number: Numeric | UnsetType = UNSET
    lists: Lists | UnsetType = UNSET
    map: StructOrMap | UnsetType = UNSET
    value: JsonValue | UnsetType | None = UNSET
    anything: Anything | UnsetType = UNSET
    free: Any | UnsetType = UNSET
