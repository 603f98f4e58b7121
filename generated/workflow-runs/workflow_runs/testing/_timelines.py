"""What a fake answers for one run, one time after the other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple, cast

from workflow_client_core import InvalidResponse, decode

from .._errors import WorkflowRunError
from .._form.models import RunStatus
from .._normalize.adapter import load_adapter
from .._normalize.normalize import normalize
from .._polling.clock import Clock
from .._providers.lookup import find
from .._refs.ref import RunRef
from ._answers import Answer, Content, seconds
from ._samples import Sample, change, payload, sample_of, write_times

_PROBLEM = "application/problem+json"


class Response(NamedTuple):
    """A response as it is sent; `end` is that of its `Answer`."""

    status: int
    headers: dict[str, str]
    body: bytes
    delay: float
    end: str


class Timeline:
    """The answers for one run, the last of which is given for ever.

    Raises:
        ValueError: there are none; or one is not as the provider's description says, or out of order.
    """

    def __init__(
        self, ref: RunRef, answers: Sequence[Content | Answer], now: datetime, elapsed: float, clock: Clock
    ) -> None:
        self.ref = ref
        self.answers = [item if isinstance(item, Answer) else Answer(item) for item in answers]
        self.given = 0
        self.is_used_up = False
        """Whether the last answer was given."""
        self._began = elapsed
        self._clock = clock
        self._began_at = now
        self._changed_at = now
        self._last: Answer | None = None
        if not self.answers:
            raise ValueError(f"{ref}: there is no answer to give")
        for number, answer in enumerate(self.answers, 1):
            try:
                check(ref, answer)
            except ValueError as error:
                raise ValueError(f"answer {number} of {ref}: {error}") from error
        moments = [seconds(answer.at, "at") for answer in self.answers if answer.at is not None]
        if moments and len(moments) < len(self.answers):
            raise ValueError(f"{ref}: either all answers have a time (at=...), or none")
        if moments != sorted(moments):
            raise ValueError(f"{ref}: the times of the answers go back")

    def next(self, now: datetime, elapsed: float, clock: Clock) -> Response:
        """The response to a request that comes now, by a clock; by another one than before, its time begins anew."""
        if clock is not self._clock:
            self._clock, self._began, self._began_at = clock, elapsed, now
        answer = self._next(elapsed)
        if answer is not self._last:
            self._last, self._changed_at = answer, now
        return response_of(self.ref.provider, self.ref, answer, (self._began_at, self._changed_at))

    def _next(self, now: float) -> Answer:
        if self.answers[0].at is None:
            answer = self.answers[min(self.given, len(self.answers) - 1)]
        else:
            past = [a for a in self.answers if seconds(a.at or 0, "at") <= now - self._began]
            answer = past[-1] if past else Answer(status=404)
        self.given += 1
        self.is_used_up = self.is_used_up or answer is self.answers[-1]
        return answer


def check(ref: RunRef, answer: Answer) -> None:
    """Raise ValueError if an answer is not as the description of the provider says, unless that is asked for."""
    sample = sample_of(ref.provider)
    if answer.content is None:
        return
    data = body_of(ref, sample, answer)
    if answer.checked and answer.status < 300 and (answer.changes or not isinstance(answer.content, str)):
        _check_success(ref, data)


def _check_success(ref: RunRef, data: bytes) -> None:
    try:
        issues = decode(data, load_adapter(find(ref.provider)).model).issues
        if issues:
            first = issues[0]
            raise ValueError(f"{first.pointer or 'the answer'} should be {first.expected}, not {first.found}{_HINT}")
        run = normalize(ref.provider, data, ref=ref)
    except (InvalidResponse, WorkflowRunError) as error:
        raise ValueError(f"{error}{_HINT}") from error
    for issue in run.issues:
        if issue.problem.startswith("another run"):
            raise ValueError(f"{issue.pointer} is of {issue.problem}{_HINT}")


_HINT = "; to send it nevertheless, wrap it in unchecked(...)"


def body_of(ref: RunRef, sample: Sample, answer: Answer, times: tuple[datetime, datetime] | None = None) -> bytes:
    """The body of an answer; `times`: when the run began, and when it changed last."""
    content = answer.content
    if isinstance(content, RunStatus | str):
        body = payload(ref, content)
        if times:
            write_times(body, ref.provider, *times)
        change(body, ref.provider, answer.changes)
        return json.dumps(body).encode()
    if content is None:
        return _error_body(sample, answer.status)
    return content if isinstance(content, bytes) else json.dumps(content).encode()


def _error_body(sample: Sample, status: int) -> bytes:
    error = sample.error(status) if status >= 300 else None
    if error is None:
        return b""
    body = error.body
    if error.content_type == _PROBLEM and isinstance(body, dict):  # RFC 9457, 3.1
        known = {item.value: item.phrase for item in HTTPStatus}
        about: dict[str, Any] = {"status": status, "title": known.get(status, "Error")}
        body = {name: about.get(name, value) for name, value in cast("dict[str, Any]", body).items()}
    return json.dumps(body).encode()


def response_of(
    provider: str, ref: RunRef | None, answer: Answer, times: tuple[datetime, datetime] | None = None
) -> Response:
    """A response, with the body that the provider documents for an error where the answer has none."""
    sample = sample_of(provider)
    error = sample.error(answer.status) if answer.content is None and answer.status >= 300 else None
    body = body_of(ref, sample, answer, times) if ref is not None else _error_body(sample, answer.status)
    type_ = {"Content-Type": error.content_type if error else sample.content_type} if body else {}
    given = {name.lower() for name in answer.headers}
    headers = {name: value for name, value in type_.items() if name.lower() not in given} | dict(answer.headers)
    return Response(answer.status, headers, body, seconds(answer.delay, "delay"), answer.end)


def unused(timelines: Iterator[Timeline]) -> list[str]:
    """The references whose last answer was not given."""
    return [str(timeline.ref) for timeline in timelines if not timeline.is_used_up]
