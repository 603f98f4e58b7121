"""Templates of a user's own: what they replace, and which mistakes in them are reported, where and how."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.document.problems import Problems, ProblemsFound
from generator.project.own_templates import check_project_file, read_own_templates
from generator.project.packages import single_package
from generator.render.package import client_files
from tests.generator.command_line import command

GARDEN = json.dumps(
    {
        "openapi": "3.1.0",
        "info": {"title": "Garden *of* Plants", "version": "1"},
        "paths": {"/beds": {"get": {"operationId": "listBeds", "responses": {"204": {"description": "It."}}}}},
    }
)
GETS = "templates/README.md says what each template gets; here it is"
FILTERS = (
    "print it through the filter for where it stands: in Python literal, name, docstring or comment_line; in Markdown "
    "markdown, code, prose or link; in TOML toml"
)
NAMES = "client/NAME is your template or else ours, built-in/NAME is ours"


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a document."""
    monkeypatch.chdir(tmp_path)
    Path("garden.json").write_text(GARDEN, encoding="utf-8")
    return tmp_path


def files(**templates: str) -> dict[str, str]:
    """The files of a package with own templates, whose names have `_` for the dot."""
    for name, text in templates.items():
        path = Path("own", f"{'.'.join(name.rsplit('_', 1))}.jinja")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    problems = Problems()
    own = read_own_templates(Path("own"), {}, problems)
    problems.stop_on_errors()
    package = single_package(Path("garden.json"), "garden-client", problems, read_twice=False)
    assert package
    result = client_files(package, {"groups": False}, own)
    check_project_file(result["garden-client/pyproject.toml"], {"groups": False}, own)
    return result


def reported(**templates: str) -> list[str]:
    with pytest.raises(ProblemsFound) as error:
        files(**templates)
    return [str(problem) for problem in error.value.problems]


def problem(place: str, message: str, hint: str) -> str:
    return f"own{place}: error[bad-template]: {message}\n    hint: {hint}"


# What is replaced


def test_a_file_replaces_the_template_of_its_name_and_no_other() -> None:
    usual = files(client_py='{% include "built-in/client.py.jinja" %}')
    own = files(README_md="# {{ api.title | markdown }}\n")
    assert own == {**usual, "garden-client/README.md": "# Garden \\*of\\* Plants\n"}


def test_templates_that_include_a_replaced_one_include_the_replacement() -> None:
    imports = '{% include "built-in/imports.py.jinja" %}\n# Of the garden.\n'
    assert "# Of the garden.\n" in files(imports_py=imports)["garden-client/garden_client/client.py"]


def test_what_macros_and_blocks_print_is_code() -> None:
    text = """\
{% macro heading(text) %}
# {{ text | markdown }}
{% endmacro %}
{% set ending %}
{{ api.version | code }}
{% endset %}
{{ heading(api.title) }}{{ ending }}"""
    assert files(README_md=text)["garden-client/README.md"] == "# Garden \\*of\\* Plants\n`1`\n"


# What is refused


