"""The files that a document refers to: read from inside one folder, the document's own or a wider one, nowhere else."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

from .loading import load_value
from .problems import Problem, Problems, ProblemsFound, Source
from .tree import Object

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
MAX_FILES = 5_000
"""Files of one document; the biggest published ones have about 3,000."""


class Copies(Protocol):
    """Files that are copied to the disk when they are needed, such as those of a git revision."""

    @property
    def prefix(self) -> str:
        """What their names in problems begin with, before the path."""

    def copy(self, path: Path) -> None:
        """Write the file at `path`, if there is one. Raises ProblemsFound if it must not be read."""


class Files:
    """A document's file and those around it. Nothing is fetched, and nothing outside of `root` is opened."""

    def __init__(
        self, path: Path, file: str, document: Object, root: Path | None = None, copies: Copies | None = None
    ) -> None:
        """`root` is the document's folder, or one around it; `copies` has its files, where they are not there yet.

        Raises ProblemsFound for a root without the document.
        """
        self.path = path.resolve()
        self.folder = self.path.parent
        self._root = self.folder if root is None else root.resolve()
        if not self.path.is_relative_to(self._root) or not self._root.is_dir():
            raise outside(str(root), file)
        self._root_in_words = "the document's folder" if self._root == self.folder else "the folder of --root"
        self._file = file
        self._copies = copies
        self._read: dict[Path, Any] = {self.path: document}
        self._paths = {file: self.path}
        self._resolved: dict[Path, Path | str] = {}

    def path_of(self, file: str) -> Path:
        """The path of the file that is called `file` in problems; the document's where it is none of those read."""
        return self._paths.get(file, self.path)

    def find(self, base: Path, reference: str) -> Path | str:
        """The file that a reference in `base` names (RFC 3986, section 5.2, paths alone), or why that is not read."""
        name = unquote(reference)
        if _SCHEME.match(name) or name.startswith(("//", "\\\\")):
            return "it is a URL, and the generator downloads nothing"
        if name.startswith(("/", "\\")):
            return "it is an absolute path"
        if "\0" in name or len(name) > 1_000:
            return "it is not the name of a file"
        path = base.parent / name.partition("?")[0]
        if path not in self._resolved:
            self._resolved[path] = self._resolve(path)
        return self._resolved[path]

    def _resolve(self, path: Path) -> Path | str:
        try:
            path = path.resolve()
            if not path.is_relative_to(self._root):
                return f"it leads out of {self._root_in_words}"
            if self._copies:
                self._copies.copy(path)
            return path if path.is_file() else "there is no such file"
        except (OSError, RuntimeError):  # RuntimeError: links in a circle
            return "there is no such file"

    def read(self, path: Path, problems: Problems) -> Any:
        """The value in a file that `find` found; None when it cannot be read, which is reported."""
        if path not in self._read:
            if len(self._read) >= MAX_FILES:
                message = f"the document refers to more than {MAX_FILES:,} files"
                problems.error("too-large", Source(self._file), message)
                return None
            file = self._name(path)
            self._paths[file] = path
            try:
                self._read[path] = load_value(path, file, problems)
            except ProblemsFound as error:
                errors = [problem for problem in error.problems if problem.severity == "error"]
                for problem in errors:  # what refers to it is reported, too
                    problems.loss(problem.id, problem.source, problem.message, "this file is not read", problem.hint)
                self._read[path] = None
        return self._read[path]

    @property
    def inputs(self) -> dict[str, Path]:
        """The files that were read, by their names as seen from the document's folder."""
        return {self.relative(path): path for path in self._read}

    def _name(self, path: Path) -> str:
        """What a file is called in problems: its path, from where that of the document begins."""
        prefix, relative = self._copies.prefix if self._copies else "", self.relative(path)
        name = posixpath.join(posixpath.dirname(self._file.removeprefix(prefix)), relative)
        return prefix + (posixpath.normpath(name) if relative.startswith("../") else name)

    def relative(self, path: Path) -> str:
        """The name of a file as seen from the document's folder, the same on every system."""
        return Path(os.path.relpath(path, self.folder)).as_posix()


def outside(root: str, file: str) -> ProblemsFound:
    """The problem of a document that is not inside the folder that `root` names."""
    message = f"the document {file} is not in this folder"
    hint = "name a folder that contains the document and the files to which it refers"
    return ProblemsFound([Problem("bad-root", Source(root), message, hint)])
