"""How text is printed that others wrote: it acts neither on a terminal nor on a program that reads the log of a CI job.

Whatever a command prints passes `printable`, and pieces of a line pass `one_line`: documents, overlays and mappings are
input, and so are names of files, arguments, and the messages of exceptions.
"""

from __future__ import annotations

import os

_LOG_COMMAND = r"^( *:)(?=:)|(##)(?=\w*\[)"
"""Runners obey "::command::" at the beginning of a line (GitHub), "##[command]" (GitHub, Azure), "##vso[command]"
(Azure) and "##teamcity[command]" anywhere."""


def one_line(text: str) -> str:
    """The text on one line: what does not print, such as line ends and what changes the direction, is escaped."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    if "::" not in text and "##" not in text:
        return text
    import re  # late: `up_to_date.py` says why

    return re.sub(_LOG_COMMAND, r"\1\2\\", text)


def printable(text: str) -> str:
    """The text with its line ends, each line escaped by `one_line`; escaping it again changes nothing."""
    return "\n".join(map(one_line, text.split("\n")))


def shown_path(path: str | os.PathLike[str]) -> str:
    """A path as people in the working directory would write it."""
    relative = os.path.relpath(os.path.realpath(path))
    return os.fspath(path) if relative.startswith("..") else relative
