"""Each part's work, in its smallest form: nothing here looks at how long anything takes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks import peers
from tests.benchmarks.comparison import Comparison, Unmeasured
from tests.benchmarks.documents.large import document
from tests.benchmarks.documents.payloads import ANSWERS
from tests.benchmarks.parts import call, decode, diff, generate, imports, normalize, scale
from tests.benchmarks.parts.server import running
from tests.benchmarks.peers import LOCKS, PeerError
from tests.benchmarks.processes import OwnError, Program, compared
from tests.benchmarks.rounds import seconds_by_turns

SMALL = [answer for answer in ANSWERS if not answer.large]
PYTHON = sys.executable


def test_candidates_take_turns() -> None:
    turns: list[str] = []
    work = {name: (lambda times, name=name: turns.append(name)) for name in ("a", "b")}
    samples = seconds_by_turns(work, 3)
    first_use, calibration = turns[:2], turns[2:4]
    assert first_use == calibration == ["a", "b"]
    assert turns[4:] == ["a", "b", "b", "a", "a", "b"]
    assert {name: len(values) for name, values in samples.items()} == {"a": 3, "b": 3}


def test_answers_are_decoded_and_normalized() -> None:
    for answer in SMALL:
        for way in decode.ways(answer, None).values():
            way()
    for job in normalize.jobs():
        if not job.large:
            for way in normalize.ways(job, None).values():
                way()


def test_every_provider_is_normalized() -> None:
    assert {job.provider for job in normalize.jobs()} == set(generate.DOCUMENTS)


@pytest.mark.parametrize("way", call.WAYS, ids=lambda way: way.name)
def test_calls_get_their_answer(way: call.Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.benchmarks.rounds.SECONDS", 0)
    with running(call.BODY) as url:
        rows = call.compared(replace(way, at_once=min(way.at_once, 2)), url, rounds=1)
    assert [row.goal for row in rows] == [way.goal, ""][: len(rows)]
    for row in rows:
        assert (row.what, len(row.our_samples), len(row.peer_samples)) == (way.name, 1, 1)


def test_a_program_says_what_its_import_takes() -> None:
    assert imports.seconds_of(imports.importing("json", "import json")) > 0
    failing = imports.importing("garden", "import no_such_garden")
    with pytest.raises(OwnError, match=r"(?s)garden ended with 1: .*No module named 'no_such_garden'"):
        imports.seconds_of(failing)


def test_documents_have_as_many_operations_as_asked_for() -> None:
    assert len(document(7)["paths"]) == 7
    assert document(7) == document(7)
    assert scale.written(7).name == "7.json"


def test_documents_of_diff_are_there(tmp_path: Path) -> None:
    for age in ("old", "new"):
        package = tmp_path / f"github-{age}"
        (package / "generated").mkdir(parents=True)
        (package / "package.json").write_text('{"version": "1"}')
        (package / "generated" / "api.github.com.json").write_text("{}")
    pairs = diff.pairs(tmp_path, tmp_path)
    assert all(pair.old.exists() and pair.new.exists() for pair in pairs)


def test_a_copy_of_the_repository_has_no_outputs(tmp_path: Path) -> None:
    (tmp_path / "generated").mkdir()
    (tmp_path / ".generated.manifest.json").touch()
    generate.remove_outputs(tmp_path)
    assert list(tmp_path.iterdir()) == []


def program(name: str, *codes: str) -> Program:
    commands = {f"work {number}": (PYTHON, "-I", "-S", "-c", code) for number, code in enumerate(codes)}
    return Program(name, commands, cwd=Path(__file__).parent)


def test_whole_processes_are_compared() -> None:
    seconds, megabytes = compared(
        "nothing", program("ours", "pass"), program("peer", "pass"), 2, {"seconds": "g"}, warm=False
    )
    assert isinstance(seconds, Comparison)
    assert isinstance(megabytes, Comparison)
    assert (seconds.quantity, seconds.goal, len(seconds.our_samples)) == ("seconds", "g", 2)
    assert (megabytes.quantity, megabytes.goal, len(megabytes.peer_samples)) == ("megabytes", "", 2)


def test_a_peer_that_fails_is_reported() -> None:
    failing = "import sys; sys.exit('error: no spade')"
    rows = compared("a bed", program("ours", "pass"), program("peer", failing), 2, {}, warm=False)
    assert rows == [Unmeasured("a bed", "peer", "failed: error: no spade")]
    *measured, row = compared("a bed", program("ours", "pass"), program("peer", failing, "pass"), 1, {}, warm=False)
    assert row == Unmeasured("a bed: work 0", "peer", "failed: error: no spade")
    assert len(measured) == 2


def test_a_failure_of_ours_is_an_error() -> None:
    with pytest.raises(OwnError, match="ours: a bed: ValueError: no bed"):
        compared("a bed", program("ours", "raise ValueError('no bed')"), program("peer", "pass"), 1, {}, warm=False)


def test_pins_are_read() -> None:
    assert peers.pins("openapi-python-client")["openapi-python-client"] == "0.29.1"
    for file in LOCKS.glob("*.in"):
        assert peers.pins(file.stem)[file.stem]


def test_versions_of_tools_are_read() -> None:
    assert peers.tool_version("such-a-tool") == "none"
    assert peers.tool_version("@redocly/cli").count(".") == 2
    assert peers.tool_version("git").count(".") >= 1


def test_a_peer_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(peers.NEWEST, raising=False)
    monkeypatch.setattr(sys, "version_info", (3, 11))
    with pytest.raises(PeerError, match=r"needs Python 3\.12 or newer, which NEWEST="):
        peers.environment("httpxgen")
    with pytest.raises(PeerError, match="there is no such-a-tool here"):
        peers.tool("such-a-tool")
