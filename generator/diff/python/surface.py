"""What callers can see of a client package: its names, signatures, attributes and values of enums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...document.problems import Source
from ...interpreter.fast_dataclasses import dataclass
from ...ir.model import EnumValue
from ...python.expressions import MODELS, Annotation, Name, names_in

Security = tuple[frozenset[str], ...]
"""The alternatives of a call: each is a combination of constructor arguments that suffices; the empty one is none."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a method, or of the constructor. `wire` is what it fills, whatever its name is."""

    name: str
    wire: str
    annotation: Annotation
    required: bool
    keyword_only: bool
    source: Source
    description: str
    deprecated: bool = False
    environment: str = ""
    """The environment variable that is read when an argument of the constructor is not given."""
    style: str = ""
    """How the items of a list are written."""
    in_path: bool = False
    url_position: tuple[str, bool] | None = None
    """Of an argument for a server variable: the URL before the variable, and whether more of the host follows."""
    values: tuple[str, ...] = ()
    """The only values that an argument for a server variable may have, or the only keys of `server_urls`; () is any."""
    type_source: Source | None = None
    """The component to which the document refers for its type."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A documented error: the status, its class, and what is read into its `body`."""

    status: str
    name: str
    body: Annotation
    source: Source
    description: str
    body_source: Source
    """Where the document describes the body; the response where it describes none."""


@dataclass(frozen=True, slots=True)
class Header:
    """A documented header, which raw responses have as a value."""

    name: str
    status: str
    annotation: Annotation
    source: Source
    answer: Source
    """The response that has it."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the clients. `operation` is the `route` of what it calls, `call` the same with named variables."""

    name: str
    """`runs.get` for a method of a group."""
    operation: str
    new_operation: str
    """The `operation` of the new version; "" where it has none."""
    call: str
    urls: frozenset[str]
    """Where it is sent to, unless callers say otherwise: URLs with `{}` for the variables of paths."""
    streams: bool
    """Whether it reads item by item what another method reads as a whole."""
    server: str
    """The URL that the operation is sent to in place of the client's; "" where it has none."""
    media_type: str
    """The media type of the body, unless callers choose another; "" without a body."""
    bodies: tuple[tuple[str, str], ...]
    """The media types that the body can have, each with how it is written."""
    parameters: tuple[Parameter, ...]
    returns: Annotation
    raises: tuple[Raised, ...]
    headers: tuple[Header, ...]
    """() where the method `streams`: the other method has them."""
    security: Security
    source: Source
    description: str
    deprecated: bool
    returns_source: Source
    """Where the document describes what it returns."""
    pages: str = ""
    """How `paginated` gets the next page; "" where it does not have the method."""

    def annotations(self) -> tuple[Annotation, ...]:
        """All annotations of the method."""
        bodies = (error.body for error in self.raises)
        return (self.returns, *bodies, *(parameter.annotation for parameter in self.parameters))


@dataclass(frozen=True, slots=True)
class Function:
    """A function that reads a webhook. `wire` identifies the webhook, whatever the function's name is."""

    name: str
    wire: str
    returns: Annotation
    source: Source
    description: str
    deprecated: bool


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a model; a `constant` has its value where callers do not give any."""

    name: str
    wire: str
    annotation: Annotation
    required: bool
    source: Source
    description: str
    deprecated: bool
    constant: bool = False
    type_source: Source | None = None
    """The component to which the document refers for its type."""


@dataclass(frozen=True, slots=True)
class Class:
    """A model, an enum, or an alias: `base` is "str" or "int" for an enum, `members` the type of an alias."""

    name: str
    source: Source
    description: str
    deprecated: bool
    base: str = ""
    attributes: tuple[Attribute, ...] = ()
    values: tuple[EnumValue, ...] = ()
    members: Annotation | None = None

    @property
    def kind(self) -> str:
        """The word for it in findings."""
        return "enum" if self.base else "alias" if self.members else "model"

    @property
    def in_annotations(self) -> Name:
        """Its name in annotations."""
        return Name(self.name, MODELS)

    def annotations(self) -> tuple[Annotation, ...]:
        """All annotations of the class."""
        members = (self.members,) if self.members else ()
        return (*(attribute.annotation for attribute in self.attributes), *members)


@dataclass(frozen=True, slots=True)
class Surface:
    """All of a package that callers' code can mention."""

    client: str
    server: str
    """The URL that requests are sent to, unless callers say otherwise; "" where they have to."""
    base: str
    """The URL that callers replace by one of theirs, which may be relative."""
    constructor: tuple[Parameter, ...]
    methods: tuple[Method, ...]
    webhooks: tuple[Function, ...]
    classes: tuple[Class, ...]
    received: frozenset[str]
    """The classes that methods return, or that errors carry, or that webhooks are read as."""
    passed: frozenset[str]
    """The classes that callers build, because a method takes them."""
    source: Source
    description: str


def mentioned_classes(annotations: Iterable[Annotation], classes: Iterable[Class]) -> frozenset[str]:
    """The classes that annotations mention, and those that these mention, and so on."""
    mentions = {class_.name: [*_classes_in(class_.annotations())] for class_ in classes}
    mentioned = set[str]()
    todo = {*_classes_in(annotations)}
    while todo:
        mentioned |= todo
        todo = {inner for name in todo for inner in mentions[name]} - mentioned
    return frozenset(mentioned)


def _classes_in(annotations: Iterable[Annotation]) -> Iterator[str]:
    return (name.name for name in names_in(*annotations) if name.module == MODELS)
