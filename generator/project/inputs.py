"""The files that generated ones follow from, by their digests.

`project/up_to_date.py` needs it before anything else is imported: what takes long to import comes late.
"""

from __future__ import annotations

import os

from ..output.fingerprints import content, digest, walk

TYPE_CHECKING = False  # that of `typing`, which takes long to import
if TYPE_CHECKING:
    from collections.abc import Mapping

_LEFT_OUT = ("generator/diff/", "generator/templates/", "templates/docs/")
"""Folders from which no generated file follows, or which are inputs under another name."""


def digests_of_inputs(
    files: Mapping[str, str | os.PathLike[str]], folders: Mapping[str, str | os.PathLike[str]]
) -> dict[str, str]:
    """The digests of files, and of those below folders, by the stable names that they are given."""
    digests = {name: digest(content(path)) for name, path in files.items()}
    for name, folder in folders.items():
        for path, entry in walk(folder) if os.path.isdir(folder) else ():
            is_left_out = f"{name}/{path}".startswith(_LEFT_OUT) or entry.name == "accepted.yaml"
            if entry.is_file() and not path.startswith(".") and not is_left_out:
                digests[f"{name}/{path}"] = digest(content(entry))
    return digests
