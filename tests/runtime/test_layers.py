"""The core's folders import in one direction, and its modules without cycles."""

from __future__ import annotations

from graphlib import TopologicalSorter
from pathlib import Path

import workflow_client_core as core

from tests.imports import folder_graph, import_graph

FOLDER = Path(core.__path__[0])

# Each imports only those before it.
LAYERS = (
    *("_api", "_errors", "_forks", "_name", "_text", "_time_limit"),
    *("_models", "_decoding", "_credentials", "_request", "_response"),
    *("_connections", "_transport", "_streams", "_pages", "_clients"),
    "",
)


def test_no_modules_import_each_other() -> None:
    modules = import_graph(FOLDER)
    assert sorted(TopologicalSorter(modules).static_order()) == sorted(modules)


def test_folders_import_those_before_them() -> None:
    for folder, imported in folder_graph(import_graph(FOLDER)).items():
        assert {LAYERS.index(name) for name in imported} <= set(range(LAYERS.index(folder))), folder


def test_what_lies_in_folders_is_imported_from_its_module() -> None:
    """A folder's `__init__` only says what is in it: nothing is loaded before it is needed."""
    modules = import_graph(FOLDER)
    assert {name for name in modules if name and (FOLDER / name).is_dir() and modules[name]} == set()
