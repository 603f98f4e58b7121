"""What a manifest consists of: fingerprints of files, and the text that records them.

`project/up_to_date.py` needs it before anything else is imported: what takes long to import comes late.
"""

from __future__ import annotations

import hashlib
import os

from .section import FILE, split

TYPE_CHECKING = False  # that of `typing`, which takes long to import
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FORMAT = 1
_PIECE = 2**16
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_CACHES = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store"}


def is_cache(name: str) -> bool:
    """Whether tools leave files or folders of this name behind: they are not generated, and nobody's work."""
    return name in _CACHES or name.endswith((".pyc", ".egg-info"))


def walk(top: str | os.PathLike[str]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file below a folder but caches, with its POSIX path. Links are not followed: they count as files."""
    folders = [(os.fspath(top), "")]
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


def digest(data: bytes) -> str:
    """The sha256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def content(file: str | os.PathLike[str]) -> bytes:
    """The bytes of a file; a stream would take longer than reading most of them."""
    descriptor = os.open(file, _READ)
    try:
        data = piece = os.read(descriptor, _PIECE)
        while len(piece) == _PIECE:
            piece = os.read(descriptor, _PIECE)
            data += piece
        return data
    finally:
        os.close(descriptor)


def fingerprint(file: Path | os.DirEntry[str]) -> str:
    """The sha256 of a file, as in a manifest; of a link or a device something else, which equals no sha256."""
    if file.is_symlink():
        return f"link to {os.readlink(file)}"
    return fingerprint_of(file.name, content(file)) if file.is_file() else "special file"


def fingerprint_of(path: str, data: bytes) -> str:
    """The fingerprint of a file with this content; of a pyproject.toml that of what is around its section, too."""
    if path.rpartition("/")[2] != FILE:
        return digest(data)
    around, _ = split(data)
    return f"{digest(around.rstrip())} {digest(data)}"


def tree(out: str | os.PathLike[str]) -> dict[str, str]:
    """The fingerprint of every file below `out`, caches apart; nothing when there is no such folder."""
    return {path: fingerprint(entry) for path, entry in walk(out)} if os.path.isdir(out) else {}


def beside(out: str, suffix: str) -> str:
    """A hidden neighbor of the resolved folder `out`, named after it: on the same file system, and outside of it."""
    folder, name = os.path.split(out)
    return os.path.join(folder, f".{name}.{suffix}")


def manifest_text(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> str:
    """The text of a manifest: JSON as `json` writes it, sorted, one entry a line, so that a diff names what changed."""
    sections = {"inputs": inputs, "outputs": outputs}
    members = [f'  "format": {FORMAT}', *(f'  "{name}": {_object(values)}' for name, values in sections.items())]
    return "{\n" + ",\n".join(members) + "\n}\n"


def _object(values: Mapping[str, str]) -> str:
    texts = "".join([*values, *values.values()])
    if not texts.isascii() or not texts.isprintable() or '"' in texts or "\\" in texts:
        from json import dumps as quoted  # late, and hardly ever: few names need escapes
    else:
        quoted = '"{}"'.format
    entries = [f"    {quoted(name)}: {quoted(value)}" for name, value in sorted(values.items())]
    return "{\n" + ",\n".join(entries) + "\n  }" if entries else "{}"
