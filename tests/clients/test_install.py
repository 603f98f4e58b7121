"""The packages build offline, leave their folders as they were, and work where they are installed."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.clients.documented import DIFY_RUN
from tests.clients.providers import DIFY, GENERATED, RUN_ID
from tests.installing import build_wheels, environment, run
from tests.loopback import Loopback
from tests.type_checking import mypy

pytestmark = pytest.mark.slow

CORE = GENERATED / "workflow-client-core"


@dataclass(frozen=True)
class Built:
    """The wheels of the core and of Dify's client, and what lay in their folders before and after."""

    folder: Path
    before: dict[str, bytes]
    after: dict[str, bytes]

    def wheel(self, name: str) -> Path:
        (wheel,) = self.folder.glob(f"{name}-*.whl")
        return wheel


def sources() -> dict[str, bytes]:
    """All files of the two packages, apart from what importing them leaves behind."""
    files = [path for folder in (CORE, DIFY.folder) for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(GENERATED)): path.read_bytes() for path in files if "__pycache__" not in path.parts}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("wheels")
    before = sources()
    build_wheels((CORE, DIFY.folder), folder)
    return Built(folder, before, sources())


@pytest.fixture(scope="module")
def python(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has the two wheels."""
    wheels = [built.wheel("workflow_client_core"), built.wheel("workflow_client_dify")]
    return environment(tmp_path_factory.mktemp("environment"), wheels)


def test_building_leaves_the_folders_as_they_were(built: Built) -> None:
    assert built.before
    assert built.after == built.before


def test_wheels_hold_the_modules_and_nothing_else(built: Built) -> None:
    for name, folder in (("workflow_client_core", CORE), ("workflow_client_dify", DIFY.folder)):
        with zipfile.ZipFile(built.wheel(name)) as wheel:
            contents = {entry: wheel.read(entry) for entry in wheel.namelist() if ".dist-info/" not in entry}
        modules = folder / name
        expected = {path: path.relative_to(folder) for path in (*modules.rglob("*.py"), modules / "py.typed")}
        expected |= {path: Path(name) / path.name for path in folder.glob("CHANGELOG.md")}
        assert contents == {place.as_posix(): path.read_bytes() for path, place in expected.items()}


def test_metadata_names_the_cores_that_it_works_with(built: Built) -> None:
    wheel = built.wheel("workflow_client_dify")
    version, core = (path.name.split("-")[1] for path in (wheel, built.wheel("workflow_client_core")))
    with zipfile.ZipFile(wheel) as archive:
        (entry,) = [entry for entry in archive.namelist() if entry.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(entry).decode())
    assert (metadata["Name"], metadata["Version"]) == ("workflow-client-dify", version)
    needed = [Requirement(text) for text in metadata.get_all("Requires-Dist", []) if "workflow-client-core" in text]
    assert [(item.extras, item.specifier.contains(core)) for item in needed] == [(set(), True), ({"otel"}, True)]
    assert [url.partition(", ")[0] for url in metadata.get_all("Project-URL", [])] == ["Documentation"]
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    assert "# workflow-client-dify" in metadata.get_payload()


def test_the_installed_client_works_from_anywhere(python: Path, tmp_path: Path, server: Loopback) -> None:
    server.reply(200, DIFY_RUN)
    program = f"""
import importlib.metadata, workflow_client_core, workflow_client_dify
for package in (workflow_client_core, workflow_client_dify):
    print(package.__file__)
print(importlib.metadata.version("workflow-client-dify"))
with workflow_client_dify.DifyClient(api_key="k", base_url={server.url!r}) as dify:
    print(dify.get_workflow_run_detail({RUN_ID!r}).status)
"""
    *places, version, status = run([str(python), "-c", program], tmp_path).splitlines()
    assert status == "succeeded"
    installed = python.parents[1].resolve()
    assert [installed in Path(place).resolve().parents for place in places] == [True, True]
    assert server.last.headers["user-agent"] == f"workflow-client-dify/{version}"


def test_type_checkers_know_what_the_installed_client_answers(python: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(
        """
from typing import assert_type
from uuid import uuid4
from workflow_client_dify import AsyncDifyClient, DifyClient
from workflow_client_dify.models import WorkflowRunDetailResponse

assert_type(DifyClient().get_workflow_run_detail(uuid4()), WorkflowRunDetailResponse)


async def get() -> None:
    async with AsyncDifyClient(api_key="k") as dify:
        assert_type(await dify.get_workflow_run_detail("1"), WorkflowRunDetailResponse)
        await dify.get_workflow_run_detail(1)  # type: ignore[arg-type]
""",
        "utf-8",
    )
    checked = mypy("--python-executable", python, "program.py", cwd=tmp_path)
    assert checked.stdout == "Success: no issues found in 1 source file\n"
