"""What narrows values without shaping their type: every keyword, wherever it stands and however it is spelled."""

from __future__ import annotations

from typing import Any

import pytest

from generator.diff.finding import SEVERITIES
from generator.diff.rules import load_rules
from tests.diff.wire.shorthand import INTEGER, NUMBER, TEXT

Schema = dict[str, Any]
BED: Schema = {"type": "object", "properties": {"crop": TEXT, "depth": TEXT, "width": TEXT}}
LABELS: Schema = {"type": "object", "additionalProperties": TEXT}
CROPS: Schema = {"type": "array", "items": TEXT}
RULES = load_rules()


def itself(schema: Schema) -> Schema:
    return schema


def in_items(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def in_map(schema: Schema) -> Schema:
    return {"type": "object", "additionalProperties": schema}


def in_parts(schema: Schema) -> Schema:
    return {"allOf": [schema, {"description": "In a part of its own."}]}


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def beside_another_type(schema: Schema) -> Schema:
    return {"oneOf": [{"type": "boolean"}, schema]}


def in_a_union(schema: Schema) -> Schema:
    return {"anyOf": [{"type": "boolean"}, schema]}


PLACES = (itself, in_items, in_map, in_parts, or_null, beside_another_type)


def of_properties(schemas: dict[str, Schema]) -> Schema:
    """A document whose body has a property for each schema."""
    return {"body": {"type": "object", "properties": schemas}}


TIGHTER: dict[str, tuple[Schema, Schema]] = {
    "min-properties-set": (LABELS, {**LABELS, "minProperties": 1}),
    "min-properties-increased": ({**LABELS, "minProperties": 1}, {**LABELS, "minProperties": 2}),
    "max-properties-set": (BED, {**BED, "maxProperties": 2}),
    "max-properties-decreased": ({**BED, "maxProperties": 2}, {**BED, "maxProperties": 1}),
    "not-added": (BED, {**BED, "not": {"required": ["crop", "width"]}}),
    "if-added": (BED, {**BED, "if": {"required": ["crop"]}, "then": {"required": ["depth"]}}),
    "dependent-required-added": (BED, {**BED, "dependentRequired": {"crop": ["depth"]}}),
    "dependent-schema-added": (BED, {**BED, "dependentSchemas": {"crop": {"required": ["depth"]}}}),
    "property-names-added": (LABELS, {**LABELS, "propertyNames": {"maxLength": 9}}),
    "pattern-property-added": ({"type": "object"}, {"type": "object", "patternProperties": {"^x-": TEXT}}),
    "unevaluated-properties-added": (BED, {**BED, "unevaluatedProperties": False}),
    "contains-added": (CROPS, {**CROPS, "contains": {"const": "leek"}}),
    "any-of-required-added": (BED, {**BED, "anyOf": [{"required": ["crop"]}, {"required": ["depth"]}]}),
    "one-of-required-added": (BED, {**BED, "oneOf": [{"required": ["crop"]}, {"required": ["depth"]}]}),
    "restriction-tightened": (
        {**CROPS, "contains": {"const": "leek"}},
        {**CROPS, "contains": {"const": "leek"}, "minContains": 2},
    ),
    "unevaluated-items-added": (
        {"type": "array", "prefixItems": [TEXT]},
        {"type": "array", "prefixItems": [TEXT], "unevaluatedItems": False},
    ),
    "prefix-items-added": (
        {"type": "array", "prefixItems": [TEXT], "items": TEXT},
        {"type": "array", "prefixItems": [TEXT, INTEGER], "items": TEXT},
    ),
}


def rules(findings: list[str]) -> dict[str, set[str]]:
    """The rules of findings, by the property of the body that they are about."""
    by_property: dict[str, set[str]] = {}
    for finding in findings:
        rule, place, _ = finding.split(": ", 2)
        by_property.setdefault(place.split("/")[1], set()).add(rule)
    return by_property


@pytest.mark.parametrize("written", PLACES)
def test_a_request_is_narrowed_and_widened_wherever_it_says_so(written: Any, diff: Any) -> None:
    looser = of_properties({rule: written(schema) for rule, (schema, _) in TIGHTER.items()})
    tighter = of_properties({rule: written(schema) for rule, (_, schema) in TIGHTER.items()})
    narrowed, widened = rules(diff(looser, tighter)), rules(diff(tighter, looser))
    assert [rule for rule in TIGHTER if f"request-property-{rule}" not in narrowed.get(rule, ())] == []
    del widened["prefix-items-added"]  # there, other types stand at a position
    assert widened == {rule: {"request-property-constraint-loosened"} for rule in TIGHTER if rule in widened}
    assert len(widened) == len(TIGHTER) - 1


def test_a_component_and_a_parameter_are_narrowed(diff: Any) -> None:
    def in_both(schema: Schema) -> Schema:
        content = {"application/json": {"schema": schema}}
        components = {"schemas": {"Plot": schema}}
        return {
            "body": {"type": "object", "properties": {"plot": {"$ref": "#/components/schemas/Plot"}}},
            "parameters": [{"name": "plot", "in": "query", "content": content}],
            "document": {"components": components},
        }

    for rule in ("min-properties-set", "not-added", "any-of-required-added"):
        looser, tighter = map(in_both, TIGHTER[rule])
        assert [finding.split(": ")[:2] for finding in diff(looser, tighter)] == [
            [f"request-property-{rule}", "parameter query plot"],
            [f"request-property-{rule}", "body /plot"],
        ]


def test_clients_read_responses_whatever_narrows_them(diff: Any) -> None:
    schemas = {rule: pair for rule, pair in TIGHTER.items() if rule != "prefix-items-added"}
    looser = {"answer": of_properties({rule: schema for rule, (schema, _) in schemas.items()})["body"]}
    tighter = {"answer": of_properties({rule: schema for rule, (_, schema) in schemas.items()})["body"]}
    expected = {rule: {"response-property-constraint-changed"} for rule in schemas}
    assert rules(diff(looser, tighter)) == rules(diff(tighter, looser)) == expected


NEED: Schema = {"type": "object", "required": ["crop"], "properties": {"crop": TEXT}}
SAME: dict[str, tuple[Schema, Schema]] = {
    "a bound that every object keeps": (LABELS, {**LABELS, "minProperties": 0}),
    "a bound that required properties keep": (NEED, {**NEED, "minProperties": 1}),
    "a condition that a required property meets": (
        {**BED, "required": ["crop"]},
        {**BED, "required": ["crop"], "anyOf": [{"required": ["crop"]}, {"required": ["depth"]}]},
    ),
    "schemas that admit everything": (LABELS, {**LABELS, "propertyNames": True, "unevaluatedProperties": {}}),
    "no property needs another one": (BED, {**BED, "dependentRequired": {"crop": []}}),
    "a condition without a consequence": (BED, {**BED, "if": {"required": ["crop"]}}),
    "a consequence without a condition": (BED, {**BED, "then": {"required": ["crop"]}}),
    "none has to match": (CROPS, {**CROPS, "contains": {"const": "leek"}, "minContains": 0}),
    "one has to match": (
        {**CROPS, "contains": {"const": "leek"}},
        {**CROPS, "contains": {"enum": ["leek"]}, "minContains": 1},
    ),
    "first items like all others": (CROPS, {**CROPS, "prefixItems": [TEXT, TEXT]}),
    "the order of names": (
        {**BED, "not": {"required": ["crop", "depth"]}},
        {**BED, "not": {"required": ["depth", "crop"]}},
    ),
    "the order of conditions": (
        {**BED, "anyOf": [{"required": ["crop"]}, {"required": ["depth"]}]},
        {**BED, "anyOf": [{"required": ["depth"]}, {"required": ["crop"]}]},
    ),
    "a reference and its target": (
        {**BED, "not": {"$ref": "#/components/schemas/Need"}},
        {**BED, "not": {**NEED, "properties": {"crop": {"type": ["string"], "title": "Crop"}}}},
    ),
    "a pattern that every name matches": (LABELS, {"type": "object", "patternProperties": {".*": TEXT}}),
    "a bound that concerns other types": (TEXT, {**TEXT, "minProperties": 1}),
}


def test_what_narrows_nothing_or_is_only_spelled_differently_is_not_a_change(diff: Any) -> None:
    components = {"document": {"components": {"schemas": {"Need": NEED}}}}
    old = {**of_properties({name: schema for name, (schema, _) in SAME.items()}), **components}
    new = {**of_properties({name: schema for name, (_, schema) in SAME.items()}), **components}
    assert diff(old, new) == []
    assert diff(new, old) == []


NAMES: Schema = {**LABELS, "propertyNames": {"pattern": "^[a-z]+$"}}
CHANGED: dict[str, tuple[Schema, Schema, str]] = {
    "other patterns of names": (NAMES, {**LABELS, "propertyNames": {"pattern": "^[a-z0-9]+$"}}, "attention"),
    "another condition": (
        {**BED, "if": {"required": ["crop"]}, "then": {"required": ["depth"]}},
        {**BED, "if": {"required": ["width"]}, "then": {"required": ["depth"]}},
        "attention",
    ),
    "exactly one of more": (
        {**BED, "oneOf": [{"required": ["crop"]}, {"required": ["depth"]}]},
        {**BED, "oneOf": [{"required": ["crop"]}, {"required": ["depth"]}, {"required": ["width"]}]},
        "attention",
    ),
    "more are excluded": ({**TEXT, "not": {"enum": ["a"]}}, {**TEXT, "not": {"enum": ["a", "b"]}}, "breaking"),
    "fewer are excluded": ({**TEXT, "not": {"enum": ["a", "b"]}}, {**TEXT, "not": {"enum": ["a"]}}, "safe"),
    "one of fewer": (
        {**BED, "anyOf": [{"required": ["crop"]}, {"required": ["depth"]}, {"required": ["width"]}]},
        {**BED, "anyOf": [{"required": ["crop"]}, {"required": ["depth"]}]},
        "breaking",
    ),
    "exactly one of the same": (
        {**BED, "anyOf": [{"required": ["crop"]}, {"required": ["depth"]}]},
        {**BED, "oneOf": [{"required": ["crop"]}, {"required": ["depth"]}]},
        "breaking",
    ),
    "at least one of the same": (
        {**BED, "oneOf": [{"required": ["crop"]}, {"required": ["depth"]}]},
        {**BED, "anyOf": [{"required": ["crop"]}, {"required": ["depth"]}]},
        "safe",
    ),
    "one of two in place of one": (
        {**BED, "required": ["crop"]},
        {**BED, "anyOf": [{"required": ["crop"]}, {"required": ["depth"]}]},
        "safe",
    ),
    "a pattern more of the only names": (
        {"type": "object", "patternProperties": {"^x-": TEXT}, "additionalProperties": False},
        {"type": "object", "patternProperties": {"^x-": TEXT, "^y-": TEXT}, "additionalProperties": False},
        "safe",
    ),
    "types that change places": (
        {"type": "array", "prefixItems": [TEXT, INTEGER], "items": False},
        {"type": "array", "prefixItems": [INTEGER, TEXT], "items": False},
        "breaking",
    ),
    "a last item more": (
        {"type": "array", "prefixItems": [TEXT], "items": False},
        {"type": "array", "prefixItems": [TEXT, INTEGER], "items": False},
        "safe",
    ),
    "another type at the first position": (CROPS, {**CROPS, "prefixItems": [INTEGER]}, "breaking"),
    "any further items": (CROPS, {"type": "array", "prefixItems": [TEXT]}, "safe"),
}


def test_the_direction_of_a_change_decides(diff: Any) -> None:
    old = of_properties({name: schema for name, (schema, _, _) in CHANGED.items()})
    new = of_properties({name: schema for name, (_, schema, _) in CHANGED.items()})
    severities_by_name = {name: {RULES[id_].severity for id_ in ids} for name, ids in rules(diff(old, new)).items()}
    worst = {name: min(severities, key=SEVERITIES.index) for name, severities in severities_by_name.items()}
    assert worst == {name: severity for name, (_, _, severity) in CHANGED.items()}


def test_where_no_direction_is_certain_both_versions_are_told(diff: Any) -> None:
    (finding,) = diff({"body": NAMES}, {"body": {**LABELS, "propertyNames": {"pattern": "^[a-z0-9]+$"}}})
    assert finding == (
        'request-property-restriction-changed: body: {"propertyNames": {"pattern": "^[a-z]+$"}}'
        ' -> {"propertyNames": {"pattern": "^[a-z0-9]+$"}}'
    )


CAT: Schema = {"type": "object", "required": ["name"], "properties": {"name": TEXT, "purrs": {"type": "boolean"}}}
DOG: Schema = {"type": "object", "required": ["name"], "properties": {"name": TEXT, "barks": {"type": "boolean"}}}
LEEK: Schema = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "leek"}}}
PEA: Schema = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "pea"}}}
OVERLAPPING = ((CAT, DOG), (INTEGER, NUMBER), (TEXT, {**TEXT, "format": "uuid"}), ({"type": "object"}, CAT))
DISTINCT = (
    (LEEK, PEA),
    (TEXT, INTEGER),
    ({**TEXT, "format": "uuid"}, {**TEXT, "format": "date"}),
    ({"type": "integer", "maximum": 4}, {"type": "integer", "minimum": 5}),
    ({**NEED, "properties": {"crop": CAT}}, NEED),
)


