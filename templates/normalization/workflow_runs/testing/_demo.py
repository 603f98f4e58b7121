"""Made-up runs of all providers, which go different ways: what a newcomer looks at."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from .._errors import ClientNotInstalled
from .._form.models import RunStatus
from .._normalize.adapter import load_adapter
from .._providers.lookup import find, providers
from .._refs.ref import RunRef
from .._text import escaped
from ._answers import Answer, error
from ._fake import BaseFakeProvider
from ._samples import has_sample, payload, sample_of

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

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_EPOCH_SECONDS = range(1_000_000_000, 4_000_000_000)
_PLACEHOLDERS = {"<string>": "example", "string": "example"}


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
    waiting = list(_WAYS)
    for name, sample in fake.samples.items():
        known = {words.status for words in sample.statuses}
        fitting = [way for way in waiting or _WAYS if {s for _, s in _WAYS[way] if isinstance(s, RunStatus)} <= known]
        # Of those that are asked seldom not much would be seen.
        way = (fitting or ["works"])[-1 if find(name).polling.initial > _SELDOM else 0]
        if way in waiting:
            waiting.remove(way)
        parts = {part: "demo" for part in find(name).ref.path if part != "run_id"}
        ref = RunRef(name, f"run-that-{way}", parts)
        fake.add(ref, *(_at(moment * pace, step, ref, fake.clock.utc()) for moment, step in _WAYS[way]))
        refs.append(str(ref))
    return tuple(refs)


def _at(moment: float, step: RunStatus | Answer, ref: RunRef, began: datetime) -> Answer:
    if isinstance(step, Answer):
        return error(step.status, at=moment)
    ends = {item.at for item in sample_of(ref.provider).only_for}
    return Answer(_current(payload(ref, step), "", began, began + timedelta(seconds=moment), ends), at=moment)


def _current(value: Any, pointer: str, began: datetime, now: datetime, ends: Collection[str]) -> Any:
    """A value of an answer with the times of this run in place of those of the sample, and words for placeholders.

    Args:
        ends: the pointers of what is there for some statuses alone, such as when a run has ended.
    """
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {key: _current(item, f"{pointer}/{escaped(key)}", began, now, ends) for key, item in members.items()}
    if isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        return [_current(item, f"{pointer}/{index}", began, now, ends) for index, item in enumerate(items)]
    time = now if pointer in ends else began
    if isinstance(value, str):
        return f"{time:%Y-%m-%dT%H:%M:%SZ}" if _TIME.match(value) else _PLACEHOLDERS.get(value, value)
    is_epoch = isinstance(value, int) and value in _EPOCH_SECONDS
    return int(time.timestamp()) if is_epoch else value
