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
    assert resources.unified_model_file().is_file()
    assert (resources.repository_folder() / "specs").is_dir()


def test_an_installed_package_has_all_inside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "another_name"
    for name in ("templates", "specs"):
        (package / name).mkdir(parents=True)
    for name in ("LICENSE", "CONTRIBUTING.md"):
        (package / name).touch()
    monkeypatch.setattr(resources, "package_folder", lambda: package)
    assert resources.templates_folder() == package / "templates"
    assert resources.templates_name() == str(package / "templates")
    assert resources.license_file() == package / "LICENSE"
    assert resources.guide_name() == str(package / "CONTRIBUTING.md")
    assert resources.unified_model_file() == package / "specs" / "workflow-run.yaml"
    assert resources.repository_folder().resolve() == Path.cwd()
