"""Whether a response that wraps its run, in an envelope, has a run at all."""

from __future__ import annotations

from collections.abc import Callable

from .._provider_errors.errors import ProviderError, RunNotFound
from .._provider_errors.explain import CHECK_REFERENCE
from .._refs.ref import RunRef
from .._text import brief
from .notes import Notes


def check_envelope(
    ref: RunRef,
    notes: Notes,
    *,
    at: str,
    present: bool,
    status: str,
    word: str | None,
    successes: tuple[str, ...],
    failures: tuple[str, ...],
    code: Callable[[], str | None],
    not_found: tuple[str, ...] = (),
) -> None:
    """Raise an error unless a response holds a run, or may hold one.

    Args:
        at: where the run should be (a JSON Pointer); `present` says whether it is there.
        status: where the envelope's own status is (a JSON Pointer); `word` is that status.
        successes: the words for which there is a run.
        failures: the words for which there is none.
        code: reads the provider's reason for a failure.
        not_found: the reasons that say that there is no such run.

    Raises:
        RunNotFound: the provider says that there is no such run.
        ProviderError: there is no run for another reason, or the value at `at` is not an object.
    """
    if word in failures:
        reason = code()
        raise _refused(ref, f"answered {word!r}", reason, notes, is_not_found=reason in not_found)
    if not present:
        if any(issue.pointer == at and not issue.problem.startswith("missing:") for issue in notes.issues):
            raise _refused(ref, f"answered with something at {at} that is not an object", None, notes)
        if (reason := code()) is not None:
            raise _refused(ref, "answered with an error", reason, notes, is_not_found=reason in not_found)
    if word is not None and word not in successes:
        notes.add(status, "unknown word", f"expected {' or '.join((*successes, *failures))}")


def _refused(ref: RunRef, what: str, code: str | None, notes: Notes, *, is_not_found: bool = False) -> ProviderError:
    """The error for a success in which the provider says that there is no run; `code` is its reason."""
    error_class = RunNotFound if is_not_found else ProviderError
    shown, text = brief(notes.conceal(code or "")), notes.error_text
    is_in_text = f": {shown.removesuffix('...')}" in f": {text}"  # the text may be cut, too
    reason = text if is_in_text else ": ".join(filter(None, [shown, text]))
    message = f"{brief(str(ref))}: {ref.provider} {what}{reason and ': '}{reason}; {CHECK_REFERENCE}"
    return error_class(message, provider=ref.provider, ref=ref, code=code)
