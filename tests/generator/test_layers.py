"""The generator's modules import in one direction and load what is heavy late; a second reader watches the first."""

from __future__ import annotations

import ast
import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator.ir import Api, Ref
from generator.loading import load
from generator.prepare import prepare
from generator.prepare.references import resolve_references
from generator.prepare.shape import check_shape
from generator.problems import Problems
from generator.provider import Provider
from generator.read import read
from generator.second_reading import second_reading
from generator.upstream import naming

ROOT = Path(__file__).parents[2]
GENERATOR = ROOT / "generator"

# Which modules of the generator each one may import, also inside its functions; `.name` is one of the same package. A
# module stands below whatever imports it: nothing may import one that is further down in this table.
MAY_IMPORT = {
    "problems": "",
    "text": "",
    "manifest": "",
    "document": "problems",
    "loading": "problems document",
    "suggest": "problems document",
    "ir": "problems",
    "facts": "problems document",
    "provider": "problems document facts",
    "overlay": "problems document",
    "prepare.walk": "document",
    "prepare.names": "document prepare.walk",
    "prepare.webhooks": "document prepare.walk prepare.names",
    "swagger": "problems document prepare.walk",
    "prepare.outline": "prepare.walk",
    "prepare.slips": "problems",
    "prepare.files": "problems document loading",
    "prepare.mend_parameters": "problems document prepare.slips",
    "prepare.mend_schema": "problems document prepare.slips",
    "prepare.places": "document prepare.walk prepare.outline",
    "prepare.targets": "problems document prepare.outline prepare.files prepare.places",
    "prepare.mend": "problems document prepare.outline prepare.slips prepare.mend_parameters prepare.mend_schema"
    " prepare.targets prepare.walk",
    "prepare.shape": "problems document swagger prepare.slips prepare.files prepare.targets prepare.mend",
    "prepare.references": "problems document prepare.walk prepare.webhooks",
    "prepare.inherit": "document prepare.walk",
    "prepare.parameters": "problems document prepare.walk",
    "prepare.null": "document prepare.walk",
    "prepare.loops": "",
    "prepare.unions": "problems document prepare.walk prepare.null",
    "prepare.aliases": "document prepare.loops prepare.null",
    "prepare.kinds": "problems document prepare.walk prepare.aliases",
    "prepare.allof": "problems document prepare.walk prepare.loops prepare.unions prepare.aliases",
    "prepare.enums": "problems document prepare.walk",
    "prepare.bases": "document prepare.walk prepare.aliases",
    "prepare.discriminators": "problems document prepare.walk prepare.aliases",
    "prepare.hoist": "document prepare.walk prepare.names prepare.null prepare.aliases prepare.discriminators",
    "leave_out": "problems document ir prepare.walk",
    "upstream": "problems document prepare.names",
    "prepare": "problems document prepare.* upstream",
    "read_security": "problems document ir provider prepare.names prepare.walk",
    "read_schemas": "problems document ir prepare.names prepare.aliases prepare.discriminators",
    "read_parts": "problems document ir prepare.names read_schemas read_security",
    "read_groups": "document ir prepare.names prepare.walk",
    "read_webhooks": "document ir prepare.names prepare.walk prepare.webhooks read_parts read_schemas",
    "read": "problems document ir provider prepare.names prepare.walk read_security read_schemas read_parts"
    " read_groups read_webhooks",
    "checks": "problems ir",
    "second_reading": "problems document ir prepare.walk prepare.names prepare.aliases upstream",
    "normalization": "",
    "normalization.mapping": "problems ir",
    "normalization.converters": "ir",
    "normalization.capabilities": "ir normalization.mapping",
    "normalization.names": "problems ir",
    "normalization.unified": "problems document facts ir normalization.mapping",
    "normalization.pointers": "problems document facts ir normalization.mapping",
    "normalization.coverage": "problems document facts normalization.mapping normalization.unified"
    " normalization.pointers",
    "normalization.read_call": "problems document facts ir checks normalization.mapping",
    "normalization.read_envelope": "problems document facts ir normalization.mapping normalization.converters"
    " normalization.pointers",
    "normalization.read_statuses": "problems document facts ir normalization.mapping normalization.converters"
    " normalization.unified normalization.pointers",
    "normalization.read_values": "problems document facts ir normalization.mapping normalization.converters"
    " normalization.unified normalization.pointers normalization.read_statuses",
    "normalization.read": "problems document facts ir normalization.mapping normalization.pointers"
    " normalization.coverage normalization.read_call normalization.read_envelope normalization.read_statuses"
    " normalization.read_values",
    "python": "ir text",
    "python_client": "ir text",
    "python_path": "ir",
    "python_body": "ir text python",
    "python_answer": "ir text checks python",
    "python_operation": "ir text prepare.names python python_client python_path python_body python_answer",
    "python_webhook": "ir text checks prepare.names python",
    "readme": "ir text python python_client python_answer python_operation python_webhook",
    "client_modules": "ir text python_client python_operation python_webhook",
    "render": "ir text python python_client client_modules readme",
    "adapter_call": "ir text normalization.mapping",
    "adapter": "ir text normalization.mapping normalization.converters adapter_call",
    "providers_page": "ir text normalization.mapping normalization.capabilities",
    "render_runs": "ir text python python_client render adapter providers_page normalization.mapping"
    " normalization.capabilities",
    "swap": "problems manifest",
    "write": "problems manifest swap",
    "pipeline": "problems document loading ir leave_out suggest overlay provider prepare prepare.files prepare.shape"
    " prepare.references"
    " read checks upstream second_reading normalization.mapping normalization.names normalization.unified"
    " normalization.read",
    "compare": "",
    "compare.finding": "problems",
    "compare.rules": "problems document facts loading .finding",
    "compare.accepted": "problems document facts loading .finding .rules",
    "compare.bump": ".finding",
    "compare.judge": "problems .finding .rules",
    "compare.documentation": "problems ir .finding",
    "compare.unchanged": "ir",
    "compare.pairs": "problems ir python_operation .finding .unchanged",
    "compare.kinds": "ir .pairs",
    "compare.headers": "ir .finding .pairs .kinds",
    "compare.media": "ir checks",
    "compare.forms": "ir",
    "compare.constraints": "ir python .finding .pairs .kinds",
    "compare.enums": "ir .finding .documentation .pairs",
    "compare.objects": "ir .finding .pairs .kinds",
    "compare.members": "ir .pairs .kinds",
    "compare.discriminators": "ir .finding .pairs .members",
    "compare.types": "ir .finding .documentation .pairs .kinds .constraints .enums .objects .members .discriminators",
    "compare.answers": "ir .finding .pairs .headers .media .types",
    "compare.encodings": "ir .finding .forms .kinds .pairs",
    "compare.bodies": "ir python_body .finding .pairs .media .types .encodings",
    "compare.parameters": "ir .finding .forms .pairs .kinds .types",
    "compare.operations": "problems ir .finding .documentation .pairs .answers .bodies .parameters",
    "compare.security": "ir .finding",
    "compare.servers": "problems ir .finding",
    "compare.webhooks": "problems ir python_webhook .finding .documentation .media .pairs .types",
    "compare.wire": "problems ir .finding .documentation .pairs .operations .security .servers .webhooks",
    "compare.python_annotations": "",
    "compare.surface": "problems .python_annotations",
    "compare.surface_of": "ir python python_client python_body python_answer python_operation python_webhook"
    " .forms .python_annotations .surface",
    "compare.python_pairs": ".python_annotations .surface",
    "compare.python_view": "problems ir .finding .python_annotations .surface .surface_of .python_pairs",
    "compare.python_calls": ".finding .python_annotations .surface .python_pairs .python_view",
    "compare.python_classes": ".finding .python_annotations .surface .python_pairs .python_view",
    "compare.python_constructor": ".finding .surface .python_pairs .python_view",
    "compare.python_webhooks": ".finding .python_pairs .python_view",
    "compare.python_api": "ir .finding .python_view .python_calls .python_classes .python_constructor .python_webhooks",
    "compare.revisions": "problems",
    "compare.versions": "problems facts loading ir pipeline normalization.mapping normalization.names"
    " normalization.read .accepted .revisions",
    "compare.normalized_call": "ir normalization.mapping .finding",
    "compare.normalized_statuses": "normalization.mapping .finding",
    "compare.normalized_fields": "problems ir normalization.mapping normalization.converters .finding"
    " .normalized_statuses",
    "compare.normalized_notes": "problems normalization.mapping normalization.capabilities .finding",
    "compare.normalized_problems": "problems .finding .versions .normalized_fields",
    "compare.normalized_rebase": "problems ir normalization.mapping normalization.pointers",
    "compare.normalized": "normalization.mapping .finding .versions .normalized_call .normalized_statuses"
    " .normalized_fields .normalized_notes .normalized_problems .normalized_rebase",
    "compare.normalized_model": "ir normalization.mapping .finding",
    "compare.run": "normalization.mapping .finding .rules .accepted .judge .wire .python_api .versions .normalized"
    " .normalized_model",
    "report.model": "problems compare.finding",
    "report.github": "problems compare.finding .model",
    "report.json": "problems compare.finding .model",
    "report.markdown": "text compare.finding .model",
    "report.text": "compare.finding .model",
    "report.explain": "compare.rules",
    "report": "report.model report.github report.json report.markdown report.text",
    "commands": "problems compare.finding compare.rules compare.accepted compare.bump compare.versions compare.run"
    " report report.explain",
    "__main__": "problems manifest ir pipeline render render_runs write commands report",
}
MAY_IMPORT = {
    name: " ".join(name.rpartition(".")[0] + other if other[0] == "." else other for other in allowed.split())
    for name, allowed in MAY_IMPORT.items()
}
# The libraries that only these modules may import; the standard library is open to all.
ONLY_IMPORTER = {
    "openapi_python_client": "upstream",
    "pydantic": "upstream",
    "jinja2": "render",
    "jsonpath_rfc9535": "overlay",
    "yaml": "loading",
    "rich": "__main__ report.text",
    "typer": "__main__",
}


