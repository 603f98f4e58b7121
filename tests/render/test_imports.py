"""Generated modules import the names that they use, and none because a name in a document looks like it."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from generator.document.problems import Problems
from generator.project.packages import single_package
from generator.render.package import client_files

WORDS = ("custom_field", "my_uuid", "no_literal")


def unused_imports(module: str) -> set[str]:
    tree = ast.parse(module)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = {alias.asname or alias.name for node in imports for alias in node.names}
    quoted = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    aliases = {
        name.id for text in quoted if " | " in text for name in ast.walk(ast.parse(text)) if type(name) is ast.Name
    }
    return imported - {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - aliases - {"annotations"}


def modules(folder: Path, operations: int) -> dict[str, str]:
    text = {"schema": {"type": "string"}}
    thing = {"type": "object", "required": [*WORDS], "properties": dict.fromkeys(WORDS, text["schema"])}
    response = {
        "description": "A thing.",
        "headers": dict.fromkeys(("UUID", "UNSET", "Literal", "BinaryIO"), text),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
    }
    operation = {"tags": ["UUID"], "responses": {"200": response}, "description": "BinaryIO, Literal and _Sequence."}
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "UNSET", "version": "1"},
        "paths": {f"/{number}": {"get": operation} for number in range(operations)},
        "webhooks": {"Any": {"post": {"requestBody": {"content": response["content"]}, "responses": {}}}},
        "components": {"schemas": {"Thing": thing}},
    }
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    package = single_package(folder / "openapi.json", "things-client", Problems())
    assert package is not None
    return {path: text for path, text in client_files(package).items() if path.endswith(".py")}


@pytest.mark.parametrize("operations", [1, 40])
def test_no_import_is_unused(tmp_path: Path, operations: int) -> None:
    files = modules(tmp_path, operations)
    unused = {path: names for path, text in files.items() if (names := unused_imports(text))}
    assert unused == {"things-client/things_client/__init__.py": {"AsyncThingsClient", "ThingsClient"}}
    models = files["things-client/things_client/models.py"]
    assert "custom_field: str\n" in models
    assert "import Struct\n" in models
