"""`WorkflowRun`: the unified model with the response it was made from, and the errors that report its state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, overload

import msgspec
from msgspec.structs import force_setattr

from .._errors import WorkflowRunError
from .._form.fields import RunFields
from .._form.models import RunIssue, RunStatus
from .._form.vocabulary import RESTING, SCHEMA, TERMINAL
from .._refs.ref import RunRef
from .._text import brief
from .field_types import fields_in_utc
from .invariants import check_invariants
from .response import ResponseHead
from .rows import RunRow, row
from .schema import check_credits, check_schema
from .typed import converted

R = TypeVar("R", bound="WorkflowRun")
T = TypeVar("T")


class _Checked(tuple[RunIssue, ...]):
    """The type of `CHECKED`, so that no other empty tuple is the same object."""

    __slots__ = ()


CHECKED = _Checked()
"""As the `issues` of a run that is being made: there are none, and its fields are known to keep all that is promised.

Generated adapters pass it for a response as it is documented: what they decode and convert keeps the promises, and
checking it again would take longer than reading it. The run then has `()`.
"""


class WorkflowRun(RunFields, frozen=True, omit_defaults=True, kw_only=True, dict=True, tag_field="schema", tag=SCHEMA):
    """The state of one run of a workflow, as its provider reported it at one moment.

    A value that the provider does not report is None or empty. So is one that could not be read; `issues` lists it.

    Whoever makes a run, also by `copy.replace` (Python 3.13), `msgspec.structs.replace` or from JSON, makes one with
    all that is promised of runs:

    - `id` is not empty; `provider` is that of `ref`; `parent` is a reference to the run `parent_id`.
    - There is a `result` exactly if `status` is terminal, and only then can there be a `finished_at`. The same holds
      for each step.
    - `status` is UNKNOWN exactly if `status_basis` is.
    - Times are aware, and are converted to UTC. Durations are not negative. `pending.deadline` is
      `pending.presented_at` plus `pending.timeout`, where there are all three.
    - Numbers have at most 4,300 digits, and are finite. Text can be encoded in UTF-8. Pointers of issues are empty or
      begin with `/`.

    Statuses, results, bases and kinds of triggers are open: a word of a later version is a member of its own that
    equals its text, is not terminal, and implies nothing. What is in `inputs`, `outputs` and other free values is not
    looked at.

    `native`, `raw` and `response` are what the run was made from. They are not part of its value: JSON leaves them out,
    and comparisons ignore them. Copies keep them, and so does `copy.replace` (Python 3.13); pickles lack `response`;
    `msgspec.structs.replace` keeps none of them.
    """

    ref: RunRef
    parent: RunRef | None = None

    def __post_init__(self) -> None:
        if self.issues is CHECKED:
            force_setattr(self, "issues", ())
            return
        for name, value in fields_in_utc(self).items():
            force_setattr(self, name, value)
        check_invariants(self)

    @property
    def native(self) -> Any:
        """The provider's response as the client's model, or None where a required value of it could not be read.

        None also for a run that was read from JSON.
        """
        return vars(self).get("native")

    def native_as(self, type_: type[T], /) -> T:
        """`native`, as a type checker should see it: `run.native_as(models.WorkflowRunDetailResponse)`.

        Raises:
            TypeError: it is of another type, which the message names, or there is none.
        """
        native: object = self.native
        if isinstance(native, type_):
            return native
        if native is not None:
            raise TypeError(
                f"native of {self._name} is of the type {_full_name(type(native))}, not {_full_name(type_)}"
            )
        reason = "a required value could not be read, see issues" if self.raw else "it was not made from a response"
        raise TypeError(f"{self._name} has no native model: {reason}")

    @property
    def raw(self) -> bytes:
        """The provider's response as it came; empty for a run that was read from JSON."""
        raw: bytes = vars(self).get("raw", b"")
        return raw

    @property
    def response(self) -> ResponseHead | None:
        """The status and the headers of the response; None for a run that did not come by a call."""
        return vars(self).get("response")

    @property
    def is_terminal(self) -> bool:
        """Whether the run has ended, and has a result."""
        return self.status in TERMINAL

    @property
    def is_resting(self) -> bool:
        """Whether waiting alone does not help: the run has ended, or somebody has to act."""
        return self.status in RESTING

    def raise_for_status(self) -> Self:
        """The run itself, unless it has failed, was cancelled, or waits for somebody.

        A run that is under way is returned too, and so is one whose status is unknown.

        Raises:
            RunFailed, RunCancelled, RunNeedsInput: `run` is this run.
        """
        name = self._name
        match self.status:
            case RunStatus.FAILED:
                raise RunFailed(f"{name} has failed{self._reason()}", run=self)
            case RunStatus.CANCELLED:
                raise RunCancelled(f"{name} was cancelled{self._reason()}", run=self)
            case RunStatus.WAITING_FOR_INPUT:
                action = self.pending.action if self.pending else None
                raise RunNeedsInput(f"{name} waits for input{_appended(action)}", run=self)
            case RunStatus.SUSPENDED:
                raise RunNeedsInput(f"{name} is suspended, until somebody resumes it", run=self)
            case _:
                return self

    @overload
    def outputs_as(self, type_: type[T], /, *, strict: bool = True) -> T: ...
    @overload
    def outputs_as(self, type_: Any, /, *, strict: bool = True) -> Any: ...
    def outputs_as(self, type_: Any, /, *, strict: bool = True) -> Any:
        """The outputs as a value of a type: a `msgspec.Struct`, a dataclass, a `TypedDict`, `list[int]` and so on.

        Whatever JSON has no type for is read from text: a `datetime` (RFC 3339), a `UUID`, a `Decimal`, and bytes in
        base64. A run without outputs is None, for a type that allows it.

        Args:
            type_: any type that `msgspec.convert` knows.
            strict: False reads numbers and truth values from text too.

        Raises:
            UnexpectedValue: the outputs are of another type, or there are none; `pointer` says where they differ.
            TypeError: msgspec does not know such a type.
        """
        return converted(self.outputs, type_, f"outputs of {self._name}", strict=strict)

    @overload
    def inputs_as(self, type_: type[T], /, *, strict: bool = True) -> T: ...
    @overload
    def inputs_as(self, type_: Any, /, *, strict: bool = True) -> Any: ...
    def inputs_as(self, type_: Any, /, *, strict: bool = True) -> Any:
        """The inputs as a value of a type; see `outputs_as`."""
        return converted(self.inputs, type_, f"inputs of {self._name}", strict=strict)

    def to_json(self) -> bytes:
        """The run as JSON, as `json_schema()` describes it."""
        return msgspec.json.encode(self)

    def to_row(self) -> RunRow:
        """The run as a flat dict, for tables: the same columns for every provider, which `ROW_COLUMNS` lists.

        - The fields of `error`, `trigger`, `pending` and `usage` are columns of their own, such as `usage_tokens`.
        - Lists and free values are JSON as text: `tags`, `steps`, `inputs`, `outputs` and so on.
        - Times are aware and in UTC; durations are seconds, and their columns end in `_seconds`.
        - `ref` and `parent` are the text form, or None where this program does not know the provider.
        - Integers have at most 64 bits; a larger one is None. Credits are text, so that all digits stay.
        - `native`, `raw` and `response` are not in it.
        """
        return row(self)

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Read what `to_json` wrote, of this version of the package or of a later one whose `schema` is the same.

        Members that this version does not know are left out. null is as good as no member, and credits can also be a
        number.

        Raises:
            msgspec.DecodeError: it is not JSON, or (ValidationError) not a run in the form `workflow-run/1`, or one
                whose values contradict each other.
        """
        try:
            check_schema(data)
            run = msgspec.json.decode(data, type=cls)
            if run.usage and run.usage.credits is not None:
                check_credits(data)
            return run
        except RecursionError:
            raise msgspec.DecodeError("the JSON is nested too deeply") from None
        except UnicodeEncodeError:
            raise msgspec.DecodeError("the JSON is text with half a surrogate pair, which UTF-8 cannot have") from None

    @property
    def _name(self) -> str:
        return f"run {brief(self.id)} of {self.provider}"

    def _reason(self) -> str:
        error = self.error
        return _appended((error.message or error.code if error else None) or self.message or self.outcome_code)

    def __copy__(self) -> Self:
        return self.__replace__()

    def __replace__(self, **changes: Any) -> Self:
        return with_origin(type(self)(**{**msgspec.structs.asdict(self), **changes}), vars(self))

    def __reduce__(self) -> tuple[Any, ...]:
        origin = {name: value for name, value in vars(self).items() if name != "response"}
        return _restored, (type(self), msgspec.structs.asdict(self), origin)


def with_origin(run: R, origin: Mapping[str, Any]) -> R:
    """The run itself, which now knows what it was made from: its `native`, `raw` and `response`."""
    vars(run).update(origin)
    return run


def with_response(run: R, native: Any, raw: bytes, response: ResponseHead | None) -> R:
    """The run itself, which now knows the response that it was made from."""
    origin = vars(run)
    origin["native"], origin["raw"], origin["response"] = native, raw, response
    return run


def _restored(cls: type[R], fields: Mapping[str, Any], origin: Mapping[str, Any]) -> R:
    return with_origin(cls(**fields), origin)


def _appended(reason: str | None) -> str:
    return f": {brief(reason)}" if reason else ""


def _full_name(type_: type[object]) -> str:
    return f"{type_.__module__}.{type_.__qualname__}"


class _AboutState(WorkflowRunError):
    """An error that reports the state of `run`."""

    def __init__(self, message: str, *, run: WorkflowRun) -> None:
        super().__init__(message)
        self.run = run


class RunFailed(_AboutState):
    """The run has failed."""


class RunCancelled(_AboutState):
    """The run was cancelled."""


class RunNeedsInput(_AboutState):
    """The run does not go on by itself: somebody has to give input (`run.pending`), or to resume it."""
