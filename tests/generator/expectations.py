"""Compare a case with the texts in its folder `expected`, which `UPDATE_CASES=1` rewrites."""

from __future__ import annotations

import ast
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.document.problems import Problems, sorted_problems

ROOT = Path(__file__).parents[2]
UPDATE = os.environ.get("UPDATE_CASES") == "1"
PROBLEMS = "problems.txt"


def cases(name: str) -> list[Path]:
    """The folders of the cases in a folder of tests."""
    return sorted(path for path in (ROOT / "tests" / name).iterdir() if path.is_dir())


def printed(problems: Problems, *prefixes: str) -> str:
    """All problems as they are reported; the paths in them lose the prefixes."""
    text = "".join(f"{problem}\n" for problem in sorted_problems(problems))
    for prefix in prefixes:
        text = text.replace(prefix, "")
    return text


def expected(case: Path, name: str) -> str | None:
    """An expected text; None when the case expects none of this name."""
    path = case / "expected" / name
    return path.read_text(encoding="utf-8") if path.exists() else None


def compare(case: Path, problems: str, texts: Mapping[str, str]) -> None:
    """Fail unless a case gave the problems that it expects, and each text for which it has an expectation."""
    if UPDATE:
        _update(case / "expected", {PROBLEMS: problems, **texts})
        pytest.fail("the expected files were written anew; run this again without UPDATE_CASES")
    assert (case / "expected").is_dir(), "no expectation: UPDATE_CASES=1 writes one"
    assert problems == (expected(case, PROBLEMS) or "")
    for name, text in texts.items():
        assert expected(case, name) in (None, text)


def _update(folder: Path, texts: Mapping[str, str]) -> None:
    fresh = not folder.is_dir()
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        if text and (fresh or name == PROBLEMS or (folder / name).exists()):
            (folder / name).write_text(text, encoding="utf-8")
        else:
            (folder / name).unlink(missing_ok=True)


def known_problems() -> set[str]:
    """The problem ids in the generator's source: texts in the first argument of calls that report a problem."""
    ids = set()
    for path in (ROOT / "generator").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or isinstance(node.args[0], ast.Call):
                continue  # a `FieldReader` has an id of its own: what it records begins with a source, `x.where("key")`
            called = ast.unparse(node.func).rpartition(".")[2]
            if called in ("error", "warning", "loss", "Problem", "_error", "FieldReader"):
                texts = [n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)]
                ids |= {text for text in texts if isinstance(text, str)}
    return ids


@contextmanager
def time_limit(seconds: int = 30) -> Iterator[None]:
    """Raise TimeoutError when the block takes more processor time than this, whatever else the machine does."""

    def stop(*_: object) -> None:
        raise TimeoutError("the generator does not come to an end")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
