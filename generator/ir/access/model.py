"""The intermediate representation of servers and security schemes."""

from __future__ import annotations

import re
from typing import Literal

from ...document.problems import Source
from ...interpreter.fast_dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A variable of a server's URL; `argument` is the constructor's."""

    name: str
    argument: str
    default: str
    source: Source
    enum: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """A base URL: absolute, relative, or with `{variables}`."""

    url: str
    source: Source
    description: str = ""
    variables: tuple[ServerVariable, ...] = ()

    @property
    def adjustable_variables(self) -> tuple[ServerVariable, ...]:
        """The variables that callers can give.

        What is relative whatever its variables are is replaced by the client's `base_url` as a whole.
        """
        return self.variables if "://" in self.url or self.url.startswith("{") else ()

    @property
    def default_url(self) -> str:
        """The URL with the defaults of its variables."""
        defaults = {variable.name: variable.default for variable in self.variables}
        return re.sub(r"{([^{}]*)}", lambda match: defaults.get(match[1], match[0]), self.url)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The flow by which a client gets a token by itself (RFC 6749, 4.4), and the constructor's arguments for it."""

    token_url: str
    """Absolute, relative to the server, or with `{variables}` of the server; "" where callers have to give one."""
    scopes: tuple[str, ...]
    """The scopes that operations require and that this flow can give, sorted."""
    id_argument: str
    id_environment: str
    secret_argument: str
    secret_environment: str
    url_argument: str
    scopes_argument: str
    source: Source
    description: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A way to get a token that a scheme of OAuth 2 or OpenID Connect describes, whoever goes it."""

    name: str
    """Its key among the flows of OAuth 2, such as `implicit`, or `openIdConnect`."""
    urls: tuple[tuple[str, str], ...]
    """Its URLs by their keys, such as `tokenUrl`, as the document has them."""
    scopes: tuple[str, ...]
    """The scopes that it declares, sorted."""
    source: Source


@dataclass(frozen=True, slots=True)
class Alternative:
    """An alternative of a security requirement: the scopes, or roles, that each of its schemes asks for."""

    scopes: tuple[tuple[str, tuple[str, ...]], ...]
    """The names of the schemes, each with its scopes, sorted."""
    source: Source

    @property
    def schemes(self) -> tuple[str, ...]:
        """The names of the schemes, in the document's order."""
        return tuple(name for name, _ in self.scopes)


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """A credential: `argument` and `environment` are where the client takes it from, the rest how it is sent."""

    name: str
    kind: Literal["apiKey", "bearer", "basic"]
    argument: str
    environment: str
    location: Literal["header", "query", "cookie"]
    wire: str
    source: Source
    description: str = ""
    client: ClientCredentials | None = None
    """How the client can get it by itself; None where the document has no such flow, or no operation takes it."""
    flows: tuple[Flow, ...] = ()
    """The ways to get it that the document describes."""


@dataclass(frozen=True, slots=True)
class Global:
    """A constructor argument that fills the parameters marked for it."""

    argument: str
    environment: str
    source: Source
    description: str = ""
    required: bool = True
