"""What all generated workflow clients share: HTTP, credentials, errors and decoding.

Importing this package imports nothing of it: each name is imported from its module when it is first used. Nor does that
import the HTTP library; sending the first request does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from msgspec import UNSET, UnsetType

    from ._api import (
        Api,
        Body,
        ClientCredentials,
        Content,
        Credential,
        EventData,
        Global,
        Header,
        Operation,
        Pagination,
        Parameter,
        Part,
        Security,
        ServerVariable,
    )
    from ._clients.async_client import AsyncClient, AsyncPaginatedMethods, AsyncRawMethods
    from ._clients.client import Client, PaginatedMethods, RawMethods
    from ._clients.environment import environment_suffix
    from ._clients.groups import AsyncGroup, AsyncPaginatedGroup, AsyncRawGroup, Group, PaginatedGroup, RawGroup
    from ._credentials.sources import AsyncCredentialSource, CredentialSource
    from ._decoding.read import decode
    from ._decoding.results import Decoded
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
        PaginationError,
        RateLimited,
        RequestTimeout,
        ResponseTooLarge,
        ServerError,
        StatusError,
        Unauthorized,
        UnprocessableEntity,
    )
    from ._models.additional import OpenStruct, additional_properties
    from ._models.alias import Alias
    from ._models.constants import Literal, StructWithConstants
    from ._models.encoding import encode
    from ._models.enums import OpenIntEnum, OpenStrEnum
    from ._models.files import File
    from ._models.passed import ABSENT, Accepts, EnumOrInt, EnumOrStr, Mapping, SequenceNotStr
    from ._models.types import DecimalNumber
    from ._pages.pages import MAX_PAGES, AsyncPages, Pages
    from ._response.raw import RawResponse
    from ._response.webhooks import Webhook
    from ._streams.event import Event
    from ._streams.streams import AsyncEventStream, EventStream
    from ._transport.call_options import CallOptions, RequestOptions
    from ._transport.limits import MAX_RESPONSE_SIZE, Timeout
    from ._transport.retry import Outcome, Retry

__version__ = "0.1.0"

__all__ = [
    "ABSENT",
    "MAX_PAGES",
    "MAX_RESPONSE_SIZE",
    "UNSET",
    "Accepts",
    "Alias",
    "Api",
    "ApiError",
    "AsyncClient",
    "AsyncCredentialSource",
    "AsyncEventStream",
    "AsyncGroup",
    "AsyncPages",
    "AsyncPaginatedGroup",
    "AsyncPaginatedMethods",
    "AsyncRawGroup",
    "AsyncRawMethods",
    "BadRequest",
    "Body",
    "CallOptions",
    "Client",
    "ClientCredentials",
    "Conflict",
    "ConnectionFailed",
    "Content",
    "Credential",
    "CredentialSource",
    "CredentialsError",
    "DecimalNumber",
    "Decoded",
    "EnumOrInt",
    "EnumOrStr",
    "Event",
    "EventData",
    "EventStream",
    "File",
    "Forbidden",
    "Global",
    "Group",
    "Header",
    "InvalidResponse",
    "Issue",
    "Literal",
    "Mapping",
    "NotFound",
    "OpenIntEnum",
    "OpenStrEnum",
    "OpenStruct",
    "Operation",
    "Outcome",
    "Pages",
    "PaginatedGroup",
    "PaginatedMethods",
    "Pagination",
    "PaginationError",
    "Parameter",
    "Part",
    "RateLimited",
    "RawGroup",
    "RawMethods",
    "RawResponse",
    "RequestOptions",
    "RequestTimeout",
    "ResponseTooLarge",
    "Retry",
    "Security",
    "SequenceNotStr",
    "ServerError",
    "ServerVariable",
    "StatusError",
    "StructWithConstants",
    "Timeout",
    "Unauthorized",
    "UnprocessableEntity",
    "UnsetType",
    "Webhook",
    "additional_properties",
    "decode",
    "encode",
    "environment_suffix",
]

if not TYPE_CHECKING:
    _NAMES_OF_MODULES = {
        "msgspec": ("UNSET", "UnsetType"),
        "._api": (
            "Api",
            "Body",
            "ClientCredentials",
            "Content",
            "Credential",
            "EventData",
            "Global",
            "Header",
            "Operation",
            "Pagination",
            "Parameter",
            "Part",
            "Security",
            "ServerVariable",
        ),
        "._clients.async_client": ("AsyncClient", "AsyncPaginatedMethods", "AsyncRawMethods"),
        "._clients.client": ("Client", "PaginatedMethods", "RawMethods"),
        "._clients.environment": ("environment_suffix",),
        "._clients.groups": (
            "AsyncGroup",
            "AsyncPaginatedGroup",
            "AsyncRawGroup",
            "Group",
            "PaginatedGroup",
            "RawGroup",
        ),
        "._credentials.sources": ("AsyncCredentialSource", "CredentialSource"),
        "._decoding.read": ("decode",),
        "._decoding.results": ("Decoded",),
        "._errors": (
            "ApiError",
            "BadRequest",
            "Conflict",
            "ConnectionFailed",
            "CredentialsError",
            "Forbidden",
            "InvalidResponse",
            "Issue",
            "NotFound",
            "PaginationError",
            "RateLimited",
            "RequestTimeout",
            "ResponseTooLarge",
            "ServerError",
            "StatusError",
            "Unauthorized",
            "UnprocessableEntity",
        ),
        "._models.additional": ("OpenStruct", "additional_properties"),
        "._models.alias": ("Alias",),
        "._models.constants": ("Literal", "StructWithConstants"),
        "._models.encoding": ("encode",),
        "._models.enums": ("OpenIntEnum", "OpenStrEnum"),
        "._models.files": ("File",),
        "._models.passed": ("ABSENT", "Accepts", "EnumOrInt", "EnumOrStr", "Mapping", "SequenceNotStr"),
        "._models.types": ("DecimalNumber",),
        "._pages.pages": ("MAX_PAGES", "AsyncPages", "Pages"),
        "._response.raw": ("RawResponse",),
        "._response.webhooks": ("Webhook",),
        "._streams.event": ("Event",),
        "._streams.streams": ("AsyncEventStream", "EventStream"),
        "._transport.call_options": ("CallOptions", "RequestOptions"),
        "._transport.limits": ("MAX_RESPONSE_SIZE", "Timeout"),
        "._transport.retry": ("Outcome", "Retry"),
    }
    _MODULE_OF = {name: module for module, names in _NAMES_OF_MODULES.items() for name in names}

    def __getattr__(name):
        """A public name, imported from its module; from then on it is an attribute like any other."""
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
        from importlib import import_module

        value = globals()[name] = getattr(import_module(_MODULE_OF[name], __name__), name)
        return value

    def __dir__():
        return sorted({*globals(), *__all__})
