"""Other generators of Python clients, as their users run them: what ours is measured beside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.benchmarks.peers import environment, tool
from tests.benchmarks.processes import Program

OPC = "openapi-python-client"
OPENAPI_GENERATOR = "openapi-generator-cli"
MODELS_ONLY = "datamodel-code-generator"
_Command = Callable[[str, str, str], tuple[str, ...]]
_COMMANDS: dict[str, tuple[str, _Command]] = {
    OPC: (
        "openapi-python-client",
        lambda path, out, name: ("generate", "--path", path, "--output-path", f"{out}/{name}"),
    ),
    MODELS_ONLY: (
        "datamodel-codegen",
        lambda path, out, name: (
            *("--input", path, "--input-file-type", "openapi", "--output", f"{out}/{name}.py"),
            *("--output-model-type", "msgspec.Struct"),
        ),
    ),
    OPENAPI_GENERATOR: (
        "openapi-generator-cli",
        lambda path, out, name: ("generate", "-i", path, "-g", "python", "-o", f"{out}/{name}"),
    ),
    "pyopenapi-gen": (
        "pyopenapi-gen",
        lambda path, out, name: (path, "--project-root", out, "--output-package", name, "--force"),
    ),
    "httpxgen": ("httpxgen", lambda path, out, name: (path, f"{out}/{name}", "--http-client", "httpx")),
}
"""The program of each environment, and its arguments for a document, a folder and a name of a package."""
LABELS = {MODELS_ONLY: f"{MODELS_ONLY}, models only", OPENAPI_GENERATOR: "openapi-generator"}


def generator_program(peer: str, documents: Mapping[str, Path], out: Path, *options: str) -> Program:
    """A program that generates a client of each document, into `out`, which it empties first.

    Raises:
        PeerError: it cannot be run here.
    """
    programs = environment(peer)
    if peer == OPENAPI_GENERATOR:
        tool("java")
    program, arguments = _COMMANDS[peer]

    def prepare() -> None:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)

    commands = {
        name: (str(programs / program), *arguments(str(path), str(out), name), *options)
        for name, path in documents.items()
    }
    path = os.pathsep.join((str(programs), os.environ["PATH"]))  # for what they start, such as ruff
    return Program(LABELS.get(peer, peer), commands, {"PATH": path}, cwd=out.parent, prepare=prepare)