def test_templates_that_fail_are_all_reported_with_their_lines() -> None:
    assert reported(
        README_md="# About\n\n{{ api.title }}\n",
        __init___py="{{ clint }}",
        client_py="{{ version | literal }}\n{{\n    1 + api.title }}\n",
        models_py="{{ api.titel | literal }}",
        pyproject_toml='{{ distribution | toml }}\n{{ "MIT" ~ license }}',
    ) == [
        problem("/README.md.jinja:3", "a template prints 'Garden *of* Plants' without a filter", FILTERS),
        problem(
            "/__init__.py.jinja:1",
            "'clint' is undefined",
            f"did you mean clients? {GETS} api, clients, from_core, header, offered, package, package_doc, version",
        ),
        problem(
            "/client.py.jinja:3",
            "TypeError: unsupported operand type(s) for +: 'int' and 'str'",
            "correct the template; templates/README.md says what it gets",
        ),
        problem(
            "/models.py.jinja:1",
            "'generator.ir.model.Api object' has no attribute 'titel'",
            f"{GETS} annotations, api, attributes, classes, dialect, header, imports, module_doc, package, version",
        ),
        problem("/pyproject.toml.jinja:2", "a template prints 'MIT' without a filter", FILTERS),
    ]


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("api", "a value of type Api"),
        ("api.title | upper", "'GARDEN *OF* PLANTS'"),
        ("api.operations | length", "1"),
        ("header ~ header", "'Code generat... DO NOT EDIT.'"),
        ("(api.title | markdown).lower()", r"'garden \\*of\\* plants'"),
        ("api.title | safe", "Markup('Garden *of* Plants')"),
    ],
)
def test_whatever_no_filter_has_quoted_is_not_printed(expression: str, shown: str) -> None:
    (message,) = reported(README_md=f"{{{{ {expression} }}}}")
    assert message == problem("/README.md.jinja:1", f"a template prints {shown} without a filter", FILTERS)


def test_all_that_one_template_cannot_print_is_reported() -> None:
    text = """\
{% for operation in api.operations * 3 %}
{{ operation.path }}
{{ "x" }} {{ clint }}
{% endfor %}
{{ pakage }}
{{ versions | markdown }}
{{ api.title }}
"""
    names = "api, clients, from_core, header, offered, package, package_doc, version"
    assert reported(__init___py=text) == [
        problem("/__init__.py.jinja:2", "a template prints '/beds' without a filter", FILTERS),
        problem("/__init__.py.jinja:3", "a template prints 'x' without a filter", FILTERS),
        problem("/__init__.py.jinja:5", "'pakage' is undefined", f"did you mean package? {GETS} {names}"),
        problem("/__init__.py.jinja:6", "'versions' is undefined", f"did you mean version? {GETS} {names}"),
    ]


def test_an_included_template_that_fails_is_reported_at_its_own_line() -> None:
    assert reported(imports_py="{{ header | comment_line }}\n{{ imprts }}", method_py="{{ metod.doc }}") == [
        problem("/imports.py.jinja:2", "'imprts' is undefined", "templates/README.md says what each template gets"),
        problem("/method.py.jinja:1", "'metod' is undefined", "templates/README.md says what each template gets"),
    ]
    Path("own/method.py.jinja").unlink()
    assert reported(imports_py='{{ header | comment_line }}\n{{ imports | join("") }}x') == [
        problem("/imports.py.jinja:2", "a template prints 'from typing ...TYPE_CHECKING' without a filter", FILTERS)
    ]


def test_mistakes_in_templates_are_all_reported_before_anything_is_rendered() -> None:
    assert reported(
        README_md="{% if api %}\n{{ api.title | markdown }}",
        client_py='\n{% include "client/import.py.jinja" %}\n{% include "client/client.py.jinja" %}\n',
        models_py="{{ api.title | literale }}",
        groups_py="{% filter upper %}\na{% endfilter %}",
        group_py='{% include "client/gone.jinja" ignore missing %}{% import "gone" as gone %}',
    ) == [
        problem(
            "/README.md.jinja:2",
            "Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The "
            "innermost block that needs to be closed is 'if'.",
            "see https://jinja.palletsprojects.com/templates/",
        ),
        problem(
            "/client.py.jinja:2",
            "there is no template 'client/import.py.jinja'",
            f"did you mean client/imports.py.jinja? {NAMES}",
        ),
        problem(
            "/client.py.jinja:3",
            "this template includes itself",
            "the template that it replaces is built-in/client.py.jinja",
        ),
        problem("/group.py.jinja:1", "there is no template 'gone'", NAMES),
        problem(
            "/groups.py.jinja:1",
            "a `filter` block prints what no filter has quoted",
            "give the filter each value instead",
        ),
        problem(
            "/models.py.jinja:1",
            "No filter named 'literale'.",
            "did you mean literal? templates/README.md lists filters beside Jinja's",
        ),
    ]


