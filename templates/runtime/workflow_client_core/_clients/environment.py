"""Several accounts of one API in the environment: `DIFY_API_KEY__SALES` beside `DIFY_API_KEY`."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from msgspec.structs import replace

from .._api import Api

_SUFFIX: ContextVar[str] = ContextVar("suffix", default="")


@contextmanager
def environment_suffix(suffix: str) -> Generator[None, None, None]:
    """Have clients that are made inside the block read environment variables whose names end in `suffix`.

    With `__SALES`, a client takes its credential from `DIFY_API_KEY__SALES`, and never from `DIFY_API_KEY`. Messages
    have these names too. Only the server is `DIFY_BASE_URL` where `DIFY_BASE_URL__SALES` is not set: the credentials of
    a server of your own must not go to the documented one. Clients made by other threads and tasks are not concerned.
    """
    token = _SUFFIX.set(suffix)
    try:
        yield
    finally:
        _SUFFIX.reset(token)


def with_suffix(api: Api) -> Api:
    """The API with the names of environment variables that hold here."""
    suffix = _SUFFIX.get()
    if not suffix:
        return api
    return replace(
        api,
        base_url_environment=_of_server(api.base_url_environment, suffix),
        globals=tuple(replace(entry, environment=_suffixed(entry.environment, suffix)) for entry in api.globals),
        credentials=tuple(
            replace(
                credential,
                environment=_suffixed(credential.environment, suffix),
                client=credential.client
                and replace(
                    credential.client,
                    id_environment=_suffixed(credential.client.id_environment, suffix),
                    secret_environment=_suffixed(credential.client.secret_environment, suffix),
                ),
            )
            for credential in api.credentials
        ),
    )


def _of_server(variable: str, suffix: str) -> str:
    """The variable of the server: the one with the suffix, if it is set, else the one for every client."""
    own = _suffixed(variable, suffix)
    return own if own and os.environ.get(own) else variable


def _suffixed(variable: str, suffix: str) -> str:
    return variable and f"{variable}{suffix}"
