"""Text of a mapping, and of the description that it is for, stays text in `workflow-runs` and PROVIDERS.md."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from generator.document.problems import Problems
from generator.output.formatting import formatted
from tests.generator.test_hostile import HOSTILE, ROOT
from tests.normalization.mapping_cases import FILLABLE, generated

OUTLINE = ["# Providers", "## Statuses", "## Fields", "## evil"]


def specs(text: str, into: Path) -> Path:
    """A folder like `specs`, with `text` in every place of a provider that is printed."""
    folder = into / "evil"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "specs" / "workflow-run.yaml", into)
    name = "".join(c for c in text if c not in '"\\' and c.isprintable()) or "p"
    why = f"Because {text}"
    enum = {"type": "string", "enum": [text, f"a {text}"]}
    run = {"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string"}, name: {"type": "string"}, "state": enum, "ended": enum, "rest": {},
        "jobs": {"type": "array", "items": {"type": "object", "properties": {"state": {"type": "string"}}}},
        "kind": {"type": "string"},
    }}  # fmt: skip
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Run"}}}
    answer = {"200": {"description": text, "content": content}}
    place = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    view = {"name": f"v{text}", "in": "query", "schema": {"type": "string"}}
    spec = {
        "openapi": "3.1.0",
        "info": {"title": text, "version": "1", "description": text},
        "paths": {"/runs/{id}": {"get": {"operationId": text, "parameters": [place, view], "responses": answer}}},
        "components": {"schemas": {"Run": run}},
    }
    words = {
        text: "RUNNING",
        f"a {text}": {text: "FAILED/failure", f"a {text}": "SUCCEEDED/success", "absent": "UNKNOWN"},
    }
    more = {"because": why, "words": {f"b {text}": "SUSPENDED"}}
    more_fields = {
        "current_step": {"in": "/jobs", "where": {"/state": [text, f"a {text}"]}, "at": "/state", "nothing": [text]},
        "trigger.kind": {"at": "/kind", "words": {text: "api", "absent": "other"}, "others": "event"},
        "url": {"template": "https://example.com/__import__('os')/47513+1/{run_id}"},
    }
    pointer = "/" + name.replace("~", "~0").replace("/", "~1")
    mapping = {
        "operation": text if text.strip() else "GET /runs/{id}",
        "ref": "{run_id}",
        "parameters": {"id": "run_id", f"v{text}": {"value": text}},
        "status": {"at": ["/state", "/ended"], "words": words, "beyond_spec": more},
        "fields": {
            "id": {"at": "/id", "missing": {"value": text}},
            "message": {"at": pointer, "nothing": text},
            **more_fields,
        },
        "lists": {"steps": {"each": "/jobs", "status": {"at": "/state", "open": True, "words": {}, "inferred": more}}},
        "raw_only": [{"at": ["/rest"], "because": why}],
        "absent": [{"fields": sorted(FILLABLE - {"id", "message", *more_fields}), "because": why}],
        "differences": [why],
    }
    for file, value in {"openapi.yaml": spec, "normalization.yaml": mapping}.items():
        (folder / file).write_text(json.dumps(value).replace("\x7f", "\\u007f"), encoding="utf-8")
    digest = hashlib.sha256((folder / "openapi.yaml").read_bytes()).hexdigest()
    source = {"url": "https://example.com", "retrieved": "2026-11-22", "sha256": digest, "transcribed": False}
    (folder / "provider.yaml").write_text(json.dumps({"source": source}), encoding="utf-8")
    return into


@pytest.fixture(scope="module", params=HOSTILE)
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files of `workflow-runs` with one of the hostile texts, and PROVIDERS.md; without what is copied as it is."""
    problems = Problems()
    files = generated(specs(HOSTILE[request.param], tmp_path_factory.mktemp("hostile") / "specs"), problems)
    assert [str(problem) for problem in problems] == []
    return formatted({path: text for path, text in files.items() if _is_rendered(path, text)})


def _is_rendered(path: str, text: str) -> bool:
    """Whether a file of `workflow-runs` is not simply one of the templates."""
    package, _, name = path.partition("/")
    template = ROOT / "templates" / "normalization" / name
    is_copied = package == "workflow-runs" and template.is_file() and template.read_text("utf-8") == text
    return not (is_copied or package.startswith("workflow-client-"))


def test_hostile_text_calls_nothing_and_adds_no_statement(files: dict[str, str]) -> None:
    for text in (text for path, text in files.items() if path.endswith(".py")):
        tree = ast.parse(text)
        assert "__import__" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        bare = [node for node in ast.walk(tree) if isinstance(node, ast.Expr)]
        assert not [node for node in bare if isinstance(node.value, ast.Tuple | ast.BinOp)]


def test_a_template_in_a_text_is_not_filled_in(files: dict[str, str]) -> None:
    assert "47514" not in "".join(files.values())


def test_no_file_holds_what_cannot_be_seen(files: dict[str, str]) -> None:
    for text in files.values():
        assert {c for c in text if not c.isprintable()} <= {"\n"}


def test_the_page_of_providers_keeps_its_outline(files: dict[str, str]) -> None:
    lines = files["PROVIDERS.md"].splitlines()
    assert [line for line in lines if line.startswith("#")] == OUTLINE
    assert [line for line in lines if line.lstrip().startswith(("```", "~~~"))] == ["```mermaid", "```"]
    assert not re.search(r"(?m)^(?!\|)[^`\n]*<script>", files["PROVIDERS.md"])


def test_the_page_of_providers_says_where_statuses_are(files: dict[str, str]) -> None:
    assert "| `status` | `/state` and `/ended` | the words above |" in files["PROVIDERS.md"]
    assert re.search(r"(?m)^\| `steps.status` \| `/jobs/state` \| b .*: SUSPENDED \|$", files["PROVIDERS.md"])


def test_every_row_of_a_table_has_as_many_cells_as_its_head(files: dict[str, str]) -> None:
    for path in ("PROVIDERS.md", "workflow-runs/README.md"):
        width = 0
        for line in files[path].splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert not width or not cells or cells == width, line
            width = cells


def test_every_line_of_the_diagram_is_an_arrow(files: dict[str, str]) -> None:
    diagram = files["PROVIDERS.md"].partition("flowchart LR\n")[2].partition("```")[0]
    for line in diagram.splitlines():
        assert re.fullmatch(r' {4}w\d+\["[^"\[\]{}<>`|]*"\] --> (\|"\w+"\| )?[A-Z_]+', line), line
