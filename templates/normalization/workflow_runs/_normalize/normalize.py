"""From a provider's response, or the body of an event, that you have already to a `WorkflowRun`."""

from __future__ import annotations

from typing import Any, cast, overload

from workflow_client_core import InvalidResponse, decode

from .._errors import InvalidRef, UnknownEvent
from .._provider_errors.errors import NormalizationError
from .._providers.lookup import find
from .._providers.provider import RUN_ID
from .._refs.ref import RunRef, checked
from .._run.run import WorkflowRun
from .._text import brief, quoted
from .adapter import Adapter, load_adapter
from .body import Body, as_bytes
from .finish import Decoded, finish


@overload
def normalize(provider: str, data: Body, *, ref: RunRef | str) -> WorkflowRun: ...
@overload
def normalize(provider: str, data: Body, *, event: str, ref: RunRef | str | None = None) -> WorkflowRun: ...
def normalize(provider: str, data: Body, *, ref: RunRef | str | None = None, event: str | None = None) -> WorkflowRun:
    """Make a run from a response that you have already: from a webhook, a queue or a test. Nothing is sent.

    A value that cannot be read is None, and listed in `issues`.

    Args:
        provider: its name, such as `dify`.
        data: the response, or the body of the event, a JSON object: its bytes in UTF-8, its text, or what `json.loads`
            made of it. The bytes are the run's `raw`; parsed JSON is written again for it.
        ref: the reference of the run; it gives the identifiers that `data` lacks. It may be left out of events whose
            bodies have all parts of it; the run's own `ref` then has neither a `base_url` nor an `account`.
        event: the name of the event whose body it is, such as `workflow_finished`; `capabilities(provider).events`
            lists them. None for the response of the call that gets a run.

    Raises:
        NormalizationError: `data` is not a JSON object, is nested too deeply, or has more than 10,000 values that are
            not as documented.
        ProviderError: the provider says in it that there is no run.
        InvalidRef: `ref` is malformed, of another provider, or left out of an event that does not have all parts of it.
        UnknownProvider: there is no such provider.
        UnknownEvent: it has no such event, or `data` is the body of another one.
        ClientNotInstalled: its client, whose models are needed, is missing.
        TypeError: `data` is something else, such as a file, or has something in it that JSON cannot have, such as a set
            or a name that is not text. Or there is neither a `ref` nor an `event`, or the latter is not text.
        ValueError: parsed JSON contains itself, or an integer of more than 4,300 digits.
    """
    if event is not None and not isinstance(cast("object", event), str):
        raise TypeError(f"event must be text, not {type(event).__name__}")
    if ref is not None:
        ref = checked(ref)
        if ref.provider != provider:
            raise InvalidRef(f"{brief(str(ref))} is not a reference of {quoted(provider)}")
    description = find(provider)
    if ref is None and event is None:
        raise TypeError("normalize needs the `ref` of the run, or the name of an `event` that has it")
    adapter = load_adapter(description)
    if event is not None:
        adapter = adapter.of_event(provider, event)
    return _normalized(adapter, provider, data, ref, event)


def _normalized(
    adapter: Adapter[Any, Any, Any], provider: str, data: Body, ref: RunRef | None, event: str | None
) -> WorkflowRun:
    """The run of a response, or of the body of an event, which may have the reference."""
    try:
        raw = as_bytes(data)
        response = decode(raw, adapter.model)
    except InvalidResponse as error:
        message = f"{_subject(ref, provider, event)} cannot be normalized: {error}"
        raise NormalizationError(message, provider=provider, ref=ref) from error
    if ref is None or event is not None:
        ref = _ref_of_event(adapter, response.parsed, provider, event, ref)
    return finish(adapter, Decoded(response.parsed, response.issues, response.complete, raw), ref)


def _subject(ref: RunRef | None, provider: str, event: str | None) -> str:
    """What is normalized, for messages."""
    return brief(str(ref)) if ref else f"the event {event} of {provider}"


def _ref_of_event(
    adapter: Adapter[Any, Any, Any], native: Any, provider: str, name: str | None, ref: RunRef | None
) -> RunRef:
    """The reference of a run of which there is the body of an event: the one that is given, or that stands in the body.

    Raises:
        UnknownEvent: it is the body of another event.
        InvalidRef: no reference is given, and the body does not have all parts of it, or what cannot be one.
    """
    name = name or ""
    event, subject = adapter.events[name], _subject(ref, provider, name)
    read_name = event.name(native) if event.name else None
    if read_name not in (name, None):
        which = f": it is of {quoted(read_name)}" if read_name in adapter.events else ""
        raise UnknownEvent(f"{subject} cannot be normalized: the body is of another event than {quoted(name)}{which}")
    if ref:
        return ref
    parts = dict(event.parts(native)) if event.parts else {}
    missing = [part for part in find(provider).ref.path if not parts.get(part)]
    if missing:
        # What does not say that it is the event may be the response of the call.
        hint = "" if read_name else ", and leave out `event` if it is the response of the call that gets a run"
        raise InvalidRef(f"{subject} does not say {' and '.join(missing)}; pass the `ref` of the run{hint}")
    present = {part: value for part, value in parts.items() if value}
    return RunRef(provider, present.pop(RUN_ID), present)
