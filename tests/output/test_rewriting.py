"""Several files that are written anew: all of them, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.output.rewriting import Rewritten, rewrite


def test_all_are_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    rewrite([Rewritten(tmp_path / "a", "new"), Rewritten(tmp_path / "b", "b")])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "new", "b": "b"}


def test_where_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(FileNotFoundError):
        rewrite([Rewritten(tmp_path / "a", "new"), Rewritten(tmp_path / "missing/b", "b")])
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}
