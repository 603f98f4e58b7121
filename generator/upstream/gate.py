"""The gate: the library's schema says, path by path, whether a document is OpenAPI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from ..document.problems import Problems, Source
from ..document.tree import Array, Object
from .library import load_package

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


class _Finding(NamedTuple):
    """An error of pydantic, at its place in the document."""

    source: Source
    message: str
    is_missing: bool
    harmless: tuple[Object, str] | None
    """The mapping and the key of the harmless field that it concerns, if it does."""


def gate(document: Object, problems: Problems) -> Object:
    """Report where the document is not OpenAPI 3, by the library's schema; the document without harmless mistakes.

    Path items and components are judged one by one, so that no more than one of them is held twice.
    """
    load_package()
    from openapi_python_client.schema import OpenAPI
    from openapi_python_client.schema.openapi_schema_pydantic import PathItem, Reference, Schema, SecurityScheme
    from pydantic import TypeAdapter

    empty = {"paths": Object(), "components": Object(), "webhooks": Object()}
    outline = document.derive((key, empty.get(key, value)) for key, value in document.items())
    findings = list(_findings(outline, TypeAdapter(OpenAPI), outline.source))
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
                findings += _findings(value, adapter, section.where(name))
    for finding in findings:
        if finding.harmless:
            problems.warning("ignored-note", finding.source, f"{finding.message}; left out, as it changes nothing")
        else:
            problems.error("not-openapi", finding.source, finding.message)
    harmless = [finding.harmless for finding in findings if finding.harmless]
    return _without(document, harmless) if harmless else document


def _findings(value: Object, adapter: Any, source: Source) -> Iterator[_Finding]:
    """What is wrong with a value, by the library's model of it; of branches of a union one for each source."""
    from pydantic import ValidationError

    try:
        adapter.validate_python(value)
    except ValidationError as error:
        seen = set[Source]()
        for details in _deepest(error.errors(include_url=False, include_input=False)):
            finding = _locate(value, details, source)
            if finding.is_missing or finding.source not in seen:
                seen.add(finding.source)
                yield finding


def _locate(value: Object, details: Mapping[str, Any], source: Source) -> _Finding:
    """An error where it stands, or where the harmless field stands that it is in.

    Tokens of its location that are not a key or index of the value there are names of branches, and skipped.
    """
    at: Any = value
    previous, key = "", ""
    harmless = None
    for token in details["loc"]:
        if isinstance(at, Object) and str(token) in at:
            previous, key, source = key, str(token), at.where(str(token))
            if key in _HARMLESS and previous not in _MAPS:
                harmless = (at, key)
                break
            at = at[key]
        elif isinstance(at, Array) and isinstance(token, int) and token < len(at):
            source, at, previous = at.where(token), at[token], ""
    is_missing = details["type"] == "missing"
    subject = str(details["loc"][-1]) if is_missing else key or "the document"
    text = details["msg"]
    return _Finding(source, f"`{subject}`: {text[:1].lower()}{text[1:]}", is_missing, harmless)


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


def _without(document: Object, fields: Iterable[tuple[Object, str]]) -> Object:
    """The document without these keys of these mappings."""
    removed: dict[int, Set[str]] = {}
    for holder, key in fields:
        removed[id(holder)] = {key, *removed.get(id(holder), ())}
    copies: dict[int, Any] = {}  # what stands in several places stays one

    def copy(value: Any) -> Any:
        if not isinstance(value, (Object, Array)):
            return value
        if id(value) not in copies:
            if isinstance(value, Object):
                keys = removed.get(id(value), ())
                copies[id(value)] = value.changed((k, copy(v)) for k, v in value.items() if k not in keys)
            else:
                copies[id(value)] = value.changed(map(copy, value))
        return copies[id(value)]

    corrected: Object = copy(document)
    return corrected
