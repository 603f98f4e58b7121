"""The command on a real pseudo-terminal: the live table, and a terminal that is left as it was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command_line.processes import COMMAND, faked, on_terminal

RUNS = (
    'fake.add("dify:1", "running", "succeeded")',
    'fake.add("copyai:w/2", "pending", error(503), "failed")',
    'fake.add("anon:3", "running", "waiting_for_input")',
)
REFS = ("dify:1", "copyai:w/2", "anon:3", "dify:404")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
SHOW_CURSOR, HIDE_CURSOR = "\x1b[?25h", "\x1b[?25l"


def last_picture(text: str) -> list[str]:
    """The lines of the table as it was last drawn, and what came after it."""
    return _CONTROL.sub("", text[text.rindex("provider") :]).splitlines()


def test_watch_draws_a_table_that_stays() -> None:
    status, text = on_terminal(faked(*RUNS), "watch", *REFS)
    assert status == 5
    assert text.index(HIDE_CURSOR) < text.rindex(SHOW_CURSOR)
    assert all(color in text for color in ("\x1b[32m", "\x1b[31m", "\x1b[33m"))
    head, *rows, error = last_picture(text)
    assert head.split() == ["provider", "run", "status", "elapsed", "steps", "next", "poll"]
    assert [" ".join(row.split()[:4]) for row in rows[:4]] == [
        "dify 1 ✔ succeeded",
        "copyai w/2 ✖ failed",
        "anon 3 ◆ waiting",
        "dify 404 ✖ error",
    ]
    assert rows[4] == "4 runs: 1 error, 1 failed, 1 succeeded, 1 waiting for input"
    assert error.startswith("workflow-runs: dify:404: 404 Not Found from GET ")


def test_wait_takes_its_table_away_and_shows_the_run() -> None:
    status, text = on_terminal(faked(*RUNS), "wait", "dify:1")
    assert status == 0
    after = text[text.rindex(SHOW_CURSOR) + len(SHOW_CURSOR) :]
    assert after.count("\x1b[2K") >= 3
    assert _CONTROL.sub("", after).split()[1:3] == ["status", "✔"]


def test_ctrl_c_leaves_a_clean_terminal_and_the_command_that_resumes() -> None:
    command = faked('fake.add("dify:1", "running")', passes=False)
    status, text = on_terminal(command, "watch", "dify:1", "--until", "succeeded", keys=[(b"running", b"\x03")])
    assert status == 130
    *_, last = text.rstrip("\n").splitlines()
    assert last == (
        "workflow-runs: interrupted; the runs go on; resume with:"
        " workflow-runs watch --timeout 1h --until succeeded dify:1"
    )
    assert text.rindex(SHOW_CURSOR) > text.rindex(HIDE_CURSOR)


def test_a_terminal_of_one_column_is_large_enough_for_many_runs() -> None:
    added = "refs = [f'dify:{number}' for number in range(200)]"
    adding = "for ref in refs: fake.add(ref, 'succeeded' if ref != 'dify:7' else 'failed')"
    python, option, program = faked(added, adding)
    command = (python, option, program.replace("sys.argv[1:]", "[*sys.argv[1:], *refs]"))
    status, text = on_terminal(command, "watch", size=(10, 1))
    assert (status, "Traceback" in text) == (1, False)
    assert text.rindex(SHOW_CURSOR) > text.rindex(HIDE_CURSOR)
    lines = _CONTROL.sub("", text[text.rindex(HIDE_CURSOR) :]).splitlines()
    assert max(map(len, lines)) == 1


def test_no_color_and_dumb_terminals_are_respected() -> None:
    status, text = on_terminal(faked(*RUNS), "watch", "dify:1", NO_COLOR="1")
    assert status == 0
    assert re.search(r"\x1b\[[0-9;]*3[0-9]m", text) is None
    assert SHOW_CURSOR in text
    status, text = on_terminal(faked(*RUNS), "watch", "dify:1", TERM="dumb")
    assert [line.partition(",")[0] for line in text.splitlines()] == ["dify:1: running", "dify:1: running -> succeeded"]
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("redirection", "arguments", "draws"),
    [
        ("> data", ("wait", "--json"), True),
        ("> data", ("watch", "--jsonl"), True),
        ("", ("watch", "--out", "data"), True),
        ("| cat > data", ("watch", "--jsonl"), False),
    ],
)
def test_the_table_is_beside_the_data_where_it_destroys_nothing(
    tmp_path: Path, redirection: str, arguments: tuple[str, ...], draws: bool
) -> None:
    shell = ("/bin/sh", "-c", f'cd "$0" && "$@" {redirection}', str(tmp_path))
    _, text = on_terminal((*shell, *faked(*RUNS)), *arguments, "dify:1")
    assert (HIDE_CURSOR in text) == draws
    data = (tmp_path / "data").read_text("utf-8")
    assert "succeeded" in data
    assert "\x1b" not in data


def test_a_terminal_that_has_only_ascii_gets_no_more() -> None:
    added = (
        "from workflow_runs.testing import payload",
        'fake.add("anon:1", payload("anon:1", "PENDING", currentStateName="für あ"), "failed")',
    )
    status, text = on_terminal(faked(*added), "watch", "anon:1", PYTHONIOENCODING="ascii")
    assert (status, text.isascii()) == (1, True)
    assert "x failed" in last_picture(text)[1]


def test_texts_of_providers_cannot_act_on_the_terminal() -> None:
    text = r"\x1b]0;title\x07\x1b[2J\x9b31m[red]x[/red]\u202e"
    added = (
        "from workflow_runs.testing import Answer, unchecked",
        f'fake.add("dify:1", unchecked({{"id": "1", "status": "\\x1b[35mX{text}", "error": "{text}"}}))',
        f'fake.add("dify:2", unchecked({{"id": "2", "status": "failed", "error": "{text}"}}))',
        f'fake.add("dify:3", Answer({{"message": "{text}"}}, status=400, checked=False))',
    )
    for arguments in (("watch",), ("get",)):
        _, shown = on_terminal(faked(*added), *arguments, "dify:2", "dify:3", "dify:1", "--timeout", "1m")
        assert [text for text in ("\x1b]", "\x9b", "\u202e", "\x1b[35m", "\x1b[2J") if text in shown] == []
        assert "[red]x[/red]" in shown
    assert "\x1b[31m✖ \x1b[0mdify:2: failed" in shown


def test_a_response_may_be_typed() -> None:
    typed = [(b"Ctrl-D ends it", b'{"status": "failed"}\n\x04')]
    status, text = on_terminal(COMMAND, "normalize", "dify", "--ref", "dify:1", keys=typed)
    assert status == 1
    assert text.startswith("workflow-runs: reading the response from the terminal; Ctrl-D ends it\n")
    assert "\x1b[31m✖ failed" in text
