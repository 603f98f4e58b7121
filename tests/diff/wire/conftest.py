"""The fixture `diff`: two documents -> the findings of the wire layer, each in a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.diff.wire.api import compare
from tests.diff.rules.documents import read


@pytest.fixture
def diff(tmp_path: Path) -> Any:
    def diff(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
        """`rule: place: before -> after` of each finding."""
        old, new = read(before, tmp_path / "old"), read(after, tmp_path / "new")
        return [f"{f.rule}: {f.place}: {f.before} -> {f.after}" for f in compare(old, new)]

    return diff
