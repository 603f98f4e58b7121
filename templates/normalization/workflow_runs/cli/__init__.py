"""The command `workflow-runs`: runs on the command line, for people and for scripts.

Standard output has the data, standard error messages and progress. typer is imported where there are options to read,
rich when a table is drawn. Texts of providers reach a terminal through `display/terminal.py` alone, which escapes what
is not a letter.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import NoReturn

NEEDED = ("rich>=14,<17", "typer>=0.27,<0.29")
"""What the extra `cli` installs. It comes from an index, which ours do not."""


_NEW_OBJECTS = 100_000
"""After so many the garbage collector looks for garbage: imports make none, and many objects."""


def main() -> NoReturn:
    """Carry out the command line of this process, and end it."""
    gc.set_threshold(_NEW_OBJECTS)
    try:
        status = run(sys.argv[1:])
    except KeyboardInterrupt:  # before, or after, what says more about it
        print("workflow-runs: interrupted", file=sys.stderr)
        status = 130
    except ModuleNotFoundError as error:
        if error.name not in ("rich", "typer"):
            raise
        needed = " ".join(f"'{requirement}'" for requirement in NEEDED)
        message = f"workflow-runs: the command line needs the extra cli; install it with: pip install {needed}"
        print(message, file=sys.stderr)
        status = 2
    sys.exit(status)


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; the exit status."""
    if is_plain_get(arguments):
        from .plain import get

        return get(arguments[1:])
    from .app import run

    return run(arguments)


def is_plain_get(arguments: Sequence[str]) -> bool:
    """Whether a command line is `get` with nothing but references, of which none is on standard input."""
    refs = arguments[1:]
    return bool(refs) and arguments[0] == "get" and not any(ref.startswith("-") for ref in refs)