@pytest.mark.parametrize("written", [itself, in_items, in_map, in_parts, or_null, in_a_union])
def test_a_value_that_matches_several_members_is_refused_by_one_of(written: Any, diff: Any) -> None:
    def union(keyword: str) -> Schema:
        return of_properties({str(i): written({keyword: [*members]}) for i, members in enumerate(OVERLAPPING)})

    any_of, one_of = union("anyOf"), union("oneOf")
    overlapping = rules(diff(any_of, one_of))
    assert all("request-property-one-of-overlaps" in overlapping[str(i)] for i, _ in enumerate(OVERLAPPING))
    assert all("request-property-constraint-loosened" in ids for ids in rules(diff(one_of, any_of)).values())
    assert diff(one_of, one_of) == []


def test_members_that_exclude_each_other_make_no_difference(diff: Any) -> None:
    any_of, one_of = (
        of_properties({str(i): {keyword: [*members]} for i, members in enumerate(DISTINCT)})
        for keyword in ("anyOf", "oneOf")
    )
    assert diff(any_of, one_of) == []
    assert diff(one_of, any_of) == []


def test_a_member_that_overlaps_with_an_old_one_refuses_its_values(diff: Any) -> None:
    old = {"oneOf": [TEXT, INTEGER]}
    added = {"overlaps": {"oneOf": [TEXT, INTEGER, NUMBER]}, "differs": {"oneOf": [TEXT, INTEGER, {"type": "boolean"}]}}
    widened = "request-property-list-of-types-widened"
    assert rules(diff(of_properties({"overlaps": old, "differs": old}), of_properties(added))) == {
        "overlaps": {"request-property-one-of-overlaps", widened},
        "differs": {widened},
    }


