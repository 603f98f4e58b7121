"""Specs and git repositories for the tests of `diff`, made in a test's folder; and what `diff` reads of them."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from generator.diff.versions import Version, read_versions
from generator.document.problems import ProblemsFound

GIT = {
    **{"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"},
    **{"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z"},
    **{"GIT_COMMITTER_NAME": "C", "GIT_COMMITTER_EMAIL": "c@example.com", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"},
}
SPEC = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
servers: [{url: https://things.example.com}]
security: [{Key: []}]
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: A thing., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
components:
  securitySchemes: {Key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Thing:
      type: object
      properties:
        id: {type: string}
        size: {type: integer}
        status: {type: string, enum: [one, two]}
"""
WIDER = SPEC.replace("[one, two]", "[one, two, three]")
"""The spec with another value in its only enum."""
BROKEN = SPEC.replace("components/schemas/Thing", "components/schemas/Gone")
PROVIDER = """\
source: {{url: https://things.example.com/docs, retrieved: 2026-01-01, sha256: {sha256}, transcribed: false}}
credentials: {{Key: {{argument: api_key, environment: THINGS_API_KEY}}}}
"""


def write_provider(folder: Path, spec: str = SPEC, **files: str) -> None:
    """A provider's folder; `files` by stem."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "openapi.yaml").write_bytes(spec.encode())
    if not (folder / "provider.yaml").exists():
        sha256 = hashlib.sha256(spec.encode()).hexdigest()
        (folder / "provider.yaml").write_text(PROVIDER.format(sha256=sha256), "utf-8")
    for stem, text in files.items():
        (folder / f"{stem}.yaml").write_text(text, "utf-8")


def git(folder: Path, *arguments: str) -> str:
    """Run git in `folder`; what it prints."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    run = subprocess.run(
        ["git", *arguments], cwd=folder, env={**outside, **GIT}, capture_output=True, text=True, check=True
    )
    return run.stdout.strip()


def commit(folder: Path, message: str = "m") -> str:
    """Commit all that is in `folder`, which becomes a repository when it is none; the commit's name."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", f"--message={message}")
    return git(folder, "rev-parse", "HEAD")


def enum_values(version: Version) -> list[object]:
    """The values of the only enum, in which SPEC and WIDER differ."""
    assert version.package is not None
    return [value.value for value in version.package.api.enums[0].values]


def document_file(version: Version) -> str:
    """The name of the version's document in problems."""
    assert version.package is not None
    return version.package.api.source.file


def refusal(old: str, new: str, name: str | None = None) -> list[str]:
    """The lines of the problems for which two versions are not compared."""
    with pytest.raises(ProblemsFound) as refused:
        read_versions(old, new, name=name)
    return str(refused.value).splitlines()
