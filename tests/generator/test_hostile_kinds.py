"""Hostile text in groups, webhooks, callbacks, unions, forms, streams and names of files stays text as well."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.document.problems import Problems
from generator.options import Options
from generator.output.formatting import formatted
from generator.project.packages import single_package
from generator.render.package import client_files
from tests.generator.test_hostile import CALL, HOSTILE, ROOT, _property, _word, description, python


def hostile_description(text: Callable[[], str]) -> dict[str, Any]:
    """The description of `test_hostile.py`, with hostile text also in parts that few documents have."""
    document = description(text)
    schemas, item = document["components"]["schemas"], next(iter(document["paths"].values()))
    subtypes = {}
    for name in ("Cat", "Dog"):
        constant = {"type": "string", "const": f"{name} {text()}", "description": text()}
        subtypes[f"{name} {text()}"] = {"type": "object", "required": ["kind"], "properties": {"kind": constant}}
    keys = list(subtypes)
    refs = [{"$ref": f"#/components/schemas/{key.replace('~', '~0').replace('/', '~1')}"} for key in keys]
    mapping = {f"{i} {text()}": ref["$ref"] for i, ref in enumerate(refs)}
    union = {"oneOf": refs, "discriminator": {"propertyName": "kind", "mapping": mapping}, "description": text()}
    schemas |= {
        **subtypes,
        f"Pet {text()}": union,
        f"Tree {text()}": {"anyOf": [{"type": "string"}, {"type": "array"}]},
    }
    event = {"type": "object", "properties": {"id": {"type": "string", "description": text()}}}
    body = {"description": text(), "content": {"application/json": {"schema": event}}}
    operation = {
        "summary": text(),
        "description": text(),
        "requestBody": body,
        "responses": {"200": {"description": text()}},
    }
    form = {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}, f"a{_property(text())}": {}},
    }
    encoding = {"file": {"contentType": f"image/png; a=b{_word(text())}", "headers": {"X-A": {"description": text()}}}}
    tag = f"{text()} tag"
    item["put"] = {
        "operationId": f"put {text()}",
        "tags": [tag],
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": f"deep{text()}", "in": "query", "style": "deepObject", "schema": {"type": "object"}},
            {"name": f"json{text()}", "in": "query", "content": {"application/json": {"schema": union}}},
        ],
        "requestBody": {"content": {"multipart/form-data": {"schema": form, "encoding": encoding},
                                    "application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {"200": {"description": text(), "content": {
            f"text/event-stream; a={text()}": {"schema": union}, f"application/x{text()}": {"schema": union}}}},
        "callbacks": {text(): {f"{{$request.body#/url}}{text()}": {"post": operation}}},
    }  # fmt: skip
    document["tags"].append({"name": tag, "description": text()})
    document["webhooks"] = {f"{text()} hook": {"post": operation}}
    return document


@pytest.fixture(params=HOSTILE)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The package, in groups, of a document whose file has a hostile name, too."""
    text = HOSTILE[request.param]
    name = "".join(c for c in text if c not in "/\0")[:60] + ".json"
    (tmp_path / name).write_text(
        json.dumps(hostile_description(lambda: text)).replace("\x7f", "\\u007f"), encoding="utf-8"
    )
    problems = Problems()
    package = single_package(tmp_path / name, "hostile-client", problems, options=Options(groups=True))
    assert [str(problem) for problem in problems.errors] == []
    assert package is not None
    assert package.api.groups
    return formatted(client_files(package))


def test_hostile_text_in_every_kind_of_part_stays_text(files: dict[str, str], tmp_path: Path) -> None:
    for text in python(files):
        assert not {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)} & {"__import__"}
    for text in files.values():
        assert {c for c in text if not c.isprintable()} <= {"\n"}
        assert "47514" not in text
    modules = []
    for path, text in files.items():
        target = tmp_path / "package" / path.partition("/")[2]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        if path.endswith(".py"):
            modules.append(path.partition("/")[2].removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    program = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)\nprint('done')"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "workflow-client-core")}
    folder, command = tmp_path / "package", [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("done\n", "")
    assert list(tmp_path.rglob("PWNED")) == []


def test_the_names_of_files_and_folders_come_from_the_name_of_the_package_and_from_identifiers(
    files: dict[str, str],
) -> None:
    for path in files:
        assert path.startswith("hostile-client/")
        assert all(part.isascii() or part.removesuffix(".py").isidentifier() for part in path.split("/"))
        assert ".." not in path.split("/")


def test_the_texts_hold_code_that_would_run() -> None:
    assert sum(CALL in text for text in HOSTILE.values()) > 10
