"""Files that people write, too, with more in them: all of them are written, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from ..interpreter.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file, and what it is going to contain."""

    path: Path
    text: str


def rewrite(files: Iterable[Rewritten]) -> None:
    """Write the files, each at once, and none before there is room for all. Raises OSError."""
    parts = dict[Path, Path]()
    try:
        for file in files:
            path = file.path.resolve()  # a symbolic link stays one
            parts[path] = part = path.with_name(f".{path.name}.part")
            part.write_bytes(file.text.encode())
            if path.exists():
                shutil.copymode(path, part)
        for path, part in parts.items():
            os.replace(part, path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
