"""Which types need a name of their own: unions whose members JSON's types alone do not tell apart, types that hold
themselves.

msgspec takes of each kind of JSON value one type into a union (its documentation, "Union types"): one object, one list,
one type that is written as text, one that is written as an integer. What has more becomes an alias, and the run-time
core tells the members apart. All answers here follow from the document alone, whatever its order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..document.tree import Array, Object
from .graph import cycles, heights, strongly_connected
from .schemas import FILE, TYPED_FORMATS, component_name, is_any, is_null, needs_class

_PLAIN = ("string", "integer", "number", "boolean", "null")
_ANYTHING = object()
_LARGEST = 100
"""Types that are written out for one, wherever it is used. What goes beyond is an alias: types could double at every
step."""


class Aliases:
    """The aliases among the schemas of a document whose unions are flat."""

    def __init__(self, schemas: Object) -> None:
        self.schemas = schemas
        self._known: dict[str, bool] = {}
        self._leaves: dict[str, dict[object, Any]] = {}
        self._nullable: dict[str, bool] = {}
        for name in endless(schemas)[1]:
            schema = schemas[name]
            self._known[name] = not needs_class(schema) and self._own(schema) and not self._is_any(schema)
        edges = {name: dict.fromkeys(sorted(_targets(schemas[name], schemas))) for name in sorted(schemas)}
        for group in strongly_connected(edges):  # what others are made of comes first
            for name in sorted(group):
                self._leaves[name] = self._found(schemas[name])
                self.holds(name)

    def holds(self, name: str) -> bool:
        """Whether a component is an alias."""
        if name not in self._known:
            schema = self.schemas[name]
            self._known[name] = False  # to a union that leads back to it, which then is the same union
            self._known[name] = isinstance(schema, Object) and not needs_class(schema) and self.needed(schema)
        return self._known[name]

    def needed(self, schema: Object) -> bool:
        """Whether a schema has to be an alias, on its own account."""
        if not self._own(schema) or self._is_any(schema):
            return False
        # The first does not look into aliases, whose members the second would compare anew in each union of them.
        return self._is_beside_alias(schema) or self._clash(self.leaves(schema)) or self._size(schema) > _LARGEST

    def leaves(self, schema: Any) -> list[Any]:
        """The members of a union, those of unions that it refers to among them; a union is no member of itself.

        Each stands once. Of any other schema, what it is.
        """
        return list(self._found(schema).values())

    def _found(self, schema: Any) -> dict[object, Any]:
        """The leaves by what makes each a member of its own."""
        found: dict[object, Any] = {}
        seen: set[str] = set()
        waiting = [schema]
        while waiting:
            one = waiting.pop()
            if is_any(one):
                found[_ANYTHING] = one
            elif isinstance(one.get("$ref"), str):
                name = component_name(one["$ref"])
                target = self.schemas.get(name)
                if isinstance(target, Object) and needs_class(target):
                    found[name] = one
                elif name in self._leaves:
                    found |= self._leaves[name]
                elif name not in seen:
                    waiting.append(target)
                seen.add(name)
            elif "anyOf" in one:
                waiting += one["anyOf"]
            else:
                plain = one.get("type") in _PLAIN and not needs_class(one)
                found[(one["type"], str(one.get("format"))) if plain else id(one)] = one
        return found

    def nullable(self, name: str) -> bool:
        """Whether a component may be null."""
        if name not in self._nullable:
            self._nullable[name] = any(is_null(leaf) for leaf in self.leaves(self.schemas[name]))
        return self._nullable[name]

    def _own(self, schema: Object) -> bool:
        """Whether a schema is more than another one's name, or that or null."""
        members = [m for m in schema.get("anyOf", [schema]) if not is_null(m)]
        return not all("$ref" in m for m in members) or len({m["$ref"] for m in members}) > 1

    def _is_beside_alias(self, schema: Object) -> bool:
        """Whether an alias is among the members: msgspec takes one beside null alone."""
        members: set[object] = set()
        seen: set[str] = set()
        aliased = False
        waiting: list[Any] = [schema]
        while waiting:
            one = waiting.pop()
            name = component_name(one["$ref"]) if isinstance(one, Object) and "$ref" in one else ""
            if name and name not in seen:
                seen.add(name)
                alias, target = self.holds(name), self.schemas[name]
                aliased |= alias
                if alias or (isinstance(target, Object) and needs_class(target)):
                    members.add(name)
                else:
                    waiting.append(target)
            elif isinstance(one, Object) and "anyOf" in one:
                waiting += one["anyOf"]
            elif not name and not is_null(one):
                members.add(id(one))
        return aliased and len(members) > 1

    def _is_any(self, schema: Object) -> bool:
        return _ANYTHING in self._found(schema)

    def _clash(self, leaves: list[Any]) -> bool:
        kinds: dict[str, set[object]] = {}
        for leaf in leaves:
            kind, type_ = self._kind(leaf)
            kinds.setdefault(kind, set()).add(type_)
        texts = kinds.get("text", set())
        if "str" in texts:
            # Plain text beside a format of text is text; an enum beside text is the documents' way to say "open enum".
            texts -= {"str", *TYPED_FORMATS} if texts - {"str", *TYPED_FORMATS} else TYPED_FORMATS
        integers = kinds.get("integer", set())
        if len(integers) > 1:
            integers.discard("int")
        several = any(len(types) > 1 for types in kinds.values())
        return several or ("file" in kinds and len(kinds.keys() - {"null"}) > 1)

    def _kind(self, leaf: Object) -> tuple[str, object]:
        """The kind of JSON value that a member is, and which Python type within that kind."""
        if "$ref" in leaf:
            name = component_name(leaf["$ref"])
            return self._kind_of_class(self.schemas[name], name)
        if needs_class(leaf):
            return self._kind_of_class(leaf, id(leaf))
        match leaf.get("type"):
            case "string":
                format_ = leaf.get("format")
                if format_ == FILE:
                    return "file", ""
                return "text", format_ if isinstance(format_, str) and format_ in TYPED_FORMATS else "str"
            case "integer":
                return "integer", "int"
            case "array":
                return "array", self._token(leaf.get("items"))
            case "object":
                return "object", ("map", self._token(leaf.get("additionalProperties")))
            case other:
                return str(other), ""

    def _kind_of_class(self, schema: Object, name: object) -> tuple[str, object]:
        if "enum" not in schema:
            return "object", name
        return ("integer" if schema.get("type") == "integer" else "text"), ("enum", name)

    def _token(self, schema: Any, above: tuple[str, ...] = ()) -> object:
        """A value that is the same for two schemas when their Python types are."""
        while not is_any(schema) and "$ref" in schema:
            name = component_name(schema["$ref"])
            target = self.schemas[name]
            if self.holds(name) or (isinstance(target, Object) and needs_class(target)):
                return name
            if name in above:
                return frozenset()
            if self._is_any(schema):
                return "any"
            schema, above = target, (*above, name)
        if is_any(schema):
            return "any"
        if "anyOf" not in schema:
            return self._kind(schema)
        found: set[object] = set()
        for member in schema["anyOf"]:
            token = self._token(member, above)
            found |= token if isinstance(token, frozenset) else {token}
        return "any" if "any" in found else frozenset(found)

    def _size(self, schema: Any) -> int:
        """How many types are written out for a schema, as far as it matters."""
        size = 0
        waiting: list[tuple[Any, tuple[str, ...]]] = [(schema, ())]
        while waiting and size <= _LARGEST:
            one, above = waiting.pop()
            size += 1
            if not isinstance(one, Object) or "$ref" not in one:
                waiting += [(child, above) for child in inside(one)]
            elif (name := component_name(one["$ref"])) not in above and not self.holds(name):
                waiting.append((self.schemas[name], (*above, name)))
        return size


