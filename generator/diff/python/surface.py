"""What callers can see of a client package: its names, signatures, attributes and values of enums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...document.problems import Source
from ...ir.model import EnumValue
from ...python.expressions import MODELS, Annotation, Name, names_in

Security = tuple[frozenset[str], ...]
"""The alternatives of a call: combinations of constructor arguments that suffice; an empty one is "none needed"."""


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
    """The variable that stands in for an argument of the constructor."""
    form: str = ""
    """How the items of a list are written."""
    values: tuple[str, ...] = ()
    """The only ones that an argument of the constructor may have; () is any."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A documented error: the status, its class, and what is read into its `body`."""

    status: str
    name: str
    body: Annotation
    source: Source
    description: str


@dataclass(frozen=True, slots=True)
class Header:
    """A documented header, which raw responses have as a value."""

    name: str
    status: str
    annotation: Annotation
    source: Source


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the clients. `operation` is what it calls, with path variables unnamed."""

    name: str
    """`runs.get` for one of a group."""
    operation: str
    streams: bool
    """Whether it reads item by item what another method reads as a whole."""
    server: str
    """The URL of its own that it is sent to, if any."""
    media_type: str
    """That of the body, if any, unless callers say otherwise."""
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

    def annotations(self) -> tuple[Annotation, ...]:
        """All annotations of the method."""
        bodies = (error.body for error in self.raises)
        return (self.returns, *bodies, *(parameter.annotation for parameter in self.parameters))


@dataclass(frozen=True, slots=True)
class Function:
    """A function that reads a webhook. `wire` tells which one, whatever the function's name is."""

    name: str
    wire: str
    returns: Annotation
    source: Source
    description: str
    deprecated: bool


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a model."""

    name: str
    wire: str
    annotation: Annotation
    required: bool
    source: Source
    description: str
    deprecated: bool


@dataclass(frozen=True, slots=True)
class Class:
    """A model, an enum, or an alias: `base` is "str" or "int" for an enum, `members` what an alias stands for."""

    name: str
    base: str
    attributes: tuple[Attribute, ...]
    values: tuple[EnumValue, ...]
    source: Source
    description: str
    deprecated: bool
    members: Annotation | None = None

    @property
    def kind(self) -> str:
        """Which of the three it is."""
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
    """The URL that requests are sent to, unless callers say otherwise."""
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
