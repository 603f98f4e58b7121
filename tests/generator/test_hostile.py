"""Text of a description stays text: what is generated compiles, imports, does nothing, and hides nothing."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.document.problems import Problems
from generator.output.formatting import formatted
from generator.project.packages import single_package
from generator.render.package import client_files
from tests.examples import shufflers

ROOT = Path(__file__).parents[2]
CALL = "__import__('pathlib').Path('PWNED').touch()"
HOSTILE = {
    "quotes": f'"""\n{CALL}\n\'\'\'\n{CALL}\n"""',
    "an ending quote": f'say "{CALL}"',
    "three ending quotes": f'"""{CALL}"""',
    "an ending backslash": f"{CALL}\\",
    "escapes": f'\\"\\"\\"{CALL}\\\\"\\N{{DASH}}\\x41\\u0041\\',
    "a new line": f"one\n{CALL}\r\n{CALL}\r{CALL}",
    "other line ends": f"one\x0b{CALL}\x0c{CALL}\x85{CALL}\u2028{CALL}\u2029{CALL}",
    "a template": "{{ 6 * 7919 }}{% for x in [1] %}{{ x.__class__ }}{% endfor %}{# comment #}",
    "an end of raw text": f"{{% endraw %}}{{{{ {CALL} }}}}",
    "format strings": f"%s %(a)s {{}} {{0.__class__}} {{{CALL}}} f'{{{CALL}}}'",
    "comments": f"# coding: utf-7\n#!{CALL}",
    "invisible characters": f"a\x00b\x07c\x1b[31md\x7fe\u202ef\u2066g\u200bh\ufeffi {CALL}",
    "markdown": f"```\n{CALL}\n```\n# Heading\n<script>{CALL}</script> [a](javascript:b) `code` | table |",
    "an indented block": f"text\n\n        {CALL}\n\n    - {CALL}\n    ```python\n    {CALL}",
    "toml": f'"\n[project.scripts]\nx = "{CALL}"\n"""',
    "a keyword": "class",
    "brackets": f"]}}) ; {CALL} #",
    "unicode": "ﬁ ª ß İ \U0001f600 名前 e\u0301",
    "nothing": "",
    "blanks": " \t \n ",
}


def description(text: Callable[[], str]) -> dict[str, Any]:
    """A description with a separate text from `text` in every place that takes one."""
    schema, header, prop = f"Schema {text()}", f"X-{_word(text())}", _property(text())
    path, tag, variable = f"/{_path(text())}/{{id}}", text(), _variable(text())
    word: dict[str, Any] = {
        "type": "string",
        "enum": list(dict.fromkeys([text(), f"a {text()}", f"{text()} b"])),
        "description": text(),
        "title": text(),
        "default": text(),
        "example": text(),
    }
    word["x-enum-descriptions"] = {name: text() for name in word["enum"]}
    thing = {
        "type": "object",
        "title": text(),
        "description": text(),
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "description": text(), "default": text(), "pattern": "a"},
            prop: {"type": "string", "description": text(), "example": text(), "format": text()},
            f"{prop} too": word,
            "constant": {"const": text(), "description": text()},
            "deep": {"type": "object", "default": {text(): [text()]}, "properties": {f"p{prop}": {"type": "integer"}}},
        },
        "example": {text(): text()},
        "externalDocs": {"url": text(), "description": text()},
        f"x-{text()}": text(),
    }
    reference = {"$ref": f"#/components/schemas/{_token(schema)}", "description": text()}
    sent = f"application/json; a=b{_word(text())}"  # others are refused (the case bodies-of-bad-types)
    operation = {
        "operationId": text(),
        "summary": text(),
        "description": text(),
        "tags": [tag],
        "parameters": [
            {"name": "id", "in": "path", "required": True, "description": text(), "schema": {"type": "string"}},
            {"name": f"q{text()}", "in": "query", "description": text(), "schema": word, "example": text()},
            {"name": header, "in": "header", "description": text(), "schema": {"type": "string", "default": text()}},
            {"name": "hidden", "in": "query", "description": text(), "x-speakeasy-globals-hidden": True,
             "x-speakeasy-name-override": f"g{text()}", "schema": {"type": "string"}},
        ],
        "requestBody": {"description": text(), "content": {sent: {"schema": reference}}},
        "responses": {
            "200": {
                "description": text(),
                "headers": {f"Y-{text()}": {"description": text(), "schema": {"type": "string"}}},
                "content": {"application/json": {"schema": reference, "example": text()}},
            },
            "404": {"description": text(), "content": {f"text/plain; a={text()}": {"schema": {"type": "string"}}}},
            "default": {"description": text()},
        },
        "security": [{f"Key {tag}": [], f"Basic {tag}": []}, {f"Flow {tag}": [text()]}],
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {"title": text(), "version": text(), "description": text(), "contact": {"name": text()}},
        "tags": [{"name": tag, "description": text()}],
        "servers": [
            {
                "url": f"https://api.example.com/{{{variable}}}/{_folder(text())}",
                "description": text(),
                "variables": {
                    variable: {"default": _folder(text()), "enum": [_folder(text()) or "a"], "description": text()}
                },
            }
        ],
        "paths": {path: {"summary": text(), "description": text(), "post": operation}},
        "components": {
            "schemas": {schema: thing},
            "securitySchemes": {
                f"Key {tag}": {"type": "apiKey", "in": "header", "name": f"K{_word(text())}", "description": text()},
                f"Basic {tag}": {"type": "http", "scheme": "basic", "description": text()},
                f"Flow {tag}": {"type": "oauth2", "description": text(), "flows": {"clientCredentials": {
                    "tokenUrl": "https://example.com/token", "scopes": {text(): text()}}}},
            },
        },
    }  # fmt: skip


