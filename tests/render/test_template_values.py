"""The table of the values that templates get, in templates/README.md, is what `render` is called with."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jinja2.meta import find_undeclared_variables

from generator.document.problems import Problems
from generator.options import Options
from generator.project.packages import single_package
from generator.python.quoting import Code
from generator.render import package as package_files
from generator.render import templates

ROOT = Path(__file__).parents[2]
EVERYTHING = """\
openapi: 3.1.0
info: {title: Garden, version: "1"}
servers: [{url: "https://{region}.example/v1", variables: {region: {default: north}}}]
security: [{Key: []}, {Token: []}]
tags: [{name: beds}]
paths:
  /beds:
    get:
      operationId: list
      tags: [beds]
      x-speakeasy-pagination:
        type: cursor
        inputs: [{name: from, in: parameters, type: cursor}]
        outputs: {results: $.beds, nextCursor: $.next}
      parameters: [{name: from, in: query, schema: {type: string}}]
      responses: {"200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Beds"}}}}}
  /shed:
    get:
      operationId: getShed
      servers: [{url: "https://shed.example"}]
      responses: {"200": {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Shed"}}}}}
  /age:
    get: {responses: {"200": {description: It., content: {application/json: {schema: {type: string, format: date}}}}}}
  /fences/{fence}:
    get: {parameters: [{name: "a b", in: header, required: true, schema: {type: string}}], responses: {}}
webhooks:
  wilted:
    post:
      requestBody: {content: {application/json: {schema: {type: string, format: date}}}}
      responses: {"204": {description: Read.}}
components:
  securitySchemes:
    Key: {type: apiKey, in: header, name: key}
    Token: {type: http, scheme: bearer}
  schemas:
    Beds: {type: object, properties: {next: {type: string}, beds: {type: array, items: {type: string}}}}
    Shed: {type: object, properties: {color: {enum: [red, green]}, has: {$ref: "#/components/schemas/Thing"}}}
    Thing: {anyOf: [{type: integer}, {type: array, items: {$ref: "#/components/schemas/Thing"}}]}
    Broken: {type: fence}
"""
Kinds = dict[str, dict[str, set[str]]]
"""The kinds of values, by their templates and names."""


def kinds(value: object) -> set[str]:
    """What the column `kind` says of a value; of the items of a list each of their kinds."""
    match value:
        case Code():
            return {"code"}
        case str():
            return {"text"}
        case bool():
            return {"bool"}
        case dict():
            return {"mapping"}
        case list() | tuple() | set():
            items = {kind for item in value for kind in (pair(item) if isinstance(item, tuple) else kinds(item))}
            return {f"{'set' if isinstance(value, set) else 'list'} of {item}" for item in items}
    return {f"`{type(value).__name__}`"}


def pair(items: tuple[object, ...]) -> set[str]:
    return {f"({', '.join(kind for item in items for kind in kinds(item))})"}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Kinds:
    """What `render` is called with for a document that has everything."""
    spec = tmp_path_factory.mktemp("everything") / "garden.yaml"
    spec.write_text(EVERYTHING, encoding="utf-8")
    options = Options(groups=True, group_by="tags", standalone=True)
    package = single_package(spec, "garden-client", Problems(strict=False), options=options, skip_unsupported=True)
    assert package
    calls: Kinds = {}

    def render(template: str, own: templates.OwnTemplates = (), /, **values: Any) -> str:
        record = calls.setdefault(template.removeprefix("client/"), {})
        for name, value in values.items():
            record[name] = record.get(name, set()) | kinds(value)
        return templates.render(template, own, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package_files, "render", render)
        package_files.client_files(package, options.table())
    return calls


def rows() -> list[list[str]]:
    """The cells of the rows of the table."""
    lines = (ROOT / "templates/README.md").read_text(encoding="utf-8").replace("\\_", "_").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]


def documented(rendered: set[str]) -> Kinds:
    """The table, by templates."""
    table: Kinds = {}
    for value, kind, _, places in rows():
        exception = places.removeprefix("all").removeprefix(" but ")
        listed = rendered - {exception} if places.startswith("all") else {*places.split(", ")}
        for template in listed:
            beginning, _, items = kind.rpartition(" of ")
            of = f"{beginning} of " if beginning else ""
            several = re.split(", (?![^(]*\\))", items)
            names = table.setdefault(template, {})
            assert value.strip("`") not in names
            names[value.strip("`")] = {f"{of}{item}" for item in several}
    return table


def flat(values: Kinds) -> list[str]:
    return sorted(
        f"{place} {value}: {' '.join(sorted(is_))}" for place, names in values.items() for value, is_ in names.items()
    )


def test_the_table_is_what_templates_get(recorded: Kinds) -> None:
    table = documented({*recorded})
    assert flat({template: table[template] for template in recorded}) == flat(recorded)


def test_the_table_names_what_included_templates_get_beside_the_values_of_the_others(recorded: Kinds) -> None:
    table = documented({*recorded})
    included = {name.removesuffix(".jinja") for name in templates.template_names()} - recorded.keys()
    assert table.keys() - recorded.keys() == included - {"imports.py"}
    environment = templates._environment(())
    everywhere = {name for values in recorded.values() for name in values}
    for template in included:
        text = (ROOT / f"templates/client/{template}.jinja").read_text(encoding="utf-8")
        names = find_undeclared_variables(environment.parse(text))
        assert table.get(template, {}).keys() <= names
        assert names - everywhere <= table.get(template, {}).keys()


def test_every_template_is_rendered_or_included(recorded: Kinds) -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates/client").glob("*.jinja"))
    included = set(re.findall(r'include "client/(.*)\.jinja"', texts))
    assert {f"{name}.jinja" for name in recorded.keys() | included} == {*templates.template_names()}
