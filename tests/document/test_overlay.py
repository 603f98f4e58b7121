"""OpenAPI Overlay 1.0, rule by rule; and stricter than it where a correction would go stale without a word."""

from __future__ import annotations

from textwrap import indent
from typing import Any

import pytest

from generator import steps
from generator.document.loading import parse
from generator.document.overlay import apply_overlay
from generator.document.problems import Problems, Source
from generator.document.tree import Object

SPEC = """\
openapi: 3.1.0
info:
  title: Things
  version: "1"
tags:
  - name: a
  - name: b
paths:
  /a:
    get: {summary: A, tags: [a]}
    post: {summary: A, tags: [a]}
  /b:
    get: {summary: B, tags: [b]}
"""


def overlay(actions: str) -> Object:
    head = "overlay: 1.0.0\ninfo: {title: Corrections, version: 1.0.0}\nactions:\n"
    result: Object = parse(head + indent(actions, "  "), "overlay.yaml")
    return result


def applied(actions: str) -> tuple[Object, list[str]]:
    """The corrected document and the printed problems."""
    problems = Problems()
    result = apply_overlay(parse(SPEC, "spec.yaml"), overlay(actions), problems)
    return result, [str(problem) for problem in problems]


def corrected(actions: str) -> Any:
    result, problems = applied(actions)
    assert problems == []
    return result


def refusals(actions: str) -> list[str]:
    return applied(actions)[1]


# Updating


def test_an_update_adds_keys_and_replaces_plain_values() -> None:
    document = corrected("- {target: $.info, description: why, update: {title: New, license: {name: MIT}}}")
    assert document["info"] == {"title": "New", "version": "1", "license": {"name": "MIT"}}


def test_an_update_merges_mappings_at_every_level() -> None:
    document = corrected("- {target: $, description: why, update: {paths: {/a: {get: {deprecated: true}}}}}")
    assert document["paths"]["/a"]["get"] == {"summary": "A", "tags": ["a"], "deprecated": True}
    assert document["paths"]["/a"]["post"] == {"summary": "A", "tags": ["a"]}


def test_an_update_concatenates_arrays_inside_a_mapping() -> None:
    document = corrected("- {target: $, description: why, update: {tags: [{name: c}, {name: d}]}}")
    assert [tag["name"] for tag in document["tags"]] == ["a", "b", "c", "d"]


def test_an_update_of_an_array_appends_one_item() -> None:
    document = corrected("- {target: $.tags, description: why, update: {name: c}}")
    assert [tag["name"] for tag in document["tags"]] == ["a", "b", "c"]


def test_an_update_may_set_null() -> None:
    assert corrected("- {target: $.info, description: why, update: {title: null}}")["info"]["title"] is None


def test_an_update_goes_to_every_match() -> None:
    document = corrected("- {target: $.paths.*.*, description: why, update: {deprecated: true}}")
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    assert [operation["deprecated"] for operation in operations] == [True, True, True]


def test_what_every_match_gets_is_its_own() -> None:
    document = corrected(
        "- {target: $.paths.*.get, description: why, update: {x: {}}}\n"
        "- {target: \"$.paths['/a'].get.x\", description: why, update: {only: here}}"
    )
    assert document["paths"]["/b"]["get"]["x"] == {}


def test_a_filter_selects_by_content() -> None:
    document = corrected("- {target: \"$.paths.*[?@.summary == 'B']\", description: why, update: {summary: New}}")
    assert [item["get"]["summary"] for item in document["paths"].values()] == ["A", "New"]


def test_an_update_is_enough_when_it_changes_one_of_its_matches() -> None:
    document = corrected("- {target: $.paths.*.get, description: why, update: {summary: B}}")
    assert document["paths"]["/a"]["get"]["summary"] == "B"


# Removing


def test_a_key_is_removed() -> None:
    assert list(corrected("- {target: \"$.paths['/a'].get\", description: why, remove: true}")["paths"]["/a"]) == [
        "post"
    ]


