"""What every method of a client takes beside what the API documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from .limits import Timeout


class CallOptions(TypedDict, total=False):
    """The keyword arguments that every method of a client takes; None: as if it was not given.

    - `extra_headers`: further headers, or others in place of those of the same name. A User-Agent goes before the
      client's.
    - `extra_query`: further query parameters, or others in place of those of the same name. A list is sent as several.
    - `timeout`: the limits of this call in place of the client's, or just the seconds that it may take in total.
    """

    extra_headers: Mapping[str, str] | None
    extra_query: Mapping[str, object] | None
    timeout: float | Timeout | None


class RequestOptions(CallOptions, total=False):
    """The keyword arguments of `Client.request`: those of every method, and at most one body.

    - `json`: a body that is sent as JSON; it may be a model.
    - `content`: a body that is sent as it is. A Content-Type among `extra_headers` says what it is.
    """

    json: object
    content: bytes | str | None
