"""The results that are kept: `results.json`, a part for each name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from tests.benchmarks.comparison import PartResult

FILE = Path(__file__).parent / "results.json"
_DIGITS = 4


def load(file: Path = FILE) -> dict[str, PartResult]:
    """The results of a file, none where there is no file."""
    return msgspec.json.decode(file.read_bytes(), type=dict[str, PartResult]) if file.exists() else {}


def dump(parts: Mapping[str, PartResult]) -> str:
    """The text of the file: a part for each name, and each comparison on lines of its own."""
    rounded = {name: msgspec.to_builtins(part) for name, part in sorted(parts.items())}
    for part in rounded.values():
        for row in part["comparisons"]:
            for samples in ("our_samples", "peer_samples"):
                row[samples] = [_rounded(value) for value in row[samples]]
    return _lines(rounded) + "\n"


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _lines(value: object, indent: int = 0) -> str:
    """JSON with a line for each value that is not a list of numbers."""
    inner = "\n" + " " * (indent + 1)
    if isinstance(value, dict) and value:
        items = [f"{msgspec.json.encode(key).decode()}: {_lines(item, indent + 1)}" for key, item in value.items()]
        return "{" + inner + f",{inner}".join(items) + "\n" + " " * indent + "}"
    if isinstance(value, list | tuple) and any(isinstance(item, dict) for item in value):
        return "[" + inner + f",{inner}".join(_lines(item, indent + 1) for item in value) + "\n" + " " * indent + "]"
    return msgspec.json.encode(value).decode()
