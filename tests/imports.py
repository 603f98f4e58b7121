"""Which modules of a package import which, read from their source: what tests of its structure look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path


@cache
def import_graph(package: Path) -> dict[str, set[str]]:
    """The modules of the package in a folder, each with the modules of the package that it imports.

    Names are dotted and relative to the package (`_request.styles`); a package has the name of its folder, and the
    outermost one is "". Imports inside functions and under `TYPE_CHECKING` count as well.
    """
    paths = {_name(path.relative_to(package)): path for path in package.rglob("*.py")}
    graph: dict[str, set[str]] = {}
    for module, path in paths.items():
        around = module if path.stem == "__init__" else module.rpartition(".")[0]
        imported = {_longest_known(name, paths) for name in _imported_names(path, around, package.name)}
        graph[module] = imported - {module}
    return graph


def folder_graph(modules: dict[str, set[str]]) -> dict[str, set[str]]:
    """The same of what lies directly in the package: a folder imports what its modules import."""
    folders: dict[str, set[str]] = {}
    for module, imported in modules.items():
        folder = module.partition(".")[0]
        folders.setdefault(folder, set()).update({name.partition(".")[0] for name in imported} - {folder})
    return folders


def _name(path: Path) -> str:
    return ".".join(part for part in path.with_suffix("").parts if part != "__init__")


def _imported_names(path: Path, around: str, package: str) -> Iterator[str]:
    """What a module imports from its package, as names relative to it; of modules or of what is in them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = around.split(".") if around else []
            base = [package, *parents[: len(parents) + 1 - node.level]] if node.level else []
            base += [node.module] if node.module else []
            names = [".".join([*base, alias.name]) for alias in node.names]
        else:
            continue
        yield from (name.removeprefix(package).lstrip(".") for name in names if f"{name}.".startswith(f"{package}."))


def _longest_known(name: str, modules: dict[str, Path]) -> str:
    """The module that a name is, or is in."""
    while name not in modules:
        name = name.rpartition(".")[0]
    return name
