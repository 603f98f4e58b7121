"""Two versions -> all changes: each provider in each layer, and the unified model once for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..normalization.unified import UnifiedModel
from .finding import Change
from .judge import judge, judge_lagging, without_repetitions
from .normalized.mapping import compare as compare_mappings
from .normalized.unified import compare_unified
from .pairing.items import by_key
from .python.api import compare as compare_packages
from .rules import Rule, load_rules
from .versions import Version, Versions
from .wire.api import compare as compare_wire

RUNS = "workflow-runs"
"""The distribution of the normalized layer."""


def compare_versions(old: Versions, new: Versions, rules: Mapping[str, Rule] | None = None) -> list[Change]:
    """What changed for callers, in order. The rules are loaded unless they are given."""
    rules = rules or load_rules()
    changes = judge(compare_unified(_unified(old), _unified(new)), rules, RUNS)
    for name, before, after in by_key(old, new):
        changes += _compare_provider(before or Version(name), after or Version(name), rules)
    return without_repetitions(changes)


def _compare_provider(old: Version, new: Version, rules: Mapping[str, Rule]) -> Iterator[Change]:
    package = new.package or old.package
    if package is None:
        return
    routes = _named_routes(old, new)
    yield from judge(compare_wire(old.package, new.package), rules, package.distribution, routes)
    yield from judge(compare_packages(old.package, new.package), rules, package.distribution, routes)
    # All mappings are in one package, so the place begins with the provider's name.
    findings = (replace(finding, place=f"{new.name} {finding.place}") for finding in compare_mappings(old, new))
    yield from judge(findings, rules, RUNS, routes)
    if old.package and new.package and (old.self_hosted or new.self_hosted):
        # A self-hosted server has an address of its owner's choice, whichever version of the document it follows.
        swapped = compare_wire(new.package, old.package, servers=False)
        yield from judge_lagging(swapped, rules, package.distribution, routes)


def _named_routes(old: Version, new: Version) -> dict[str, str]:
    """The routes of all operations with the names of their variables, those of the new version first."""
    packages = [version.package for version in (old, new) if version.package]
    return {operation.route: operation.named_route for package in packages for operation in package.api.operations}


def _unified(versions: Versions) -> UnifiedModel | None:
    return next((version.unified for version in versions.values() if version.unified), None)
