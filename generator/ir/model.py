"""The intermediate representation: what an API description means, as frozen values.

Rendering, checking and comparing all read this and nothing else. Names are decided here; spec text is still raw.
"""

from __future__ import annotations

import re
from dataclasses import field
from functools import lru_cache
from typing import Any, Literal

from ..document.media_types import base_name
from ..document.problems import LeftOut, Problem, Source
from ..interpreter.fast_dataclasses import dataclass
from ..options import UNDECIDED, Options
from ..polling import USUAL, Polling
from ..versions import NEVER_RELEASED, Release
from .access.model import Alternative, Global, SecurityScheme, Server
from .pages.model import Pagination
from .types import Restrictions, Type

Location = Literal["path", "query", "header", "cookie"]
Requirement = tuple[tuple[str, ...], ...]
"""Alternatives, of which any suffices; each is the names of security schemes that are needed together."""


@lru_cache(maxsize=10_000)
def without_names(path: str) -> str:
    """A path or route with `{}` for each of its variables."""
    return re.sub(r"{[^{}]*}", "{}", path)


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a model: `name` in Python, `wire` in JSON; `constants`: a number's only values."""

    name: str
    wire: str
    type: Type
    required: bool
    source: Source
    description: str = ""
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False
    default: str = ""
    """The documented default as JSON text; "" when there is none."""
    constants: tuple[float, ...] = ()
    type_source: Source | None = None
    """Where its type is written, if the document only refers to it; None where that is at the property."""
    examples: tuple[Any, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Model:
    """An object with declared properties, in the document's order."""

    name: str
    fields: tuple[Field, ...]
    source: Source
    description: str = ""
    deprecated: bool = False
    additional: Type | None = None
    """The type of properties beyond the declared ones; None when the document forbids them."""
    additional_field: Field | None = None
    """The attribute for these, with "" as `wire`; None where the document does not say that there are any."""
    restrictions: Restrictions = ()

    @property
    def attributes(self) -> tuple[Field, ...]:
        """The fields, and the one for additional properties, if any."""
        return self.fields if self.additional_field is None else (*self.fields, self.additional_field)


@dataclass(frozen=True, slots=True)
class EnumValue:
    """One documented value of an enum; `name` is its constant's."""

    name: str
    value: str | int
    source: Source
    description: str = ""


@dataclass(frozen=True, slots=True)
class Enum:
    """A list of values, closed in the document; the generated class accepts further ones; one value has no class."""

    name: str
    values: tuple[EnumValue, ...]
    source: Source
    description: str = ""
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Discriminator:
    """The property `wire`, whose value says which member of a union is meant (OpenAPI 3.1, section 4.8.25)."""

    wire: str
    values: tuple[tuple[str, str], ...]
    """A discriminator value, and the name of the class that it stands for."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A type with a name of its own: a union whose members JSON types do not distinguish, or a type inside itself.

    Null is never among the members: whoever refers to an alias says so."""

    name: str
    type: Type
    source: Source
    description: str = ""
    deprecated: bool = False
    discriminator: Discriminator | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation; `style` and `explode` are effective values (OpenAPI 3.1, section 4.8.12)."""

    name: str
    wire: str
    location: Location
    type: Type
    required: bool
    style: str
    explode: bool
    source: Source
    description: str = ""
    deprecated: bool = False
    default: str = ""
    from_client: bool = False
    """Filled by a constructor argument of the client (`x-speakeasy-globals-hidden`)."""
    media_type: str = ""
    """The media type in which the value is written, where the document says so by `content`; "" where `style` does."""
    allow_reserved: bool = False
    """Whether reserved characters stay as they are; in a query only."""
    allow_empty: bool = False
    """Whether nothing can be sent as an empty value (`allowEmptyValue`); in a query only."""
    type_source: Source | None = None
    """Where its type is written, if the document only refers to it; None where that is at the parameter."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one property of a form or multipart body is written (OpenAPI 3.1, section 4.8.15); "" if nothing is given."""

    wire: str
    media_type: str = ""
    style: str = ""
    """The effective style; "" where the document gives neither `style` nor `explode` nor `allowReserved`."""
    explode: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """A media type of a body or a response; `type` is None without a schema, and of events that of the data of each.

    `events` has it by the event's name ("" for others) if the document describes whole events. A body whose parts or
    fields would have no names cannot be sent."""

    media_type: str
    type: Type | None
    source: Source
    encodings: tuple[Encoding, ...] = ()
    events: tuple[tuple[str, Type], ...] = ()
    can_be_sent: bool = True
    examples: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def base_name(self) -> str:
        """The media type without its parameters."""
        return base_name(self.media_type)


@dataclass(frozen=True, slots=True)
class Body:
    """A request body."""

    content: tuple[Media, ...]
    required: bool
    source: Source
    description: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """A documented header of a response."""

    name: str
    type: Type
    required: bool
    source: Source
    description: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """A response: `status` is a code ("404"), a range ("4XX") or "default"."""

    status: str
    content: tuple[Media, ...]
    source: Source
    description: str = ""
    headers: tuple[Header, ...] = ()

    @property
    def success(self) -> bool:
        """Whether this is the response of a call that worked."""
        return self.status.startswith("2")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request that the API sends: a webhook, or a callback of an operation. `wire` is its key in the document."""

    name: str
    wire: str
    method: str
    body: Body | None
    source: Source
    summary: str = ""
    description: str = ""
    expression: str = ""
    """The URL of a callback, as a runtime expression (OpenAPI 3.1, section 4.8.20.4); "" for a webhook."""
    operation: str = ""
    """The dotted name of the operation whose callback it is; "" for a webhook."""
    headers: tuple[tuple[str, str], ...] = ()
    """Names and descriptions of the headers that come with it."""
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of a tag, or of tags of the same name, first `tag`: an attribute and a module `name`, a class.

    Where paths make the groups, `tag` is "" and `segment` what the paths share."""

    name: str
    class_name: str
    tag: str
    description: str = ""
    segment: str = ""

    @property
    def title(self) -> str:
        """The tag or the segment, as the document has it."""
        return " ".join((self.tag or f"/{self.segment}").split())


@dataclass(frozen=True, slots=True)
class Operation:
    """One call. `security` and `servers` are effective: the operation's own over the path's over the document's."""

    name: str
    method: str
    path: str
    source: Source
    parameters: tuple[Parameter, ...]
    body: Body | None
    responses: tuple[Response, ...]
    security: Requirement
    servers: tuple[Server, ...]
    own_servers: bool = False
    """Whether `servers` differ from the document's."""
    operation_id: str = ""
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    deprecated: bool = False
    group: str = ""
    """The name of its group; "" where it is the client's own method."""
    alternatives: tuple[Alternative, ...] = ()
    """What `security` is made of, with scopes and with what a client cannot send by itself."""
    pagination: Pagination | None = None
    """How it gets the next page of a list; None where it has none, or nothing is certain."""

    @property
    def dotted_name(self) -> str:
        """Its method, seen from a client: `runs.get`, or `get_run` where it is in no group."""
        return f"{self.group}.{self.name}" if self.group else self.name

    @property
    def named_route(self) -> str:
        """Method and path, as the document has them: "GET /runs/{run_id}"."""
        return f"{self.method} {self.path}"

    @property
    def route(self) -> str:
        """Method and path without the names of its variables, which do not matter on the wire: "GET /runs/{}"."""
        return without_names(self.named_route)


@dataclass(frozen=True, slots=True)
class Api:
    """Everything that a document describes."""

    title: str
    version: str
    source: Source
    description: str = ""
    servers: tuple[Server, ...] = ()
    base_url_environment: str = ""
    """The environment variable that gives the client's `base_url` where callers do not."""
    schemes: tuple[SecurityScheme, ...] = ()
    globals: tuple[Global, ...] = ()
    operations: tuple[Operation, ...] = ()
    models: tuple[Model, ...] = ()
    enums: tuple[Enum, ...] = ()
    aliases: tuple[Alias, ...] = ()
    groups: tuple[Group, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    losses: tuple[Problem, ...] = ()
    operations_cut: int = 0
    """The number of operations that the options leave out, and of webhooks."""
    webhooks_cut: int = 0
    unmatched: tuple[Problem, ...] = ()
    """The errors of patterns in the options that name no operation, where these are allowed."""
    options: Options = UNDECIDED
    """What was decided, by the user or for lack of a user's decision."""


@dataclass(frozen=True, slots=True)
class Package:
    """A client package to be generated: its public names and its API."""

    distribution: str
    module: str
    client: str
    """The class name's stem: `Dify` for `DifyClient` and `AsyncDifyClient`."""
    origin: str
    """What the files say they were generated from: `specs/dify`."""
    api: Api
    documentation: str = ""
    """URL of the page that the description was taken from."""
    license: str = ""
    """SPDX expression; "" leaves the choice to whoever generates the package."""
    misfits: tuple[Problem, ...] = ()
    """The errors of overlay actions and options that the document has outgrown, where these are allowed."""
    polling: Polling = USUAL
    """How often a run is asked for while somebody waits for it."""
    release: Release = NEVER_RELEASED
