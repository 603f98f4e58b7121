"""Mistakes in the objects of OpenAPI: rules for the type of object first, then each field by the table of `fields.py`.

A field of another shape than OpenAPI's is repaired where its meaning is certain. Otherwise it is reported and left out,
so that later stages find what else is wrong. Every reference is recorded: `bundle.py` rewrites them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..document.lookup import is_reference
from ..document.operations import METHODS
from ..document.problems import Source
from ..document.scalars import as_written
from ..document.tree import Array, Mark, Object, source_of
from ..interpreter.fast_dataclasses import dataclass
from .fields import (
    BOOLEAN,
    EXTENSIBLE,
    FIELDS,
    INSTEAD,
    SCHEMA,
    SECTIONS,
    TEXT,
    UNKNOWN_CONTENT,
    ListOf,
    MapOf,
    Shape,
    in_words,
    substitute,
)
from .mistakes import Mistakes
from .operations import (
    check_part,
    list_items,
    move_body_parameters,
    move_flow,
    move_keywords_into_schema,
    move_media_types_into_content,
    move_required,
    move_schema_into_content,
    move_type_into_schema,
    name_media_types,
    name_received_media_types,
    name_scopes,
    name_statuses,
    refer_to_operations,
    trim_name_and_location,
    trim_url,
)
from .references import References
from .schemas import SchemaRepair

_Rule = Callable[[Object, References, Mistakes], Object]
"""Repairs an object; what it refers to is read from the references."""
_MAY_BE_NULL = (SCHEMA, "media", "response", "header", "encoding")
"""Types of objects that may be empty: null in a mapping of them is an empty one."""


@dataclass(frozen=True, slots=True)
class ObjectRepair:
    """Repairs the objects of a document and of the files to which it refers."""

    references: References
    mistakes: Mistakes

    def value(self, value: Any, type_: str, source: Source) -> Any:
        """A value as an object of a type, a schema or text, or what stands for it; None leaves it out."""
        if type_ == "media":
            value = move_keywords_into_schema(value, self.references, self.mistakes)
        if is_reference(value) and type_ not in SECTIONS:
            instead = INSTEAD.get(type_, "")
            replaced = self._replaced(value, lambda v: self.value(v, type_, source_of(v, source)), instead)
            return substitute(type_, source) if replaced is None else replaced
        if isinstance(value, Object) and "$ref" in value and not is_reference(value) and type_ != SCHEMA:
            message = f"$ref: {value['$ref']!r} is not a reference"
            self.mistakes.problems.loss("dangling-reference", value.where("$ref"), message, INSTEAD.get(type_, ""))
            return substitute(type_, source)
        if type_ == SCHEMA:
            return SchemaRepair(self.mistakes, self.references).schema(value, source)
        if type_ == TEXT:
            return self.mistakes.text("it", value, source, as_written(value))
        if isinstance(value, str) and type_ == "server":
            self.mistakes.repaired(source, "a server must be a mapping; the text is read as its `url`")
            value = Object({"url": value}, source)
        if isinstance(value, str) and type_ == "requirement":
            self.mistakes.repaired(
                source, "a security requirement must be a mapping; the text is read as the name of its scheme"
            )
            value = Object({value: Array(source=source)}, source)
        mapping = self.mistakes.mapping(in_words(type_), value, source, INSTEAD.get(type_, ""))
        if mapping is None:
            return substitute(type_, source)
        repaired, needed = self.object(mapping, type_), _NEEDED.get(type_)
        if needed is None or needed in repaired or "$ref" in repaired:
            return repaired
        self.mistakes.lost(source, f"{in_words(type_)} needs `{needed}`", INSTEAD[type_])
        return None

    def object(self, value: Object, type_: str) -> Object:
        """An object of a type, with every field that has a shape in it."""
        if type_ == "callback" and "$ref" not in value:
            return value.derive(self._entries("callbacks", value, "pathItem"))  # by expressions
        if type_ == "requirement":
            return value.derive((name, self._scopes(scopes, value.where(name))) for name, scopes in value.items())
        for rule in _RULES.get(type_, ()):
            value = rule(value, self.references, self.mistakes)
        shapes = FIELDS[type_]
        fields = {key: self._field(value, key, shapes.get(key)) for key in value}
        repaired = value.derive({k: v for k, v in fields.items() if v is not None or k not in shapes})
        if type_ == "operation" and is_reference(value.get("responses")):
            repaired = name_statuses(repaired, self.references, self.mistakes)
        added = _ADDED.get(type_)
        if added and added not in repaired and ("$ref" not in repaired or type_ == "operation"):
            repaired = repaired.replacing(added, Object(source=repaired.source))
        if is_reference(repaired) and type_ in SECTIONS:
            self.references.record(repaired, type_)
        return repaired

    def _replaced(self, holder: Object, repair: Callable[[Any], Any], instead: str) -> Any:
        """The repaired value that replaces a reference where OpenAPI allows none; None where it leads nowhere, and
        something else is read `instead`."""
        with self.references.replacement(holder, instead) as target:
            return None if target is None else repair(target)

    def _scopes(self, value: Any, source: Source) -> Array:
        """The scopes of a security requirement: `- ApiKey:` without a value has none."""
        if isinstance(value, Array):
            return value.as_written()
        if value not in (None, Object()):
            self.mistakes.ignored(source, "the scopes of a security requirement must be a list")
        return Array(source=source)

    def _field(self, holder: Object, key: str, shape: Shape | None) -> Any:
        """The repaired value of a field of an object; None leaves it out."""
        value = holder[key]
        if (shape is None and key not in _ANNOTATIONS) or (shape in _SCALARS and isinstance(value, _SCALARS[shape])):
            return value
        source = holder.where(key)
        if shape == TEXT and not is_reference(value):
            return self.mistakes.text(key, value, source, holder.as_written(key))
        return self._repaired(key, value, shape, source)

    def _repaired(self, key: str, value: Any, shape: Shape | None, source: Source) -> Any:
        """A value of the shape that the field `key` has; None leaves it out."""
        is_single = shape in FIELDS or shape == SCHEMA
        if is_reference(value) and not is_single and (shape or key in _ANNOTATIONS):
            instead = _instead(key, shape)
            replaced = self._replaced(value, lambda v: self._repaired(key, v, shape, source_of(v, source)), instead)
            if replaced is None and isinstance(shape, MapOf):
                return _substitute_mapping(key, shape.type, source)
            return replaced
        if shape is None:
            return value
        if value is None:
            if shape not in (TEXT, BOOLEAN):
                self.mistakes.empty(source, key)
            return None
        if shape == BOOLEAN:
            is_annotation = key in ("deprecated", "allowEmptyValue")
            return self.mistakes.boolean(key, value, source, is_annotation=is_annotation)
        if shape == TEXT:
            return self.mistakes.text(key, value, source, as_written(value))
        if isinstance(shape, ListOf):
            return self._list(key, value, shape.type, source)
        if isinstance(shape, MapOf):
            return self._map(key, value, shape.type, source)
        return self.value(value, shape, source)

    def _list(self, key: str, value: Any, type_: str, source: Source) -> Array | None:
        """A list of values of a type; what cannot be read as one is left out."""
        if value == Object():
            return Array(source=source)
        if isinstance(value, (Object, str)) and type_ in ("server", "requirement", TEXT):
            self.mistakes.repaired(source, f"`{key}` must be a list; the value here is read as its only item")
            value = Array([value], source)
        if not isinstance(value, Array):
            self.mistakes.lost(source, f"`{key}` must be a list", _instead(key, ListOf(type_)))
            return None
        items, marks = list[Any](), list[Mark]()
        written = value.as_written() if type_ == TEXT else ()
        for index, item in enumerate(value):
            if item is None:
                self.mistakes.empty(value.where(index), key)
                continue
            if type_ == TEXT and not is_reference(item):
                text = self.mistakes.text(key, item, value.where(index), written[index])
                repaired = [] if text is None else [text]
            else:
                repaired = self._items(key, item, type_, value.where(index))
            items += repaired
            marks += [value.mark(index)] * len(repaired)
        return Array(items, value.source, marks)

    def _items(self, key: str, item: Any, type_: str, source: Source) -> list[Any]:
        """The repaired value of an item, or the items of the list to which it refers; [] leaves it out."""
        if is_reference(item) and isinstance(self.references.lookup.follow(item), Array):
            return self._repaired(key, item, ListOf(type_), source) or []
        value = self.value(item, type_, source)
        return [] if value is None else [value]

    def _map(self, key: str, value: Any, type_: str, source: Source) -> Object | None:
        """A mapping of names to values of a type; what cannot be read as one is left out."""
        values = self.mistakes.mapping(f"`{key}`", value, source, _instead(key, MapOf(type_)))
        if values is None:
            return _substitute_mapping(key, type_, source)
        if key == "content":
            values = list_items(name_media_types(values, self.mistakes), self.mistakes)
        names = self._corrected_names(key, values)
        return values.derive(self._entries(key, values, type_)).renaming(names)

    def _entries(self, key: str, values: Object, type_: str) -> Iterator[tuple[str, Any]]:
        """The names in the mapping at `key`, and their repaired values."""
        for name, value in values.items():
            source = values.where(name)
            if key in EXTENSIBLE and name.startswith("x-"):
                yield name, value
            elif value is None and type_ not in _MAY_BE_NULL:
                self.mistakes.empty(source, name)
            else:
                value = Object(source=source) if value is None and type_ != SCHEMA else value
                repaired = self.value(value, type_, source)
                if repaired is not None:
                    yield name, repaired

    def _corrected_names(self, key: str, values: Object) -> Mapping[str, str]:
        """The corrected names of a mapping's keys: a path begins with '/', and has no blanks around it."""
        names: dict[str, str] = {}
        for name in values if key == "paths" else ():
            proper = name.strip()
            if name.startswith("x-"):
                continue
            if not proper.startswith("/") and "://" not in proper:
                proper = f"/{proper}"
            if proper != name and proper not in values:
                self.mistakes.repaired(values.where(name), f"{name!r} is read as {proper!r}")
                names[name] = proper
        return names


