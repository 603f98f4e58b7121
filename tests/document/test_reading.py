"""JSON is read like YAML, of which it is a part: the same values, lines, spellings and counts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.document import loading
from generator.document.problems import Problems
from generator.document.reading.json_text import read_json
from generator.document.reading.yaml_text import read_yaml
from generator.document.tree import Array, Object

_TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF) | st.sampled_from('\n\t"\\/~😀'), max_size=8)
_NUMBERS = st.sampled_from(["0", "-0", "01", "1.0", "1.10", "1e3", "1E400", "-7", "9" * 30, "0.1e-2"])
_SPACES = st.sampled_from(["", " ", "\n", "\r\n", "\n\n  ", "\t"])


@st.composite
def _json(draw: st.DrawFn, depth: int = 0) -> str:
    """JSON text with any blanks, and now and then what is not JSON, or no other JSON can hold."""
    kind = draw(st.integers(0, 3 if depth > 3 else 6))
    if kind < 2:
        return draw(st.sampled_from(["null", "true", "false", "NaN", "x"]) if kind else _NUMBERS)
    if kind < 4:
        return json.dumps(draw(_TEXTS), ensure_ascii=draw(st.booleans()))
    blank = [draw(_SPACES) for _ in range(5)]
    items = draw(st.lists(_json(depth + 1), max_size=4))
    if kind == 4:
        return f"[{blank[0]}{f'{blank[1]},{blank[2]}'.join(items)}{blank[3]}]"
    keys = [json.dumps(draw(_TEXTS)) for _ in items]
    pairs = [f"{key}{blank[1]}:{blank[2]}{item}" for key, item in zip(keys, items, strict=True)]
    return f"{{{blank[0]}{f'{blank[3]},{blank[4]}'.join(pairs)}{blank[0]}}}"


def _with_places(value: Any) -> object:
    """A value with all that is known about its places."""
    if isinstance(value, Object):
        items = [(key, value.marks[key], _with_places(item)) for key, item in value.items()]
        return "mapping", repr(value.source), items
    if isinstance(value, Array):
        return "list", repr(value.source), value.marks, [*map(_with_places, value)]
    return type(value), value


@given(_json())
def test_what_is_json_without_doubt_is_read_as_by_the_reader_of_yaml(text: str) -> None:
    read = read_json(text, "f.json")
    if read is None:
        return
    assert json.loads(text) == read[0]
    problems = Problems()
    value, count = read_yaml(loading._with_explicit_keys(text.translate(loading._ESCAPED)), "f.json", problems)
    assert problems == []
    assert (_with_places(read[0]), read[1]) == (_with_places(value), count)


@pytest.mark.parametrize(
    "text",
    [
        *("{", "[1,]", "{} {}", "[01]", "[NaN]", "['a']", "[1] # a comment", "[" * 100_000),
        *('{"a": 1, "a": 2}', "[1e400]", '["\\ud83d"]', '["\ufeff"]', '["a"]\r', '["\ud83d"]', "[" * 121 + "]" * 121),
    ],
)
def test_whatever_else_there_is_goes_to_the_reader_of_yaml(text: str) -> None:
    assert read_json(text, "f.json") is None


def test_documents_without_mistakes_do_not_need_it() -> None:
    text = json.dumps({"a": ["ä😀\n", 1.5, -0.0, None, True], "b/~": {"c": {}}}, indent=1)
    assert read_json(text, "f.json") is not None
    assert read_json(text.replace("\n", "\r\n"), "f.json") is not None
