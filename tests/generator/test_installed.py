"""The generator installs as a program with all that it reads, and works outside of the repository."""

from __future__ import annotations

import subprocess
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from generator import VERSION
from tests.generator.command_line import CORE, SPEC, contents
from tests.generator.command_line import client as client_of_the_repository
from tests.installing import build, environment, run

ROOT = Path(__file__).parents[2]
MODULE = "workflow_client_generator"
DROPPED = SPEC.replace("status: {type: string, enum: [one, two]}", "")


def entries(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in a source distribution."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build(ROOT, "sdist", folder / "built")) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"{MODULE}-{VERSION}"


@pytest.fixture(scope="module")
def wheel(sdist: Path) -> Path:
    """The wheel of the source distribution."""
    return build(sdist, "wheel", sdist.parent / "wheel")


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The command in an environment that has the wheel."""
    return str(environment(tmp_path_factory.mktemp("environment"), [wheel]).with_name("workflow-client-generator"))


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "things.yaml"
    path.write_text(SPEC)
    return path


def test_the_wheel_of_the_repository_is_that_of_the_source_distribution(wheel: Path, tmp_path: Path) -> None:
    assert entries(build(ROOT, "wheel", tmp_path / "wheel")) == entries(wheel)


def test_the_source_distribution_has_what_the_wheel_needs_and_no_tests(sdist: Path) -> None:
    assert {path.name for path in sdist.iterdir()} == {
        *(".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "PKG-INFO", "README.md"),
        *("generator", "pyproject.toml", "specs", "templates"),
    }


def test_the_wheel_has_the_code_and_what_it_reads(wheel: Path) -> None:
    files = {
        name.removeprefix(f"{MODULE}/"): data for name, data in entries(wheel).items() if ".dist-info/" not in name
    }
    read = [path for folder in ("generator", "templates") for path in sorted((ROOT / folder).rglob("*"))]
    read += [ROOT / "CONTRIBUTING.md", ROOT / "LICENSE", ROOT / "specs" / "workflow-run.yaml"]
    expected = {path.relative_to(ROOT).as_posix().removeprefix("generator/"): path for path in read if path.is_file()}
    left_out = ("templates/docs/",)
    assert files == {
        name: path.read_bytes()
        for name, path in expected.items()
        if "__pycache__" not in path.parts and not name.startswith(left_out)
    }


def test_the_metadata_say_what_it_is(wheel: Path) -> None:
    metadata = Parser().parsestr(entries(wheel)[f"{MODULE}-{VERSION}.dist-info/METADATA"].decode())
    assert (metadata["Name"], metadata["Version"]) == ("workflow-client-generator", VERSION)
    assert (metadata["License-Expression"], metadata["Requires-Python"]) == ("MIT", ">=3.11")
    assert "Topic :: Software Development :: Code Generators" in metadata.get_all("Classifier", [])
    assert str(metadata.get_payload()).startswith("# Workflow clients")


def test_it_makes_the_same_packages_as_in_the_repository(program: str, spec: Path) -> None:
    folder = spec.parent
    first = run([program, "client", "things.yaml", "--name", "things-client", "--out", "out"], folder)
    assert first.splitlines()[2:] == [
        "It needs the core, which all clients share: workflow-client-generator core --out out",
        f"Then install both: pip install out/{CORE} out/things-client",
        "Or have the core inside of the package: --standalone",
    ]
    assert run([program, "core", "--out", "out"], folder).startswith(f"out/{CORE}: ")
    installed = contents(folder / "out")
    assert client_of_the_repository(spec).out.splitlines()[0].endswith(": 0 files written or removed, 6 as before.")
    assert contents(folder / "out") == installed
    generated = contents(ROOT / "generated" / CORE)
    core = {name.removeprefix(f"{CORE}/"): data for name, data in installed.items() if name.startswith(f"{CORE}/")}
    assert core == {name: data for name, data in generated.items() if "__pycache__" not in name}


def test_it_generates_in_the_working_directory(program: str, tmp_path: Path) -> None:
    provider = tmp_path / "specs" / "dify"
    provider.mkdir(parents=True)
    for name in ("openapi.yaml", "overlay.yaml", "provider.yaml", "normalization.yaml"):
        (provider / name).write_bytes((ROOT / "specs" / "dify" / name).read_bytes())
    assert run([program, "generate"], tmp_path).startswith("generated: ")
    dify = "workflow-client-dify/workflow_client_dify/client.py"
    assert (tmp_path / "generated" / dify).read_bytes() == (ROOT / "generated" / dify).read_bytes()
    assert (tmp_path / "generated" / "workflow-runs" / "workflow_runs" / "adapters" / "dify.py").is_file()
    assert run([program, "generate"], tmp_path) == "generated is up to date.\n"


def test_it_starts_a_provider_in_the_working_directory(program: str, spec: Path) -> None:
    printed = run([program, "new", "things", "things.yaml"], spec.parent)
    assert "2. `workflow-client-generator generate` lists what is not decided yet" in printed
    (guide,) = [word for word in printed.split() if word.endswith("CONTRIBUTING.md")]
    assert "How do I add a provider?" in Path(guide).read_text("utf-8")
    assert (spec.parent / "specs" / "things" / "normalization.yaml").is_file()
    (spec.parent / "new.yaml").write_text(SPEC.replace("A thing.", "The thing."))
    vendor = [program, "vendor", "things", "new.yaml"]
    vendored = subprocess.run(vendor, cwd=spec.parent, capture_output=True, text=True)
    assert vendored.stdout.startswith("written specs/things/openapi.yaml\n")
    assert "it was written, but not compared" in vendored.stderr  # as nothing has been decided yet


def test_it_compares_and_explains(program: str, spec: Path) -> None:
    (spec.parent / "new.yaml").write_text(DROPPED)
    command = [program, "diff", "things.yaml", "new.yaml", "--format", "markdown"]
    diff = subprocess.run(command, cwd=spec.parent, capture_output=True, text=True)
    assert (diff.returncode, diff.stderr) == (1, "")
    assert "`workflow-client-generator explain RULE` says what is behind a rule." in diff.stdout
    rule = "response-optional-property-removed"
    assert run([program, "explain", rule], spec.parent).startswith(f"{rule}\n")


def test_its_messages_name_nothing_that_is_not_there(program: str, spec: Path) -> None:
    command = [program, "client", "things.yaml", "--name", "things-client", "--out", "out", "--templates", "missing"]
    failed = subprocess.run(command, cwd=spec.parent, capture_output=True, text=True)
    assert failed.returncode == 1
    (folder,) = [word for word in failed.stderr.split() if "client," in word]
    assert (Path(folder.rstrip(",")) / "README.md.jinja").is_file()


def test_it_says_its_version_and_completes_commands(program: str, tmp_path: Path) -> None:
    assert run([program, "--version"], tmp_path) == f"workflow-client-generator {VERSION}\n"
    completion = {"_WORKFLOW_CLIENT_GENERATOR_COMPLETE": "complete_bash", "COMP_WORDS": "workflow-client-generator exp"}
    assert run(["env", *(f"{k}={v}" for k, v in completion.items()), "COMP_CWORD=1", program], tmp_path) == "explain\n"
