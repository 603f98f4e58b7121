"""The options in the pyproject.toml of a package that exists: how they are read, kept and overridden."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from generator.document.problems import Problems
from generator.options import UNDECIDED, Options
from generator.output.section import split
from generator.project.own_options import read_own_options, with_own_section
from tests.commands import Run
from tests.generator.command_line import SPEC, client

HEAD = '[build-system]\nrequires = ["hatchling"]\n\n[project]\nname = "beds-client"\n\n'


def read(folder: Path, text: str) -> tuple[Options, str]:
    (folder / "pyproject.toml").write_text(HEAD + text)
    problems = Problems()
    return read_own_options(folder, "beds/pyproject.toml", problems), "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ('[tool.workflow-client-generator]\ngroup-by = "/a/b"\n', Options(group_by="/a/b")),
        ("", UNDECIDED),
        ("[tool.other]\ngroups = false\n", UNDECIDED),
        ("[tool.workflow-client-generator]\n", UNDECIDED),
        ("[tool.workflow-client-generator]\ngroups = false\n", Options(groups=False)),
        ('[ tool . "workflow-client-generator" ]  # ours\n"groups" = true\n', Options(groups=True)),
        ("[tool]\nworkflow-client-generator = {groups = true}\n", Options(groups=True)),
    ],
)
def test_options_are_read_however_toml_spells_them(tmp_path: Path, text: str, options: Options) -> None:
    assert read(tmp_path, text) == (options, "")


def test_a_package_that_does_not_exist_has_decided_nothing(tmp_path: Path) -> None:
    problems = Problems()
    assert read_own_options(tmp_path / "gone", "gone/pyproject.toml", problems) == UNDECIDED
    assert not problems


def test_all_mistakes_are_reported_at_once_with_their_lines(tmp_path: Path) -> None:
    text = '[tool.workflow-client-generator]\ngroup = true\n\ngroups = "yes"\n[tool.workflow-client-generator.colors]\n'
    _, problems = read(tmp_path, text)
    assert problems.splitlines()[0] == "beds/pyproject.toml:8: error[package-options]: unknown field 'group'"
    assert problems.splitlines()[1].startswith("    hint: did you mean groups? the fields here are: ")
    assert problems.splitlines()[2] == "beds/pyproject.toml:11: error[package-options]: unknown field 'colors'"
    assert "beds/pyproject.toml:10: error[package-options]: `groups` must be true or false" in problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<<<<<<< HEAD\n", "beds/pyproject.toml:7: error[package-options]: this is not TOML: Invalid statement"),
        ("[tool]\nworkflow-client-generator = 1\n", ":8: error[package-options]: `workflow-client-generator` is not a"),
    ],
)
def test_what_is_not_a_section_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in read(tmp_path, text)[1]


def test_the_section_stays_as_it_was_written_where_it_says_the_same(tmp_path: Path) -> None:
    new = HEAD + "[tool.workflow-client-generator]\ngroups = true\n"
    for old, expected in (
        ("[tool.workflow-client-generator]\n# As before.\ngroups=true\n", "# As before.\ngroups=true\n"),
        ("[tool.workflow-client-generator]\n# Not any more.\ngroups = false\n", "groups = true\n"),
        ("", "groups = true\n"),
    ):
        (tmp_path / "pyproject.toml").write_text(f"# Another head.\n{old}")
        text = with_own_section(new, tmp_path)
        assert text == f"{HEAD}[tool.workflow-client-generator]\n{expected}"


def test_the_section_ends_where_another_table_begins() -> None:
    section = b"[tool.workflow-client-generator]\ngroups = true\n[tool.workflow-client-generator.more]\na = 1\n"
    section += b"[tool.workflow-client-generator.'GET /a'.b]\n"
    rest = b'[tool."a/b"]\n' + b"[tool.ruff]\n\n[tool.workflow-client-generators]\n"
    assert split(HEAD.encode() + section + rest) == (HEAD.encode() + rest, section)
    assert split(rest) == (rest, b"")


# The command


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "things.yaml"
    path.write_text(SPEC.replace("operationId: getThing\n", "operationId: getThing\n      tags: [things]\n"))
    return path


def section(spec: Path) -> str:
    return split((spec.parent / "out/things-client/pyproject.toml").read_bytes())[1].decode()


def has_groups(spec: Path) -> bool:
    is_true: bool = tomllib.loads(section(spec))["tool"]["workflow-client-generator"]["groups"]
    assert (spec.parent / "out/things-client/things_client/groups").is_dir() is is_true or not is_true
    return is_true


def test_options_of_a_package_hold_until_the_command_line_overrides_them(spec: Path) -> None:
    assert client(spec).status == 0
    assert not has_groups(spec)
    assert client(spec, "--groups").status == 0
    assert has_groups(spec)
    assert client(spec).out.startswith("out/things-client: 0 files written or removed")
    file = spec.parent / "out/things-client/pyproject.toml"
    edited = section(spec) + "# Because callers know these names.\n"
    file.write_text(file.read_text().replace(section(spec), edited))
    assert client(spec).err == ""
    spec.write_text(spec.read_text().replace("title: Things", "title: Other things"))
    run: Run = client(spec)
    assert (run.err, section(spec)) == ("", edited)
    assert has_groups(spec)
    file.write_text(file.read_text().replace("groups = true", "groups = false"))
    assert client(spec).err == ""
    assert not has_groups(spec)


def test_an_edit_beside_the_section_is_still_one_of_a_generated_file(spec: Path) -> None:
    client(spec)
    file = spec.parent / "out/things-client/pyproject.toml"
    file.write_text(file.read_text().replace('requires-python = ">=3.11"', 'requires-python = ">=3.12"'))
    assert client(spec).err == (
        "out/things-client/pyproject.toml was edited and has been replaced; "
        "a copy is kept in out/.things-client.kept/pyproject.toml\n"
    )


def test_wrong_options_are_refused_and_stay(spec: Path) -> None:
    client(spec)
    file = spec.parent / "out/things-client/pyproject.toml"
    file.write_text(file.read_text().replace("groups = false", "group = false"))
    before = file.read_bytes()
    run = client(spec)
    assert run.status == 1
    line = before.decode().splitlines().index("group = false") + 1
    place = f"out/things-client/pyproject.toml:{line}"
    assert run.err.startswith(f"{place}: error[package-options]: unknown field 'group'\n")
    assert run.err.endswith("1 problem; nothing was written.\n")
    assert file.read_bytes() == before


def many(count: int) -> str:
    """A document of so many operations without tags."""
    answers = '{responses: {"204": {description: Done.}}}'
    paths = "".join(f"  /v1/{'beds' if n % 2 else 'plants'}/{n}/water: {{put: {answers}}}\n" for n in range(count))
    return f'openapi: 3.0.3\ninfo: {{title: Garden, version: "1"}}\npaths:\n{paths}'


def test_a_document_that_grows_or_shrinks_renames_no_method(spec: Path) -> None:
    package = spec.parent / "out/things-client"
    for first, second, names in ((39, 41, []), (41, 39, ["beds.py", "plants.py"])):
        for count in (first, second):
            spec.write_text(many(count))
            assert client(spec).status == 0
            modules = sorted(path.name for path in package.glob("things_client/groups/[a-z]*"))
            assert modules == names
        shutil.rmtree(package)


def test_paths_can_be_named_that_make_the_groups(spec: Path) -> None:
    spec.write_text(many(2).replace("/v1/", "/garden/"))
    assert client(spec, "--groups").status == 0
    assert 'groups = true\ngroup-by = "/garden"\n' in section(spec)
    file = spec.parent / "out/things-client/pyproject.toml"
    file.write_text(file.read_text().replace('"/garden"', '"/"'))
    assert client(spec).status == 0
    assert sorted(path.name for path in file.parent.glob("things_client/groups/[a-z]*")) == ["garden.py"]
    file.write_text(file.read_text().replace('group-by = "/"', 'group-by = "tag"'))
    assert "error[package-options]: `group-by` is neither tags nor a path\n    hint: write" in client(spec).err
