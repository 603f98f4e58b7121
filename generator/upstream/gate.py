"""The gate: the library's schema says, path by path, whether a document is OpenAPI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from ..document.problems import Problems, Source
from ..document.tree import Array, Object
from .partial_import import load_package

_HARMLESS = {
    *("title", "summary", "description", "externalDocs", "example", "examples", "default", "xml", "deprecated", "tags"),
    *("contact", "license", "termsOfService", "url", "email", "name", "identifier", "variables", "links", "callbacks"),
    *("flows", "openIdConnectUrl", "bearerFormat", "allowEmptyValue", "format", "const", "readOnly", "writeOnly"),
    *("multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern"),
    *("maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties"),
}
"""Fields that shape nothing that is generated: where one is wrong it is left out, with a warning."""
_MAPS = ("properties", "schemas", "headers", "patternProperties", "responses", "content", "encoding", "mapping")
"""Fields whose keys are names that the document chooses."""
_BRANCHES = ("Reference", "Schema", "Parameter", "Response", "Header")
"""How pydantic calls the members of the library's unions in its locations."""


class _Mistake(NamedTuple):
    """An error of pydantic, at its source in the document."""

    source: Source
    message: str
    is_missing: bool
    is_harmless: bool
    """Whether it is in a harmless field, whose source it then has."""


def gate(document: Object, problems: Problems) -> Object:
    """The document without harmless mistakes. Every mistake that the library's schema finds is reported.

    Path items and components are validated one by one, so that no more than one of them is in memory twice.
    """
    load_package()
    from openapi_python_client.schema import OpenAPI
    from openapi_python_client.schema.openapi_schema_pydantic import PathItem, Reference, Schema, SecurityScheme
    from pydantic import TypeAdapter

    empty = {"paths": Object(), "components": Object(), "webhooks": Object()}
    outline = document.derive((key, empty.get(key, value)) for key, value in document.items())
    mistakes = list(_mistakes(outline, TypeAdapter(OpenAPI), outline.source))
    components = document.get("components") or Object()
    sections: tuple[tuple[Any, Any], ...] = (
        (document["paths"], PathItem),
        (document.get("webhooks"), PathItem),
        (components.get("schemas"), Schema),
        (components.get("securitySchemes"), Reference | SecurityScheme),
    )
    for section, model in sections:
        adapter = TypeAdapter(model)
        for name, value in section.items() if isinstance(section, Object) else ():
            if isinstance(value, Object) and not (model is Schema and "$ref" in value):
                mistakes += _mistakes(value, adapter, section.where(name))
    for mistake in mistakes:
        if mistake.is_harmless:
            problems.warning("ignored-note", mistake.source, f"{mistake.message}; left out, as it changes nothing")
        else:
            problems.error("not-openapi", mistake.source, mistake.message)
    harmless = {mistake.source for mistake in mistakes if mistake.is_harmless}
    return _without(document, harmless) if harmless else document


def _mistakes(value: Object, adapter: Any, source: Source) -> Iterator[_Mistake]:
    """The mistakes in a value, by the library's model of it; of branches of a union one for each source."""
    from pydantic import ValidationError

    try:
        adapter.validate_python(value)
    except ValidationError as error:
        seen = set[Source]()
        for details in _deepest(error.errors(include_url=False, include_input=False)):
            mistake = _locate(value, details, source)
            if mistake.is_missing or mistake.source not in seen:
                seen.add(mistake.source)
                yield mistake


def _locate(value: Object, details: Mapping[str, Any], source: Source) -> _Mistake:
    """An error at the source of its value, or of the harmless field around it.

    Tokens of its location that are not a key or index of the value there are names of branches, and skipped.
    """
    at: Any = value
    previous, key = "", ""
    is_harmless = False
    for token in details["loc"]:
        if isinstance(at, Object) and str(token) in at:
            previous, key, source = key, str(token), at.where(str(token))
            is_harmless = key in _HARMLESS and previous not in _MAPS
            if is_harmless:
                break
            at = at[key]
        elif isinstance(at, Array) and isinstance(token, int) and token < len(at):
            source, at, previous = at.where(token), at[token], ""
    is_missing = details["type"] == "missing"
    subject = str(details["loc"][-1]) if is_missing else key or "the document"
    text = details["msg"]
    return _Mistake(source, f"`{subject}`: {text[:1].lower()}{text[1:]}", is_missing, is_harmless)


def _deepest(errors: Iterable[Any]) -> Iterator[Any]:
    """One error for each location without branches, the longest first: if all branches of a union failed, one counts.

    That a reference needs `$ref` counts alone: else the value was not meant as a reference.
    """
    by_location: dict[tuple[object, ...], Any] = {}
    for error in errors:
        by_location.setdefault(tuple(token for token in error["loc"] if token not in _BRANCHES), error)
    for location in sorted(by_location, key=len, reverse=True):
        if location[-1:] != ("$ref",) or len(by_location) == 1:
            yield by_location[location]


def _without(document: Object, sources: Set[Source]) -> Object:
    """The document without the fields that are written at `sources`."""
    copies: dict[int, Any] = {}  # a value that stands in several places is copied once

    def copy(value: Any) -> Any:
        if not isinstance(value, (Object, Array)):
            return value
        if id(value) not in copies:
            if isinstance(value, Object):
                fields = ((k, v) for k, v in value.items() if k not in _HARMLESS or value.where(k) not in sources)
                copies[id(value)] = value.changed((k, copy(v)) for k, v in fields)
            else:
                copies[id(value)] = value.changed(map(copy, value))
        return copies[id(value)]

    corrected: Object = copy(document)
    return corrected
