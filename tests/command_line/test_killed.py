"""A command that was killed, and the one that goes on from its store."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from tests.command_line.processes import faked, started


def test_a_killed_watch_is_resumed_from_its_store(tmp_path: Path) -> None:
    store = str(tmp_path / "runs.db")
    runs = ('fake.add("dify:1", "running")', 'fake.add("dify:2", "succeeded")')
    watch = started(
        faked(*runs, passes=False), "watch", "dify:1", "dify:2", "--store", store, "--jsonl", "--timeout", "2h"
    )
    assert watch.stdout is not None
    before = [json.loads(watch.stdout.readline()) for _ in range(2)]
    assert sorted(change["ref"] for change in before) == ["dify:1", "dify:2"]
    watch.send_signal(signal.SIGKILL)
    watch.communicate(timeout=60)
    # Now the fake has no run dify:2, so asking for it would be an error.
    again = started(faked('fake.add("dify:1", "succeeded")'), "watch", "--store", store, "--jsonl", "--timeout", "2h")
    out, err = again.communicate(timeout=60)
    changes = [json.loads(line) for line in out.splitlines()]
    assert (again.returncode, err) == (0, b"")
    assert [(changes[-1][name]) for name in ("ref", "before", "is_last")] == ["dify:1", "running", True]
    # The change that was told last may be told again.
    assert changes[:-1] in ([], [before[-1]])
