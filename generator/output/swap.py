"""Put one tree of files in the place of another, so that a run may be killed anywhere.

The folder is the old tree or the new one, never a mixture; where the system cannot exchange two folders it may be away
until the next run completes what was begun. Beside it (`.NAME.*`) lie the manifest, which is committed, and:

    .new      the new tree; after an exchange the old one, about to be deleted
    .journal  the manifest to come: written once `.new` is complete, renamed to the manifest once that is in place
    .old      the old tree, where the system cannot exchange two folders in one step
    .lock     held during a run
    .kept     copies of files that were edited by hand or unknown, and have been replaced; `.part` is one half made
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..document.problems import Problem, ProblemsFound, Source
from .manifest import IN_PROGRESS, Manifest, beside, fingerprint, manifest_path, tree

if sys.platform != "win32":
    import fcntl

_PATIENCE = 5.0  # seconds that a run waits for another one


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that was not as we had written it, and has been replaced or removed.

    `copy` is where a copy of it lies, relative to the folder's parent; empty for a socket or a device.
    """

    state: Literal["edited", "unknown"]
    path: str
    copy: str


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the lock of the folder; the system releases it when the run is killed. No lock where there is no `flock`."""
    if sys.platform == "win32":
        yield
        return
    lock = beside(out, "lock")
    deadline = time.monotonic() + _PATIENCE
    while True:
        fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(fd), os.lstat(lock)):
                break
        except FileNotFoundError:
            pass  # its holder removed it between our two calls: it locks nothing any more
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(fd)
                hint = "wait until it has ended, and run this again"
                problem = Problem("busy", Source(str(out)), f"another run is writing {out.name}", hint)
                raise ProblemsFound([problem]) from None
            time.sleep(0.05)
        os.close(fd)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(fd)


def recover(out: Path) -> None:
    """Bring what a killed run left to a whole state: the old tree with the old manifest, or the new with the new one.

    Does nothing when nothing was left. Raises `ProblemsFound` (`busy`) while another run is at it.
    """
    out = out.resolve()
    if any(os.path.lexists(beside(out, suffix)) for suffix in (*IN_PROGRESS, "lock")):
        with locked(out):
            settle(out)


def settle(out: Path) -> None:
    """`recover` for a run that holds the lock; also the end of every run, so that its steps are well worn."""
    # A journal says that `.new` was complete: while it still is, the swap has not happened or stopped half-way.
    journal, staged, old = (beside(out, suffix) for suffix in ("journal", "new", "old"))
    record = Manifest.read(journal)
    waiting = record is not None and staged.is_dir() and tree(staged) == record.outputs
    if waiting and record and os.path.lexists(old):
        keep(out, record)  # somebody may have restored the folder, and worked in it
        _remove(out)
        os.rename(staged, out)
    elif waiting:
        record = None
    elif not os.path.lexists(out) and os.path.lexists(old):
        os.rename(old, out)  # somebody removed `.new` instead of running us again
        record = None
    if record:
        _adopt(out)
    else:
        _remove(journal)
    for left in (staged, old, beside(out, "part")):
        _remove(left)


def put(out: Path, texts: Mapping[str, str], new: Manifest) -> None:
    """Make `out` the tree of `texts`, whose manifest is `new`. The lock is held, and `settle` cleans up afterwards."""
    staged = beside(out, "new")
    stage(staged, texts)
    for name, _, files in os.walk(staged):
        for path in (*files, ""):
            _sync(Path(name, path))
    _write_journal(out, new)
    _swap(staged, out)
    _adopt(out)


def put_manifest(out: Path, new: Manifest) -> None:
    """Replace the manifest alone, of a tree that is what `new` says."""
    _write_journal(out, new)
    _adopt(out)


def stage(folder: Path, texts: Mapping[str, str]) -> None:
    """Create `folder` and the files in it, as UTF-8 with the mode 0644. Raises FileExistsError when it is there."""
    folder.mkdir()
    for path, text in texts.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
        target.chmod(0o644)


def keep(out: Path, new: Manifest) -> tuple[Replaced, ...]:
    """Copy aside what `new` would replace or remove although we did not write it like that."""
    manifest = Manifest.read(manifest_path(out))
    recorded = manifest.outputs if manifest else {}
    replaced = []
    for path, found in sorted(tree(out).items()):
        if found not in (new.outputs.get(path), recorded.get(path)):
            kept = _keep_one(out, path, found)
            replaced.append(Replaced("edited" if path in recorded else "unknown", path, kept))
    return tuple(replaced)


def _keep_one(out: Path, path: str, found: str) -> str:
    source, target = out / path, beside(out, "kept")
    if not source.is_symlink() and not source.is_file():
        return ""
    *folders, name = path.split("/")
    for folder in folders:
        target = next(p for p in _candidates(target / folder) if _is_free(p) or (p.is_dir() and not p.is_symlink()))
    target = next(p for p in _candidates(target / name) if _is_free(p) or fingerprint(p) == found)
    if _is_free(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = beside(out, "part")
        _remove(part)
        shutil.copy2(source, part, follow_symlinks=False)
        _sync(part)
        os.replace(part, target)
        _sync(target.parent)
    return target.relative_to(out.parent).as_posix()


def _candidates(path: Path) -> Iterator[Path]:
    return itertools.chain([path], (path.with_name(f"{path.name}.{number}") for number in itertools.count(1)))


def _is_free(path: Path) -> bool:
    return not os.path.lexists(path)


def _swap(staged: Path, out: Path) -> None:
    """Put `staged` in the place of `out`. The journal is written; `settle` knows every step of this."""
    if not os.path.lexists(out):
        os.rename(staged, out)
    elif not _exchange(staged, out):
        old = beside(out, "old")
        try:
            os.rename(out, old)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # A folder in a lower layer of a container cannot be moved, only emptied: `old` marks that this began.
            old.mkdir()
            _remove(out)
        os.rename(staged, out)


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


def _write_journal(out: Path, new: Manifest) -> None:
    journal = beside(out, "journal")
    journal.write_bytes(new.encoded())
    journal.chmod(0o644)
    _sync(journal)
    _sync(out.parent)


def _adopt(out: Path) -> None:
    _sync(out.parent)
    os.replace(beside(out, "journal"), manifest_path(out))
    _sync(out.parent)


def _sync(path: Path) -> None:
    """Make a file or the names in a folder survive a power cut, as far as the file system can."""
    with contextlib.suppress(OSError):
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
