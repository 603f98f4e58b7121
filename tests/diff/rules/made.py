"""Small APIs, made by hand: what is under test is how they are compared, not how they are read."""

from __future__ import annotations

from collections.abc import Sequence

from generator.document.problems import Source
from generator.ir.model import (
    Alias,
    Api,
    Body,
    Discriminator,
    Enum,
    EnumValue,
    Field,
    Media,
    Model,
    Operation,
    Package,
    Response,
)
from generator.ir.types import ANY, Ref, Scalar, Type, UnionOf

AT = Source("openapi.yaml", "/x", 1)
TEXT, WHOLE = Scalar("str"), Scalar("int")
Named = Model | Enum | Alias


def field(wire: str, type_: Type = TEXT, *, required: bool = False) -> Field:
    return Field(wire, wire, type_, required, AT)


def model(name: str, *fields: str | Field) -> Model:
    return Model(name, tuple(field(f) if isinstance(f, str) else f for f in fields), AT, additional=ANY)


def enum(name: str, *values: str) -> Enum:
    return Enum(name, tuple(EnumValue(value.upper(), value, AT) for value in values), AT)


def alias(name: str, *members: Type, **mapping: str) -> Alias:
    """`mapping`: the discriminator values, which are in the property `kind`, and their classes."""
    discriminator = Discriminator("kind", tuple(mapping.items())) if mapping else None
    return Alias(name, members[0] if len(members) == 1 else UnionOf(members), AT, discriminator=discriminator)


def union(*names: str) -> UnionOf:
    return UnionOf(tuple(map(Ref, names)))


def package(type_: Type, items: Sequence[Named] = (), *, sent: bool = False) -> Package:
    """An API with one operation whose response is of the type, or its body."""
    content = (Media("application/json", type_, AT),)
    operation = Operation(
        name="get_thing",
        method="POST",
        path="/things",
        source=AT,
        parameters=(),
        body=Body(content, True, AT) if sent else None,
        responses=(Response("200", () if sent else content, AT),),
        security=(),
        servers=(),
    )
    api = Api(
        title="Things",
        version="1",
        source=AT,
        operations=(operation,),
        models=tuple(item for item in items if isinstance(item, Model)),
        enums=tuple(item for item in items if isinstance(item, Enum)),
        aliases=tuple(item for item in items if isinstance(item, Alias)),
    )
    return Package("things-client", "things_client", "Things", "specs/things", api)