def test_items_are_removed_from_an_array() -> None:
    assert corrected("- {target: \"$.tags[?@.name == 'a']\", description: why, remove: true}")["tags"] == [
        {"name": "b"}
    ]


def test_several_items_of_one_array_are_removed_at_once() -> None:
    assert corrected("- {target: '$.tags[0, 1]', description: why, remove: true}")["tags"] == []


def test_a_match_inside_another_match_is_removed_with_it() -> None:
    document = corrected("- {target: '$.paths..[?@.get || @.summary]', description: why, remove: true}")
    assert document["paths"] == {}


def test_remove_may_say_false_beside_an_update() -> None:
    document = corrected("- {target: $.info, description: why, update: {title: New}, remove: false}")
    assert document["info"]["title"] == "New"


# Order


def test_actions_are_applied_in_their_order() -> None:
    document = corrected(
        "- {target: $.tags, description: it cannot be replaced in place, remove: true}\n"
        "- {target: $, description: so it comes anew, update: {tags: [{name: z}]}}\n"
        "- {target: '$.tags[0]', description: and is changed, update: {name: y}}"
    )
    assert document["tags"] == [{"name": "y"}]


def test_an_action_may_target_what_an_earlier_one_brought() -> None:
    document = corrected(
        "- {target: $.info, description: why, update: {contact: {}}}\n"
        "- {target: $.info.contact, description: why, update: {name: N}}"
    )
    assert document["info"]["contact"] == {"name": "N"}


def test_the_published_document_itself_is_left_alone() -> None:
    published = parse(SPEC, "spec.yaml")
    apply_overlay(published, overlay("- {target: $.info, description: why, update: {title: New}}"), Problems())
    assert published == parse(SPEC, "spec.yaml")


# Sources


def test_what_an_overlay_brings_is_reported_at_the_overlay() -> None:
    document = corrected("- target: $\n  description: why\n  update:\n    info: {title: New}\n    tags: [{name: c}]\n")
    assert document["info"].where("title") == Source("overlay.yaml", "/info/title", 7)
    assert document["tags"].where(2) == Source("overlay.yaml", "/tags/2", 8)


def test_what_an_overlay_leaves_is_reported_at_the_document_by_its_new_pointer() -> None:
    document = corrected("- {target: '$.tags[0]', description: why, remove: true}")
    assert document["tags"].where(0) == Source("spec.yaml", "/tags/0", 7)


# Strictness


def test_an_action_that_matches_nothing_is_refused() -> None:
    assert refusals("- {target: $.gone, description: why, update: {a: 1}}") == [
        "overlay.yaml:4: error[overlay-no-match]: '$.gone' matches nothing\n"
        "    hint: the published document changed, or the target is misspelled; correct or delete the action"
    ]


@pytest.mark.parametrize("update", ["{title: Things}", "{}", "{title: Things, version: '1'}"])
def test_an_update_that_changes_nothing_is_refused(update: str) -> None:
    assert refusals(f"- {{target: $.info, description: why, update: {update}}}") == [
        "overlay.yaml:4: error[overlay-no-change]: the update of '$.info' changes nothing\n"
        "    hint: the published document now has this value itself; delete the action"
    ]


def test_a_number_in_place_of_the_same_text_is_a_change() -> None:
    assert corrected("- {target: $.info, description: why, update: {version: 1}}")["info"]["version"] == 1


def test_another_spelling_of_a_number_is_a_change_and_stays() -> None:
    document = corrected(
        """\
- {target: $.info, description: why, update: {version: 1.1}}
- {target: $.info, description: why, update: {version: 1.10}}
- {target: $.tags, description: why, update: 01}
- {target: $.info, description: why, update: {words: [02]}}
"""
    )
    assert document["info"].as_written("version") == "1.10"
    assert document["tags"].as_written()[-1] == "01"
    assert document["info"]["words"].as_written() == ["02"]


def test_true_in_place_of_one_is_a_change() -> None:
    document = corrected(
        "- {target: $.info, description: why, update: {x: 1}}\n- {target: $.info, description: why, update: {x: true}}"
    )
    assert document["info"]["x"] is True


