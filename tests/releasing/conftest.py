"""A repository at its first release, in the working folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator import resources
from tests.diff.conftest import work as work
from tests.diff.repositories import GIT
from tests.releasing.house import House, build


@pytest.fixture(scope="session")
def first_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository, which is copied for each test."""
    folder = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in GIT.items():
            patch.setenv(name, value)
        patch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
        patch.setattr(resources, "templates_folder", lambda: folder / "templates")
        patch.chdir(folder)
        build(folder)
        House(folder, None).release("v1")  # type: ignore[arg-type]
    return folder


@pytest.fixture
def house(
    work: Path, first_release: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> House:
    """The repository, in which a test does as it likes."""
    shutil.copytree(first_release, work, dirs_exist_ok=True)
    monkeypatch.setattr(resources, "templates_folder", lambda: work / "templates")
    return House(work, capsys)
