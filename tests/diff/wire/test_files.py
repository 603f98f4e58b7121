"""A part of a multipart body that is a file in one version and text in the other one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from workflow_client_core import File

from generator.diff.wire.api import compare
from generator.document.problems import Problems
from generator.ir.model import Package
from generator.project.packages import single_package
from tests.diff.rules.documents import generated
from tests.diff.rules.observed import sent_request
from tests.packages import imported

TEXT: dict[str, Any] = {"type": "string"}
FILE_3_0 = {"type": "string", "format": "binary"}
FILE_3_1 = {"contentMediaType": "image/png"}


def multipart(photo: Any, version: str = "3.1.0") -> dict[str, Any]:
    content = {"multipart/form-data": {"schema": {"type": "object", "properties": {"photo": photo}}}}
    return {"method": "post", "operation": {"requestBody": {"content": content}}, "document": {"openapi": version}}


def listed(schema: Any) -> dict[str, Any]:
    return {"type": "array", "items": schema}


@pytest.mark.parametrize(
    ("file", "text", "version", "place"),
    [
        (FILE_3_0, TEXT, "3.0.3", "body /photo"),
        (FILE_3_0, TEXT, "3.1.0", "body /photo"),
        (FILE_3_1, TEXT, "3.1.0", "body /photo"),
        ({**FILE_3_1, "type": "string"}, TEXT, "3.1.0", "body /photo"),
        ({**FILE_3_0, "nullable": True}, {**TEXT, "nullable": True}, "3.0.3", "body /photo"),
        (listed(FILE_3_0), listed(TEXT), "3.0.3", "body /photo/*"),
        (listed(FILE_3_1), listed(TEXT), "3.1.0", "body /photo/*"),
    ],
)
def test_a_file_is_not_text(diff: Any, file: Any, text: Any, version: str, place: str) -> None:
    before, after = multipart(file, version), multipart(text, version)
    assert diff(before, after) == [f"request-property-type-changed: {place}: file -> text"]
    assert diff(after, before) == [f"request-property-type-changed: {place}: text -> file"]
    assert diff(before, before) == []


def test_a_file_is_no_other_scalar_either_but_may_be_one_of_several(diff: Any) -> None:
    changed = "request-property-type-changed: body /photo"
    assert diff(multipart({"type": "integer"}), multipart(FILE_3_0)) == [f"{changed}: integer -> file"]
    word = {"type": "string", "enum": ["none", "standard"]}
    assert diff(multipart(word), multipart(FILE_3_0)) == [f"{changed}: text -> file"]
    both = {"anyOf": [TEXT, FILE_3_0]}
    types = "request-property-list-of-types"
    assert diff(multipart(FILE_3_0), multipart(both)) == [f"{types}-widened: body /photo: file -> file or text"]
    assert diff(multipart(both), multipart(TEXT)) == [f"{types}-narrowed: body /photo: file or text -> text"]
    assert diff(multipart(FILE_3_0), multipart({})) == [
        "request-property-type-generalized: body /photo: file -> any value"
    ]


def test_a_file_of_a_form_of_swagger(tmp_path: Path) -> None:
    def form(type_: str) -> Package:
        operation = {
            "operationId": "addPhoto",
            "consumes": ["multipart/form-data"],
            "parameters": [{"name": "photo", "in": "formData", "type": type_}],
            "responses": {"204": {"description": "Added."}},
        }
        info = {"title": "Garden", "version": "1"}
        document = {"swagger": "2.0", "info": info, "host": "garden.example.com", "schemes": ["https"]}
        file = tmp_path / f"{type_}.json"
        file.write_text(json.dumps({**document, "paths": {"/photos": {"post": operation}}}), "utf-8")
        package = single_package(file, "garden-client", Problems(), read_twice=False)
        assert package is not None
        return package

    for before, after in (("file", "string"), ("string", "file")):
        assert [f.rule for f in compare(form(before), form(after))] == ["request-property-type-changed"]


def test_a_client_sends_a_file_with_a_name_and_text_without(tmp_path: Path) -> None:
    names = {}
    for kind, schema in (("file", FILE_3_0), ("text", TEXT)):
        package = generated(multipart(schema), tmp_path / kind)
        module = imported(package, tmp_path / kind)
        photo = File(b"leaf", "leaf.png") if kind == "file" else "leaf"
        body = module.models.GetThingBody(photo=photo)
        request = sent_request(
            module, package.api.operations[0], {"client": {}, "arguments": {"id": "1", "body": body}}
        )
        names[kind] = b"filename=" in (request.body or b"")
    assert names == {"file": True, "text": False}
