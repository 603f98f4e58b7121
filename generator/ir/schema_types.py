"""A schema of a simplified document -> the type of the values that it describes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from ..document.problems import Problems, Source
from ..document.tree import Array, Object, source_of
from ..interpreter.fast_dataclasses import dataclass
from ..simplify.aliases import Aliases
from ..simplify.enums import CONSTANTS
from ..simplify.restrictions.record import any_of_restrictions
from ..simplify.restrictions.record import restrictions_of as recorded
from ..simplify.schemas import (
    FILE,
    TYPED_FORMATS,
    component_name,
    is_any,
    is_class,
    is_null,
    is_reference,
    reference_to,
)
from ..steps import count_steps
from .types import (
    ANY,
    CONDITION,
    EXACTLY_ONE,
    NULL,
    Constraints,
    ListOf,
    MapOf,
    Primitive,
    Ref,
    Restriction,
    Restrictions,
    Scalar,
    Type,
    UnionOf,
    alternatives,
    restricted,
    without_null,
)

_CONSTRAINTS = (
    *("pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
)
_LIST_CONSTRAINTS = ("minItems", "maxItems", "uniqueItems")
_PRIMITIVES: dict[str, Primitive] = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_NOTHING = UnionOf(())
"""What a reference adds to a union that it leads back to."""


@dataclass(frozen=True, slots=True)
class _Path:
    """The components that are written out around a schema."""

    open: frozenset[str] = frozenset()
    direct: frozenset[str] = frozenset()
    """Those without a list or a map between them and the schema: a reference to one of them is circular."""
    expands_aliases: bool = False

    def into(self, name: str) -> _Path:
        """The path inside a component."""
        return replace(self, open=self.open | {name}, direct=self.direct | {name})

    def inside_container(self) -> _Path:
        """The path of the items of a list, or the values of a map."""
        return replace(self, direct=frozenset()) if self.direct else self


_OUTSIDE, _OUTSIDE_WRITTEN = _Path(), _Path(expands_aliases=True)
"""The paths of what is not in a component: of a value, and of one that is only ever written."""


class TypeReader:
    """Reads schemas as types; schemas without a type go to `problems`.

    A reference to a class or an alias becomes a `Ref`; any other component is written out where it is used.
    """

    def __init__(self, schemas: Object, problems: Problems) -> None:
        self.schemas, self.problems = schemas, problems
        self.aliases = Aliases(schemas)
        self._targets: dict[str, str] = {}
        self._restrictions: dict[str, Restrictions] = {}
        """What each component that only refers to another one says, and those after it."""

    def type(self, schema: Any) -> Type:
        """The type of a value."""
        return self._type(schema, _OUTSIDE)

    def parameter_type(self, schema: Any) -> Type:
        """The type of a value that is only ever written. Aliases are written out: they exist for reading, where
        the members of their unions have to be distinguished."""
        return self._type(schema, _OUTSIDE_WRITTEN)

    def source(self, schema: Any) -> Source | None:
        """Where the component is to which a schema refers, also as "or null" where the component says so."""
        members = schema.get("anyOf") if isinstance(schema, Object) else None
        if isinstance(members, Array) and len(members) == 2 and is_null(members[1]):
            target = self.source(members[0])
            return target if target == members[1].source else None
        if not is_reference(schema):
            return None
        target = self.schemas[self.target(component_name(schema["$ref"]))]
        return target.source if isinstance(target, Object) and target.source.file else None

    def alias_type(self, name: str) -> Type:
        """The type that an alias names, without null."""
        return without_null(self._type(self.schemas[name], _Path(direct=frozenset((name,)))))

    def union(self, members: Iterable[Type]) -> Type:
        """The union of types: flat, each once, null last, without types that other members include."""
        members = list(members)
        types = _distinct(chain.from_iterable(map(_flat, members)))
        if ANY in types:
            return ANY if len(types) > 1 else types[0]
        schemas = (self.schemas[type_.name] for type_ in types if isinstance(type_, Ref))
        enum_types = {schema.get("type") for schema in schemas if "enum" in schema and _constant(schema) is None}
        distinct = [type_ for type_ in types if type_ != NULL and not _is_included(type_, types, enum_types)]
        distinct += [NULL] if NULL in types else []
        if len(distinct) == 1:
            return distinct[0]
        unions = (member for member in members if isinstance(member, UnionOf))
        exclusive = (r for union in unions for r in union.restrictions if r.keyword == EXACTLY_ONE)
        return UnionOf(tuple(distinct), tuple(exclusive))

    def is_structured(self, type_: Type) -> bool:
        """Whether a value can be an object or a list."""
        return any(isinstance(member, ListOf) or self._is_object(member) for member in self._alternatives(type_))

    def can_be_object(self, type_: Type) -> bool:
        """Whether a value can be an object: a model, a map, or anything."""
        return any(member == ANY or self._is_object(member) for member in self._alternatives(type_))

    def _is_object(self, member: Type) -> bool:
        return isinstance(member, MapOf) or (isinstance(member, Ref) and "enum" not in self.schemas[member.name])

    def _alternatives(self, type_: Type) -> Iterator[Type]:
        """The members of a type and of the aliases among them, null apart."""
        waiting, seen = [*alternatives(type_)], set[str]()
        while waiting:
            member = waiting.pop()
            if not isinstance(member, Ref) or is_class(self.schemas[member.name]):
                yield member
            elif member.name not in seen:
                seen.add(member.name)
                waiting += alternatives(self.alias_type(member.name))

    def check_components(self, source: Source) -> None:
        """Read all components without a class, even unused ones, so that those without a type are reported."""
        for name, schema in self.schemas.items():
            if not is_class(schema):
                self.type(Object({"$ref": reference_to(name)}, source_of(schema, source)))

    def target(self, name: str) -> str:
        """The component to which a chain of bare references leads; if it goes in a circle, where that closes."""
        passed: dict[str, None] = {}
        while name not in passed and is_reference(schema := self.schemas[name]):
            count_steps(1, schema)
            passed[name] = None
            name = self._targets.get(name) or component_name(schema["$ref"])
        is_in_circle = False
        for each in passed:
            is_in_circle |= each == name
            self._targets[each] = each if is_in_circle else name
        return name

    def _type(self, schema: Any, path: _Path) -> Type:
        type_ = self._unrestricted_type(schema, path)
        return restricted(type_, restrictions_of(schema)) if recorded(schema) else type_

    def _unrestricted_type(self, schema: Any, path: _Path) -> Type:
        count_steps(1, schema)
        if is_any(schema):
            return ANY
        if "$ref" in schema:
            return self._reference(schema, path)
        if "anyOf" in schema:
            return self.union(self._type(member, path) for member in self._members(schema, path))
        match schema.get("type"):
            case "null":
                return NULL
            case "array":
                items = self._type(schema["items"], path.inside_container())
                return ListOf(items, _constraints(schema, _LIST_CONSTRAINTS))
            case "object":
                return MapOf(self._type(schema.get("additionalProperties"), path.inside_container()))
            case str(json_type) if json_type in _PRIMITIVES:
                format = schema.get("format")
                constraints = _constraints(schema, _CONSTRAINTS)
                format = format if isinstance(format, str) else ""
                return Scalar(_PRIMITIVES[json_type], format, constraints, _constant(schema))
        return ANY

    def _reference(self, schema: Object, path: _Path) -> Type:
        first = component_name(schema["$ref"])
        name = self.target(first)
        return restricted(self._target_type(schema, name, path), self._restrictions_between(first, name))

    def _restrictions_between(self, first: str, last: str) -> Restrictions:
        """What the components of a chain of references say that each only refers to the next."""
        chain, name = list[str](), first
        while name != last and name not in self._restrictions and is_reference(link := self.schemas[name]):
            chain.append(name)
            name = component_name(link["$ref"])
        restrictions = self._restrictions.get(name, ())
        for name in reversed(chain):  # so that a long chain is followed once, however many begin inside it
            restrictions = restrictions_of(self.schemas[name]) + restrictions
            self._restrictions[name] = restrictions
        return restrictions

    def _target_type(self, schema: Object, name: str, path: _Path) -> Type:
        target = self.schemas[name]
        if is_reference(target) or name in path.direct:  # a union that is its own member gains nothing by that
            return _NOTHING if path.direct else self._circular(schema, name)
        if is_class(target):
            return Ref(name, _constant(target))
        if self.aliases.is_alias(name) and (not path.expands_aliases or name in path.open):
            return UnionOf((Ref(name), NULL)) if self.aliases.is_nullable(name) else Ref(name)
        if name in path.open:
            return ANY  # a type cannot be written out inside itself
        type_ = self._type(target, path.into(name))
        return self._circular(schema, name) if type_ == _NOTHING and not path.direct else type_

    def _circular(self, schema: Object, name: str) -> Type:
        message = f"{name} refers only to itself; read as any value"
        self.problems.warning("circular-schema", schema.where("$ref"), message)
        return ANY

    def _members(self, union: Object, path: _Path) -> Iterator[Any]:
        """The members of a union; those of a nested union without a name of its own are its members, too.

        Nested unions can be deep, and refer to the same one many times: each is entered once, and not by recursion.
        """
        entered: set[str] = set()
        waiting = [*reversed(union["anyOf"])]
        while waiting:
            member = waiting.pop()
            count_steps(1, union)
            name = self.target(component_name(member["$ref"])) if is_reference(member) else ""
            target = self.schemas[name] if name else member
            is_union = isinstance(target, Object) and "anyOf" in target and not is_class(target)
            is_alias = name and self.aliases.is_alias(name) and not path.expands_aliases
            if not is_union or is_alias or name in path.open:
                yield member
            elif name not in entered:
                entered |= {name} if name else set()
                waiting += reversed(target["anyOf"])


def restrictions_of(schema: Object) -> Restrictions:
    """What narrows the values of a schema, each where it is written."""
    return tuple(Restriction(key, text, schema.where(_written_keyword(key, text))) for key, text in recorded(schema))


def _written_keyword(keyword: str, text: str) -> str:
    if keyword in (EXACTLY_ONE, CONDITION):
        return "oneOf" if keyword == EXACTLY_ONE or '"oneOf"' in text[:9] else "anyOf"
    return keyword


def _flat(type_: Type) -> Iterable[Type]:
    """The members of a union, with what narrows all of them; of another type, itself."""
    if not isinstance(type_, UnionOf):
        return (type_,)
    restrictions = tuple(r for r in type_.restrictions if r.keyword != EXACTLY_ONE)
    return (m if m == NULL else restricted(m, restrictions) for m in type_.members)


def _distinct(types: Iterable[Type]) -> list[Type]:
    """The types, each once; of equal ones with different restrictions, one that has to satisfy any of them."""
    distinct: dict[Type, Type] = {}
    for type_ in types:
        known = distinct.setdefault(type_, type_)
        if known.restrictions != type_.restrictions:
            distinct[type_] = replace(known, restrictions=_any_of(known.restrictions, type_.restrictions))
    return [*distinct.values()]


def _any_of(left: Restrictions, right: Restrictions) -> Restrictions:
    either = any_of_restrictions(tuple((r.keyword, r.schema) for r in side) for side in (left, right))
    sources = {restriction.keyword: restriction.source for restriction in (*right, *left)}
    return tuple(Restriction(key, text, sources.get(key, left[0].source)) for key, text in either)


def _is_included(type_: Type, union: Collection[Type], enum_types: set[object]) -> bool:
    """Whether other members of a union include all values of this type: plain text includes each format of text, and an
    enum its JSON type. An enum beside text means "open enum" in documents, and all generated enums are open."""
    if isinstance(type_, Scalar) and type_.constant is not None:
        return replace(type_, constant=None) in union
    match type_:
        case Scalar("str", format) if format in TYPED_FORMATS:
            return any(isinstance(t, Scalar) and t.primitive == "str" and _is_plain(t.format) for t in union)
        case Scalar("str", format):
            return format != FILE and "string" in enum_types
        case Scalar("int"):
            return "integer" in enum_types
    return False


def _constant(schema: Object) -> Any:
    """The only value of an enum, or of a boolean or a number; None where it has several, or any."""
    values: Any = schema.get("enum", schema.get(CONSTANTS)) or ()
    return values[0] if len(values) == 1 else None


def _is_plain(format: str) -> bool:
    return format not in TYPED_FORMATS and format != FILE


def _constraints(schema: Object, keywords: tuple[str, ...]) -> Constraints:
    if schema.keys().isdisjoint(keywords):
        return ()
    return tuple((key, schema[key]) for key in keywords if isinstance(schema.get(key), (str, int, float)))
