"""Files that somebody else wrote are refused, kept, or left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.document.problems import ProblemsFound
from generator.output.fingerprints import tree
from generator.output.formatting import formatted
from generator.output.manifest import Manifest, manifest_path
from generator.output.swap import Replaced
from generator.output.write import Written, write
from tests.output.written import FILES, names, refusals


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
