"""Properties beyond the declared ones: clients send and read them where the old document says that there are any."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diff.wire.shorthand import INTEGER, NUMBER, TEXT

ABSENT = "absent"
DECLARED = {"type": "object", "properties": {"name": TEXT}}
PLANT = {"type": "object", "properties": {"height": INTEGER}}
PLANTS = {"type": "array", "items": TEXT}


def bed(additional: Any) -> dict[str, Any]:
    """A schema with a declared property, and `additionalProperties`."""
    return DECLARED if additional == ABSENT else {**DECLARED, "additionalProperties": additional}


REFUSED = "request-further-properties-refused: body"
RETYPED, WIDENED = "request-property-type-changed: body /{}", "request-property-type-generalized: body /{}"
READ, GONE = "response-property-type-changed: answer 200 /{}", "response-further-properties-removed: answer 200"
ALLOWED = "further-properties-changed"


@pytest.mark.parametrize(
    ("before", "after", "sent", "received"),
    [
        (TEXT, False, f"{REFUSED}: text -> none", f"{GONE}: text -> none"),
        (True, False, f"{REFUSED}: any value -> none", f"{GONE}: any value -> none"),
        ({}, False, f"{REFUSED}: any value -> none", f"{GONE}: any value -> none"),
        (ABSENT, False, f"{ALLOWED}: body: any value -> none", f"{ALLOWED}: answer 200: any value -> none"),
        (False, TEXT, f"{ALLOWED}: body: none -> text", f"{ALLOWED}: answer 200: none -> text"),
        (ABSENT, TEXT, f"{ALLOWED}: body: any value -> text", f"{ALLOWED}: answer 200: any value -> text"),
        (TEXT, INTEGER, f"{RETYPED}: text -> integer", f"{READ}: text -> integer"),
        (
            INTEGER,
            NUMBER,
            f"{WIDENED}: integer -> number",
            "response-property-type-generalized: answer 200 /{}: integer -> number",
        ),
        (
            NUMBER,
            INTEGER,
            f"{RETYPED}: number -> integer",
            "response-property-type-specialized: answer 200 /{}: number -> integer",
        ),
        (
            TEXT,
            ABSENT,
            f"{WIDENED}: text -> any value",
            "response-property-type-generalized: answer 200 /{}: text -> any value",
        ),
        (
            True,
            TEXT,
            f"{RETYPED}: any value -> text",
            "response-property-type-specialized: answer 200 /{}: any value -> text",
        ),
        (
            PLANTS,
            {**PLANTS, "items": INTEGER},
            "request-property-type-changed: body /{}/*: text -> integer",
            f"{READ}/*: text -> integer",
        ),
    ],
)
def test_where_clients_know_of_additional_properties_they_are_compared(
    diff: Any, before: Any, after: Any, sent: str, received: str
) -> None:
    assert diff({"body": bed(before)}, {"body": bed(after)}) == [sent]
    assert diff({"answer": bed(before)}, {"answer": bed(after)}) == [received]


def test_whether_it_is_said_that_anything_goes_does_not_matter(diff: Any) -> None:
    spellings: tuple[Any, ...] = (True, {}, ABSENT)
    for additional in spellings:
        for place in ("body", "answer"):
            assert diff({place: bed(additional)}, {place: bed(ABSENT)}) == []
            assert diff({place: bed(ABSENT)}, {place: bed(additional)}) == []


def test_they_are_compared_wherever_the_object_is(diff: Any) -> None:
    def garden(additional: Any, within: str) -> dict[str, Any]:
        inner: Any = {"$ref": "#/components/schemas/Bed"}
        schemas = {"Bed": bed(additional)}
        match within:
            case "list":
                inner = {"type": "array", "items": inner}
            case "map":
                inner = {"type": "object", "additionalProperties": inner}
            case "allOf":
                inner = {"allOf": [inner, {"type": "object", "properties": {"size": INTEGER}}]}
            case "null":
                inner = {"anyOf": [inner, {"type": "null"}]}
            case _:
                pass
        body = {"type": "object", "properties": {"beds": inner}}
        return {"body": body, "document": {"components": {"schemas": schemas}}}

    for within, below in {"": "", "list": "/*", "map": "/{}", "allOf": "", "null": ""}.items():
        place = f"body /beds{below}"
        old, closed = garden(TEXT, within), garden(False, within)
        assert diff(old, closed) == [f"request-further-properties-refused: {place}: text -> none"], within
        assert diff(old, garden(INTEGER, within)) == [
            f"request-property-type-changed: {place}/{{}}: text -> integer"
        ], within


def test_what_is_inside_of_them_is_compared(diff: Any) -> None:
    taller = {"type": "object", "properties": {"height": NUMBER}}
    assert diff({"answer": bed(PLANT)}, {"answer": bed(taller)}) == [
        "response-property-type-generalized: answer 200 /{}/height: integer -> number"
    ]
    assert diff({"body": bed(PLANT)}, {"body": bed({**PLANT, "required": ["height"]})}) == [
        "request-property-became-required: body /{}/height: optional -> required"
    ]


def test_a_new_property_had_values_among_typed_ones(diff: Any) -> None:
    def with_size(schema: Any, additional: Any) -> dict[str, Any]:
        return {**bed(additional), "properties": {"name": TEXT, "size": schema}}

    added = "new-optional-request-property: body /size:  -> integer"
    assert diff({"body": bed(TEXT)}, {"body": with_size(INTEGER, TEXT)}) == [
        added,
        "request-property-type-changed: body /size: text -> integer",
    ]
    assert diff({"body": bed(INTEGER)}, {"body": with_size(INTEGER, INTEGER)}) == [added]
    assert diff({"body": bed(True)}, {"body": with_size(INTEGER, True)}) == [added]
    assert diff({"answer": bed(TEXT)}, {"answer": with_size(INTEGER, TEXT)}) == [
        "response-optional-property-added: answer 200 /size:  -> integer",
        "response-property-type-changed: answer 200 /size: text -> integer",
    ]


def test_a_map_that_is_closed_is_refused_or_empty(diff: Any) -> None:
    named = {"type": "object", "additionalProperties": TEXT}
    assert diff({"body": named}, {"body": bed(False)}) == [
        "new-optional-request-property: body /name:  -> text",
        f"{REFUSED}: text -> none",
    ]
    assert diff({"answer": named}, {"answer": bed(False)}) == [
        "response-optional-property-added: answer 200 /name:  -> text",
        f"{GONE}: text -> none",
    ]
