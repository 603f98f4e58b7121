"""What the generator reads lies beside it in the repository, and inside it where it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import resources


def test_everything_is_where_it_is_looked_for() -> None:
    assert (resources.templates_folder() / "client" / "models.py.jinja").is_file()
    assert resources.license_file().is_file()
    assert list(resources.rules_folder().glob("*.yaml"))
    assert resources.diff_schema().is_file()


def test_what_an_installed_package_carries_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "another_name"
    (package / "templates").mkdir(parents=True)
    (tmp_path / "LICENSE").touch()
    monkeypatch.setattr(resources, "package_folder", lambda: package)
    assert resources.templates_folder() == package / "templates"
    assert resources.license_file() == tmp_path / "LICENSE"
    (package / "LICENSE").touch()
    assert resources.license_file() == package / "LICENSE"
