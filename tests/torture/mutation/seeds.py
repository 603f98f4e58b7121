"""The documents that mutation begins with: small ones of the tests, which have every feature together."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generator.document.loading import load_value
from generator.document.problems import Problems, ProblemsFound
from tests.torture.mutation.values import Parts

ROOT = Path(__file__).parents[3]
_SMALL = 6_000
"""Bytes of a seed."""


@dataclass(frozen=True)
class Seed:
    """A document, and the files around it by path."""

    document: Any
    files: dict[str, Any]


@cache
def seeds() -> list[Seed]:
    """The small documents of the tests, in the order of their folders."""
    folders = [path for name in ("cases", "corpus/specs") for path in sorted((ROOT / "tests" / name).iterdir())]
    documents = []
    for folder in folders:
        for path in sorted(folder.glob("openapi.*") if folder.is_dir() else [folder]):
            value = _value(path)
            if isinstance(value, dict):
                others = [p for p in sorted(folder.rglob("*.yaml")) if "expected" not in p.parts and p != path]
                files = {p.relative_to(folder).as_posix(): _value(p) for p in others}
                documents.append(Seed(value, {name: value for name, value in files.items() if value is not None}))
    return documents


@cache
def parts() -> Parts:
    """The parts of all seeds."""
    return Parts([seed.document for seed in seeds()])


def values_of(paths: list[Path]) -> list[Any]:
    """The values in those files that can be read, whatever their size."""
    return [value for path in paths if (value := _value(path, 10**6)) is not None]


def _value(path: Path, most: int = _SMALL) -> Any:
    try:
        if path.stat().st_size > most:
            return None
        value = load_value(path, path.name, Problems(strict=False))
        return json.loads(json.dumps(value))
    except (ProblemsFound, ValueError):
        return None
