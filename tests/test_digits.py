"""Digits are those of ASCII: `\\d`, `isdigit` and `isdecimal` take the digits of every script."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("generator", "templates/runtime/workflow_client_core", "templates/normalization/workflow_runs")


def lax_digits(code: str) -> Iterator[str]:
    """The calls that take digits of other scripts, as code."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        call = ast.unparse(node)
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "re":
            texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
            if any(isinstance(text, str) and r"\d" in text for text in texts) and "ASCII" not in call:
                yield call
        elif node.func.attr in ("isdigit", "isdecimal", "isnumeric"):
            text = ast.unparse(node.func.value)
            if f"{text}.isascii() and {call}" not in code:
                yield call


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_regular_expression_or_method_takes_digits_of_other_scripts(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert len(files) > 5
    found = [(path.name, call) for path in files for call in lax_digits(path.read_text(encoding="utf-8"))]
    assert not found


def test_the_search_finds_them() -> None:
    code = """
re.compile(r"[\\d.]+", re.IGNORECASE)
re.fullmatch(rf"{x}\\d", text)
re.fullmatch(rb"\\d", data)
re.compile(r"\\d", re.ASCII)
text.isdecimal()
text.isascii() and text.isdigit()
"""
    assert list(lax_digits(code)) == [
        "re.compile('[\\\\d.]+', re.IGNORECASE)",
        "re.fullmatch(f'{x}\\\\d', text)",
        "text.isdecimal()",
    ]
