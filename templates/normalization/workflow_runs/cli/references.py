"""Which runs are meant: references of the command line, of files, and of standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any, cast

import msgspec

from .._errors import InvalidRef, UnknownProvider
from .._refs.ref import RunRef
from .._text import listed
from .display.messages import CommandError, message_of
from .display.terminal import is_terminal

STDIN = "-"
_BOM = "\ufeff"
_PIECE = 65_536
_MOST_SPELLED_OUT = 20
_LONGEST_LINE = 10_000_000
"""Bytes of a line; a run as JSON may be long."""


class References:
    """The references of a call, in order and each once; iterating over them reads standard input to its end.

    - `known`: those that are there before standard input is read.
    - `streams`: whether there are more in standard input.
    - `seen`: all that were read so far; `is_read`: whether these are all, which is so where a terminal is their source.
    - `is_one`: whether the call itself names a single run.

    Args:
        arguments: references, and `-` for standard input.
        files: the names of files with a reference a line.

    Raises:
        CommandError: one of `known` cannot be read, or a file.
    """

    def __init__(self, arguments: Sequence[str], files: Sequence[str]) -> None:
        named = [text for text in arguments if text != STDIN]
        known = [_checked(text, "") for text in named]
        for path in files:
            if path != STDIN:
                known += _refs_of_file(path)
        self.known = list(dict.fromkeys(known))
        self.seen = dict.fromkeys(self.known)
        self.streams = STDIN in arguments or STDIN in files
        self.is_one = len(self.known) == 1 and len(named) == 1 and not (files or self.streams)
        if self.streams and cast(object, sys.stdin) is None:
            raise CommandError("standard input is closed: name the references, or a file with --refs")
        self.is_read = not self.streams or is_terminal(sys.stdin)
        if files and not (self.known or self.streams):
            raise CommandError(f"there are no references in {listed(files)}")

    def __iter__(self) -> Iterator[str]:
        yield from self.known
        if self.streams:
            for line in _lines_of_stdin():
                text = _canonical(_ref_of_line(_decoded(line)))
                if text and text not in self.seen:
                    self.seen[text] = None
                    yield text
            self.is_read = True

    def check_any(self) -> None:
        """Make sure, in the end, that there was a reference: a script would take nothing for success.

        Raises:
            CommandError: standard input had none.
        """
        if self.streams and not self.seen:
            raise CommandError("there are no references in standard input")

    def spelled_out(self) -> list[str]:
        """All references, for a command line; none where there are too many, or not all are known, or one is wrong."""
        refs = list(self.seen) if self.is_read and len(self.seen) <= _MOST_SPELLED_OUT else []
        return refs if all(map(is_ref, refs)) else []


def _lines_of_stdin() -> Iterator[bytes]:
    """The lines of standard input, each as soon as it is there.

    Raises:
        CommandError: a line has no end.
    """
    try:
        descriptor = sys.stdin.fileno()
    except (OSError, ValueError):  # it is not a file
        yield from sys.stdin.buffer
        return
    rest = b""
    # Without the lock of `sys.stdin.buffer`: a thread that waits with it would make Python abort at its end.
    while data := os.read(descriptor, _PIECE):
        *lines, rest = (rest + data).split(b"\n")
        yield from lines
        if len(rest) > _LONGEST_LINE:
            raise CommandError(
                f"standard input has a line of more than {_LONGEST_LINE:,} bytes, which is not a reference: write one a"
                " line, such as dify:5b1f"
            )
    if rest:
        yield rest


def _refs_of_file(path: str) -> list[str]:
    try:
        with open(path, "rb") as file:
            lines = [_ref_of_line(_decoded(line)) for line in file]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"--refs {path} cannot be read: {reason}") from error
    return [_checked(text, f"{path}:{number}: ") for number, text in enumerate(lines, start=1) if text]


def _decoded(line: bytes) -> str:
    # What is not UTF-8 is not a reference either, and the message about it shows it.
    return line.decode("utf-8", "backslashreplace").removeprefix(_BOM).strip()


def _ref_of_line(line: str) -> str:
    """The reference of a line; "" for a comment. It may be JSON: a reference, or what has one as its `ref`."""
    if line.startswith("#"):
        return ""
    if not line.startswith("{"):
        return line
    try:
        value: Any = msgspec.json.decode(line)
        ref = value.get("ref", value)
        return ref if isinstance(ref, str) else str(msgspec.convert(ref, RunRef))
    except (ValueError, InvalidRef, UnknownProvider, RecursionError):
        return line


def _canonical(text: str) -> str:
    """A reference as `RunRef` writes it; what is none stays as it is, for whoever asks for it to say so."""
    try:
        return str(RunRef.parse(text))
    except (InvalidRef, UnknownProvider):
        return text


def is_ref(text: str) -> bool:
    """Whether a text can be read as a reference."""
    try:
        RunRef.parse(text)
    except (InvalidRef, UnknownProvider):
        return False
    return True


def _checked(text: str, place: str) -> str:
    try:
        return str(RunRef.parse(text))
    except (InvalidRef, UnknownProvider) as error:
        raise CommandError(f"{place}{message_of(error)}") from error
