"""`make torture` notices faults, and shows the smallest inputs that have them."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from tests.torture import trial, workers
from tests.torture.__main__ import app
from tests.torture.faulty import leak
from tests.torture.report import markdown
from tests.torture.run import DEFAULT, TEST, modules, run, written
from tests.torture.shrink import smallest
from tests.torture.subject import Broken, Case, Counts, Subject
from tests.torture.trial import tried


def subject(attack: object) -> Subject:
    return Subject("test", "It holds.", Random.random, attack, Counts(1, 1, 1), 1)  # type: ignore[arg-type]


def test_a_broken_promise_is_shown_by_its_smallest_case(tmp_path: Path) -> None:
    (result,) = run({"leak": "tests.torture.faulty.leak"}, TEST, seed=1, jobs=1)
    assert list(result.failures) == ["x is shown"]
    assert result.cases == 20
    assert result.outcomes["failed"] == len(result.failures["x is shown"])
    (path,) = written([result], tmp_path)
    assert json.loads(path.read_text()) == {"texts": ["x"]}
    text = path.with_suffix(".txt").read_text()
    assert text.startswith("A text does not hold the letter x.\n")
    assert "Broken: x is shown: ['x']" in text
    page = markdown([result], "Title", [])
    assert "| leak | 20 | 20 |" in page
    assert f"- `leak`, {len(result.failures['x is shown'])} cases: x is shown" in page


def test_a_process_that_dies_is_replaced() -> None:
    (result,) = run({"death": "tests.torture.faulty.death"}, DEFAULT, seed=1, jobs=2)
    assert result.cases == 10
    ((kind, (failed,)),) = result.failures.items()
    assert kind == "the process died (-9)"
    assert failed.index == 3


def test_a_case_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "WALL_SECONDS", 0.0)
    (result,) = run({"sleep": "tests.torture.faulty.sleep"}, TEST, seed=1, jobs=1)
    assert set(result.failures) == {"no end after 0 s"}


def test_a_seed_draws_the_same_case_at_any_time() -> None:
    assert leak.SUBJECT.case(1, 7) == leak.SUBJECT.case(1, 7) != leak.SUBJECT.case(2, 7)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"a": [1, {"b": "seven x"}], "c": None}, "x"),
        (["x"] * 100, "x"),
        ("y" * 300 + "x", "x"),
        ({"x": 1}, {"x": 0}),
    ],
)
def test_a_case_becomes_as_small_as_it_can(case: Case, expected: Case) -> None:
    assert json.dumps(expected) in json.dumps(smallest(case, lambda case: "x" in json.dumps(case)))
    assert len(json.dumps(smallest(case, lambda case: "x" in json.dumps(case)))) <= len('{"a": [{"b": "x"}]}')


def test_any_exception_is_a_failure(tmp_path: Path) -> None:
    def attack(case: Case, folder: Path) -> str:
        raise KeyError("bare")

    failure = tried(subject(attack), 1, tmp_path).failure
    assert failure is not None
    assert failure.kind == "KeyError in tests/torture/test_torture.py, attack"


def test_a_case_has_a_limit_of_processor_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def attack(case: Case, folder: Path) -> str:
        while True:
            try:
                sum(range(10_000))
            except Exception:
                return "swallowed"

    monkeypatch.setattr(trial, "CPU_SECONDS", 0.05)
    failure = tried(subject(attack), 1, tmp_path).failure
    assert failure is not None
    assert failure.kind == "TooSlow in tests/torture/test_torture.py, attack"


def test_a_case_has_a_limit_of_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "MEMORY_MB", 1)
    failure = tried(subject(lambda case, folder: "read"), 1, tmp_path).failure
    assert failure is not None
    assert failure.kind == "too much memory"


def test_kinds_of_faults_do_not_depend_on_their_details() -> None:
    assert Broken("leak", 1).what == Broken("leak", 2).what
    assert str(Broken("leak", 1)) == "leak: 1"


def test_each_subject_is_named_like_its_module() -> None:
    from tests.torture.workers import subject_of

    for name, module in modules().items():
        assert subject_of(module).name == name


def test_a_subject_that_does_not_exist_is_a_wrong_call() -> None:
    run = CliRunner().invoke(app, ["--only", "nothing"])
    assert run.exit_code == 2
    assert "nothing: the subjects are " in run.output


def test_one_case_is_carried_out_again_from_the_file_that_a_run_wrote(tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{"package": "no-package", "environment": {}, "umask": 0, "modified": 1}')
    run = CliRunner().invoke(app, ["--only", "wheels", "--file", str(tmp_path / "case.json")])
    assert run.exit_code == 1
    assert '"package": "no-package"' in run.output
    assert "FileNotFoundError" in run.output
