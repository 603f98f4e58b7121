"""Documents are read as YAML 1.2 and JSON mean them, and every value remembers where it stands."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.document.loading import load, parse
from generator.document.pointer import follow
from generator.document.problems import ProblemsFound, Source
from generator.document.reading import limits
from generator.document.tree import Array


def read(text: str) -> Any:
    return parse(text, "spec.yaml")


def refusals(text: str) -> list[str]:
    with pytest.raises(ProblemsFound) as error:
        read(text)
    return [str(problem) for problem in error.value.problems]


def load_refusals(path: Path) -> list[str]:
    with pytest.raises(ProblemsFound) as error:
        load(path, "spec.yaml")
    return [str(problem) for problem in error.value.problems]


# Scalars


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "No",
        "on",
        "off",
        "yes",
        "y",
        "N",
        "2026-11-22",
        "2026-11-22T10:00:00Z",
        "12:30:45",
        "1_000",
        "0b1",
        "<<",
        "=",
    ],
)
def test_what_yaml_1_1_alone_took_for_something_else_is_text(text: str) -> None:
    assert read(f"a: {text}")["a"] == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
        ("0", 0), ("-0", 0), ("007", 7), ("+12", 12), ("-19", -19), ("0o14", 12), ("0x1F", 31),
        ("1.5", 1.5), ("-.5", -0.5), ("1.", 1.0), ("1e3", 1000.0), ("+12.30E-2", 0.123),
    ],
)  # fmt: skip
def test_plain_scalars_follow_the_core_schema(text: str, value: object) -> None:
    read_value = read(f"a: {text}")["a"]
    assert (type(read_value), read_value) == (type(value), value)


@pytest.mark.parametrize("text", ["tRUE", "nULL", "0x", "0o8", "1e", ".", "+", "1.2.3", "0xZZ", "1 2"])
def test_what_only_looks_like_a_scalar_of_another_type_is_text(text: str) -> None:
    assert read(f"a: {text}")["a"] == text


@pytest.mark.parametrize("text", ['"1"', "'1'", "!!str 1", "! 1", "|-\n  1", ">-\n  1"])
def test_a_quoted_or_tagged_scalar_is_text(text: str) -> None:
    assert read(f"a: {text}")["a"] == "1"


@pytest.mark.parametrize("text", [".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1e999", "-1e999"])
def test_a_number_that_json_cannot_hold_is_refused(text: str) -> None:
    assert refusals(f"a: {text}") == [
        f"spec.yaml:1: error[bad-number]: the number {text!r} cannot be written in JSON\n"
        "    hint: quote it if it is meant as text"
    ]


@pytest.mark.parametrize("tag", ["!!timestamp", "!!binary", "!mine", "!!python/object/apply:os.system"])
def test_a_tag_beyond_json_is_refused(tag: str) -> None:
    (refusal,) = refusals(f"a: {tag} text")
    assert refusal.startswith("spec.yaml:1: error[unknown-tag]: the YAML tag ")
    assert refusal.endswith(" has no JSON equivalent")


# Keys


@pytest.mark.parametrize("text", ["01", "1.10", "1e3", "0x1F", "+1", ".5", "True", "-0", "12", "true", "1.5"])
def test_a_scalar_remembers_how_it_is_written(text: str) -> None:
    document = parse(f"a: &a {text}\nlist: [{text}, *a, null, x]\nb: {{<<: {{a: *a}}}}", "f.yaml")
    assert document.as_written("a") == document["b"].as_written("a") == text
    assert document["list"].as_written() == [text, text, None, "x"]
    assert document.as_written("list") is None


def test_a_value_that_was_replaced_is_not_written_as_before() -> None:
    document = parse("a: 01\nlist: [01]", "f.yaml")
    assert document.replacing("a", 2).as_written("a") == "2"
    assert document.replacing("a", True).as_written("a") == "true"
    assert document["list"].derive([1.0]).as_written() == ["1.0"]


def test_keys_are_text_as_it_is_written() -> None:
    document = read("200: a\n0x1F: b\nno: c\n1.0: d\n'2': e\nnull: f\n")
    assert list(document) == ["200", "0x1F", "no", "1.0", "2", "null"]


def test_a_key_that_stands_twice_is_refused_and_both_places_are_named() -> None:
    assert refusals("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n") == [
        "spec.yaml:4: error[duplicate-key]: the mapping has the key 'c' twice\n"
        "    hint: it is also on line 3; keep one of the two",
        "spec.yaml:5: error[duplicate-key]: the mapping has the key 'a' twice\n"
        "    hint: it is also on line 1; keep one of the two",
    ]


def test_keys_that_are_one_text_stand_twice_however_they_are_quoted() -> None:
    assert refusals("200: a\n'200': b\n")[0].startswith(
        "spec.yaml:2: error[duplicate-key]: the mapping has the key '200' twice"
    )


def test_a_key_that_is_a_collection_is_refused() -> None:
    assert refusals("? {a: b}\n: c\n") == [
        "spec.yaml:1: error[key-not-text]: a key of a mapping must be text, not a mapping or a list"
    ]


# Anchors


def test_an_alias_means_the_value_of_its_anchor() -> None:
    assert read("a: &x {b: [1]}\nc: *x\nd: &y text\ne: *y\n") == {
        "a": {"b": [1]},
        "c": {"b": [1]},
        "d": "text",
        "e": "text",
    }


def test_a_merge_key_gives_what_a_mapping_does_not_have_itself() -> None:
    document = read("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 0\n")
    assert document["c"] == {"x": 0, "y": 1, "z": 2}
    assert document["c"].where("z") == Source("spec.yaml", "/c/z", 2)


def test_a_merge_key_of_anything_but_mappings_is_refused() -> None:
    assert refusals("a: {<<: text}\nb: {<<: [{}, 1]}\n") == [
        "spec.yaml:1: error[bad-merge-key]: the value of the merge key '<<' must be a mapping or a list of mappings",
        "spec.yaml:2: error[bad-merge-key]: the value of the merge key '<<' must be a mapping or a list of mappings",
    ]


@pytest.mark.parametrize("text", ["a: *gone", "a: &a [*a]"])
def test_an_alias_without_a_finished_anchor_is_refused(text: str) -> None:
    (refusal,) = refusals(text)
    assert "error[unknown-alias]" in refusal


def test_a_bomb_of_aliases_is_refused_and_not_expanded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    assert refusals("\n".join(lines)) == [
        "spec.yaml:7: error[too-large]: the document expands to more than 3,000,000 values\n"
        "    hint: check its anchors and aliases"
    ]


# Limits


def test_nesting_has_a_limit() -> None:
    deepest = "[" * limits.MAX_DEPTH + "]" * limits.MAX_DEPTH
    assert read(deepest) != []
    assert refusals(f"[{deepest}]") == [
        f"spec.yaml:1: error[too-deep]: the document is nested more than {limits.MAX_DEPTH} levels deep"
    ]


def test_endless_nesting_is_refused_like_any_other() -> None:
    assert refusals("[" * 100_000)[0].startswith("spec.yaml:1: error[too-deep]")


# JSON


def test_json_is_read_with_its_escapes_and_tabs() -> None:
    text = '{\n\t"a": "\\ud83d\\ude00",\n\t"b": "\\u00e9\\n\\/\\\\ud83d\\\\ude00",\n\t"c": [1, 2.5, true, null]\n}'
    assert read(text) == json.loads(text) == {"a": "😀", "b": "é\n/\\ud83d\\ude00", "c": [1, 2.5, True, None]}


# YAML refuses a few characters that JSON may hold as they are; the test below has the ones that it would fold.
characters = st.characters(exclude_categories=["Cs", "Zl", "Zp"]).filter(lambda c: c < "\x7f" or "\x9f" < c < "\ufffe")
json_texts = st.text(characters, max_size=20).filter(lambda text: text != "<<")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | json_texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(json_texts, inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(json_texts, json_values, max_size=4), st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_any_json_object_is_read_as_json_reads_it(
    value: dict[str, Any], escaped: bool, indent: int | str | None
) -> None:
    assert _plain(read(json.dumps(value, ensure_ascii=escaped, indent=indent))) == value


@pytest.mark.parametrize(
    "key", ["a" * 1_025, "a" * 100_000, '"\\' * 600, "ä: b" * 500, "# x" * 500, "\n" * 2_000, "? " * 600]
)
@pytest.mark.parametrize("indent", [None, 2])
def test_keys_of_json_are_as_long_as_they_like(key: str, indent: int | None) -> None:
    document = {"x": [{key: {"y": 1, f"{key}z": [2]}}], key: "v: w"}
    for is_ascii in (True, False):
        assert read(json.dumps(document, indent=indent, ensure_ascii=is_ascii)) == document


def test_the_colon_of_json_may_be_on_another_line() -> None:
    assert read('{"a"\n: 1,\r\n"b"\r\n\t:\r\n2}') == {"a": 1, "b": 2}
    text = '{\n"' + "a" * 2_000 + '": {"b": 1},\n"c"\n:\n[2, ]}\n}'
    assert refusals(text) == [
        "spec.yaml:6: error[invalid-yaml]: not valid YAML or JSON: did not find expected <document start>"
    ]


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_a_line_separator_in_a_json_text_stays(character: str) -> None:
    text = f"one {character} two"
    assert read(json.dumps({"a": text}, ensure_ascii=False)) == {"a": text}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_their_value(number: float) -> None:
    assert math.isclose(read(f"a: {number!r}")["a"], number, rel_tol=0)


# Files


def test_a_byte_order_mark_is_not_a_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert load(tmp_path / "spec.yaml") == {"a": 1}


def test_line_ends_of_other_systems_count_as_one_line(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_bytes(b"a: 1\r\nb: 2\r\n")
    assert load(tmp_path / "spec.yaml").where("b").line == 2


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_bytes("a: für".encode("latin-1"))
    assert load_refusals(tmp_path / "spec.yaml") == [
        "spec.yaml: error[not-utf-8]: the file is not UTF-8: byte 4 cannot be decoded\n    hint: save the file as UTF-8"
    ]


@pytest.mark.parametrize("content", ["", "\n\n", "# a comment\n", "null", "text", "- a\n- b\n", "1"])
def test_a_file_without_a_mapping_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(content)
    assert load_refusals(tmp_path / "spec.yaml") == [
        "spec.yaml:1: error[not-a-mapping]: the document's root is not a mapping"
    ]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert load_refusals(tmp_path / "gone.yaml") == [
        "spec.yaml: error[unreadable-file]: cannot read the file: No such file or directory"
    ]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert load_refusals(tmp_path) == ["spec.yaml: error[unreadable-file]: cannot read the file: Is a directory"]


def test_several_documents_in_one_file_are_refused() -> None:
    assert refusals("a: 1\n---\nb: 2\n") == [
        "spec.yaml:2: error[several-documents]: the file contains several YAML documents"
    ]


def test_one_document_may_have_its_markers() -> None:
    assert read("%YAML 1.2\n---\na: 1\n...\n") == {"a": 1}


@pytest.mark.parametrize(
    ("text", "line"), [("a: [1, 2\nb: 3\n", 2), ("a: 1\n b: 2\n", 2), ("a: 'open\n", 2), ("a:\n\tb: 1\n", 2), ("@", 1)]
)
def test_broken_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    (refusal,) = refusals(text)
    assert refusal.startswith(f"spec.yaml:{line}: error[invalid-yaml]: not valid YAML or JSON: ")


def test_control_characters_are_refused() -> None:
    (refusal,) = refusals("a: \x07")
    assert refusal.startswith("spec.yaml")
    assert "error[invalid-yaml]" in refusal


# Positions

PLACES = """\
openapi: 3.1.0
paths:
  /a/b~c:
    get:
      tags:
        - one
        - two
