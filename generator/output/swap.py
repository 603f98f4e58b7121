"""Put one tree of files in the place of another, so that a run may be killed anywhere.

Where the system can exchange two folders, a reader sees the old tree or the new one, never a mixture; elsewhere (a
folder of a lower layer of an overlay file system, a system without such a call) files are replaced one by one, so that
none is missing or half written that both trees have, and the next run completes what was begun.

During a run there lie in `.NAME.swap`, beside the folder:

    new/           the new tree; after an exchange the old one, about to be deleted
    manifest.json  the manifest to come: written once `new/` is complete, renamed to the manifest once that is in place
    part           a copy half made

In `.NAME.kept` stay copies of files that were edited by hand, or unknown, and have been replaced. What a power cut
damages is found by the manifest's digests, and written anew by the next run. One run at a time does all this.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from ..document.problems import Problem, ProblemsFound, Source
from ..interpreter.fast_dataclasses import dataclass
from .fingerprints import fingerprint, is_cache, tree
from .manifest import Manifest, beside, generated_part, manifest_path

if sys.platform != "win32":
    import fcntl

MAX_WAIT = 300.0
"""Seconds that a run waits for another one. Writing takes seconds: one that takes longer hangs."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that was not as a run had written it, and has been replaced or removed.

    `copy` is where a copy of it lies, relative to the folder's parent; empty for a socket or a device.
    """

    state: Literal["edited", "unknown"]
    path: str
    copy: str


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold the lock of the folder; the system releases it when the run is killed. No lock where there is no `flock`.

    Raises ProblemsFound (`busy`) when one other run does not release it within MAX_WAIT; several may each take as long.
    """
    if sys.platform == "win32":
        yield
        return
    lock = beside(out, "lock")
    descriptor = _acquired(lock, out)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(descriptor)


def _acquired(lock: Path, out: Path) -> int:
    """A descriptor of the lock's file, which is locked and says which process holds it."""
    acquired_at, deadline = -1, 0.0
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), os.lstat(lock)):
                os.write(descriptor, f"{os.getpid():10}\n".encode())
                return descriptor
        except FileNotFoundError:
            pass  # its holder removed it between our two calls: it locks nothing any more
        except BlockingIOError:
            written_at = os.fstat(descriptor).st_mtime_ns
            if written_at != acquired_at:  # by a run for which we have not waited yet
                acquired_at, deadline = written_at, time.monotonic() + MAX_WAIT
            elif time.monotonic() > deadline:
                process = os.read(descriptor, 10).decode(errors="replace").strip()
                os.close(descriptor)
                message = f"another run{f' (process {process})' if process else ''} is writing {out.name}"
                hint = "wait until it has ended, then run this command again"
                raise ProblemsFound([Problem("busy", Source(str(out)), message, hint)]) from None
            time.sleep(0.05)
        os.close(descriptor)


def write_beside(out: Path, texts: Mapping[str, str], manifest: Manifest) -> None:
    """Write the tree that is to replace `out` beside it; `settle` puts it in place. The lock is held."""
    swap = beside(out, "swap")
    swap.mkdir()
    write_texts(swap / "new", texts)
    record = swap / "manifest.json"
    record.write_bytes(manifest.encoded())
    record.chmod(0o644)


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Create `folder` and the files in it, as UTF-8 with the mode 0644. Raises FileExistsError when it is there."""
    top = os.fspath(folder)
    os.mkdir(top)
    parents = {""}
    for path, text in texts.items():
        parent, _, _ = path.rpartition("/")
        if parent not in parents:
            os.makedirs(f"{top}/{parent}", exist_ok=True)
            parents.add(parent)
        with open(f"{top}/{path}", "xb") as file:
            file.write(text.encode())
        os.chmod(f"{top}/{path}", 0o644)


def replace_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Give files of a folder these contents: all of them or none, also if the run is killed.

    Its other files stay, and what a killed run has left beside it goes. Where folders cannot be exchanged, the files
    are replaced one after the other, and a run that is killed in between leaves the later ones as they were.
    """
    folder = folder.resolve()
    with locked(folder):
        swap = beside(folder, "swap")
        _remove(swap)  # what a killed run has left
        if not files:
            return
        try:
            shutil.copytree(folder, swap, symlinks=True)
            for name, content in files.items():
                target = swap / name
                mode = target.stat().st_mode if target.is_file() else 0o644
                target.unlink(missing_ok=True)
                target.write_bytes(content)
                target.chmod(mode)
            if not _exchange(swap, folder):
                for name in files:
                    os.replace(swap / name, folder / name)
        finally:
            _remove(swap)


