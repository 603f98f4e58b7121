"""What a generated client declares about its API: plain, immutable data.

Generated modules build these values at import time; nothing here does any work. Structs rather
than dataclasses, whose making would be half of the time that importing this package takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct
from msgspec.structs import replace

T = TypeVar("T")

Location = Literal["header", "query", "cookie"]

Security = tuple[tuple[str, ...], ...]
"""Alternatives, each a combination of credential schemes that are sent together. The first that a client has is sent.

`()` asks for nothing; an empty combination among others is the anonymous alternative
(OpenAPI 3.1, Security Requirement Object).
"""


class ServerVariable(Struct, frozen=True):
    """A `{name}` in the server's URL, filled by the constructor argument `argument`.

    `enum` lists the only values allowed; empty: any.
    """

    name: str
    argument: str
    default: str
    enum: tuple[str, ...] = ()


class ClientCredentials(Struct, frozen=True):
    """How a client gets a token by itself: by the client credentials of OAuth 2 (RFC 6749, 4.4).

    `url` is where: absolute, relative to the base URL, with variables of the server, or empty where the API does not
    say. `scopes` are those of the token. Constructor arguments give the client's id and secret, which can come from the
    environment (empty: they cannot), and another URL and other scopes.
    """

    url: str
    scopes: tuple[str, ...] = ()
    id_argument: str = "client_id"
    id_environment: str = ""
    secret_argument: str = "client_secret"
    secret_environment: str = ""
    url_argument: str = "token_url"
    scopes_argument: str = "scopes"

    @property
    def arguments(self) -> tuple[str, str, str, str]:
        """The constructor arguments."""
        return (self.id_argument, self.secret_argument, self.url_argument, self.scopes_argument)


class Credential(Struct, frozen=True):
    """One way to authenticate: the security scheme `scheme`, sent as `name` in `location`.

    The secret comes from the constructor argument `argument`, else from the environment variable
    `environment` (empty: there is none). It is sent after `prefix`. With `kind="basic"` the secret
    is the text `user:password` and is sent as RFC 7617 says (`prefix` is then ignored). With `client`, the client can
    get it by itself.
    """

    scheme: str
    argument: str
    environment: str
    location: Location
    name: str
    prefix: str = ""
    kind: Literal["text", "basic"] = "text"
    client: ClientCredentials | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """All constructor arguments that lead to it."""
        return (self.argument, *(self.client.arguments if self.client else ()))


class Global(Struct, frozen=True):
    """A constructor argument that fills the parameters which are marked `from_client`."""

    argument: str
    environment: str = ""
    required: bool = False


Style = Literal["", "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject"]


class Parameter(Struct, frozen=True):
    """One parameter of an operation: `name` in Python, `wire` in the request.

    `style` and `explode` say how lists and objects are written (OpenAPI 3.1, section 4.8.12); an
    empty style is the usual one of the location. `reserved` leaves reserved characters of a query
    as they are, `allow_empty` sends an empty list or object as an empty text. `media_type` is that
    of a parameter with `content`, whose value is JSON, or text that is sent as it is. `type` is the documented type
    where not every value of the annotated one can be sent: a datetime is a date to Python.
    """

    name: str
    wire: str
    location: Literal["path", "query", "header", "cookie"]
    style: Style = ""
    explode: bool = False
    reserved: bool = False
    allow_empty: bool = False
    media_type: str = ""
    from_client: bool = False
    type: Any = Any


class Part(Struct, frozen=True):
    """How the field `wire` of a form or multipart body is written (OpenAPI 3.1, section 4.8.15).

    Either by `style` and `explode`, as in a query, or as a document of its own: `media_type` is a
    media type, a range, or several with commas between them; empty for plain text, and for JSON where
    the value is an object.
    """

    wire: str
    media_type: str = ""
    style: Style = ""
    explode: bool = False


class Body(Struct, frozen=True):
    """One documented media type of a request body, and how a value becomes one.

    `encode` is "json"; "lines" (an iterable of values, JSON lines); "form"
    (`application/x-www-form-urlencoded`) and "multipart", of an object or a mapping, as `parts` say;
    "text" (a single value); "base64" (bytes, as such text); or "bytes" (bytes, an open file, or a `File`). Of bytes,
    `media_type` may be a range. `type` is as in `Parameter`.
    """

    media_type: str
    encode: Literal["json", "lines", "form", "multipart", "text", "base64", "bytes"] = "json"
    parts: tuple[Part, ...] = ()
    type: Any = Any


STREAMS = frozenset({"events", "lines", "records"})
"""The values of `Content.decode` that read a response item by item."""


class EventData(Struct, frozen=True):
    """The type of the data of events called `name`; "": of those with any other name."""

    name: str
    type: Any


class Content(Struct, frozen=True):
    """The documented body of a response: its media type and the type that it is decoded into.

    `decode="text"` reads a single value as `type` says, which is `str` for any text; `"bytes"` gives `bytes`. `"any"`
    follows the media type that the server sends. `"events"` (server-sent events), `"lines"` (JSON Lines) and
    `"records"` (JSON text sequences) are streams, of which `type` is that of each item. `"location"`, of a redirect, is
    the URL that it leads to. `events` has the types of events by their names; without it, all have the same `type`.
    """

    media_type: str
    type: Any
    decode: Literal["json", "text", "bytes", "any", "location", "events", "lines", "records"] = "json"
    events: tuple[EventData, ...] = ()


class Header(Struct, frozen=True):
    """A documented header of a response, and the type that its text is read as."""

    name: str
    type: Any
    required: bool = False


class Pagination(Struct, frozen=True):
    """How an operation gets the next page of its list, which is at `items` in its success.

    `kind` is "link" (the property `next`, or a `Link` header without it, has the URL), "cursor" (the property `next` of
    the success fills `parameter`), "last-item" (that of the last item does), "offset" or "page" (`parameter` counts
    items, or pages from `first` on). `parameter` and `limit` are Python names, of a property of the body wire names
    (`in_body`). The properties `more`, `total` and `pages` say whether there are more, and how many in all. `size` is
    the documented default of `limit`. Paths are wire names; an empty one is nowhere, that of `items` the root.
    """

    kind: Literal["link", "cursor", "last-item", "offset", "page"]
    items: tuple[str, ...] = ()
    parameter: str = ""
    in_body: bool = False
    next: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    limit: str = ""
    size: int = 0
    first: int = 0


class Operation(Struct, Generic[T], frozen=True, eq=False, dict=True):
    """One operation of the API, whose success is a `T`.

    `path` has `{wire}` placeholders. `server` replaces the API's server where the operation names
    its own; a relative one is resolved against the API's. `bodies` are the request bodies that it
    takes; the first one is sent unless `sending` chooses another.
    `responses` maps a status (`"200"`), a range (`"4XX"`) or `"default"` to the documented content;
    None means that there is no content. `headers` has the documented headers of some of them. `pagination` says how
    further pages of a list follow, where there are any. Callers themselves describe an operation that is not
    `is_documented`, whose path has no placeholders.
    """

    name: str
    method: str
    path: str
    responses: Mapping[str, Content | None]
    parameters: tuple[Parameter, ...] = ()
    security: Security = ()
    server: str = ""
    bodies: tuple[Body, ...] = ()
    headers: Mapping[str, tuple[Header, ...]] = {}
    pagination: Pagination | None = None
    is_documented: bool = True

    def sending(self, media_type: str) -> Operation[T]:
        """The same operation, whose body is sent as `media_type`.

        Raises:
            ValueError: it is not one of the documented media types.
        """
        for body in self.bodies:
            if body.media_type == media_type:
                return replace(self, bodies=(body,))
        known = ", ".join(body.media_type for body in self.bodies)
        raise ValueError(f"content_type cannot be {media_type!r}; {self.name} takes {known}")


class Api(Struct, frozen=True):
    """What all operations of one API share.

    `security` holds the distinct requirements of all operations, so that credentials which can
    work for none of them are refused when the client is made. `own_servers` are those that operations
    name for themselves. `base_url_environment` is the environment variable that gives a `base_url` which is not passed
    (empty: there is none).
    """

    distribution: str
    version: str
    server: str
    variables: tuple[ServerVariable, ...] = ()
    credentials: tuple[Credential, ...] = ()
    globals: tuple[Global, ...] = ()
    security: tuple[Security, ...] = ()
    own_servers: tuple[str, ...] = ()
    base_url_environment: str = ""

    @property
    def user_agent(self) -> str:
        """The User-Agent of every request (RFC 9110, 10.1.5)."""
        return f"{self.distribution}/{self.version}"
