"""What is written as YAML is read again as the same tree, spellings included, and people can read it."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.document.loading import parse
from generator.document.tree import Array, Object
from generator.vendor.yaml_text import yaml_text

TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30),
    st.text("ab \n\t:#-'\"|>%@&*!?{}[],.~=<0123456789eExo\u00a0\ufeff\u2028\r", max_size=30),
    st.lists(st.sampled_from(["word", "no", "12:30", "-", "#", "a:", "'", "longer", "\n", "  "]), max_size=60).map(
        " ".join
    ),
    st.sampled_from(
        ["no", "On", "y", "null", "~", "", "<<", "=", "1_000", "0x1F", ".5", "1e5", "2026-01-01", "...", "---"]
    ),
    st.integers(0, 1200).map(lambda count: "k" * count),
)
NUMBERS = st.sampled_from(["01", "1.10", "1e3", "0x1F", "0o7", "-0", "True", "+1", "1.0"])


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4).map(Array), st.dictionaries(TEXTS, inner, max_size=4).map(Object)
        ),
        max_leaves=20,
    )


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS)


@given(trees(VALUES))
def test_a_tree_is_read_again_as_it_was(value: Any) -> None:
    document = Object({"root": value})
    assert parse(yaml_text(document), "written.yaml") == document


@given(st.dictionaries(TEXTS, TEXTS, max_size=5))
def test_text_is_text_for_readers_of_yaml_1_1_too(texts: dict[str, str]) -> None:
    assert yaml.safe_load(yaml_text(Object(texts))) == texts


def test_numbers_keep_their_spelling() -> None:
    text = "a: 01\nb: 1.10\nc:\n  - 1e3\n  - 0x1F\n  - True\nd: 1.0\n"
    assert yaml_text(parse(text, "a.yaml")) == text


def test_what_was_read_from_json_is_yaml_for_people() -> None:
    document = parse(
        '{"b": {"x": [], "z": {}, "200": [[1, {"k": "v", "l": null}]]}, "a": "- no: \\n\\nlines\\n"}', "a.json"
    )
    assert yaml_text(document) == (
        "b:\n  x: []\n  z: {}\n  '200':\n    - - 1\n      - k: v\n        l: null\na: |\n  - no: \n\n  lines\n"
    )


def test_long_texts_are_folded() -> None:
    words = " ".join(["a word"] * 30)
    text = yaml_text(Object({"description": words}))
    assert text.startswith("description: >-\n  a word a word")
    assert max(map(len, text.split("\n"))) <= 100
