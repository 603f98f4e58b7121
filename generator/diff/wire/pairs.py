"""The same value in two versions of an API, and the findings about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ...document.problems import Source
from ...ir.model import Alias, Api, Enum, Field, Model
from ...ir.types import Ref, Type, UnionOf, without_null
from ...python.methods import enum_types
from ..finding import Finding
from .unchanged import unchanged

Site = Literal["parameter", "request", "response"]
"""Where a value is sent: in a parameter, in the body of a request, or in a response."""
Writing = Literal["json", "text", "parts", "part"]
"""How values are written: as JSON; as text, which knows no null and no numbers; as the parts of a multipart body, of
which single values are text, and all else is JSON."""
Named = Model | Enum | Alias
"""What a document gives a name of its own; names are unique among all three."""
Classes = Mapping[str, Named]


@dataclass(frozen=True, slots=True)
class SiteRules:
    """The ids of the rules for one change of a value, by where the value is sent."""

    parameter: str
    request: str
    response: str

    @classmethod
    def by_direction(cls, request: str, response: str) -> SiteRules:
        """The ids where a rule holds for parameters and request bodies alike."""
        return cls(request, request, response)

    def at(self, site: Site) -> str:
        """The id for a value that is sent at `site`."""
        return {"parameter": self.parameter, "request": self.request, "response": self.response}[site]


@dataclass(frozen=True, slots=True)
class Value:
    """A value in one version: its type, and what is said beside that."""

    type: Type
    source: Source
    description: str = ""
    deprecated: bool = False
    default: str = ""
    """As JSON; "" when there is none."""
    annotated: bool = True
    """Whether `description` and `deprecated` are known. They are not where the value is a union and no property: what
    is said beside one is not kept."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One value in both versions. `root` names the body, answer or parameter that it is in, `pointer` leads on."""

    site: Site
    root: str
    pointer: str
    old: Value
    new: Value
    writing: Writing = "json"

    @property
    def as_text(self) -> bool:
        """Whether the value is written as text."""
        return self.writing in ("text", "part")

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return f"{self.root} {self.pointer}".strip()

    def inside(self, token: str, old: Value, new: Value) -> Pair:
        """A value inside of this one: `token` is a property's name, `*` for the items of a list, `{}` for a map's."""
        writing = self.writing
        if writing in ("parts", "part"):
            writing = "part" if writing == "parts" or token == "*" else "json"
        return Pair(self.site, self.root, f"{self.pointer}/{token}", old, new, writing)

    def among(self, label: str, old: Value, new: Value) -> Pair:
        """One of several alternatives of this value: "/pet/(cat)"."""
        return Pair(self.site, self.root, f"{self.pointer}/({label})", old, new, self.writing)

    def finding(
        self, rules: SiteRules, before: str, after: str, old: Source | None = None, new: Source | None = None
    ) -> Finding:
        """A finding under the one of `rules` that holds where this value is sent."""
        rule = rules.at(self.site)
        return Finding(rule, "", self.place, before, after, old or self.old.source, new or self.new.source)


@dataclass(frozen=True, slots=True)
class Sides:
    """The classes of both versions, by name."""

    old: Classes
    new: Classes
    enums: tuple[dict[str, str], dict[str, str]]
    """The names of the enums, with the kinds of their words."""
    unchanged: frozenset[str]
    """Those that need no comparing."""


def sides(old: Api | None, new: Api | None) -> Sides:
    """The classes of both versions."""
    before, after = _classes(old), _classes(new)
    words = (enum_types(old) if old else {}), (enum_types(new) if new else {})
    return Sides(before, after, words, unchanged(before, after))


def value_of(field: Field, classes: Classes) -> Value:
    """A property's value. What a class says of itself counts where the property says nothing."""
    value = plain_value(field.type, field.source, classes)
    description, deprecated = field.description or value.description, field.deprecated or value.deprecated
    return Value(field.type, field.source, description, deprecated, field.default)


def plain_value(type_: Type, source: Source, classes: Classes) -> Value:
    """A value that has nothing but a type: the root of a body, or an item of a list."""
    bare = without_null(type_)
    if isinstance(bare, Ref):
        item = classes[bare.name]
        return Value(type_, source, item.description, item.deprecated, annotated=bare == type_)
    return Value(type_, source, annotated=not isinstance(type_, UnionOf))


def _classes(api: Api | None) -> Classes:
    items: list[Named] = [*api.models, *api.enums, *api.aliases] if api else []
    return {item.name: item for item in items}
