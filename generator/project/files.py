"""What `generate` makes: the texts of all packages of a folder of providers, and the inputs that they follow from.

Importing this module loads nothing heavy: where no input has changed, nothing else is needed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .. import TOOL, resources
from ..document.problems import UNDECIDED, Problems, Source
from ..escaping import shown_path
from ..output.fingerprints import digest
from .inputs import digests_of_inputs

if TYPE_CHECKING:
    from ..ir.model import Package
    from .releases import Releases


def generated_files(specs: Path, problems: Problems) -> dict[str, str]:
    """The texts of the core, of each provider's client and of `workflow-runs`, by path; none when there are errors."""
    from ..render.package import client_files, core_files
    from ..versions import CORE
    from .mappings import read_mappings
    from .releases import CHANGELOG, read_releases

    releases = read_releases(specs, shown_path(specs), problems)
    packages = _packages(specs, releases, problems)
    normalization = read_mappings(specs, shown_path(specs), packages, problems)
    if problems.errors:
        return {}
    templates = resources.templates_folder()
    files = core_files(releases.release(CORE, templates / "runtime" / CHANGELOG))
    if normalization is not None:
        from ..normalization.render.package import DISTRIBUTION, runs_files

        changelog = templates / "normalization" / CHANGELOG
        files |= runs_files(*normalization, releases.release(DISTRIBUTION, changelog))
    for package in packages.values():
        files |= client_files(package)
    return files


def _packages(specs: Path, releases: Releases, problems: Problems) -> dict[str, Package]:
    """The packages of the providers without errors, by folder."""
    from .packages import provider_package
    from .releases import CHANGELOG

    folders = sorted(p for p in specs.glob("*/") if p.is_dir() and not p.name.startswith((".", "__")))
    if not folders:
        hint = "each provider has a folder with openapi.yaml and provider.yaml"
        problems.error("no-specs", Source(str(specs)), "there is no provider's folder here", hint)
    packages: dict[str, Package] = {}
    for folder in folders:
        if not (folder / "openapi.yaml").is_file():
            hint = "call the document openapi.yaml (JSON is YAML, too), or remove the folder"
            source = Source(shown_path(folder))
            problems.error("missing-spec", source, "this provider's folder has no openapi.yaml", hint)
            continue
        own = Problems()  # a stage stops on its own provider's errors only
        package = provider_package(folder, shown_path(folder), own)
        if package is not None and all(problem.id == UNDECIDED for problem in own.errors):
            release = releases.release(package.distribution, folder / CHANGELOG, package.documentation)
            packages[folder.name] = replace(package, release=release)
        problems += own
    return packages


def input_digests(specs: Path) -> dict[str, str]:
    """The digests of what the generated files follow from: specs, templates, the generator, and the tools that the lock
    names. What only `diff` or the site reads is none of it."""
    files = {"LICENSE": resources.license_file(), "specs/workflow-run.yaml": resources.unified_model_file(specs)}
    if not resources.is_installed():
        files["requirements.lock"] = resources.repository_folder() / "requirements.lock"
    folders = {"specs": specs, "templates": resources.templates_folder(), "generator": resources.package_folder()}
    digests = digests_of_inputs(files, folders)
    return digests | {"tools": digest(_tools().encode())} if resources.is_installed() else digests


def _tools() -> str:
    """The versions of what the generator imports, where it is installed and no lock names them."""
    from importlib.metadata import requires, version

    names = [re.split(r"[^\w.-]", requirement)[0] for requirement in requires(TOOL) or ()]
    return "\n".join(f"{name}=={version(name)}" for name in sorted(names))
