"""What the commands print holds no control or bidirectional character, and no command for the runner of a CI job."""

from __future__ import annotations

import ast
import json
import random
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import printing
from generator.cli import main, without_options
from generator.escaping import one_line, printable

GENERATOR = Path(printing.__file__).parent
NASTY = [
    "\n", "\r", "\t", "\v", "\x85", "\u2028", "::", "::error::x", "::set-output name=a::b", "##[error]x", "##[", "##",
    "##vso[task.setvariable variable=a]b", "##teamcity[a]", "\x1b[31m", "\x1b]8;;http://a.example\x1b\\", "\x07",
    "\x9b31m", "\x00", "\x7f", "\u202e", "\u2066", "\u200f", "\ufeff", "\u00a0", "\u3000", "[red]", "x", " ", ":", "#",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(NASTY), min_size=1, max_size=6).map("".join)
OURS = re.compile(r"^::(error|warning|notice) (?=(file|line|title)=)", re.MULTILINE)
"""How an annotation of `diff --format github` begins."""
COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)


def assert_harmless(text: str) -> None:
    assert [c for c in text if not c.isprintable() and c != "\n"] == []
    assert COMMAND.search(text) is None


def run(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    """The exit status of a command, and what it printed."""
    monkeypatch.setattr(sys, "argv", ["generator", *arguments])
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err, pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    return code if isinstance(code, int) else 0, out.getvalue(), err.getvalue()


@given(text=TEXTS | st.text())
def test_escaped_texts_are_harmless_and_escaping_again_changes_nothing(text: str) -> None:
    assert_harmless(one_line(text))
    assert "\n" not in one_line(text)
    assert one_line(one_line(text)) == one_line(text)
    assert_harmless(printable(text))
    assert printable(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a::b c:: d", "a::b c:: d"),
        ("::error::x", r":\:error::x"),
        ("  ::error::x", r"  :\:error::x"),
        ("\n::error::x", r"\n::error::x"),
        ("a ##[error]x", r"a ##\[error]x"),
        ("##vso[task.complete]", r"##\vso[task.complete]"),
        ("## [a](b)", "## [a](b)"),
        ("\x1b[31m\u202eß", r"\x1b[31m\u202eß"),
    ],
)
def test_only_what_would_act_is_escaped(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_nothing_else_prints() -> None:
    writers = {"print", "echo", "secho", "stdout", "stderr"}
    for path in GENERATOR.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_printer = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in writers
            is_stream = isinstance(node, ast.Attribute) and node.attr in writers and ast.unparse(node.value) == "sys"
            is_echo = isinstance(node, ast.Attribute) and node.attr in writers and ast.unparse(node.value) == "typer"
            if is_printer or is_stream or is_echo:
                assert path == Path(printing.__file__), ast.unparse(node)


# The commands


def document(text: Callable[[], str]) -> dict[str, Any]:
    """A document with a text from `text` in every place that a message can quote: there is a mistake at each."""
    mistakes: list[dict[str, Any]] = [
        {"responses": {"200": {"$ref": f"#/components/responses/{text()}"}}},
        {"responses": {"200": {"description": "", "content": {text(): {"schema": {"type": text()}}}}}},
        {"parameters": [{"name": text(), "in": text(), "schema": {"enum": [text(), 1, [text()]]}}], "responses": {}},
        {"operationId": text(), "tags": [text()], "responses": {text(): {"description": ""}}},
        {"security": [{text(): []}], "responses": {}, text(): text()},
        {"requestBody": {"content": {text(): {"schema": {"$ref": text()}}}}, "responses": {}},
    ]
    fine = {"operationId": "getBed", "responses": {"200": {"description": text()}}}
    paths: dict[str, Any] = {f"/{text()}{i}": {"get": mistake} for i, mistake in enumerate(mistakes)}
    schemas = {
        text(): {"type": "object", "properties": {text(): {"type": text()}}, "required": [text()]},
        f"a{text()}": {"allOf": [{"$ref": f"#/components/schemas/{text()}"}, {"type": "string", "pattern": text()}]},
        f"b{text()}": {
            "oneOf": [{"type": "object"}],
            "discriminator": {"propertyName": text(), "mapping": {text(): text()}},
        },
    }
    servers = [{"url": text(), "variables": {text(): {"default": text()}}}]
    info = {"title": text(), "version": text()}
    components = {"schemas": schemas, "securitySchemes": {text(): {"type": text()}}}
    return {
        **{"openapi": "3.1.0", "info": info, "servers": servers, "components": components},
        "paths": {"/beds": {"get": fine}, **paths},
    }


def overlay(text: Callable[[], str]) -> dict[str, Any]:
    actions = [
        {"target": text(), "description": text(), "remove": True},
        {"target": "$.info", "description": text(), "update": {text(): text()}, text(): text()},
        {"target": "$.paths", "description": text(), "update": {"/beds": text()}},
    ]
    return {"overlay": text(), "info": {"title": text(), "version": text()}, "actions": actions, text(): text()}


@pytest.mark.parametrize("seed", range(4))
def test_no_text_of_an_input_acts_when_it_is_printed(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = random.Random(seed)

    def text() -> str:
        return "".join(generator.choices(NASTY, k=generator.randint(1, 6)))

    monkeypatch.chdir(tmp_path)
    folder = Path(f"a{text()}".replace("\0", "").replace("/", ""))
    folder.mkdir()
    spec, corrections = folder / "openapi.json", folder / "overlay.json"
    spec.write_text(json.dumps(document(text)))
    corrections.write_text(json.dumps(overlay(text)))
    calls = [
        ("client", str(spec), "--name", "beds", "--out", "out"),
        ("client", str(spec), "--name", "beds", "--out", "out", "--overlay", str(corrections)),
        ("client", str(spec), "--name", f"b{text()}", "--out", "out", "--include-tag", text()),
        ("client", str(folder), "--name", "beds", "--out", text().replace("\0", "")),
        *[("diff", str(spec), str(spec), "--format", format) for format in ("text", "markdown", "json", "github")],
        ("diff", f"a{text()}", f"b{text()}"),
        ("diff", "a", "b", "--format", text()),
        ("generate", "--specs", str(folder), "--out", "out"),
        ("check", "--specs", str(folder), "--out", "out"),
        ("explain", f"a{text()}"),
        (f"a{text()}",),
    ]
    for arguments in calls:
        status, out, err = run(*arguments, monkeypatch=monkeypatch)
        assert status in (0, 1, 2), arguments
        assert_harmless(OURS.sub("", out) if arguments[-1] == "github" else out)
        assert_harmless(err)
        assert "Traceback" not in err


def test_what_is_left_out_is_listed_on_one_line_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    unknown = {"parameters": [{"name": "a b", "in": "header", "required": True}], "responses": {}}
    paths = {
        "/beds": {"get": {"responses": {"200": {"description": "Beds."}}}},
        "/\n::error::boom\x1b[31m\u202e##[error]": {"get": unknown},
    }
    described = {"openapi": "3.1.0", "info": {"title": "Beds", "version": "1"}, "paths": paths}
    Path("openapi.json").write_text(json.dumps(described))
    arguments = ("client", "openapi.json", "--name", "beds", "--out", "out", "--skip-unsupported")
    status, out, err = run(*arguments, monkeypatch=monkeypatch)
    assert status == 0
    assert_harmless(out + err)
    assert (
        "\n    GET /\\n::error::boom\\x1b[31m\\u202e##\\[error] (openapi.json:1): bad-header, openapi.json:1\n" in out
    )


def test_the_text_of_an_unexpected_exception_does_not_act(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(specs: Path) -> None:
        raise ValueError("\n::error::boom\n\x1b[31m")

    monkeypatch.setattr(without_options, "input_digests", fail)
    status, out, err = run("generate", monkeypatch=monkeypatch)
    assert (status, out) == (1, "")
    assert err.startswith("Traceback (most recent call last):\n")
    assert err.endswith("ValueError: \n:\\:error::boom\n\\x1b[31m\n")
