"""Whether `generate` has nothing to do, found out before anything else is imported.

Starting Python and reading all files takes less time than importing what commands need. So what is imported on this way
takes no time: of the standard library little more than `os` and `hashlib`.
"""

from __future__ import annotations

import os

from ..output.fingerprints import beside, content, manifest_text, tree
from .inputs import digests_of_inputs

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
"""The folder of the repository."""
_FILES = ("LICENSE", "requirements.lock", "specs/workflow-run.yaml")
_FOLDERS = ("generator", "specs", "templates")


def is_up_to_date(root: str, out: str) -> bool:
    """Whether the manifest beside `out` is, byte for byte, what the repository `root` and the files of `out` give now.

    False where that is not certain, for whatever reason: then `generate` itself looks, and reports.
    """
    out = os.path.realpath(out)
    try:
        if os.path.lexists(beside(out, "swap")):  # of a killed run
            return False
        recorded = content(beside(out, "manifest.json"))
        inputs = digests_of_inputs(*({name: f"{root}/{name}" for name in names} for names in (_FILES, _FOLDERS)))
        outputs = tree(out)
    except OSError:
        return False
    return recorded == manifest_text(inputs, outputs).encode()
