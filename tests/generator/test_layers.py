"""The generator's folders import in one direction, its modules without cycles, and what is heavy is loaded late."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GENERATOR = ROOT / "generator"
MODULES = {path.relative_to(GENERATOR).with_suffix("").parts: path for path in sorted(GENERATOR.rglob("*.py"))}

# The stages, in the order of the data's way. A module imports its own stage and those before it.
STAGES = (
    *("__init__", "resources", "document", "repair", "simplify", "ir", "upstream", "python", "render"),
    *("normalization", "output", "unsupported", "pipeline", "project", "diff", "cli", "__main__"),
)
# Inside `diff`, likewise: the three layers know nothing of one another, nor of the reports.
LAYERS_OF_DIFF = ("wire", "python", "normalized", "report")
# The libraries that only these places may import; the standard library is open to all.
ONLY_IMPORTER = {
    "openapi_python_client": {"upstream"},
    "pydantic": {"upstream"},
    "jinja2": {"render"},
    "jsonpath_rfc9535": {"document"},
    "yaml": {"document"},
    "rich": {"cli", "diff"},
    "typer": {"cli"},
}

Name = tuple[str, ...]


def imports(module: Name) -> Iterator[Name]:
    """The names of all modules that a module imports, at its top or inside a function; own ones begin with ""."""
    package = module[:-1]
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield tuple(str(node.module).split("."))
        elif isinstance(node, ast.ImportFrom):
            base = (*package[: len(package) - node.level + 1], *(node.module or "").split("."))
            base = tuple(part for part in base if part)
            for alias in node.names:
                yield ("", *next(m for m in ((*base, alias.name), base, (*base, "__init__")) if m in MODULES))


def own_imports(module: Name) -> set[Name]:
    return {name[1:] for name in imports(module) if name[0] == ""}


@pytest.mark.parametrize("module", MODULES, ids="/".join)
def test_a_module_imports_its_own_stage_and_those_before_it(module: Name) -> None:
    reached = {STAGES.index(name[0]) for name in own_imports(module)}
    assert max(reached, default=0) <= STAGES.index(module[0])


@pytest.mark.parametrize("module", [name for name in MODULES if name[0] == "diff"], ids="/".join)
def test_the_layers_of_diff_know_nothing_of_one_another(module: Name) -> None:
    if module[1] in LAYERS_OF_DIFF:
        layers = {name[1] for name in own_imports(module) if name[0] == "diff" and name[1] in LAYERS_OF_DIFF}
        assert layers <= {module[1]}


def test_no_modules_import_each_other() -> None:
    order = TopologicalSorter({module: own_imports(module) - {module} for module in MODULES}).static_order()
    assert set(order) == set(MODULES)


def test_imports_inside_the_generator_are_relative() -> None:
    absolute = {"/".join(module) for module in MODULES if any(name[0] == "generator" for name in imports(module))}
    assert absolute == set()


def test_a_library_has_one_importer() -> None:
    importers: dict[str, set[str]] = {}
    for module in MODULES:
        for name in imports(module):
            if name[0] not in ("", *sys.stdlib_module_names):
                importers.setdefault(name[0], set()).add(module[0])
    assert importers == ONLY_IMPORTER


# What is heavy comes late


def loaded_by(program: str, folder: Path) -> set[str]:
    """The libraries that a run of Python has loaded when it ends."""
    program = f"import atexit, sys\natexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))\n{program}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in run.stderr.split()} | set(run.stderr.split())


HEAVY = {"openapi_python_client", "pydantic", "jinja2", "yaml", "jsonpath_rfc9535", "rich", "ruff", "httpx2", "msgspec"}


def test_generating_what_has_not_changed_loads_nothing_heavy(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "generator", "generate", "--specs", "specs", "--out", "out"]
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    call = "['generator', 'generate', '--specs', 'specs', '--out', 'out']"
    loaded = loaded_by(f"from generator.cli import main\nsys.argv = {call}\nmain()", tmp_path)
    assert "generator.output.manifest" in loaded
    assert loaded & (HEAVY - {"rich"}) == set()
    late = ("document.tree", "pipeline", "ir.api", "render.package", "output.write", "diff.report.model")
    assert loaded & {f"generator.{name}" for name in late} == set()


@pytest.mark.parametrize(
    "module", ["generator.document.tree", "generator.document.overlay", "generator.ir.api", "generator.pipeline"]
)
def test_importing_a_stage_loads_neither_the_second_reader_s_library_nor_templates(module: str, tmp_path: Path) -> None:
    assert loaded_by(f"import {module}", tmp_path) & {"openapi_python_client", "pydantic", "jinja2"} == set()
