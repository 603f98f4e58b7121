"""New entries in accepted.yaml: what stands there stays as it is, in whatever style it was written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from generator.diff.accepted import read_acceptances
from generator.diff.accepting.entries import Entry, appended, with_entries
from generator.document.problems import Problems, ProblemsFound
from generator.output.rewriting import rewrite

FILE = "specs/things/accepted.yaml"
FIRST = Entry("word-added", "0123456789ab", "Announced: in May, #1.", "schema Bed /soil: added peat")
SECOND = Entry("word-removed", "123456789012", 'They said "yes".', "schema Bed /soil: removed sand")
LINES = """\
# schema Bed /soil: added peat
- {rule: word-added, fingerprint: '0123456789ab', reason: "Announced: in May, #1."}
# schema Bed /soil: removed sand
- {rule: word-removed, fingerprint: '123456789012', reason: "They said \\"yes\\"."}
"""
INDENTED = "".join(f"  {line}\n" for line in LINES.splitlines())
WINDOWS = LINES.replace("\n", "\r\n")
ITEMS = (
    '{"rule": "word-added", "fingerprint": "0123456789ab", "reason": "Announced: in May, #1."}',
    '{"rule": "word-removed", "fingerprint": "123456789012", "reason": "They said \\"yes\\"."}',
)
OLD = "{rule: a, fingerprint: 'abcdefabcdef', reason: It is meant.}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", LINES),
        ("\n", LINES),
        ("[]\n", LINES),
        ("# nothing yet\n[]  # really\n", f"# nothing yet\n# really\n{LINES}"),
        ("# nothing is accepted any more\n", f"# nothing is accepted any more\n{LINES}"),
        (f"- {OLD}", f"- {OLD}\n{LINES}"),
        (f"# Meant.\n- {OLD} # in May\n\n# the end\n", f"# Meant.\n- {OLD} # in May\n\n# the end\n{LINES}"),
        (f"- {OLD}\r\n", f"- {OLD}\r\n{WINDOWS}"),
        (f"  - {OLD}\n", f"  - {OLD}\n{INDENTED}"),
        (f"---\n  # one\n  - {OLD}\n", f"---\n  # one\n  - {OLD}\n{INDENTED}"),
        ("-\n  rule: a\n  reason: |\n    - It is\n    - meant.\n", None),
        (f"[{OLD}]\n", f"[{OLD}, {ITEMS[0]}, {ITEMS[1]}]\n"),
        (f"[\n    {OLD},\n]  # JSON\n", f"[\n    {OLD},\n  {ITEMS[0]},\n  {ITEMS[1]}\n]  # JSON\n"),
        (f"[\n  {OLD}\n]\n", f"[\n  {OLD},\n  {ITEMS[0]},\n  {ITEMS[1]}\n]\n"),
    ],
)
def test_entries_are_appended_in_the_style_of_the_file(text: str, expected: str | None) -> None:
    assert with_entries(text, FILE, [FIRST, SECOND]) == (text + LINES if expected is None else expected)


@pytest.mark.parametrize("text", [f"- {OLD}\n...\n", f"[{OLD} # one ]\n]\n...\n# [end]\n"])
def test_a_form_that_cannot_be_extended_is_refused_with_the_entries(text: str) -> None:
    with pytest.raises(ProblemsFound) as refused:
        with_entries(text, FILE, [FIRST])
    assert str(refused.value).splitlines() == [
        f"{FILE}: error[accept-by-hand]: nothing can be appended to a file of this form",
        "    hint: add to it yourself: - {rule: word-added, fingerprint: '0123456789ab', "
        'reason: "Announced: in May, #1."}',
    ]


@pytest.mark.parametrize(
    "reason", ["ü 日本", "two\nlines\t\u2028\x85\x00", "'\"\\ #: {}[]", "- a", "null", "🌱", "\\u0041"]
)
def test_every_reason_is_read_as_it_was_given(reason: str, tmp_path: Path) -> None:
    entry = Entry("a", "0123456789ab", reason, f"schema X\n- {reason}")
    path = tmp_path / "accepted.yaml"
    rewrite([appended(path, FILE, [entry])])
    rewrite([appended(path, FILE, [FIRST])])
    problems = Problems()
    acceptances = read_acceptances(path, FILE, problems)
    assert problems == []
    assert [acceptance.reason for acceptance in acceptances] == [reason, FIRST.reason]


def test_a_file_keeps_its_mark_its_mode_and_its_place(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    path = tmp_path / "elsewhere/real.yaml"
    path.write_bytes(f"\ufeff- {OLD}\r\n".encode())
    path.chmod(0o640)
    link = tmp_path / "accepted.yaml"
    link.symlink_to(path)
    rewrite([appended(link, FILE, [FIRST, SECOND])])
    assert link.is_symlink()
    assert path.read_bytes().decode() == f"\ufeff- {OLD}\r\n{WINDOWS}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(os.listdir(path.parent)) == ["real.yaml"]


def test_a_file_is_whole_or_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "accepted.yaml"
    path.write_text(f"- {OLD}\n")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        rewrite([appended(path, FILE, [FIRST])])
    assert path.read_text() == f"- {OLD}\n"
    assert [*tmp_path.iterdir()] == [path]
