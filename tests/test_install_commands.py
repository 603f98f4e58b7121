"""The documented commands for installing ask no index for our packages, where anybody could publish others so named."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.loopback import Loopback

ROOT = Path(__file__).parent.parent
GENERATED = ROOT / "generated"
PROJECTS = {path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in GENERATED.glob("*/pyproject.toml")}
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(GENERATED.glob("*/README.md"))]
LIBRARIES = "pip install 'anyio>=4.10,<5' 'httpx2>=2.16,<3' 'msgspec>=0.21,<1'"
COMMAND_LINE = shlex.join(["pip", "install", *PROJECTS["workflow-runs"]["project"]["optional-dependencies"]["cli"]])
OF_OTHERS = {"pip install .", "pip install clients/example-client"}
"""The generator, and a package that has the core inside: all that they need is of others."""
BY_PATH = "pip install ./workflow-client-core ./workflow-client-dify"


def commands(document: Path) -> Iterator[str]:
    """The commands of a document that install packages, without their comments."""
    for block in re.findall(r"^```sh\n(.*?)^```$", document.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if "pip install" in line:
                yield shlex.join(shlex.split(line, comments=True))


DOCUMENTED = [command for document in DOCUMENTS for command in commands(document)]


def asked_for(command: str) -> tuple[int, list[str]]:
    """The status of a command in the folder of the packages, and what it asks an index for that has nothing.

    The libraries of others are installed, so that it does not ask for them.
    """
    with Loopback() as index:
        index.reply(404)
        options = ["--dry-run", "--no-build-isolation", "--no-cache-dir", "--index-url", f"{index.url}/simple/"]
        pip = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"]
        direct = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        done = subprocess.run(
            [*pip, *shlex.split(command)[1:], *options], cwd=GENERATED, env=direct, capture_output=True, timeout=60
        )
        return done.returncode, [request.target for request in index.requests]


def test_the_documents_install_in_these_ways_alone() -> None:
    by_path = [command for command in DOCUMENTED if "/workflow-client-core " in command]
    by_wheel = [command for command in DOCUMENTED if "--no-index --find-links dist " in command]
    assert BY_PATH in by_path
    assert {*DOCUMENTED} == {*by_path, *by_wheel, LIBRARIES, COMMAND_LINE, *OF_OTHERS}
    # The core, and a package that needs nothing else of ours.
    assert {len(shlex.split(command)) for command in by_path} == {4}
    assert all(shlex.split(command)[2].endswith("/workflow-client-core") for command in by_path)
    assert not any("workflow-runs" in command for command in by_path)


def test_the_libraries_are_those_that_the_packages_need() -> None:
    needed = {text for project in PROJECTS.values() for text in project["project"]["dependencies"]}
    assert {*shlex.split(LIBRARIES)[2:]} == {text for text in needed if not text.startswith("workflow-")}


def test_who_names_all_of_our_packages_by_path_asks_for_none_of_them() -> None:
    assert asked_for(BY_PATH) == (0, [])


def test_who_leaves_one_out_asks_for_it() -> None:
    assert asked_for("pip install ./workflow-client-dify") == (1, ["/simple/workflow-client-core/"])
