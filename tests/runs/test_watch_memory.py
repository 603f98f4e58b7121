"""What is kept of a run that is watched is small, however large the run is."""

from __future__ import annotations

import gc
import tracemalloc

from workflow_runs import PollPolicy, RunStatus, WorkflowRun, normalize
from workflow_runs._watching.terms import watch_terms
from workflow_runs._watching.watch import Watch

RUNS = 1000
HOST = ("dify", "https", "dify.example", 443)


def test_memory_is_bounded_by_the_number_of_runs_and_not_by_their_size() -> None:
    terms = watch_terms("1h", {RunStatus.SUCCEEDED}, PollPolicy(initial=600, maximum=600), 8, None, None)
    refs = [f"dify:{index:036}" for index in range(RUNS)]
    body = b'{"status": "running", "outputs": {"text": "%s"}}' % (b"x" * 10_000)
    runs_before = runs_alive()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        watch = Watch(terms, refs, has_more=False)
        while watch.is_reading:
            watch.read()
        while request := watch.start():
            assert watch.may_send(request, HOST)
            watch.answered(request, normalize("dify", body, ref=request.ref))
            watch.deliveries.clear()
        runs_after = runs_alive()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not watch.is_done
    assert (after - before) / RUNS < 1000  # bytes; measured: 660
    assert runs_after == runs_before


def runs_alive() -> int:
    gc.collect()
    return sum(isinstance(thing, WorkflowRun) for thing in gc.get_objects())
