"""Mistakes inside schemas: what is certainly meant replaces what is written, and is reported."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..document.lookup import is_reference
from ..document.problems import Source
from ..document.tree import Array, Object
from ..interpreter.fast_dataclasses import dataclass
from .fields import INSTEAD, SCHEMA, SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_OR_BOOLEAN, SCHEMA_SINGLES
from .mistakes import Mistakes, as_boolean
from .references import References

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_KEYWORDS_OF_TYPES: dict[str, dict[str, str]] = {
    **{name: {"type": name} for name in TYPES},
    **{name: {"type": "integer"} for name in ("int", "short")},
    **{name: {"type": "integer", "format": name} for name in ("int32", "int64")},
    "long": {"type": "integer", "format": "int64"},
    **{name: {"type": "number", "format": name} for name in ("float", "double")},
    "decimal": {"type": "number"},
    "bool": {"type": "boolean"},
    **{name: {"type": "string"} for name in ("str", "text")},
    **{name: {"type": "string", "format": "binary"} for name in ("file", "binary")},
    **{name: {"type": "string", "format": "date-time"} for name in ("datetime", "date-time")},
    **{name: {"type": "string", "format": name} for name in ("date", "uuid", "uri", "email", "byte")},
    **{name: {"type": "object"} for name in ("dict", "map", "hash")},
    "list": {"type": "array"},
    **{name: {"type": "null"} for name in ("none", "nil")},
    **{name: dict[str, str]() for name in ("", "any", "mixed")},
}
"""Names of types in lower case, also those that JSON Schema does not have, and the keywords that they mean."""
_WHY_IMPOSSIBLE = "its name contains a quote, a backslash or a control character"
_IMPOSSIBLE_NAME = re.compile(r'["\\\x00-\x1f]')


@dataclass(frozen=True, slots=True)
class SchemaRepair:
    """Repairs schemas, and records the references in them."""

    mistakes: Mistakes
    references: References

    def schema(self, value: Any, source: Source) -> Object:
        """A schema and all that are inside it; a value that is not a schema is reported, and becomes `{}`."""
        if isinstance(value, Object):
            return self._repaired(value)
        if isinstance(value, bool):
            return Object({} if value else {"not": Object(source=source)}, source)
        if value is None:
            self.mistakes.repaired(source, "an empty value is read as a schema that allows everything")
            return Object(source=source)
        if isinstance(value, str) and value and value.lower() in _KEYWORDS_OF_TYPES:
            self.mistakes.repaired(source, f"{value!r} is read as the schema {{type: {value}}}")
            return self._repaired(Object({"type": value}, source))
        if value != Array():
            self.mistakes.lost(source, "a schema must be a mapping", INSTEAD[SCHEMA])
        return Object(source=source)

    def _repaired(self, schema: Object) -> Object:
        repaired = self._keywords(schema)
        if "$ref" in repaired:
            self.references.record(repaired, SCHEMA)
        return repaired

    def _keywords(self, schema: Object) -> Object:
        keywords: dict[str, Any] = {}
        for key, value in schema.items():
            if isinstance(value, str) and (value in TYPES if key == "type" else key not in _RULES):
                keywords[key] = value
            else:
                keywords |= self._keyword(schema, key, value)
        if required := _required_by_properties(schema):
            listed = keywords.pop("required", ())
            keywords["required"] = Array(dict.fromkeys([*listed, *required]), schema.source)
        # A reference changes in place (`bundle.py`), and so does what is around a schema that becomes a component.
        return schema.changed(keywords) if _HOLD_REFERENCE_OR_SCHEMAS.isdisjoint(schema) else schema.derive(keywords)

    def _is_replaced(self, key: str, value: Any) -> bool:
        """Whether the value of a keyword is a reference where OpenAPI allows none, so that its target replaces it."""
        if key not in _HOLD_NO_REFERENCE or not is_reference(value):
            return False
        return key not in SCHEMA_LISTS or isinstance(self.references.lookup.follow(value), Array)

    def _keyword(self, schema: Object, key: str, value: Any) -> dict[str, Any]:
        """The keywords that one means; none where it says nothing."""
        if self._is_replaced(key, value):
            with self.references.replacement(value, "left out") as target:
                return {} if target is None else self._keyword(schema, key, target)
        if value is None and key in _MAY_NOT_BE_NULL:
            self.mistakes.empty(schema.where(key), key)
            return {}
        if key == "type":
            return self._type(schema, value)
        rule = _RULES.get(key)
        repaired = rule(self, schema, key, value) if rule else value
        return {} if repaired is None and key not in ("const", "default", "example") else {key: repaired}

    # Subschemas

    def _map(self, schema: Object, key: str, value: Any) -> Object | None:
        values = self.mistakes.mapping(
            f"`{key}`", value, schema.where(key), "left out", "a mapping of names to schemas"
        )
        if values is None:
            return None
        return values.derive(
            (name, self._repaired(child) if isinstance(child, Object) else self.schema(child, values.where(name)))
            for name, child in values.items()
        )

    def _properties(self, schema: Object, key: str, value: Any) -> Object | None:
        if isinstance(value, Object):
            value = self._without_impossible_names(value, schema)
            if value is None:
                return None
            flagged = {name: child for name, child in value.items() if required_flag(child) is not None}
            value = value.with_values({name: self._without_required(child) for name, child in flagged.items()})
        return self._map(schema, key, value)

    def _without_impossible_names(self, properties: Object, schema: Object) -> Object | None:
        """Properties without the optional ones whose names msgspec does not allow; None if a required property has such
        a name, as no class can have it."""
        required, is_possible = schema.get("required"), True
        for name in [name for name in properties if _IMPOSSIBLE_NAME.search(name)]:
            source = properties.where(name)
            if required_flag(properties[name]) or (isinstance(required, Array) and name in required):
                message, hint = (
                    f"the property {name!r} is required, and {_WHY_IMPOSSIBLE}",
                    "remove it by an overlay action",
                )
                instead = "no property is read, so that the object is a mapping"
                self.mistakes.problems.loss("unsupported-name", source, message, instead, hint)
                is_possible = False
                continue
            message = f"the property {name!r} is left out: {_WHY_IMPOSSIBLE}"
            self.mistakes.problems.warning("unsupported-name", source, message)
            properties = properties.without(name)
        return properties if is_possible else None

    def _without_required(self, schema: Object) -> Object:
        """The schema of a property without its boolean `required`, which is moved to the object (`_keywords`)."""
        message = "`required: false` in a property has no meaning; left out"
        if required_flag(schema):
            message = "`required: true` in a property is read as an entry in `required` of the object"
        self.mistakes.repaired(schema.where("required"), message, "list it under `required` of the object")
        return schema.without("required")

    def _list(self, schema: Object, key: str, value: Any) -> Array | None:
        source = schema.where(key)
        if isinstance(value, Object) and value:
            self.mistakes.repaired(source, f"`{key}` must be a list; the schema here is read as its only item")
            return Array([self.schema(value, source)], source)
        if not isinstance(value, Array):
            self.mistakes.lost(source, f"`{key}` must be a list of schemas", "left out")
            return None
        if not value:
            self.mistakes.empty(source, key)
            return None
        return value.derive([self._member(child, value.where(i)) for i, child in enumerate(value)])

    def _member(self, member: Any, source: Source) -> Object:
        if isinstance(member, Object) and [*member] == ["type"] and member["type"] is None:
            self.mistakes.repaired(member.where("type"), "`type: null` is read as the type 'null'", "quote it")
            return member.derive({"type": "null"})
        return self.schema(member, source)

    def _subschema(self, schema: Object, key: str, value: Any) -> Object | None:
        source = schema.where(key)
        if key == "items" and isinstance(value, Array):
            if len(value) != 1:
                self.mistakes.repaired(
                    source, "`items` must be one schema, not a list; read as a schema that allows everything"
                )
                return Object(source=source)
            self.mistakes.repaired(
                source, "`items` must be one schema, not a list; the only schema in the list is used"
            )
            value = value[0]
        return self.schema(value, source)

    def _subschema_or_boolean(self, schema: Object, key: str, value: Any) -> Object | bool | None:
        meaning = as_boolean(value)
        if meaning is None:
            return self._subschema(schema, key, value)
        if not isinstance(value, bool):
            self.mistakes.repaired(schema.where(key), f"`{key}: {value!r}` is read as {str(meaning).lower()}")
        return meaning

    # Types

    def _type(self, schema: Object, value: Any) -> dict[str, Any]:
        """The keywords that `type` means; none where it says nothing."""
        source = schema.where("type")
        if isinstance(value, Array):
            return self._types(value, source)
        if isinstance(value, Object):
            self.mistakes.repaired(source, "`type` must be text; the mapping here is left out")
            return {}
        keywords = self._one_type(value, source)
        return {k: v for k, v in keywords.items() if k == "type" or not isinstance(schema.get(k), str)}

    def _types(self, names: Array, source: Source) -> dict[str, Any]:
        types: dict[str, None] = {}
        for name in names:
            if name is None:
                self.mistakes.repaired(source, "null in `type` is read as the type 'null'", "quote it")
            keywords = self._one_type("null" if name is None else name, source)
            if "type" not in keywords:
                return {}
            types[keywords["type"]] = None
        return {"type": Array(types, names.source, names.marks)} if types else {}

    def _one_type(self, name: Any, source: Source) -> dict[str, str]:
        """The keywords that the name of a type means; none where it means any type, or is unknown (an error)."""
        if name in TYPES:
            return {"type": name}
        keywords = _KEYWORDS_OF_TYPES.get(name.strip().lower()) if isinstance(name, str) else None
        if keywords is None:
            message, hint = f"type: {name!r} is not a JSON type", f"one of {', '.join(TYPES)}"
            self.mistakes.problems.loss("unknown-type", source, message, "read as any type", hint)
            return {}
        meaning = ", ".join(f"{k}: {v}" for k, v in keywords.items()) or "any type"
        self.mistakes.repaired(source, f"type: {name!r} is read as {meaning}")
        return keywords

    # Other keywords

    def _required(self, schema: Object, key: str, value: Any) -> Array | None:
        source, properties = schema.where(key), schema.get("properties")
        if value == Object():
            return None
        if isinstance(value, str) and isinstance(properties, Object) and value in properties:
            self.mistakes.repaired(source, f"`required` must be a list; {value!r} is read as its only item")
            return Array([value], source)
        if as_boolean(value) is not None:  # that of a property or a parameter has been moved before
            message = "`required` of a schema must be a list of properties; true and false have no meaning here"
            self.mistakes.repaired(source, message, "list the required properties, or remove it")
            return None
        if not isinstance(value, Array):
            self.mistakes.lost(source, "`required` must be a list of names", "left out")
            return None
        return Array([*self._possible_names(schema, value)], value.source, value.marks)

    def _possible_names(self, schema: Object, required: Array) -> Iterator[str]:
        """Names of required properties, without those that msgspec does not allow."""
        declared = schema.get("properties")
        for index, name in enumerate(required.as_written()):
            if not isinstance(name, str):
                continue
            if not _IMPOSSIBLE_NAME.search(name):
                yield name
            elif not isinstance(declared, Object) or name not in declared:  # else it is reported there
                message = f"the property {name!r} is left out: {_WHY_IMPOSSIBLE}"
                self.mistakes.problems.warning("unsupported-name", required.where(index), message)

    def _enum(self, schema: Object, key: str, value: Any) -> Array | None:
        if isinstance(value, Array) and value:
            return value
        message = "`enum` must be a list with at least one value"
        self.mistakes.lost(schema.where(key), message, "left out, so that the type alone counts")
        return None

    def _number(self, schema: Object, key: str, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        source = schema.where(key)
        try:
            number = float(value) if value.isascii() else math.nan
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.mistakes.ignored(source, f"`{key}: {value!r}` is not a number")
            return None
        self.mistakes.repaired(source, f"`{key}: {value!r}` is read as a number")
        return int(number) if number.is_integer() else number

    def _boolean(self, schema: Object, key: str, value: Any) -> bool | None:
        return self.mistakes.boolean(key, value, schema.where(key), is_annotation=True)

    def _discriminator(self, schema: Object, key: str, value: Any) -> Any:
        source = schema.where(key)
        wire = value.get("propertyName") if isinstance(value, Object) else value
        if isinstance(wire, str) and _IMPOSSIBLE_NAME.search(wire):
            message, instead = (
                f"the property {wire!r} cannot choose a class: {_WHY_IMPOSSIBLE}",
                "objects are told apart by their properties",
            )
            self.mistakes.problems.loss("unsupported-name", source, message, instead)
            return None
        if isinstance(value, str):
            self.mistakes.repaired(source, f"`discriminator: {value}` is read as {{propertyName: {value}}}")
            return Object({"propertyName": value}, source)
        if not isinstance(value, Object) or not isinstance(value.get("propertyName"), str):
            self.mistakes.lost(source, "`discriminator` needs a `propertyName`", "left out")
            return None
        if "mapping" not in value:
            return value
        mapping = value["mapping"]
        if isinstance(mapping, Object) and all(isinstance(target, str) for target in mapping.values()):
            return value.replacing("mapping", self._mapping(mapping))
        if mapping not in (None, Array(), Object()):
            self.mistakes.ignored(value.where("mapping"), "`mapping` must be a mapping of names to schemas")
        return value.without("mapping")

    def _mapping(self, mapping: Object) -> Object:
        """The mapping of a discriminator; the references in it are recorded."""
        mapping = mapping.derive(mapping)
        for value, target in mapping.items():
            holder = Object({"$ref": target}, mapping.source, {"$ref": mapping.mark(value)})
            self.references.record_mapping_value(mapping, value, holder)
        return mapping


_Rule = Callable[[SchemaRepair, Object, str, Any], Any]
_RULES: Mapping[str, _Rule] = {
    **dict.fromkeys(SCHEMA_MAPS, SchemaRepair._map),
    "properties": SchemaRepair._properties,
    **dict.fromkeys(SCHEMA_LISTS, SchemaRepair._list),
    **dict.fromkeys(SCHEMA_SINGLES, SchemaRepair._subschema),
    **dict.fromkeys(SCHEMA_OR_BOOLEAN, SchemaRepair._subschema_or_boolean),
    "required": SchemaRepair._required,
    "enum": SchemaRepair._enum,
    **dict.fromkeys(("multipleOf", "maximum", "minimum", "maxLength", "minLength"), SchemaRepair._number),
    **dict.fromkeys(("maxItems", "minItems", "maxProperties", "minProperties"), SchemaRepair._number),
    **dict.fromkeys(("nullable", "readOnly", "writeOnly", "deprecated", "uniqueItems"), SchemaRepair._boolean),
    "discriminator": SchemaRepair._discriminator,
}
"""How the value of a keyword is repaired: called with the schema, the keyword and the value; None leaves it out."""
_MAY_NOT_BE_NULL = {"type", *_RULES}
_HOLD_REFERENCE_OR_SCHEMAS = {"$ref", *SCHEMA_MAPS, *SCHEMA_LISTS, *SCHEMA_SINGLES, *SCHEMA_OR_BOOLEAN}
_HOLD_NO_REFERENCE = {"type", "enum", "format", "description", "title", "pattern", *_RULES}
_HOLD_NO_REFERENCE -= {*SCHEMA_SINGLES, *SCHEMA_OR_BOOLEAN}
"""Keywords whose values are not schemas: the target of a reference in their place replaces it."""


def required_flag(schema: Any) -> bool | None:
    """What a boolean `required` in the schema of a property or parameter says; None when there is none."""
    return as_boolean(schema["required"]) if isinstance(schema, Object) and "required" in schema else None


def _required_by_properties(schema: Object) -> list[str]:
    properties = schema.get("properties")
    if not isinstance(properties, Object):
        return []
    return [name for name, child in properties.items() if required_flag(child)]
