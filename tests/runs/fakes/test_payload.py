"""`payload`: an answer of each provider for each of its words, judged by the vendored description."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from openapi_core.testing import MockResponse
from workflow_client_core import decode
from workflow_runs import RunRef, RunStatus, StatusBasis, normalize
from workflow_runs._normalize.adapter import load_adapter
from workflow_runs._providers.lookup import find
from workflow_runs.testing import payload
from workflow_runs.testing._samples import StatusWords, sample_of

from tests.clients.providers import ENGINES, EVERY, RUN_ID, Provider
from tests.clients.test_judged_by_openapi_core import judge, judged
from tests.loopback import Received
from tests.runs import promises

REFS = {name: ref.replace("run-of-the-reference", RUN_ID) for name, ref in promises.REFS.items()}
HEADERS = (
    *("authorization", "x-copy-ai-api-key", "x-delegated-token", "x-tenant-id"),
    *(engine.credential[0] for engine in ENGINES),
)
WORDS = [
    pytest.param(provider, words, id=f"{provider.name}-{words.text or 'a word that nobody knows'}")
    for provider in EVERY
    for words in {words.words: words for words in reversed(sample_of(provider.name).statuses)}.values()
]


@pytest.mark.parametrize(("provider", "words"), WORDS)
def test_an_answer_for_each_word_is_as_described_and_means_what_the_mapping_says(
    provider: Provider, words: StatusWords
) -> None:
    ref = REFS[provider.name]
    unheard_of = {} if words.text else {pointer: value for pointer, values in words.changes.items() for value in values}
    answer = payload(ref, words.text or RunStatus.UNKNOWN, unheard_of)
    body = json.dumps(answer).encode()
    run = normalize(provider.name, body, ref=ref)
    assert decode(body, load_adapter(find(provider.name)).model).issues == ()
    basis = StatusBasis.UNKNOWN if words.status is RunStatus.UNKNOWN else words.basis
    assert (run.status, run.result, run.status_basis) == (words.status, words.result, basis)
    given = [value for values in words.changes.values() for value in values if value is not None]
    shown = ["present" if isinstance(value, dict) else str(value) for value in given]
    assert run.raw_status == "/".join(shown)
    assert run.id == RunRef.parse(ref).run_id
    if words.basis != "documented":  # the description knows no such word
        changes = sample_of(provider.name).statuses[0].changes
        known = {pointer: value for pointer, values in changes.items() for value in values}
        answer = payload(ref, words.text or RunStatus.UNKNOWN, unheard_of | known)
    received = Received("GET", provider.target(), dict.fromkeys(HEADERS, "Bearer any"), b"")
    response = MockResponse(json.dumps(answer).encode(), content_type="application/json")
    judge(provider).validate_response(judged(provider, received), response)


@pytest.mark.parametrize("provider", EVERY, ids=lambda provider: provider.name)
def test_a_status_is_written_in_the_words_of_the_documentation_first(provider: Provider) -> None:
    sample = sample_of(provider.name)
    for status in {words.status for words in sample.statuses}:
        run = normalize(provider.name, payload(REFS[provider.name], status), ref=REFS[provider.name])
        bases = [words.basis for words in sample.statuses if words.status == status]
        assert run.status is status
        if status is not RunStatus.UNKNOWN:
            assert run.status_basis == bases[0]
            assert (StatusBasis.DOCUMENTED in bases) == (run.status_basis is StatusBasis.DOCUMENTED)


def test_an_answer_has_what_its_status_calls_for_alone() -> None:
    assert {"error", "pendingInteraction", "result", "outcome"} & payload("juo:1", "running").keys() == set()
    assert {"error", "pendingInteraction", "result"} & payload("juo:1", "failed").keys() == {"error"}
    assert "pendingInteraction" in payload("juo:1", "waiting_interaction")
    assert payload("dify:1", "running")["finished_at"] is None
    assert payload("dify:1", "stopped")["finished_at"] is not None


def test_the_status_can_be_given_as_the_word_or_as_the_status_or_its_text() -> None:
    by_word = payload("anon:1", "AWAITING_USER_INPUT")
    assert by_word == payload("anon:1", RunStatus.WAITING_FOR_INPUT) == payload("anon:1", "waiting_for_input")


@pytest.mark.parametrize("ref", REFS.values())
def test_without_a_status_the_run_has_succeeded(ref: str) -> None:
    assert normalize(ref.partition(":")[0], payload(ref), ref=ref).status is RunStatus.SUCCEEDED


def test_properties_and_pointers_change_the_answer() -> None:
    answer = payload("copyai:a/b", "COMPLETE", {"/status": "odd", "/data/metadata/api": False}, output={"text": "Hi"})
    assert answer["status"] == "odd"
    assert answer["data"]["metadata"] == {"api": False}
    assert answer["data"]["output"] == {"text": "Hi"}
    assert (answer["data"]["workflowId"], answer["data"]["id"]) == ("a", "b")
    steps = payload("tamtam:1", "RUNNING", {"/Steps/0/Status": "DONE", "/Steps/0/Output": UNSET})["Steps"]
    assert (steps[0]["Status"], "Output" in steps[0]) == ("DONE", False)
    assert payload("tamtam:1", "RUNNING", {"/Steps/0": UNSET})["Steps"] == []


@given(st.from_regex(r"[A-Za-z0-9._~%/ -]{1,40}", fullmatch=True).filter(lambda text: text not in (".", "..")))
def test_the_answer_is_of_the_run_whatever_it_is_called(run_id: str) -> None:
    for name, ref in REFS.items():
        of_run = RunRef(name, run_id, RunRef.parse(ref).parts)
        is_number = any(item.integer for item in sample_of(name).identifiers if item.part == "run_id")
        if is_number and not run_id.isdecimal():
            with pytest.raises(ValueError, match="is a number, not"):
                payload(of_run, RunStatus.RUNNING)
            continue
        run = normalize(name, payload(of_run, RunStatus.RUNNING), ref=of_run)
        assert (run.id, run.issues) == (str(int(run_id)) if is_number else run_id, ())


def test_answers_share_nothing() -> None:
    payload("copyai:a/b")["data"]["output"]["changed"] = True
    assert "changed" not in payload("copyai:a/b")["data"]["output"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("dify:1", "succeded"),
            "dify has no status word 'succeded': did you mean succeeded?;"
            " for a word that nobody knows, write RunStatus.UNKNOWN",
        ),
        (
            ("copyai:a/b", "halted"),
            "copyai has no status word 'halted': there are: NEW, WAITING, PROCESSING, RETRYING, COMPLETE, FAILED;"
            " for a word that nobody knows, write RunStatus.UNKNOWN",
        ),
        (
            ("copyai:a/b", RunStatus.SUSPENDED),
            "no word of copyai means SUSPENDED; its runs are PENDING, RUNNING, SUCCEEDED, FAILED, UNKNOWN",
        ),
        (("dify:1", None, {"outputs": 1}), "nothing is at 'outputs' of an answer of dify"),
        (("dify:1", None, {"/status/word": 1}), "nothing is at '/status/word' of an answer of dify"),
        (("tamtam:1", None, {"/Steps/2/ID": "x"}), "nothing is at '/Steps/2/ID' of an answer of tamtam"),
    ],
)
def test_what_cannot_be_written_is_refused(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        payload(*arguments)  # type: ignore[arg-type]
