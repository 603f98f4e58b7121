"""What all generated workflow clients share: HTTP, credentials, errors and decoding.

Importing this package does not import the HTTP library; sending the first request does.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from ._api import Api, Content, Credential, Global, Operation, Parameter, Security, ServerVariable
from ._client import AsyncClient, Client
from ._enums import OpenIntEnum, OpenStrEnum
from ._errors import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    CredentialsError,
    Forbidden,
    InvalidResponse,
    NotFound,
    RateLimited,
    RequestTimeout,
    ServerError,
    StatusError,
    Unauthorized,
    UnprocessableEntity,
)

__all__ = [
    "UNSET",
    "Api",
    "ApiError",
    "AsyncClient",
    "BadRequest",
    "Client",
    "Conflict",
    "ConnectionFailed",
    "Content",
    "Credential",
    "CredentialsError",
    "Forbidden",
    "Global",
    "InvalidResponse",
    "NotFound",
    "OpenIntEnum",
    "OpenStrEnum",
    "Operation",
    "Parameter",
    "RateLimited",
    "RequestTimeout",
    "Security",
    "ServerError",
    "ServerVariable",
    "StatusError",
    "Unauthorized",
    "UnprocessableEntity",
    "UnsetType",
]
