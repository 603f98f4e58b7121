"""The `client` command, run as its users run it: what it prints, what it leaves, and the status it ends with."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from generator.document.loading import load
from generator.upstream.second_reading import MAX_READ_TWICE
from generator.versions import core_version, requirement
from tests.corpus.run import problems
from tests.generator.command_line import CORE, SPEC, client, command, contents, names


def test_a_client_of_any_file_is_a_package(spec: Path) -> None:
    run = client(spec)
    assert (run.status, run.err) == (0, "")
    lines = run.out.splitlines()
    assert lines[:-1] == [
        "out/things-client: 6 files written.",
        "things-client: 1 operation, 1 model, 1 enum",
    ]
    assert lines[-1].startswith("Install it beside the core: pip install ")
    assert lines[-1].endswith("generated/workflow-client-core out/things-client")
    assert {path for path in contents(spec.parent / "out/things-client") if not path.startswith("LICENSE")} == {
        "README.md",
        "pyproject.toml",
        "things_client/__init__.py",
        "things_client/client.py",
        "things_client/models.py",
        "things_client/py.typed",
    }


def test_a_second_run_changes_nothing(spec: Path) -> None:
    client(spec)
    before = contents(spec.parent)
    assert "out/things-client: 0 files written or removed, 6 as before." in client(spec).out
    assert contents(spec.parent) == before


def test_a_client_of_a_json_file_is_the_same_as_of_yaml(spec: Path, tmp_path: Path) -> None:
    (tmp_path / "json").mkdir()
    json_spec = tmp_path / "json" / "things.json"
    json_spec.write_text(json.dumps(load(spec), indent="\t"))
    assert client(spec).status == client(json_spec).status == 0
    from_yaml, from_json = (contents(path.parent / "out" / "things-client") for path in (spec, json_spec))
    assert {path: text.replace(b"things.json", b"things.yaml") for path, text in from_json.items()} == from_yaml


@pytest.mark.parametrize(
    ("name", "module", "class_name"),
    [
        ("things-client", "things_client", "Things"),
        ("My.Things", "my_things", "MyThings"),
        ("a1_b", "a1_b", "A1B"),
    ],
)
def test_a_name_is_a_distribution_a_module_and_a_class(name: str, module: str, class_name: str, spec: Path) -> None:
    assert client(spec, name=name).status == 0
    package = spec.parent / "out" / name
    assert f'name = "{name}"' in (package / "pyproject.toml").read_text()
    offered = (package / module / "__init__.py").read_text().partition("__all__ = ")[2]
    assert set(ast.literal_eval(offered)) == {f"{class_name}Client", f"Async{class_name}Client"}


@pytest.mark.parametrize(
    "name", ["", "-a", "1things", "a b", "../a", "class", "a\nb", "a--b", "json", "msgspec", "workflow-client-core"]
)
def test_an_invalid_name_is_a_problem(name: str, spec: Path) -> None:
    run = command("client", spec.name, f"--name={name}", "--out", "out", cwd=spec.parent)
    assert (run.status, run.out) == (1, "")
    assert run.err == (
        f"--name: error[bad-name]: {name!r} is not a name for a distribution and a module\n"
        "    hint: letters, digits and single '-', first a letter, and unused by other packages: example-client\n"
        "1 problem; nothing was written.\n"
    )
    assert names(spec.parent) == {"things.yaml"}


def test_a_name_that_file_systems_do_not_take_is_a_problem(spec: Path) -> None:
    run = client(spec, name="a" * 201)
    assert (run.status, run.out) == (1, "")
    assert run.err == (
        "--name: error[bad-name]: the name has 201 characters\n"
        "    hint: file systems do not take it: 200 characters at most\n"
        "1 problem; nothing was written.\n"
    )
    assert names(spec.parent) == {"things.yaml"}
    assert client(spec, name="a" * 200).status == 0


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    run = client(tmp_path / "gone.yaml")
    assert (run.status, run.out) == (1, "")
    assert run.err == (
        "gone.yaml: error[unreadable-file]: cannot read the file: No such file or directory\n"
        "1 problem; nothing was written.\n"
    )
    assert names(tmp_path) == set()


def test_an_address_is_not_read_as_a_file(tmp_path: Path) -> None:
    run = command("client", "https://example.com/api.yaml", "--name", "x-client", "--out", "out", cwd=tmp_path)
    assert (run.status, run.out) == (1, "")
    assert (
        "error[unreadable-file]: this is not a file, and the generator downloads nothing\n    hint: download it first"
        in run.err
    )


def test_a_file_that_is_not_an_openapi_document_is_a_problem(spec: Path) -> None:
    spec.write_text("hello: 1\n")
    run = client(spec)
    assert run.status == 1
    assert run.err.startswith("things.yaml:1: error[not-openapi]: the document has no `openapi`")


def test_the_example_of_a_readme_gives_a_credential_that_the_client_takes(spec: Path) -> None:
    schemes = "  securitySchemes: {Tls: {type: mutualTLS}, OAuth2Password: {type: http, scheme: bearer}}\n"
    path_item = "  /a: {get: {security: [Tls: []], responses: {'204': {description: D}}}}\n"
    text = SPEC.replace("components:\n", f"components:\n{schemes}").replace("paths:\n", f"paths:\n{path_item}")
    spec.write_text(f"security: [OAuth2Password: []]\n{text}")
    assert client(spec).status == 0
    readme = (spec.parent / "out/things-client/README.md").read_text()
    assert 'with ThingsClient(oauth2_password="...", base_url="https://...") as client:' in readme


def test_a_client_with_warnings_is_written_and_they_are_printed(spec: Path) -> None:
    spec.write_text(SPEC.replace("enum: [one, two]", "enum: [one, two, one]"))
    run = client(spec)
    assert run.status == 0
    assert run.err == "things.yaml:12: warning[enum-repeats]: the enum lists a value twice\n"
    assert (spec.parent / "out/things-client/pyproject.toml").exists()


def test_repeated_warnings_are_printed_as_one_with_all_their_lines(spec: Path) -> None:
    spec.write_text(SPEC + "".join(f"    W{n}: {{type: string, enum: [a, b, a]}}\n" for n in range(4)))
    run = client(spec)
    assert run.status == 0
    first_line = len(SPEC.splitlines()) + 1
    assert run.err == (
        f"things.yaml:{first_line}: warning[enum-repeats]: the enum lists a value twice\n"
        f"    the same on 3 other lines: {first_line + 1}, {first_line + 2}, {first_line + 3}\n"
    )
    assert "things-client: 1 operation, 1 model, 5 enums, 4 warnings" in run.out
    assert [place for place, *_ in problems(run.err)] == [f"things.yaml:{first_line + n}" for n in range(4)]


def test_the_second_reader_can_be_left_out(spec: Path) -> None:
    client(spec)
    before = contents(spec.parent / "out/things-client")
    assert client(spec, "--no-second-reader").status == 0
    assert contents(spec.parent / "out/things-client") == before


def test_a_large_document_is_read_once_unless_somebody_asks_for_more(spec: Path) -> None:
    models = "".join(
        f"    M{i}: {{type: object, properties: {{a: {{type: string}}}}}}\n" for i in range(MAX_READ_TWICE)
    )
    assert "It was read once" not in client(spec).out
    spec.write_text(SPEC + models)
    message = "It was read once, as it is large: --second-reader has openapi-python-client read it too, and compares.\n"
    assert message in client(spec).out
    before = contents(spec.parent / "out/things-client")
    for option in ("--second-reader", "--no-second-reader"):
        run = client(spec, option)
        assert (run.status, message in run.out) == (0, False)
    assert contents(spec.parent / "out/things-client") == before


def test_the_place_of_the_file_changes_no_byte(spec: Path, tmp_path: Path) -> None:
    client(spec)
    elsewhere = tmp_path / "deep" / "er"
    elsewhere.mkdir(parents=True)
    command("client", str(spec), "--name", "things-client", "--out", "out", cwd=elsewhere)
    assert contents(elsewhere / "out") == contents(spec.parent / "out")


def test_a_client_names_the_versions_of_the_core_that_it_works_with(spec: Path) -> None:
    client(spec)
    assert f'"{requirement(CORE, core_version())}"' in (spec.parent / "out/things-client/pyproject.toml").read_text()
