"""Edits of this repository's mappings and specs, and the problems that come of them."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from generator.document.problems import Problem, Problems, sorted_problems
from generator.ir.model import Package
from generator.project.mappings import read_mappings
from generator.project.packages import provider_package
from tests.generator.expectations import ROOT

SPECS = ROOT / "specs"


def edit(specs: Path, file: str, old: str, new: str) -> None:
    """Make an edit that somebody could make; a vendored spec stays the one that `provider.yaml` tells of."""
    path = specs / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file} has {text.count(old)} times: {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    if path.name == "openapi.yaml":
        facts = path.with_name("provider.yaml")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        facts.write_text(re.sub(r"sha256: \w+", f"sha256: {digest}", facts.read_text("utf-8")), "utf-8")


def place(specs: Path, file: str, text: str) -> str:
    """The file and line at which a text ends."""
    before, _, after = (specs / file).read_text(encoding="utf-8").partition(text)
    assert after, f"{file} does not have: {text}"
    return f"specs/{file}:{(before + text).count(chr(10)) + 1}"


@cache
def unedited(provider: str) -> Package:
    package = provider_package(SPECS / provider, f"specs/{provider}", Problems())
    assert package is not None
    return package


def problems_of(specs: Path, *providers: str) -> list[Problem]:
    """The problems of these providers."""
    problems = Problems()
    packages: dict[str, Package] = {}
    for provider in providers:
        spec = f"{provider}/openapi.yaml"
        same = (SPECS / spec).exists() and (specs / spec).read_bytes() == (SPECS / spec).read_bytes()
        name = f"specs/{provider}"
        package = unedited(provider) if same else provider_package(specs / provider, name, problems)
        if package is not None:
            packages[provider] = package
    read_mappings(specs, "specs", packages, problems)
    return sorted_problems(problems)
