"""Two spec files with the same bytes, which need not be compared."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..document.loading import load
from ..document.problems import ProblemsFound

_NAME = re.compile(r"[A-Za-z0-9_-]+")
"""A value of a discriminator's mapping that names a schema; with a dot, it can be a file as well."""


def same_document(old: Path, new: Path) -> dict[str, Any] | None:
    """The document in two spec files, if it is the same with all files to which it refers; otherwise None.

    Nothing but its syntax is checked.
    """
    if old.read_bytes() != new.read_bytes():
        return None
    document = _document(new)
    if document is None or (old.resolve() != new.resolve() and _refers_to_files(document)):
        return None
    return document


def _document(path: Path) -> dict[str, Any] | None:
    """The mapping in a file; None where it is none, which those who read it report."""
    try:
        document = json.loads(path.read_bytes())  # ten times as fast as YAML, of which it is a part
        return document if isinstance(document, dict) else None
    except RecursionError:
        return None
    except ValueError:
        pass
    try:
        return load(path)
    except ProblemsFound:
        return None


def _refers_to_files(document: dict[str, Any]) -> bool:
    """Whether a document may refer to other files."""
    values: list[Any] = [document]
    for value in values:  # the list grows meanwhile
        if isinstance(value, dict):
            reference, mapping = value.get("$ref"), value.get("mapping")
            if isinstance(reference, str) and not reference.startswith("#"):
                return True
            if isinstance(mapping, dict) and not all(map(_is_inside, mapping.values())):
                return True
            values += value.values()
        elif isinstance(value, list):
            values += value
    return False


def _is_inside(mapped: object) -> bool:
    return not isinstance(mapped, str) or mapped.startswith("#") or _NAME.fullmatch(mapped) is not None
