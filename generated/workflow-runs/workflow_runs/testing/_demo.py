"""Made-up runs of all providers, which go different ways: what a newcomer looks at."""

from __future__ import annotations

from collections import Counter

from .._errors import ClientNotInstalled
from .._form.models import RunStatus
from .._normalize.adapter import load_adapter
from .._providers.lookup import find, providers
from .._providers.provider import RUN_ID
from .._refs.ref import RunRef
from ._answers import Answer, error
from ._fake import BaseFakeProvider
from ._samples import has_sample

_SELDOM = 2.0
"""From how many seconds between two polls on a provider is asked seldom."""
Way = tuple[tuple[float, RunStatus | Answer], ...]
_PENDING, _RUNNING, _UNKNOWN = RunStatus.PENDING, RunStatus.RUNNING, RunStatus.UNKNOWN
_WAYS: dict[str, Way] = {
    "asks": ((0, _RUNNING), (4, RunStatus.WAITING_FOR_INPUT)),
    "stops": ((0, _RUNNING), (2, _UNKNOWN), (4, _RUNNING), (6, RunStatus.CANCELLED)),
    "stumbles": ((0, _PENDING), (1, _RUNNING), (4, error(503)), (7, _RUNNING), (9, RunStatus.SUCCEEDED)),
    "fails": ((0, _RUNNING), (7, RunStatus.FAILED)),
    "works": ((0, _RUNNING), (5, RunStatus.SUCCEEDED)),
}
"""What runs do, by name: at which second they have which status; those first that fewer providers know."""


def installed_providers() -> tuple[str, ...]:
    """The names of the providers whose clients are installed, and of which there is a sample."""
    return tuple(name for name in providers() if has_sample(name) and _is_installed(name))


def _is_installed(name: str) -> bool:
    try:
        load_adapter(find(name))
    except ClientNotInstalled:
        return False
    return True


def add_demo_runs(fake: BaseFakeProvider, pace: float = 1.0) -> tuple[str, ...]:
    """Add a run of each provider to a fake, each of which goes another way; returns their references.

    Args:
        pace: how many seconds pass while one of the demonstration does.
    """
    refs = list[str]()
    times = Counter[str]()
    for name, sample in fake.samples.items():
        known = {words.status for words in sample.statuses}
        fitting = [way for way in _WAYS if {s for _, s in _WAYS[way] if isinstance(s, RunStatus)} <= known]
        if find(name).polling.initial > _SELDOM:
            fitting.reverse()  # of those that are asked seldom not much would be seen
        way = min(fitting or ["works"], key=times.__getitem__)
        times[way] += 1
        parts = {part: "1" if part in sample.integers else "demo" for part in find(name).ref.path}
        number = parts.pop(RUN_ID)
        ref = RunRef(name, number if RUN_ID in sample.integers else f"run-that-{way}", parts)
        fake.add(ref, *(_at(moment * pace, step) for moment, step in _WAYS[way]))
        refs.append(str(ref))
    return tuple(refs)


def _at(moment: float, step: RunStatus | Answer) -> Answer:
    return error(step.status, at=moment) if isinstance(step, Answer) else Answer(step, at=moment)
