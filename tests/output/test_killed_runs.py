"""A run may be killed before any change it makes on disk: the folder stays whole, and the next run completes."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.output import swap
from generator.output import write as writing
from generator.output.fingerprints import tree
from generator.output.manifest import Manifest
from generator.output.write import write
from tests.output.kills import NEW, SCENES, WAYS, copies, recover, update, whole

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the cases run in forked children")


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


def go_through(loop: str, scene: str, way: str, folder: Path, every: int = 1) -> None:
    command = [sys.executable, "-m", "tests.output.kills", loop, scene, way, str(folder), str(every)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr, run.returncode) == ("done\n", "", 0)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scene", SCENES)
def test_killed_at_any_change_the_folder_is_the_old_or_the_new_one(scene: str, way: str, tmp_path: Path) -> None:
    go_through("writing", scene, way, tmp_path)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scene", ["first", "update_over_strays"])
def test_recovering_may_be_killed_as_well(scene: str, way: str, tmp_path: Path) -> None:
    go_through("recovering", scene, way, tmp_path, every=1 if scene == "first" else 3)


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
