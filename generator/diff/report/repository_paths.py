"""Where a file or a cause of a report is in the repository, as GitHub names it."""

from __future__ import annotations

import os
from pathlib import Path

from ...document.problems import Source
from ..causes.cause import Cause
from ..revisions import split_name


def new_place(cause: Cause) -> Source | None:
    """Where the new version has the cause, or has something else that changed with it; None where it has neither."""
    return next((change.new for change in (cause.lead, *cause.changes) if change.new), None)


def in_repository(file: str) -> str:
    """The path of a file from the root of the repository in which `diff` runs; "" for a file elsewhere.

    Of the file of a revision, `REVISION:PATH`, it is the path that the file has there.
    """
    root = _root()
    revision, path = ("", file) if os.path.exists(file) else split_name(file)
    from_root = revision and not path.startswith(("./", "../"))
    try:
        shown = os.path.relpath(root / path if from_root else path, root).replace(os.sep, "/")
    except ValueError:  # on another drive, or not a path
        return ""
    return "" if shown == ".." or shown.startswith("../") else shown


def _root() -> Path:
    """The nearest folder with a repository's `.git`, which may be a file; else the current folder."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
