"""A folder is written by one run at a time."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from generator.document.problems import ProblemsFound
from generator.output import swap
from generator.output.fingerprints import tree
from generator.output.swap import locked
from generator.output.write import write
from tests.output.written import FILES, names, refusals

if sys.platform != "win32":
    import fcntl


@pytest.mark.skipif(sys.platform == "win32", reason="no flock")
def test_a_second_run_waits_a_little_and_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(swap, "MAX_WAIT", 0.1)
    out = tmp_path / "out"
    with locked(out):
        with pytest.raises(ProblemsFound) as caught:
            write(out, FILES, {})
        assert refusals(caught) == [("busy", str(out))]
        assert caught.value.problems[0].message == f"another run (process {os.getpid()}) is writing out"
        write(tmp_path / "other", FILES, {})
    assert write(out, FILES, {}).added
    assert ".out.lock" not in names(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="no flock")
def test_waiting_for_several_runs_is_waiting_for_each(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lock_file, seconds = tmp_path / ".out.lock", itertools.count(step=200)
    flock, runs = fcntl.flock, iter(range(1, 5))

    def busy(descriptor: int, operation: int) -> None:
        if (run := next(runs, None)) is None:
            return flock(descriptor, operation)
        os.utime(lock_file, (run, run))  # another run has acquired it
        raise BlockingIOError

    monkeypatch.setattr(swap, "time", SimpleNamespace(monotonic=lambda: float(next(seconds)), sleep=lambda _: None))
    monkeypatch.setattr(fcntl, "flock", busy)
    with locked(tmp_path / "out"):
        assert next(seconds) > 2 * swap.MAX_WAIT


@pytest.mark.skipif(sys.platform == "win32", reason="no flock")
def test_the_lock_of_a_killed_run_does_not_block_others(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(swap, "MAX_WAIT", 0.0)
    (tmp_path / ".out.lock").touch()
    with locked(tmp_path / "out"):
        pass
    assert names(tmp_path) == set()


@pytest.mark.skipif(sys.platform == "win32", reason="no flock")
def test_a_lock_that_its_holder_just_removed_is_taken_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    flock, calls = fcntl.flock, list[int]()

    def late(fd: int, operation: int) -> None:
        flock(fd, operation)
        calls.append(fd)
        if len(calls) == 1:
            (tmp_path / ".out.lock").unlink()
        if len(calls) == 2:
            (tmp_path / ".out.lock").rename(tmp_path / "away")
            (tmp_path / ".out.lock").touch()

    monkeypatch.setattr(fcntl, "flock", late)
    with locked(tmp_path / "out"):
        assert (tmp_path / ".out.lock").stat().st_ino == os.fstat(calls[-1]).st_ino
    assert len(calls) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no flock")
def test_concurrent_runs_leave_the_tree_of_one_of_them(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code = (
        "import sys, pathlib; from generator.output.write import write\n"
        "for n in range(5): write(pathlib.Path(sys.argv[1]), {f'{sys.argv[2]}/{n}': '', 'a': sys.argv[2]}, {})\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    runs = [subprocess.Popen([sys.executable, "-c", code, str(out), str(n)], env=environment) for n in range(4)]
    assert [run.wait() for run in runs] == [0] * 4
    last = (out / "a").read_text()
    assert sorted(tree(out)) == sorted([f"{last}/4", "a"])
    assert names(tmp_path) == {"out", ".out.manifest.json"}