def modules() -> dict[str, Path]:
    found = {}
    for path in GENERATOR.rglob("*.py"):
        name = (
            ".".join(path.relative_to(GENERATOR).with_suffix("").parts)
            .removesuffix(".__init__")
            .removesuffix("__init__")
        )
        found[name] = path
    del found[""]  # holds the version alone
    return found


def imports(path: Path) -> set[str]:
    """Every absolute name that a module imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            base = str(node.module)
            names = {f"{base}.{alias.name}" for alias in node.names}
            is_package = base == "generator"
            found |= {n for n in names if n.removeprefix("generator.") in modules()} if is_package else {base}
    return found


def own(names: set[str]) -> set[str]:
    return {name.removeprefix("generator.") for name in names if name.startswith("generator.")}


def test_the_table_holds_every_module() -> None:
    assert set(MAY_IMPORT) == set(modules())


@pytest.mark.parametrize("name", sorted(modules()))
def test_a_module_imports_what_it_may(name: str) -> None:
    allowed = set(MAY_IMPORT[name].split())
    if "prepare.*" in allowed:
        allowed |= {module for module in MAY_IMPORT if module.startswith("prepare.")}
    assert own(imports(modules()[name])) <= allowed


def test_the_table_points_one_way() -> None:
    order = list(MAY_IMPORT)
    for name, allowed in MAY_IMPORT.items():
        for other in allowed.split():
            assert other == "prepare.*" or order.index(other) < order.index(name), (name, other)


@pytest.mark.parametrize("library", sorted(ONLY_IMPORTER))
def test_a_library_has_one_importer(library: str) -> None:
    importers = {name for name, path in modules().items() if any(i.partition(".")[0] == library for i in imports(path))}
    assert importers == {*ONLY_IMPORTER[library].split()}


def test_every_library_is_known() -> None:
    known = {*ONLY_IMPORTER, "generator", *sys.stdlib_module_names}
    for name, path in modules().items():
        assert {i.partition(".")[0] for i in imports(path)} <= known, name


def test_rendering_and_reading_know_nothing_of_each_other() -> None:
    reading = {"document", "facts", "overlay", "read", "prepare", "upstream", "normalization.pointers"}
    reading |= {name for name in MAY_IMPORT if name.startswith("normalization.read")}
    for name in ("python", "python_client", "readme", "render", "text", "adapter", "providers_page", "render_runs"):
        assert not set(MAY_IMPORT[name].split()) & reading, name


# What is heavy comes late


def loaded_by(program: str, folder: Path) -> set[str]:
    """The libraries that a run of Python has loaded when it ends."""
    program = f"import atexit, sys\natexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))\n{program}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in run.stderr.split()} | set(run.stderr.split())


HEAVY = {"openapi_python_client", "pydantic", "jinja2", "yaml", "jsonpath_rfc9535", "rich", "ruff", "httpx2", "msgspec"}


def test_generating_what_has_not_changed_loads_nothing_heavy(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "generator", "generate", "--specs", "specs", "--out", "out"]
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    call = "['generator', 'generate', '--specs', 'specs', '--out', 'out']"
    loaded = loaded_by(f"from generator.__main__ import main\nsys.argv = {call}\nmain()", tmp_path)
    assert "generator.manifest" in loaded
    assert loaded & (HEAVY - {"rich"}) == set()
    assert loaded & {f"generator.{name}" for name in ("document", "pipeline", "read", "render", "write")} == set()


@pytest.mark.parametrize("module", ["generator.document", "generator.overlay", "generator.read", "generator.pipeline"])
def test_importing_a_stage_loads_neither_the_second_reader_s_library_nor_templates(module: str, tmp_path: Path) -> None:
    assert loaded_by(f"import {module}", tmp_path) & {"openapi_python_client", "pydantic", "jinja2"} == set()


# The second reader

SPEC = """\
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    get:
      operationId: a
      parameters: [{name: p, in: query, required: true, schema: {type: string}}]
      responses: {"200": {description: D, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}}
