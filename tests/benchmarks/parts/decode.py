"""`PART=decode`: an answer becomes a typed model, also where it has a mistake, beside msgspec without types.

Besides, what orjson takes, which knows no types either: the least that is possible for all that a caller may read.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import workflow_client_core as core
from workflow_client_core._decoding.read import read

from tests.benchmarks.comparison import Comparison, Unmeasured
from tests.benchmarks.documents.payloads import ANSWERS, Answer
from tests.benchmarks.peers import PeerError, imported
from tests.benchmarks.rounds import repeated, seconds_by_turns
from tests.benchmarks.setting import Setting

ROUNDS = 25
PEERS = ("orjson",)
_UNTYPED, _TYPED, _REPAIR = "msgspec without types", "typed", "typed, repaired"
_ORJSON, _STDLIB = "orjson", "json"


def measure(setting: Setting) -> list[Comparison | Unmeasured]:
    """Decode each answer by turns in all ways."""
    rows: list[Comparison | Unmeasured] = []
    try:
        orjson_loads = imported("orjson").loads
    except PeerError as missing:
        orjson_loads = None
        rows.append(Unmeasured("all answers", _ORJSON, str(missing)))
    for answer in setting.each(ANSWERS, map(str, ANSWERS)):
        rows += compared(answer, orjson_loads, setting.rounds_of(ROUNDS))
    return rows


def compared(answer: Answer, orjson_loads: Callable[[bytes], object] | None, rounds: int) -> list[Comparison]:
    """The comparisons of one answer."""
    candidates = ways(answer, orjson_loads)
    samples = seconds_by_turns({name: repeated(function) for name, function in candidates.items()}, rounds)

    def row(ours: str, peer: str, goal: str = "") -> Comparison:
        return Comparison(str(answer), ours, peer, "seconds", samples[ours], samples[peer], goal)

    repair_goal = "repair-large" if answer.large else "repair-small"
    rows = [
        row(_TYPED, _UNTYPED, "decode-typed"),
        row(_REPAIR, _UNTYPED, repair_goal),
        row(_TYPED, _STDLIB),
    ]
    return [*rows, row(_TYPED, _ORJSON)] if orjson_loads else rows


def ways(answer: Answer, orjson_loads: Callable[[bytes], object] | None) -> dict[str, Callable[[], object]]:
    """The ways of decoding an answer, by name."""
    data, broken, type_ = answer.data, answer.data_with_mistake, answer.type
    assert core.decode(data, type_).issues == ()
    assert len(core.decode(broken, type_).issues) == 1
    untyped = msgspec.json.Decoder()
    named: dict[str, Callable[[], object]] = {
        _UNTYPED: lambda: untyped.decode(data),
        _TYPED: lambda: read(data, type_, lenient=False),
        _REPAIR: lambda: core.decode(broken, type_),
        _STDLIB: lambda: json.loads(data),
    }
    return {**named, _ORJSON: lambda: orjson_loads(data)} if orjson_loads else named