def _lower_case_methods(item: Object, _: References, mistakes: Mistakes) -> Object:
    """A path item with its methods in lower case; other keys that could be calls are reported and left out."""
    names: dict[str, str] = {}
    for key in item:
        method = key.strip().lower()
        if key not in METHODS and method in METHODS and method not in item:
            mistakes.repaired(item.where(key), f"the method {key!r} is read as {method}")
            names[key] = method
        elif key not in (*FIELDS["pathItem"], "$ref", "summary", "description") and not key.startswith("x-"):
            message = f"{key!r} is not an HTTP method of OpenAPI; left out"
            mistakes.problems.warning("not-generated", item.where(key), message)
            item = item.without(key)
    return item.renaming(names)


_RULES: Mapping[str, tuple[_Rule, ...]] = {
    "pathItem": (_lower_case_methods, refer_to_operations),
    "operation": (move_body_parameters, name_statuses),
    "parameter": (trim_name_and_location, move_type_into_schema, move_required),
    "header": (move_required, name_received_media_types),
    "encoding": (check_part,),
    "requestBody": (move_media_types_into_content,),
    "response": (move_media_types_into_content, move_schema_into_content, name_received_media_types),
    "securityScheme": (move_flow,),
    "oauthFlow": (name_scopes,),
    "server": (trim_url,),
}
"""What is repaired in an object of each type before its fields are read, in this order."""
_ANNOTATIONS = ("description", "summary", "termsOfService")
"""Fields of objects that have no shape, but hold text to which references lead in some documents."""
_SCALARS: Mapping[Shape | None, type] = {None: str, TEXT: str, BOOLEAN: bool}
"""What needs no repair, by the shape of its field."""
_ADDED = {"operation": "responses", "requestBody": "content", "oauthFlow": "scopes"}
"""Fields that are added, empty, where they are missing."""
_CATCH_ALL = {"responses": "default", "content": UNKNOWN_CONTENT}
"""The key that covers all others of a field, for when the field as a whole cannot be read."""
_NEEDED = {"server": "url", "securityScheme": "type"}
"""Fields without which an object says nothing."""


def _instead(key: str, shape: Shape | None) -> str:
    """What is read instead of a field that cannot be read, in words; "" where nothing is certain without it."""
    if isinstance(shape, (ListOf, MapOf)):
        if key == "webhooks":
            return "left out"
        return INSTEAD[shape.type] if key in _CATCH_ALL else "left out" if shape.type in INSTEAD else ""
    return INSTEAD.get(shape or TEXT, "")


def _substitute_mapping(key: str, type_: str, source: Source) -> Object | None:
    """The mapping that stands for a field that cannot be read; None where the field is left out."""
    return Object({_CATCH_ALL[key]: substitute(type_, source)}, source) if key in _CATCH_ALL else None
