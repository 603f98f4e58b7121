"""A run may be killed before any change it makes on disk: the folder stays whole, and the next run completes.

Each case runs in a forked child, which is killed at the n-th change, for every n: so each state that a reader can meet
is looked at.
"""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.output import swap
from generator.output import write as writing
from generator.output.manifest import Manifest, manifest_path, tree
from generator.output.swap import locked
from generator.output.write import write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases run in forked children")

OPTIONS = "[project]\n\n[tool.workflow-client-generator]\ngroups = true\n"
OLD = {"a/models.py": "A = 1\n", "a/client.py": "B = 1\n", "b/gone.py": "C = 1\n", "pyproject.toml": OPTIONS}
NEW = {"a/models.py": "A = 2\n", "a/client.py": "B = 1\n", "c/added.py": "D = 1\n", "pyproject.toml": OPTIONS}
CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.symlink", "ctypes.dlsym"}
WAYS = ("exchange", "file by file")


def first(out: Path) -> None:
    """The output folder does not exist."""


def update(out: Path) -> None:
    """The folder has an older tree, as it was generated."""
    write(out, OLD, {"in": "old"})


def update_over_strays(out: Path) -> None:
    """The folder has an older tree with edited and unknown files."""
    update(out)
    (out / "a/models.py").write_text("A = 'mine'\n")
    (out / "b/gone.py").write_text("C = 'mine'\n")
    (out / "notes.txt").write_text("mine\n")
    (out / "link").symlink_to("notes.txt")


def refresh(out: Path) -> None:
    """The folder has the same tree, generated from other inputs."""
    write(out, NEW, {"in": "old"})


