"""`allOf` merged into one schema, nested and through references.

What two parts say differently is what both say, as far as that can be told: a narrower type, common words, properties
of both. Where no value could be both, the later part counts, as whoever inherits comes last, and that is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..document.problems import Problems
from ..document.schemas import annotations_of, is_annotation, rewrite_document, rewrite_schema, without_annotations
from ..document.tree import Array, Object, source_of
from .graph import loops
from .schemas import FILE, TYPED_FORMATS, component_name
from .unions import intersect_unions, join_any_of_and_one_of

_NARROWER = {frozenset({"integer", "number"}): "integer"}


def merge_all_of(document: Object, problems: Problems) -> Object:
    """The document without `allOf`."""
    document = _without_loops(document, problems)
    merger = _Merger(document, problems)
    return rewrite_document(document, merger.rule)


class _Merger:
    def __init__(self, document: Object, problems: Problems) -> None:
        self.schemas = document.get("components", {}).get("schemas") or Object()
        self.problems = problems
        self.merged: dict[str, Any] = {}
        self.open: list[str] = []
        self.pairs: list[tuple[str, str]] = []

    def rule(self, schema: Object) -> Object:
        members = schema.get("allOf")
        if not isinstance(members, Array):
            return schema
        rest = schema.without("allOf")
        members = [m for m in members if isinstance(m, Object) and (without_annotations(m) or annotations_of(m))]
        shaped = [m for m in members if without_annotations(m)]
        if len(shaped) == 1 and not without_annotations(rest):  # a reference, or a schema, that only gets annotations
            beside = {k: v for m in [*members, rest] for k, v in annotations_of(m).items()}
            return schema.derive([*without_annotations(shaped[0]).items(), *beside.items()])
        result = schema.derive([])
        for member in [*members, rest]:
            result = self.merge(result, self.target(member), result.source)
        # What names or describes a part does not describe the whole.
        return result.derive([*without_annotations(result).items(), *annotations_of(rest).items()])

    def target(self, schema: Object) -> Object:
        """A schema with references at its top followed, and merged itself."""
        ref = schema.get("$ref")
        if not isinstance(ref, str):
            return schema
        name = component_name(ref)
        if name in self.open:
            message = f"allOf: {ref} is a part of itself; what it says is taken once"
            self.problems.warning("circular-all-of", schema.where("$ref"), message)
            return Object(source=schema.source)
        if name not in self.merged:
            self.open.append(name)
            target = rewrite_schema(self.schemas.get(name), self.rule)
            self.merged[name] = self.target(target) if isinstance(target, Object) else Object(source=schema.source)
            self.open.pop()
        found: Object = self.merged[name]
        return found

    def merge(self, one: Object, two: Object, place: Any) -> Object:
        one, two = join_any_of_and_one_of(one, self.problems), join_any_of_and_one_of(two, self.problems)
        if "const" in {*one, *two} and len({"const", "enum"} & {*one, *two}) > 1:
            one, two = _listed(one), _listed(two)
        if not self.compatible(one, two):
            return two.derive([*annotations_of(one).without(*two).items(), *two.items()])
        items: dict[str, Any] = dict(one)
        marks = dict(one.marks)
        for key, value in two.items():
            if key in two.marks and key not in marks:
                marks[key] = two.marks[key]
            if key not in items or is_annotation(key):
                items[key] = value
            elif items[key] != value:
                items[key] = self.both(key, items[key], value, two)
        return Object(items.items(), source_of(one, source_of(two, place)), marks)

    def compatible(self, one: Object, two: Object) -> bool:
        """Whether some value can be both."""
        key = ""
        if not _types(one, two):
            key = "type"
        elif isinstance(one.get("enum"), Array) and isinstance(two.get("enum"), Array):
            key = "" if any(word in two["enum"] for word in one["enum"]) else "enum"
        elif "const" in one and "const" in two and one["const"] != two["const"]:
            key = "const"
        if key:
            self.differs(key, two)
        return not key

    def differs(self, key: str, place: Object, taken: str = "the later one") -> None:
        message = f"allOf: two parts give `{key}` differently; {taken} is taken"
        self.problems.warning("all-of-conflict", place.where(key), message, "an overlay can remove one of them")

    def both(self, key: str, one: Any, two: Any, place: Object) -> Any:
        """The value of a keyword that two parts give differently."""
        if key == "properties":
            return self.merge_properties(one, two)
        if key == "required":
            return one.derive(list(dict.fromkeys([*one, *two])))
        if key == "type":
            return _NARROWER.get(frozenset({one, two}), two)
        if key == "additionalProperties":  # closed parts would exclude each other's properties: none is meant so
            return one if isinstance(one, Object) else two
        if key == "enum":
            return one.derive([word for word in one if word in two])
        if key == "items" and isinstance(one, Object) and isinstance(two, Object):
            return self.whole(one, two)
        if key == "anyOf":
            members = intersect_unions(one, two, place, self.problems)
            return members.derive([rewrite_schema(member, self.rule) for member in members])
        if key == "format":
            typed = {one, two} & {*TYPED_FORMATS, FILE}
            taken = next(iter(typed)) if len(typed) == 1 else two
            if typed:
                self.differs(key, place, repr(taken))
            return taken
        return two  # constraints such as maxLength do not shape the type

    def merge_properties(self, one: Object, two: Object) -> Object:
        items, marks = dict(one), dict(one.marks) | dict(two.marks)
        for name, schema in two.items():
            before, after = without_annotations(items.get(name, Object())), without_annotations(schema)
            if name in items and before and after and before != after:
                items[name] = self.whole(items[name], schema)
            elif name not in items or after or not before:
                items[name] = schema
        return Object(items.items(), one.source, marks)

    def whole(self, one: Object, two: Object) -> Object:
        """What is both of two schemas inside the parts; a class that is the other one and more stays what it is."""
        first, second = _name(one), _name(two)
        for ref, other in ((two, one), (one, two)):
            name, less = _name(ref), _name(other)
            if name and less and less in self.ancestors(name):
                return ref
            if name and not less and name not in self.open and _is_implied(other, self.target(ref)):
                return ref
        endless = bool(first and second) and ((first, second) in self.pairs or {first, second} & {*self.open})
        if endless:
            if (first, second) not in self.pairs:
                self.differs("$ref", two)
            return two
        self.pairs.append((first, second))
        found = self.merge(self.target(one), self.target(two), two.source)
        self.pairs.pop()
        return found

    def ancestors(self, name: str) -> set[str]:
        """The components that one takes in by `allOf`, at any depth."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for parent in _parents(self.schemas.get(waiting.pop())):
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return found