def settle(out: Path) -> tuple[Replaced, ...]:
    """Put in place what `write_beside` wrote, in this run or a killed one; discard it if it is incomplete.

    The lock is held. Each step leaves a state from which this function, called again, comes to the same end.
    """
    swap = beside(out, "swap")
    if swap.is_symlink():
        swap.unlink()  # not made by a run: its target stays as it is
    new, record = swap / "new", swap / "manifest.json"
    manifest = Manifest.read(record)
    replaced: tuple[Replaced, ...] = ()
    if manifest is not None:
        if new.is_dir() and tree(new) == manifest.outputs:
            replaced = _put_in_place(out, swap, manifest)
        os.replace(record, manifest_path(out))
    _discard(swap)
    return replaced


def _put_in_place(out: Path, swap: Path, manifest: Manifest) -> tuple[Replaced, ...]:
    """Replace `out` by the complete tree in `swap`, unless only the manifest differs; copy edited files first."""
    before = tree(out)
    if before == manifest.outputs and out.is_dir():
        return ()
    replaced = _copy_edited(out, before, manifest)
    new = swap / "new"
    try:
        if not os.path.lexists(out):
            os.rename(new, out)
        elif not _exchange(new, out):
            _fill(out, new, swap / "part")
            _prune(out, new)
    except OSError:
        if tree(out) == before:  # nothing has begun that the next run would have to complete
            _discard(swap)
        raise
    return replaced


def _copy_edited(out: Path, before: Mapping[str, str], new: Manifest) -> tuple[Replaced, ...]:
    """Copy aside the files of the tree `before` that are about to be lost, and are not as a run wrote them."""
    manifest = Manifest.read(manifest_path(out))
    recorded = manifest.outputs if manifest else {}
    return tuple(
        Replaced("edited" if path in recorded else "unknown", path, _copy_aside(out, path, digest))
        for path, digest in sorted(before.items())
        if generated_part(digest) not in [generated_part(files.get(path, "")) for files in (new.outputs, recorded)]
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
        _copy(source, target, beside(out, "swap") / "part")
    return target.relative_to(out.parent).as_posix()


def _numbered(path: Path) -> Iterator[Path]:
    return itertools.chain([path], (path.with_name(f"{path.name}.{number}") for number in itertools.count(1)))


def _is_free(path: Path) -> bool:
    return not os.path.lexists(path)


def _exchange(a: Path, b: Path) -> bool:
    """Exchange two folders in one step; False when that did not work."""
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


def _fill(out: Path, new: Path, part: Path) -> None:
    """Put a copy of each file of `new` into the folder `out`, over the file there in one step."""
    for source in new.iterdir():
        target = out / source.name
        if source.is_dir() != (target.is_dir() and not target.is_symlink()):
            _remove(target)  # a file in the place of a folder, or a folder in that of a file
        if source.is_dir():
            target.mkdir(exist_ok=True)
            _fill(target, source, part)
        elif fingerprint(source) != fingerprint(target):
            _copy(source, target, part)


def _prune(out: Path, new: Path) -> None:
    """Remove from the folder `out` what `new` has not, caches apart."""
    for path in [*out.iterdir()]:
        counterpart = new / path.name
        if counterpart.is_dir():
            _prune(path, counterpart)
        elif not counterpart.exists() and not is_cache(path.name):
            _remove(path)


def _copy(source: Path, target: Path, part: Path) -> None:
    """Copy a file or a link; `part` is the copy until it is complete, and is then renamed."""
    part.unlink(missing_ok=True)
    shutil.copy2(source, part, follow_symlinks=False)
    os.replace(part, target)


def _discard(swap: Path) -> None:
    (swap / "manifest.json").unlink(missing_ok=True)  # first, as it says that `new` is complete
    _remove(swap)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
