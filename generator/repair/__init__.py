"""A document as published -> valid OpenAPI 3, in one file.

Comes in: the tree as the file has it, corrected by its overlay. Goes out: OpenAPI 3.0 or 3.1, with Swagger 2.0
converted, other files bundled, and mistakes repaired. A mistake is repaired only where one meaning is certain, and with
a warning; everything else that is wrong is an error. Afterwards references are put in place (`references.py`), and what
the errors of later stages concern can be left out (`leave_out.py`).
"""

from __future__ import annotations

from typing import Any

from ..document.pointer import follow
from ..document.problems import Problems, Source
from ..document.tree import Object
from .bundle import Targets
from .files import Files
from .header import from_swagger, repair_info, repair_version
from .objects import Mender


def repair(document: Object, problems: Problems, files: Files | None = None) -> Object:
    """The document as OpenAPI 3.0 or 3.1, with `info` and `paths` present; what it refers to is read from `files`.

    Raises ProblemsFound when it is of another version.
    """
    document = from_swagger(document, problems)
    document = repair_version(document, problems)
    document = repair_info(document, problems)
    document = _mended(document, files, problems)
    return _inline_path_items(document)


def _mended(document: Object, files: Files | None, problems: Problems) -> Object:
    def part(root: Object, value: Any, kind: str, place: Source) -> Any:
        return Mender(root, targets, problems).value(value, kind, place)

    targets = Targets(problems, files, part)
    return targets.settle(Mender(document, targets, problems).mended())


def _inline_path_items(document: Object) -> Object:
    """The document with path items in place of references to them: their operations are the path's."""
    paths = document.get("paths")
    if not isinstance(paths, Object):
        return document.replacing("paths", Object(source=document.source))
    return document.replacing("paths", paths.derive((path, _path_item(item, document)) for path, item in paths.items()))


def _path_item(item: Any, document: Object) -> Any:
    """The path item to which a reference leads, with the keys beside the reference."""
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
    return Object({**target, **item.without("$ref")}, item.source, item.marks | target.marks)
