"""Fixtures of the tests of mappings."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.document.problems import Problems
from generator.output.formatting import formatted
from tests.copies import copy_specs
from tests.normalization import mapping_cases
from tests.normalization.mapping_cases import ACCEPTED, CORE, generated
from tests.packages import write_files
from tests.shared_work import made_once


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The folders of the core, of the clients of all accepted cases, and of one workflow-runs for all of them."""

    def make(root: Path) -> None:
        write_files(formatted(generated(mapping_cases.specs(ACCEPTED, root / "specs"), Problems())), root)

    root = made_once("accepted-mappings", make, tmp_path_factory)
    return [str(CORE), *(str(path) for path in sorted(root.glob("workflow-*")))]


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A copy of this repository's specs, to edit."""
    copy_specs(tmp_path / "specs")
    return tmp_path / "specs"
