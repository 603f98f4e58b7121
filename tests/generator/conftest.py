"""A small document beside which commands are run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.generator.command_line import SPEC


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "things.yaml"
    path.write_text(SPEC)
    return path
