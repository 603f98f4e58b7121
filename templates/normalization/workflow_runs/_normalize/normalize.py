"""From a provider's response that you have already to a `WorkflowRun`."""

from __future__ import annotations

from typing import cast

from workflow_client_core import InvalidResponse, decode

from .._errors import InvalidRef
from .._provider_errors import NormalizationError
from .._providers.lookup import find
from .._refs.ref import RunRef, checked
from .._run.run import WorkflowRun
from .._text import brief, quoted
from .adapter import load_adapter
from .finish import Decoded, finish


def normalize(provider: str, data: bytes, *, ref: RunRef | str) -> WorkflowRun:
    """Make a run from a response that you have already: from a webhook, a queue or a test. Nothing is sent.

    A value that cannot be read is None, and listed in `issues`.

    Args:
        provider: its name, such as `dify`.
        data: the response, a JSON object in UTF-8.
        ref: the reference of the run; it gives the identifiers that the response lacks.

    Raises:
        NormalizationError: `data` is not a JSON object, or more than 10,000 values in it are not as documented.
        ProviderError: the provider says in it that there is no run.
        InvalidRef: `ref` is malformed, or of another provider.
        UnknownProvider: there is no such provider.
        ClientNotInstalled: its client, whose models are needed, is missing.
    """
    ref = checked(ref)
    if ref.provider != provider:
        raise InvalidRef(f"{brief(str(ref))} is not a reference of {quoted(provider)}")
    if not isinstance(cast(object, data), bytes):
        raise TypeError(f"data must be bytes, not {type(data).__name__}")
    adapter = load_adapter(find(provider))
    try:
        response = decode(data, adapter.model)
    except InvalidResponse as error:
        reason = f"{brief(str(ref))} cannot be normalized: {error}"
        raise NormalizationError(reason, provider=provider, ref=ref) from error
    return finish(adapter, Decoded(response.parsed, response.issues, response.complete, data), ref)
