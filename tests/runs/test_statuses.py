"""Status tables: from one or two status words of a provider to a status, a result and its basis."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from workflow_client_core import OpenIntEnum, OpenStrEnum
from workflow_runs import TERMINAL, Notes, RunResult, RunStatus, StatusBasis, Statuses
from workflow_runs._reading.statuses import Meaning

RUNNING: Meaning = (RunStatus.RUNNING, None)
SUCCEEDED: Meaning = (RunStatus.SUCCEEDED, RunResult.SUCCESS)
PARTIAL: Meaning = (RunStatus.SUCCEEDED, RunResult.PARTIAL)
FAILED: Meaning = (RunStatus.FAILED, RunResult.FAILURE)
CANCELLED: Meaning = (RunStatus.CANCELLED, RunResult.CANCELLATION)
UNKNOWN: Meaning = (RunStatus.UNKNOWN, None)


class Word(OpenStrEnum):
    NEW = "new"
    NO = "NO"


class Code(OpenIntEnum):
    DONE = 3


ONE = Statuses(documented={Word.NEW: RUNNING, "done": SUCCEEDED, "3": CANCELLED}, beyond_spec={"partly": PARTIAL})
INFERRED = Statuses(
    documented={"RUNNING": RUNNING}, inferred={"Failed": FAILED, "running": CANCELLED, "in_progress-now": RUNNING}
)
TWO = Statuses(
    documented={
        "queued": RUNNING,
        ("completed", "success"): SUCCEEDED,
        ("completed", "failure"): FAILED,
        "action": RUNNING,
        ("action", "skipped"): CANCELLED,
    },
    beyond_spec={("completed", "stale"): CANCELLED},
)
NUMBERS = Statuses(documented={3: CANCELLED, Code.DONE: CANCELLED, ("4", 5): SUCCEEDED, 4: RUNNING})
TWO_INFERRED = Statuses(documented={("Completed", "Success"): SUCCEEDED, "Completed": FAILED}, inferred={"x": RUNNING})

POINTERS = ("/state", "/outcome")
DOCUMENTED, BEYOND, GUESSED = StatusBasis.DOCUMENTED, StatusBasis.BEYOND_SPEC, StatusBasis.INFERRED
NOTHING = StatusBasis.UNKNOWN


@pytest.mark.parametrize(
    ("table", "words", "meaning", "raw_status", "basis"),
    [
        (ONE, (Word.NEW,), RUNNING, "new", DOCUMENTED),
        (ONE, (Word("new"),), RUNNING, "new", DOCUMENTED),
        (ONE, ("new",), RUNNING, "new", DOCUMENTED),
        (ONE, ("done",), SUCCEEDED, "done", DOCUMENTED),
        (ONE, ("partly",), PARTIAL, "partly", BEYOND),
        (ONE, (Code.DONE,), CANCELLED, "3", DOCUMENTED),
        (ONE, (3,), CANCELLED, "3", DOCUMENTED),
        (ONE, (Word("paused"),), UNKNOWN, "paused", NOTHING),
        (ONE, (Word.NO,), UNKNOWN, "NO", NOTHING),
        (ONE, ("DONE",), UNKNOWN, "DONE", NOTHING),
        (ONE, ("done ",), UNKNOWN, "done ", NOTHING),
        (ONE, ("",), UNKNOWN, "", NOTHING),
        (ONE, (None,), UNKNOWN, None, NOTHING),
        (ONE, (UNSET,), UNKNOWN, None, NOTHING),
        (ONE, (Code(4),), UNKNOWN, "4", NOTHING),
        (INFERRED, ("RUNNING",), RUNNING, "RUNNING", DOCUMENTED),
        (INFERRED, ("Running",), RUNNING, "Running", GUESSED),
        (INFERRED, ("running",), CANCELLED, "running", GUESSED),
        (INFERRED, ("FAILED",), FAILED, "FAILED", GUESSED),
        (INFERRED, ("Failed",), FAILED, "Failed", GUESSED),
        (INFERRED, ("Fail",), UNKNOWN, "Fail", NOTHING),
        (INFERRED, ("In Progress_NOW",), RUNNING, "In Progress_NOW", GUESSED),
        (INFERRED, ("in-progress now",), RUNNING, "in-progress now", GUESSED),
        (INFERRED, ("inprogress-now",), UNKNOWN, "inprogress-now", NOTHING),
        (INFERRED, ("in  progress now",), UNKNOWN, "in  progress now", NOTHING),
        (ONE, ("NEW-",), UNKNOWN, "NEW-", NOTHING),
        (INFERRED, (UNSET,), UNKNOWN, None, NOTHING),
        (TWO, ("queued", None), RUNNING, "queued", DOCUMENTED),
        (TWO, ("queued", "whatever"), RUNNING, "queued/whatever", DOCUMENTED),
        (TWO, ("completed", "success"), SUCCEEDED, "completed/success", DOCUMENTED),
        (TWO, ("completed", "stale"), CANCELLED, "completed/stale", BEYOND),
        (TWO, ("completed", "neutral"), UNKNOWN, "completed/neutral", NOTHING),
        (TWO, ("completed", UNSET), UNKNOWN, "completed", NOTHING),
        (TWO, ("action", "skipped"), CANCELLED, "action/skipped", DOCUMENTED),
        (TWO, ("action", "other"), RUNNING, "action/other", DOCUMENTED),
        (TWO, (None, "success"), UNKNOWN, "success", NOTHING),
        (TWO, (UNSET, None), UNKNOWN, None, NOTHING),
        (TWO_INFERRED, ("completed", "SUCCESS"), SUCCEEDED, "completed/SUCCESS", GUESSED),
        (TWO_INFERRED, ("COMPLETED", "other"), FAILED, "COMPLETED/other", GUESSED),
        (TWO_INFERRED, ("Completed", "success"), FAILED, "Completed/success", DOCUMENTED),
    ],
)
def test_words(
    table: Statuses, words: tuple[Any, ...], meaning: Meaning, raw_status: str | None, basis: StatusBasis
) -> None:
    notes = Notes()
    state = table.read(POINTERS, notes, *words)
    assert (state.status, state.result) == meaning
    assert bool(notes.issues) == (meaning == UNKNOWN and raw_status is not None)
    assert (state.raw_status, state.basis) == (raw_status, basis)
    assert type(state.raw_status) in (str, type(None))


@pytest.mark.parametrize(
    ("table", "words", "pointer"),
    [
        (ONE, ("paused",), "/state"),
        (INFERRED, ("",), "/state"),
        (TWO, ("paused", "success"), "/state"),
        (TWO, ("completed", "neutral"), "/outcome"),
        (TWO, ("completed", None), "/state"),
        (TWO, (None, "success"), "/outcome"),
        (TWO_INFERRED, ("paused", "success"), "/state"),
    ],
)
def test_an_unknown_word_is_an_issue_where_it_is(table: Statuses, words: tuple[Any, ...], pointer: str) -> None:
    notes = Notes()
    table.read(POINTERS, notes, *words)
    assert [(issue.pointer, issue.problem) for issue in notes.issues] == [
        (pointer, "unknown word: no status is known for it; it stands in raw_status")
    ]


WORDS = st.none() | st.just(UNSET) | st.text() | st.integers() | st.builds(Word, st.text())


TABLES = [ONE, INFERRED, TWO, TWO_INFERRED, NUMBERS]


@given(st.sampled_from(TABLES), st.lists(WORDS, min_size=1, max_size=2))
def test_no_words_raise_and_none_is_lost(table: Statuses, words: list[Any]) -> None:
    state = table.read(POINTERS, Notes(), *words)
    assert (state.result is not None) == (state.status in TERMINAL)
    assert (state.status is RunStatus.UNKNOWN) == (state.basis is NOTHING)
    there = [str(word) for word in words if word is not None and word is not UNSET]
    assert state.raw_status == ("/".join(there) if there else None)


KNOWN = st.sampled_from(["new", "done", "3", 3, "4", 4, 5, "queued", "completed", "success", "action", "skipped"])


@given(st.sampled_from(TABLES), st.lists(WORDS | KNOWN, min_size=1, max_size=2))
def test_words_that_are_known_mean_what_reading_them_gives(table: Statuses, words: list[Any]) -> None:
    assert table.known(tuple(words)) in (None, table.read(POINTERS, Notes(), *words))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (ONE, (Word.NEW,)),
        (ONE, ("partly",)),
        (TWO, ("queued", UNSET)),
        (TWO, ("queued", None)),
        (TWO, ("completed", "stale")),
        (NUMBERS, (3, None)),
        (NUMBERS, (Code.DONE, UNSET)),
        (NUMBERS, ("4", 5)),
    ],
)
def test_words_as_a_table_has_them_are_known(table: Statuses, words: tuple[Any, ...]) -> None:
    assert table.known(words) is not None
