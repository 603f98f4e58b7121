"""Plain openapi-python-client, as its users run it: what the generator is measured beside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.peers import environment
from tests.benchmarks.processes import Program

OPC = "openapi-python-client"


def plain_program(documents: Mapping[str, Path], out: Path, *options: str) -> Program:
    """A program that generates a client of each document, into `out`, which it empties first.

    Raises:
        PeerError: it cannot be installed.
    """
    programs = environment(OPC)

    def prepare() -> None:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)

    commands = {
        name: (str(programs / OPC), "generate", "--path", str(path), "--output-path", str(out / name), *options)
        for name, path in documents.items()
    }
    path = os.pathsep.join((str(programs), os.environ["PATH"]))  # for its last step, which is ruff
    return Program(OPC, commands, {"PATH": path}, cwd=out.parent, prepare=prepare)
