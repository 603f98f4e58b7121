"""The commands, run as their users run them."""

from __future__ import annotations

from pathlib import Path

from tests.commands import Run, generator

ROOT = Path(__file__).parents[2]
CORE = "workflow-client-core"
SPEC = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: A thing., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
components:
  schemas:
    Thing: {type: object, properties: {id: {type: string}, status: {type: string, enum: [one, two]}}}
"""


def command(*arguments: str, cwd: Path, **environment: str) -> Run:
    return generator(*arguments, cwd=cwd, without=("PYTHONHASHSEED",), **environment)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def client(spec: Path, *arguments: str, name: str = "things-client", cwd: Path | None = None) -> Run:
    return command("client", spec.name, "--name", name, "--out", "out", *arguments, cwd=cwd or spec.parent)
