"""Values of text without quotes: `01` and `1.10` are numbers to YAML, and text where the schema says so."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from ..document.pointer import dereference
from ..document.problems import Problems
from ..document.schemas import Rule
from ..document.tree import Array, Object
from ..interpreter.fast_dataclasses import dataclass

_UNIONS = ("anyOf", "oneOf")


def unquoted_text_rule(document: Object, problems: Problems) -> Rule:
    """A rule that turns values of text schemas into text, spelled as in their file: `1.10`, and not 1.1."""
    schemas = _TextSchemas(document)

    def rule(schema: Object) -> Object:
        default = schema.get("default")
        if isinstance(default, Array) and any(map(_is_unquoted, default)) and schemas.is_text(schema.get("items")):
            problems.warning("not-text", schema.where("default"), "`default` is read as a list of texts", "quote them")
            return schema.replacing("default", default.as_written())
        return _with_text(schema, problems) if _has_unquoted(schema) and schemas.is_text(schema) else schema

    return rule


@dataclass(frozen=True, slots=True)
class _TextSchemas:
    """Decides whether schemas allow text alone."""

    document: Object
    known: dict[str, bool] = field(default_factory=dict)
    """Whether the schemas to which references lead allow text alone."""

    def is_text(self, schema: Any) -> bool:
        """Whether all values that a schema allows are text, or null."""
        if not isinstance(schema, Object):
            return False
        if "type" in schema:
            types = schema["type"]
            return types == "string" or (isinstance(types, Array) and {*types} - {"null"} == {"string"})
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference not in self.known:
                self.known[reference] = False  # a schema that leads to itself
                self.known[reference] = self.is_text(dereference(schema, self.document))
            return self.known[reference]
        if any(map(self.is_text, _members(schema, "allOf"))):
            return True
        members = [member for key in _UNIONS for member in _members(schema, key) if not _is_null(member)]
        return bool(members) and all(map(self.is_text, members))


def _is_null(schema: Any) -> bool:
    return isinstance(schema, Object) and (schema.get("type") == "null" or schema.get("enum") == [None])


def _members(schema: Object, key: str) -> Array:
    members = schema.get(key)
    return members if isinstance(members, Array) else Array()


def _with_text(schema: Object, problems: Problems) -> Object:
    """A schema of text with its values as text, also those of its members that do not say their type."""
    changed: dict[str, Any] = {}
    enum = schema.get("enum")
    if isinstance(enum, Array) and any(_is_unquoted(value) for value in enum):
        message = "values that YAML reads as numbers or booleans are read as text"
        problems.warning("enum-not-text", schema.where("enum"), message, "quote them")
        changed["enum"] = enum.as_written()
    for key in ("const", "default"):
        if _is_unquoted(schema.get(key)):
            changed[key] = schema.as_written(key)
            message = f"`{key}` is read as the text '{changed[key]}'"
            problems.warning("not-text", schema.where(key), message, "quote it")
    for key in ("allOf", *_UNIONS):
        if key in schema:
            members = _members(schema, key)
            changed[key] = members.changed(
                _with_text(member, problems)
                if isinstance(member, Object) and not {"type", "$ref"} & {*member}
                else member
                for member in members
            )
    return schema.changed({**schema, **changed})


def _has_unquoted(schema: Object) -> bool:
    """Whether a schema has values that may be text without quotes, or members that do not say their type have."""
    enum = schema.get("enum")
    values = [schema.get("const"), schema.get("default"), *(enum if isinstance(enum, Array) else ())]
    members = (member for key in ("allOf", *_UNIONS) if key in schema for member in _members(schema, key))
    return any(map(_is_unquoted, values)) or any(_is_typeless(member) and _has_unquoted(member) for member in members)


def _is_typeless(schema: Any) -> bool:
    return isinstance(schema, Object) and "type" not in schema and "$ref" not in schema


def _is_unquoted(value: Any) -> bool:
    return isinstance(value, (bool, int, float))
