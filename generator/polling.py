"""How often a provider is asked for a run that somebody waits for: `polling` in `provider.yaml`, checked."""

from __future__ import annotations

import math
import re
from dataclasses import field, fields
from typing import Any

from .document.field_reader import FieldReader
from .document.problems import Source
from .document.tree import Object
from .interpreter.fast_dataclasses import dataclass

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|[smhd])")
_LONGEST = 366 * 86400.0
"""In seconds."""
_COUNTS = {"max_consecutive_errors": 0, "unknown_polls": 1}
"""The fields that are whole numbers, and the least that each can be."""
_FACTORS = {"factor": (1.0, 1000.0), "jitter": (0.0, 1.0)}
"""The fields that are numbers without a unit, and what each can be."""
_POSITIVE = ("initial", "maximum")
"""The durations that cannot be nothing."""


@dataclass(frozen=True, slots=True)
class Polling:
    """The fields, their defaults and what they can be are those of `PollPolicy` in `workflow-runs`; in seconds."""

    initial: float = 1.0
    factor: float = 1.6
    maximum: float = 30.0
    jitter: float = 0.2
    max_consecutive_errors: int = 10
    max_server_delay: float = 600.0
    unknown_polls: int = 20
    not_found_grace: float = 5.0
    source: Source | None = field(default=None, compare=False)
    """Where `provider.yaml` has it, or could have it; None without one."""

    @property
    def values(self) -> dict[str, float]:
        """All fields, by name."""
        return {name: getattr(self, name) for name in _NAMES}

    @property
    def own_values(self) -> dict[str, float]:
        """The fields that differ from the defaults, by name."""
        usual = USUAL.values
        return {name: value for name, value in self.values.items() if value != usual[name]}

    def shown(self, name: str) -> str:
        """The value of a field for people: `30 s` where it is a duration."""
        is_duration = name not in _COUNTS and name not in _FACTORS
        return f"{getattr(self, name):g}{' s' * is_duration}"


USUAL = Polling()
"""What holds for providers whose documentation says nothing about it."""
_NAMES = tuple(item.name for item in fields(Polling) if item.name != "source")


def read_polling(document: Object, reader: FieldReader) -> Polling:
    """The value of `polling` in `provider.yaml`; what is wrong with it is reported."""
    table = reader.mapping(document, "polling")
    reader.check_keys(table, set(_NAMES))
    values: dict[str, Any] = {}
    for name in (name for name in _NAMES if name in table):
        value = _count(table[name], name) if name in _COUNTS else _number(table[name], name)
        if value is None:
            reader.error(table.where(name), f"`{name}` is not {_expected(name)}", _HINTS.get(name, _DURATION_HINT))
        else:
            values[name] = value
    polling = Polling(**values, source=document.where("polling"))
    if polling.initial > polling.maximum:
        source = table.where("initial" if "initial" in values else "maximum")
        message = f"`initial`, {polling.shown('initial')}, is longer than `maximum`, {polling.shown('maximum')}"
        reader.error(source, message, "give both, the longer one as `maximum`")
    return polling


def _count(value: object, name: str) -> int | None:
    return int(value) if isinstance(value, int) and not isinstance(value, bool) and value >= _COUNTS[name] else None


def _number(value: object, name: str) -> float | None:
    """The number, or the duration in seconds; None where it is neither, or out of range."""
    least, most = _range(name)
    match = _DURATION.fullmatch(value) if isinstance(value, str) and name not in _FACTORS else None
    if match:
        number = float(match[1]) * _UNITS[match[2]]
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf:
        number = float(value) if abs(value) <= most else math.inf
    else:
        return None
    return number if least <= number <= most else None


def _range(name: str) -> tuple[float, float]:
    return _FACTORS.get(name) or (0.001 if name in _POSITIVE else 0.0, _LONGEST)


def _expected(name: str) -> str:
    if name in _COUNTS:
        return f"a whole number from {_COUNTS[name]}"
    least, most = _range(name)
    return f"a number from {least:g} to {most:g}" if name in _FACTORS else f"a duration from {least:g} s to 366 days"


_DURATION_HINT = "write seconds, such as 2.5, or a number with a unit: 500ms, 10s, 2m, 1h"
_HINTS = {
    "factor": "1 keeps the time between requests as it is; 2 doubles it each time",
    "jitter": "0 leaves nothing to chance; at 0.2, between 80% and 100% of each time is waited",
    "max_consecutive_errors": "write how many transient errors in a row are borne; 0: none",
    "unknown_polls": "write how many answers in a row may have the same unknown status",
}
