"""Versions of packages, and what of a release does not follow from an API.

A version is three numbers. Which of them a change raises, also below 1.0, stands in `diff/bump.py`; here is what that
means for packages that depend on one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from . import resources
from .interpreter.fast_dataclasses import dataclass

FIRST_VERSION = "0.1.0"
"""The version of a package that has never been released."""
VERSION_PATTERN = re.compile(r"(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){2}")
CORE = "workflow-client-core"
CORE_FILE = "runtime/workflow_client_core/__init__.py"
"""The file that has the core's version, in the folder of the templates."""
CORE_VERSION = re.compile(r'^__version__ = "([^"\n]*)"$', re.MULTILINE)
"""The line of this file that has it."""


@dataclass(frozen=True, slots=True)
class Release:
    """The next release of a package, or its last one."""

    version: str = FIRST_VERSION
    needs: Mapping[str, str] = field(default_factory=dict)
    """The least versions of our other packages, where they are not those that these have now."""
    urls: Mapping[str, str] = field(default_factory=dict)
    """Its pages, by what they are: "Documentation", "Changelog"."""
    changelog: str = ""
    """The text of its changelog; "" before its first release."""


NEVER_RELEASED = Release()


def numbers(version: str) -> tuple[int, int, int]:
    """The three numbers of a version, by which versions compare."""
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch


def _next_break(version: str) -> tuple[int, int, int]:
    """The first version that breaks who uses this one."""
    major, minor, _ = numbers(version)
    return (major + 1, 0, 0) if major else (0, minor + 1, 0)


def is_compatible(least: str, version: str) -> bool:
    """Whether what works with `least` works with `version`, too."""
    return numbers(least) <= numbers(version) < _next_break(least)


def requirement(distribution: str, least: str, extra: str = "") -> str:
    """The requirement of a package that works with `least` and all compatible versions after it."""
    major, minor, _ = _next_break(least)
    return f"{distribution}{f'[{extra}]' if extra else ''}>={least},<{major or f'0.{minor}'}"


def core_version() -> str:
    """The version of the core that generated packages are made for: the core itself says it."""
    text = (resources.templates_folder() / CORE_FILE).read_text(encoding="utf-8")
    match = CORE_VERSION.search(text)
    assert match
    return match[1]