"""


def test_every_key_knows_its_line_and_pointer() -> None:
    document = read(PLACES)
    assert document.where("paths") == Source("spec.yaml", "/paths", 2)
    assert document["paths"].where("/a/b~c") == Source("spec.yaml", "/paths/~1a~1b~0c", 3)


def test_every_item_knows_its_line_and_pointer() -> None:
    tags = read(PLACES)["paths"]["/a/b~c"]["get"]["tags"]
    assert isinstance(tags, Array)
    assert tags.where(1) == Source("spec.yaml", "/paths/~1a~1b~0c/get/tags/1", 7)


def test_a_collection_knows_where_it_begins() -> None:
    document = read(PLACES)
    assert document["paths"].source == Source("spec.yaml", "/paths", 3)


def test_a_key_that_is_missing_is_reported_at_the_mapping() -> None:
    assert read(PLACES)["paths"].where("gone") == Source("spec.yaml", "/paths/gone", 3)


def test_a_pointer_leads_to_its_value() -> None:
    assert follow(read(PLACES), "/paths/~1a~1b~0c/get/tags/1") == "two"


@pytest.mark.parametrize(
    "pointer", ["/gone", "/openapi/x", "/paths/~1a~1b~0c/get/tags/2", "/paths/~1a~1b~0c/get/tags/x"]
)
def test_a_pointer_that_leads_nowhere_is_a_lookup_error(pointer: str) -> None:
    with pytest.raises(LookupError):
        follow(read(PLACES), pointer)


def test_a_quoted_merge_key_is_a_key_like_others() -> None:
    assert read('{"<<": 1, "a": {"<<": {"b": 2}}}') == {"<<": 1, "a": {"<<": {"b": 2}}}
