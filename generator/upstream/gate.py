"""The gate: the library's schema says, path by path, whether a document is OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..document.problems import Problems, Source
from ..document.tree import Array, Object
from .library import load_package

_NOTES = {
    "title",
    "summary",
    "description",
    "externalDocs",
    "example",
    "examples",
    "links",
    "xml",
    "contact",
    "license",
}
_NOTES |= {"termsOfService", "deprecated", "flows", "openIdConnectUrl", "bearerFormat", "allowEmptyValue", "tags"}
_NOTES |= {"multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength"}
_NOTES |= {"pattern", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties", "default", "format"}
_NOTES |= {"readOnly", "writeOnly", "const", "callbacks", "url", "email", "name", "identifier", "variables"}
"""Fields that shape nothing that is generated: what is wrong there is left out, with a warning."""
_NAMED = ("properties", "schemas", "headers", "patternProperties", "responses", "content", "encoding", "mapping")
"""Fields whose keys are names of the document's own."""


def gate(document: Object, problems: Problems) -> Object:
    """Report where the document is not OpenAPI 3, by the library's schema; the document without harmless parts.

    Path items and components are judged one by one, so that no more than one of them is held twice.
    """
    load_package()
    from openapi_python_client.schema import OpenAPI
    from openapi_python_client.schema.openapi_schema_pydantic import PathItem, Reference, Schema, SecurityScheme
    from pydantic import TypeAdapter

    notes: list[tuple[Object, str]] = []
    empty = {"paths": Object(), "components": Object(), "webhooks": Object()}
    outline = document.derive((k, empty.get(k, v)) for k, v in document.items())
    notes += _judge(outline, TypeAdapter(OpenAPI), problems)
    components = document.get("components") or Object()
    parts: tuple[tuple[Any, Any], ...] = (
        (document["paths"], PathItem),
        (document.get("webhooks"), PathItem),
        (components.get("schemas"), Schema),
        (components.get("securitySchemes"), Reference | SecurityScheme),
    )
    for section, model in parts:
        adapter = TypeAdapter(model)
        for name, value in section.items() if isinstance(section, Object) else ():
            if isinstance(value, Object) and not (model is Schema and "$ref" in value):
                notes += _judge(value, adapter, problems, section.where(name))
    return _without(document, notes) if notes else document


def _without(document: Object, notes: list[tuple[Object, str]]) -> Object:
    """The document without these keys of these mappings."""
    gone: dict[int, set[str]] = {}
    for holder, key in notes:
        gone.setdefault(id(holder), set()).add(key)
    made: dict[int, Any] = {}  # what stands in several places stays one

    def left(value: Any) -> Any:
        if id(value) in made:
            return made[id(value)]
        new = value
        if isinstance(value, Object):
            names = gone.get(id(value), ())
            new = value.changed((k, left(v)) for k, v in value.items() if k not in names)
        elif isinstance(value, Array):
            new = value.changed(map(left, value))
        else:
            return value
        made[id(value)] = new
        return new

    corrected: Object = left(document)
    return corrected


def _judge(
    value: Object, adapter: Any, problems: Problems, where: Source | None = None
) -> Iterator[tuple[Object, str]]:
    """Report what is wrong; gives the notes that are to be left out: the mapping, and the key in it."""
    from pydantic import ValidationError

    try:
        adapter.validate_python(value)
    except ValidationError as error:
        findings = list(_deepest(error.errors(include_url=False, include_input=False)))
        places = [_place(value, finding["loc"], where or value.source) for finding in findings]
        reported = set[Source]()
        for finding, (place, holder, key) in zip(findings, places, strict=True):
            if place in reported and finding["type"] != "missing":
                continue  # another branch of a union that failed at the same place
            reported.add(place)
            what = str(finding["loc"][-1]) if finding["type"] == "missing" else key or "the document"
            message = f"`{what}`: {finding['msg'][:1].lower()}{finding['msg'][1:]}"
            if holder is None:
                problems.error("not-openapi", place, message)
            else:
                problems.warning("ignored-note", place, f"{message}; left out, as it changes nothing")
                yield holder, key


def _place(value: Object, loc: tuple[int | str, ...], where: Source) -> tuple[Source, Object | None, str]:
    """Where a finding is; what holds the note on the way there that can be left out, if there is one; the key.

    Elements of `loc` that are no key or index of the value there are names of branches, and skipped.
    """
    at: Any = value
    previous, key = "", ""
    for token in loc:
        if isinstance(at, Object) and str(token) in at:
            previous, key, where = key, str(token), at.where(str(token))
            if key in _NOTES and previous not in _NAMED:
                return where, at, key
            at = at[key]
        elif isinstance(at, Array) and isinstance(token, int) and token < len(at):
            where, at, previous = at.where(token), at[token], ""
    return where, None, key


def _deepest(findings: list[Any]) -> Iterator[Any]:
    """Of the branches of a union that all failed at one place, the one that got furthest: the others are noise."""
    by_start: dict[tuple[object, ...], list[Any]] = {}
    for finding in findings:
        start = tuple(t for t in finding["loc"] if t not in ("Reference", "Schema", "Parameter", "Response", "Header"))
        by_start.setdefault(start, []).append(finding)
    starts = sorted(by_start, key=len, reverse=True)
    for start in starts:
        last = start[-1] if start else ""
        if last == "$ref" and len(starts) > 1:
            continue  # "a reference needs $ref": it was not meant as one
        yield by_start[start][0]
