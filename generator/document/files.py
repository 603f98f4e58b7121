"""The files that a document refers to: read from inside its own folder, and from nowhere else."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

from .loading import load
from .problems import Problems, ProblemsFound, Source
from .tree import Object

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
MAX_FILES = 5_000
"""Files of one document; the biggest published ones have about 3,000."""


class Files:
    """A document's file and those around it. Nothing is fetched, and nothing outside the folder is opened."""

    def __init__(self, path: Path, file: str, document: Object) -> None:
        self.path = path.resolve()
        self.folder = self.path.parent
        self._shown = posixpath.dirname(file)
        self._read: dict[Path, Object | None] = {self.path: document}

    def find(self, base: Path, reference: str) -> Path | str:
        """The file that a reference in `base` names (RFC 3986, section 5.2, for paths alone); or why it is not read."""
        name = unquote(reference)
        if _SCHEME.match(name) or name.startswith(("//", "\\\\")):
            return "it is a URL, and the generator downloads nothing"
        if name.startswith(("/", "\\")):
            return "it is an absolute path"
        if "\0" in name or len(name) > 1_000:
            return "it is not the name of a file"
        path = base.parent / name.partition("?")[0]
        try:
            path = path.resolve()
            if not path.is_relative_to(self.folder):
                return "it leads out of the document's folder"
            return path if path.is_file() else "there is no such file"
        except (OSError, RuntimeError):  # RuntimeError: links in a circle
            return "there is no such file"

    def read(self, path: Path, problems: Problems) -> Object | None:
        """The document in a file that `find` found; None when it cannot be read, which is reported."""
        if path not in self._read:
            if len(self._read) >= MAX_FILES:
                message = f"the document refers to more than {MAX_FILES:,} files"
                problems.error("too-large", Source(posixpath.join(self._shown, self.path.name)), message)
                return None
            try:
                self._read[path] = load(path, posixpath.join(self._shown, self.relative(path)))
            except ProblemsFound as error:
                problems += error.problems
                self._read[path] = None
        return self._read[path]

    @property
    def inputs(self) -> dict[str, Path]:
        """The files that were read, by their names as seen from the document's folder."""
        return {self.relative(path): path for path in self._read}

    def relative(self, path: Path) -> str:
        """The name of a file as seen from the document's folder, the same on every system."""
        return path.relative_to(self.folder).as_posix()