def test_a_template_that_is_named_while_it_is_rendered_must_exist() -> None:
    assert reported(README_md='{% set name = "client/readme" %}\n{% include name %}') == [
        problem("/README.md.jinja:2", "there is no template 'client/readme'", NAMES)
    ]


def test_the_project_file_is_toml_and_has_the_options() -> None:
    keys = "the keys of [tool.workflow-client-generator] are not those of `options`: groups"
    hint = "print them as the template that it replaces does; the next run reads them from there"
    assert reported(pyproject_toml="[project]\n") == [problem("/pyproject.toml.jinja", keys, hint)]
    assert reported(pyproject_toml="[project\n") == [
        problem(
            "/pyproject.toml.jinja",
            "what it prints is not TOML: Expected ']' at the end of a table declaration (at line 1, column 9)",
            "print texts through the filter toml",
        )
    ]


# The command


def client(*options: str) -> tuple[int, str]:
    run = command("client", "garden.json", "--name", "garden-client", "--out", "out", *options, cwd=Path.cwd())
    return run.status, run.err


def test_the_command_replaces_templates_and_its_manifest_names_them(work: Path) -> None:
    (work / "own/.git").mkdir(parents=True)
    (work / "own/.git/HEAD").write_text("x")
    (work / "own/README.md.jinja").write_text("# {{ api.title | markdown }}\n")
    assert client("--templates", "own") == (0, "")
    package = work / "out/garden-client"
    assert (package / "README.md").read_text() == "# Garden \\*of\\* Plants\n"
    manifest = json.loads((work / "out/.garden-client.manifest.json").read_text())
    assert {*manifest["inputs"]} == {"garden.json", "templates/README.md.jinja"}
    assert not any("own" in path.read_text() for path in package.rglob("pyproject.toml"))


def test_the_command_reports_what_replaces_nothing_and_writes_nothing(work: Path) -> None:
    (work / "own/client").mkdir(parents=True)
    (work / "own/client/models.py.jinja").write_text("")
    (work / "own/README.md").write_text("")
    (work / "own/method.py.jinja").write_bytes(b"\xff")
    assert client("--templates", "own") == (
        1,
        "own/README.md: error[bad-template]: this replaces no template of templates/client\n"
        "    hint: did you mean README.md.jinja?\n"
        "own/client/models.py.jinja: error[bad-template]: this replaces no template of templates/client\n"
        "    hint: did you mean models.py.jinja or client.py.jinja?\n"
        "own/method.py.jinja: error[bad-template]: not UTF-8: invalid start byte\n"
        "    hint: save it as UTF-8\n"
        "3 problems; nothing was written.\n",
    )
    assert not (work / "out").exists()


def test_a_folder_that_is_none_or_has_no_template_is_reported(work: Path) -> None:
    problems = Problems()
    read_own_templates(Path("own"), {}, problems)
    (work / "empty").mkdir()
    (work / "empty/.gitkeep").touch()
    read_own_templates(Path("empty"), {}, problems)
    hint = "name a folder with templates that are called like those of templates/client, such as README.md.jinja"
    assert [str(problem) for problem in problems] == [
        f"--templates: error[bad-template]: 'own' is not a folder\n    hint: {hint}",
        f"empty: error[bad-template]: the folder has no template\n    hint: {hint}",
    ]


def test_a_command_with_a_template_that_fails_writes_nothing(work: Path) -> None:
    (work / "own").mkdir()
    (work / "own/README.md.jinja").write_text("{{ api.title }}")
    expected = problem("/README.md.jinja:1", "a template prints 'Garden *of* Plants' without a filter", FILTERS)
    assert client("--templates", "own") == (1, f"{expected}\n1 problem; nothing was written.\n")
    assert not (work / "out").exists()
