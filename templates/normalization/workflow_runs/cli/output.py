"""Where the data of a command go: to standard output, or to a file that is whole or not there at all."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self, TextIO, cast

from .display.messages import CommandError
from .display.terminal import json_for, write


class Output:
    """Takes texts; a context manager. Without an error at its end they are in the file, if there is one.

    A file for which there was nothing stays as it was.

    Args:
        path: the file; None: standard output.

    Raises:
        CommandError: the file cannot be written.
    """

    def __init__(self, path: str | None) -> None:
        self.path = path
        self._target: str | None = None
        self._temporary: str | None = None
        self._file: TextIO | None = None
        self._has_data = False
        if path is None and cast(object, sys.stdout) is None:
            raise CommandError("standard output is closed: name a file with --out")
        if path == "":
            raise CommandError("--out needs the name of a file")
        if path is not None:
            with _explaining(path):
                self._open(path)

    @property
    def stream(self) -> TextIO | None:
        """Where texts go in the end; None: they are lost."""
        return sys.stdout if self.path is None else self._file

    def write(self, text: str) -> None:
        """Write a text. See `terminal.write` for what it raises, and the constructor."""
        if self.path is None:
            write(sys.stdout, text)
        elif self._file is not None:
            self._has_data = True
            with _explaining(self.path):
                self._file.write(text)

    def write_json(self, text: str) -> None:
        """Write JSON, with escapes for what terminals act on."""
        self.write(json_for(self.stream, text))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.path is None or self._file is None:
            return
        try:
            with _explaining(self.path), self._file:
                if error is None and self._has_data:
                    self._finish(self._file)
        finally:
            if self._temporary is not None:
                with suppress(OSError):
                    os.unlink(self._temporary)

    def _open(self, path: str) -> None:
        mode = _mode_of(path)
        if mode is not None and not stat.S_ISREG(mode):  # a device, or a pipe: nothing can be put in its place
            self._file = os.fdopen(os.open(path, os.O_WRONLY), "w", encoding="utf-8", newline="")
            return
        target = os.path.realpath(path)
        folder, name = os.path.split(target)
        descriptor, self._temporary = tempfile.mkstemp(prefix=f".{name[:50]}-", suffix=".tmp", dir=folder)
        self._target = target
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, stat.S_IMODE(mode) if mode is not None else 0o666 & ~_umask())

    def _finish(self, file: TextIO) -> None:
        file.flush()
        if self._temporary is not None and self._target is not None:
            os.fsync(file.fileno())
            file.close()  # some systems do not replace open files
            os.replace(self._temporary, self._target)
            self._temporary = None


def refuse_to_overwrite(output: str | None, inputs: Iterable[str | None]) -> None:
    """Make sure that `--out` is none of the files that a command reads, or keeps its store in.

    Raises:
        CommandError: it is.
    """
    for path in inputs:
        if output is not None and path is not None and _real(output) == _real(path):
            raise CommandError(f"--out {output} would overwrite {path}, which this command reads; name another file")


@contextmanager
def _explaining(path: str) -> Generator[None]:
    """Make one sentence of what the system says of a file."""
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"--out {path} cannot be written: {reason}; name another file") from error


def _mode_of(path: str) -> int | None:
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except ValueError:  # no file can have this name, as whoever opens it says
        return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
