"""Every class has a name: inline objects, enums and aliases become components, and components are called like classes.

pet_owner: {properties: {home address: {properties: ...}}}
->  PetOwner: {properties: {home address: {$ref: PetOwnerHomeAddress}}}
    PetOwnerHomeAddress: {properties: ...}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..document.operations import operations, webhooks
from ..document.schemas import annotations_of, map_schemas, rewrite_document
from ..document.tree import Array, Object
from .aliases import Aliases
from .discriminators import distinct_values, rename_components
from .enums import DESCRIPTIONS
from .names import PYTHON_NAME, ClassNames, Naming
from .schemas import component_name, is_class, is_null, is_reference, reference_to, schemas_of, with_schemas


def name_schemas(document: Object, naming: Naming) -> Object:
    """The document with all classes among the components, under the names of the generated classes."""
    class_names = ClassNames(naming)
    document, lenders = _name_components(document, class_names)
    extraction = _Extraction(class_names, Aliases(schemas_of(document)), set(lenders.values()))
    operation_names = _operation_names(document)
    schemas: dict[tuple[str, ...], Any] = {}
    map_schemas(document, lambda schema, position: schemas.setdefault(position, schema))
    # Names must not depend on the order of the document: components are first, and all are in alphabetical order.
    for position in sorted(schemas, key=lambda position: (position[0] != "schema", position[1], position)):
        schema = schemas[position]
        if position[0] == "schema":
            name = position[1]
            is_alias = extraction.aliases.is_alias(name)
            schemas[position] = extraction.extract_inside(schema, lenders.get(name, name), aliased=is_alias)
        else:
            method, path, part, *details = position
            text = f"{naming.class_name(operation_names[method, path])} {_part_name(part, details)}"
            schemas[position] = extraction.extract(schema, text, decoded=part != "parameter")
    document = map_schemas(document, lambda _, position: schemas[position])
    components = schemas_of(document)
    return with_schemas(document, components.derive({**components, **extraction.components}.items()))


def _name_components(document: Object, class_names: ClassNames) -> tuple[Object, dict[str, str]]:
    """The document with components under class names, and the names that some of them lend to their only class."""
    schemas = schemas_of(document)
    names = class_names.components(schemas)
    lenders: dict[str, str] = {}
    for key in sorted(_lenders(schemas)):
        union_name = class_names.take(f"{names[key]} Union")
        lenders[union_name] = names[key]
        names[key] = union_name
    document = rewrite_document(document, lambda schema: _rename_references(schema, names))
    renamed = Object(((names[key], schema) for key, schema in schemas_of(document).items()), schemas.source)
    return with_schemas(document, renamed), lenders


def _lenders(schemas: Object) -> Iterator[str]:
    """The components that are neither class nor alias, and have one class inside: it gets their name."""
    aliases = Aliases(schemas)
    for name, schema in schemas.items():
        members = schema.get("anyOf") if isinstance(schema, Object) and not is_class(schema) else None
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


def _operation_names(document: Object) -> dict[tuple[str, str], str]:
    """What the names of classes inside an operation or a webhook begin with, by method and path or key."""
    names = {(method, path): operation[PYTHON_NAME] for path, method, operation in operations(document)}
    for key, method, webhook in webhooks(document):
        names[method, key] = f"{webhook[PYTHON_NAME]} {key.partition(' ')[0]}"
    return names


def _part_name(part: str, details: list[str]) -> str:
    """What the name of a class in a part of an operation ends with; `details` as in `map_schemas`."""
    match part:
        case "parameter":
            return details[0]
        case "body":
            return "Body"
        case "header":
            return f"{details[0]} {details[1]}"
        case _:
            response = "Response" if details[0] in ("200", "201") else f"Response {details[0]}"
            return " ".join([response, *details[2:]])


@dataclass
class _Extraction:
    """Moves inline classes and aliases into `components`, which grow."""

    class_names: ClassNames
    aliases: Aliases
    lent: set[str]
    """Names that components lend to their only class, until it takes them."""
    components: dict[str, Object] = field(default_factory=dict)

    def extract(self, schema: Any, text: str, *, decoded: bool = True) -> Any:
        """A reference to a new component if a schema needs a name, which `text` gives; else the schema.

        What is only ever written, a parameter, is not `decoded`, and needs no alias: nothing tells its members apart.
        """
        if not isinstance(schema, Object) or "$ref" in schema:
            return schema
        aliased = decoded and not is_class(schema) and self.aliases.needs_alias(schema)
        if not is_class(schema) and not aliased:
            return self.extract_inside(schema, text, decoded=decoded)
        name = self.take(text)
        self.components[name] = Object(source=schema.source)  # stands before the classes inside it
        nullable = aliased and any(map(is_null, schema.get("anyOf", ())))
        component = _without_null(schema) if nullable else schema
        self.components[name] = self.extract_inside(component, name, aliased=aliased)
        reference = schema.derive([("$ref", reference_to(name))])
        if nullable:  # whoever refers to an alias says "or null"
            union = Array([reference, schema.derive([("type", "null")])], schema.source)
            reference = schema.derive([("anyOf", union)])
        annotations = annotations_of(schema).without("description", "title", DESCRIPTIONS, "discriminator")
        return schema.derive([*reference.items(), *annotations.items()])

    def extract_inside(self, schema: Any, name: str, *, aliased: bool = False, decoded: bool = True) -> Any:
        """A schema with references for the classes inside it, whose names begin with `name`."""
        if not isinstance(schema, Object):
            return schema
        decoded = decoded or is_class(schema)
        keywords = {key: self.keyword(key, schema, name, aliased, decoded) for key in sorted(schema)}
        return schema.changed((key, keywords[key]) for key in schema)

    def keyword(self, key: str, schema: Object, name: str, aliased: bool, decoded: bool) -> Any:
        """The value of a keyword with references for the classes inside it."""
        value = schema[key]
        if key == "properties" and isinstance(value, Object):
            properties = {wire: self.extract(value[wire], f"{name} {wire}") for wire in sorted(value)}
            return value.changed((wire, properties[wire]) for wire in value)
        if key == "items":
            return self.extract(value, f"{name} Item", decoded=decoded)
        if key == "additionalProperties":
            return self.extract(value, f"{name} Value", decoded=decoded)
        if key == "anyOf" and isinstance(value, Array):
            suffixes = _suffixes(schema, self.aliases.schemas, aliased)
            named_members = zip(value, suffixes, strict=True)
            return value.changed(self.extract(m, name + suffix, decoded=decoded) for m, suffix in named_members)
        return value

    def take(self, text: str) -> str:
        """The name of a new class."""
        if text in self.lent:
            self.lent.remove(text)
            return text
        return self.class_names.take(text)


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
