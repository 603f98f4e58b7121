"""The manifest: the inputs from which a generated folder was made, and the files in it when it was written.

It is committed beside the folder, which contains packages only, and says nothing of the machine or the time. It shows,
without generating again, whether anything changed, and whether a file was edited by hand or is only out of date.
This module imports nothing heavy: `make generate` with nothing to do needs it alone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .section import FILE, split

State = Literal["stale", "edited", "missing", "unknown"]
"""Why a file of the folder is not what generating now gives; see `differences_of`."""
_FORMAT = 1
_CACHES = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """The sha256 of every input by its stable name, and of every file written by its path below the folder.

    Of a pyproject.toml there are two: of what is around the section that users edit, and of the whole file.
    """

    inputs: Mapping[str, str]
    outputs: Mapping[str, str]

    @classmethod
    def of(cls, inputs: Mapping[str, str], texts: Mapping[str, str]) -> Manifest:
        """The manifest of a folder with the files `texts`."""
        return cls(dict(inputs), {path: _digest_of_file(path, text.encode()) for path, text in texts.items()})

    @classmethod
    def read(cls, path: Path) -> Manifest | None:
        """The manifest at `path`; None when it is missing or cannot be read, as after a merge conflict."""
        try:
            data = json.loads(path.read_bytes())
            if data["format"] != _FORMAT:
                return None
            return cls(_strings(data["inputs"]), _strings(data["outputs"]))
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def encoded(self) -> bytes:
        """The file's bytes: sorted, one entry a line, so that a diff names what changed."""
        data = {"format": _FORMAT, "inputs": dict(self.inputs), "outputs": dict(self.outputs)}
        return (json.dumps(data, indent=2, sort_keys=True) + "\n").encode()


def beside(out: Path, suffix: str) -> Path:
    """A hidden neighbor of the resolved folder `out`, named after it: on the same file system, and outside of it."""
    return out.parent / f".{out.name}.{suffix}"


def manifest_path(out: Path) -> Path:
    """Where the manifest of the folder `out` lies."""
    return beside(out.resolve(), "manifest.json")


def digest(data: bytes) -> str:
    """The sha256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digests_of(files: Mapping[str, Path]) -> dict[str, str]:
    """The sha256 of each file, by the stable name it is given. Raises OSError for a file that cannot be read."""
    return {name: digest(path.read_bytes()) for name, path in sorted(files.items())}


def is_cache(name: str) -> bool:
    """Whether tools leave files or folders of this name behind: they are not generated, and nobody's work."""
    return name in _CACHES or name.endswith((".pyc", ".egg-info"))


def walk(out: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file below `out` but caches, with its POSIX path. Links are not followed, and count as files themselves."""
    folders = [(str(out), "")]
    while folders:
        folder, prefix = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if is_cache(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append((entry.path, f"{prefix}{entry.name}/"))
                else:
                    yield prefix + entry.name, entry


def tree(out: Path) -> dict[str, str]:
    """The fingerprint of every file below `out`, caches apart; nothing when there is no such folder."""
    return {path: fingerprint(entry) for path, entry in walk(out)} if out.is_dir() else {}


def fingerprint(file: os.PathLike[str]) -> str:
    """The sha256 of a file, as in a manifest; of a link or a device something else, which equals no sha256."""
    path = Path(file)
    if path.is_symlink():
        return f"link to {os.readlink(path)}"
    return _digest_of_file(path.name, path.read_bytes()) if path.is_file() else "special file"


def generated_part(fingerprint: str) -> str:
    """The sha256 of what no user edits: of a whole file, or of a pyproject.toml without its section."""
    return fingerprint.partition(" ")[0]


def _digest_of_file(path: str, data: bytes) -> str:
    if path.rpartition("/")[2] == FILE:
        return f"{digest(split(data)[0].rstrip())} {digest(data)}"
    return digest(data)


def unchanged(out: Path, inputs: Mapping[str, str]) -> bool:
    """Whether generating again would change nothing: same inputs, and every file as it was written, none more or less.

    False as well when a killed run left something to be completed.
    """
    out = out.resolve()
    if os.path.lexists(beside(out, "swap")):
        return False
    manifest = Manifest.read(manifest_path(out))
    return manifest is not None and manifest.inputs == inputs and manifest.outputs == tree(out)


def manifest_is_current(out: Path, inputs: Mapping[str, str], expected: Mapping[str, str]) -> bool:
    """Whether the manifest is the one that writing the formatted texts `expected` would leave.

    `check` looks at the files alone: inputs can change without changing a file, and the manifest is then out of date.
    """
    return Manifest.read(manifest_path(out)) == Manifest.of(inputs, expected)


def differences_of(out: Path, expected: Mapping[str, str]) -> dict[str, State]:
    """The files in which the folder differs from the formatted texts that generating now gives, sorted by path.

    `stale`: as it was written, but generating now gives something else or nothing; `edited`: changed since it was
    written; `missing`: not there; `unknown`: never written by a run. Without a manifest every other content is stale.
    """
    out = out.resolve()
    manifest = Manifest.read(manifest_path(out))
    recorded = manifest.outputs if manifest else {}
    wanted, actual = Manifest.of({}, expected).outputs, tree(out)

    def state(path: str) -> State:
        if path not in actual:
            return "missing"
        if path not in wanted:
            return "stale" if path in recorded else "unknown"
        return "stale" if manifest is None or actual[path] == recorded.get(path) else "edited"

    return {path: state(path) for path in sorted({path for path, _ in wanted.items() ^ actual.items()})}


def _strings(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise TypeError("not an object of strings")
    return value
