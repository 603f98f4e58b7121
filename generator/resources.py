"""Where the files lie that the generator reads, or names, beside its code: rules and schemas inside the package,
templates, the unified model, the guide and the license beside it in the repository.

In a wheel all of it is inside the package, which has another name there: `workflow_client_generator`.
"""

from __future__ import annotations

from pathlib import Path


class Copy(str):
    """The text of a file that is copied as it is, from the file `source`."""

    __slots__ = ("source",)

    source: Path

    @classmethod
    def of(cls, source: Path) -> Copy:
        """The copy of a file."""
        copy = cls(source.read_text(encoding="utf-8"))
        copy.source = source
        return copy


def package_folder() -> Path:
    """The folder of the generator's own modules."""
    return Path(__file__).parent


def is_installed() -> bool:
    """Whether this is the package of a wheel, not the folder of the repository."""
    return (package_folder() / "templates").exists()


def repository_folder() -> Path:
    """The folder with `specs/` and `generated/`: ours, or where this is installed the working directory."""
    return Path() if is_installed() else package_folder().parent


def templates_folder() -> Path:
    """The folder of the templates, of the run-time core and of what else is copied into packages."""
    return _own("templates")


def guide_name() -> str:
    """What messages call CONTRIBUTING.md, which says how a provider is described."""
    return str(_own("CONTRIBUTING.md")) if is_installed() else "CONTRIBUTING.md"


def templates_name() -> str:
    """What messages call this folder: nobody who has installed the generator knows where it is."""
    return str(templates_folder()) if is_installed() else "templates"


def license_file() -> Path:
    """The license of the run-time core, and of the generated packages that are under it."""
    return _own("LICENSE")


def unified_model_file(specs: Path | None = None) -> Path:
    """The unified model of a folder of providers: its own, or else ours."""
    own = specs / "workflow-run.yaml" if specs else None
    return own if own and own.exists() else _own("specs") / "workflow-run.yaml"


def rules_folder() -> Path:
    """The folder of the rules by which `diff` judges."""
    return package_folder() / "diff" / "rules"


def diff_schema() -> Path:
    """The JSON Schema of what `diff --format json` prints."""
    return package_folder() / "diff" / "report" / "diff.schema.json"


def page_folder() -> Path:
    """The folder of what the page of `diff --format html` is made of: template, style and script."""
    return package_folder() / "diff" / "report" / "html"


def _own(name: str) -> Path:
    inside = package_folder() / name
    return inside if inside.exists() else package_folder().parent / name