components:
  schemas:
    Thing: {type: object, required: [a], properties: {a: {type: string}, b: {$ref: "#/components/schemas/Word"}}}
    Word: {type: string, enum: [x, y]}
webhooks:
  hook: {post: {requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}}}
"""


def second_opinion(tmp_path: Path, change: str) -> list[str]:
    """What the second reader says of our reading once something has gone missing from it."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    problems = Problems()
    names = naming()
    document = check_shape(load(tmp_path / "spec.yaml", "spec.yaml"), problems)
    prepared = prepare(resolve_references(document, problems), names, problems)
    api = read(prepared, Provider("T"), names, problems)
    second_reading(prepared, changed(api, change), problems)
    assert {problem.id for problem in problems.found} <= {"second-reading"}
    return [str(problem) for problem in problems.found]


def changed(api: Api, change: str) -> Api:
    model, operation, enum, webhook = api.models[0], api.operations[0], api.enums[0], api.webhooks[0]
    field, parameter = model.fields[0], operation.parameters[0]
    match change:
        case "a property":
            model = dataclasses.replace(model, fields=model.fields[1:])
        case "whether a property is required":
            model = dataclasses.replace(model, fields=(dataclasses.replace(field, required=False), model.fields[1]))
        case "the type of a property":
            model = dataclasses.replace(
                model, fields=(dataclasses.replace(field, type=model.fields[1].type), model.fields[1])
            )
        case "a word":
            enum = dataclasses.replace(enum, members=enum.members[:1])
        case "a parameter":
            operation = dataclasses.replace(operation, parameters=())
        case "whether a parameter is required":
            operation = dataclasses.replace(operation, parameters=(dataclasses.replace(parameter, required=False),))
        case "an answer":
            operation = dataclasses.replace(operation, responses=())
        case "the body of a webhook":
            webhook = dataclasses.replace(webhook, body=None)
        case "the type of a webhook's body":
            assert webhook.body
            media = dataclasses.replace(webhook.body.content[0], type=Ref(enum.name))
            webhook = dataclasses.replace(webhook, body=dataclasses.replace(webhook.body, content=(media,)))
    return dataclasses.replace(api, models=(model,), operations=(operation,), enums=(enum,), webhooks=(webhook,))


def test_two_readers_agree_on_what_is_read_rightly(tmp_path: Path) -> None:
    assert second_opinion(tmp_path, "nothing") == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ("a property", "the model Thing"),
        ("whether a property is required", "Thing.a"),
        ("the type of a property", "Thing.a"),
        ("a word", "the enum Word"),
        ("a parameter", "GET /a"),
        ("whether a parameter is required", "GET /a, p"),
        ("an answer", "GET /a"),
        ("the body of a webhook", "the webhook hook"),
        ("the type of a webhook's body", "the webhook hook"),
    ],
)
def test_what_one_reader_loses_the_other_reports(change: str, where: str, tmp_path: Path) -> None:
    (refusal,) = second_opinion(tmp_path, change)
    assert refusal.startswith("spec.yaml:")
    assert f"error[second-reading]: a second reader sees {where} otherwise: " in refusal
    assert refusal.endswith("hint: this is a defect of the generator: please report it with the document")
