"""What Python's runtime says that a block does to files, the network and other processes.

An audit hook sees every such call, also those of libraries; nothing that is measured has to cooperate.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.torture.subject import Broken

_CHANGES = {
    *("os.mkdir", "os.rmdir", "os.remove", "os.rename", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"),
    *("os.utime", "os.mkfifo", "os.setxattr"),
}
_CALLS = {"os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "pty.spawn"}
_RUFF = [str(Path(sysconfig.get_path("scripts"), "ruff")), "format"]
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass
class _Block:
    """What the block in progress may do, and what it did beyond that."""

    writable: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    may_format: bool = False
    faults: list[tuple[str, str]] = field(default_factory=list)


_current: list[_Block] = []


@contextmanager
def watched(
    folder: Path, *, writable: tuple[Path, ...] = (), unreadable: tuple[Path, ...] = (), may_format: bool = True
) -> Iterator[None]:
    """Raise `Broken` after a block that wrote elsewhere, read what it must not, or reached the network.

    `folder` is for the block's temporary files, of which none may be left. `may_format`: whether ruff may run.
    """
    _installed()
    temporary = folder / "temporary"
    temporary.mkdir()
    block = _Block(tuple(map(str, (*writable, temporary))), tuple(map(str, unreadable)), may_format)
    before, tempfile.tempdir = tempfile.tempdir, str(temporary)
    _current.append(block)
    try:
        yield
    finally:
        _current.remove(block)
        tempfile.tempdir = before
    if block.faults:
        raise Broken(*block.faults[0])
    if left := sorted(os.listdir(temporary)):
        raise Broken("temporary files are left", left)
    temporary.rmdir()


@cache
def _installed() -> None:
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _current:
        return
    block = _current[-1]
    if event == "open":
        _check_open(block, *arguments)
    elif event in _CHANGES:
        paths = [_absolute(path, arguments[-1]) for path in arguments if isinstance(path, (str, bytes))]
        block.faults += [
            (f"{event} outside of the output folder", path) for path in paths if not _is_below(path, block.writable)
        ]
    elif event.startswith("socket.") or event in _CALLS:
        block.faults.append((f"{event} was called", str(arguments[1:])[:200]))
    elif event == "subprocess.Popen":
        command = [str(part) for part in arguments[1]]
        if not (block.may_format and command[:2] == _RUFF):
            block.faults.append(("another process was started", str(command)))


def _absolute(path: str | bytes, folder: Any) -> str:
    """The path that a call is about; `folder` is its last argument: mostly the descriptor of a folder, or -1."""
    name = os.fsdecode(path)
    if isinstance(folder, int) and folder > 0 and not os.path.isabs(name):
        return os.path.join(os.readlink(f"/proc/self/fd/{folder}"), name)
    return os.path.abspath(name)


def _check_open(block: _Block, path: Any, mode: str | None, flags: int) -> None:
    if isinstance(path, int):
        return
    name = os.path.abspath(os.fsdecode(path))
    if flags & _WRITING:
        if name != os.devnull and not _is_below(name, block.writable):
            block.faults.append(("a file outside of the output folder was written", name))
    elif _is_below(name, block.unreadable):
        block.faults.append(("a file outside of the document's folder was read", name))


def _is_below(path: str, folders: tuple[str, ...]) -> bool:
    absolute = os.path.abspath(path)
    return any(absolute == folder or absolute.startswith(folder + os.sep) for folder in folders)
