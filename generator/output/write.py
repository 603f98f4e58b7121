"""Write a generated folder: check the paths, format once, compare, and swap whole trees only when they differ."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from ..document.problems import Problem, Problems, ProblemsFound, Source
from ..interpreter.fast_dataclasses import dataclass
from .fingerprints import fingerprint, is_cache, tree, walk
from .formatting import BUG, formatted
from .manifest import Manifest, manifest_path
from .swap import Replaced, locked, settle, write_beside

_UNPORTABLE = re.compile(r"[\x00-\x1f\x7f\\:\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Written:
    """What a run did to the folder: sorted paths below it. `replaced` files are also among `changed` or `removed`."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    replaced: tuple[Replaced, ...]
    unchanged: int


def write(out: Path, files: Mapping[str, str], inputs: Mapping[str, str]) -> Written:
    """Make the formatted `files` (POSIX path -> text) the only files of the folder `out`.

    A folder that has these files already is not touched; only its manifest follows the `inputs`.

    Raises `ProblemsFound` with `unsafe-path` or `path-clash` (a path that leaves the folder, is not a path everywhere,
    or is another path where case does not count), `invalid-code`, `foreign-directory` (it would delete somebody's
    files) or `busy` (another run); OSError when the disk is full or refuses.
    """
    out = out.resolve()
    _refuse_paths(files)
    if out == out.parent or (out.exists() and not out.is_dir()):
        raise _foreign(out, "is not a folder that can be replaced")
    out.parent.mkdir(parents=True, exist_ok=True)
    with locked(out):
        replaced = settle(out)  # what a killed run has left
        texts = formatted(files)
        manifest = Manifest.of(inputs, texts)
        if not os.path.lexists(manifest_path(out)):
            _refuse_foreign(out, manifest)
        old, new = tree(out), manifest.outputs
        if old != new or not out.is_dir() or Manifest.read(manifest_path(out)) != manifest:
            try:
                write_beside(out, texts, manifest)
            finally:
                replaced += settle(out)
    return Written(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(path for path in new.keys() & old.keys() if new[path] != old[path])),
        removed=tuple(sorted(old.keys() - new.keys())),
        replaced=replaced,
        unchanged=len(new.items() & old.items()),
    )


def _refuse_foreign(out: Path, manifest: Manifest) -> None:
    for path, entry in walk(out) if out.is_dir() else ():
        if path not in manifest.outputs or fingerprint(entry) != manifest.outputs[path]:
            raise _foreign(out, f"has no manifest ({manifest_path(out).name}) and contains {path}")


def _foreign(out: Path, reason: str) -> ProblemsFound:
    hint = "name a folder that is new, empty or generated earlier; nothing was written"
    return ProblemsFound([Problem("foreign-directory", Source(str(out)), f"{out.name or out} {reason}", hint)])


def _refuse_paths(files: Mapping[str, str]) -> None:
    problems = Problems()
    spellings: dict[str, tuple[str, bool]] = {}
    for path in sorted(files):
        parts = path.split("/")
        if _UNPORTABLE.search(path) or any(part in ("", ".", "..") or is_cache(part) for part in parts):
            problems.error("unsafe-path", Source(path), "not a plain path below the generated folder", BUG)
            continue
        for end in range(1, len(parts) + 1):
            entry = "/".join(parts[:end]), end == len(parts)  # a folder or the file
            neighbor = spellings.setdefault(unicodedata.normalize("NFC", entry[0]).casefold(), entry)
            if neighbor != entry:
                message = f"conflicts with {neighbor[0]} on file systems that ignore case"
                problems.error(
                    "path-clash", Source(path), message, "rename one of the things after which they are named"
                )
                break
    problems.stop_on_errors()
