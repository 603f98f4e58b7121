"""Where output goes. Nothing that a provider wrote can move a cursor, change a color, or look like another text."""

from __future__ import annotations

import os
import re
import stat
import sys
from contextlib import suppress
from typing import TextIO

from ..._form.models import RunStatus

# Controls (ECMA-48), and what reorders or hides text (UAX 9); JSON has all of them in strings alone.
_NOT_IN_JSON = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")

MARKS = {
    RunStatus.PENDING: ("○", "o", "2"),
    RunStatus.RUNNING: ("●", "*", "36"),
    RunStatus.WAITING_FOR_INPUT: ("◆", "?", "33"),
    RunStatus.SUSPENDED: ("◆", "=", "33"),
    RunStatus.SUCCEEDED: ("✔", "+", "32"),
    RunStatus.FAILED: ("✖", "x", "31"),
    RunStatus.CANCELLED: ("✖", "-", "35"),
}
"""The mark of each status, the same in ASCII, and the color (SGR of ECMA-48)."""
UNKNOWN_MARK = ("◌", "~", "33")


class PipeClosed(Exception):
    """Whoever read the standard output has closed it."""


def printable(text: str) -> str:
    """A text on one line, with escapes such as `\\x1b` for all that is not to be seen."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def show(text: str) -> None:
    """Write a text of several lines to standard output, each of which is printable already.

    Raises:
        PipeClosed: nobody reads it.
        OSError: it cannot be written.
    """
    write(sys.stdout, text)


def show_json(text: str) -> None:
    """Write JSON to standard output. What terminals act on, or cannot be encoded, has the escapes of JSON."""
    write(sys.stdout, json_for(sys.stdout, text))


def json_for(stream: TextIO | None, text: str) -> str:
    """JSON, the same value, as it can be written to a stream."""
    is_utf8 = _encoding(stream).replace("-", "").replace("_", "").lower() == "utf8"
    return (_NOT_IN_JSON if is_utf8 else _NOT_ASCII).sub(lambda match: _json_escape(match[0]), text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def say(text: str) -> None:
    """Write a line to standard error; a message or progress, which nobody may be there to read."""
    with suppress(OSError, ValueError, PipeClosed):
        write(sys.stderr, f"{printable(text)}\n")


def write(stream: TextIO | None, text: str) -> None:
    """Write a text at once, with escapes for what the stream cannot encode. See `show` for what it raises."""
    if stream is None:  # this process was started without it
        return
    encoding = _encoding(stream)
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()
    except BrokenPipeError:
        _discard(stream)
        raise PipeClosed from None
    except OSError as error:
        _discard(stream)
        raise OSError(error.errno, error.strerror, "the output") from None


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks at what is written there, and it can move its cursor."""
    with suppress(ValueError):  # it is closed
        return stream is not None and stream.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
    return False


def is_pipe(stream: TextIO | None) -> bool:
    """Whether another program reads what is written there."""
    with suppress(OSError, ValueError):
        mode = os.fstat(stream.fileno()).st_mode if stream is not None else 0
        return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    return False


def has_color(stream: TextIO | None) -> bool:
    """Whether colors are wanted there (no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and sys.platform != "win32"


def colored(text: str, color: str, stream: TextIO | None) -> str:
    """A text in a color, where colors are wanted."""
    return f"\x1b[{color}m{text}\x1b[0m" if has_color(stream) else text


def mark_of(status: RunStatus, stream: TextIO | None) -> str:
    """The mark of a status; in ASCII where the stream has nothing else."""
    mark, ascii_mark, _ = MARKS.get(status, UNKNOWN_MARK)
    return mark if can_encode(stream, mark) else ascii_mark


def color_of(status: RunStatus) -> str:
    """The color of a status."""
    return MARKS.get(status, UNKNOWN_MARK)[2]


def can_encode(stream: TextIO | None, text: str) -> bool:
    """Whether a stream can have this text."""
    try:
        text.encode(_encoding(stream))
    except UnicodeEncodeError:
        return False
    return True


def _encoding(stream: TextIO | None) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def discard_streams() -> None:
    """Let what standard streams still hold, and cannot write, vanish."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            _discard(stream)


def _discard(stream: TextIO) -> None:
    """Let what is written there from now on vanish: Python flushes its streams once more at its end."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