@pytest.mark.parametrize("target", ["$.info[", "$[?@.a > 1e400]"])
def test_a_target_that_is_not_a_jsonpath_is_refused(target: str) -> None:
    (refusal,) = refusals(f"- {{target: '{target}', description: why, update: {{a: 1}}}}")
    assert refusal.startswith(f"overlay.yaml:4: error[overlay-target]: '{target}' is not an RFC 9535 JSONPath: ")


STEPS = "    hint: name what is meant, without `..` in or behind `..`, and with simpler patterns"


def test_a_target_selects_by_patterns_that_take_linear_time() -> None:
    target = "$.tags[?match(@.name, '(a+)+')]"
    document = corrected(f'- {{target: "{target}", description: why, update: {{x: 1}}}}')
    assert document["tags"] == [{"name": "a", "x": 1}, {"name": "b"}]
    actions = f"""\
- {{target: $.tags, description: why, update: {{name: {"a" * 5_000}}}}}
- {{target: "$.tags[?search(@.name, '(a|aa)+(a+)+c')]", description: why, update: {{x: 1}}}}
"""
    (refusal,) = refusals(actions)
    assert "error[overlay-no-match]" in refusal


@pytest.mark.parametrize("target", ["$..*..*..*..*", "$..[?@..[?@..[?@..x]]]", "$.tags[?match(@.name, '(a{99}){99}')]"])
def test_a_target_that_takes_too_many_steps_is_refused(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "BASE", 30)
    monkeypatch.setattr(steps, "PER_VALUE", 1)
    actions = f'- {{target: "{target}", description: why, update: {{a: 1}}}}'
    for _ in range(2):
        assert refusals(actions) == [f"overlay.yaml:4: error[overlay-target]: {target!r} takes too many steps\n{STEPS}"]


def test_an_update_of_very_many_values_takes_too_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "BASE", 2_000)
    monkeypatch.setattr(steps, "PER_VALUE", 1)
    update = "[" + "{x: {y: {}}}, " * 100 + "{}]"
    (refusal,) = refusals(f"- {{target: '$..[?@.summary]', description: why, update: {{beds: {update}}}}}")
    assert refusal.startswith("overlay.yaml:4: error[overlay-target]: '$..[?@.summary]' takes too many steps")


@pytest.mark.parametrize("verb", ["update: {a: 1}", "remove: true"])
def test_a_target_that_is_a_plain_value_is_refused(verb: str) -> None:
    assert refusals(f"- {{target: $.info.title, description: why, {verb}}}") == [
        "overlay.yaml:4: error[overlay-incompatible]: '$.info.title' selects a value that is not a mapping or a list\n"
        "    hint: target the mapping that contains it, and update its key"
    ]


def test_the_whole_document_cannot_be_removed() -> None:
    assert refusals("- {target: $, description: why, remove: true}") == [
        "overlay.yaml:4: error[overlay-target]: the whole document cannot be removed"
    ]


@pytest.mark.parametrize("value", ["{a: 1}", "[a]"])
def test_a_plain_value_does_not_become_a_collection_in_place(value: str) -> None:
    assert refusals(f"- {{target: $.info, description: why, update: {{title: {value}}}}}") == [
        "overlay.yaml:4: error[overlay-incompatible]: 'title' has another JSON type in the document\n"
        "    hint: remove it first, in a separate action"
    ]


def test_a_collection_does_not_become_a_plain_value_in_place() -> None:
    (refusal,) = refusals("- {target: $, description: why, update: {tags: none}}")
    assert refusal.startswith(
        "overlay.yaml:4: error[overlay-incompatible]: 'tags' has another JSON type in the document"
    )


def test_the_update_of_a_mapping_is_a_mapping() -> None:
    assert refusals("- {target: $.info, description: why, update: text}") == [
        "overlay.yaml:4: error[overlay-shape]: the update of a mapping must be a mapping"
    ]


