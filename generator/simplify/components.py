"""Every class has a name: inline objects, enums and aliases become components, and components are called like classes.

pet_owner: {properties: {home address: {properties: ...}}}
->  PetOwner: {properties: {home address: {$ref: PetOwnerHomeAddress}}}
    PetOwnerHomeAddress: {properties: ...}
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ..document.schemas import (
    ORIGIN,
    SHARED,
    Position,
    annotations_of,
    bits_of,
    contents_of,
    map_schemas,
    origin_of,
    rewrite_document,
    rewrite_schema,
)
from ..document.tree import Array, Object
from .aliases import SCALARS, Aliases
from .discriminators import distinct_values, rename_components
from .enums import DESCRIPTIONS, NAMES
from .names import ClassNames, ClassTexts, Naming, class_texts_of
from .restrictions.record import RESTRICTIONS
from .schemas import (
    as_text,
    component_name,
    is_class,
    is_constant,
    is_null,
    is_reference,
    reference_to,
    schemas_of,
    with_schemas,
)


def name_schemas(document: Object, naming: Naming) -> Object:
    """The document with all classes among the components, under the names of the generated classes."""
    class_names = ClassNames(naming)
    document, lenders = _name_components(document, class_names)
    class_texts = class_texts_of(document, naming)
    extraction = _Extraction(class_names, class_texts, Aliases(schemas_of(document)), set(lenders.values()))
    schemas: dict[Position, list[Any]] = {}

    def collect(schema: Any, position: Position) -> Any:
        at_position = schemas.setdefault(position, [])
        if schema not in at_position:  # what operations share is the same for all of them, or nearly always
            at_position.append(schema)
        return schema

    map_schemas(document, collect)
    extracted: dict[Position, list[Any]] = {}
    # Names must not depend on the order of the document: components are first, and all are in alphabetical order.
    for _, positions in groupby(sorted(schemas, key=_turn), key=_parent):
        for position in positions:
            if len(schemas[position]) > 1:
                schemas[position].sort(key=as_text)
            extracted[position] = [extraction.extract_at(position, schema, lenders) for schema in schemas[position]]
        extraction.extract_waiting()
    document = map_schemas(document, lambda schema, at: extracted[at][schemas[at].index(schema)])
    components = schemas_of(document)
    return with_schemas(document, components.derive({**components, **extraction.components}.items()))


def _turn(position: Position) -> tuple[int, str, Position]:
    """When the classes at a position get their names: those of schemas first, those of single operations last."""
    kinds = ("schema", *SHARED, "path")
    return kinds.index(position[0]) if position[0] in kinds else len(kinds), position[1], position


def _parent(position: Position) -> Position:
    """What is around a schema: its component, operation or path item."""
    return position[:2]


def _name_components(document: Object, class_names: ClassNames) -> tuple[Object, dict[str, str]]:
    """The document with components under class names, and the names that some of them lend to their only class."""
    schemas = schemas_of(document)
    names = class_names.components(schemas)
    lenders: dict[str, str] = {}
    for key in sorted(_lenders(schemas)):
        union_name = class_names.take(f"{names[key]} Union")
        lenders[union_name] = names[key]
        names[key] = union_name
    document = rewrite_document(document, lambda schema: _rename_references(schema, names), ("$ref", "discriminator"))
    renamed = Object(((names[key], schema) for key, schema in schemas_of(document).items()), schemas.source)
    return with_schemas(document, renamed), lenders


def _lenders(schemas: Object) -> Iterator[str]:
    """The components that are neither class nor alias, and have one class inside: it gets their name."""
    unions = {
        name: s["anyOf"] for name, s in schemas.items() if isinstance(s, Object) and "anyOf" in s and not is_class(s)
    }
    if not unions:
        return  # looking for aliases is the most of the work
    aliases = Aliases(schemas)
    for name, members in unions.items():
        if isinstance(members, Array) and not aliases.is_alias(name):
            classes = [member for member in members if is_class(member)]
            objects = [member for member in classes if "enum" not in member]
            if len(objects) == 1 or (len(classes) == 1 and not objects):
                yield name


def _rename_references(schema: Object, names: Mapping[str, str]) -> Object:
    if "discriminator" in schema:
        return schema.replacing("discriminator", rename_components(schema["discriminator"], names))
    if not is_reference(schema):
        return schema
    key = component_name(schema["$ref"])
    if key == names[key]:
        return schema
    return schema.derive([("$ref", reference_to(names[key])), *schema.without("$ref").items()])


def _seen(schema: Object) -> str:
    """What readers see of a schema that becomes a component."""
    return as_text(rewrite_schema(schema.without(*_OF_USE), _without_unseen))


def _outline(schema: Object) -> Hashable:
    """What is the same for schemas of which readers see the same, and mostly differs for others."""
    properties, values = schema.get("properties") or (), schema.get("enum") or ()
    return frozenset(schema.keys() - {*_UNSEEN, *_OF_USE}), frozenset(properties), tuple(map(str, values))


@dataclass
class _Extraction:
    """Moves inline classes and aliases into `components`, which grow."""

    class_names: ClassNames
    class_texts: ClassTexts
    aliases: Aliases
    lent: set[str]
    """Names that components lend to their only class, until it takes them."""
    components: dict[str, Object] = field(default_factory=dict)
    parent: Position = ()
    """As `_parent` of the schema that is extracted."""
    equal: dict[tuple[Position, str], str] = field(default_factory=dict)
    """The names of components by their parents and what readers see of them: equal ones below a parent are one."""
    only: dict[tuple[Position, Hashable], tuple[Object, str] | None] = field(default_factory=dict)
    """The only components of their outlines below a parent, as writing a schema out for `equal` takes long; None where
    there are several."""
    waiting: deque[tuple[Position, str, Object, bool]] = field(default_factory=deque)
    """The parents, names and schemas of components, and whether they are aliases, whose insides are not extracted: what
    equal classes are called is decided by the outermost one."""

    def extract_at(self, position: Position, schema: Any, lenders: Mapping[str, str]) -> Any:
        """The outermost schema at a position, with references to new components; `lenders` lend their names."""
        self.parent = _parent(position)
        if position[0] != "schema":
            is_parameter = "parameter" in (position[0], *position[2:3])
            return self.extract(schema, self.class_texts.text(position), decoded=not is_parameter)
        name = position[1]
        return self.extract_inside(schema, lenders.get(name, name), aliased=self.aliases.is_alias(name))

    def extract(self, schema: Any, text: str, *, decoded: bool = True) -> Any:
        """A reference to a new component if a schema needs a name, which `text` gives; else the schema.

        What is only ever written, a parameter, is not `decoded`, and needs no alias: nothing tells its members apart.
        """
        if not isinstance(schema, Object) or "$ref" in schema:
            return schema
        if _is_plain(schema):
            return schema
        if origin := origin_of(schema):
            return self.extract_shared(schema.without(ORIGIN), origin, decoded=decoded)
        aliased = decoded and not is_class(schema) and self.aliases.needs_alias(schema)
        if not is_class(schema) and not aliased:
            return self.extract_inside(schema, text, decoded=decoded)
        nullable = aliased and any(map(is_null, schema.get("anyOf", ())))
        name = self.component(_without_null(schema) if nullable else schema, text, aliased=aliased)
        reference = schema.derive([("$ref", reference_to(name))])
        if nullable:  # whoever refers to an alias says "or null"
            union = Array([reference, schema.derive([("type", "null")])], schema.source)
            reference = schema.derive([("anyOf", union)])
        annotations = annotations_of(schema).without("title", DESCRIPTIONS, NAMES, "discriminator")
        if not is_constant(schema):  # which has no class that the description could be the docstring of
            annotations = annotations.without("description")
        return schema.derive([*reference.items(), *annotations.items()])

    def extract_shared(self, schema: Object, origin: Position, *, decoded: bool) -> Any:
        """As `extract`, for a form field that operations share."""
        parent, self.parent = self.parent, _parent(origin)
        extracted = self.extract(schema, self.class_texts.text(origin), decoded=decoded)
        self.parent = parent
        return extracted

    def component(self, schema: Object, text: str, *, aliased: bool) -> str:
        """The name of the component for a class or an alias: a new one, unless the parent has an equal one."""
        outline, seen = (self.parent, _outline(schema)), None
        if outline in self.only:
            if (first := self.only[outline]) is not None:
                self.equal[self.parent, _seen(first[0])] = first[1]
                self.only[outline] = None
            seen = self.parent, _seen(schema)
            if seen in self.equal:
                return self.equal[seen]
        name = self.take(text)
        if seen is None:
            self.only[outline] = schema, name
        else:
            self.equal[seen] = name
        self.components[name] = Object(source=schema.source)  # stands before the classes inside it
        # Restrictions stay where the class is used: equal classes can have different ones.
        self.waiting.append((self.parent, name, schema.without(RESTRICTIONS), aliased))
        return name

    def extract_waiting(self) -> None:
        """Extract what is inside the new components, and inside those that come of it."""
        while self.waiting:
            self.parent, name, schema, aliased = self.waiting.popleft()
            self.components[name] = self.extract_inside(schema, name, aliased=aliased)

    def extract_inside(self, schema: Any, name: str, *, aliased: bool = False, decoded: bool = True) -> Any:
        """A schema with references for the classes inside it, whose names begin with `name`."""
        if not isinstance(schema, Object):
            return schema
        decoded = decoded or is_class(schema)
        keywords = {key: self.keyword(key, schema, name, aliased, decoded) for key in _AROUND if key in schema}
        return schema.changed({**schema, **keywords})

    def keyword(self, key: str, schema: Object, name: str, aliased: bool, decoded: bool) -> Any:
        """The value of a keyword of `_AROUND`, with references for the classes inside it."""
        value = schema[key]
        if key == "properties" and isinstance(value, Object):
            wires = sorted(value, key=lambda wire: (_is_around(value[wire]), wire))
            properties = {wire: self.extract(value[wire], f"{name} {wire}") for wire in wires}
            return value.changed((wire, properties[wire]) for wire in value)
        if key == "items":
            return self.extract(value, f"{name} Item", decoded=decoded)
        if key == "additionalProperties":
            return self.extract(value, f"{name} Value", decoded=decoded)
        if key == "anyOf" and isinstance(value, Array):
            suffixes = _suffixes(schema, self.aliases.schemas, aliased)
            indexes = sorted(range(len(value)), key=lambda i: _is_around(value[i]))
            members = {i: self.extract(value[i], name + suffixes[i], decoded=decoded) for i in indexes}
            return value.changed(members[i] for i in range(len(value)))
        return value

    def take(self, text: str) -> str:
        """The name of a new class."""
        if text in self.lent:
            self.lent.remove(text)
            return text
        return self.class_names.take(text)


_AROUND = ("additionalProperties", "anyOf", "items", "properties")
"""The keywords of simplified schemas that hold schemas, in the order in which the classes inside get their names."""
_NOT_PLAIN = bits_of(("enum", *_AROUND))
_UNSEEN = ("title", "example", "examples", "externalDocs", RESTRICTIONS)
"""Annotations that generated code does not show."""
_OF_USE = ("default", "readOnly", "writeOnly")
"""Annotations that stand where a class is used."""


def _without_unseen(schema: Object) -> Object:
    schema = schema.without(*_UNSEEN)
    return schema.replacing("required", sorted(schema["required"])) if "required" in schema else schema


def _is_plain(schema: Object) -> bool:
    """Whether a schema is that of a scalar: there are no classes inside it, and it is neither class nor alias."""
    return schema.get("type") in SCALARS and ORIGIN not in schema and not contents_of(schema) & _NOT_PLAIN


def _is_around(schema: Any) -> bool:
    """Whether a class in a schema is an item of a list, or a value of a map: such a place is not as far out."""
    if not isinstance(schema, Object) or is_class(schema):
        return False
    if "anyOf" in schema:
        return all(is_null(member) or _is_around(member) for member in schema["anyOf"])
    return bool({"items", "additionalProperties"} & schema.keys())


def _without_null(union: Object) -> Object:
    return union.replacing("anyOf", union["anyOf"].derive(m for m in union["anyOf"] if not is_null(m)))


def _suffixes(union: Object, schemas: Object, aliased: bool) -> list[str]:
    """What the names of a union's members add to its own.

    An only object or list adds nothing, unless the union itself has that name; an enum beside something else says what
    it is. Several are told apart by a constant property, else by number.
    """
    members: Array = union["anyOf"]
    inline = [m for m in members if isinstance(m, Object) and "$ref" not in m]
    enums = [m for m in inline if "enum" in m]
    objects = [m for m in inline if is_class(m) and "enum" not in m]
    lists = [m for m in inline if m.get("type") == "array"]
    preferred = (union.get("discriminator") or {}).get("propertyName", "")
    constants = _constants(objects, schemas, preferred)

    def suffix(number: int, member: Any) -> str:
        if [member] == objects:
            return " Object" if aliased else ""
        if [member] == enums:
            return " Enum" if aliased or objects else ""
        if [member] == lists:
            return ""
        return f" {constants[id(member)]}" if id(member) in constants else f" Option {number}"

    return [suffix(number, member) for number, member in enumerate(members, 1)]


def _constants(objects: list[Object], schemas: Object, preferred: str) -> dict[int, str]:
    """The constants that tell objects apart, by their ids; empty if none do, or if names cannot."""
    values = [values[0] for values in distinct_values(schemas, objects, preferred) if len(values) == 1]
    letters = {"".join(filter(str.isalnum, value)).lower() for value in values}
    return dict(zip(map(id, objects), values, strict=True)) if len(letters - {""}) == len(objects) else {}
