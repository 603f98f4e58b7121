"""What all generated workflow clients share: HTTP, credentials, errors and decoding.

Importing this package does not import the HTTP library; sending the first request does.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ._additional import additional_properties
from ._alias import Alias
from ._api import Api, Body, Content, Credential, Global, Header, Operation, Parameter, Part, Security, ServerVariable
from ._async_client import AsyncClient, AsyncRawMethods
from ._client import Client, RawMethods
from ._credentials import AsyncCredentialSource, CredentialSource
from ._decoding import Decoded, decode
from ._enums import OpenIntEnum, OpenStrEnum
from ._errors import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    CredentialsError,
    Forbidden,
    InvalidResponse,
    Issue,
    NotFound,
    RateLimited,
    RequestTimeout,
    ServerError,
    StatusError,
    Unauthorized,
    UnprocessableEntity,
)
from ._files import File
from ._groups import AsyncGroup, AsyncRawGroup, Group, RawGroup
from ._limits import MAX_RESPONSE_SIZE, Timeout
from ._raw import RawResponse
from ._retry import Outcome, Retry
from ._stream import AsyncEventStream, Event, EventStream
from ._webhooks import Webhook

__all__ = [
    "MAX_RESPONSE_SIZE",
    "UNSET",
    "Alias",
    "Api",
    "ApiError",
    "AsyncClient",
    "AsyncCredentialSource",
    "AsyncEventStream",
    "AsyncGroup",
    "AsyncRawGroup",
    "AsyncRawMethods",
    "BadRequest",
    "Body",
    "Client",
    "Conflict",
    "ConnectionFailed",
    "Content",
    "Credential",
    "CredentialSource",
    "CredentialsError",
    "Decoded",
    "Event",
    "EventStream",
    "File",
    "Forbidden",
    "Global",
    "Group",
    "Header",
    "InvalidResponse",
    "Issue",
    "NotFound",
    "OpenIntEnum",
    "OpenStrEnum",
    "Operation",
    "Outcome",
    "Parameter",
    "Part",
    "RateLimited",
    "RawGroup",
    "RawMethods",
    "RawResponse",
    "RequestTimeout",
    "Retry",
    "Security",
    "ServerError",
    "ServerVariable",
    "StatusError",
    "Timeout",
    "Unauthorized",
    "UnprocessableEntity",
    "UnsetType",
    "Webhook",
    "additional_properties",
    "decode",
]
