"""The discriminator of a union -> which of its members each value stands for.

The mapping says so (OpenAPI 3.1, section 4.8.25), and so do the values that members list for their own property. Where
both disagree, the members count, as a payload has to satisfy them: otherwise what it holds would be lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import combinations, islice

from ..document.problems import Problems, abridged
from ..document.tree import Array, Object
from ..simplify.discriminators import are_told_apart, property_values
from ..simplify.schemas import component_name
from .model import Discriminator
from .schema_types import TypeReader
from .types import Ref, Type, alternatives

_MOST_COMPARED = 40
"""How many classes of a union are compared with each other: unions can be nested in hundreds of others."""
_SHOWN = 3
_HINT = "an overlay can correct the mapping, or what the members list"


def read_discriminator(schema: Object, type_: Type, types: TypeReader, problems: Problems) -> Discriminator | None:
    """The discriminator of a union, which is of type `type_`; None if it has none, or none whose values are known."""
    declared = schema.get("discriminator")
    return _Reader(declared, type_, types, problems).read() if isinstance(declared, Object) else None


def report_indistinct(
    schema: Object, type_: Type, discriminator: Discriminator | None, types: TypeReader, problems: Problems
) -> None:
    """Report the first two members that one object can satisfy, though each lacks properties of the other."""
    named = {name for _, name in discriminator.values} if discriminator else set[str]()
    for first, second in combinations(sorted(islice(_classes(type_, types), _MOST_COMPARED)), 2):
        declared = [set(types.schemas[name].get("properties") or ()) for name in (first, second)]
        if {first, second} <= named or declared[0] <= declared[1] or declared[1] <= declared[0]:
            continue
        if are_told_apart(types.schemas, types.schemas[first], types.schemas[second]):
            continue
        missing = [abridged(map(repr, sorted(a - b)), _SHOWN) for a, b in (declared[::-1], declared)]
        lacks = f"{first} lacks {missing[0]}, {second} lacks {missing[1]}"
        message = (
            f"{first} and {second} cannot always be told apart: {lacks}; an object with both is read as one of them"
        )
        hint = "an overlay can add a discriminator, or a constant to each of them"
        problems.warning("indistinct-members", schema.where("anyOf"), message, hint)
        return


def _text(value: str | float | bool) -> str:
    """A value as the key of a mapping, which is text whatever the type of the property is."""
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Reader:
    """Reads the discriminator of one union."""

    def __init__(self, declared: Object, type_: Type, types: TypeReader, problems: Problems) -> None:
        self.declared, self.types, self.problems = declared, types, problems
        self.wire: str = declared["propertyName"]
        self.members = [member.name for member in alternatives(type_) if isinstance(member, Ref)]
        self.bases = {component_name(reference) for reference in declared["x-base"].values()}
        classes = _classes(type_, types)
        self.listed = {
            name: tuple(map(_text, property_values(types.schemas, types.schemas[name], self.wire))) for name in classes
        }
        """The values that each class of the union lists for its own property; () where these are not limited."""

    def read(self) -> Discriminator | None:
        """The values with their members. A payload with any other value is told by its other properties."""
        values = self._values_of_inline_members()
        values |= self._mapped(values)
        for value, reference in self.declared["x-base"].items():
            values.setdefault(value, component_name(reference))
        shared: dict[tuple[str, ...], list[str]] = {}
        for value, names in self._claims().items():
            if len(names) == 1:
                values.setdefault(value, names[0])
            elif value not in values:
                shared.setdefault(tuple(names), []).append(value)
        for value, reference in self.declared["x-names"].items():
            if component_name(reference) in set(self.members) - set(values.values()):
                values.setdefault(value, component_name(reference))
        for classes, shared_values in shared.items():
            self._report_shared(classes, shared_values)
        return Discriminator(self.wire, tuple(values.items())) if values else None

    def _values_of_inline_members(self) -> dict[str, str]:
        """The values of members that were referred to, until other keywords beside the union were added to them."""
        values: dict[str, str] = {}
        for name in self.members:
            given = self.types.schemas[name].get("x-discriminator-values")
            values |= dict.fromkeys(given if isinstance(given, Array) else (), name)
        return values

    def _mapped(self, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """The values of the mapping with their members, except those that other members list in their property."""
        mapping, claims = self.declared["mapping"], self._claims()
        for value, reference in mapping.items():
            name = self.types.target(component_name(reference))
            if value in known:
                continue
            if name not in self.listed and name not in self.members:
                message = f"the discriminator value {value!r} stands for {name}, which is not a member of the union"
                self.problems.warning("unknown-mapping", mapping.where(value), f"{message}; left out")
                continue
            if self.listed.get(name) and value not in self.listed[name]:
                self._report_contradiction(value, name, claims.get(value, []))
                if value in claims:
                    continue
            yield value, name

    def _claims(self) -> dict[str, list[str]]:
        """For each value the classes that list it; a parent has no claim to what its subtypes narrow down."""
        claims: dict[str, list[str]] = {}
        for name, listed in self.listed.items():
            for value in listed:
                claims.setdefault(value, []).append(name)
        for value, names in claims.items():
            subtypes = [name for name in names if name not in self.bases]
            bases = [name for name in names if name in self.bases]
            if subtypes and all(set(self.listed[s]) < set(self.listed[b]) for s in subtypes for b in bases):
                claims[value] = subtypes
        return claims

    def _report_contradiction(self, value: str, name: str, claimants: list[str]) -> None:
        own = ", ".join(map(repr, self.listed[name]))
        message = f"the mapping says that {value!r} is {name}, which lists {own} for {self.wire!r}"
        if len(claimants) == 1:
            message = f"{message}; it is read as {claimants[0]}, which lists it"
        elif claimants:
            message = f"{message}; {_joined(claimants)} list it, and the other properties tell which of them it is"
        else:
            message = f"{message}; it is read as {name}, as no other member lists it"
        self.problems.warning("discriminator-conflict", self.declared["mapping"].where(value), message, _HINT)

    def _report_shared(self, names: tuple[str, ...], values: list[str]) -> None:
        listed = ", ".join(map(repr, values))
        message = f"{_joined(names)} list {listed} alike for {self.wire!r}; their other properties tell them apart"
        self.problems.warning("shared-discriminator-value", self.declared.where("propertyName"), message, _HINT)


def _classes(type_: Type, types: TypeReader) -> Iterator[str]:
    """The names of the classes in a union, and in the unions among its members, each once."""
    seen: set[str] = set()
    pending = deque(alternatives(type_))
    while pending:
        member = pending.popleft()
        if not isinstance(member, Ref) or member.name in seen:
            continue
        seen.add(member.name)
        if types.aliases.is_alias(member.name):
            pending += alternatives(types.alias_type(member.name))
        else:
            yield member.name


def _joined(names: tuple[str, ...] | list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
