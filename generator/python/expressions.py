"""Expressions of generated code as values: annotations, calls, declarations, and the names in them.

A name says what it is imported from. `code_of` prints a value, in the way that one module has to write it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..interpreter.fast_dataclasses import dataclass
from .quoting import Code

MODELS, CORE = "models", "workflow_client_core"
PREFIXES = {MODELS: "_models", CORE: "_core"}
"""The aliases of these modules in the modules of a package that make calls."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the module that it is imported from, which is "" for builtins and literals."""

    name: str
    module: str = ""
    alias: str = ""
    """The alias that it is imported under, where a field or a method could have the same name."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an annotation: `str`, or `list` with the annotations in its brackets."""

    name: Name
    arguments: tuple[Annotation, ...] = ()

    def __str__(self) -> str:
        """The member as `diff` shows it, without modules."""
        return self.name.name + (f"[{', '.join(map(str, self.arguments))}]" if self.arguments else "")


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation: the union of its distinct members, in the document's order."""

    members: tuple[Member, ...]

    def __str__(self) -> str:
        """The annotation as `diff` shows it, without modules."""
        return " | ".join(map(str, self.members))

    def renamed(self, names: Mapping[Name, Name]) -> Annotation:
        """The annotation with other names; names that are not in `names` stay."""
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


@dataclass(frozen=True, slots=True)
class Declaration:
    """A name with its annotation and its default; None: it has to be given."""

    name: Code
    annotation: Annotation
    default: Value | None = None


Value = Code | Name | Annotation | Call | tuple["Value", ...]
"""What an argument can be; `Code` is a literal."""


def annotated(name: Name, *arguments: Annotation) -> Annotation:
    """An annotation of one member."""
    return Annotation((Member(name, arguments),))


STR, BYTES, NONE = (annotated(Name(name)) for name in ("str", "bytes", "None"))
ANY = annotated(Name("Any", "typing"))


def union(annotations: Iterable[Annotation]) -> Annotation:
    """The union of annotations, in their order."""
    return Annotation(tuple(dict.fromkeys(member for a in annotations for member in a.members)))


def either(annotations: Iterable[Annotation]) -> Annotation:
    """The annotation of one of several values: `Any` if one of them is `Any`; `None` last, or alone without values."""
    members = union(annotations).members or NONE.members
    if {*ANY.members} <= {*members}:
        return ANY
    return Annotation(tuple(sorted(members, key=lambda member: member in NONE.members)))


def call(function: Name, *values: Value, **keywords: Value) -> Call:
    """A call with these arguments."""
    return Call(function, (*(("", value) for value in values), *keywords.items()))


def code_of(value: Value | Declaration, module: str = "") -> Code:
    """A value as a module writes it: `models.py` (`MODELS`), or the modules that make calls ("")."""
    if isinstance(value, Code):
        return value
    if isinstance(value, Name):
        in_calls = not module and value.module in PREFIXES
        return Code(f"{PREFIXES[value.module]}.{value.name}" if in_calls else value.alias or value.name)
    if isinstance(value, Annotation):
        return Code(" | ".join([_member_code(member, module) for member in value.members]))
    if isinstance(value, Call):
        return Code(f"{code_of(value.function, module)}({', '.join(argument_codes(value, module))})")
    if isinstance(value, Declaration):
        ending = "" if value.default is None else f" = {code_of(value.default, module)}"
        return Code(f"{value.name}: {code_of(value.annotation, module)}{ending}")
    return Code(f"({''.join(f'{code_of(item, module)}, ' for item in value).rstrip()})")


def argument_codes(value: Call, module: str = "") -> list[str]:
    """The arguments of a call as a module writes them."""
    codes = ((keyword, code_of(argument, module)) for keyword, argument in value.arguments)
    return [f"{keyword}={code}" if keyword else code for keyword, code in codes]


def _member_code(member: Member, module: str) -> str:
    name = code_of(member.name, module)
    return (
        f"{name}[{', '.join([code_of(argument, module) for argument in member.arguments])}]"
        if member.arguments
        else name
    )


def names_in(*values: Value | Declaration) -> Iterator[Name]:
    """The names that values mention, at any depth."""
    for value in values:
        match value:
            case Name():
                yield value
            case Annotation(members):
                for member in members:
                    yield from names_in(member.name, *member.arguments)
            case Call(function, arguments):
                yield from names_in(function, *(argument for _, argument in arguments))
            case Declaration(_, annotation, default):
                yield from names_in(annotation, default or ())
            case tuple():
                yield from names_in(*value)
