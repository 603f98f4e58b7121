"""`--out`: a file that is there as a whole at the end, or as it was before."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest
from workflow_runs.cli.display.messages import CommandError
from workflow_runs.cli.output import Output

from tests.command_line.conftest import Command


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    path.write_text("before", "utf-8")
    with Output(str(path)) as output:
        output.write("after ")
        assert path.read_text("utf-8") == "before"
        output.write("ü\n")
    assert path.read_bytes() == "after ü\n".encode()
    assert names(tmp_path) == ["runs.json"]


def test_after_an_error_all_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "runs.json"
    path.write_text("before", "utf-8")

    def interrupted(name: str) -> None:
        with Output(str(tmp_path / name)) as output:
            output.write("half")
            raise KeyboardInterrupt

    for name in ("runs.json", "new.json"):
        with pytest.raises(KeyboardInterrupt):
            interrupted(name)
    assert (names(tmp_path), path.read_text("utf-8")) == (["runs.json"], "before")


def test_a_dash_is_standard_output(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("schema", "--out", "-") == command("schema")
    assert names(tmp_path) == []


def test_a_link_stays_a_link_and_a_mode_stays(tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("before", "utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    with Output(str(link)) as output:
        output.write("after")
    assert link.is_symlink()
    assert (target.read_text("utf-8"), stat.S_IMODE(target.stat().st_mode)) == ("after", 0o640)


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.write_text("", "utf-8")
    with Output(str(tmp_path / "new")) as output:
        output.write("")
    assert (tmp_path / "new").stat().st_mode == usual.stat().st_mode


def test_a_pipe_or_a_device_is_written_and_not_replaced(command: Command, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[str] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_text("utf-8")))
    reader.start()
    assert command("schema", "--out", str(pipe)).status == 0
    reader.join()
    assert received[0].startswith("{\n")
    assert command("schema", "--out", os.devnull).status == 0
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    assert names(tmp_path) == ["pipe"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "--out needs the name of a file"),
        ("{}/none/x", "--out {}/none/x cannot be written: No such file or directory; name another file"),
        ("{}", "--out {} cannot be written: Is a directory; name another file"),
        ("{}/\0", "--out {}/\0 cannot be written: embedded null byte; name another file"),
    ],
)
def test_a_file_that_cannot_be_written_is_said_before_anything_is_sent(tmp_path: Path, path: str, message: str) -> None:
    with pytest.raises(CommandError) as caught:
        Output(path.format(tmp_path))
    assert str(caught.value) == message.format(tmp_path)
