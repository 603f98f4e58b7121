"""Answers of the providers, changed at random: in their values, in their bytes, and in how they are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace
from workflow_client_core import InvalidResponse, decode, encode
from workflow_runs import NormalizationError, NoRun, ProviderError, WorkflowRun, WrongRun, normalize
from workflow_runs._normalize.adapter import load_adapter
from workflow_runs._providers.lookup import find

from tests.clients.providers import Mode
from tests.runs.payloads import CASES
from tests.runs.promises import SCHEMA, check_promises
from tests.torture.hostile.runs import REFS, run_by_client
from tests.torture.mutation.values import places
from tests.torture.subject import Broken, Case, Counts, Subject

_TEXTS: Sequence[str] = (
    *("", " ", "null", "0", "-1", "1e400", "NaN", "{}", "[]", '{"a": 1}', '{"a":', "true", "\0", "\ud800", "\udc00x"),
    *("é", "e\u0301", "İ", "\u0661", "\u202e", "\ufeff", "a" * 300, "SUCCEEDED", "succeeded ", "error", "success"),
    *("0000-01-01T00:00:00Z", "9999-12-31T23:59:60-23:59", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z"),
    *("2026-01-01", "2026-01-01T00:00:00.123456789123Z", "Wed, 12 Mar 2025 09:42:45 GMT", "Wed, 99 Mar 99999 9:9:9 X"),
    *("PT0S", "-PT1H", "P1Y", "PT99999999999999H", "3.5s", "P1DT", "1:00", "Fri, 31 Dec 9999 23:59:59 -9999"),
)  # fmt: skip
_SCALARS: Sequence[Any] = (
    *(None, True, False, 0, 1, -1, 1.5, -0.0, 0.1, 1e300, -1e300, 253402300800, 253402300799.9999, -62135596801),
    *(2**31, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**30, 10**400, float("nan"), float("inf")),
    *([], {}, [None], [[]], [{}], {"": ""}, {"a": None}, [1, "a"], {"id": "x"}, {"status": "x"}),
)  # fmt: skip
_BYTES = (
    b"\xff",
    b"\xc3",
    b"\0",
    b"\\",
    b'"',
    b"\\ud83d",
    b"{",
    b"}",
    b"[",
    b",",
    b":",
    b"1e9999",
    b"-",
    b"\xef\xbb\xbf",
)
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252")


def draw(random: Random) -> Case:
    provider, payload = random.choice(_payloads())
    data = payload
    kind = random.random()
    if kind < 0.85:
        document = json.loads(payload)
        for _ in range(random.choice((1, 1, 2, 3, 5))):
            document = _changed(document, random)
        indent = random.choice((None, None, None, 1))
        text = json.dumps(document, ensure_ascii=random.random() < 0.5, indent=indent)
        data = text.encode("utf-8", "surrogatepass")
    if kind > 0.7:
        for _ in range(random.choice((1, 1, 2, 4))):
            data = random.choice(_DAMAGES)(data, random)
    return {
        "provider": provider,
        "answer": data.decode("latin-1"),
        "schema": random.random() < 0.05,
        "client": _client(random),
    }


def _client(random: Random) -> str:
    """Which client gets the answer, too; mostly none, as a call takes several times as long."""
    return random.choice(("sync", "async")) if random.random() < 0.04 else ""


@cache
def _payloads() -> list[tuple[str, bytes]]:
    """The answers from which cases are made: JSON objects."""
    return [
        (case.provider, case.payload) for case in CASES if case.payload.lstrip()[:1] == b"{" and _is_json(case.payload)
    ]


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def _changed(document: Any, random: Random) -> Any:
    """The document with a change somewhere; it may be changed itself."""
    all_places = list(places(document))
    if not all_places:
        return _odd(random)
    holder, key = random.choice(all_places)
    kind = random.random()
    if kind < 0.45:
        holder[key] = _odd(random)
    elif kind < 0.6:
        del holder[key]
    elif kind < 0.7 and isinstance(holder[key], str):
        holder[key] += random.choice(_TEXTS)
    elif kind < 0.8:
        source, at = random.choice(all_places)
        holder[key] = json.loads(json.dumps(source[at]))
    elif kind < 0.9 and isinstance(holder, dict):
        holder[random.choice(_TEXTS)] = holder.pop(key)
    else:
        holder[key] = [holder[key]] * random.choice((1, 2, 50))
    return document


def _odd(random: Random) -> Any:
    if random.random() < 0.5:
        return random.choice(_TEXTS)
    value = random.choice(_SCALARS)
    return json.loads(json.dumps(value)) if isinstance(value, list | dict) else value


def _nested(data: bytes, random: Random) -> bytes:
    depth = random.choice((3, 98, 130, 2000))
    start, end = random.choice(((b"[", b"]"), (b'{"a": ', b"}"), (b'{"a": [', b"]}")))
    at = data.find(b":") + 1
    return data[:at] + start * depth + b"0" + end * depth + b"," + random.choice((b'"b":', b"")) + data[at:]


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _inserted(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data) + 1)
    return data[:at] + random.choice(_BYTES) + data[at + random.choice((0, 0, 1, 3)) :]


def _repeated(data: bytes, random: Random) -> bytes:
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:end] + data[start:end] * random.choice((1, 2)) + data[end:]


def _flipped(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 3))):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _written_in_another_encoding(data: bytes, random: Random) -> bytes:
    return data.decode("utf-8", "replace").encode(random.choice(_ENCODINGS), "replace")


_DAMAGES: Sequence[Callable[[bytes, Random], bytes]] = (
    *(_nested, _cut, _inserted, _repeated, _flipped, _written_in_another_encoding),
)  # fmt: skip


def attack(case: Case, folder: Path) -> str:
    assert isinstance(case, dict)
    provider, data = str(case["provider"]), str(case["answer"]).encode("latin-1")
    ref, mode = REFS[provider], case["client"]
    if mode:
        _check_client(provider, data, "sync" if mode == "sync" else "async")
    _check_models(provider, data)
    try:
        run = normalize(provider, data, ref=ref)
    except NormalizationError:
        return "refused: not a JSON object"
    except ProviderError:
        if provider not in ("copyai", "dbt"):
            raise
        return "refused: an error in an envelope"
    try:
        check_promises(run, data, schema=SCHEMA if case["schema"] else None)
    except (AssertionError, msgspec.MsgspecError) as error:  # its JSON cannot be read
        raise Broken("a run does not keep a promise", error) from error
    return "a run with issues" if run.issues else "a run"


def _check_client(provider: str, data: bytes, mode: Mode) -> None:
    """The client gets the run that comes of the bytes alone, at another time, or refuses them as well."""
    ref = REFS[provider]
    runs = (
        _run_or_none(lambda: run_by_client(data, ref, mode)),
        _run_or_none(lambda: normalize(provider, data, ref=ref)),
    )
    if (runs[0] and replace(runs[0], observed_at=None)) != runs[1]:
        raise Broken("a client gets another run", runs)


def _run_or_none(get: Callable[[], WorkflowRun]) -> WorkflowRun | None:
    try:
        return get()
    except (NoRun, WrongRun) as error:
        return error.run
    except (ProviderError, NormalizationError):
        return None


def _check_models(provider: str, data: bytes) -> None:
    """What was decoded and is complete is written as JSON that decodes to the same."""
    model = load_adapter(find(provider)).model
    try:
        decoded = decode(data, model)
    except InvalidResponse:
        return
    if decoded.complete:
        again = decode(encode(decoded.parsed), model)
        if again.issues or again.parsed != decoded.parsed:
            raise Broken("a model does not survive being written", again.issues)


SUBJECT = Subject(
    name="answers",
    promise="Any answer of a provider becomes a run that keeps all promises, or is refused with the documented error.",
    draw=draw,
    attack=attack,
    counts=Counts(test=600, default=80_000, full=1_000_000),
    minutes=12,
)
