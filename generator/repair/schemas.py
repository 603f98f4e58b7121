"""Slips inside schemas: what is certainly meant is put in place of what is written, and reported."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..document.problems import Source
from ..document.tree import Array, Object
from .mistakes import Slips

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_MEANT: dict[str, dict[str, str]] = {
    **{word: {"type": "integer"} for word in ("int", "short")},
    **{word: {"type": "integer", "format": word} for word in ("int32", "int64")},
    "long": {"type": "integer", "format": "int64"},
    **{word: {"type": "number", "format": word} for word in ("float", "double")},
    "decimal": {"type": "number"},
    "bool": {"type": "boolean"},
    **{word: {"type": "string"} for word in ("str", "text")},
    **{word: {"type": "string", "format": "binary"} for word in ("file", "binary")},
    **{word: {"type": "string", "format": "date-time"} for word in ("datetime", "date-time")},
    **{word: {"type": "string", "format": word} for word in ("date", "uuid", "uri", "email", "byte")},
    **{word: {"type": "object"} for word in ("dict", "map", "hash")},
    "list": {"type": "array"},
    **{word: {"type": "null"} for word in ("none", "nil")},
    **{word: dict[str, str]() for word in ("", "any", "mixed")},
}
"""Words for types that JSON Schema does not have, in lower case, and what they say in its own."""
_UNNAMEABLE = re.compile(r'["\\\x00-\x1f]')
_NUMBERS = {"multipleOf", "maximum", "minimum", "maxLength", "minLength", "maxItems", "minItems"}
_NUMBERS |= {"maxProperties", "minProperties"}
_FLAGS = ("nullable", "readOnly", "writeOnly", "deprecated", "uniqueItems")
_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLES = (
    *("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_MAY_BE_FLAGS = ("additionalProperties", "unevaluatedItems", "unevaluatedProperties")


class SchemaMender:
    """Mends schemas; `reference` is told of every schema that refers to another one."""

    def __init__(self, slips: Slips, reference: Callable[[Object], None]) -> None:
        self.slips, self.reference = slips, reference

    def schema(self, value: Any, place: Source) -> Any:
        """A schema and all that are inside it; what is no schema at all is reported and becomes `{}`."""
        if isinstance(value, bool):
            return Object([] if value else [("not", Object(source=place))], place)
        if value is None:
            self.slips.mended(place, "an empty schema is taken for one that allows everything")
            return Object(source=place)
        if isinstance(value, str) and value.lower() in (*TYPES, *_MEANT) and value:
            self.slips.mended(place, f"{value!r} is taken for the schema {{type: {value}}}")
            value = Object([("type", value)], place)
        if not isinstance(value, Object):
            if value != Array():
                self.slips.refused(place, "a schema is a mapping")
            return Object(source=place)
        result = self._keywords(value)
        if "$ref" in result:
            self.reference(result)
        return result

    def _keywords(self, schema: Object) -> Object:
        requiring = _requiring(schema)
        items: list[tuple[str, Any]] = []
        for key, value in schema.items():
            place = schema.where(key)
            if value is None and key == "type":
                self.slips.emptied(place, "type")
                continue
            if key == "properties" and isinstance(value, Object):
                value = self._nameable(value, schema)
            if key in _MAPS:
                value = self._map(key, value, place)
            elif key in _LISTS and value is not None:
                value = self._list(key, value, place)
            elif key in _SINGLES:
                value = self._single(key, value, place)
            elif key == "type":
                items += self._type(schema, value)
                continue
            elif key == "required":
                value = self._required(schema, value)
            elif key in _NUMBERS and isinstance(value, str):
                value = self._number(key, value, place)
            elif key in _FLAGS and not isinstance(value, bool):
                value = self.slips.flag(key, value, place, note=True)
            elif key == "discriminator" and isinstance(value, str):
                self.slips.mended(place, f"`discriminator: {value}` is taken for {{propertyName: {value}}}")
                value = Object([("propertyName", value)], place)
            elif key == "discriminator" and isinstance(value, Object) and "mapping" in value:
                value = self._mapping(value)
            if value is not None or key in ("const", "default", "example"):
                items.append((key, value))
        if requiring:
            items = [(k, v) for k, v in items if k != "required"]
            own = schema.get("required")
            listed = [name for name in own if isinstance(name, str)] if isinstance(own, Array) else []
            names = [*listed, *(name for name in requiring if name not in listed)]
            items.append(("required", Array(names, schema.source)))
        return schema.derive(dict(items).items())

    def _map(self, key: str, value: Any, place: Source) -> Object | None:
        if value is None:
            self.slips.emptied(place, key)
            return None
        if not isinstance(value, Object):
            if value == Array():  # PHP's empty map
                return Object(source=place)
            self.slips.refused(place, f"`{key}` is a mapping of names to schemas")
            return None
        return value.derive([(name, self._member(key, child, value.where(name))) for name, child in value.items()])

    def _nameable(self, properties: Object, schema: Object) -> Object:
        """Properties without those that no class can hold, as msgspec has no such names, if values do without them."""
        required = schema.get("required")
        for name in [name for name in properties if _UNNAMEABLE.search(name)]:
            if requires(properties[name]) or (isinstance(required, Array) and name in required):
                continue  # it is refused later on
            message = f"the property {name!r} is left out: no class has a name with a quote, backslash or control in it"
            self.slips.problems.warning("unsupported-name", properties.where(name), message)
            properties = properties.without(name)
        return properties

    def _member(self, key: str, child: Any, place: Source) -> Any:
        if key == "properties" and isinstance(child, Object) and _flag(child.get("required")) is not None:
            if _flag(child["required"]):
                message = "`required: true` in a property is read as: the object requires the property"
            else:
                message = "`required: false` in a property says nothing; left out"
            self.slips.mended(child.where("required"), message, "list it under `required` of the object")
            child = child.without("required")
        return self.schema(child, place)

    def _list(self, key: str, value: Any, place: Source) -> Array | None:
        if isinstance(value, Object) and value:
            self.slips.mended(place, f"`{key}` is a list; the schema here is taken for its only member")
            return Array([self.schema(value, place)], place)
        if not isinstance(value, Array):
            self.slips.refused(place, f"`{key}` is a list of schemas")
            return None
        if not value:
            self.slips.emptied(place, key)
            return None
        return value.derive([self._alternative(child, value.where(i)) for i, child in enumerate(value)])

    def _alternative(self, child: Any, place: Source) -> Any:
        if isinstance(child, Object) and [*child] == ["type"] and child["type"] is None:
            self.slips.mended(child.where("type"), "`type: null` is read as the type 'null'", "quote it")
            return child.derive([("type", "null")])
        return self.schema(child, place)

    def _single(self, key: str, value: Any, place: Source) -> Any:
        if value is None:
            self.slips.emptied(place, key)
            return None
        if key in _MAY_BE_FLAGS and (isinstance(value, bool) or _flag(value) is not None):
            if not isinstance(value, bool):
                self.slips.mended(place, f"`{key}: {value!r}` is read as {str(_flag(value)).lower()}")
            return _flag(value)
        if key == "items" and isinstance(value, Array) and len(value) == 1:
            self.slips.mended(place, "`items` takes one schema, not a list; the only one of the list is taken")
            value = value[0]
        elif key == "items" and isinstance(value, Array):
            self.slips.mended(place, "`items` takes one schema, not a list; items may be anything")
            return Object(source=place)
        return self.schema(value, place)

    def _type(self, schema: Object, value: Any) -> list[tuple[str, Any]]:
        place = schema.where("type")
        if isinstance(value, Array):
            return self._types(value, place)
        if isinstance(value, Object):
            self.slips.mended(place, "`type` is a word; the mapping here is left out, and no type is said")
            return []
        found = self._meant(value, place)
        return [(k, v) for k, v in found.items() if k == "type" or not isinstance(schema.get(k), str)]

    def _types(self, value: Array, place: Source) -> list[tuple[str, Any]]:
        words: dict[str, None] = {}
        for word in value:
            if word is None:
                self.slips.mended(place, "null in `type` is read as the type 'null'", "quote it")
            found = self._meant("null" if word is None else word, place)
            if "type" not in found:
                return []
            words[found["type"]] = None
        return [("type", Array(words, value.source, value.marks))] if words else []

    def _meant(self, word: Any, place: Source) -> dict[str, str]:
        """The keywords that a type stands for; none where it means any type, or nobody knows."""
        if word in TYPES:
            return {"type": word}
        text = word.strip().lower() if isinstance(word, str) else None
        found = {"type": text} if text in TYPES else _MEANT.get(text) if text is not None else None
        if text is None or found is None:
            hint = f"one of {', '.join(TYPES)}"
            self.slips.problems.error("unknown-type", place, f"type: {word!r} is no JSON type", hint)
            return {}
        said = ", ".join(f"{k}: {v}" for k, v in found.items()) or "any type"
        self.slips.mended(place, f"type: {word!r} is read as {said}")
        return found

    def _required(self, schema: Object, value: Any) -> Any:
        place = schema.where("required")
        if value is None:
            self.slips.emptied(place, "required")
            return None
        if isinstance(value, str) and isinstance(schema.get("properties"), Object) and value in schema["properties"]:
            self.slips.mended(place, f"`required` is a list; {value!r} is taken for its only member")
            return Array([value], place)
        if value == Object():
            return None
        if _flag(value) is not None:  # of a property or a parameter, whoever holds it has read it before
            message = "`required` of a schema lists properties; true and false say nothing here"
            self.slips.mended(place, message, "list the required properties, or remove it")
            return None
        if not isinstance(value, Array):
            self.slips.refused(place, "`required` is a list of names")
            return None
        return Array([str(name) for name in value if name is not None], value.source, value.marks)

    def _number(self, key: str, value: str, place: Source) -> Any:
        try:
            number = float(value)
        except ValueError:
            self.slips.ignored(place, f"`{key}: {value!r}` is no number")
            return None
        if number in (float("inf"), float("-inf")) or number != number:
            self.slips.ignored(place, f"`{key}: {value!r}` is no number of JSON")
            return None
        self.slips.mended(place, f"`{key}: {value!r}` is read as a number")
        return int(number) if number.is_integer() else number

    def _mapping(self, discriminator: Object) -> Object:
        mapping = discriminator["mapping"]
        if isinstance(mapping, Object) and all(isinstance(target, str) for target in mapping.values()):
            return discriminator
        if mapping not in (None, Array(), Object()):
            self.slips.ignored(discriminator.where("mapping"), "`mapping` is a mapping of words to schemas")
        return discriminator.without("mapping")


def requires(schema: Any) -> bool | None:
    """What a boolean `required` in the schema of a property or parameter says; None when there is none."""
    return _flag(schema.get("required")) if isinstance(schema, Object) else None


def _requiring(schema: Object) -> list[str]:
    properties = schema.get("properties")
    if not isinstance(properties, Object):
        return []
    return [name for name, child in properties.items() if requires(child)]


def _flag(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None
