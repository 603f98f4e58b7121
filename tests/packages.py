"""Packages that are generated from a document for a test, written to a folder, and imported.

package = generated_package(SPEC, "garden-client", folder)  # garden-client/garden_client/models.py in the folder
module = imported(package, folder)                          # module.GardenClient, module.models
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Collection, Mapping
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from generator.document.problems import Problems
from generator.ir.model import Package
from generator.project.packages import single_package
from generator.render.package import client_files

_LOADED = itertools.count()


def generated_package(
    spec: Path, distribution: str, folder: Path, *, problems: Collection[str] = (), **settings: Any
) -> Package:
    """The package of a document, whose files are written to the folder; `problems` are the ids of those it has."""
    reported = Problems()
    package = single_package(spec, distribution, reported, **settings)
    assert package is not None, [str(problem) for problem in reported]
    assert {problem.id for problem in reported} == set(problems)
    write_files(client_files(package), folder)
    return package


def write_files(files: Mapping[str, str], folder: Path) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def imported(package: Package, folder: Path) -> ModuleType:
    """The package that was generated in `folder`, with its `models`; as a module of its own each time."""
    root = folder / package.distribution / package.module
    # Two versions of a package have the same name, so each gets its own module.
    name = f"{package.module}_{next(_LOADED)}"
    spec = spec_from_file_location(name, root / "__init__.py", submodule_search_locations=[str(root)])
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    import_module(f"{name}.models")
    return module


def imported_package(spec: Path, distribution: str, folder: Path, **settings: Any) -> ModuleType:
    """The package of a document, generated in `folder` as by `generated_package`, and imported."""
    return imported(generated_package(spec, distribution, folder, **settings), folder)
