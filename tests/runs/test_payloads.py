"""The responses in `tests/payloads` become the expected runs or errors: see `payloads.py` for what a folder holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import workflow_client_core as core
import workflow_runs
from workflow_runs import WorkflowRunError, normalize
from workflow_runs._normalize.adapter import load_adapter
from workflow_runs._providers.lookup import find

from generator.document.loading import load
from generator.document.tree import Object
from generator.normalization.usual_words import INFERRED, USUAL
from tests.clients.documented import examples
from tests.clients.providers import ANON, COPYAI, Provider
from tests.generator.expectations import UPDATE
from tests.runs.payloads import CASES, REFUSALS, RUNS, Case, cases_of
from tests.runs.promises import PROBLEMS, REFS, check_promises, present, problems_of

ROOT = Path(__file__).parents[2]
ANSWERS: dict[str, type[Any]] = {name: load_adapter(find(name)).model for name in REFS}
TOO_DEEP = b"[" * 100_000


@pytest.mark.parametrize("case", RUNS, ids=str)
def test_the_payload_becomes_the_run(case: Case) -> None:
    written_run = json.loads(case.run().to_json())
    assert written_run.pop("schema") == "workflow-run/1"
    assert written_run.pop("ref") == json.loads(workflow_runs.RunRef.parse(case.ref).to_json())
    assert written(written_run) == written(case.expected)


@pytest.mark.parametrize("provider", REFS)
def test_runs_keep_what_is_promised_of_all_runs(provider: str) -> None:
    for case in cases_of(provider, RUNS):
        run = case.run()
        check_promises(run, case.payload)
        assert run == case.run(), case


@pytest.mark.parametrize("provider", REFS)
def test_runs_have_the_typed_answer_unless_that_lacks_a_required_value(provider: str) -> None:
    for case in cases_of(provider, RUNS):
        answer = core.decode(case.payload, ANSWERS[provider])
        assert case.run().native == (answer.parsed if answer.complete else None), case


@pytest.mark.parametrize("case", REFUSALS, ids=str)
def test_the_payload_is_refused(case: Case) -> None:
    with pytest.raises(WorkflowRunError) as caught:
        case.run()
    assert {"error": type(caught.value).__name__, "message": str(caught.value)} == case.expected


def written(value: object) -> str:
    """JSON as text that does not depend on the order of names; unlike `==` it tells 1 from 1.0 and from true."""
    return json.dumps(value, sort_keys=True, indent=1)


# What the folders cover


def test_a_case_holds_what_it_should_and_nothing_else() -> None:
    assert not UPDATE, "the expected files were written anew; run this again without UPDATE_CASES"
    assert {case.provider for case in CASES} == set(REFS) == set(workflow_runs.providers())
    for case in CASES:
        names = {file.name for file in case.folder.iterdir()} - {"ref.txt"}
        assert names in ({"payload.json", "expected.json"}, {"payload.bin", "expected.json"})


def test_every_example_that_is_documented_is_a_case() -> None:
    def payloads(provider: Provider) -> list[object]:
        return [json.loads(case.payload) for case in CASES if case.provider == provider.name]

    for provider in (ANON, COPYAI):
        assert [name for name, example in examples(provider).items() if example not in payloads(provider)] == []


@pytest.mark.parametrize("provider", REFS)
def test_every_word_of_a_status_table_is_in_a_case(provider: str) -> None:
    mapping = load(ROOT / "specs" / provider / "normalization.yaml")
    seen = {
        (run["raw_status"], run["status"], run.get("result"), run["status_basis"])
        for run in (case.expected for case in RUNS if case.provider == provider)
        if "raw_status" in run
    }
    steps = {
        (step["raw_status"], step["status"])
        for case in RUNS
        if case.provider == provider
        for step in case.expected.get("steps", ())
        if "raw_status" in step
    }
    tables = [table["status"] for table in mapping.get("lists", {}).values() if "status" in table]
    assert [row for table in tables for row in words(table) if not any(is_row(row[:2], each) for each in steps)] == []
    # What the words of steps mean, if it is the same table, is what those of runs mean.
    missing = {row for row in words(mapping["status"]) if not any(is_row(row, each) for each in seen)}
    assert not missing or mapping["status"] in tables
    assert all(basis == "inferred" for _, _, _, basis in missing)


def is_row(row: tuple[object, ...], run: tuple[object, ...]) -> bool:
    """Whether a run has the word of a row, of which `*` at the end is any one, and what the row says.

    Further words may follow, which the row does not ask for.
    """
    word, seen = str(row[0]), str(run[0])
    is_word = seen.startswith(word[:-1]) if word.endswith("*") else f"{seen}/".startswith(f"{word}/")
    return is_word and row[1:] == run[1:]


def words(table: Object) -> Iterator[tuple[str, str, str | None, str]]:
    """The rows of a status table: (word, status, result, basis)."""
    for basis, rows in (
        ("documented", table.get("words", {})),
        ("beyond_spec", table.get("beyond_spec", {}).get("words", {})),
        ("inferred", table.get("inferred", {}).get("words", {})),
    ):
        for word, meaning in _flat(Object(INFERRED) if rows == USUAL else rows):
            status, _, result = meaning.partition("/")
            yield word, status.lower(), result or None, basis if status != "UNKNOWN" else "unknown"


def _flat(rows: Object, before: str = "") -> Iterator[tuple[str, str]]:
    """The words of a table, and of the tables in it behind their word, as `raw_status` joins them."""
    for word, meaning in rows.items():
        text = before.removesuffix("/") if word == "absent" else before + ("*" if word == "others" else word)
        if isinstance(meaning, str):
            yield text, meaning
        else:
            yield from _flat(meaning, f"{text}/")


@pytest.mark.parametrize("provider", REFS)
def test_every_field_and_every_status_that_a_provider_can_have_is_in_a_case(provider: str) -> None:
    runs = [case.run() for case in RUNS if case.provider == provider]
    can = workflow_runs.capabilities(provider)
    assert set(can.present) - {"observed_at"} == {name for run in runs for name in present(run)}
    assert set(can.statuses) == {run.status for run in runs}


def test_every_kind_of_issue_is_documented_and_in_a_case() -> None:
    # No mapping of ours asks for an object where a provider may send anything else; test_values.py does.
    assert set(PROBLEMS) - {"not an object"} == {problem for case in RUNS for problem in problems_of(case.run())}
    described = workflow_runs.json_schema()["$defs"]["RunIssue"]["properties"]["problem"]["description"]
    assert tuple(described.split("`")[1::2]) == PROBLEMS


# What would be too large for a folder


@pytest.mark.parametrize("provider", REFS)
@pytest.mark.parametrize("around", [b"%s", b'{"undeclared": %s', b'{"status": %s', b'{"data": {"output": %s'])
def test_a_payload_that_is_nested_too_deeply_is_refused(provider: str, around: bytes) -> None:
    with pytest.raises(workflow_runs.NormalizationError, match="it is nested too deeply"):
        normalize(provider, around % TOO_DEEP, ref=REFS[provider])


def test_a_text_of_inputs_that_is_nested_too_deeply_is_an_issue() -> None:
    run = normalize("dify", b'{"status": "running", "inputs": "%s"}' % TOO_DEEP, ref=REFS["dify"])
    assert [(issue.pointer, issue.problem) for issue in run.issues] == [
        ("/inputs", "not JSON: it is nested too deeply")
    ]
    assert run.inputs is None


def test_a_payload_that_is_nested_deeply_is_read() -> None:
    payload = b'{"outputs": %s1%s}' % (b'{"a": ' * 300, b"}" * 300)
    run = normalize("dify", payload, ref=REFS["dify"])
    check_promises(run, payload)
    assert str(run.outputs).count("{") == 300


@pytest.mark.parametrize("digits", [4300, 4301, 100_000])
def test_integers_are_read_up_to_4300_digits(digits: int) -> None:
    number = b"9" * digits
    payload = b'{"data": {"status": "NEW", "credits": "%s"}, "status": "success"}' % number
    run = normalize("copyai", payload, ref=REFS["copyai"])
    check_promises(run, payload)
    assert (run.usage is not None) == (digits == 4300)
    assert problems_of(run) == (set() if run.usage else {"out of range"})
    payload = b'{"status": "running", "total_tokens": %s}' % number
    run = normalize("dify", payload, ref=REFS["dify"])
    check_promises(run, payload)
    assert (run.usage is not None) == (digits == 4300)
    assert problems_of(run) == (set() if run.usage else {"unreadable"})


def test_a_list_of_nothing_but_unreadable_items_takes_no_long_time() -> None:
    payload = b'{"Status": "RUNNING", "Steps": [%s{}]}' % (b"0," * 9_000)
    run = normalize("tamtam", payload, ref=REFS["tamtam"])
    check_promises(run, payload)
    assert [step.status for step in run.steps] == ["unknown"]
    assert 9_000 <= len(run.issues) <= 10_000
    payload = b'{"Status": "RUNNING", "Steps": [%s{}]}' % (b"0," * 200_000)
    with pytest.raises(workflow_runs.NormalizationError, match="more than 10,000 values in it are not as documented"):
        normalize("tamtam", payload, ref=REFS["tamtam"])
