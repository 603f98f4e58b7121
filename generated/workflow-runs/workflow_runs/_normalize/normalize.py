"""From a provider's response that you have already to a `WorkflowRun`."""

from __future__ import annotations

from workflow_client_core import InvalidResponse, decode

from .._errors import InvalidRef
from .._provider_errors.errors import NormalizationError
from .._providers.lookup import find
from .._refs.ref import RunRef, checked
from .._run.run import WorkflowRun
from .._text import brief, quoted
from .adapter import load_adapter
from .body import Body, as_bytes
from .finish import Decoded, finish


def normalize(provider: str, data: Body, *, ref: RunRef | str) -> WorkflowRun:
    """Make a run from a response that you have already: from a webhook, a queue or a test. Nothing is sent.

    A value that cannot be read is None, and listed in `issues`.

    Args:
        provider: its name, such as `dify`.
        data: the response, a JSON object: its bytes in UTF-8, its text, or what `json.loads` made of it. The bytes are
            the run's `raw`; parsed JSON is written again for it.
        ref: the reference of the run; it gives the identifiers that the response lacks.

    Raises:
        NormalizationError: `data` is not a JSON object, is nested too deeply, or has more than 10,000 values that are
            not as documented.
        ProviderError: the provider says in it that there is no run.
        InvalidRef: `ref` is malformed, or of another provider.
        UnknownProvider: there is no such provider.
        ClientNotInstalled: its client, whose models are needed, is missing.
        TypeError: `data` is something else, such as a file, or has something in it that JSON cannot have, such as a set
            or a name that is not text.
        ValueError: parsed JSON contains itself, or an integer of more than 4,300 digits.
    """
    ref = checked(ref)
    if ref.provider != provider:
        raise InvalidRef(f"{brief(str(ref))} is not a reference of {quoted(provider)}")
    adapter = load_adapter(find(provider))
    try:
        raw = as_bytes(data)
        response = decode(raw, adapter.model)
    except InvalidResponse as error:
        reason = f"{brief(str(ref))} cannot be normalized: {error}"
        raise NormalizationError(reason, provider=provider, ref=ref) from error
    return finish(adapter, Decoded(response.parsed, response.issues, response.complete, raw), ref)
