"""Explicit types: a schema whose keywords leave one type only says it, so that later rules need not guess."""

from __future__ import annotations

from generator.document import Array, Object
from generator.prepare.walk import Rule, is_note
from generator.problems import Problems

_UNTYPED = {"$ref", "allOf", "anyOf", "oneOf", "enum", "const", "not"}
_IGNORED = {"$dynamicRef", "if", "then", "else", "dependentSchemas", "dependentRequired", "patternProperties"}
_IGNORED |= {"prefixItems", "propertyNames", "unevaluatedProperties"}


def explicit_kinds(problems: Problems) -> Rule:
    """The rule; keywords that it leaves out of account are reported."""

    def rule(schema: Object) -> Object:
        for key in [key for key, value in schema.items() if value is None and not is_note(key) and key != "const"]:
            problems.warning("empty-section", schema.where(key), f"`{key}` is empty; read as if it were not there")
            schema = schema.without(key)
        for key in sorted(_IGNORED & schema.keys()):
            if schema[key] not in (None, False):
                message = f"`{key}` does not shape the generated type"
                problems.warning("ignored-keyword", schema.where(key), message)
        if "discriminator" in schema and not {"anyOf", "oneOf"} & schema.keys():
            message = "a discriminator without oneOf: the properties of the kinds that it tells apart are not generated"
            hint = "say which kinds there are, by `oneOf` in an overlay action where the schema is used"
            problems.warning("ignored-discriminator", schema.where("discriminator"), message, hint)
        if "type" not in schema and not _UNTYPED & schema.keys():
            if "properties" in schema or isinstance(schema.get("additionalProperties"), Object):
                schema = schema.derive([("type", "object"), *schema.items()])
            elif "items" in schema:
                schema = schema.derive([("type", "array"), *schema.items()])
        if "array" in _listed(schema.get("type")) and not isinstance(schema.get("items"), Object):
            schema = schema.derive([*schema.without("items").items(), ("items", Object(source=schema.source))])
        return schema

    return rule


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, Array) else [] if value is None else [value]
