"""Small programs of users, checked as their type checkers check them: `mypy --strict` and basedpyright in strict mode.

A folder has an `openapi.yaml` and a `program.py`, which imports its package: `open_words_client` in the folder
`open-words`; that of `standalone` has the core inside. Without an `openapi.yaml`, the program imports packages of
`generated/`. A line that ends with `# error` must be refused by both checkers, and every other line accepted by both.
`reveal_type` is not needed: `x: Season = bed.season` says which type is expected.

Each checker runs once, over all programs: a new program costs little. Where a program has a function `main`, it is
called, too: it must not depend on a server.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.document.problems import Problems
from generator.options import UNDECIDED, Options
from generator.project.packages import single_package
from generator.render.package import client_files
from tests.packages import write_files
from tests.type_checking import mypy

HERE = Path(__file__).parent
PROGRAMS = sorted(path.parent.name for path in HERE.glob("*/program.py"))
GENERATED = sorted(str(folder) for folder in (HERE.parents[1] / "generated").iterdir() if folder.is_dir())
"""The generated packages, the core among them."""
ERRORS = re.compile(r"^(?:.*[/\\])?(\w+)\.py:(\d+)(?::\d+)?(?::| - ) ?error: (.*)", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all packages and programs."""
    folder = tmp_path_factory.mktemp("programs")
    for name in PROGRAMS:
        spec = HERE / name / "openapi.yaml"
        if spec.exists():
            options = Options(groups=True, standalone=True) if name == "standalone" else UNDECIDED
            package = single_package(spec, f"{name}-client", problems := Problems(), options=options)
            assert package is not None, [str(problem) for problem in problems]
            files = {path.partition("/")[2]: text for path, text in client_files(package).items()}
            write_files(files, folder / "packages")
        (folder / f"{_module(name)}.py").write_text((HERE / name / "program.py").read_text("utf-8"), "utf-8")
    return folder


def _module(name: str) -> str:
    return f"{name.replace('-', '_')}_program"


@pytest.mark.parametrize("checker", ["mypy", "basedpyright"])
def test_type_checkers_refuse_the_marked_lines_and_no_others(folder: Path, checker: str) -> None:
    programs = {f"{_module(name)}.py": (HERE / name / "program.py").read_text("utf-8") for name in PROGRAMS}
    paths = [str(folder / "packages"), *GENERATED]
    settings: dict[str, object] = {"include": [*programs, "packages"], "extraPaths": paths}
    settings |= {"typeCheckingMode": "strict", "pythonVersion": "3.11", "exclude": ["**/_vendor"]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    if checker == "mypy":
        run = mypy(*programs, cwd=folder, path=paths)
    else:
        command = [str(Path(sys.executable).with_name(checker)), "--pythonpath", sys.executable]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    refused = {(f"{module}.py", int(line)): text for module, line, text in ERRORS.findall(run.stdout)}
    marked = {
        (file, number)
        for file, text in programs.items()
        for number, line in enumerate(text.splitlines(), 1)
        if line.endswith("# error")
    }
    assert {place: text for place, text in refused.items() if place not in marked} == {}, run.stdout
    assert marked - {*refused} == set(), f"{checker} accepts these lines"
    assert run.returncode == bool(marked), run.stdout + run.stderr


@pytest.mark.parametrize("name", [name for name in PROGRAMS if "def main(" in (HERE / name / "program.py").read_text()])
def test_programs_run(folder: Path, name: str) -> None:
    paths = [str(folder / "packages"), *GENERATED]
    run = subprocess.run(
        [sys.executable, "-c", f"import {_module(name)} as program\nprogram.main()"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
