"""Kill what writes a folder before any change it makes on disk, and look at what lies there then.

`python -m tests.output.kills LOOP SCENE WAY FOLDER [EVERY]` goes through one loop. Each case runs in a forked child,
which is killed at the n-th change, for every n: so each state that a reader can meet is looked at. With EVERY,
recovering begins in each so many-th state only. This is a process of its own because it is small, and so forks in no
time.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from generator.output import swap
from generator.output import write as writing
from generator.output.fingerprints import tree
from generator.output.manifest import Manifest, manifest_path
from generator.output.swap import locked
from generator.output.write import write

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


SCENES = {scene.__name__: scene for scene in (first, update, update_over_strays, refresh)}


STRAYS = {"a/models.py": "A = 'mine'\n", "b/gone.py": "C = 'mine'\n", "notes.txt": "mine\n", "link": "-> notes.txt"}


def copies(out: Path) -> dict[str, str]:
    """The files in the folder of copies, with their texts."""
    root = out.parent / ".out.kept"
    return {
        path.relative_to(root).as_posix(): f"-> {path.readlink()}" if path.is_symlink() else path.read_text()
        for path in root.rglob("*")
        if path.is_symlink() or path.is_file()
    }


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


def killed_while_writing(scene: Callable[[Path], None], way: str, folder: Path) -> None:
    """Killed at any change, the folder is the old or the new one."""
    new = Manifest.of({"in": "new"}, NEW)
    seen = set()
    for step in itertools.count(1):
        out = folder / str(step) / "out"
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


def killed_while_recovering(scene: Callable[[Path], None], way: str, folder: Path, every: int = 1) -> None:
    """Recovering may be killed as well, at any change of its own."""
    new = Manifest.of({"in": "new"}, NEW)
    for step in itertools.count(1, every):
        out = folder / str(step) / "out"
        out.parent.mkdir()
        scene(out)
        before = tree(out)
        if not killed(step, lambda out=out: write(out, NEW, new.inputs)):  # type: ignore[misc]
            break
        again = itertools.count(1)
        while killed(next(again), lambda out=out: recover(out)):  # type: ignore[misc]
            assert_readable(tree(out), before, new.outputs, way)
        assert whole(out) in (before, new.outputs), step


def _main(loop: str, scene: str, way: str, folder: str, every: str = "1") -> None:
    vars(writing).update(formatted=dict)  # these texts are formatted already
    if way != "exchange":
        vars(swap).update(_exchange=lambda a, b: False)
    if loop == "writing":
        killed_while_writing(SCENES[scene], way, Path(folder))
    else:
        killed_while_recovering(SCENES[scene], way, Path(folder), int(every))
    print("done")


if __name__ == "__main__":
    _main(*sys.argv[1:])
