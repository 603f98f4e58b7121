"""Constants: nobody has to give them, and they tell the members of a union apart."""

import copy
import pickle
from typing import Literal

import msgspec
from constants_client import AsyncConstantsClient, ConstantsClient
from constants_client.models import Ball, Cat, Dog
from workflow_client_core import decode, encode


def call(client: ConstantsClient) -> int:
    pet = client.put_pet("1", Cat(meows=1))
    client.put_pet("1", Cat(meows=1), format="xml")  # error
    client.put_pet("1", Cat(meows=1), version="v2")  # error
    if pet.kind == "cat":
        return pet.meows
    return pet.barks


async def call_async(client: AsyncConstantsClient) -> Literal["cat", "dog"]:
    return (await client.put_pet("1", Dog(barks=1, toy=Ball()))).kind


def build() -> None:
    Cat(kind="cat", meows=1, tame=True)
    Cat(meows=1, kind="dog")  # error
    Cat(meows=1, tame=False)  # error
    Cat()  # error
    Ball(color="red", made_of="stone")
    Ball(color="blue")  # error


def main() -> None:
    cat = Cat(meows=1)
    kind: Literal["cat"] = cat.kind
    assert kind == "cat"
    assert repr(cat) == "Cat(kind='cat', meows=1, tame=True)"
    assert encode(cat) == b'{"kind":"cat","meows":1,"tame":true}'
    dog = Dog(barks=1, toy=Ball(), additional_properties={"name": "Rex"})
    assert encode(dog) == b'{"Kind-Name":"dog","kind":"dog","barks":1,"toy":{"size":2},"name":"Rex"}'
    assert decode(encode(dog), Dog).parsed == dog
    assert [pickle.loads(pickle.dumps(dog)), copy.deepcopy(dog), msgspec.structs.replace(dog)] == [dog, dog, dog]
    assert msgspec.structs.replace(cat, meows=2) == Cat(meows=2)
