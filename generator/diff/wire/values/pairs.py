"""A JSON value in two versions, and findings about it: a parameter, a body, or a value inside either."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Literal

from ....document.problems import Source
from ....interpreter.fast_dataclasses import dataclass
from ....ir.model import Body, Field, Header, Parameter
from ....ir.types import Ref, Type, UnionOf, without_null
from ...finding import Finding
from .context import Classes
from .json_types import in_words

Site = Literal["parameter", "request", "response"]
"""Where a value is sent: in a parameter, in the body of a request, or in a response."""
Serialization = Literal["json", "text", "parts", "part"]
"""How a value is written: as JSON; as text, which has neither null nor numbers; as a multipart body, of which
each property is a part; as such a part, in which a scalar is text and an object is JSON."""
_CanBeRequired = Parameter | Body | Header


@dataclass(frozen=True, slots=True)
class SiteRules:
    """The ids of the rules for one change, by where the value that changes is sent."""

    parameter: str
    request: str
    response: str

    @classmethod
    def by_direction(cls, request: str, response: str) -> SiteRules:
        """The ids where parameters and request bodies share a rule."""
        return cls(request, request, response)

    def at(self, site: Site) -> str:
        """The id for a value that is sent at `site`."""
        return {"parameter": self.parameter, "request": self.request, "response": self.response}[site]


@dataclass(frozen=True, slots=True)
class Value:
    """A value in one version: its type, the classes that its type refers to, and its annotations."""

    type: Type
    source: Source
    classes: Classes
    description: str = ""
    deprecated: bool = False
    default: str = ""
    """As JSON; "" when there is none."""
    type_source: Source | None = None
    """The component to which the document refers for its type, null included."""
    annotated: bool = True
    """Whether its annotations can be compared: a union has none, unless it is a property's or parameter's type."""

    @classmethod
    def of_type(cls, type_: Type, source: Source, classes: Classes) -> Value:
        """A value that has only a type: the root of a body, an item of a list, a member of a union."""
        bare = without_null(type_)
        if isinstance(bare, Ref):
            class_ = classes[bare.name]
            return cls(type_, source, classes, class_.description, class_.deprecated, annotated=bare == type_)
        return cls(type_, source, classes, annotated=not isinstance(type_, UnionOf))

    @classmethod
    def of_field(cls, field: Field, classes: Classes) -> Value:
        """The value of a property, with the annotations of its class where the property has none."""
        of_class = cls.of_type(field.type, field.source, classes)
        description, deprecated = field.description or of_class.description, field.deprecated or of_class.deprecated
        annotations = description, deprecated, field.default
        return cls(field.type, field.source, classes, *annotations, field.type_source)

    @classmethod
    def of_parameter(cls, parameter: Parameter, classes: Classes) -> Value:
        """The value of a parameter, with its own annotations only."""
        annotations = parameter.description, parameter.deprecated, parameter.default
        return cls(parameter.type, parameter.source, classes, *annotations, parameter.type_source)

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What identifies the value as long as it exists: types that are equal can have different restrictions."""
        places = id(self.type), id(self.source), id(self.type_source)
        return *places, self.annotated, self.deprecated, self.default, self.description

    def inner(self, type_: Type) -> Value:
        """A value inside this one, which has only a type."""
        return self.of_type(type_, self.source, self.classes)

    def in_words(self, type_: Type | None = None) -> str:
        """A type of this version in words: its own, unless given."""
        return in_words(self.type if type_ is None else type_, self.classes)


@dataclass(frozen=True, slots=True)
class ValuePair:
    """A value in both versions."""

    site: Site
    root: str
    """The body, response or parameter that it is in, in words."""
    old: Value
    new: Value
    serialization: Serialization = "json"
    pointer: str = ""
    """Where it is below `root`, like a JSON Pointer; see `inside` and `member`."""

    @property
    def is_text(self) -> bool:
        """Whether a scalar here is written as text."""
        return self.serialization in ("text", "part")

    @property
    def place(self) -> str:
        """Where the value is, as findings say it."""
        return f"{self.root} {self.pointer}".strip()

    @property
    def form(self) -> tuple[Hashable, ...]:
        """How the values are sent."""
        return self.site, self.serialization

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What identifies the values, wherever they are, as long as the pair exists."""
        return *self.form, *self.old.key, *self.new.key

    def at_root(self) -> ValuePair:
        """The same values as if they were the body, response or parameter."""
        return replace(self, root="", pointer="")

    def inside(self, token: str, old: Value, new: Value) -> ValuePair:
        """A value inside this one: `token` is a property's name, `*` for items of a list, `{}` for values of a map."""
        serialization = self.serialization
        if serialization in ("parts", "part"):
            serialization = "part" if serialization == "parts" or token == "*" else "json"
        return ValuePair(self.site, self.root, old, new, serialization, f"{self.pointer}/{token}")

    def member(self, label: str, old: Value, new: Value) -> ValuePair:
        """A member of the union that this value is: "/pet/(cat)"."""
        return ValuePair(self.site, self.root, old, new, self.serialization, f"{self.pointer}/({label})")

    def at_component(self) -> ValuePair:
        """The same at the component to which both versions refer for the type, if it is one: what changed is there."""
        old, new = self.old.type_source, self.new.type_source
        return self.at(old, new) if old and new and old.pointer == new.pointer else self

    def at_type(self) -> ValuePair:
        """The same at the component, or at the class of its values that are not null."""
        old, new = without_null(self.old.type), without_null(self.new.type)
        if isinstance(old, Ref) and isinstance(new, Ref) and old.name == new.name:
            return self.at(self.old.classes[old.name].source, self.new.classes[new.name].source)
        return self.at_component()

    def at(self, old: Source, new: Source) -> ValuePair:
        """The same at other places of the document."""
        return replace(self, old=replace(self.old, source=old), new=replace(self.new, source=new))

    def finding(
        self, rule: str | SiteRules, before: str, after: str, old: Source | None = None, new: Source | None = None
    ) -> Finding:
        """A finding about this value, under the rule for its site."""
        id_ = rule.at(self.site) if isinstance(rule, SiteRules) else rule
        return Finding(id_, self.place, before, after, old or self.old.source, new or self.new.source)


def compare_required(
    became_required: str, became_optional: str, place: str, old: _CanBeRequired, new: _CanBeRequired
) -> Iterator[Finding]:
    """The finding about a parameter, body or header that became required or optional."""
    if new.required and not old.required:
        yield Finding(became_required, place, "optional", "required", old.source, new.source)
    elif old.required and not new.required:
        yield Finding(became_optional, place, "required", "optional", old.source, new.source)
