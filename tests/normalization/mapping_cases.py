"""The cases of `tests/normalization/cases`, as folders of providers, and what is generated from them."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from generator.document.loading import load, parse
from generator.document.problems import Problems, ProblemsFound
from generator.ir.provider import Provider
from generator.normalization.read.coverage import targets
from generator.normalization.read.unified import read_unified
from generator.normalization.render.package import runs_files
from generator.pipeline import read_api
from generator.project.mappings import read_mappings
from generator.project.packages import provider_package
from generator.render.package import client_files
from tests.generator.expectations import ROOT, cases, expected

MODEL = ROOT / "specs" / "workflow-run.yaml"
CORE = ROOT / "generated" / "workflow-client-core"
ADAPTER = "adapter.py.txt"
CASES = cases("normalization/cases")
ACCEPTED = [case for case in CASES if expected(case, ADAPTER)]


def specs(folders: list[Path], into: Path) -> Path:
    """A folder like `specs`, with the providers of some cases."""
    (model,) = {(case if (case / MODEL.name).exists() else MODEL.parent) / MODEL.name for case in folders}
    into.mkdir()
    shutil.copy(model, into)
    for case in folders:
        folder = into / case.name
        folder.mkdir()
        spec = next(path for path in (case / "openapi.yaml", case.parent / "openapi.yaml") if path.exists())
        shutil.copy(spec, folder)
        mapping = (case / "normalization.yaml").read_text(encoding="utf-8")
        (folder / "normalization.yaml").write_text(mapping + _absent(mapping), encoding="utf-8")
        (folder / "provider.yaml").write_text(_facts(case, spec), encoding="utf-8")
    return into


def _absent(mapping: str) -> str:
    try:
        document = parse(mapping, "normalization.yaml")
    except ProblemsFound:
        return ""
    if not document or "absent" in document:
        return ""
    filled = {name for name, _ in targets(document)}
    return f"absent: [{{fields: [{', '.join(sorted(FILLABLE - filled))}], because: The case is not about them.}}]\n"


def _fillable() -> set[str]:
    document = load(MODEL)
    return set(read_unified(document, read_api(document, Provider(""), Problems()), Problems()).fillable())


FILLABLE = _fillable()


def _facts(case: Path, spec: Path) -> str:
    own = case / "provider.yaml"
    digest = hashlib.sha256(spec.read_bytes()).hexdigest()
    return (own.read_text(encoding="utf-8") if own.exists() else "") + (
        f"source: {{url: 'https://example.com', retrieved: 2026-11-22, sha256: '{digest}', transcribed: false}}\n"
    )


def generated(folder: Path, problems: Problems) -> dict[str, str]:
    """The files of the clients and of workflow-runs; none when there are errors."""
    packages = {}
    for provider in sorted(path for path in folder.iterdir() if path.is_dir()):
        package = provider_package(provider, f"specs/{provider.name}", problems)
        if package is not None:
            packages[provider.name] = package
    layer = read_mappings(folder, "specs", packages, problems)
    if problems.errors:
        return {}
    assert layer is not None
    files = runs_files(*layer)
    for package in packages.values():
        files |= client_files(package)
    return files
