"""Folders, files and functions of the generator and of the run-time core stay small enough to be read at once."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = [path for folder in ("generator", "templates") for path in sorted((ROOT / folder).rglob("*.py"))]
FILES_OF_A_FOLDER = 14
LINES_OF_A_FILE = 350
LINES_OF_A_FUNCTION = 40
LONG_SIGNATURES = {"single_package", "client"}
"""Functions with many keyword arguments, one a line."""


def test_a_folder_has_few_files() -> None:
    counts = Counter(str(path.parent.relative_to(ROOT)) for path in FILES)
    assert {folder: count for folder, count in counts.items() if count > FILES_OF_A_FOLDER} == {}


def test_a_file_is_short() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {path: count for path, count in lines.items() if count > LINES_OF_A_FILE} == {}


def test_a_function_is_short() -> None:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
    functions = [
        (str(path.relative_to(ROOT)), node.name, node.end_lineno - node.lineno + 1)
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    ]
    long = [each for each in functions if each[2] > LINES_OF_A_FUNCTION and each[1] not in LONG_SIGNATURES]
    assert long == []
