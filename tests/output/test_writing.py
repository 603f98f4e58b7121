"""`write` makes the folder hold the formatted files and nothing else, or refuses and changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.document.problems import ProblemsFound
from generator.output.fingerprints import tree
from generator.output.manifest import Manifest, manifest_path
from generator.output.write import Written, write
from tests.output.written import FILES, names, refusals


def test_a_first_run_writes_everything_and_a_manifest(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    written = write(out, FILES, {"spec": "1"})
    assert written == Written(tuple(sorted(FILES)), (), (), (), 0)
    assert (out / "pkg/pkg/client.py").read_bytes() == b'x = {"a": 1}\n'
    assert Manifest.read(manifest_path(out)) == Manifest({"spec": "1"}, tree(out))
    assert names(out.parent) == {"out", ".out.manifest.json"}


def test_a_later_run_returns_what_it_changed(tmp_path: Path) -> None:
    write(tmp_path / "out", {"a.txt": "1", "b.txt": "1", "c.txt": "1"}, {})
    written = write(tmp_path / "out", {"a.txt": "1", "b.txt": "2", "d.txt": "1"}, {})
    assert written == Written(added=("d.txt",), changed=("b.txt",), removed=("c.txt",), replaced=(), unchanged=1)
    assert sorted(tree(tmp_path / "out")) == ["a.txt", "b.txt", "d.txt"]


def test_an_equal_folder_is_not_touched(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, FILES, {"spec": "1"})

    def state(path: Path) -> tuple[int, int, int]:
        status = path.stat()  # reading changes the time of access, and nothing else
        return status.st_ino, status.st_mtime_ns, status.st_ctime_ns

    before = state(out), state(manifest_path(out))
    assert write(out, FILES, {"spec": "1"}) == Written((), (), (), (), 3)
    assert (state(out), state(manifest_path(out))) == before
    assert write(out, FILES, {"spec": "2"}) == Written((), (), (), (), 3)
    assert state(out) == before[0]
    assert Manifest.read(manifest_path(out)) == Manifest({"spec": "2"}, tree(out))


def test_nothing_to_write_is_an_empty_folder(tmp_path: Path) -> None:
    write(tmp_path / "out", {}, {})
    assert names(tmp_path / "out") == set()
    assert names(tmp_path) == {"out", ".out.manifest.json"}


def test_caches_are_nobody_s_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "pkg.egg-info").mkdir(parents=True)
    (out / "pkg.egg-info/PKG-INFO").touch()
    (out / ".DS_Store").touch()
    write(out, FILES, {})
    (out / "pkg/__pycache__").mkdir()
    (out / "pkg/__pycache__/client.pyc").touch()
    inode = out.stat().st_ino
    assert write(out, FILES, {}).unchanged == 3
    assert out.stat().st_ino == inode
    assert write(out, {"a.txt": ""}, {}).replaced == ()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
@pytest.mark.parametrize("umask", [0o077, 0o000])
def test_files_can_be_read_by_all_and_executed_by_none(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        write(tmp_path / "out", FILES, {})
    finally:
        os.umask(before)
    files = [*(path for path in tmp_path.rglob("*") if path.is_file())]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o644}
    assert len(files) == len(FILES) + 1


def test_a_link_to_the_folder_is_followed_once(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write(tmp_path / "link", FILES, {})
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path) == {"link", "real", ".real.manifest.json"}
    assert manifest_path(tmp_path / "link") == manifest_path(tmp_path / "real")


def test_the_same_bytes_in_any_order_and_with_any_hash_seed(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from generator.output.write import write\n"
        "names = sorted({'é', 'b', 'a', 'd'}, key=hash)\n"
        "write(pathlib.Path(sys.argv[1]), {n + '/m.py': 'x = {1:2}' for n in names}, {n: n for n in names})\n"
    )
    results = []
    for seed in ("0", "1", "2"):
        out = tmp_path / seed / "out"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        subprocess.run([sys.executable, "-c", code, str(out)], env=environment, cwd=tmp_path, check=True)
        results.append((tree(out), manifest_path(out).read_bytes()))
    assert results[0] == results[1] == results[2]


# Paths


@pytest.mark.parametrize(
    "path",
    [
        *("/etc/x", "../x", "a/../../x", "a/..", "a/./b", "a//b", "a/", "", ".", "a\\b", "a\0b", "a\nb", "C:/x"),
        *("a/\ud800", "__pycache__/x.py", "x.pyc", "a/x.egg-info/y"),
    ],
)
def test_a_path_that_is_not_plainly_below_the_folder_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as caught:
        write(tmp_path / "out", {path: "", "good": ""}, {})
    assert refusals(caught) == [("unsafe-path", path)]
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    "paths",
    [("a/Model.py", "a/model.py"), ("A/x", "a/y"), ("a", "a/b"), ("é", "e\u0301"), ("straße", "STRASSE")],
)
def test_paths_that_meet_where_case_does_not_count_are_refused(paths: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as caught:
        write(tmp_path / "out", dict.fromkeys(paths, ""), {})
    assert refusals(caught) == [("path-clash", max(paths))]
    assert names(tmp_path) == set()
