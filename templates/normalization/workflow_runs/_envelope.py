"""Answers with something around the run: whether there is a run in them at all."""

from __future__ import annotations

from collections.abc import Callable

from ._errors import ProviderError
from ._notes import Notes
from ._ref import RunRef
from ._text import brief


def check_envelope(
    ref: RunRef,
    notes: Notes,
    *,
    at: str,
    there: bool,
    status: str,
    word: str | None,
    successes: tuple[str, ...],
    failures: tuple[str, ...],
    code: Callable[[], str | None],
) -> None:
    """Let an answer pass that holds a run, or could hold one that nothing is told of.

    Args:
        at: where the run is (a JSON Pointer), and `there` whether it is.
        status: where the envelope's own status is, which is `word`.
        successes: the words that say that there is a run; `failures` those that say that there is none.
        code: reads the provider's reason for a failure.

    Raises:
        ProviderError: there is no run: the provider says so, or what stands at `at` is no object.
    """
    if word in failures:
        raise _refusal(ref, f"answered {word!r}", code())
    if not there:
        if any(issue.pointer == at and not issue.problem.startswith("missing:") for issue in notes.issues):
            raise _refusal(ref, f"answered with something at {at} that is no object", None)
        if (reason := code()) is not None:
            raise _refusal(ref, "answered with an error", reason)
    if word is not None and word not in successes:
        notes.add(status, "unreadable", f"expected {' or '.join((*successes, *failures))}, found another word")


def _refusal(ref: RunRef, what: str, code: str | None) -> ProviderError:
    reason = f": {brief(code)}" if code else ""
    message = (
        f"{ref.provider} {what}{reason} for {brief(str(ref))};"
        " check that the reference names a run that these credentials may see"
    )
    return ProviderError(message, provider=ref.provider, ref=ref, code=code)
