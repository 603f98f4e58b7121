"""The outline of the document: its version, and the parts that every later stage takes for granted."""

from __future__ import annotations

import re
from typing import Any

from ..document.pointer import follow
from ..document.problems import Problems, Source
from ..document.tree import Object
from .bundle import Targets
from .files import Files
from .mistakes import Slips
from .objects import Mender
from .swagger import convert

_UNVERSIONED = "3.0.3"
"""What a document is read as that does not say its version, and has OpenAPI 3's parts."""


def check_shape(document: Object, problems: Problems, files: Files | None = None) -> Object:
    """The document with `openapi` read as 3.0 or 3.1, `info` and `paths` present, slips mended, and files bundled.

    Raises ProblemsFound when it is of another version.
    """
    if "swagger" in document:
        version, where = document["swagger"], document.where("swagger")
        if str(version) != "2.0":
            hint = "convert it to OpenAPI 3 first; Swagger 2.0 and OpenAPI 3.0 and 3.1 are read"
            problems.error("swagger", where, f"this is Swagger {version}, not OpenAPI 3", hint)
            problems.stop_on_errors()
        problems.warning("swagger", where, "this is Swagger 2.0, converted to OpenAPI 3.0.3")
        document = convert(document)
    slips = Slips(problems)
    version = _version(document, slips)
    if not re.match(r"3\.[012](\.|$)", str(version)):
        hint = "OpenAPI 3.0 and 3.1 documents are read; `openapi` says which one it is"
        message = f"openapi: {version!r} is no version of OpenAPI 3"
        if "openapi" not in document:
            message = "the document has no `openapi`, which says that it is one of OpenAPI"
        problems.error("not-openapi", document.where("openapi"), message, hint)
        problems.stop_on_errors()
    if str(version).startswith("3.2"):
        problems.warning("openapi-3.2", document.where("openapi"), "OpenAPI 3.2 is read as 3.1")
        version = "3.1.1"
    document = _with(document, "openapi", version)
    if not isinstance(document.get("info"), Object):
        problems.warning("no-info", document.where("info"), "the document has no `info`; it goes by the name 'API'")
        document = _with(document, "info", Object([("title", "API"), ("version", "0")], document.source))
    document = _with(document, "info", _texts(document["info"], problems))
    return _mended(document, files, problems)


def _version(document: Object, slips: Slips) -> Any:
    version = document.get("openapi")
    if isinstance(version, float):  # `openapi: 3.1` without quotes
        message = f"`openapi` is taken as the text '{version}.0'"
        slips.problems.warning("not-text", document.where("openapi"), message, "quote it")
        return f"{version}.0"
    if version is None and isinstance(document.get("paths"), Object):
        # Swagger says its version under another name, and has no `components`: this can be OpenAPI 3 alone.
        message = f"the document does not say its version; read as OpenAPI {_UNVERSIONED}"
        slips.mended(document.where("openapi"), message, f"add `openapi: {_UNVERSIONED}`")
        return _UNVERSIONED
    return version.strip() if isinstance(version, str) else version


def _mended(document: Object, files: Files | None, problems: Problems) -> Object:
    def part(root: Object, value: Any, kind: str, place: Source) -> Any:
        return Mender(root, targets, problems).value(value, kind, place)

    targets = Targets(problems, files, part)
    mended = targets.settle(Mender(document, targets, problems).mended())
    if not isinstance(mended.get("paths"), Object):
        return _with(mended, "paths", Object(source=document.source))
    paths = mended["paths"]
    return _with(mended, "paths", paths.derive((path, _path_item(item, mended)) for path, item in paths.items()))


def _path_item(item: Any, document: Object) -> Any:
    """A path item in place of a reference to it, with the keys beside the reference; its operations are the path's."""
    target = item
    for _ in range(20):
        if not isinstance(target, Object) or not isinstance(target.get("$ref"), str):
            break
        try:
            target = follow(document, target["$ref"][1:])
        except LookupError:
            return item  # reported where references are resolved
    if target is item or not isinstance(target, Object) or "$ref" in target:
        return item
    return Object([*target.items(), *item.without("$ref").items()], item.source, item.marks | target.marks)


def _texts(info: Object, problems: Problems) -> Object:
    """`version: 1.0` without quotes is a number to YAML, and the commonest slip of all."""
    for key, stands_in in (("title", "API"), ("version", "0")):
        value = info.get(key)
        if isinstance(value, (int, float)):
            problems.warning("not-text", info.where(key), f"`{key}` is taken as the text '{value}'", "quote it")
            info = _with(info, key, str(value))
        elif not isinstance(value, str):
            problems.warning("no-info", info.where(key), f"`info` has no {key}; {stands_in!r} stands in for it")
            info = _with(info, key, stands_in)
    return info


def _with(document: Object, key: str, value: object) -> Object:
    items = [(k, value if k == key else v) for k, v in document.items()]
    return document.derive(items if key in document else [*items, (key, value)])
