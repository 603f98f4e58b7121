"""The manifest: the inputs from which a generated folder was made, and the files in it when it was written.

It is committed beside the folder, which contains packages only, and says nothing of the machine or the time. It shows,
without generating again, whether anything changed, and whether a file was edited by hand or is only out of date.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from ..interpreter.fast_dataclasses import dataclass
from . import fingerprints
from .fingerprints import FORMAT, content, digest, fingerprint_of, manifest_text, tree

State = Literal["stale", "edited", "missing", "unknown"]
"""Why a file of the folder is not what generating now gives; see `differences_of`."""


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
        return cls(dict(inputs), {path: fingerprint_of(path, text.encode()) for path, text in texts.items()})

    @classmethod
    def read(cls, path: Path) -> Manifest | None:
        """The manifest at `path`; None when it is missing or cannot be read, as after a merge conflict."""
        try:
            data = json.loads(path.read_bytes())
            if data["format"] != FORMAT:
                return None
            return cls(_strings(data["inputs"]), _strings(data["outputs"]))
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def encoded(self) -> bytes:
        """The file's bytes."""
        return manifest_text(self.inputs, self.outputs).encode()


def beside(out: Path, suffix: str) -> Path:
    """A hidden neighbor of the resolved folder `out`, named after it: on the same file system, and outside of it."""
    return Path(fingerprints.beside(str(out), suffix))


def manifest_path(out: Path) -> Path:
    """Where the manifest of the folder `out` lies."""
    return beside(out.resolve(), "manifest.json")


def digests_of(files: Mapping[str, Path]) -> dict[str, str]:
    """The sha256 of each file, by the stable name it is given. Raises OSError for a file that cannot be read."""
    return {name: digest(content(path)) for name, path in sorted(files.items())}


def generated_part(fingerprint: str) -> str:
    """The sha256 of what no user edits: of a whole file, or of a pyproject.toml without its section."""
    return fingerprint.partition(" ")[0]


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