def _token(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _property(text: str) -> str:
    """What msgspec takes as a name on the wire; others are refused (the case names-of-attributes-that-need-quoting)."""
    return "".join(c for c in text if c not in '"\\' and c.isprintable()) or "p"


def _path(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def _word(text: str) -> str:
    """What the name of a header may hold; others are refused (the case headers-that-cannot-be)."""
    return "".join(c for c in text if c.isascii() and (c.isalnum() or c in "!#$%&'*+.^_`|~-"))


def _folder(text: str) -> str:
    """What a server's URL may end with; others are refused (the case servers-that-cannot-be)."""
    return re.sub(r"[\x00-\x20\x7f\\?#@:]", "(", _path(text))


def _variable(text: str) -> str:
    return _path(text) or "v"


def generated(text: Callable[[], str], folder: Path) -> dict[str, str]:
    """The formatted files of a package; every text of its description comes from another call of `text`."""
    spec = folder / "openapi.json"
    spec.write_text(json.dumps(description(text)).replace("\x7f", "\\u007f"), encoding="utf-8")
    problems = Problems()
    package = single_package(spec, "hostile-client", problems)
    assert [str(problem) for problem in problems.errors] == []
    assert package is not None
    return formatted(client_files(package))


@pytest.fixture(params=HOSTILE)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def files(kind: str) -> dict[str, str]:
    """The package whose description has this text in all places."""
    return hostile_package(kind)


@cache
def hostile_package(kind: str) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        return generated(lambda: HOSTILE[kind], Path(folder))


def python(files: dict[str, str]) -> Iterator[str]:
    yield from (text for path, text in files.items() if path.endswith(".py"))


def file(files: dict[str, str], name: str) -> str:
    return next(text for path, text in files.items() if path.endswith(name))


def test_hostile_text_calls_nothing(files: dict[str, str]) -> None:
    for text in python(files):
        assert not {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)} & {"__import__"}


def test_hostile_text_adds_no_statement(files: dict[str, str]) -> None:
    harmless = (ast.Expr, ast.Import, ast.ImportFrom, ast.AnnAssign, ast.Assign, ast.ClassDef, ast.If)
    for text in python(files):
        for statement in ast.parse(text).body:
            assert isinstance(statement, harmless)
            if isinstance(statement, ast.Expr):
                assert isinstance(statement.value, ast.Constant)


def test_a_template_in_a_text_is_not_filled_in(files: dict[str, str]) -> None:
    assert "47514" not in "".join(files.values())


def test_no_file_holds_what_cannot_be_seen(files: dict[str, str]) -> None:
    for text in files.values():
        assert {c for c in text if not c.isprintable()} <= {"\n"}


def test_the_project_file_parses_and_has_nothing_more(files: dict[str, str]) -> None:
    project = tomllib.loads(file(files, "pyproject.toml"))
    known = {"name", "version", "description", "readme", "requires-python", "license", "dependencies", "classifiers"}
    assert project["project"].keys() <= known | {"license-files", "optional-dependencies"}
    assert project["project"]["optional-dependencies"].keys() == {"otel"}
    assert project["project"]["name"] == "hostile-client"


def test_the_readme_keeps_its_outline_and_its_example(files: dict[str, str]) -> None:
    lines = file(files, "README.md").splitlines()
    headings = [line for line in lines if line.startswith("#")]
    losses = "## Read differently from the API's description"  # media types that no header can hold
    assert [heading for heading in headings if heading != losses] == [
        "# hostile-client", "## Install", "## Use", "## Calls", "## How do I change a single call?",
        "## Arguments of the client", "## Errors",
    ]  # fmt: skip
    assert headings.count(losses) <= 1
    fences = [i for i, line in enumerate(lines) if line.lstrip().startswith("```")]
    assert [lines[i] for i in fences] == ["```sh", "```", "```python", "```"]
    example = ast.parse("\n".join(lines[fences[2] + 1 : fences[3]]))
    assert [type(statement) for statement in example.body] == [ast.ImportFrom, ast.With]


def test_the_values_of_an_enum_stay_what_they_are(kind: str, files: dict[str, str]) -> None:
    text = HOSTILE[kind]
    tree = ast.parse(file(files, "models.py"))
    assert {text, f"a {text}", f"{text} b"} <= {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def test_a_hostile_package_imports_and_does_nothing(files: dict[str, str], tmp_path: Path) -> None:
    for path, text in files.items():
        target = tmp_path / path.partition("/")[2]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    program = """
import hostile_client
from hostile_client import models
from workflow_client_core import CredentialsError

(name,) = {name for name in hostile_client.__all__ if not name.startswith("Async")}
try:
    getattr(hostile_client, name)(base_url="https://example.com").close()
except CredentialsError:
    print("done")
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated" / "workflow-client-core")}
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("done\n", "")
    assert list(tmp_path.rglob("PWNED")) == []


texts = st.text(max_size=30) | st.text(alphabet="\"'\\\n\r\t{}%#`<>[]() aN\x00\u202e", max_size=20)


@given(st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_texts_in_any_places_give_inert_code(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    pool = data.draw(st.lists(texts, min_size=3, max_size=6))
    order = data.draw(shufflers())
    files = generated(lambda: order.choice(pool), tmp_path_factory.getbasetemp())
    for text in python(files):
        for statement in ast.parse(text).body:
            assert not isinstance(statement, ast.Expr) or isinstance(statement.value, ast.Constant)
    assert tomllib.loads(file(files, "pyproject.toml"))["project"]["name"] == "hostile-client"
