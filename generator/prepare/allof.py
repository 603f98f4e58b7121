"""`allOf` merged into one schema, nested and through references, or reported where two parts contradict each other."""

from __future__ import annotations

from typing import Any

from generator.document import Array, Object, source_of
from generator.prepare.walk import core, is_note, notes, rewrite, rewrite_document
from generator.problems import Problems

_SCHEMAS = "#/components/schemas/"


def merge_all_of(document: Object, problems: Problems) -> Object:
    """The document without `allOf`."""
    merger = _Merger(document, problems)
    return rewrite_document(document, merger.rule)


class _Merger:
    def __init__(self, document: Object, problems: Problems) -> None:
        self.schemas = document.get("components", {}).get("schemas") or Object()
        self.problems = problems
        self.merged: dict[str, Any] = {}
        self.open: list[str] = []

    def rule(self, schema: Object) -> Object:
        members = schema.get("allOf")
        if not isinstance(members, Array):
            return schema
        rest = schema.without("allOf")
        members = [m for m in members if isinstance(m, Object) and (core(m) or notes(m))]
        shaped = [m for m in members if core(m)]
        if len(shaped) == 1 and not core(rest):  # a reference, or a schema, that only gets annotations
            annotations = {k: v for m in [*members, rest] for k, v in notes(m).items()}
            return schema.derive([*core(shaped[0]).items(), *annotations.items()])
        result = schema.derive([])
        for member in [*members, rest]:
            result = self.merge(result, self.target(member), result.source)
        # What names or describes a part does not describe the whole.
        return result.derive([*core(result).items(), *notes(rest).items()])

    def target(self, schema: Object) -> Object:
        """A schema with references at its top followed, and merged itself."""
        ref = schema.get("$ref")
        if not isinstance(ref, str):
            return schema
        name = ref.removeprefix(_SCHEMAS).replace("~1", "/").replace("~0", "~")
        if name in self.open:
            self.problems.error("circular-all-of", schema.where("$ref"), f"allOf: {ref} is a part of itself")
            return Object(source=schema.source)
        if name not in self.merged:
            self.open.append(name)
            target = rewrite(self.schemas.get(name), self.rule)
            self.merged[name] = self.target(target) if isinstance(target, Object) else Object(source=schema.source)
            self.open.pop()
        found: Object = self.merged[name]
        return found

    def merge(self, one: Object, two: Object, place: Any) -> Object:
        items: dict[str, Any] = dict(one)
        marks = dict(one.marks)
        for key, value in two.items():
            if key in two.marks and key not in marks:
                marks[key] = two.marks[key]
            if key not in items or is_note(key):
                items[key] = value
            elif items[key] != value:
                items[key] = self.both(key, items[key], value, two)
        return Object(items.items(), source_of(one, source_of(two, place)), marks)

    def both(self, key: str, one: Any, two: Any, place: Object) -> Any:
        """The value of a keyword that two parts give differently."""
        if key == "properties":
            return self.merge_properties(one, two)
        if key == "required":
            return one.derive(list(dict.fromkeys([*one, *two])))
        if key == "type" and {one, two} == {"integer", "number"}:
            return "integer"
        if key == "additionalProperties":  # closed parts would exclude each other's properties: none is meant so
            return one if isinstance(one, Object) else two
        if key == "enum":
            return one.derive([word for word in one if word in two])
        if key in ("items", "not"):
            return self.merge(one, two, place.source)
        if key in ("type", "format", "anyOf", "oneOf", "const", "$ref"):
            hint = "an overlay can remove one of them"
            message = f"allOf: two parts give `{key}` differently"
            self.problems.error("all-of-conflict", place.where(key), message, hint)
        return two  # constraints such as maxLength do not shape the type

    def merge_properties(self, one: Object, two: Object) -> Object:
        items, marks = dict(one), dict(one.marks) | dict(two.marks)
        for name, schema in two.items():
            if name in items and core(items[name]) and core(schema) and core(items[name]) != core(schema):
                whole = self.merge(self.target(items[name]), self.target(schema), two.source)
                items[name] = whole
            elif name not in items or core(schema) or not core(items[name]):
                items[name] = schema
        return Object(items.items(), one.source, marks)