def test_a_property_that_became_optional_lets_members_overlap(diff: Any) -> None:
    tulip = {**CAT, "required": ["name", "bulbs"], "properties": {"name": TEXT, "bulbs": INTEGER}}
    old, new = {"oneOf": [CAT, tulip]}, {"oneOf": [CAT, {**tulip, "required": ["name"]}]}
    assert rules(diff(of_properties({"pet": old}), of_properties({"pet": new}))) == {
        "pet": {"request-property-one-of-overlaps", "request-property-became-optional"}
    }


def test_other_types_at_the_positions_of_a_response_deserve_attention(diff: Any) -> None:
    old = {"answer": {"type": "array", "prefixItems": [TEXT, INTEGER], "items": False}}
    assert diff(old, {"answer": {"type": "array", "prefixItems": [INTEGER, TEXT], "items": False}}) == [
        "response-property-prefix-items-changed: answer 200: "
        '{"items": {"not": {}}, "prefixItems": [{"type": "string"}, {"type": "integer"}]} -> '
        '{"items": {"not": {}}, "prefixItems": [{"type": "integer"}, {"type": "string"}]}'
    ]


def test_words_for_what_people_say_in_words(diff: Any) -> None:
    def after(**keywords: Any) -> str:
        (finding,) = diff({"body": BED}, {"body": {**BED, **keywords}})
        return str(finding.partition(" -> ")[2])

    assert (
        after(anyOf=[{"required": ["crop", "depth"]}, {"required": ["width"]}])
        == "at least one of crop and depth, width"
    )
    assert after(oneOf=[{"required": ["crop"]}, {"required": ["width"]}]) == "exactly one of crop, width"
    assert after(dependentRequired={"crop": ["depth", "width"]}) == "crop only with depth and width"
    assert after(minProperties=1) == "at least 1 property"
    assert after(maxProperties=2) == "at most 2 properties"
    long = after(**{"not": {"required": [f"property {number}" for number in range(20)]}})
    assert len(long) < 200
    assert long.startswith('{"not": {"required": ["property 0", ')


def test_what_a_component_adds_to_another_one_is_its_own(diff: Any) -> None:
    def referring(**keywords: Any) -> Schema:
        schemas = {"Bed": BED, "Plot": {"$ref": "#/components/schemas/Bed", **keywords}}
        return {"body": {"$ref": "#/components/schemas/Plot"}, "document": {"components": {"schemas": schemas}}}

    assert diff(referring(), referring(dependentRequired={"crop": ["depth"]})) == [
        "request-property-dependent-required-added: body:  -> crop only with depth"
    ]


def test_of_several_conditions_the_new_one_is_told(diff: Any) -> None:
    def conditions(*needed: str) -> Schema:
        return {"body": {**BED, "allOf": [{"if": {"required": [n]}, "then": {"required": ["crop"]}} for n in needed]}}

    assert diff(conditions("depth"), conditions("width", "depth")) == [
        'request-property-if-added: body:  -> {"if": {"required": ["width"]}, "then": {"required": ["crop"]}}'
    ]
    assert diff(conditions("width", "depth"), conditions("depth", "width")) == []
