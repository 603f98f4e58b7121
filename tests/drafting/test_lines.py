"""What a draft quotes is read as it was, whatever it is; a comment stays one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.document.loading import parse
from generator.drafting.lines import Line, comment, flow, key, listed, scalar, yaml
from generator.escaping import one_line

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
ODD = ["", "?", "? a", "a?", "no", "1", "1_0", "0x1", "1.5", "12:30", "2026-01-02", "null", "~", "- a", "a: b", "a #b"]
ODD += [
    "{a}",
    "[a",
    "a, b",
    "'",
    '"',
    "\\",
    "a\nb",
    "\t",
    " a",
    "a ",
    "&a",
    "*a",
    "!a",
    "%a",
    "@a",
    "`a`",
    "=",
    "<<",
    "a:",
]


@given(TEXTS | st.sampled_from(ODD), TEXTS | st.sampled_from(ODD))
def test_texts_are_read_as_they_were(name: str, value: str) -> None:
    block = yaml([Line(f"{key(name)}: {scalar(value)}", comment(value))])
    assert parse(block, "draft.yaml") == {name: value}
    inside = yaml([Line(f"at: {flow({name: [value, name], 'last': value})}")])
    expected = {"at": {name: [value, name], "last": value}} if name != "last" else {"at": {"last": value}}
    assert parse(inside, "draft.yaml") == expected


@given(st.lists(TEXTS | st.sampled_from(ODD), min_size=1, max_size=30))
def test_lists_of_any_length_are_read_as_they_were(values: list[str]) -> None:
    lines = listed("- fields: ", values)
    assert all(len(line.text) <= 120 or line.text.count(" ") < 200 for line in lines)
    assert parse(yaml(lines), "draft.yaml") == [{"fields": values}]


@pytest.mark.parametrize("text", ["First. Second.", "First\n\nSecond", "First.\nSecond"])
def test_a_comment_is_the_first_sentence(text: str) -> None:
    assert comment(text).rstrip(".") == "First"


@given(TEXTS)
def test_a_comment_is_on_one_line(text: str) -> None:
    assert comment(text) == one_line(comment(text))
    assert len(comment(text)) <= 12 * 10
