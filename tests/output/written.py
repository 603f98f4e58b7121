"""What tests of writing write, and what they look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.document.problems import ProblemsFound

FILES = {
    "pkg/pyproject.toml": '[project]\nname = "pkg"\n',
    "pkg/pkg/client.py": "x = {  'a':1 }",
    "pkg/pkg/py.typed": "",
}


def refusals(caught: pytest.ExceptionInfo[ProblemsFound]) -> list[tuple[str, str]]:
    return [(problem.id, problem.source.file) for problem in caught.value.problems]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
