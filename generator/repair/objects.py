"""A document as published -> the same with its outline in order: what later stages take for granted is so.

Small slips are mended where the meaning is certain, each with a warning. Other shapes than OpenAPI's are reported and
left out, so that later stages find what else is wrong. Where a part refers to, `targets.py` is told.
"""

from __future__ import annotations

from typing import Any

from ..document.operations import METHODS
from ..document.problems import Problems, Source
from ..document.tree import Array, Mark, Object
from .bundle import Targets
from .fields import EXTENSIBLE, FLAG, KINDS, SCHEMA, TEXT
from .mistakes import Slips
from .parameters import (
    mend_body_parameters,
    mend_parameter,
    misplaced_content,
    named_content,
    schema_as_content,
)
from .schemas import SchemaMender, requires


class Mender:
    """Mends one document; where its parts refer to goes to `targets`."""

    def __init__(self, document: Object, targets: Targets, problems: Problems) -> None:
        self.root, self.targets, self.problems = document, targets, problems
        self.slips = Slips(problems)
        self.schemas = SchemaMender(self.slips, lambda schema: targets.refer(schema, "schema", self.root))

    def mended(self) -> Object:
        """The whole document."""
        return self.object(self.root, "document")

    def value(self, value: Any, kind: str, place: Source) -> Any:
        """One part, as the kind that its place asks for."""
        if kind == SCHEMA:
            return self.schemas.schema(value, place)
        if kind == TEXT:
            return self.slips.text("it", value, place)
        if isinstance(value, str) and kind == "server":
            self.slips.mended(place, "a server is a mapping; the text is taken for its `url`")
            value = Object([("url", value)], place)
        if isinstance(value, str) and kind == "requirement":
            self.slips.mended(place, "a security requirement is a mapping; the text is taken for its scheme")
            value = Object([(value, Array(source=place))], place)
        if not isinstance(value, Object):
            if value == Array():  # PHP's empty map
                return Object(source=place)
            self.slips.refused(place, f"{_said(kind)} is a mapping")
            return None
        return self.object(value, kind)

    def object(self, value: Object, kind: str) -> Object:
        """A mapping of a kind, with every field that has a shape in it."""
        if kind == "callback" and "$ref" not in value:
            return value.derive((k, v if k.startswith("x-") else self.part(v, "pathItem", value.where(k)))
                                for k, v in value.items())  # fmt: skip
        if kind == "requirement":
            return value.derive((k, self.scopes(v, value.where(k))) for k, v in value.items())
        if kind == "pathItem":
            value = self.methods(value)
        if kind == "parameter":
            value = mend_parameter(value, self.slips)
        elif kind == "operation":
            value = mend_body_parameters(value, self.root, self.slips)
        if kind in ("requestBody", "response"):
            value = misplaced_content(value, self.slips)
        if kind == "response":
            value = schema_as_content(value, self.slips)
        if kind in ("parameter", "header"):
            value = self.required_inside(value)
        shapes = KINDS[kind]
        items: list[tuple[str, Any]] = []
        for key, child in value.items():
            shape = shapes.get(key)
            if shape is None:
                items.append((key, child))
                continue
            child = self.field(key, child, shape, value.where(key))
            if child is not None:
                items.append((key, child))
        result = value.derive(items)
        if kind == "operation" and "responses" not in result:
            result = result.derive([*result.items(), ("responses", Object(source=result.source))])
        if kind == "requestBody" and "content" not in result and "$ref" not in result:
            result = result.derive([*result.items(), ("content", Object(source=result.source))])
        if isinstance(result.get("$ref"), str):
            self.targets.refer(result, kind, self.root)
        return result

    def methods(self, item: Object) -> Object:
        """A path item with its methods in lower case; what else stands there is reported, as it could be a call."""
        items: list[tuple[str, Any]] = []
        for key, value in item.items():
            meant = key.strip().lower()
            if key not in METHODS and meant in METHODS and meant not in item:
                self.slips.mended(item.where(key), f"the method {key!r} is read as {meant}")
                item.marks[meant] = item.marks.get(key) or Mark(item.source.file, item.source.line)
                key = meant
            elif key not in (*KINDS["pathItem"], "$ref", "summary", "description") and not key.startswith("x-"):
                message = f"{key!r} is no method that is generated; left out"
                self.problems.warning("not-generated", item.where(key), message)
                continue
            items.append((key, value))
        return item.derive(items)

    def field(self, key: str, value: Any, shape: str, place: Source) -> Any:
        """What a field holds; None leaves the field out."""
        if value is None:
            if shape not in (TEXT, FLAG):
                self.slips.emptied(place, key)
            return None
        if shape == FLAG:
            return self.slips.flag(key, value, place, note=key in ("deprecated", "allowEmptyValue"))
        if shape == TEXT:
            return self.slips.text(key, value, place)
        container, _, kind = shape.rpartition(" ")
        if container == "list":
            return self.list(key, value, kind, place)
        if container == "map":
            return self.map(key, value, kind, place)
        return self.part(value, kind, place)

    def part(self, value: Any, kind: str, place: Source) -> Any:
        """A part, and what `value` means where it is empty."""
        return self.value(value, kind, place)

    def list(self, key: str, value: Any, kind: str, place: Source) -> Array | None:
        """A list of parts; those that are none are left out."""
        if value == Object():
            return Array(source=place)
        if isinstance(value, (Object, str)) and kind in ("server", "requirement", "text"):
            self.slips.mended(place, f"`{key}` is a list; what stands here is taken for its only member")
            value = Array([value], place)
        if not isinstance(value, Array):
            self.slips.refused(place, f"`{key}` is a list")
            return None
        places = [value.where(i) for i in range(len(value))]
        found = []
        for child, where in zip(value, places, strict=True):
            if child is None:
                self.slips.emptied(where, key)
                continue
            found.append((self.part(child, kind, where), where))
        kept = [(child, where) for child, where in found if child is not None]
        marks = [value.marks[i] for i, child in enumerate(value) if i < len(value.marks) and child is not None]
        return Array([child for child, _ in kept], value.source, marks if len(marks) == len(kept) else None)

    def map(self, key: str, value: Any, kind: str, place: Source) -> Object | None:
        """A mapping of names to parts; those that are none are left out."""
        if value == Array():  # PHP's empty map
            return Object(source=place)
        if not isinstance(value, Object):
            self.slips.refused(place, f"`{key}` is a mapping")
            return None
        if isinstance(value.get("$ref"), str):
            return self.targets.whole(value, kind, self.root)
        names: Object = named_content(value, self.slips) if key == "content" else value
        items: dict[str, Any] = {}
        for name, child in names.items():
            where = names.where(name)
            if key in EXTENSIBLE and name.startswith("x-"):
                items[name] = child
                continue
            proper = self.proper(key, name, names, where)
            if child is None and kind not in (SCHEMA, "media", "response", "header", "encoding"):
                self.slips.emptied(where, name)
                continue
            part = self.part(Object(source=where) if child is None and kind != SCHEMA else child, kind, where)
            if part is not None:
                items[proper] = part
                if proper != name:
                    names.marks[proper] = names.marks[name]
        return names.derive(items.items())

    def proper(self, key: str, name: str, names: Object, place: Source) -> str:
        """A name as it was meant: a path begins with '/', and a status or a media type has no blanks around it."""
        if key not in ("paths", "responses", "content"):
            return name
        meant = name.strip()
        if key == "paths" and not meant.startswith("/") and "://" not in meant:
            meant = f"/{meant}"
        if meant == name or meant in names:
            return name
        self.slips.mended(place, f"{name!r} is read as {meant!r}")
        return meant

    def scopes(self, value: Any, place: Source) -> Array:
        """The scopes of a security requirement: `- ApiKey:` with nothing behind it has none."""
        if isinstance(value, Array):
            return value.derive([str(scope) for scope in value])
        if value not in (None, Object()):
            self.slips.ignored(place, "the scopes of a security requirement are a list")
        return Array(source=place)

    def required_inside(self, parameter: Object) -> Object:
        """`required: true` in the schema of a parameter is the parameter's."""
        schema = parameter.get("schema")
        meant = requires(schema)
        if meant is None or not isinstance(schema, Object):
            return parameter
        message = f"`required: {str(meant).lower()}` in the schema of a parameter is read as the parameter's"
        self.slips.mended(schema.where("required"), message, "move it out of the schema")
        items = [(k, schema.without("required") if k == "schema" else v) for k, v in parameter.items()]
        if "required" not in parameter:
            items.append(("required", meant))
        return parameter.derive(items)


def _said(kind: str) -> str:
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in kind)
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
