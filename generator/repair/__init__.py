"""A document as published -> valid OpenAPI 3, in one file.

The tree of a file comes in, corrected by its overlay; OpenAPI 3.0 or 3.1 goes out, with Swagger 2.0 converted, other
files bundled, and mistakes repaired. A mistake is repaired only where one meaning is certain, and with a warning. Where
none is, what is certain without it is read (`INSTEAD` in `fields.py`), which is an error if reading is strict; whatever
else is wrong is an error. On the result `resolve.py` puts in place what references lead to, and `leave_out.py` leaves
out what the errors of later stages concern.
"""

from __future__ import annotations

from typing import Any

from ..document.files import Files
from ..document.lookup import MAX_CHAIN, Lookup
from ..document.pointer import dereference
from ..document.problems import Problems
from ..document.tree import Object
from .bundle import bundle
from .header import from_swagger, repair_info, repair_version
from .mistakes import Mistakes
from .objects import ObjectRepair
from .references import References


def repair(document: Object, problems: Problems, files: Files | None = None) -> Object:
    """The document as OpenAPI 3.0 or 3.1, with `info` and `paths` present; what it refers to is read from `files`.

    Raises ProblemsFound when it is of another version.
    """
    references = References(problems, Lookup(document, files, problems))
    document = from_swagger(document, references)  # OpenAPI 3
    document = repair_version(document, problems)  # `openapi` is text, 3.0 or 3.1
    document = repair_info(document, references)  # `info` has a title and a version
    objects = ObjectRepair(references, Mistakes(problems))
    document = objects.object(document, "document")  # fields have their shapes
    document = bundle(document, references, objects.value)  # references lead to components, and to no other file
    return inline_path_items(document)  # every path and every webhook has its operations


def inline_path_items(document: Object) -> Object:
    """The document with path items in place of references to them: their operations are those of the path, or of the
    webhook."""
    if not isinstance(document.get("paths"), Object):
        document = document.replacing("paths", Object(source=document.source))
    for field in ("paths", "webhooks"):
        items = document.get(field)
        if isinstance(items, Object):
            inlined = items.derive((name, _path_item(item, document)) for name, item in items.items())
            document = document.replacing(field, inlined)
    return document


def _path_item(item: Any, document: Object) -> Any:
    """The path item to which a chain of references leads, with the keys beside the first reference."""
    target = item
    for _ in range(MAX_CHAIN):
        target = dereference(target, document)
    if target is item or not isinstance(target, Object) or "$ref" in target:
        return item  # whatever leads nowhere is reported where references are resolved
    return Object({**target, **item.without("$ref")}, item.source, target.marks | item.marks)