SCENES = (first, update, update_over_strays, refresh)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """These texts are formatted already."""
    monkeypatch.setattr(writing, "formatted", dict)


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether the system exchanges two folders in one step."""
    if request.param != "exchange":
        monkeypatch.setattr(swap, "_exchange", lambda a, b: False)
    return str(request.param)


def killed(step: int, action: Callable[[], object]) -> bool:
    """Run `action` in a child that dies before its `step`-th change; False when it came to its end before that."""
    child = os.fork()
    if not child:
        count = itertools.count(1)

        def hook(event: str, args: tuple[Any, ...]) -> None:
            writes = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR)
            if (writes or event in CHANGES) and next(count) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(hook)
            action()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL)
    return code != 0


def recover(out: Path) -> None:
    """Recover from a killed run, as every run does first."""
    with locked(out):
        swap.settle(out)


def whole(out: Path) -> dict[str, str]:
    """The tree, when the manifest is the one that belongs to it and nothing but the two (and copies) lies there."""
    assert {p.name for p in out.parent.iterdir()} <= {"out", ".out.manifest.json", ".out.kept"}
    manifest = Manifest.read(manifest_path(out))
    if not out.exists():
        assert manifest is None
    elif tree(out) == Manifest.of({}, NEW).outputs:
        assert manifest is not None
        assert manifest.outputs == tree(out)
    else:
        assert manifest == Manifest.of({"in": "old"}, OLD)
    return tree(out)


def assert_readable(seen: dict[str, str], old: Mapping[str, str], new: Mapping[str, str], way: str) -> None:
    """Check what a reader sees after a kill: one of the trees; where files are replaced one by one, each file of one of
    them, and all that both have."""
    if way == "exchange":
        assert seen in (old, new)
    assert seen.keys() >= old.keys() & new.keys()
    assert all(digest in (old.get(path), new.get(path)) for path, digest in seen.items())


@pytest.mark.parametrize("scene", SCENES)
def test_killed_at_any_change_the_folder_is_the_old_or_the_new_one(
    scene: Callable[[Path], None], way: str, tmp_path: Path
) -> None:
    new = Manifest.of({"in": "new"}, NEW)
    seen = set()
    for step in itertools.count(1):
        out = tmp_path / str(step) / "out"
        out.parent.mkdir()
        scene(out)
        before = tree(out)
        if not killed(step, lambda out=out: write(out, NEW, new.inputs)):  # type: ignore[misc]
            break
        assert_readable(tree(out), before, new.outputs, way)
        recover(out)
        after = whole(out)
        assert after in (before, new.outputs), step
        seen.add(after == new.outputs)
        recover(out)
        assert whole(out) == after
        write(out, NEW, new.inputs)
        assert tree(out) == new.outputs
        assert Manifest.read(manifest_path(out)) == new
        assert copies(out) == (STRAYS if scene is update_over_strays else {})
        whole(out)
    assert step > 3
    assert seen == ({True} if scene is refresh else {True, False})


STRAYS = {"a/models.py": "A = 'mine'\n", "b/gone.py": "C = 'mine'\n", "notes.txt": "mine\n", "link": "-> notes.txt"}


def copies(out: Path) -> dict[str, str]:
    """The files in the folder of copies, with their texts."""
    root = out.parent / ".out.kept"
    return {
        path.relative_to(root).as_posix(): f"-> {path.readlink()}" if path.is_symlink() else path.read_text()
        for path in root.rglob("*")
        if path.is_symlink() or path.is_file()
    }


@pytest.mark.parametrize("scene", [first, update_over_strays])
def test_recovering_may_be_killed_as_well(scene: Callable[[Path], None], way: str, tmp_path: Path) -> None:
    new = Manifest.of({"in": "new"}, NEW)
    for step in itertools.count(1):
        out = tmp_path / str(step) / "out"
        out.parent.mkdir()
        scene(out)
        before = tree(out)
        if not killed(step, lambda out=out: write(out, NEW, new.inputs)):  # type: ignore[misc]
            break
        again = itertools.count(1)
        while killed(next(again), lambda out=out: recover(out)):  # type: ignore[misc]
            assert_readable(tree(out), before, new.outputs, way)
        assert whole(out) in (before, new.outputs), step


@pytest.mark.parametrize("length", [0, 1, 100, -2])
def test_a_truncated_next_manifest_is_ignored(length: int, tmp_path: Path) -> None:
    out = tmp_path / "out"
    update(out)
    before = tree(out)
    swap.write_beside(out, NEW, Manifest.of({}, NEW))
    (tmp_path / ".out.swap/manifest.json").write_bytes(Manifest.of({}, NEW).encoded()[:length])
    recover(out)
    assert whole(out) == before


def half_replaced(out: Path) -> None:
    """Killed between two files, where folders cannot be exchanged."""
    update(out)
    swap.write_beside(out, NEW, Manifest.of({"in": "new"}, NEW))
    shutil.copy(out.parent / ".out.swap/new/a/models.py", out / "a/models.py")


def test_work_in_a_folder_half_replaced_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    half_replaced(out)
    (out / "a/client.py").write_text("B = 'mine'\n")
    (tmp_path / ".out.swap/part").symlink_to(out / "pyproject.toml")
    recover(out)
    assert whole(out) == Manifest.of({}, NEW).outputs
    assert copies(out) == {"a/client.py": "B = 'mine'\n"}


def test_nothing_is_lost_when_somebody_removed_the_new_tree(tmp_path: Path) -> None:
    out = tmp_path / "out"
    half_replaced(out)
    before = tree(out)
    shutil.rmtree(tmp_path / ".out.swap/new")
    recover(out)
    assert tree(out) == before
    write(out, NEW, {})
    assert whole(out) == Manifest.of({}, NEW).outputs


def test_files_and_folders_change_places(way: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    old, new = {"a": "1", "b/c": "2", "d/e": "3", "f/g": "4"}, {"a/x": "5", "b": "6", "d/e": "7", "f/g": "4"}
    write(out, old, {})
    for cache in ("b", "d", "f"):
        (out / cache / "__pycache__").mkdir()
    (out / "h").symlink_to("d")
    write(out, {**new, "h/i": "8"}, {})
    assert tree(out) == Manifest.of({}, {**new, "h/i": "8"}).outputs


def test_a_run_that_fails_leaves_the_old_tree_and_nothing_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    update(out)
    before = tree(out)

    def full(a: Path, b: Path) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(swap, "_exchange", full)
    with pytest.raises(OSError, match="No space left"):
        write(out, NEW, {})
    assert whole(out) == before


def test_folders_are_exchanged_in_one_step_or_left_as_they_are(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    swap.write_texts(a, {"x": "1"})
    swap.write_texts(b, {"y": "2"})
    exchanged = swap._exchange(a, b)  # not every file system can
    assert (sorted(tree(a)), sorted(tree(b))) == ((["y"], ["x"]) if exchanged else (["x"], ["y"]))


def test_what_cannot_be_exchanged_is_left_as_it_is(tmp_path: Path) -> None:
    assert not swap._exchange(tmp_path / "none", tmp_path)
    assert tmp_path.is_dir()
