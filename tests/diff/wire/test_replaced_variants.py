"""Variants of a union that are replaced, renamed, or get each other's discriminator values."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diff.rules.documents import merged
from tests.diff.wire.shorthand import INTEGER, TEXT

EVENT = {"type": "object", "required": ["event", "bed", "at"], "properties": {"event": TEXT, "bed": TEXT, "at": TEXT}}
Schemas = dict[str, Any]


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def event(**data: Any) -> dict[str, Any]:
    """What happened in a bed, with what that was in `data`."""
    inner = {"type": "object", "properties": data}
    return {"allOf": [ref("Event"), {"type": "object", "required": ["data"], "properties": {"data": inner}}]}


def thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": ["kind"], "properties": {"kind": TEXT, **properties}}


def union(schemas: Schemas, mapping: dict[str, str] | None, wire: str = "kind", keyword: str = "oneOf") -> Any:
    """The union of all schemas but `Event`; `mapping` is by class name, {} for the names themselves."""
    whole: dict[str, Any] = {keyword: [ref(name) for name in schemas if name != "Event"]}
    if mapping is not None:
        explicit = {"mapping": {value: ref(name)["$ref"] for value, name in mapping.items()}} if mapping else {}
        whole["discriminator"] = {"propertyName": wire, **explicit}
    return whole


def document(at: str, schema: Any, schemas: Schemas, version: str = "3.1.0") -> dict[str, Any]:
    """A document that has the schema in a request or a response, as it is or inside something else."""
    direction, _, within = at.partition(" ")
    match within:
        case "list":
            schema = {"type": "array", "items": schema}
        case "property":
            schema = {"type": "object", "properties": {"latest": schema}}
        case "component":
            schemas, schema = {**schemas, "Union": schema}, ref("Union")
        case "nullable":
            schema = {"type": "object", "properties": {"latest": {"anyOf": [schema, {"type": "null"}]}}}
        case _:
            pass
    return {direction: schema, "document": {"openapi": version, "components": {"schemas": schemas}}}


PLACES = {
    "answer": "answer 200",
    "body": "body",
    "answer list": "answer 200 /*",
    "body property": "body /latest",
    "answer component": "answer 200",
    "answer nullable": "answer 200 /latest",
}
ROSE, FERN = thing(thorns=INTEGER), thing(fronds=INTEGER)


def side(at: str) -> str:
    return "response" if at.startswith("answer") else "request"


@pytest.mark.parametrize(("at", "place"), PLACES.items())
@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_discriminator_values_that_change_places(diff: Any, at: str, place: str, keyword: str) -> None:
    def plants(**mapping: str) -> dict[str, Any]:
        schemas = {"Rose": ROSE, "Fern": FERN}
        version = "3.1.0" if "nullable" in at else "3.0.3"
        return document(at, union(schemas, mapping, keyword=keyword), schemas, version)

    rule = f"{side(at)}-property-discriminator-mapping-changed"
    both = plants(a="Rose", b="Fern")
    assert diff(both, plants(a="Fern", b="Rose")) == [
        f"{rule}: {place}: a: Rose -> a: Fern",
        f"{rule}: {place}: b: Fern -> b: Rose",
    ]
    assert diff(plants(), plants(Rose="Fern", Fern="Rose")) == [
        f"{rule}: {place}: Fern: Fern -> Fern: Rose",
        f"{rule}: {place}: Rose: Rose -> Rose: Fern",
    ]
    assert diff(plants(a="Rose", b="Fern", c="Fern"), plants(a="Rose", b="Fern", c="Rose")) == [
        f"{rule}: {place}: c: Fern -> c: Rose"
    ]


def test_values_that_change_places_between_classes_that_look_alike(diff: Any) -> None:
    schemas = {"Rose": thing(name=TEXT), "Fern": thing(name=TEXT)}
    before, after = (union(schemas, mapping) for mapping in ({"a": "Rose", "b": "Fern"}, {"a": "Fern", "b": "Rose"}))
    assert [line.partition(":")[0] for line in diff(*(document("answer", u, schemas) for u in (before, after)))] == [
        "response-property-discriminator-mapping-changed"
    ] * 2


def test_constants_that_change_places(diff: Any) -> None:
    def plants(rose: str, fern: str) -> dict[str, Any]:
        kinds = [merged(schema, {"properties": {"kind": {"const": c}}}) for schema, c in ((ROSE, rose), (FERN, fern))]
        schemas = dict(zip(("Rose", "Fern"), kinds, strict=True))
        return document("answer", union(schemas, None), schemas)

    findings = diff(plants("a", "b"), plants("b", "a"))
    assert findings[:2] == [
        "response-property-discriminator-mapping-changed: answer 200: kind: a: Rose -> kind: a: Fern",
        "response-property-discriminator-mapping-changed: answer 200: kind: b: Fern -> kind: b: Rose",
    ]


def test_a_value_of_a_variant_that_is_gone(diff: Any) -> None:
    both, alone = {"Rose": ROSE, "Fern": FERN, "Moss": thing(soft=TEXT)}, {"Fern": FERN, "Moss": thing(soft=TEXT)}
    before = document("answer", union(both, {"a": "Rose", "b": "Fern", "c": "Moss"}), both)
    after = document("answer", union(alone, {"a": "Fern", "b": "Fern", "c": "Moss"}), alone)
    assert diff(before, after) == [
        "response-property-discriminator-mapping-changed: answer 200: a: Rose -> a: Fern",
        "response-property-any-of-removed: answer 200: a -> ",
    ]


STARTED = {"Event": EVENT, "Started": event(input=TEXT)}


@pytest.mark.parametrize(("at", "place"), PLACES.items())
@pytest.mark.parametrize("values", [True, False], ids=["mapping", "names"])
def test_an_unrelated_variant_is_not_the_one_that_it_replaces(diff: Any, at: str, place: str, values: bool) -> None:
    def events(name: str, **data: Any) -> dict[str, Any]:
        schemas = {**STARTED, name: event(**data)}
        mapping = {"Started": "started", name: name.lower()} if values else {}
        inverted = {value: class_ for class_, value in mapping.items()}
        return document(at, union(schemas, inverted, "event"), schemas)

    words = ("watered", "pruned") if values else ("Watered", "Pruned")
    findings = diff(events("Watered", liters=INTEGER), events("Pruned", twigs=INTEGER, deep=TEXT))
    read = " as started" if values else " as Started"
    assert [line.partition(": ")[2] for line in findings] == [
        f"{place}: {words[0]} -> ",
        f"{place}:  -> {words[1]}{read if at.startswith('answer') else ''}",
    ]


@pytest.mark.parametrize("values", [True, False], ids=["mapping", "names"])
def test_a_variant_under_another_name_is_recognized_by_what_it_has_of_its_own(diff: Any, values: bool) -> None:
    def events(name: str, **data: Any) -> dict[str, Any]:
        schemas = {**STARTED, name: event(**data)}
        inverted = {"started": "Started", "watered": name} if values else {"Started": "Started", name: name}
        return document("answer", union(schemas, inverted, "event"), schemas)

    mappings = (
        []
        if values
        else [
            "response-property-discriminator-mapping-added: answer 200:  -> Soaked",
            "response-property-discriminator-mapping-deleted: answer 200: Watered -> ",
        ]
    )
    label = "watered" if values else "Watered"
    assert diff(events("Watered", liters=INTEGER), events("Soaked", liters=INTEGER, rain=TEXT)) == [
        *mappings,
        f"response-optional-property-added: answer 200 /({label})/data/rain:  -> text",
    ]


def test_what_only_some_of_the_others_have_is_little_evidence(diff: Any) -> None:
    def events(name: str, **data: Any) -> dict[str, Any]:
        schemas = {**STARTED, "Rested": EVENT, name: event(**data)}
        return document("answer", union(schemas, {}, "event"), schemas)

    findings = diff(events("Watered", liters=INTEGER), events("Pruned", twigs=INTEGER))
    assert [line.partition(": ")[2] for line in findings] == [
        "answer 200: Watered -> ",
        "answer 200:  -> Pruned as Started",
    ]


CUT = {"type": "object", "required": ["event", "cuts"], "properties": {"event": TEXT, "cuts": INTEGER}}


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        (EVENT, "mistaken: answer 200:  -> Pruned as Rested"),
        (event(twigs=INTEGER), "mistaken: answer 200:  -> Pruned as Started"),
        (CUT, "added: answer 200:  -> Pruned"),
        (merged(EVENT, {"properties": {"at": INTEGER}}), "added: answer 200:  -> Pruned"),
        (
            merged(EVENT, {"properties": {"at": {"type": ["string", "null"]}}}),
            "mistaken: answer 200:  -> Pruned as Rested",
        ),
    ],
    ids=["as another", "with data", "without what all require", "of another type", "or null"],
)
def test_a_new_variant_is_read_as_the_class_that_it_fits(diff: Any, variant: Any, expected: str) -> None:
    old = {**STARTED, "Rested": EVENT}
    new = {**old, "Pruned": variant}
    before, after = (document("answer", union(schemas, {}, "event"), schemas) for schemas in (old, new))
    assert diff(before, after) == [f"response-property-any-of-{expected}"]
