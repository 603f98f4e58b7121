"""The outline of the document: its version, and the parts that every later stage takes for granted."""

from __future__ import annotations

import re
from typing import Any

from generator.document import Object
from generator.prepare.walk import METHODS
from generator.problems import Problems


def check_shape(document: Object, problems: Problems) -> Object:
    """The document with `openapi` read as 3.0 or 3.1, `info` and `paths` present."""
    if "swagger" in document:
        hint = "convert it to OpenAPI 3 first, for example with: npx swagger2openapi --outfile openapi.yaml FILE"
        version = document["swagger"]
        problems.error("swagger-2", document.where("swagger"), f"this is Swagger {version}, not OpenAPI 3", hint)
        return document
    version = document.get("openapi")
    if isinstance(version, float):  # `openapi: 3.1` without quotes
        message = f"`openapi` is taken as the text '{version}.0'"
        problems.warning("not-text", document.where("openapi"), message, "quote it")
        version = f"{version}.0"
        document = _with(document, "openapi", version)
    if not isinstance(version, str) or not re.match(r"3\.[012](\.|$)", version):
        hint = "OpenAPI 3.0 and 3.1 documents are read; `openapi` says which one it is"
        message = f"openapi: {version!r} is no version of OpenAPI 3"
        problems.error("not-openapi", document.where("openapi"), message, hint)
        return document
    if version.startswith("3.2"):
        problems.warning("openapi-3.2", document.where("openapi"), "OpenAPI 3.2 is read as 3.1")
        document = _with(document, "openapi", "3.1.1")
    document = _without_nulls(document, problems)
    if not isinstance(document.get("info"), Object):
        problems.warning("no-info", document.where("info"), "the document has no `info`; it goes by the name 'API'")
        document = _with(document, "info", Object([("title", "API"), ("version", "0")], document.source))
    document = _with(document, "info", _texts(document["info"], problems))
    if "paths" not in document:
        document = _with(document, "paths", Object(source=document.source))
    return _with_responses(document)


def _without_nulls(document: Object, problems: Problems) -> Object:
    """`paths:` or `components: schemas:` with nothing behind it is null to YAML, and means: none."""

    def clean(value: Object) -> Object:
        for key in [key for key, child in value.items() if child is None and not key.startswith("x-")]:
            problems.warning("empty-section", value.where(key), f"`{key}` is empty; read as if it were not there")
            value = value.without(key)
        return value

    document = clean(document)
    components = document.get("components")
    return _with(document, "components", clean(components)) if isinstance(components, Object) else document


def _texts(info: Object, problems: Problems) -> Object:
    """`version: 1.0` without quotes is a number to YAML, and the commonest slip of all."""
    for key in ("title", "version"):
        value = info.get(key)
        if isinstance(value, (int, float)):
            problems.warning("not-text", info.where(key), f"`{key}` is taken as the text '{value}'", "quote it")
            info = _with(info, key, str(value))
    return info


def _with_responses(document: Object) -> Object:
    """OpenAPI 3.1 made `responses` optional; later stages and the gate expect it."""

    def path_item(item: Any) -> Any:
        if not isinstance(item, Object):
            return item
        return item.derive((k, operation(v) if k in METHODS else v) for k, v in item.items())

    def operation(value: Any) -> Any:
        if not isinstance(value, Object) or "responses" in value:
            return value
        return _with(value, "responses", Object(source=value.source))

    if not isinstance(document["paths"], Object):
        return document
    return _with(document, "paths", document["paths"].derive((k, path_item(v)) for k, v in document["paths"].items()))


def _with(document: Object, key: str, value: object) -> Object:
    items = [(k, value if k == key else v) for k, v in document.items()]
    return document.derive(items if key in document else [*items, (key, value)])
