"""What a fake of each provider answers: samples, which are generated from its description and its mapping."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

import msgspec
from msgspec import UNSET, Struct, field

from .._form.models import RunStatus
from .._providers.lookup import find
from .._providers.provider import RUN_ID
from .._refs.ref import RunRef, checked
from .._text import escaped, quoted

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PER_SECOND = {"seconds": 1, "milliseconds": 1_000, "microseconds": 1_000_000, "nanoseconds": 1_000_000_000}
_WORDS_LISTED = 12
"""How many status words a message names."""


class Place(Struct, frozen=True):
    """Where a request has a part of its reference beside the path, or a credential, behind a `prefix`."""

    location: Literal["path", "query", "header", "cookie"] = field(name="in")
    name: str
    part: str = ""
    prefix: str = ""


class Identifier(Struct, frozen=True):
    """Where an answer has a part of its reference (a JSON Pointer), and whether it is an integer there."""

    at: str
    part: str
    integer: bool = False


class Time(Struct, frozen=True):
    """Where an answer has a time of its run, or how long it took (`field` of `WorkflowRun`), and how it is written."""

    at: str
    field: str
    form: str


class OnlyFor(Struct, frozen=True):
    """What an answer has for some statuses alone; otherwise it is null, or not there."""

    at: str
    statuses: tuple[str, ...]
    null: bool = False


class StatusWords(Struct, frozen=True):
    """The words by which an answer tells a status.

    - `words`: one for each pointer of the status that has any.
    - `changes`: what differs in the answer, by JSON Pointer: a list of one value, or of none where there is none.
    """

    words: tuple[str, ...]
    status: RunStatus
    basis: str
    changes: dict[str, list[Any]]
    result: str | None = None

    @property
    def text(self) -> str:
        """The words as `raw_status` has them."""
        return "/".join(self.words)


class ErrorBody(Struct, frozen=True):
    """A documented answer that is not a success."""

    content_type: str
    body: Any


class Sample(Struct, frozen=True):
    """The call that gets a run of a provider, and an answer to it.

    - `method`, `path`: of the request; in the path names of parts of the reference stand in braces, and `_` for what
      the client fills by itself.
    - `parts`: where the request has the other parts. `integers`: the parts that it has as integers.
    - `credentials`: alternatives of what has to be sent; none: nothing has to be.
    - `environment`: made-up values of the client's environment variables.
    - `content_type`, `payload`: an answer with a run. `run_at`: where the run is in it.
    - `times`: where the answer has times, `only_for`: what it has for some statuses alone.
    - `statuses`: all status words, those of the documentation first.
    - `errors`: answers without a run, by their status as in OpenAPI: `404`, `4XX`, `default`.
    """

    method: str
    path: str
    parts: tuple[Place, ...]
    integers: tuple[str, ...]
    credentials: tuple[tuple[Place, ...], ...]
    environment: dict[str, str]
    content_type: str
    payload: dict[str, Any]
    run_at: str
    identifiers: tuple[Identifier, ...]
    times: tuple[Time, ...]
    only_for: tuple[OnlyFor, ...]
    statuses: tuple[StatusWords, ...]
    errors: dict[str, ErrorBody]

    def words_for(self, status: RunStatus | str) -> StatusWords | None:
        """The words for a status, or those that are given; None: there are none."""
        by_word = [words for words in self.statuses if words.text == status != ""] or [
            words for words in self.statuses if words.words[:1] == (status,)
        ]
        if by_word and not isinstance(status, RunStatus):
            return by_word[0]
        return next((words for words in self.statuses if words.status == status), None)

    def error(self, status: int) -> ErrorBody | None:
        """The documented answer with an error status."""
        return next(
            (self.errors[key] for key in (str(status), f"{status // 100}XX", "default") if key in self.errors), None
        )


@cache
def sample_of(provider: str) -> Sample:
    """The sample of a provider.

    Raises:
        UnknownProvider: there is no such provider.
        ValueError: it is one of another package, of which there is no sample.
    """
    name = find(provider).name
    file = files("workflow_runs.testing").joinpath("samples", f"{name}.json")
    if not file.is_file():
        raise ValueError(f"there is no sample of {name}, whose package is not workflow-runs")
    return msgspec.json.decode(file.read_bytes(), type=Sample)


def has_sample(provider: str) -> bool:
    """Whether there is a sample of a provider, which has to exist."""
    try:
        sample_of(provider)
    except ValueError:
        return False
    return True


def payload(
    ref: RunRef | str,
    status: RunStatus | str | None = None,
    changes: Mapping[str, Any] | None = None,
    /,
    **properties: Any,
) -> dict[str, Any]:
    """A provider's answer for a run, as JSON has it, with the identifiers of the reference.

        payload("dify:5b1f", "succeeded", outputs={"text": "Done."})

    Args:
        ref: which run.
        status: a word of the provider, or a `RunStatus`; `RunStatus.UNKNOWN` writes a word that nobody documents. None:
            a run that has succeeded, where the provider has such.
        changes: values by their JSON Pointers (RFC 6901), from the root of the answer; `msgspec.UNSET` takes one away.
        properties: values of the run's own properties, by the names that they have in the answer.

    Raises:
        ValueError: the provider has no such word, or nothing is at a pointer.
        InvalidRef, UnknownProvider: the reference cannot be read, or its provider does not exist.
    """
    ref = checked(ref)
    sample = sample_of(ref.provider)
    answer = copy.deepcopy(sample.payload)
    if status is None:
        known = {words.status for words in sample.statuses}
        status = RunStatus.SUCCEEDED if RunStatus.SUCCEEDED in known else sample.statuses[0].status
    _write_status(answer, ref.provider, sample, status)
    for identifier in sample.identifiers:
        value = ref.run_id if identifier.part == RUN_ID else ref.parts.get(identifier.part)
        if value is not None:
            _write(answer, identifier.at, [_integer(ref, identifier, value) if identifier.integer else value])
    given = {f"{sample.run_at}/{escaped(name)}": value for name, value in properties.items()} | dict(changes or {})
    change(answer, ref.provider, given)
    return answer


def change(answer: dict[str, Any], provider: str, changes: Mapping[str, Any]) -> None:
    """Write values at their pointers; `UNSET` takes one away. Raises ValueError where nothing leads there."""
    for pointer, value in changes.items():
        if not _write(answer, pointer, [] if value is UNSET else [value]):
            raise ValueError(f"nothing is at {quoted(pointer)} of an answer of {provider}")


def _write_status(answer: Any, provider: str, sample: Sample, status: RunStatus | str) -> None:
    words = sample.words_for(status)
    if words is None:
        raise ValueError(_unknown(provider, sample, status))
    for item in sample.only_for:
        if words.status.value not in item.statuses:
            _write(answer, item.at, [None] if item.null else [])
    for pointer, value in words.changes.items():
        _write(answer, pointer, value)


def write_times(answer: dict[str, Any], provider: str, began: datetime, now: datetime) -> None:
    """Let the run of an answer have begun at one time, and changed last at another, where it says so at all."""
    for item in sample_of(provider).times:
        moment = began if item.field in ("created_at", "started_at") else now
        value: object = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        if item.form != "rfc3339":
            seconds = (now - began if item.field == "elapsed" else moment - _EPOCH).total_seconds()
            value = _in_form(item.form, seconds)
        if _read(answer, item.at) is not None:
            _write(answer, item.at, [value])


def _in_form(form: str, seconds: float) -> int | str:
    """So many seconds as a number, or as text in whole ones."""
    whole = int(seconds)
    match form:
        case "iso_duration":
            return f"PT{whole}S"
        case "unit_duration":
            return f"{whole}s"
        case "clock_duration":
            return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
        case _:
            return int(seconds * _PER_SECOND[form.removeprefix("epoch_")])


def _read(answer: dict[str, Any], pointer: str) -> object:
    """The value at a pointer; None where nothing leads there."""
    value: Any = answer
    for key in _keys(pointer):
        if not isinstance(value, dict):
            return None
        value = cast("dict[str, Any]", value).get(key)
    return value


def _integer(ref: RunRef, identifier: Identifier, value: str) -> int:
    if not (value.isascii() and value.isdecimal()):
        raise ValueError(f"{identifier.part} of {ref.provider} is a number, not {quoted(value)}")
    return int(value)


def _unknown(provider: str, sample: Sample, status: RunStatus | str) -> str:
    """The message about a word that a provider does not have."""
    if isinstance(status, RunStatus):
        statuses = dict.fromkeys(words.status.name for words in sample.statuses)
        return f"no word of {provider} means {status.name}; its runs are {', '.join(statuses)}"
    words = [item.text for item in sample.statuses if item.words]
    near = get_close_matches(str(status), words, n=1)
    known = ", ".join(words[:_WORDS_LISTED])
    hint = f"did you mean {near[0]}?" if near else f"there are: {known}"
    unknown = "for a word that nobody knows, write RunStatus.UNKNOWN"
    return f"{provider} has no status word {quoted(str(status))}: {hint}; {unknown}"


def _write(answer: Any, pointer: str, value: list[Any]) -> bool:
    """Write the one value of a list at a pointer, or take away what is there; False: nothing leads there."""
    if not pointer.startswith("/"):
        return False
    *parents, last = _keys(pointer)
    holder = answer
    for key in parents:
        if isinstance(holder, dict):
            members = cast("dict[str, Any]", holder)
            holder = members.setdefault(key, {}) if value else members.get(key, {})
        elif (items := _items(holder)) is not None and key.isascii() and key.isdecimal() and int(key) < len(items):
            holder = items[int(key)]
        else:
            return False
    if (items := _items(holder)) is not None:
        if not (last.isascii() and last.isdecimal()) or int(last) > len(items):
            return False
        items[int(last) : int(last) + 1] = copy.deepcopy(value)
        return True
    if not isinstance(holder, dict):
        return False
    members = cast("dict[str, Any]", holder)
    if value:
        members[last] = copy.deepcopy(value[0])
    else:
        members.pop(last, None)
    return True


def _keys(pointer: str) -> list[str]:
    """The keys of a JSON Pointer (RFC 6901)."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


def _items(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) else None  # pyright: ignore[reportUnknownVariableType]
