"""An object is read as the member of a union whose schema it satisfies, and nothing that a member declares is lost.

Hypothesis draws unions of small objects, with constants of their own and inside of other objects, enums, required
properties and discriminators, whose mapping may be wrong; `jsonschema` says which members an object satisfies.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from workflow_client_core import decode
from workflow_client_core._models.types import fields

from tests.examples import examples
from tests.simplify.test_unions import generated

NAMES = ("Ant", "Bee", "Cat")
WORDS = st.sampled_from(["red", "green", "blue"])

scalars = st.one_of(
    st.just({"type": "string"}),
    st.just({"type": "integer"}),
    WORDS.map(lambda word: {"const": word}),
    st.lists(WORDS, min_size=1, max_size=2, unique=True).map(lambda words: {"type": "string", "enum": words}),
    st.sampled_from([1, 2]).map(lambda number: {"const": number}),
)


@st.composite
def objects(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    """Schemas of objects with some of a few properties, so that several of them share some."""
    names = draw(st.lists(st.sampled_from(["color", "size", "part"]), min_size=1, unique=True))
    properties: dict[str, Any] = {}
    for name in names:
        inner = st.one_of(objects(depth - 1), lists(depth - 1)) if name == "part" and depth else scalars
        properties[name] = draw(inner)
    required = draw(st.lists(st.sampled_from(names), unique=True))
    return {"type": "object", "properties": properties, "required": sorted(required)}


def lists(depth: int) -> st.SearchStrategy[dict[str, Any]]:
    return objects(depth).map(lambda item: {"type": "array", "items": item})


@st.composite
def instances(draw: st.DrawFn, schema: dict[str, Any]) -> Any:
    """Values of a schema; some optional properties are absent, and some objects have one of another member."""
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    match schema["type"]:
        case "string":
            return draw(WORDS)
        case "integer":
            return draw(st.integers(0, 3))
        case "array":
            return draw(st.lists(instances(schema["items"]), min_size=1, max_size=2))
        case _:
            names = [n for n in schema["properties"] if n in schema["required"] or draw(st.booleans())]
            return {name: draw(instances(schema["properties"][name])) for name in names}


def union(names: tuple[str, ...]) -> dict[str, Any]:
    return {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}


@contextmanager
def holder_of(components: dict[str, Any]) -> Iterator[Any]:
    """The class of an object with one property for each component."""
    module = generated(components)
    try:
        yield module.Holder
    finally:
        del sys.modules[module.__name__]


def read(holder: Any, value: Any) -> tuple[Any, tuple[Any, ...]]:
    decoded = decode(json.dumps({"union": value}).encode(), holder)
    return decoded.parsed.union, decoded.issues


def check(components: dict[str, Any], value: dict[str, Any]) -> None:
    """An object is read as its only member, and without an issue nothing is lost that a member declares."""
    fitting = [name for name in NAMES if Draft202012Validator(components[name]).is_valid(value)]
    with holder_of(components) as holder:
        member, issues = read(holder, value)
    if len(fitting) == 1:
        assert (type(member).__name__, issues) == (fitting[0], ()), (components, value)
    class_: Any = type(member)
    lost = value.keys() - {field.wire for field in fields(class_)}
    declared = {wire for name in fitting for wire in components[name]["properties"]}
    assert lost & declared <= {issue.pointer.removeprefix("/union/") for issue in issues}, (components, value)


@settings(max_examples=examples(50), derandomize=True)
@given(st.data())
def test_an_object_is_the_member_that_it_satisfies(data: st.DataObject) -> None:
    members = {name: data.draw(objects()) for name in NAMES}
    value: dict[str, Any] = data.draw(instances(members[data.draw(st.sampled_from(NAMES))]))
    if data.draw(st.booleans()):
        value |= data.draw(instances(members[data.draw(st.sampled_from(NAMES))]))
    check({**members, "Union": union(NAMES)}, value)


@settings(max_examples=examples(30), derandomize=True)
@given(st.data())
def test_a_wrong_mapping_does_not_lose_anything(data: st.DataObject) -> None:
    members = {name: data.draw(objects()) for name in NAMES}
    for schema in members.values():
        words = data.draw(st.lists(WORDS, min_size=1, max_size=2, unique=True))
        schema["properties"]["kind"] = {"enum": words}
        schema["required"] = [*schema["required"], "kind"]
    value: dict[str, Any] = data.draw(instances(members[data.draw(st.sampled_from(NAMES))]))
    mapping = data.draw(st.dictionaries(WORDS, st.sampled_from(NAMES)))
    fitting = [name for name in NAMES if Draft202012Validator(members[name]).is_valid(value)]
    assume(len(fitting) == 1 or value["kind"] not in mapping)
    listed = [name for name in NAMES if value["kind"] in members[name]["properties"]["kind"]["enum"]]
    assume(mapping.get(value["kind"]) not in listed or fitting == [mapping[value["kind"]]])
    discriminator = {"propertyName": "kind", "mapping": mapping}
    check({**members, "Union": {**union(NAMES), "discriminator": discriminator}}, value)


def closed(**values: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {wire: {"const": value} for wire, value in values.items()}}


def with_part(**schema: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"setup": schema}}


INNER = {
    "optional": (with_part(**closed(kind="latest")), with_part(**closed(kind="count"))),
    "deep": (with_part(**with_part(**closed(kind="latest"))), with_part(**with_part(**closed(kind="count")))),
    "integers": (with_part(**closed(kind=1)), with_part(**closed(kind=2))),
    "in lists": (with_part(type="array", items=closed(kind="a")), with_part(type="array", items=closed(kind="b"))),
    "in maps": (
        with_part(type="object", additionalProperties=closed(kind="a")),
        with_part(type="object", additionalProperties=closed(kind="b")),
    ),
    "nullable": (
        with_part(anyOf=[closed(kind="a"), {"type": "null"}]),
        with_part(anyOf=[closed(kind="b"), {"type": "null"}]),
    ),
}


@pytest.mark.parametrize("inner", INNER)
def test_a_constant_inside_of_a_property_tells_members_apart(inner: str) -> None:
    first, second = INNER[inner]
    first["properties"] |= {"note": {"type": "string"}, "source": {"type": "string"}}
    values = {
        "optional": ({"kind": "latest"}, {"kind": "count"}),
        "deep": ({"setup": {"kind": "latest"}}, {"setup": {"kind": "count"}}),
        "integers": ({"kind": 1}, {"kind": 2}),
        "in lists": ([{"kind": "a"}], [{"kind": "b"}, {"kind": "b"}]),
        "in maps": ({"x": {"kind": "a"}}, {"x": {"kind": "b"}}),
        "nullable": ({"kind": "a"}, {"kind": "b"}),
    }[inner]
    with holder_of({"Ant": first, "Bee": second, "Union": union(("Ant", "Bee"))}) as holder:
        assert [type(read(holder, {"setup": value})[0]).__name__ for value in values] == ["Ant", "Bee"]
        member, issues = read(holder, {"setup": values[1], "note": "undeclared"})
        assert (type(member).__name__, issues) == ("Bee", ())


def test_properties_of_several_members_are_reported_where_one_of_them_is_lost() -> None:
    def with_(*wires: str) -> dict[str, Any]:
        return {"type": "object", "properties": {wire: {"type": "integer"} for wire in wires}}

    with holder_of({"Ant": with_("a", "c"), "Bee": with_("b"), "Union": union(("Ant", "Bee"))}) as holder:
        member, issues = read(holder, {"a": 1, "b": 2, "c": 3})
        assert (type(member).__name__, member.a) == ("Ant", 1)
        assert [str(issue) for issue in issues] == ["/union/b: expected a property of Ant, found number 2"]
        assert read(holder, {"a": 1, "b": "no integer", "c": 3})[1] == (), "Bee has no such property"
        assert read(holder, {"a": 1, "unknown": 2})[1] == (), "a property that nobody declares is not lost"


def test_they_are_where_a_constant_names_a_member_that_not_every_object_with_it_has_to_be() -> None:
    ant = {**closed(color="red"), "required": ["color"]}
    cat = {"type": "object", "properties": {"color": {"type": "string"}, "size": {"const": "green"}}}
    with holder_of({"Ant": ant, "Bee": closed(size="red"), "Cat": cat, "Union": union(NAMES)}) as holder:
        member, issues = read(holder, {"color": "red", "size": "red"})
        assert (type(member).__name__, member.size) == ("Bee", "red")
        assert [str(issue) for issue in issues] == ["/union/color: expected a property of Bee, found text 'red'"]
        assert read(holder, {"size": "red"})[1] == ()


def test_a_discriminator_that_confuses_two_members_does_not_hide_which_one_an_object_can_only_be() -> None:
    def with_(wire: str) -> dict[str, Any]:
        properties = {"kind": {"type": "string"}, wire: {"type": "integer"}}
        return {"type": "object", "required": ["kind", wire], "properties": properties}

    discriminator = {"propertyName": "kind", "mapping": {"ant": "Bee", "bee": "Ant"}}
    components = {
        "Ant": with_("legs"),
        "Bee": with_("wings"),
        "Union": {**union(NAMES[:2]), "discriminator": discriminator},
    }
    with holder_of(components) as holder:
        assert type(read(holder, {"kind": "ant", "legs": 6})[0]).__name__ == "Ant"
        assert type(read(holder, {"kind": "ant", "wings": 4})[0]).__name__ == "Bee", "as the mapping says"
        member, issues = read(holder, {"kind": "ant"})
        assert type(member).__name__ == "Bee"
        assert [issue.pointer for issue in issues] == ["/union/wings"]


@pytest.mark.parametrize(("first", "second"), [(1, 2), (0, -1), (True, False)])
def test_a_discriminator_may_be_of_integers_or_booleans(first: Any, second: Any) -> None:
    def constant(value: Any) -> dict[str, Any]:
        return {"type": "object", "required": ["kind"], "properties": {"kind": {"const": value}, "note": {}}}

    words = {json.dumps(first): "Ant", json.dumps(second): "Bee"}
    for discriminator in ({}, {"discriminator": {"propertyName": "kind", "mapping": words}}):
        components = {"Ant": constant(first), "Bee": constant(second), "Union": {**union(NAMES[:2]), **discriminator}}
        with holder_of(components) as holder:
            members = [read(holder, {"kind": kind, "note": 1})[0] for kind in (second, first)]
            assert [type(member).__name__ for member in members] == ["Bee", "Ant"]
