"""Temporary folders are removed, those of killed runs too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from generator.document.problems import ProblemsFound
from generator.output import formatting
from generator.output.temporary import PREFIX, temporary_folder
from generator.output.write import write
from tests.output.written import FILES, names


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_formatter_that_hangs_is_killed_and_reported(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = [sys.executable, "-c", "import time; time.sleep(1_000)"]
    monkeypatch.setattr(formatting, "_ruff", lambda: hanging)
    monkeypatch.setattr(formatting, "MAX_SECONDS", 0.2)
    with pytest.raises(ProblemsFound) as caught:
        write(tmp_path / "out", FILES, {})
    assert [str(problem) for problem in caught.value.problems] == [
        "ruff format: error[invalid-code]: it had not ended after 0.2 seconds, and was killed\n"
        "    hint: is ruff installed beside the generator?"
    ]
    assert names(tmp_path) == {"temporary"}
    assert names(temporary) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no flock")
def test_temporary_folders_of_killed_runs_are_removed_and_no_others(temporary: Path) -> None:
    program = (
        "import os, signal, sys\nfrom generator.output.temporary import temporary_folder\n"
        "with temporary_folder() as folder:\n    (folder / 'file').touch()\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(Path(__file__).parents[2])}
    subprocess.run([sys.executable, "-c", program], env=environment, check=False)
    (abandoned,) = temporary.iterdir()
    assert names(abandoned) == {"file"}
    (temporary / f"{PREFIX}file").touch()
    (temporary / "elsewhere").mkdir()
    (temporary / f"{PREFIX}link").symlink_to("elsewhere")
    others = {f"{PREFIX}file", f"{PREFIX}link", "elsewhere"}
    with temporary_folder() as first, temporary_folder() as second:
        assert names(temporary) == {first.name, second.name, *others}
    assert names(temporary) == others


@pytest.mark.skipif(sys.platform == "win32", reason="there is no flock")
def test_a_temporary_folder_that_another_run_removes_before_it_is_locked_is_made_again(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, make = list[str](), tempfile.mkdtemp

    def make_and_lose(**options: str) -> str:
        made.append(make(**options))
        if len(made) == 1:
            shutil.rmtree(made[0])
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", make_and_lose)
    with temporary_folder() as folder:
        assert str(folder) == made[1]
        assert folder.is_dir()
