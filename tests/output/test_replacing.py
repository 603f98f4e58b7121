"""Files of a folder are replaced together: whenever the run is killed, all of them are old, or all are new.

`python -m tests.output.test_replacing FOLDER` kills forked children, one before each change on disk. This is a process
of its own because threads of a test runner would not let it fork.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generator.output.swap import replace_files

ROOT = Path(__file__).parents[2]
OLD = {"a.yaml": b"a: 1\n", "b.yaml": b"b: 1\n"}
NEW = {"a.yaml": b"a: 2\n", "b.yaml": b"b: 2\n"}
CHANGES = {"os.mkdir", "os.chmod", "os.remove", "os.rmdir", "os.rename", "ctypes.dlsym"}


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.yaml")}


def fill(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in OLD.items():
        (folder / name).write_bytes(text)


def kill_before(change: int) -> None:
    """Kill this process before the so-maniest change on disk."""
    seen = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        seen += event in CHANGES or (event == "open" and bool(arguments[2] & os.O_CREAT))
        if seen == change:
            seen += 1  # killing is an event, too
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def kill_at_each(folder: Path) -> int:
    """The number of changes before which a run was killed, with the old files or the new ones after each."""
    for change in range(1, 1000):
        fill(folder)
        child = os.fork()
        if not child:
            kill_before(change)
            replace_files(folder, NEW)
            os._exit(0)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert content(folder) in (OLD, NEW), (change, content(folder))
        replace_files(folder, {})
        assert os.listdir(folder.parent) == [folder.name]
        if ended:
            assert content(folder) == NEW
            return change - 1
    raise AssertionError("it never ended")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are killed")
def test_a_killed_run_leaves_all_files_old_or_all_new(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    command = [sys.executable, "-m", "tests.output.test_replacing", str(tmp_path / "in" / "folder")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 10


def test_other_files_modes_and_links_stay(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    fill(folder)
    (folder / "a.yaml").chmod(0o600)
    (folder / "notes").mkdir()
    (folder / "notes" / "link").symlink_to("nowhere")
    replace_files(folder, {"a.yaml": b"new"})
    assert (folder / "a.yaml").stat().st_mode & 0o777 == 0o600
    assert content(folder) == {"a.yaml": b"new", "b.yaml": OLD["b.yaml"]}
    assert os.readlink(folder / "notes" / "link") == "nowhere"


if __name__ == "__main__":
    print(kill_at_each(Path(sys.argv[1])))
