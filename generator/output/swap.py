"""Put one tree of files in the place of another, so that a run may be killed anywhere.

The folder is the old tree or the new one, never a mixture; where the system cannot exchange two folders it may be away,
or incomplete, until the next run completes what was begun. During a run there lie in `.NAME.swap`, beside the folder:

    new/           the new tree; after an exchange the old one, about to be deleted
    manifest.json  the manifest to come: written once `new/` is complete, renamed to the manifest once that is in place
    old/           the old tree, where the system cannot exchange two folders in one step
    part           a copy half made

In `.NAME.kept` stay copies of files that were edited by hand, or unknown, and have been replaced. What a power cut
damages is found by the manifest's digests, and written anew by the next run.
"""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .manifest import Manifest, beside, fingerprint, manifest_path, tree


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that was not as we had written it, and has been replaced or removed.

    `copy` is where a copy of it lies, relative to the folder's parent; empty for a socket or a device.
    """

    state: Literal["edited", "unknown"]
    path: str
    copy: str


def stage(out: Path, texts: Mapping[str, str], manifest: Manifest) -> None:
    """Write the tree that is to replace `out` beside it; `settle` puts it in place. The lock is held."""
    swap = beside(out, "swap")
    swap.mkdir()
    write_texts(swap / "new", texts)
    record = swap / "manifest.json"
    record.write_bytes(manifest.encoded())
    record.chmod(0o644)


def settle(out: Path) -> tuple[Replaced, ...]:
    """Put in place what is staged beside `out`, by this run or by one that was killed; discard it if it is incomplete.

    The lock is held. Each step leaves a state from which this function, called again, comes to the same end.
    """
    swap = beside(out, "swap")
    if swap.is_symlink():
        swap.unlink()  # not ours: nothing behind it is moved or removed
    new, old, record = swap / "new", swap / "old", swap / "manifest.json"
    manifest = Manifest.read(record)
    replaced: tuple[Replaced, ...] = ()
    if manifest is not None and new.is_dir() and tree(new) == manifest.outputs:
        replaced = _put_in_place(out, swap, manifest)
    elif not os.path.lexists(out) and os.path.lexists(old):
        record.unlink(missing_ok=True)
        os.rename(old, out)  # somebody removed `new` instead of running us again
    if manifest is not None and record.exists():
        os.replace(record, manifest_path(out))
    _discard(swap)
    return replaced


def _put_in_place(out: Path, swap: Path, manifest: Manifest) -> tuple[Replaced, ...]:
    """Replace `out` by the complete tree in `swap`, unless only the manifest differs; copy edited files first."""
    before = tree(out)
    if before == manifest.outputs and out.is_dir():
        return ()
    replaced = _copy_edited(out, before, manifest)
    try:
        _replace(out, swap / "new", swap / "old")
    except OSError:
        if tree(out) == before:  # nothing has begun that the next run would have to complete
            _discard(swap)
        raise
    return replaced


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Create `folder` and the files in it, as UTF-8 with the mode 0644. Raises FileExistsError when it is there."""
    folder.mkdir()
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
        target.chmod(0o644)


def _copy_edited(out: Path, before: Mapping[str, str], new: Manifest) -> tuple[Replaced, ...]:
    """Copy aside the files of the tree `before` that are about to be lost although we did not write them like that."""
    manifest = Manifest.read(manifest_path(out))
    recorded = manifest.outputs if manifest else {}
    return tuple(
        Replaced("edited" if path in recorded else "unknown", path, _copy_aside(out, path, digest))
        for path, digest in sorted(before.items())
        if digest not in (new.outputs.get(path), recorded.get(path))
    )


def _copy_aside(out: Path, path: str, digest: str) -> str:
    """Copy a file to its path below `.NAME.kept`; where something else lies there, each name gets a number."""
    source, target = out / path, beside(out, "kept")
    if not source.is_symlink() and not source.is_file():
        return ""
    *folders, name = path.split("/")
    for folder in folders:
        target = next(p for p in _numbered(target / folder) if _is_free(p) or (p.is_dir() and not p.is_symlink()))
    target = next(p for p in _numbered(target / name) if _is_free(p) or fingerprint(p) == digest)
    if _is_free(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = beside(out, "swap") / "part"
        part.unlink(missing_ok=True)
        shutil.copy2(source, part, follow_symlinks=False)
        os.replace(part, target)
    return target.relative_to(out.parent).as_posix()


def _numbered(path: Path) -> Iterator[Path]:
    return itertools.chain([path], (path.with_name(f"{path.name}.{number}") for number in itertools.count(1)))


def _is_free(path: Path) -> bool:
    return not os.path.lexists(path)


def _replace(out: Path, new: Path, old: Path) -> None:
    """Put `new` in the place of `out`, which becomes `new` or `old`, or is removed."""
    if os.path.lexists(out):
        if _exchange(new, out):
            return
        _remove(old)  # a run was killed half-way, and somebody restored the folder
        try:
            os.rename(out, old)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _remove(out)  # a folder in a lower layer of a container cannot be moved, only emptied
    os.rename(new, out)


def _exchange(a: Path, b: Path) -> bool:
    """Exchange two folders in one step; False when that did not work, and plain renames have to (or say why not)."""
    import ctypes  # late: most runs change nothing

    names = os.fsencode(a), os.fsencode(b)
    try:
        libc = ctypes.CDLL(None)
        if sys.platform == "darwin":
            return bool(libc.renamex_np(*names, 2) == 0)  # RENAME_SWAP
        here = -100  # AT_FDCWD
        return bool(libc.renameat2(here, names[0], here, names[1], 2) == 0)  # RENAME_EXCHANGE
    except (AttributeError, OSError, TypeError):  # no such function; Windows has no such library
        return False


def _discard(swap: Path) -> None:
    (swap / "manifest.json").unlink(missing_ok=True)  # first, as it says that `new` is complete
    _remove(swap)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
