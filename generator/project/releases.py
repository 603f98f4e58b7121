"""`versions.yaml`, beside the providers' folders: the versions of all packages, as `bump` writes them, and their pages.

A package that the file does not name has never been released: its next version is the first one. `needs` has for each
package the least versions of our others that it works with: those that these had when it was released, so that a new
version of one does not change all that depend on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from ..document.field_reader import FieldReader
from ..document.loading import load
from ..document.problems import Problems
from ..document.tree import Object
from ..interpreter.fast_dataclasses import dataclass
from ..versions import CORE, CORE_FILE, FIRST_VERSION, VERSION_PATTERN, Release, core_version

VERSIONS = "versions.yaml"
CHANGELOG = "CHANGELOG.md"
"""The name of a changelog, in a package and where it is written: in the provider's folder, or beside a template."""
_PLACEHOLDER = "{package}"
_URL = re.compile("https?://[!-~]+")
_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9 -]{0,31}")  # packaging.python.org: at most 32 characters


@dataclass(frozen=True, slots=True)
class Releases:
    """What `versions.yaml` says."""

    versions: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    urls: Mapping[str, str] = field(default_factory=dict)
    """Pages of all packages, by what they are; `{package}` stands for the name of each."""

    def version(self, distribution: str) -> str:
        """The version of a package."""
        return core_version() if distribution == CORE else self.versions.get(distribution, FIRST_VERSION)

    def release(self, distribution: str, changelog: Path, documentation: str = "") -> Release:
        """The release of a package whose changelog is written at `changelog`, and whose API has this documentation."""
        own = {"Documentation": documentation} if _URL.fullmatch(documentation) else {}
        urls = {label: url.replace(_PLACEHOLDER, distribution) for label, url in self.urls.items()}
        text = changelog.read_text(encoding="utf-8") if changelog.is_file() else ""
        return Release(self.version(distribution), self.needs.get(distribution, {}), {**urls, **own}, text)


NO_RELEASES = Releases()


def read_releases(specs: Path, name: str, problems: Problems) -> Releases:
    """The releases of the packages of a folder of providers, which is called `name` in problems."""
    path = specs / VERSIONS
    if not path.is_file():
        return NO_RELEASES
    with problems.collecting():
        document, reader = load(path, f"{name}/{VERSIONS}"), FieldReader("versions-shape", problems)
        reader.check_keys(document, {"versions", "needs", "urls"})
        versions, needs = (reader.mapping(document, key) for key in ("versions", "needs"))
        if CORE in versions:
            message = "the version of the core is not here: the core has it itself"
            reader.error(versions.where(CORE), message, f"take it out; it is in templates/{CORE_FILE}")
        return Releases(
            _versions(versions, reader),
            {package: _versions(reader.mapping(needs, package), reader) for package in needs},
            _urls(reader.mapping(document, "urls"), reader),
        )
    return NO_RELEASES


def _versions(table: Object, reader: FieldReader) -> dict[str, str]:
    """The versions in a table, by package."""
    for package in [package for package, version in table.items() if not _is_version(version)]:
        example = f"write {package}: {FIRST_VERSION}, such as"
        reader.error(table.where(package), f"{package}: {table.as_written(package)!r} is not three numbers", example)
    return {package: version for package, version in table.items() if _is_version(version)}


def _is_version(value: Any) -> bool:
    return isinstance(value, str) and VERSION_PATTERN.fullmatch(value) is not None


def _urls(table: Object, reader: FieldReader) -> dict[str, str]:
    """The pages of all packages."""
    urls = dict[str, str]()
    for label, url in table.items():
        if not _LABEL.fullmatch(label):
            message = f"{label!r} says not what the page is in at most 32 letters, digits, spaces and hyphens"
            reader.error(table.where(label), message, "write Repository, Changelog or Issues, such as")
        elif not isinstance(url, str) or not _URL.fullmatch(url):
            reader.error(table.where(label), f"{label}: {table.as_written(label)!r} is not the URL of a page")
        else:
            urls[label] = url
    return urls
