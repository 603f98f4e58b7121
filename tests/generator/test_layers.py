"""The generator's folders import in one direction, its modules without cycles, and what is heavy is loaded late."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.copies import copy_specs
from tests.imports import folder_graph, import_graph

ROOT = Path(__file__).parents[2]
GENERATOR = ROOT / "generator"

# The stages, in the order of the data's way: each imports only those before it.
STAGES = (
    *(
        "",
        "escaping",
        "interpreter",
        "steps",
        "resources",
        "versions",
        "jsonpath",
        "document",
        "options",
        "polling",
        "undecided",
        "repair",
        "selection",
        "simplify",
        "ir",
        "upstream",
    ),
    *(
        "python",
        "render",
        "normalization",
        "output",
        "unsupported",
        "pipeline",
        "vendor",
        "project",
        "drafting",
        "diff",
        "releasing",
        "printing",
        "cli",
        "__main__",
    ),
)
# The three layers of `diff` know nothing of one another, nor of the reports.
LAYERS_OF_DIFF = {f"diff.{layer}" for layer in ("wire", "python", "normalized", "report")}
# What follows the intermediate representation reads it alone: of the stages before it, these know no document.
READERS_OF_THE_IR = ("python", "render", "normalization.render", "diff.wire", "diff.python")
KNOW_NO_DOCUMENT = {"document.media_types", "document.pointer", "document.problems", "simplify.names"}
# The libraries that only these places may import; the standard library is open to all.
ONLY_IMPORTER = {
    "markdown_it": {"python"},
    "openapi_python_client": {"upstream"},
    "pydantic": {"upstream"},
    "jinja2": {"render", "diff"},
    "jsonpath_rfc9535": {"jsonpath"},
    "yaml": {"document"},
    "httpx2": {"vendor"},
    "rich": {"diff", "printing"},
    "typer": {"cli"},
}


def is_in(module: str, folder: str) -> bool:
    return f"{module}.".startswith(f"{folder}.")


def layers(modules: set[str]) -> set[str]:
    return {layer for layer in LAYERS_OF_DIFF for module in modules if is_in(module, layer)}


@pytest.fixture
def modules() -> dict[str, set[str]]:
    return import_graph(GENERATOR)


def test_stages_import_those_before_them(modules: dict[str, set[str]]) -> None:
    for stage, imported in folder_graph(modules).items():
        assert {STAGES.index(name) for name in imported} <= set(range(STAGES.index(stage))), stage


def test_the_layers_of_diff_know_nothing_of_one_another(modules: dict[str, set[str]]) -> None:
    assert {module for module in modules if len(layers({module}) and layers({module} | modules[module])) > 1} == set()


@pytest.mark.parametrize("folder", READERS_OF_THE_IR)
def test_what_follows_the_intermediate_representation_reads_it_alone(folder: str, modules: dict[str, set[str]]) -> None:
    imported = {name for module in modules if is_in(module, folder) for name in modules[module]}
    earlier = {name for name in imported for stage in ("document", "repair", "simplify") if is_in(name, stage)}
    assert earlier <= KNOW_NO_DOCUMENT


def test_no_modules_import_each_other(modules: dict[str, set[str]]) -> None:
    assert set(TopologicalSorter(modules).static_order()) == set(modules)


def test_imports_inside_the_generator_are_relative_and_a_library_has_one_importer() -> None:
    importers: dict[str, set[str]] = {}
    for path in GENERATOR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [str(node.module)]
            for library in {name.partition(".")[0] for name in names} - sys.stdlib_module_names:
                importers.setdefault(library, set()).add(path.relative_to(GENERATOR).with_suffix("").parts[0])
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
    copy_specs(tmp_path / "specs")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    call = "['generator', 'generate', '--specs', 'specs', '--out', 'out']"
    loaded = loaded_by(f"from generator.cli import main\nsys.argv = {call}\nmain()", tmp_path)
    assert "generator.output.manifest" in loaded
    assert loaded & (HEAVY - {"rich"}) == set()
    late = ("document.tree", "pipeline", "ir.api", "render.package", "output.write", "diff.report.model")
    assert loaded & {f"generator.{name}" for name in late} == set()


def test_a_plain_generate_loads_nothing_that_reads_options(tmp_path: Path) -> None:
    copy_specs(tmp_path / "specs")
    call = "generate(Path('specs'), Path('out'))"
    loaded = loaded_by(f"from generator.cli.without_options import generate, Path\n{call}", tmp_path)
    assert "generator.output.write" in loaded
    assert loaded & {"typer", "rich", "generator.cli.program"} == set()


@pytest.mark.parametrize(
    "module", ["generator.document.tree", "generator.document.overlay", "generator.ir.api", "generator.pipeline"]
)
def test_importing_a_stage_loads_neither_the_second_reader_s_library_nor_templates(module: str, tmp_path: Path) -> None:
    assert loaded_by(f"import {module}", tmp_path) & {"openapi_python_client", "pydantic", "jinja2"} == set()
