"""What was generated at a revision, and what of a package has changed since."""

from __future__ import annotations

import ast
import hashlib
import os
import tomllib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ..diff.repository import Repository, problem
from ..diff.revisions import Entry, files_in, unknown
from ..escaping import shown_path
from ..interpreter.fast_dataclasses import dataclass
from ..output.section import FILE
from ..project.releases import CHANGELOG

_MOST_COMMITS = 50


@dataclass(frozen=True)
class Released:
    """A revision, and the packages that are generated in it."""

    repository: Repository
    revision: str
    files: Mapping[str, Entry]
    """The generated files, by their paths below the folder of all packages."""

    @cached_property
    def versions(self) -> dict[str, str]:
        """The version of each package."""
        packages = sorted(path.partition("/")[0] for path in self.files if path.count("/") == 1 and path.endswith(FILE))
        return {package: project_of(self.text(f"{package}/{FILE}"))["version"] for package in packages}

    def text(self, path: str) -> str:
        """The text of a generated file; "" where there is none."""
        if path not in self.files:
            return ""
        return self.repository.git("cat-file", "blob", self.files[path].sha).stdout.decode("utf-8", "replace")

    def changed(self, package: str, texts: Mapping[str, str]) -> tuple[str, ...]:
        """The paths in a package at which it now has another text, or the only one; its changelog apart."""
        paths = {path for path in (*self.files, *texts) if path.startswith(f"{package}/")} - {f"{package}/{CHANGELOG}"}
        changed = [path for path in paths if path not in texts or not self._has(path, texts[path])]
        return tuple(sorted(path.partition("/")[2] for path in changed))

    def _has(self, path: str, text: str) -> bool:
        """Whether the file has this text, by the name that git gives to its content."""
        entry = self.files.get(path)
        data = text.encode()
        algorithm = hashlib.sha1 if entry and len(entry.sha) == 40 else hashlib.sha256
        return entry is not None and algorithm(b"blob %d\0%b" % (len(data), data)).hexdigest() == entry.sha

    def subjects(self, folder: Path) -> tuple[str, ...]:
        """The subjects of the commits since that changed a folder, the oldest first."""
        log = self.repository.git("log", "--no-merges", "--format=%s", f"{self.revision}..HEAD", "--", str(folder))
        lines = os.fsdecode(log.stdout).splitlines() if log.returncode == 0 else []
        return tuple(reversed(list(dict.fromkeys(lines))[:_MOST_COMMITS]))

    def uncommitted(self, *folders: Path) -> bool:
        """Whether one of these folders has changes that are in no commit yet."""
        inside = [str(folder) for folder in folders if self.repository.path_below_root(folder) is not None]
        return bool(self.repository.git("status", "--porcelain", "--", *inside).stdout)


def released_at(revision: str, out: Path) -> Released:
    """What the folder `out` has in a revision. Raises ProblemsFound where git knows no such revision or folder."""
    repository = Repository.of(*[folder.resolve() for folder in (out, Path.cwd()) if folder.is_dir()])
    named = repository.find(revision)
    if named is None:
        raise unknown(repository, revision)
    if not named.is_revision:
        hint = "name a commit or a tag, such as that of the last release"
        raise problem("release-base", revision, "this is not a revision", hint)
    path = repository.path_below_root(out)
    folder = repository.find(f"{named.sha}:{path}") if path else None
    if folder is None or folder.type != "tree":
        message = f"the revision has no folder {shown_path(out)}, in which the packages are"
        raise problem("release-base", revision, message, "name a revision in which they are committed")
    name = f"{revision}:{path}"
    files = {path: entry for path, entry in files_in(repository, folder.sha, name, "-r").items() if entry.is_file}
    return Released(repository, named.sha, files)


def project_of(text: str) -> dict[str, Any]:
    """The table [project] of the text of a pyproject.toml that was generated."""
    project: dict[str, Any] = tomllib.loads(text)["project"]
    return project


def public_names(text: str) -> set[str]:
    """The names in `__all__` of a module."""
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return {*ast.literal_eval(statement.value)}
    return set()
