"""Schemas of a document as JSON Schema 2020-12, so that `jsonschema` can judge instances.

What OpenAPI says beside JSON Schema becomes part of the schema: `nullable`, the words of discriminators, the heirs that
may stand for a base, and that read-only properties are not sent. Mistakes with one meaning are read by that meaning.
Overlapping members of `oneOf` count as those of `anyOf`: servers send values that fit two members.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from tests.corpus.document import Document

_TYPES = ("string", "number", "integer", "boolean", "array", "object", "null")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_COPIED = ("uniqueItems", "format", "contentEncoding", "contentMediaType")
_OF_ONE = ("not", "additionalProperties", "propertyNames", "contains")
_CONDITIONS = ("if", "then", "else")
HIDDEN = "x-hidden"
"""Names the properties that are left out; another part of an `allOf` may require one."""
_UNIONS = ("oneOf", "anyOf")
_SAYS_NULL = {"nullable", "title", "description"}
"""The keywords of a member of a union that is null and nothing else."""


class Schemas:
    """The schemas of one direction; `hidden` is `readOnly` for what is sent, `writeOnly` for what is received."""

    def __init__(self, document: Document, hidden: str) -> None:
        self._document, self._hidden = document, hidden
        self._hidden_names = set[str]()
        self._definitions: dict[str, Any] = {}
        self._names: dict[tuple[str, bool], str] = {}
        self._heirs: dict[str, list[str]] | None = None
        self._validator = Draft202012Validator({"$defs": self._definitions})

    def errors(self, schema: Any, value: Any) -> str:
        """Why a value is not valid for a schema that `of` returned; "" when it is."""
        for error in self._validator.evolve(schema=schema).iter_errors(value):
            if error.validator != "required" or set(error.validator_value) - error.instance.keys() - self._hidden_names:
                return f"{error.json_path}: {error.message}"[:200]
        return ""

    def definition(self, ref: str) -> Any:
        """What a reference inside of such a schema leads to."""
        return self._definitions[ref.rpartition("/")[2]]

    def of(self, schema: Any, *, is_part: bool = False) -> Any:
        """The schema of the document as JSON Schema; `is_part`: it stands in an `allOf`."""
        if not isinstance(schema, Mapping):
            return schema is not False
        if isinstance(schema.get("$ref"), str):
            target = self._reference(schema["$ref"], is_part)
            if schema.get("nullable") is True:
                return {"anyOf": [target, {"type": "null"}]}
            beside = {} if self._document.ignores_siblings else {k: v for k, v in schema.items() if k != "$ref"}
            own = self.of(beside, is_part=is_part)
            return {"allOf": [target, own]} if own else target
        converted = self._keywords(schema, is_part)
        parts = [self.of(part, is_part=True) for part in self._parts(schema)]
        for key in _UNIONS:
            if members := _listed(schema, key):
                parts.append({"anyOf": self._members(schema, members)})
        types = converted.pop("type", [])
        if len(types) == 1:
            converted["type"] = types[0]
        elif types:
            parts.append({"anyOf": [{"type": type_} for type_ in types]})
        if parts:
            converted["allOf"] = parts
        nullable = schema.get("nullable") is True or schema.get("x-nullable") is True
        if nullable and converted.get("type") != "null" and "null" not in types:
            return {"anyOf": [converted, {"type": "null"}]}
        return converted

    def _parts(self, schema: Mapping[str, Any]) -> list[Any]:
        """The parts of `allOf`; where one says that it is never null, none is."""
        parts = _listed(schema, "allOf")
        if any(isinstance(part, Mapping) and part.get("nullable") is False for part in parts):
            return [{**self._document.resolve(part), "nullable": False} for part in parts]
        return parts

    def _reference(self, ref: str, is_part: bool) -> Any:
        target = self._document.follow(ref)
        if target is None:
            return {}
        if not is_part and not self._is_base(ref, target):
            is_part = True  # both readings are the same: one definition
        key = ref, is_part
        if key not in self._names:
            self._names[key] = name = str(len(self._names))
            self._definitions[name] = {}
            self._definitions[name] = self.of(target, is_part=True) if is_part else self._any_heir(ref, target)
        return {"$ref": f"#/$defs/{self._names[key]}"}

    def _is_base(self, ref: str, target: Any) -> bool:
        has_words = isinstance(target, Mapping) and "discriminator" in target
        return has_words and not any(key in target for key in _UNIONS) and bool(self._heirs_of(ref))

    def _any_heir(self, ref: str, base: Mapping[str, Any]) -> Any:
        members = [{"$ref": heir} for heir in self._heirs_of(ref)]
        if ref in self._words(base).values():
            members.append({"$ref": ref})
        return {"anyOf": self._members(base, members)}

    def _heirs_of(self, ref: str) -> list[str]:
        """The schemas that have a base in their `allOf`, directly or not, those that are bases themselves left out."""
        if self._heirs is None:
            self._heirs = {}
            for name, schema in self._document.schemas.items():
                for part in _listed(schema, "allOf"):
                    if isinstance(part, Mapping) and isinstance(part.get("$ref"), str):
                        self._heirs.setdefault(part["$ref"], []).append(self._document.component(name))
        heirs, pending = list[str](), [*self._heirs.get(ref, ())]
        for heir in pending:
            if heir not in heirs and heir != ref:
                heirs.append(heir)
                pending += self._heirs.get(heir, ())
        return heirs

    def _members(self, holder: Mapping[str, Any], members: Iterable[Any]) -> list[Any]:
        """The members of a union, each with the words that the discriminator of `holder` has for it."""
        discriminator = holder.get("discriminator")
        property_ = discriminator if isinstance(discriminator, str) else self._property(discriminator)
        words = self._words(holder)
        converted: list[Any] = []
        for member in members:
            if isinstance(member, Mapping) and member.get("nullable") is True and not member.keys() - _SAYS_NULL:
                converted.append({"type": "null"})
                continue
            is_reference = isinstance(member, Mapping) and isinstance(member.get("$ref"), str)
            own = self.of(member, is_part="discriminator" in holder and not any(k in holder for k in _UNIONS))
            if property_ and is_reference:
                ref = member["$ref"]
                known = [word for word, target in words.items() if target == ref]
                known = known or [ref.rpartition("/")[2].replace("~1", "/").replace("~0", "~")]
                declared = self._values_of(member, property_)
                if not declared or not {*known}.isdisjoint(map(str, declared)):
                    own = {"allOf": [own, {"properties": {property_: {"enum": known}}, "required": [property_]}]}
            converted.append(own)
        return converted

    def _values_of(self, schema: Any, property_: str) -> list[Any]:
        """The only values that a schema itself allows for a property; []: any."""
        resolved = self._document.resolve(schema)
        properties = resolved.get("properties")
        own = self._document.resolve(properties.get(property_)) if isinstance(properties, Mapping) else {}
        values = [*_listed(own, "enum"), *([own["const"]] if "const" in own else ())]
        return values or [v for part in _listed(resolved, "allOf") for v in self._values_of(part, property_)]

    @staticmethod
    def _property(discriminator: Any) -> str:
        return str(discriminator.get("propertyName") or "") if isinstance(discriminator, Mapping) else ""

    def _words(self, holder: Mapping[str, Any]) -> dict[str, str]:
        """The references by the words of a discriminator's mapping."""
        discriminator = holder.get("discriminator")
        mapping = discriminator.get("mapping") if isinstance(discriminator, Mapping) else None
        targets = mapping.items() if isinstance(mapping, Mapping) else ()
        return {word: str(t) if "#" in str(t) else self._document.component(str(t)) for word, t in targets}

    def _keywords(self, schema: Mapping[str, Any], is_part: bool) -> dict[str, Any]:
        """The keywords beside unions and `allOf`; `type` is a list."""
        converted = {key: schema[key] for key in _COPIED if key in schema}
        converted |= {key: schema[key] for key in (*_NUMBERS, *_COUNTS) if _is_number(schema.get(key))}
        for key, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if schema.get(key) is True and bound in converted:
                converted[key] = converted.pop(bound)
        declared = schema.get("type")
        types = [t for t in (declared if isinstance(declared, list) else [declared]) if t in _TYPES]
        converted["type"] = ["string"] if declared == "file" else types
        if _compiles(schema.get("pattern")):
            converted["pattern"] = schema["pattern"]
        examples = [*_listed(schema, "examples"), *([schema["example"]] if "example" in schema else ())]
        if texts := [example for example in examples if isinstance(example, str)]:
            converted["examples"] = texts
        self._values(schema, types, converted)
        self._object(schema, converted)
        items, positions = schema.get("items"), schema.get("prefixItems")
        if isinstance(items, (Mapping, bool)):
            converted.setdefault("items", self.of(items))
        elif isinstance(items, list):
            positions = items
        if isinstance(positions, list):
            converted["prefixItems"] = [self.of(position) for position in positions]
        for key in _OF_ONE:
            if isinstance(schema.get(key), (Mapping, bool)):
                converted[key] = self.of(schema[key])
        if converted.get("additionalProperties") is False and (is_part or "allOf" in schema):
            del converted["additionalProperties"]  # it would forbid what the other parts declare
        if "if" in schema:
            converted |= {key: self.of(schema[key]) for key in _CONDITIONS if key in schema}
        return converted

    def _values(self, schema: Mapping[str, Any], types: list[Any], converted: dict[str, Any]) -> None:
        values = _listed(schema, "enum") or ([schema["const"]] if "const" in schema else [])
        if types == ["array"] and values and not any(isinstance(value, list) for value in values):
            converted["items"] = {"enum": values}  # the enum of the items, on the array by mistake
        elif values and types == ["string"] and not any(isinstance(value, str) for value in values):
            converted["enum"] = [None if value is None else json.dumps(value) for value in values]
        elif values:
            converted["enum"] = values

    def _object(self, schema: Mapping[str, Any], converted: dict[str, Any]) -> None:
        properties = self._document.resolve(schema["properties"]) if "properties" in schema else None
        required = schema.get("required")
        listed = required if isinstance(required, list) else [required]
        names = [name for name in listed if isinstance(name, str)]
        if isinstance(properties, Mapping):
            resolved = {name: self._document.resolve(part) for name, part in properties.items()}
            hidden = {name for name, part in resolved.items() if part.get(self._hidden) is True}
            self._hidden_names |= hidden
            if hidden:
                converted[HIDDEN] = sorted(hidden)
            # `required: true` in the property itself: a mistake with one meaning.
            names += [n for n, part in properties.items() if isinstance(part, Mapping) and part.get("required") is True]
            names = [name for name in dict.fromkeys(names) if name not in hidden]
            converted["properties"] = {n: self.of(part) for n, part in properties.items() if n not in hidden}
        if names:
            converted["required"] = names
        patterns = schema.get("patternProperties")
        if isinstance(patterns, Mapping):
            converted["patternProperties"] = {p: self.of(part) for p, part in patterns.items() if _compiles(p)}


def _listed(schema: Any, key: str) -> list[Any]:
    value = schema.get(key) if isinstance(schema, Mapping) else None
    return value if isinstance(value, list) else []


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _compiles(pattern: Any) -> bool:
    try:
        return isinstance(pattern, str) and bool(re.compile(pattern))
    except re.error:
        return False
