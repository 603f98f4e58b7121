"""What the subjects about documents must notice, they notice."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.document.files import Files
from tests.torture.mutation.commands import run
from tests.torture.mutation.packages import check_module, check_readme
from tests.torture.mutation.sandbox import watched
from tests.torture.mutation.spelling import spelled
from tests.torture.mutation.values import RAW
from tests.torture.subject import Broken
from tests.torture.subjects import documents


@pytest.mark.parametrize(
    "code",
    [
        "__import__('os')",
        "x = print",
        "x = ().__class__",
        "import os",
        "from os import path",
        "x = [y for y in ()]",
        "x = lambda: 1",
        "while True: pass",
        "x = 1\nx",
        "x: int = eval('1')",
        "x = f'{1}'",
    ],
)
def test_code_that_no_template_prints(code: str) -> None:
    with pytest.raises(Broken):
        check_module("a.py", code)


@pytest.mark.parametrize("text", ["# a\n\n## Evil\n", "# a\n```sh\n```\n```python\n```\n```js\n```\n", "# a\n"])
def test_a_readme_with_another_outline(text: str) -> None:
    with pytest.raises(Broken):
        check_readme(text)


def test_files_the_network_and_other_processes(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("")
    attempts: list[Callable[[], object]] = [
        lambda: (tmp_path / "new").write_text(""),
        lambda: (tmp_path / "secret").read_text(),
        lambda: (tmp_path / "secret").rename(tmp_path / "other"),
        lambda: socket.socket().close(),
        lambda: subprocess.run([sys.executable, "--version"], check=True, capture_output=True),
    ]
    for number, attempt in enumerate(attempts):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(Broken), watched(folder, unreadable=(tmp_path / "secret",)):
            attempt()


def test_a_file_around_the_folder_of_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bed: Any = {"paths": {}, "components": {"schemas": {"Bed": {"$ref": "../secret.yaml#/Bed"}}}}
    case: Any = {"document": {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, **bed}, "form": "json"}
    case |= {"accidents": [], "files": {}, "options": {}, "formatted": False, "imported": True}
    (tmp_path / "as it is").mkdir()
    assert documents.attack(case, tmp_path / "as it is") == "imported"
    monkeypatch.setattr(Files, "_resolve", lambda self, path: path.resolve())
    (tmp_path / "faulty").mkdir()
    with pytest.raises(Broken, match="a file outside of the document's folder was read"):
        documents.attack(case, tmp_path / "faulty")


@pytest.mark.parametrize("line", ["\x1b[31m", "::error::x", "file: error: without an id"])
def test_lines_of_a_report_that_are_no_problems(line: str) -> None:
    with pytest.raises(Broken):
        run(lambda: print(line, file=sys.stderr), "nothing was written", 1, is_formatted=True)


def test_values_are_spelled_as_json_and_as_yaml() -> None:
    value = {"a": [{"b c": "d", f"{RAW} <<": {RAW: "*x"}}, "yes", 1], "e": {}}
    assert spelled(value, "json", []) == b'{"a": [{"b c": "d", <<: *x}, "yes", 1], "e": {}}'
    assert spelled(value, "block", []) == b'"a": \n  - \n    "b c": d\n    <<: *x\n  - yes\n  - 1\n"e": {}'
    assert spelled("é", "json", [["put", 0, "ü"], ["encoding", "latin-1"]]) == b'\xfc"\\u00e9"'
