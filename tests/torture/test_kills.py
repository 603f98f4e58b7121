"""The attack `kills` notices a folder that is neither the old nor the new one, and what a run leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.subject import Broken
from tests.torture.subjects import kills


@pytest.mark.parametrize(
    ("seen", "exchange", "what"),
    [
        ({"a": b"new"}, True, "the folder is neither the old nor the new one"),
        ({"a": b"new"}, False, "a file that both trees have is missing"),
        ({"a": b"ne", "b": b"b"}, False, "a file is half written"),
    ],
)
def test_mixed_trees_are_noticed(
    seen: dict[str, bytes], exchange: bool, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kills, "_tree", lambda version: {"a": b"new", "b": b"b"})
    with pytest.raises(Broken, match=what):
        kills._check_readable(seen, {"a": b"old", "b": b"b"}, exchange=exchange)


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("out/.garden-client.swap", "something is left beside the folder"),
        ("temporary/generated-1", "a temporary folder is left"),
        ("other", "something was written outside the output folder"),
    ],
)
def test_what_a_run_leaves_behind_is_noticed(path: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("not generated")
    (tmp_path / "temporary").mkdir()
    kills._start(tmp_path, "nothing")
    kills._tree("new")
    kills._run(tmp_path, "new", exchange=True, killed={})
    kills._check_complete(tmp_path, edited=False)
    (tmp_path / path).mkdir()
    with pytest.raises(Broken, match=what):
        kills._check_complete(tmp_path, edited=False)
