"""Copies of `specs/` that tests change."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.search_path import ROOT

SPECS = ROOT / "specs"
PROVIDERS = ("anon", "copyai", "dify", "juo", "tamtam")
"""The providers of a copy: what a test takes does not grow with every provider. `make check` generates all of them."""


def copy_specs(into: Path) -> None:
    """Copy what concerns these providers to a folder that is not there yet."""
    shutil.copytree(SPECS, into, ignore=_rest)


def _rest(folder: str, names: list[str]) -> list[str]:
    if Path(folder) != SPECS:
        return []
    return [name for name in names if name != "workflow-run.yaml" and name not in PROVIDERS]
