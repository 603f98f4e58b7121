"""Expressions of generated code as values: annotations, calls, and the names in them with what they are imported from.

Stages before the templates build and compare these; `code` prints them last, as one module has to write them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .quoting import Code

MODELS = "models"
"""The module of a client package that holds its classes; `models.py` itself writes their names alone."""
CORE = "workflow_client_core"
PREFIXES = {MODELS: "_models", CORE: "_core"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the module that it is imported from, which is "" for builtins and literals."""

    name: str
    module: str = ""
    alias: str = ""
    """What it is imported as, where a field or a method could have the same name."""

    def code(self, module: str = "") -> Code:
        """The name as a module writes it: `models.py` (`MODELS`), or one of those that make calls ("")."""
        if not module and self.module in PREFIXES:
            return Code(f"{PREFIXES[self.module]}.{self.name}")
        return Code(self.alias or self.name)

    def names(self) -> Iterator[Name]:
        """The name itself."""
        yield self


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an annotation: `str`, or `list` with the annotations in its brackets."""

    name: Name
    arguments: tuple[Annotation, ...] = ()

    def __str__(self) -> str:
        return self.name.name + (f"[{', '.join(map(str, self.arguments))}]" if self.arguments else "")

    def code(self, module: str = "") -> Code:
        """The member as a module writes it (see `Name.code`)."""
        arguments = ", ".join(argument.code(module) for argument in self.arguments)
        return Code(f"{self.name.code(module)}[{arguments}]" if arguments else self.name.code(module))


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation: the union of its distinct members, in the document's order."""

    members: tuple[Member, ...]

    def __str__(self) -> str:
        """The annotation for a reader: names alone."""
        return " | ".join(map(str, self.members))

    def code(self, module: str = "") -> Code:
        """The annotation as a module writes it (see `Name.code`)."""
        return Code(" | ".join(member.code(module) for member in self.members))

    def names(self) -> Iterator[Name]:
        """The names in it, at any depth."""
        for member in self.members:
            yield member.name
            for argument in member.arguments:
                yield from argument.names()

    def renamed(self, names: Mapping[Name, Name]) -> Annotation:
        """The annotation with other names; those that `names` does not hold stay."""
        return Annotation(
            tuple(
                Member(names.get(member.name, member.name), tuple(a.renamed(names) for a in member.arguments))
                for member in self.members
            )
        )


@dataclass(frozen=True, slots=True)
class Call:
    """A call: its arguments with their keywords, which are "" for positional ones."""

    function: Name
    arguments: tuple[tuple[str, Value], ...]

    def code(self, module: str = "") -> Code:
        """The call as a module writes it (see `Name.code`)."""
        return Code(f"{self.function.code(module)}({', '.join(self.argument_codes(module))})")

    def argument_codes(self, module: str = "") -> list[str]:
        """The arguments as a module writes them."""
        return [f"{key}={value_code(v, module)}" if key else value_code(v, module) for key, v in self.arguments]

    def names(self) -> Iterator[Name]:
        """The names in it, at any depth."""
        yield self.function
        for _, value in self.arguments:
            yield from value_names(value)


Value = Code | Name | Annotation | Call | tuple["Value", ...]
"""What an argument can be; `Code` is a literal."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A name with its annotation and its default; None: it has to be given."""

    name: Code
    annotation: Annotation
    default: Value | None = None

    def code(self, module: str = "") -> Code:
        """The declaration as a module writes it (see `Name.code`)."""
        default = "" if self.default is None else f" = {value_code(self.default, module)}"
        return Code(f"{self.name}: {self.annotation.code(module)}{default}")

    def names(self) -> Iterator[Name]:
        """The names that it mentions."""
        yield from self.annotation.names()
        yield from value_names(self.default or ())


def call(function: Name, *values: Value, **keywords: Value) -> Call:
    """A call with these arguments."""
    return Call(function, (*(("", value) for value in values), *keywords.items()))


def value_code(value: Value, module: str = "") -> Code:
    """A value as a module writes it (see `Name.code`)."""
    if isinstance(value, tuple):
        return Code(f"({''.join(f'{value_code(item, module)}, ' for item in value).rstrip()})")
    return value if isinstance(value, Code) else value.code(module)


def value_names(value: Value) -> Iterator[Name]:
    """The names in a value, at any depth."""
    if isinstance(value, tuple):
        for item in value:
            yield from value_names(item)
    elif not isinstance(value, Code):
        yield from value.names()


def annotated(name: Name, *arguments: Annotation) -> Annotation:
    """An annotation of one member."""
    return Annotation((Member(name, arguments),))


def union(annotations: Iterable[Annotation]) -> Annotation:
    """The union of annotations, in their order."""
    return Annotation(tuple(dict.fromkeys(member for a in annotations for member in a.members)))


def either(annotations: Iterable[Annotation]) -> Annotation:
    """What is one of several values: `Any` if one of them is, None last; None where there is none."""
    members = union(annotations).members or NONE.members
    if {*ANY.members} <= {*members}:
        return ANY
    return Annotation(tuple(sorted(members, key=lambda member: member in NONE.members)))


STR, BYTES, NONE = (annotated(Name(name)) for name in ("str", "bytes", "None"))
ANY = annotated(Name("Any", "typing"))