@pytest.mark.parametrize("reason", ["", "description: '', ", "description: '  ', ", "description: 1, "])
def test_an_action_without_a_reason_is_refused(reason: str) -> None:
    assert refusals(f"- {{target: $.info, {reason}update: {{title: New}}}}") == [
        "overlay.yaml:4: error[overlay-reason]: an action needs a description: the reason for the correction"
    ]


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("text", "an action must be a mapping"),
        ("{description: why, update: {a: 1}}", "an action needs a target, an RFC 9535 JSONPath"),
        ("{target: $.info, description: why}", "an action needs either `update` or `remove`"),
        ("{target: $.info, description: why, remove: false}", "an action needs either `update` or `remove`"),
        (
            "{target: $.info, description: why, update: {a: 1}, remove: true}",
            "an action needs either `update` or `remove`",
        ),
        ("{target: $.info, description: why, remove: 'yes'}", "`remove` must be true or false"),
    ],
)
def test_an_action_of_another_shape_is_refused(action: str, message: str) -> None:
    assert refusals(f"- {action}") == [f"overlay.yaml:4: error[overlay-shape]: {message}"]


def test_an_unknown_field_is_refused() -> None:
    assert refusals("- {target: $.info, description: why, remove: true, copy: $.paths}") == [
        "overlay.yaml:4: error[overlay-shape]: unknown field 'copy'\n"
        "    hint: the fields here are: description, remove, target, update"
    ]


def test_fields_for_extensions_are_left_alone() -> None:
    document = corrected("- {target: $.info, description: why, update: {title: New}, x-since: 2026-11-22}")
    assert document["info"]["title"] == "New"


def test_every_wrong_action_is_reported_at_once() -> None:
    problems = refusals(
        "- {target: $.gone, description: why, update: {a: 1}}\n"
        "- {target: $.info, update: {title: New}}\n"
        "- {target: $.lost, description: why, remove: true}"
    )
    assert sorted(refusal.partition(": error[")[0] for refusal in problems) == [
        "overlay.yaml:4",
        "overlay.yaml:5",
        "overlay.yaml:6",
    ]


# The head of the file


def head_refusals(text: str) -> list[str]:
    problems = Problems()
    apply_overlay(parse(SPEC, "spec.yaml"), parse(text, "overlay.yaml"), problems)
    return [str(problem) for problem in problems]


ACTION = "actions: [{target: $.info, description: why, update: {title: New}}]\n"


@pytest.mark.parametrize("version", ["1.1.0", "2.0.0", "1.0", "1", "'1.0.0 '", "null"])
def test_another_version_of_the_standard_is_refused(version: str) -> None:
    (refusal,) = head_refusals(f"overlay: {version}\ninfo: {{title: T, version: '1'}}\n{ACTION}")
    assert refusal.startswith("overlay.yaml:1: error[overlay-version]: overlay: ")
    assert refusal.endswith(" is not 1.0.x")


@pytest.mark.parametrize("info", ["", "info: text\n", "info: {title: T}\n", "info: {title: T, version: 1}\n"])
def test_an_overlay_without_a_title_and_a_version_is_refused(info: str) -> None:
    (refusal,) = head_refusals(f"overlay: 1.0.0\n{info}{ACTION}")
    assert refusal.endswith("error[overlay-shape]: an overlay needs info.title and info.version as text")


@pytest.mark.parametrize("actions", ["", "actions: []\n", "actions: {}\n", "actions: null\n"])
def test_an_overlay_without_actions_is_refused(actions: str) -> None:
    (refusal,) = head_refusals(f"overlay: 1.0.0\ninfo: {{title: T, version: '1'}}\n{actions}")
    assert refusal.endswith("error[overlay-shape]: an overlay needs at least one action")


def test_an_unknown_field_of_the_overlay_is_refused() -> None:
    assert head_refusals(f"overlay: 1.0.0\ninfo: {{title: T, version: '1'}}\nextend: a.yaml\n{ACTION}") == [
        "overlay.yaml:3: error[overlay-shape]: unknown field 'extend'\n"
        "    hint: the fields here are: actions, extends, info, overlay"
    ]
