"""What the packages import is what they declare: nothing is there only because another package needs it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

GENERATED = Path(__file__).parent.parent / "generated"
PROJECTS = sorted(path.parent for path in GENERATED.glob("*/pyproject.toml"))


def imported(package: Path) -> set[str]:
    """The packages that a package imports when it runs, the standard library and itself aside; also in functions."""
    names = set[str]()
    for path in package.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        typed = [
            node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        ]
        for_types = {id(part) for node in typed for part in ast.walk(node)}
        for node in ast.walk(tree):
            if id(node) in for_types:
                continue
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(str(node.module))
    return {name.partition(".")[0] for name in names} - {*sys.stdlib_module_names, package.name}


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_a_package_declares_what_it_imports(project: Path) -> None:
    declared = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    requirements = declared["project"]["dependencies"]
    for extra in declared["project"].get("optional-dependencies", {}).values():
        requirements += extra
    names = {re.split(r"[^A-Za-z0-9_.-]", text)[0].replace("-", "_") for text in requirements}
    names = {"opentelemetry" if name == "opentelemetry_api" else name for name in names}
    (package,) = (path.parent for path in project.glob("*/__init__.py"))
    assert imported(package) - {"pytest"} <= names  # pytest itself imports its plugin
    assert names <= imported(package) or project.name != "workflow-client-core"


def test_there_are_the_core_the_clients_and_the_runs() -> None:
    assert {"workflow-client-core", "workflow-client-dify", "workflow-runs"} <= {path.name for path in PROJECTS}
