"""Packages that have the core inside: one folder is all there is to install, and it knows of no other core."""

from __future__ import annotations

import json
import sys
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import Any

import pytest

from generator.options import Options
from generator.render.package import core_files
from tests.installing import build_wheels, environment, run
from tests.loopback import Loopback, json_reply
from tests.packages import generated_package, write_files

pytestmark = pytest.mark.slow

SPEC = """\
openapi: 3.1.0
info: {title: TITLE, version: "1"}
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
NAMES = ("beds", "pots", "trees")
"""Clients of three APIs; that of the last one shares the core with others."""
CORE = "workflow_client_core"
LOADED = f"""
import json, sys
import {{package}}
inside = "{{core}}."
print(json.dumps(sorted(name.removeprefix(inside) for name in sys.modules if name.startswith(inside))))
print(json.dumps([name for name in ("httpx2", "anyio", "{CORE}") if name in sys.modules]))
"""
CALLS = """
import json, logging, pickle, sys
from beds_client import ApiError, AsyncBedsClient, BedsClient, ConnectionFailed, NotFound, Retry, Timeout

class Listed(logging.Handler):
    def emit(self, record):
        logged.append(f"{record.name} {record.levelname} {record.http_status}")

logged = []
logging.getLogger("beds_client").addHandler(Listed())
logging.getLogger("beds_client").setLevel(logging.DEBUG)
with BedsClient(base_url=sys.argv[1], retry=Retry(max_retries=0), timeout=Timeout(total=30)) as client:
    thing = client.get_thing("1")
    try:
        client.get_thing("2")
    except ApiError as error:
        copy = pickle.loads(pickle.dumps(error))
async def asynchronous():
    async with AsyncBedsClient(base_url=sys.argv[1]) as client:
        return await client.get_thing("3")
import asyncio
print(json.dumps([
    thing.status, thing.status == asyncio.run(asynchronous()).status, type(copy) is NotFound, str(copy), logged,
    "workflow_client_core" in sys.modules,
]))
"""
TRACED = """
import json, sys
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from beds_client import BedsClient, ConnectionFailed, Retry

spans = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(provider)
try:
    BedsClient(base_url="http://127.0.0.1:9", retry=Retry(max_retries=0)).get_thing("1")
except ConnectionFailed:
    (span,) = spans.get_finished_spans()
    print(json.dumps([span.name, span.instrumentation_scope.name, span.attributes["error.type"]]))
"""
BESIDE = """
import json, sys
import beds_client, pots_client, trees_client, workflow_client_core as core

errors = []
for package, client in (
    (beds_client, beds_client.BedsClient),
    (pots_client, pots_client.PotsClient),
    (core, trees_client.TreesClient),
):
    with client(base_url=sys.argv[1], retry=package.Retry(max_retries=0)) as caller:
        try:
            caller.get_thing("1")
        except package.NotFound as error:
            errors.append(error)
kinds = (beds_client.ApiError, pots_client.ApiError, core.ApiError)
print(json.dumps([[isinstance(error, kind) for kind in kinds] for error in errors]))
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages, and with the core that one of them needs."""
    folder = tmp_path_factory.mktemp("packages")
    for name in NAMES:
        (folder / f"{name}.yaml").write_text(SPEC.replace("TITLE", name.title()), "utf-8")
        options = Options(standalone=name != "trees")
        generated_package(folder / f"{name}.yaml", f"{name}-client", folder, read_twice=False, options=options)
    write_files(core_files(), folder)
    return folder


@pytest.fixture(scope="module")
def wheel(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of one package."""
    folder = tmp_path_factory.mktemp("wheel")
    build_wheels([packages / "beds-client"], folder)
    (wheel,) = folder.iterdir()
    return wheel


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that has this package of ours, and no core."""
    return environment(tmp_path_factory.mktemp("alone"), [wheel])


@pytest.fixture
def beside(packages: Path) -> str:
    """The beginning of a program that finds all of them."""
    return f"import sys\nsys.path[:0] = {[str(path.parent) for path in packages.glob('*/pyproject.toml')]}\n"


def answers(python: Path, program: str, folder: Path, *arguments: str) -> list[Any]:
    """What a program prints, a line each."""
    return [json.loads(line) for line in run([str(python), "-c", program, *arguments], folder).splitlines()]


def test_the_wheel_needs_no_other_package_of_ours(wheel: Path, packages: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (about,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = Parser().parsestr(archive.read(about).decode())
    requirements = metadata.get_all("Requires-Dist", [])
    assert {text.partition("<")[0] for text in requirements} == {"anyio", "httpx2", "msgspec", "opentelemetry-api"}
    assert metadata.get_all("Provides-Extra") == ["otel"]
    package = packages / "beds-client"
    files = [path for path in (package / "beds_client").rglob("*") if path.is_file()]
    assert names == {path.relative_to(package).as_posix() for path in files}
    assert {f"beds_client/_vendor/{CORE}/{name}" for name in ("LICENSE", "README.md", "__init__.py")} <= names


def test_the_core_inside_is_the_core(packages: Path) -> None:
    inside, core = packages / "beds-client/beds_client/_vendor" / CORE, packages / "workflow-client-core" / CORE
    modules, expected = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.py")} for folder in (inside, core)
    )
    assert modules == expected


def test_it_calls_fails_and_logs_under_its_own_name(alone: Path, tmp_path: Path, server: Loopback) -> None:
    thing = json_reply({"id": "1", "status": "two"})
    server.reply_in_turn(thing, json_reply({}, 404), thing)
    ((status, is_same, is_not_found, message, logged, has_core),) = answers(alone, CALLS, tmp_path, server.url)
    assert (status, is_same, is_not_found, has_core) == ("two", True, True, False)
    assert message.startswith("404 Not Found from GET ")
    assert logged == ["beds_client DEBUG 200", "beds_client DEBUG 404", "beds_client DEBUG 200"]


def test_its_spans_have_its_name(alone: Path, tmp_path: Path) -> None:
    assert answers(alone, TRACED, tmp_path) == [["GET /things/{id}", "beds_client", "beds_client.ConnectionFailed"]]


def test_importing_it_loads_no_more_than_with_a_core_of_its_own(beside: str, tmp_path: Path) -> None:
    inside = f"beds_client._vendor.{CORE}"
    python = Path(sys.executable)
    own, heavy = answers(python, beside + LOADED.format(package="beds_client", core=inside), tmp_path)
    shared, _ = answers(python, beside + LOADED.format(package="trees_client", core=CORE), tmp_path)
    assert (own, heavy) == (shared, [])


def test_several_beside_each_other_and_beside_the_core_are_strangers(
    beside: str, tmp_path: Path, server: Loopback
) -> None:
    server.reply(404)
    (instances,) = answers(Path(sys.executable), beside + BESIDE, tmp_path, server.url)
    assert instances == [[True, False, False], [False, True, False], [False, False, True]]
