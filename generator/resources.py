"""Where the files lie that the generator reads beside its code: rules and schemas inside the package, templates and the
license beside it.

In a wheel, the latter two are inside the package, whatever its name; a copy inside takes precedence.
"""

from __future__ import annotations

from pathlib import Path


def package_folder() -> Path:
    """The folder of the generator's own modules."""
    return Path(__file__).parent


def repository_folder() -> Path:
    """The folder that holds the generator, with `specs/` and `generated/` beside it; nothing of it is in a wheel."""
    return package_folder().parent


def templates_folder() -> Path:
    """The folder of the templates, of the run-time core and of what else is copied into packages."""
    return _inside_or_beside("templates")


def license_file() -> Path:
    """The license of the run-time core, and of the generated packages that are under it."""
    return _inside_or_beside("LICENSE")


def rules_folder() -> Path:
    """The folder of the rules by which `diff` judges."""
    return package_folder() / "diff" / "rules"


def diff_schema() -> Path:
    """The JSON Schema of what `diff --format json` prints."""
    return package_folder() / "diff" / "report" / "diff.schema.json"


def page_folder() -> Path:
    """The folder of what the page of `diff --format html` is made of: template, style and script."""
    return package_folder() / "diff" / "report" / "html"


def _inside_or_beside(name: str) -> Path:
    inside = package_folder() / name
    return inside if inside.exists() else repository_folder() / name
