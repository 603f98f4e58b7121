"""What is known of a run between two polls: small enough to be had for 100,000 runs, or to travel in a queue."""

from __future__ import annotations

from typing import Literal, Self, TypeAlias

import msgspec
from msgspec import Struct

from .._form.from_json import from_json
from .._form.models import RunStatus
from .._run.run import WorkflowRun

ChangeKind: TypeAlias = Literal["status", "revision", "current_step", "steps"]


class Progress(Struct, frozen=True, omit_defaults=True):
    """How far a run was when it was last seen.

    - `word`: the provider's word for the status, where that is unknown; else None.
    - `steps`: a digest of its steps and their statuses, and of their number; "" where the provider tells nothing of
      them.
    """

    status: RunStatus
    word: str | None = None
    revision: str | None = None
    current_step: str | None = None
    steps: str = ""

    @classmethod
    def of(cls, run: WorkflowRun) -> Self:
        """The progress of a run."""
        count = run.usage.steps if run.usage else None
        digest = ""
        if run.steps or count is not None:
            from hashlib import blake2b

            parts = [(step.id, step.name, step.status, step.raw_status, step.attempt) for step in run.steps]
            digest = blake2b(msgspec.json.encode((count, parts)), digest_size=8).hexdigest()
        word = run.raw_status if run.status is RunStatus.UNKNOWN else None
        return cls(run.status, word, run.revision, run.current_step, digest)

    def differences(self, earlier: Progress) -> tuple[ChangeKind, ...]:
        """What is not as it was."""
        pairs: tuple[tuple[ChangeKind, bool], ...] = (
            ("status", (self.status, self.word) != (earlier.status, earlier.word)),
            ("revision", self.revision != earlier.revision),
            ("current_step", self.current_step != earlier.current_step),
            ("steps", self.steps != earlier.steps),
        )
        return tuple(kind for kind, is_different in pairs if is_different)


class PollState(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="schema", tag="poll-state/1"):
    """What the state machine knows of a run between two polls. It begins with `PollState()`.

    - `polls`: how many answers there were.
    - `errors`: how many transient errors there were since the last success.
    - `unmoved`: how many answers in a row said nothing new.
    - `waited`: the seconds that were to be waited so far.
    - `progress`: how far the run was when it was last seen; None: it has not been seen.
    - `ended`: whether there is nothing more to ask.
    """

    polls: int = 0
    errors: int = 0
    unmoved: int = 0
    waited: float = 0.0
    progress: Progress | None = None
    ended: bool = False

    def to_json(self) -> str:
        """The state as a JSON text, for a queue."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            msgspec.DecodeError: it is not such JSON.
        """
        return from_json(data, cls, "the state of polling", "what PollState.to_json wrote")
