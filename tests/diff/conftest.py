"""A folder to work in, with or without a git repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.diff.repositories import GIT, commit, write_provider


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder; git finds no repository around it, and nobody's settings."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in GIT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def repository(work: Path) -> Path:
    """The current folder as a repository with one provider in specs/ and one commit."""
    write_provider(work / "specs/things")
    commit(work)
    return work
