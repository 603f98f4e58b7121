"""What a document says about itself: its version of OpenAPI, its title and its own version."""

from __future__ import annotations

import re
from typing import Any

from ..document.lookup import is_reference
from ..document.problems import Problems
from ..document.tree import Object
from .fields import INSTEAD, TEXT
from .references import References
from .swagger import convert

_UNVERSIONED = "3.0.3"
"""How a document is read that does not say its version, and has OpenAPI 3's parts."""


def from_swagger(document: Object, references: References) -> Object:
    """A Swagger 2.0 document as OpenAPI 3.0.3; others stay. Raises ProblemsFound for older versions of Swagger."""
    if "swagger" not in document:
        return document
    version, source, problems = document["swagger"], document.where("swagger"), references.problems
    if str(version) not in ("2.0", "2"):
        hint = "convert it to OpenAPI 3 first; Swagger 2.0 and OpenAPI 3.0 and 3.1 are read"
        problems.error("swagger", source, f"this is Swagger {version}, not OpenAPI 3", hint)
        problems.stop_on_errors()
    problems.warning("swagger", source, "this is Swagger 2.0, converted to OpenAPI 3.0.3")
    return convert(document, references)


def repair_version(document: Object, problems: Problems) -> Object:
    """The document with `openapi` as the text of a version that is read. Raises ProblemsFound when it is another."""
    source = document.where("openapi")
    version = _version(document, problems)
    if not re.match(r"3\.[012](\.|$)", str(version)):
        hint = "write the version of OpenAPI under `openapi`, such as 3.1.0; 3.0 and 3.1 are read"
        message = f"openapi: {version!r} is not a version of OpenAPI 3"
        if "openapi" not in document:
            message = "the document has no `openapi`, the version of OpenAPI that it follows"
        problems.error("not-openapi", source, message, hint)
        problems.stop_on_errors()
    if str(version).startswith("3.2"):
        problems.warning("openapi-3.2", source, "OpenAPI 3.2 is read as 3.1")
        version = "3.1.1"
    return document.replacing("openapi", version)


def _version(document: Object, problems: Problems) -> Any:
    version, source = document.get("openapi"), document.where("openapi")
    if isinstance(version, float):  # `openapi: 3.1` without quotes
        problems.warning("not-text", source, f"`openapi` is read as the text '{version}.0'", "quote it")
        return f"{version}.0"
    if str(version) == "3" or (version is None and isinstance(document.get("paths"), Object)):
        # Swagger says its version under another name, and has no `components`: this can be OpenAPI 3 alone.
        stated = "only states that it is OpenAPI 3" if version else "does not state its OpenAPI version"
        message = f"the document {stated}; read as OpenAPI {_UNVERSIONED}"
        problems.warning("mended", source, message, f"add `openapi: {_UNVERSIONED}`")
        return _UNVERSIONED
    return version.strip() if isinstance(version, str) else version


def repair_info(document: Object, references: References) -> Object:
    """The document with `info`, and in it `title` and `version` as text: `version: 1.0` is a number to YAML."""
    problems, info = references.problems, document.get("info")
    if is_reference(info):
        with references.replacement(info, INSTEAD[TEXT]) as target:
            info = target
    if not isinstance(info, Object):
        problems.warning("no-info", document.where("info"), "the document has no `info`; it is called 'API'")
        info = Object({"title": "API", "version": "0"}, document.source)
    for key, default in (("title", "API"), ("version", "0")):
        value = info.get(key)
        written = info.as_written(key)
        if written is not None and not isinstance(value, str):
            problems.warning("not-text", info.where(key), f"`{key}` is read as the text '{written}'", "quote it")
            info = info.replacing(key, written)
        elif not isinstance(value, str):
            problems.warning("no-info", info.where(key), f"`info` has no {key}; {default!r} is used")
            info = info.replacing(key, default)
    return document.replacing("info", info)