def _types(one: Object, two: Object) -> bool:
    first, second = one.get("type"), two.get("type")
    if not isinstance(first, str) or not isinstance(second, str):
        return True
    return first == second or frozenset({first, second}) in _NARROWER


def _is_implied(part: Object, whole: Object) -> bool:
    """Whether a schema says nothing that another one does not say."""
    return all(key in whole and whole[key] == value for key, value in without_annotations(part).items())


def _listed(schema: Object) -> Object:
    """A constant as an enum of one word."""
    if "const" not in schema or "enum" in schema:
        return schema
    words = Array([schema["const"]], schema.source)
    return schema.derive([*schema.without("const").items(), ("enum", words)])


def _name(schema: Object) -> str:
    return component_name(schema["$ref"]) if isinstance(schema.get("$ref"), str) else ""


def _parents(schema: Any) -> Iterator[str]:
    """The components that a schema takes in by `allOf`."""
    members = schema.get("allOf") if isinstance(schema, Object) else None
    for member in members if isinstance(members, Array) else ():
        if isinstance(member, Object):
            yield from [_name(member)] if _name(member) else _parents(member)


def _without_loops(document: Object, problems: Problems) -> Object:
    """The document in which no component takes in itself: those that take in each other say the same."""
    schemas = document.get("components", {}).get("schemas") or Object()
    groups = loops(
        {name: dict.fromkeys((p for p in _parents(s) if p in schemas), False) for name, s in schemas.items()}
    )
    if not groups:
        return document
    changed: dict[str, Any] = {}
    for group in groups:
        first = min(group)
        message = f"allOf: {', '.join(sorted(group))} are parts of each other; each is taken for all of them"
        problems.warning("circular-all-of", schemas.where(first), message)
        parts = {name: [*_own_parts(schemas[name], group)] for name in sorted(group)}
        for name in group:
            others = [part for other, own in parts.items() if other != name for part in own]
            kept = annotations_of(schemas[name])
            changed[name] = kept.derive([("allOf", Array([*parts[name], *others], kept.source)), *kept.items()])
    whole = schemas.derive((name, changed.get(name, schema)) for name, schema in schemas.items())
    parts_ = document["components"].derive(
        (k, whole if k == "schemas" else v) for k, v in document["components"].items()
    )
    return document.derive((k, parts_ if k == "components" else v) for k, v in document.items())


def _own_parts(schema: Object, group: frozenset[str]) -> Iterator[Object]:
    """What a schema says apart from taking in members of a group."""
    for member in schema.get("allOf") or ():
        if isinstance(member, Object) and "allOf" in member:
            yield from _own_parts(member, group)
        elif isinstance(member, Object) and _name(member) not in group:
            yield member
    rest = without_annotations(schema).without("allOf")
    if rest and "$ref" not in rest:
        yield rest
