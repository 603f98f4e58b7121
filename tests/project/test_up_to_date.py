"""A plain `generate` with nothing to do says so before anything is imported, and only where it would say so later."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.output.fingerprints import manifest_text, tree
from generator.output.manifest import Manifest, manifest_path, unchanged
from generator.project.files import input_digests
from generator.project.inputs import digests_of_inputs
from generator.project.up_to_date import is_up_to_date
from tests.search_path import ROOT

SECTION = "[tool.workflow-client-generator]\ngroups = true\n"


def inputs_of(root: Path) -> dict[str, str]:
    """The digests of the inputs of a repository, as `generate` has them."""
    files = {name: root / name for name in ("LICENSE", "requirements.lock", "specs/workflow-run.yaml")}
    return digests_of_inputs(files, {name: root / name for name in ("specs", "templates", "generator")})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """What a repository has, in a few files, of which the generated ones are up to date."""
    inputs = ("generator/__init__.py", "generator/diff/rules.yaml", "specs/workflow-run.yaml", "specs/juo/openapi.yaml")
    for file in ("LICENSE", "requirements.lock", "templates/client/client.py.jinja", *inputs):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(file)
    return with_generated(tmp_path)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this repository, in which few files are generated and up to date."""
    copy = tmp_path_factory.mktemp("repository")
    for folder in ("generator", "specs", "templates"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("LICENSE", "requirements.lock"):
        shutil.copy(ROOT / file, copy / file)
    return with_generated(copy)


def with_generated(root: Path) -> Path:
    """A repository with a few generated files and their manifest."""
    out = root / "generated"
    (out / "package").mkdir(parents=True)
    (out / "package/module.py").write_text("x = 1\n")
    (out / "package/pyproject.toml").write_text('[project]\nname = "package"\n')
    (out / "PROVIDERS.md").write_text("# Providers\n")
    manifest_path(out).write_bytes(Manifest(inputs_of(root), tree(out)).encoded())
    return root


def generate(repository: Path, folder: str = ".", *options: str, program: str = "") -> subprocess.CompletedProcess[str]:
    """Run the generator of a repository in one of its folders, after a program."""
    code = f"""
import os, runpy, sys
sys.argv[1:] = {["generate", *options]}
sys.path[0] = os.getcwd()
os.chdir({folder!r})
{program}
runpy.run_module("generator", run_name="__main__", alter_sys=True)
"""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True)


def replace_by_link(file: Path) -> None:
    file.rename(file.with_suffix(".moved"))
    file.symlink_to(file.with_suffix(".moved"))


# What may happen to a repository, and whether that is certainly nothing to `generate`.
EVENTS: dict[str, tuple[bool, Callable[[Path], object]]] = {
    "nothing": (True, lambda root: None),
    "a cache": (True, lambda root: (root / "generated/package/module.pyc").write_text("")),
    "an acceptance of `diff`": (True, lambda root: (root / "specs/juo/accepted.yaml").write_text("[]")),
    "a rule of `diff`": (True, lambda root: (root / "generator/diff/rules.yaml").write_text("[]")),
    "a hidden input": (True, lambda root: (root / "specs/.hidden").write_text("")),
    "a changed spec": (False, lambda root: (root / "specs/juo/openapi.yaml").write_text("{}")),
    "a new spec": (False, lambda root: (root / "specs/juo/new.yaml").write_text("{}")),
    "a removed spec": (False, lambda root: (root / "specs/juo/openapi.yaml").unlink()),
    "no specs": (False, lambda root: shutil.rmtree(root / "specs")),
    "another generator": (False, lambda root: (root / "generator/__init__.py").write_text("")),
    "another template": (False, lambda root: (root / "templates/client/new.jinja").write_text("")),
    "another lock": (False, lambda root: (root / "requirements.lock").write_text("")),
    "no license": (False, lambda root: (root / "LICENSE").unlink()),
    "an edited file": (False, lambda root: (root / "generated/package/module.py").write_text("x = 2\n")),
    "an edited section": (False, lambda root: (root / "generated/package/pyproject.toml").write_text(SECTION)),
    "a file more": (False, lambda root: (root / "generated/new").write_text("")),
    "a file less": (False, lambda root: (root / "generated/PROVIDERS.md").unlink()),
    "a link": (False, lambda root: replace_by_link(root / "generated/PROVIDERS.md")),
    "nothing generated": (False, lambda root: shutil.rmtree(root / "generated")),
    "a killed run": (False, lambda root: (root / ".generated.swap").mkdir()),
    "no manifest": (False, lambda root: (root / ".generated.manifest.json").unlink()),
    "a manifest with conflicts": (False, lambda root: (root / ".generated.manifest.json").write_text("<<<<<<< ours")),
}


@pytest.mark.parametrize("event", EVENTS)
def test_what_is_certain_early_is_what_generate_finds(event: str, root: Path) -> None:
    is_nothing, happen = EVENTS[event]
    happen(root)
    assert is_up_to_date(str(root), str(root / "generated")) == is_nothing
    with suppress(FileNotFoundError):  # an input that has to be there: `generate` reports it
        assert unchanged(root / "generated", inputs_of(root)) == is_nothing


def test_a_manifest_that_another_program_wrote_is_left_to_generate(root: Path) -> None:
    file = manifest_path(root / "generated")
    file.write_text(json.dumps(json.loads(file.read_text())))
    assert unchanged(root / "generated", inputs_of(root))
    assert not is_up_to_date(str(root), str(root / "generated"))


def test_a_section_with_options_is_looked_at(root: Path) -> None:
    out = root / "generated"
    (out / "package/pyproject.toml").write_text(f'[project]\nname = "package"\n\n{SECTION}')
    manifest_path(out).write_bytes(Manifest(inputs_of(root), tree(out)).encoded())
    assert is_up_to_date(str(root), str(out))


def test_the_inputs_of_this_repository_are_those_of_generate() -> None:
    assert inputs_of(ROOT) == input_digests(ROOT / "specs")


@pytest.mark.parametrize("folder", [".", "specs/juo"])
def test_both_ways_say_the_same(folder: str, repository: Path) -> None:
    early = generate(repository, folder)
    options = ("--specs", str(repository / "specs"), "--out", str(repository / "generated"))
    late = generate(repository, folder, *options)
    assert early.stdout == late.stdout != ""
    assert (early.returncode, early.stderr) == (late.returncode, late.stderr) == (0, "")


def test_nothing_is_imported_that_takes_long(repository: Path) -> None:
    program = "import atexit\natexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))"
    loaded = generate(repository, program=program).stderr.split()
    assert {name for name in loaded if name.startswith("generator")} == {
        *("generator", "generator.escaping", "generator.printing"),
        *("generator.output", "generator.output.fingerprints", "generator.output.section"),
        *("generator.project", "generator.project.inputs", "generator.project.up_to_date"),
    }
    assert not {"typer", "rich", "dataclasses", "pathlib", "typing", "json", "re"} & {*loaded}


RECORDED = st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=3)


@given(RECORDED, RECORDED)
def test_a_manifest_is_json_as_python_writes_it(inputs: dict[str, str], outputs: dict[str, str]) -> None:
    data = {"format": 1, "inputs": inputs, "outputs": outputs}
    assert manifest_text(inputs, outputs) == json.dumps(data, indent=2, sort_keys=True) + "\n"
