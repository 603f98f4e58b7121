"""Whatever is saved, delivered and forgotten, and whenever a store is opened anew or its files are copied in the midst
of it: it holds what a dict would."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from workflow_runs import PollState, RunChange, RunRef, RunStatus, Store, StoredRun, WorkflowRun
from workflow_runs._polling.state import ChangeKind, Progress

from tests.runs.made_runs import TIMES, runs
from tests.runs.stores.stored import REF

REFS = st.sampled_from(
    [RunRef("dify", "5b1f"), RunRef("juo", "ü/?&", {"tenant": "a b"}), RunRef("dify", "5b1f", account="x")]
)
RUNS = st.shared(st.lists(runs(), min_size=3, max_size=3), key="runs").flatmap(st.sampled_from)
"""Some of three, as drawing a run takes long."""
STATES = st.builds(
    PollState,
    polls=st.integers(0, 2**40),
    errors=st.integers(0, 9),
    waited=st.floats(0, 1e9),
    progress=st.none() | RUNS.map(Progress.of),
    ended=st.booleans(),
)
KINDS: st.SearchStrategy[tuple[ChangeKind, ...]] = st.sampled_from(
    [(), ("status",), ("steps", "status", "revision", "current_step")]
)


@st.composite
def changes_of(draw: st.DrawFn, ref: RunRef, run: WorkflowRun | None) -> RunChange:
    return RunChange(
        ref=ref,
        run=draw(st.just(run) | RUNS),
        before=draw(st.none() | st.sampled_from([*RunStatus, RunStatus("later_word")])),
        kinds=draw(KINDS),
        error=draw(st.none() | st.builds(ValueError)),
        is_last=draw(st.booleans()),
    )


class Stores(RuleBasedStateMachine):
    """A store beside a dict of what it should hold."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "0" / "runs.db"
        self.path.parent.mkdir()
        self.store = Store(self.path)
        self.runs: dict[RunRef, StoredRun] = {}
        self.changes: dict[RunRef, list[tuple[int, RunChange]]] = {}
        self.last = 0

    @rule(data=st.data(), ref=REFS, state=STATES, run=st.none() | RUNS, next_poll=st.none() | TIMES)
    def save(
        self, data: Any, ref: RunRef, state: PollState, run: WorkflowRun | None, next_poll: datetime | None
    ) -> None:
        changes = data.draw(st.lists(changes_of(ref, run), max_size=3))
        numbers = self.store.save(ref, state, run, next_poll, changes)
        before = self.runs.get(ref)
        self.runs[ref] = StoredRun(state, run or (before.run if before else None), next_poll)
        for number, change in zip(numbers, changes, strict=True):
            assert (number is None) == (change.error is not None)
            if number is not None:
                assert number > self.last
                self.last = number
                self.changes.setdefault(ref, []).append((number, change))

    @rule(ref=REFS, index=st.integers(0, 3))
    def delivered(self, ref: RunRef, index: int) -> None:
        changes = self.changes.get(ref, [])
        if index < len(changes):
            self.store.delivered(changes[index][0])
            del changes[: index + 1]

    @rule(number=st.integers(-(2**63), 0) | st.integers(2**62, 2**63 - 1))
    def delivered_nothing(self, number: int) -> None:
        self.store.delivered(number)

    @rule(ref=REFS)
    def forget(self, ref: RunRef) -> None:
        self.store.forget(str(ref))
        self.runs.pop(ref, None)
        self.changes.pop(ref, None)

    @rule(time=st.sampled_from([datetime.min, datetime.max]))
    def forget_before(self, time: datetime) -> None:
        at_rest = [ref for ref, run in self.runs.items() if run.next_poll is None and not self.changes.get(ref)]
        forgotten = at_rest if time == datetime.max else []
        assert self.store.forget_before(time.replace(tzinfo=UTC)) == len(forgotten)
        for ref in forgotten:
            del self.runs[ref]

    @rule()
    def open_again(self) -> None:
        self.store.close()
        self.store = Store(self.path)

    @rule()
    def be_killed(self) -> None:
        """What the files hold, while the store is open, is all that a kill leaves."""
        left = self.path.parent.with_name(str(int(self.path.parent.name) + 1))
        shutil.copytree(self.path.parent, left, ignore=shutil.ignore_patterns("*-shm"))
        self.store.close()
        self.path = left / "runs.db"
        self.store = Store(self.path)

    @invariant()
    def it_holds_what_the_dict_does(self) -> None:
        assert sorted(self.store.refs()) == sorted(map(str, self.runs))
        for ref in (*self.runs, RunRef.parse(REF)):
            assert self.store.load(ref) == self.runs.get(ref)
            assert self.store.undelivered(ref) == self.changes.get(ref, [])

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


TestStores = Stores.TestCase
TestStores.settings = settings(max_examples=10, stateful_step_count=15)
