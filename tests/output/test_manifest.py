"""The manifest says whether anything changed, and who changed it."""

from __future__ import annotations

import time
from hashlib import sha256
from pathlib import Path

import pytest

from generator.output.manifest import (
    Manifest,
    differences_of,
    digests_of,
    manifest_is_current,
    manifest_path,
    unchanged,
)
from generator.output.write import write

FILES = {"a/one.txt": "1\n", "a/two.txt": "2\n"}
INPUTS = {"specs/a.yaml": "aa", "templates/b": "bb"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder just as it was generated."""
    write(tmp_path / "out", FILES, INPUTS)
    return tmp_path / "out"


def test_the_file_is_sorted_with_one_entry_a_line(out: Path) -> None:
    assert manifest_path(out) == out.resolve().parent / ".out.manifest.json"
    hash_1, hash_2 = (sha256(text).hexdigest() for text in (b"1\n", b"2\n"))
    assert manifest_path(out).read_text() == (
        '{\n  "format": 1,\n  "inputs": {\n    "specs/a.yaml": "aa",\n    "templates/b": "bb"\n  },\n'
        f'  "outputs": {{\n    "a/one.txt": "{hash_1}",\n    "a/two.txt": "{hash_2}"\n  }}\n}}\n'
    )


def test_inputs_are_known_by_their_stable_names(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"1\n")
    assert digests_of({"specs/x": tmp_path / "x"}) == {"specs/x": sha256(b"1\n").hexdigest()}
    with pytest.raises(FileNotFoundError):
        digests_of({"specs/y": tmp_path / "y"})


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"format": 2, "inputs": {}, "outputs": {}}', '{"format": 1, "inputs": [], "outputs": {}}'),
        *('{"format": 1, "inputs": {"a": 1}, "outputs": {}}', "<<<<<<< ours", "[" * 100_000, '"\\ud800', "\0"),
    ],
)
def test_an_unreadable_manifest_is_read_as_none(text: str, out: Path) -> None:
    manifest_path(out).write_text(text)
    assert Manifest.read(manifest_path(out)) is None
    assert not unchanged(out, INPUTS)


def test_nothing_changed(out: Path) -> None:
    assert unchanged(out, INPUTS)
    assert unchanged(out, dict(reversed(INPUTS.items())))


def test_caches_change_nothing(out: Path) -> None:
    for name in ("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "a.egg-info"):
        (out / "a" / name).mkdir()
        (out / "a" / name / "file").touch()
    for name in (".DS_Store", "one.pyc"):
        (out / "a" / name).touch()
    assert unchanged(out, INPUTS)
    assert differences_of(out, FILES) == {}


def test_something_changed(out: Path) -> None:
    assert not unchanged(out, {**INPUTS, "specs/a.yaml": "cc"})
    assert not unchanged(out, {**INPUTS, "specs/c.yaml": "cc"})
    assert not unchanged(out, {})
    assert not unchanged(out.parent / "none", INPUTS)
    (out / "unknown").touch()
    assert not unchanged(out, INPUTS)
    (out / "unknown").unlink()
    (out / "a/one.txt").write_text("0\n")
    assert not unchanged(out, INPUTS)
    (out / "a/one.txt").unlink()
    assert not unchanged(out, INPUTS)
    (out / "copy").write_text("1\n")
    (out / "a/one.txt").symlink_to(out / "copy")
    assert not unchanged(out, INPUTS)


def test_what_a_killed_run_left_is_a_change(out: Path) -> None:
    (out.parent / ".out.swap").mkdir()
    assert not unchanged(out, INPUTS)


def test_looking_at_sixty_files_takes_milliseconds(tmp_path: Path) -> None:
    write(tmp_path / "out", {f"{n % 6}/{n}.txt": "x" * 20_000 for n in range(60)}, {})
    times = []
    for _ in range(5):
        start = time.perf_counter()
        assert unchanged(tmp_path / "out", {})
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05


def test_a_fresh_folder_has_no_differences(out: Path) -> None:
    assert differences_of(out, FILES) == {}


def test_differences_say_who_is_to_blame(out: Path) -> None:
    files = {f"{n}.txt": "old" for n in ("changed", "dropped", "dropped-edited", "edited", "edited-changed", "gone")}
    write(out, files, {})
    for name in ("dropped-edited.txt", "edited.txt", "edited-changed.txt"):
        (out / name).write_text("mine")
    for name in ("mine.txt", "mine-too.txt"):
        (out / name).write_text("mine")
    (out / "gone.txt").unlink()
    (out / "link").symlink_to("edited.txt")
    expected = {
        "changed.txt": "new",
        "edited.txt": "old",
        "edited-changed.txt": "new",
        "gone.txt": "old",
        "mine-too.txt": "new",
    }
    assert differences_of(out, expected) == {
        "changed.txt": "stale",
        "dropped-edited.txt": "stale",
        "dropped.txt": "stale",
        "edited-changed.txt": "edited",
        "edited.txt": "edited",
        "gone.txt": "missing",
        "link": "unknown",
        "mine-too.txt": "edited",
        "mine.txt": "unknown",
    }


def test_an_edit_that_is_what_generation_gives_by_now_is_not_a_difference(out: Path) -> None:
    (out / "a/one.txt").write_text("new")
    assert differences_of(out, {**FILES, "a/one.txt": "new"}) == {}


def test_a_link_in_the_place_of_a_file_counts_as_an_edit(out: Path) -> None:
    (out / "a/one.txt").rename(out.parent / "one.txt")
    (out / "a/one.txt").symlink_to(out.parent / "one.txt")
    assert differences_of(out, FILES) == {"a/one.txt": "edited"}


def test_without_a_manifest_nobody_is_to_blame(out: Path) -> None:
    manifest_path(out).unlink()
    assert differences_of(out, {**FILES, "a/one.txt": "new"}) == {"a/one.txt": "stale"}


def test_a_folder_that_is_not_there_misses_everything(tmp_path: Path) -> None:
    assert differences_of(tmp_path / "none", FILES) == dict.fromkeys(FILES, "missing")


def test_inputs_can_change_without_the_files(out: Path) -> None:
    assert manifest_is_current(out, INPUTS, FILES)
    assert not manifest_is_current(out, {**INPUTS, "specs/a.yaml": "cc"}, FILES)
    assert not manifest_is_current(out, INPUTS, {"a/one.txt": "1\n"})
    manifest_path(out).unlink()
    assert not manifest_is_current(out, INPUTS, FILES)


@pytest.mark.parametrize(
    ("before", "after", "copies"),
    [
        ("groups = true", "groups = false", 0),
        ("groups = true", "groups = true  # as callers know it\nmore = 1", 0),
        ("[tool.workflow-client-generator]\ngroups = true\n", "", 0),
        ('version = "1"', 'version = "2"', 1),
        ("groups = true\n", "groups = true\n[tool.other]\n", 1),
    ],
)
def test_the_section_of_options_is_nothing_that_was_edited_by_hand(
    before: str, after: str, copies: int, tmp_path: Path
) -> None:
    text = '[project]\nversion = "1"\n\n[tool.workflow-client-generator]\ngroups = true\n'
    out, path = tmp_path / "out", tmp_path / "out/pyproject.toml"
    write(out, {"pyproject.toml": text}, INPUTS)
    path.write_text(text.replace(before, after))
    assert not unchanged(out, INPUTS)
    written = write(out, {"pyproject.toml": text.replace("[project]", "[project]\nname = 'x'")}, INPUTS)
    assert len(written.replaced) == copies
