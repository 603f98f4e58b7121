"""`workflow-runs get`: how runs are now, over real HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from workflow_runs import WorkflowRun
from workflow_runs.cli import app, is_plain_get, plain
from workflow_runs.cli.display.messages import CommandError
from workflow_runs.cli.references import _lines_of_stdin

from tests.command_line.conftest import KEY, Command
from tests.loopback import Loopback, Received, Reply, json_reply


def test_a_run_for_people(command: Command, server: Loopback) -> None:
    answer = {"status": "succeeded", "outputs": {"text": "Hello"}, "elapsed_time": 65.5, "total_steps": 3}
    server.reply(200, {**answer, "created_at": 1767323105, "finished_at": 1767323170})
    done = command("get", "dify:7")
    assert done.status == 0
    assert done.err == ""
    assert done.out.splitlines() == [
        f"dify:7?base_url=http%3A%2F%2F127.0.0.1%3A{server.url.rpartition(':')[2]}",
        "  status    ✔ succeeded",
        "  created   2026-01-02 03:05:05Z",
        "  finished  2026-01-02 03:06:10Z",
        "  elapsed   1m 05s",
        "  steps     3",
        '  outputs   {"text":"Hello"}',
    ]
    assert server.last.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("running", 0),
        ("succeeded", 0),
        ("partial-succeeded", 0),
        ("failed", 1),
        ("stopped", 1),
        ("paused", 3),
        ("?", 0),
    ],
)
def test_the_exit_status_says_how_the_run_is(command: Command, server: Loopback, word: str, status: int) -> None:
    server.reply(200, {"id": "7", "status": word})
    assert command("get", "dify:7").status == status


@pytest.mark.parametrize(
    ("code", "word", "hint"),
    [
        (401, "Unauthorized", "check DIFY_API_KEY"),
        (
            404,
            "Not Found",
            "check that the reference names a run that these credentials may see, and that the server is right",
        ),
        (400, "Bad Request", "check the identifiers in the reference"),
    ],
)
def test_an_error_of_the_provider_is_one_line(
    command: Command, server: Loopback, code: int, word: str, hint: str
) -> None:
    server.reply(code, {"message": f"no \x1b[31m[red]{KEY}"})
    done = command("get", "dify:7")
    assert (done.status, done.out) == (5, "")
    place = f"{code} {word} from GET {server.url}/workflows/run/7"
    assert done.err == f"workflow-runs: dify:7: {place}: no  [31m[red]***; {hint}\n"


def test_json_is_the_run(command: Command, server: Loopback) -> None:
    server.reply(200, {"id": "7", "status": "running"})
    done = command("get", "dify:7", "--json")
    assert done.status == 0
    assert WorkflowRun.from_json(done.out).id == "7"
    assert len(done.out.splitlines()) > 5


def by_id(received: Received) -> Reply:
    """Runs with an odd identifier fail, `404` is not there, and all others succeed."""
    id_ = received.target.rpartition("/")[2]
    if id_ == "404":
        return Reply(404, b"{}")
    return json_reply({"id": id_, "status": "failed" if int(id_) % 2 else "succeeded"})


def test_several_runs_come_in_order_and_once(command: Command, server: Loopback) -> None:
    server.respond = by_id
    refs = [f"dify:{number}" for number in range(30)]
    done = command("get", *refs, "dify:3", "--jsonl")
    assert done.status == 1
    assert [item["id"] for item in done.json_lines] == [str(number) for number in range(30)]
    assert len(server.requests) == 30


def test_an_error_among_several_has_an_item_of_its_own(command: Command, server: Loopback) -> None:
    server.respond = by_id
    done = command("get", "dify:2", "dify:404", "dify:3", "--json")
    assert done.status == 5
    good, error, failed = done.json
    assert (good["status"], failed["status"]) == ("succeeded", "failed")
    assert error["ref"] == "dify:404"
    known = {name: error["error"][name] for name in ("type", "status", "transient")}
    assert known == {"type": "RunNotFound", "status": 404, "transient": False}
    assert done.err.startswith("workflow-runs: dify:404")


def test_several_runs_for_people_are_a_line_each(command: Command, server: Loopback) -> None:
    server.respond = by_id
    done = command("get", "dify:2", "dify:3")
    assert done.out == "✔ dify:2: succeeded\n✖ dify:3: failed\n"


def test_references_come_from_files_and_standard_input(command: Command, server: Loopback, tmp_path: Path) -> None:
    server.respond = by_id
    file = tmp_path / "refs.txt"
    file.write_bytes('\ufeffdify:2\r\n\r\n# a comment\n  dify:4  \n{"ref": "dify:6"}\n'.encode())
    lines = b'dify:8\n{"provider": "dify", "run_id": "10"}\n{"ref": {"provider": "dify", "run_id": "12"}}'
    done = command("get", "-", "--refs", str(file), "--jsonl", stdin=lines)
    assert (done.status, done.err) == (0, "")
    assert [item["id"] for item in done.json_lines] == ["2", "4", "6", "8", "10", "12"]


def test_what_jsonl_wrote_can_be_asked_for_again(command: Command, server: Loopback) -> None:
    server.respond = by_id
    first = command("get", "dify:2", "dify:4", "--jsonl")
    assert command("get", "-", "--jsonl", stdin=first.out.encode()).status == 0
    assert len(server.requests) == 4


def test_nothing_is_sent_where_a_line_of_a_file_is_wrong(command: Command, server: Loopback, tmp_path: Path) -> None:
    file = tmp_path / "refs.txt"
    file.write_bytes(b"dify:2\n\xff\x1b[2Jx\n")
    done = command("get", "--refs", str(file))
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"workflow-runs: {file}:2: '\\\\xff\\x1b[2Jx' is not a reference: it should begin with")
    assert server.requests == []


def test_a_wrong_line_of_standard_input_does_not_end_the_others(command: Command, server: Loopback) -> None:
    server.respond = by_id
    done = command("get", "-", "--jsonl", stdin=b"dify:2\nnonsense\ndify:4\n")
    assert done.status == 2
    assert [item.get("id") for item in done.json_lines] == ["2", None, "4"]
    assert done.err == (
        "workflow-runs: 'nonsense' is not a reference: it should begin with a provider's name, like dify:5b1f\n"
    )


def test_no_references_at_all_are_an_empty_list_and_a_wrong_call(
    command: Command, server: Loopback, tmp_path: Path
) -> None:
    done = command("get", "-", "--json", stdin=b"\n# none\n")
    assert (done.status, done.json) == (2, [])
    assert done.err == "workflow-runs: there are no references in standard input\n"
    for arguments in (("wait", "-"), ("watch", "--refs", "-"), ("get", "-")):
        done = command(*arguments)
        assert (done.status, done.out) == (2, "")
        assert done.err == "workflow-runs: there are no references in standard input\n"
    file = tmp_path / "refs.txt"
    file.write_bytes(b"# none yet\n\n")
    for name in ("get", "wait", "watch"):
        done = command(name, "--refs", str(file))
        assert (done.status, done.err) == (2, f"workflow-runs: there are no references in {file}\n")


def test_a_line_without_an_end_is_told_in_a_short_one(command: Command, server: Loopback) -> None:
    for name in ("get", "wait", "watch"):
        done = command(name, "-", stdin=bytes(300_000))
        assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
        assert done.err.endswith("is not a reference: it is longer than 100000 characters\n")
        assert len(done.err) < 2000


def test_out_never_overwrites_what_is_read(command: Command, server: Loopback, tmp_path: Path) -> None:
    refs, link, store = tmp_path / "refs.txt", tmp_path / "link", tmp_path / "q.db"
    refs.write_text("dify:1\n", "utf-8")
    link.symlink_to(refs)
    calls = [
        (("get", "--refs", str(refs), "--out", str(link)), refs),
        (("wait", "--refs", str(refs), "--out", str(refs)), refs),
        (("wait", "dify:1", "--store", str(store), "--out", str(store)), store),
        (("normalize", "dify", str(refs), "--ref", "dify:1", "--out", str(refs)), refs),
    ]
    for arguments, path in calls:
        done = command(*arguments)
        assert (done.status, done.out) == (2, "")
        assert done.err == (
            f"workflow-runs: --out {arguments[-1]} would overwrite {path}, which this command reads;"
            " name another file\n"
        )
    assert (refs.read_text("utf-8"), store.exists(), server.requests) == ("dify:1\n", False, [])


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
def test_out_stays_as_it_was_where_the_run_could_not_be_got(
    command: Command, server: Loopback, tmp_path: Path, options: tuple[str, ...]
) -> None:
    server.reply(404, {})
    out = tmp_path / "run.json"
    assert command("get", "dify:1", "--out", str(out), *options).status == 5
    assert not out.exists()
    out.write_text("before", "utf-8")
    assert command("get", "dify:1", "--out", str(out), *options).status == 5
    assert out.read_text("utf-8") == "before"


@pytest.mark.parametrize("option", ["--json", "--jsonl"])
def test_json_has_nothing_that_a_terminal_acts_on(command: Command, server: Loopback, option: str) -> None:
    text = "\x1b]0;x\x07 \x9b2J \u202e \x7f ü 🎉"
    server.reply(200, {"id": "7", "status": "failed", "error": text, "outputs": {text: text}})
    done = command("get", "dify:7", option)
    assert all(character == "\n" or character.isprintable() for character in done.out)
    assert done.json["outputs"] == {text: text}
    assert "ü 🎉" in done.out


def test_texts_for_people_have_nothing_that_a_terminal_acts_on(command: Command, server: Loopback) -> None:
    text = "\x1b]0;x\x07\n\x9b2J\u202e[red]\ud800"
    server.reply(
        200, b'{"id": "7", "status": "failed", "error": "%s"}' % text.encode("unicode_escape").replace(b"\\x", b"\\u00")
    )
    done = command("get", "dify:7")
    assert done.status == 1
    assert r"  error   \x1b]0;x\x07\n\x9b2J\u202e[red]" in done.out
    assert all(character == "\n" or character.isprintable() for character in done.out)


def test_another_server_has_to_be_allowed(command: Command, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIFY_BASE_URL")
    server.respond = by_id
    ref = f"dify:2?base_url={server.url}"
    refused = command("get", ref)
    assert refused.status == 2
    assert refused.err.endswith("if credentials may go there, allow it: --allow-server dify=URL\n")
    assert server.requests == []
    assert command("get", ref, "--allow-server", f"dify={server.url}").status == 0


def test_a_request_has_a_limit(command: Command, server: Loopback) -> None:
    server.respond = lambda _: Reply(200, b"{}", delay=1.0)
    done = command("get", "dify:7", "--timeout", "50ms")
    assert done.status == 5
    assert "0.05" in done.err


def test_a_line_that_does_not_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "refs.txt").write_bytes(b"dify:1\n" + b"x" * 10_100_000)
    with (tmp_path / "refs.txt").open() as file:
        monkeypatch.setattr("sys.stdin", file)
        lines = _lines_of_stdin()
        assert next(lines) == b"dify:1"
        with pytest.raises(CommandError) as caught:
            next(lines)
    assert str(caught.value) == (
        "standard input has a line of more than 10,000,000 bytes, which is not a reference: write one a line, such as"
        " dify:5b1f"
    )


@pytest.mark.parametrize(
    "refs",
    [
        ("dify:7",),
        ("dify:7", "dify:7"),
        ("dify:7", "dify:8", "anon:1"),
        ("dify:7?base_url=http://127.0.0.1:9",),
        ("",),
        ("get",),
        ("dify",),
        ("nobody:7",),
        ("dify:7", "nobody:7"),
        ("dify:7\n",),
        ("dify:\udc80",),
        ("@refs.txt", "*"),
    ],
)
def test_without_options_it_does_what_it_does_where_options_are_read(
    refs: tuple[str, ...], server: Loopback, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("get", *refs)
    assert is_plain_get(arguments)
    server.respond = lambda request: json_reply({"status": "failed" if "8" in request.target else "running"})
    without_options = plain.get(refs), capsys.readouterr()
    assert without_options == (app.run(arguments), capsys.readouterr())


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("get",),
        ("get", "-"),
        ("get", "dify:7", "--json"),
        ("get", "--help"),
        ("--", "get", "dify:7"),
        ("get", "--", "dify:7"),
        ("wait", "dify:7"),
        ("dify:7",),
    ],
)
def test_all_else_is_read_with_its_options(arguments: tuple[str, ...]) -> None:
    assert not is_plain_get(arguments)
