"""JSON Pointers and references, and mappings whose keys keep their lines."""

from __future__ import annotations

import pytest

from generator.document.loading import parse
from generator.document.pointer import dereference, find, reference_to, split_fragment

DOCUMENT = parse(
    """\
a/b: {c~d: [zero, one]}
refers: {$ref: '#/a~1b'}
lost: {$ref: '#/nowhere'}
other: {$ref: 'other.yaml#/a~1b'}
""",
    "spec.yaml",
)


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("a/b", "c~d", "1"), "one"),
        (("a/b", "c~d", "2"), None),
        (("a/b", "c~d", "-"), None),
        (("a/b", "c~d", "\u0967"), None),
        (("x",), None),
    ],
)
def test_keys_lead_to_a_value_or_nowhere(keys: tuple[str, ...], value: str | None) -> None:
    assert find(DOCUMENT, keys) == value


def test_a_reference_is_followed_inside_the_document_alone() -> None:
    assert dereference(DOCUMENT["refers"], DOCUMENT) is DOCUMENT["a/b"]
    for key in ("a/b", "lost", "other"):
        assert dereference(DOCUMENT[key], DOCUMENT) is DOCUMENT[key]


def test_the_fragment_of_a_uri_is_decoded_before_its_keys_are_unescaped() -> None:
    assert split_fragment("/a~1b/c%7E0d/%25") == ("a/b", "c~d", "%")
    assert (split_fragment("Anchor"), split_fragment("")) == (("Anchor",), ())
    assert reference_to("a/b", "c~d") == "#/a~1b/c~0d"


def test_a_renamed_key_keeps_its_position_and_its_line() -> None:
    renamed = DOCUMENT.renaming({"refers": "x"})
    assert [*renamed] == ["a/b", "x", "lost", "other"]
    assert (renamed.where("x").line, DOCUMENT.where("refers").line) == (2, 2)
    assert DOCUMENT.renaming({}) is DOCUMENT


def test_selected_items_keep_their_lines() -> None:
    items = parse("- a\n- b\n- c\n", "spec.yaml")
    selected = items.selecting([0, 2])
    assert (selected, [selected.where(i).line for i in (0, 1)]) == (["a", "c"], [1, 3])
