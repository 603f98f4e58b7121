"""`write` makes the folder hold the formatted files and nothing else, or refuses and changes nothing."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from generator.document.problems import ProblemsFound
from generator.output import formatting, swap
from generator.output.formatting import formatted
from generator.output.manifest import Manifest, manifest_path, tree
from generator.output.swap import Replaced, locked
from generator.output.temporary import PREFIX, temporary_folder
from generator.output.write import Written, write

if sys.platform != "win32":
    import fcntl

FILES = {
    "pkg/pyproject.toml": '[project]\nname = "pkg"\n',
    "pkg/pkg/client.py": "x = {  'a':1 }",
    "pkg/pkg/py.typed": "",
}


def refusals(caught: pytest.ExceptionInfo[ProblemsFound]) -> list[tuple[str, str]]:
    return [(problem.id, problem.source.file) for problem in caught.value.problems]


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# What is written


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


# Formatting


def test_python_is_formatted_wherever_it_lies_and_line_ends_are_one_character() -> None:
    messy = "x = {  'a':1 }\r\ny = '''a\rb'''"
    paths = ["dist/a.py", "node_modules/a.py", ".hidden/a.py", "ignored/a.py", "é/a.pyi"]
    assert formatted(dict.fromkeys(paths, messy)) == dict.fromkeys(paths, 'x = {"a": 1}\ny = """a\nb"""\n')


def test_no_settings_of_the_surroundings_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("ignored/\n")
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 10\nindent-width = 2\n")
    assert formatted({"ignored/a.py": "if x:\n  y = 'long enough'"}) == {
        "ignored/a.py": 'if x:\n    y = "long enough"\n'
    }


def test_lines_have_120_columns() -> None:
    line = "x = [" + "1, " * 37 + "111]\n"
    assert len(line.rstrip()) == 120
    assert formatted({"a.py": line, "b.py": line.replace("111]", "1111]")}) == {
        "a.py": line,
        "b.py": "x = [\n" + "    1,\n" * 37 + "    1111,\n]\n",
    }


def test_other_texts_stay_as_they_are() -> None:
    files = {"a.toml": "a   = 1\n\n\n", "b.yaml": "b:   [1]", "py.typed": ""}
    assert formatted(files) == files


def test_formatting_twice_changes_nothing() -> None:
    once = formatted(FILES)
    assert formatted(once) == once


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("x = 1\ny = (\n", 2, "'(' was never closed: y = ("),
        ("x = 1\nreturn x\n", 2, "'return' outside function"),
        ("x = 1\ny = '\\d'\n", 2, "invalid escape sequence"),
        ("x = 1 is 1\n", 1, '"is" with'),
        ("x = '\0'\n", 0, "null"),
        ("# coding: utf-7\n# +AAo-import os\n", 0, "declares the encoding utf-7"),
        ("# coding: nonsense\n", 0, "nonsense"),
        ("x = '\ud800'\n", 0, "not Unicode"),
    ],
    ids=range(8),
)
def test_code_that_python_would_not_take_is_never_written(code: str, line: int, message: str, tmp_path: Path) -> None:
    write(tmp_path / "out", FILES, {})
    before = tree(tmp_path / "out")
    with pytest.raises(ProblemsFound) as caught:
        write(tmp_path / "out", {"bad.py": code, "good.py": "x = 1\n"}, {})
    (problem,) = caught.value.problems
    assert (problem.id, problem.source.file, problem.source.line) == ("invalid-code", "bad.py", line)
    assert message in problem.message
    assert tree(tmp_path / "out") == before
    assert names(tmp_path) == {"out", ".out.manifest.json"}


def test_all_invalid_files_are_reported_at_once() -> None:
    with pytest.raises(ProblemsFound) as caught:
        formatted({"a.py": "(", "b.py": "x = 1", "c.py": ")"})
    assert refusals(caught) == [("invalid-code", "a.py"), ("invalid-code", "c.py")]


LONG = "".join(f"class C{i}:\n    a = {'x' * 90!r}\n\n\n" for i in range(3000))


@pytest.mark.parametrize("text", [LONG, f'A = """\nclass {LONG}"""\n'], ids=["classes", "texts like classes"])
def test_long_modules_are_compiled_too(text: str) -> None:
    assert formatted({"a.py": text})["a.py"].count("class C2999:") == 1
    end = text.count("\n") + 1
    for wrong in ("return 1\n", "class A(\n", 'B = "\\d"\n'):
        with pytest.raises(ProblemsFound, match=rf"a.py:({end}|{end + 1}): error\[invalid-code\]"):
            formatted({"a.py": text + wrong})


def test_a_formatter_that_fails_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatting, "_ruff", lambda: [sys.executable, "-P", "-m", "no_such_module"])
    with pytest.raises(ProblemsFound, match=r"error\[invalid-code\]: .*No module named no_such_module"):
        formatted({"a.py": "x = 1\n"})


def test_the_formatter_comes_from_the_environment_not_from_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ruff.py").write_text("raise SystemExit('run instead')")
    (tmp_path / "ruff").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "ruff").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert formatted({"a.py": "x=1"}) == {"a.py": "x = 1\n"}
    monkeypatch.setattr(sysconfig, "get_path", lambda _: "no/such/folder")  # so that Python looks for the module
    assert formatted({"a.py": "x=1"}) == {"a.py": "x = 1\n"}


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


# Somebody else's files


def test_a_folder_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "src").mkdir(parents=True)
    (out / "src/precious.py").write_text("1")
    with pytest.raises(ProblemsFound) as caught:
        write(out, FILES, {})
    assert refusals(caught) == [("foreign-directory", str(out))]
    assert "src/precious.py" in caught.value.problems[0].message
    assert caught.value.problems[0].hint
    assert sorted(tree(out)) == ["src/precious.py"]
    assert names(tmp_path) == {"out"}


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("precious")
    with pytest.raises(ProblemsFound) as caught:
        write(tmp_path / "out", FILES, {})
    assert refusals(caught) == [("foreign-directory", str(tmp_path / "out"))]
    assert (tmp_path / "out").read_text() == "precious"


def test_a_folder_without_manifest_is_ours_when_it_holds_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, FILES, {})
    manifest_path(out).unlink()
    (out / "pkg/pkg/py.typed").unlink()
    assert write(out, FILES, {}) == Written(("pkg/pkg/py.typed",), (), (), (), 2)
    assert manifest_path(out).exists()


def test_edited_and_unknown_files_are_replaced_but_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, {"a.txt": "1", "b.txt": "1", "c.txt": "1"}, {})
    (out / "a.txt").write_text("mine")
    (out / "b.txt").write_text("mine")
    (out / "c.txt").write_text("2")
    (out / "d").mkdir()
    (out / "d/e.txt").write_text("mine")
    written = write(out, {"a.txt": "2", "c.txt": "2"}, {})
    assert written == Written(
        added=(),
        changed=("a.txt",),
        removed=("b.txt", "d/e.txt"),
        replaced=(
            Replaced("edited", "a.txt", ".out.kept/a.txt"),
            Replaced("edited", "b.txt", ".out.kept/b.txt"),
            Replaced("unknown", "d/e.txt", ".out.kept/d/e.txt"),
        ),
        unchanged=1,
    )
    assert [(tmp_path / file.copy).read_text() for file in written.replaced] == ["mine"] * 3
    assert sorted(tree(out)) == ["a.txt", "c.txt"]


def test_an_edit_is_undone_also_when_nothing_else_changed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, FILES, {})
    (out / "pkg/pkg/client.py").write_text("mine")
    assert write(out, FILES, {}).replaced == (Replaced("edited", "pkg/pkg/client.py", ".out.kept/pkg/pkg/client.py"),)
    assert (out / "pkg/pkg/client.py").read_text() == 'x = {"a": 1}\n'


def test_a_kept_file_is_never_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def copy_of(path: str, text: str) -> str:
        write(out, {}, {})
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text)
        (replaced,) = write(out, {}, {}).replaced
        assert (tmp_path / replaced.copy).read_text() == text
        return replaced.copy

    assert copy_of("a", "1") == ".out.kept/a"
    assert copy_of("a", "2") == ".out.kept/a.1"
    assert copy_of("a", "3") == ".out.kept/a.2"
    assert copy_of("a", "2") == ".out.kept/a.1"
    assert copy_of("a/b", "1") == ".out.kept/a.3/b"
    assert copy_of("a.3", "1") == ".out.kept/a.3.1"
    (tmp_path / "outside").mkdir()
    (tmp_path / ".out.kept/link").symlink_to(tmp_path / "outside")
    assert copy_of("link/a", "1") == ".out.kept/link.1/a"


def test_links_are_never_written_through(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, FILES, {})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "client.py").write_text("precious")
    (out / "pkg/pkg/client.py").unlink()
    (out / "pkg/pkg/client.py").symlink_to(outside / "client.py")
    (out / "more").symlink_to(outside)
    written = write(out, FILES, {})
    assert [(file.state, file.path) for file in written.replaced] == [
        ("unknown", "more"),
        ("edited", "pkg/pkg/client.py"),
    ]
    assert [(tmp_path / file.copy).readlink() for file in written.replaced] == [outside, outside / "client.py"]
    assert (outside / "client.py").read_text() == "precious"
    assert tree(out) == Manifest.of({}, formatted(FILES)).outputs


def test_links_planted_beside_the_folder_are_never_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").touch()
    write(tmp_path / "out", FILES, {})
    (tmp_path / ".out.swap").symlink_to(outside)
    write(tmp_path / "out", {"a.txt": "1"}, {})
    assert names(outside) == {"precious"}
    (tmp_path / ".out.swap").mkdir()
    for name in ("new", "old", "part"):
        (tmp_path / ".out.swap" / name).symlink_to(outside)
    (tmp_path / ".out.swap/manifest.json").symlink_to(outside / "journal")
    write(tmp_path / "out", {"a.txt": "2"}, {})
    assert names(outside) == {"precious"}
    assert names(tmp_path) == {"outside", "out", ".out.manifest.json"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_replaced_without_being_read(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, FILES, {})
    os.mkfifo(out / "pipe")
    assert write(out, FILES, {}).replaced == (Replaced("unknown", "pipe", ""),)


def test_after_a_merge_conflict_in_the_manifest_nothing_is_lost(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, {"a.txt": "1", "b.txt": "1"}, {})
    manifest_path(out).write_text("<<<<<<< ours\n")
    assert write(out, {"a.txt": "1", "b.txt": "2"}, {}).replaced == (Replaced("unknown", "b.txt", ".out.kept/b.txt"),)
    assert Manifest.read(manifest_path(out)) == Manifest({}, tree(out))


# One run at a time


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


# Temporary folders


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
