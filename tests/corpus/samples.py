"""Schema -> a value that fits it: what a caller could send, or a server answer."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from tests.corpus.raw import Document

_DEPTH = 5
_FORMATS = {
    "date-time": "2026-04-07T09:00:00Z",
    "date": "2026-04-07",
    "time": "09:00:00Z",
    "duration": "PT1H30M",
    "uuid": "0b7e8a52-5d0c-4c6e-9a0f-3f1f5c3f9d11",
    "byte": "dGVh",
    "base64": "dGVh",
    "decimal": "12.50",
    "uri": "https://example.com/tea",
    "url": "https://example.com/tea",
    "email": "tea@example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
}


class NoSample(Exception):  # noqa: N818 - it says something of the schema
    """Nothing fits the schema, or nothing that this module finds."""


def sample(document: Document, schema: Any, *, sent: bool = False) -> Any:
    """A value with all its properties, to a depth at which only required ones are left.

    `sent`: for a request, so without what is read-only; else without what is write-only. Raises NoSample.
    """
    return _Sampler(document, "readOnly" if sent else "writeOnly").value(schema, 0)


class _Sampler:
    def __init__(self, document: Document, left_out: str) -> None:
        self.document, self.left_out = document, left_out

    def value(self, schema: Any, depth: int) -> Any:
        if schema is True or schema is None:
            return "tea"
        if schema is False or depth > 40:
            raise NoSample("nothing fits the schema")
        schema = self.flat(schema, depth)
        if "const" in schema:
            return schema["const"]
        if isinstance(values := schema.get("enum"), list) and values:
            return self.enum_value(schema, values)
        for key in ("oneOf", "anyOf"):
            if isinstance(schema.get(key), list) and schema[key]:
                return self.member(schema, key, depth)
        return self.of_type(schema, depth)

    def enum_value(self, schema: Mapping[str, Any], values: list[Any]) -> Any:
        fits = {"string": str, "boolean": bool, "object": dict, "array": list}.get(str(schema.get("type")))
        fitting = [value for value in values if value is not None and (fits is None or isinstance(value, fits))]
        if not fitting and fits is str and values[0] is not None:  # `enum: [1, true]` of texts
            return values[0] if isinstance(values[0], str) else json.dumps(values[0])
        if not fitting and fits is list and values[0] is not None:  # the enum of the items, on the array by mistake
            return [values[0]]
        return fitting[0] if fitting else values[0]

    def flat(self, schema: Any, depth: int) -> dict[str, Any]:
        """The schema with its reference followed and the members of `allOf` merged into it."""
        merged = self.document.resolve(schema)
        parts = merged.pop("allOf", None)
        for part in parts if isinstance(parts, list) else ():
            if depth > 40:
                raise NoSample("allOf without an end")
            part = self.flat(part, depth + 1)
            properties = {**part.get("properties", {})}
            for name, own in (merged.get("properties") or {}).items():
                properties[name] = {"allOf": [properties[name], own]} if name in properties else own
            required = [*_listed(part.get("required")), *_listed(merged.get("required"))]
            values = (
                [value for value in part.get("enum", ()) if value in merged["enum"]]
                if part.get("enum") and "enum" in merged
                else 0
            )
            merged = {**part, **merged}
            if properties:
                merged["properties"] = properties
            if required:
                merged["required"] = required
            if values:
                merged["enum"] = values
        return merged

    def member(self, schema: Mapping[str, Any], key: str, depth: int) -> Any:
        """A member of a union, with its discriminator value."""
        around = {k: v for k, v in schema.items() if k in ("properties", "required", "type")}
        discriminator = schema.get("discriminator")
        tried: Exception = NoSample("no member")
        members = schema[key]
        if depth > _DEPTH:  # the shortest way out, where the first member would go round in a circle
            members = sorted(members, key=lambda m: isinstance(m, dict) and "$ref" in m)
        for member in members:
            if isinstance(member, dict) and (member.get("type") == "null" or member.get("enum") == [None]):
                continue
            try:
                value = self.value({"allOf": [around, member]} if around.get("properties") else member, depth + 1)
            except NoSample as error:
                tried = error
                continue
            if isinstance(discriminator, dict) and isinstance(value, dict):
                self.discriminate(discriminator, member, value)
            return value
        if any(isinstance(m, dict) and (m.get("type") == "null" or m.get("enum") == [None]) for m in members):
            return None
        raise tried

    def discriminate(self, discriminator: Mapping[str, Any], member: Any, value: dict[str, Any]) -> None:
        ref = str(member.get("$ref", "")) if isinstance(member, dict) else ""
        name = ref.rpartition("/")[2]
        values = [text for text, target in (discriminator.get("mapping") or {}).items() if str(target) in (ref, name)]
        if ref:
            value[str(discriminator.get("propertyName"))] = values[0] if values else name

    def of_type(self, schema: Mapping[str, Any], depth: int) -> Any:
        declared = schema.get("type")
        listed = declared if isinstance(declared, list) else [declared]
        json_type = next((k for k in listed if k not in ("null", None)), "null" if "null" in listed else None)
        if json_type == "object" or (
            json_type is None and ("properties" in schema or "additionalProperties" in schema)
        ):
            return self.mapping(schema, depth)
        if json_type == "array" or (json_type is None and "items" in schema):
            return self.array(schema, depth)
        if json_type in ("integer", "number"):
            return self.number(schema, whole=json_type == "integer")
        if json_type == "boolean":
            return True
        if json_type == "null":
            return None
        if schema.get("not") == {} and json_type is None:
            raise NoSample("`not: {}` fits nothing")
        return self.text(schema)

    def mapping(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        sample_: dict[str, Any] = {}
        required = [name for name in _listed(schema.get("required")) if isinstance(name, str)]
        properties = schema.get("properties") or {}
        # One name without its list, `true` in the property itself: mistakes with one possible meaning.
        required += [n for n, part in properties.items() if isinstance(part, dict) and part.get("required") is True]
        for name, part in properties.items():
            if self.document.resolve(part).get(self.left_out) is True:
                continue
            if name not in required and depth >= _DEPTH:
                continue
            try:
                sample_[name] = self.value(part, depth + 1)
            except NoSample:
                if name in required:
                    raise
        further = schema.get("additionalProperties")
        for name in required:
            if name not in (schema.get("properties") or {}):
                sample_[name] = self.value(further if isinstance(further, dict) else True, depth + 1)
        if isinstance(further, dict) and further and not schema.get("properties") and depth < _DEPTH:
            sample_.setdefault("tea", self.value(further, depth + 1))
        return sample_

    def array(self, schema: Mapping[str, Any], depth: int) -> list[Any]:
        least = schema.get("minItems") or 0
        fixed = schema.get("prefixItems")
        if isinstance(fixed, list):
            return [self.value(item, depth + 1) for item in fixed]
        if depth >= _DEPTH and not least:
            return []
        try:
            return [self.value(schema.get("items", True), depth + 1)] * max(1, least)
        except NoSample:
            if least:
                raise
            return []

    def number(self, schema: Mapping[str, Any], *, whole: bool) -> int | float:
        least, most = schema.get("minimum"), schema.get("maximum")
        step = schema.get("multipleOf") or 0
        value: int | float = 1 if whole or step else 1.5
        if isinstance(low := schema.get("exclusiveMinimum"), (int, float)) and not isinstance(low, bool):
            least = low + 1
        if isinstance(least, (int, float)) and value < least:
            value = math.ceil(least) if whole else least
            if schema.get("exclusiveMinimum") is True:
                value += 1
        if isinstance(most, (int, float)) and value > most:
            value = math.floor(most) if whole else most
        if step and value % step:
            value = step * math.ceil(value / step)
        return value

    def text(self, schema: Mapping[str, Any]) -> str:
        text = _FORMATS.get(str(schema.get("format", "")), "tea")
        if schema.get("contentEncoding") in ("base64", "base64url"):
            text = "dGVh"
        if schema.get("format") is None:
            least, most = schema.get("minLength"), schema.get("maxLength")
            if isinstance(least, int) and len(text) < least:
                text = "t" * least
            if isinstance(most, int) and len(text) > most:
                text = text[:most]
        return text


def _listed(required: Any) -> list[Any]:
    """The names that `required` lists; a name without a list, by mistake, counts as a list of one."""
    return required if isinstance(required, list) else [required] if isinstance(required, str) else []
