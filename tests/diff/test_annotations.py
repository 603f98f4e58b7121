"""An annotation is compared by its parts only where it differs: a surface has all annotations in one order."""

from __future__ import annotations

import json
from pathlib import Path

from generator.diff.python.annotations import ordered, relation
from generator.diff.python.package_surface import surface
from generator.diff.python.surface import Surface
from generator.document.problems import Problems
from generator.project.packages import single_package
from generator.python.expressions import Annotation

TEXTS = {"type": ["string", "null", "integer"]}
BED = {"$ref": "#/components/schemas/Bed"}
SCHEMAS = {
    "Bed": {
        "type": "object",
        "properties": {"plants": {"type": "array", "items": TEXTS}, "state": {"enum": ["b", "a"]}},
    },
    "Any": {"type": "object", "properties": {"x": {"anyOf": [{"type": "array", "items": BED}, BED, {"type": "null"}]}}},
    "Either": {"anyOf": [{"$ref": "#/components/schemas/Any"}, BED]},
}
OPERATION = {
    "operationId": "plant",
    "parameters": [{"name": "order", "in": "query", "schema": TEXTS}],
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Either"}}}},
    "responses": {
        status: {
            "description": "D",
            "headers": {"Rate": {"schema": TEXTS}},
            "content": {"application/json": {"schema": {"anyOf": [{"type": "array", "items": BED}, BED]}}},
        }
        for status in ("200", "404")
    },
}


def all_annotations(of: Surface) -> list[Annotation]:
    """All annotations of a surface."""
    parameters = [parameter.annotation for parameter in of.constructor]
    methods = [annotation for method in of.methods for annotation in method.annotations()]
    headers = [header.annotation for method in of.methods for header in method.headers]
    classes = [annotation for class_ in of.classes for annotation in class_.annotations()]
    return parameters + methods + headers + classes


def test_annotations_of_surfaces_are_ordered_and_the_same_as_themselves(tmp_path: Path) -> None:
    document = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "components": {"schemas": SCHEMAS}}
    document["paths"] = {"/beds": {"post": OPERATION}}
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    package = single_package(tmp_path / "openapi.json", "garden-client", Problems(), read_twice=False)
    assert package is not None
    listed = all_annotations(surface(package))
    assert len([annotation for annotation in listed if len(annotation.members) > 1]) > 5
    assert [annotation for annotation in listed if ordered(annotation) != annotation] == []
    assert {relation(annotation, annotation, {}) for annotation in listed} == {"same"}