def inside(schema: Any) -> Iterator[Any]:
    """The schemas directly inside one that is no class: members, items, values."""
    if isinstance(schema, Object) and not needs_class(schema):
        members = schema.get("anyOf")
        yield from members if isinstance(members, Array) else ()
        yield from (schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), Object))


def endless(schemas: Object) -> tuple[frozenset[str], frozenset[str]]:
    """The components that hold themselves, no class between, and of them those that do so in a list or a map.

    The others are unions that only name themselves.
    """
    edges = {name: _targets(schema, schemas) for name, schema in schemas.items()}
    groups = cycles(edges)
    held = [group for group in groups if any(edges[one].get(other) for one in group for other in group)]
    return frozenset().union(*groups), frozenset().union(*held)


def chained(schemas: Object, length: int) -> frozenset[str]:
    """Components that end long chains of components that hold each other, no class between: each so many steps one."""
    height = heights({name: _targets(schema, schemas) for name, schema in schemas.items()})
    return frozenset(name for name, steps in height.items() if steps % length == 0)


def _targets(schema: Any, schemas: Object) -> dict[str, bool]:
    """The components that a schema refers to, and whether any such reference stands inside a list or a map."""
    result: dict[str, bool] = {}
    waiting: list[tuple[Any, bool]] = [(schema, False)]
    while waiting:
        one, held = waiting.pop()
        if isinstance(one, Object) and isinstance(one.get("$ref"), str):
            target = component_name(one["$ref"])
            if target in schemas:
                result[target] = result.get(target, False) or held
        else:
            holder = isinstance(one, Object) and "anyOf" not in one
            waiting += [(child, held or holder) for child in inside(one)]
    return result
