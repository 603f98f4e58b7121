"""The unified model of a folder of providers, and the mappings of the providers that have one."""

from __future__ import annotations

from pathlib import Path

from ..document.loading import load
from ..document.problems import Problems, Source
from ..ir.model import Package
from ..ir.provider import Provider
from ..normalization.mapping import Mapping
from ..normalization.names import check_names, identifier
from ..normalization.unified import UnifiedModel
from ..pipeline import read_api
from ..resources import unified_model_file


def read_mappings(
    specs: Path, name: str, packages: dict[str, Package], problems: Problems
) -> tuple[UnifiedModel, list[Mapping]] | None:
    """The unified model and the mappings of `packages`, which are named after their folders below `specs`; None where
    there is no mapping, or problems stand in the way. Paths in problems begin with `name`."""
    mapped = {folder: p for folder, p in packages.items() if (specs / folder / "normalization.yaml").exists()}
    if not mapped:
        return None
    check_names(mapped, name, problems)
    with problems.collecting():
        model = unified_model_file(specs)
        unified = unified_model(model, f"{name}/{model.name}" if model.parent == specs else model.as_posix())
        for folder in packages.keys() - mapped.keys():
            message = "this provider has no normalization.yaml, so WorkflowRun does not cover it"
            problems.warning("no-mapping", Source(f"{name}/{folder}"), message)
        mappings = []
        for folder, package in mapped.items():
            own = Problems()  # errors of a mapping do not hide those of the next
            with own.collecting():
                mappings.append(_mapping(specs / folder, f"{name}/{folder}", package, unified, own))
            problems += own
        problems.stop_on_errors()
        return (unified, mappings) if mappings else None
    return None


def unified_model(path: Path, file: str) -> UnifiedModel:
    """The unified model of the file at `path`, called `file` in problems. Raises ProblemsFound."""
    from ..normalization.read.unified import read_unified

    document = load(path, file)
    problems = Problems()
    return read_unified(document, read_api(document, Provider(""), problems, read_twice=True), problems)


def _mapping(folder: Path, name: str, package: Package, unified: UnifiedModel, problems: Problems) -> Mapping:
    from ..normalization.read.mapping import read_mapping

    entries = load(folder / "normalization.yaml", f"{name}/normalization.yaml")
    return read_mapping(entries, identifier(folder.name), package, unified, problems)
