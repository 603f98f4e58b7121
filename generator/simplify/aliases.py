"""Which types need a name of their own: unions whose members JSON types alone do not tell apart, and types that contain
themselves.

msgspec takes of each JSON type one Python type into a union (its documentation, "Union types"): one object, one list,
one type that is written as a string, one that is written as an integer. A union with more becomes an alias, and the
run-time core tells its members apart. Which types are aliases depends on the document alone, and not on its order.
"""

from __future__ import annotations

from typing import Any

from ..document.tree import Object
from ..steps import count_steps
from .graph import all_references, children, self_containing, strongly_connected
from .schemas import DECIMAL, FILE, TYPED_FORMATS, component_name, is_any, is_class, is_constant, is_null, is_reference

SCALARS = ("string", "integer", "number", "boolean", "null")
_ANYTHING = object()
_MAX_SIZE = 100
"""Types that are written out where a schema is used. A larger one is an alias, as types could double at every step."""


class Aliases:
    """The aliases among the schemas of a document whose unions are flat."""

    def __init__(self, schemas: Object) -> None:
        self.schemas = schemas
        self._is_alias: dict[str, bool] = {}
        self._members: dict[str, dict[object, Any]] = {}
        self._is_nullable: dict[str, bool] = {}
        for name in self_containing(schemas, in_containers=True):
            schema = schemas[name]
            self._is_alias[name] = not is_class(schema) and _has_content(schema) and not self._admits_any(schema)
        for names in strongly_connected(all_references(schemas)):  # each component after those to which it refers
            for name in sorted(names):
                members = self._distinct_members(schemas[name])
                self._members[name] = members
                self._is_nullable[name] = any(map(is_null, members.values()))
                self.is_alias(name)

    def is_alias(self, name: str) -> bool:
        """Whether a component is an alias."""
        if name not in self._is_alias:
            schema = self.schemas[name]
            self._is_alias[name] = False  # for a union that leads back to it, which then is the same union
            self._is_alias[name] = isinstance(schema, Object) and not is_class(schema) and self.needs_alias(schema)
        return self._is_alias[name]

    def needs_alias(self, schema: Object) -> bool:
        """Whether a schema has to be an alias, whatever refers to it."""
        if "anyOf" not in schema and schema.get("type") in SCALARS:
            return False
        if not _has_content(schema) or self._admits_any(schema):
            return False
        # The first does not look into aliases, whose members the second would compare anew in each union of them.
        return self._is_beside_alias(schema) or self._is_ambiguous(schema) or self._size(schema) > _MAX_SIZE

    def is_nullable(self, name: str) -> bool:
        """Whether a component may be null."""
        return self._is_nullable[name]

    def _distinct_members(self, schema: Any) -> dict[object, Any]:
        """The members of a union and of unions to which it refers, each once, by what distinguishes it.

        A schema that is not a union is its own member; a union is never a member of itself.
        """
        members: dict[object, Any] = {}
        seen: set[str] = set()
        waiting = [schema]
        while waiting:
            member = waiting.pop()
            count_steps(1, schema)
            if is_any(member):
                members[_ANYTHING] = member
            elif is_reference(member):
                name = component_name(member["$ref"])
                target = self.schemas.get(name)
                if is_class(target):
                    members["class", name] = member
                elif name in self._members:
                    count_steps(len(self._members[name]), schema)
                    members |= self._members[name]
                elif name not in seen:
                    waiting.append(target)
                seen.add(name)
            elif "anyOf" in member:
                waiting += member["anyOf"]
            elif member.get("type") in SCALARS and not is_class(member):
                members[member["type"], str(member.get("format"))] = member
            else:
                members[id(member)] = member
        return members

    def _admits_any(self, schema: Object) -> bool:
        return _ANYTHING in self._distinct_members(schema)

    def _is_beside_alias(self, schema: Object) -> bool:
        """Whether an alias is among several members: msgspec takes it into a union with null alone."""
        members: set[object] = set()
        seen: set[str] = set()
        has_alias = False
        waiting: list[Any] = [schema]
        while waiting:
            member = waiting.pop()
            count_steps(1, schema)
            if is_reference(member):
                name = component_name(member["$ref"])
                if name not in seen:
                    seen.add(name)
                    if self._is_named(name):
                        members.add(name)
                        has_alias |= self.is_alias(name)
                    else:
                        waiting.append(self.schemas[name])
            elif isinstance(member, Object) and "anyOf" in member:
                waiting += member["anyOf"]
            elif not is_null(member):
                members.add(id(member))
        return has_alias and len(members) > 1

    def _is_named(self, name: str) -> bool:
        """Whether a component is a class or an alias, so that references to it are not written out."""
        return self.is_alias(name) or is_class(self.schemas[name])

    def _is_ambiguous(self, schema: Object) -> bool:
        """Whether two members of a union are of one JSON type and of different Python types."""
        python_types: dict[str, set[object]] = {}
        for member in self._distinct_members(schema).values():
            json_type, python_type = self._types(member)
            python_types.setdefault(json_type, set()).add(python_type)
        strings, integers = python_types.get("string", set()), python_types.get("integer", set())
        if "str" in strings:
            # A plain string beside a format is a string; an enum beside it is the documents' way to say "open enum".
            python_types["string"] = strings - {"str", *TYPED_FORMATS} or {"str"}
        if DECIMAL in python_types.get("number", ()) and "string" in python_types:
            return True  # msgspec reads a decimal number from text too
        if len(integers) > 1:
            integers.discard("int")
        if "file" in python_types and len(python_types.keys() - {"null"}) > 1:
            return True
        return any(len(types) > 1 for types in python_types.values())

    def _types(self, member: Object) -> tuple[str, object]:
        """The JSON type of a member of a union, and what distinguishes its Python type from others of that JSON type.

        Files are apart from all JSON types.
        """
        identity: object = id(member)
        if is_reference(member):
            identity = component_name(member["$ref"])
            member = self.schemas[identity]
        if is_class(member):
            if "enum" not in member:
                return "object", identity
            # Constants are plain text, or an integer, when they are read.
            return str(member.get("type", "string")), ("enum", "" if is_constant(member) else identity)
        match member.get("type"):
            case "string":
                format_ = member.get("format")
                if format_ == FILE:
                    return "file", ""
                return "string", format_ if isinstance(format_, str) and format_ in TYPED_FORMATS else "str"
            case "integer":
                return "integer", "int"
            case "array":
                return "array", self._python_type(member.get("items"))
            case "object":
                return "object", ("map", self._python_type(member.get("additionalProperties")))
            case "number":
                return "number", DECIMAL if member.get("format") == DECIMAL else ""
            case json_type:
                return str(json_type), ""

    def _python_type(self, schema: Any, above: tuple[str, ...] = ()) -> object:
        """A value that is equal for two schemas when their Python types are equal; `above` are components around it."""
        count_steps(1, schema)
        while not is_any(schema) and "$ref" in schema:
            name = component_name(schema["$ref"])
            if self._is_named(name):
                return name
            if name in above:
                return frozenset()
            target = self.schemas[name]
            if self._admits_any(schema):
                return _ANYTHING
            schema, above = target, (*above, name)
        if is_any(schema):
            return _ANYTHING
        if "anyOf" not in schema:
            return self._types(schema)
        members: set[object] = set()
        for member in schema["anyOf"]:
            python_type = self._python_type(member, above)
            members |= python_type if isinstance(python_type, frozenset) else {python_type}
        return _ANYTHING if _ANYTHING in members else frozenset(members)

    def _size(self, schema: Any) -> int:
        """How many types are written out for a schema, counted until there are too many."""
        size = 0
        waiting: list[tuple[Any, tuple[str, ...]]] = [(schema, ())]
        while waiting and size <= _MAX_SIZE:
            schema, above = waiting.pop()
            size += 1
            if not is_reference(schema):
                waiting += [(child, above) for child in children(schema)]
            elif (name := component_name(schema["$ref"])) not in above and not self.is_alias(name):
                waiting.append((self.schemas[name], (*above, name)))
        return size


def _has_content(schema: Object) -> bool:
    """Whether a schema is more than a reference, or a reference or null."""
    members = [member for member in schema.get("anyOf", [schema]) if not is_null(member)]
    return not all("$ref" in member for member in members) or len({member["$ref"] for member in members}) > 1
