"""Of each change the page shows the lines that changed, in both versions, side by side."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.diff.report.html.excerpts import LONGEST, MOST_ROWS, Excerpts, Row
from generator.document.loading import parse
from generator.document.problems import Source
from generator.document.tree import Array, Object

GARDEN = """\
components:
  schemas:
    Garden:
      type: object
      required: [id]
      properties:
        id:
          type: string
        soil:
          type: string
          enum:
          - clay
          - sand
"""


def source(text: str, file: str, *keys: str | int) -> Source:
    """The source of a value, as the stages have it: of a mapping or list its own, else that of its key."""
    value: Any = parse(text, file)
    for key in keys[:-1]:
        value = value[key]
    inner = value[keys[-1]]
    source: Source = inner.source if isinstance(inner, (Object, Array)) else value.where(keys[-1])
    return source


def shown(row: Row) -> str:
    """A row as a line of text: "12 enum: | 13 enum: [clay]", with brackets around what differs."""
    if row.kind == "skipped":
        return f"... {row.skipped}"
    lines = [
        f"{line.number} {line.start}{f'[{line.marked}]' if line.marked else ''}{line.end}" if line else ""
        for line in (row.old, row.new)
    ]
    return f"{row.kind}: {' | '.join(lines)}".rstrip()


def rows(old: str, new: str, old_keys: tuple[str | int, ...] = (), new_keys: tuple[str | int, ...] = ()) -> list[str]:
    excerpts = Excerpts({"old.yaml": old, "new.yaml": new})
    excerpt = excerpts.excerpt(
        source(old, "old.yaml", *old_keys) if old_keys else None,
        source(new, "new.yaml", *new_keys) if new_keys else None,
    )
    return [shown(row) for row in excerpt.rows] if excerpt else []


SOIL = ("components", "schemas", "Garden", "properties", "soil")


def test_of_a_changed_value_both_versions_are_shown_side_by_side() -> None:
    new = GARDEN.replace("        soil:\n          type: string", "        soil:\n          type: [string, 'null']")
    assert rows(GARDEN, new, (*SOIL, "type"), (*SOIL, "type")) == [
        "same: 8   type: string | 8   type: string",
        "same: 9 soil: | 9 soil:",
        "changed: 10   type: [string] | 10   type: [[string, 'null']]",
    ]


def test_what_is_new_is_shown_in_what_contains_it() -> None:
    new = f"{GARDEN}          - peat\n"
    expected = [
        "same: 9 soil: | 9 soil:",
        "same: 10   type: string | 10   type: string",
        "same: 11   enum: | 11   enum:",
        "same: 12   - clay | 12   - clay",
        "same: 13   - sand | 13   - sand",
        "added:  | 14   - peat",
    ]
    assert rows(GARDEN, new, SOIL, (*SOIL, "enum", 2)) == expected
    assert rows(new, GARDEN, (*SOIL, "enum", 2), SOIL)[-1] == "removed: 14   - peat |"


def test_of_what_contains_a_change_other_changes_are_left_out() -> None:
    new = f"{GARDEN}          - peat\n        beds:\n          type: integer\n        plants: {{}}\n"
    shown_rows = rows(GARDEN, new, SOIL[:-1], (*SOIL[:-1], "plants"))
    assert shown_rows == [
        "same: 12   - clay | 12   - clay",
        "same: 13   - sand | 13   - sand",
        "added:  | 14   - peat",
        "added:  | 15 beds:",
        "added:  | 16   type: integer",
        "added:  | 17 plants: {}",
    ]


def test_what_only_one_version_has_is_shown_alone() -> None:
    without = GARDEN[: GARDEN.index("        soil:")]
    expected = ["9 soil:", "10   type: string", "11   enum:", "12   - clay", "13   - sand"]
    removed, come = rows(GARDEN, without, SOIL), rows(without, GARDEN, (), SOIL)
    assert removed == ["same: 7 id: |", "same: 8   type: string |", *(f"removed: {line} |" for line in expected)]
    assert come == ["same:  | 7 id:", "same:  | 8   type: string", *(f"added:  | {line}" for line in expected)]


def test_where_no_line_differs_the_place_is_shown() -> None:
    assert rows(GARDEN, GARDEN, SOIL, SOIL)[2] == "place: 9 soil: | 9 soil:"


def test_json_ends_with_its_brackets() -> None:
    old = '{\n  "paths": {\n    "/beds": {\n      "get": {}\n    },\n    "/plants": {}\n  }\n}\n'
    assert rows(old, "{}", ("paths", "/beds")) == [
        'same: 1 { |',
        'same: 2   "paths": { |',
        'removed: 3     "/beds": { |',
        'removed: 4       "get": {} |',
        'removed: 5     }, |',
    ]  # fmt: skip


def test_an_item_of_a_list_is_shown_without_the_next_one() -> None:
    old = "tags:\n- name: beds\n  description: Beds.\n- name: plants\n"
    assert rows(old, "{}", ("tags", 0)) == [
        "same: 1 tags: |",
        "removed: 2 - name: beds |",
        "removed: 3   description: Beds. |",
    ]


def test_where_only_one_version_names_the_place_and_nothing_differs_it_is_shown_alone() -> None:
    shown_rows = rows(GARDEN, GARDEN, ("components", "schemas"), (*SOIL, "enum", 1))
    assert shown_rows == ["same:  | 11 enum:", "same:  | 12 - clay", "place:  | 13 - sand"]


def test_what_contains_a_place_and_is_too_long_is_not_compared() -> None:
    garden = GARDEN + "".join(f"        bed{number}: {{type: string}}\n" for number in range(LONGEST))
    shown_rows = rows(garden, garden.replace("- sand", "- peat"), ("components", "schemas"), (*SOIL, "enum", 1))
    assert shown_rows[-1] == "place:  | 13 - peat"
    assert not any("Garden" in row for row in shown_rows)


def test_of_what_moved_both_places_are_compared() -> None:
    new = GARDEN.replace("Garden", "Plot").replace("required: [id]", "required: [soil]")
    moved = ("components", "schemas", "Garden"), ("components", "schemas", "Plot")
    assert rows(GARDEN, new, *moved)[2:5] == [
        "changed: 3     [Garden]: | 3     [Plot]:",
        "same: 4       type: object | 4       type: object",
        "changed: 5       required: [[id]] | 5       required: [[soil]]",
    ]


def test_of_two_words_of_a_list_the_list_is_compared() -> None:
    new = GARDEN.replace("- clay", "- chalk")
    assert rows(GARDEN, new, (*SOIL, "enum", 1), (*SOIL, "enum", 0))[-2:] == [
        "changed: 12   - [clay] | 12   - [chalk]",
        "same: 13   - sand | 13   - sand",
    ]


def test_a_long_value_is_cut() -> None:
    long = "beds:\n" + "".join(f"  bed{number}: {{}}\n" for number in range(LONGEST * 2))
    shown_rows = rows(long, "{}", ("beds",))
    assert len(shown_rows) == MOST_ROWS + 1
    assert shown_rows[-1] == f"... {LONGEST - MOST_ROWS}"


def test_between_changes_lines_are_left_out_and_counted() -> None:
    old = "beds:\n" + "".join(f"  bed{number}: 1\n" for number in range(30))
    new = old.replace("bed2: 1", "bed2: 2").replace("bed20: 1", "bed20: 2")
    shown_rows = rows(old, new, ("beds",), ("beds",))
    assert [row for row in shown_rows if not row.startswith("same")] == [
        "changed: 4   bed2: [1] | 4   bed2: [2]",
        "... 9",
        "changed: 22   bed20: [1] | 22   bed20: [2]",
    ]


def test_a_file_without_a_text_is_not_shown() -> None:
    excerpts = Excerpts({"old.yaml": GARDEN})
    assert excerpts.excerpt(Source("elsewhere.yaml", "", 1), None) is None
    assert excerpts.excerpt(Source("old.yaml", "", 0), None) is None
    assert excerpts.excerpt(Source("old.yaml", "", 1_000), None) is None
    alone = excerpts.excerpt(source(GARDEN, "old.yaml", *SOIL), Source("elsewhere.yaml", "", 1))
    assert alone is not None
    assert (alone.new, alone.rows[2].kind) == (None, "place")


@pytest.mark.parametrize("key", ["'200'", '"200"', "200"])
def test_the_key_of_a_mapping_is_found_however_it_is_quoted(key: str) -> None:
    old = f"responses:\n  {key}:\n    description: A bed.\n"
    assert f"removed: 2   {key}: |" in rows(old, "{}", ("responses", "200"))


def test_json_without_line_ends_is_laid_out() -> None:
    beds = {f"bed{number}": {"type": "string"} for number in range(100)}
    old = json.dumps({"beds": beds, "plants": [1, {"soil": "clay"}]})
    new = old.replace('"bed7": {"type": "string"}', '"bed7": {"type": "integer"}')
    key = "beds", "bed7"
    assert rows(old, new, key, key) == [
        'same: 0 "bed7": { | 0 "bed7": {',
        'changed: 0   "type": "[string]" | 0   "type": "[integer]"',
        "same: 0 } | 0 }",
    ]
    assert rows(old, "{}", ("plants", 1)) == ["removed: 0 { |", 'removed: 0   "soil": "clay" |', "removed: 0 } |"]


def test_a_long_line_of_yaml_is_cut() -> None:
    old = f"beds: {{soil: clay, note: {'a ' * 2_000}}}\n"
    (row,) = rows(old, "{}", ("beds",))
    assert row.startswith("removed: 1 beds: {soil: clay, note: a a")
    assert len(row) < 400
    (changed,) = rows(old, old.replace("}", ", kind: raised}"), ("beds",), ("beds",))
    assert "[, kind: raised]}" in changed
    assert len(changed) < 400
