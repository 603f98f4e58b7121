"""The Python layer beside the code that is generated: it misses no difference that callers see, and invents none."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from generator.diff.python.api import compare
from generator.diff.rules import Rule, load_rules
from generator.document.loading import load
from generator.document.problems import Problems
from generator.ir.model import Package
from generator.project.packages import provider_package, single_package
from generator.render.package import client_files
from tests.diff.rules import documents

ROOT = Path(__file__).parents[3]
WITNESSED = {
    id_: rule
    for id_, rule in load_rules().items()
    if rule.layer != "normalized" and rule.witness["before"] is not None and rule.witness["after"] is not None
}


@pytest.mark.parametrize("provider", sorted(path.parent.name for path in (ROOT / "specs").glob("*/openapi.yaml")))
def test_a_document_in_json_gives_the_same_package_as_in_yaml(provider: str, tmp_path: Path) -> None:
    folder = ROOT / "specs" / provider
    package = provider_package(folder, provider, Problems())
    assert list(compare(package, provider_package(folder, provider, Problems()))) == []
    (tmp_path / "openapi.json").write_text(json.dumps(load(folder / "openapi.yaml")), "utf-8")
    in_yaml, in_json = (
        single_package(file, provider, Problems()) for file in (folder / "openapi.yaml", tmp_path / "openapi.json")
    )
    assert list(compare(in_yaml, in_json)) == []


@pytest.mark.parametrize("rule", WITNESSED.values(), ids=WITNESSED.keys())
def test_no_difference_in_the_code_that_callers_see_is_missed(rule: Rule, tmp_path: Path) -> None:
    old, new = (documents.read(rule.witness[side], tmp_path / side) for side in ("before", "after"))
    if seen(old) != seen(new):
        assert list(compare(old, new))


def seen(package: Package) -> list[str]:
    """The classes of the generated code, without their docstrings."""
    texts = [text for path, text in client_files(package).items() if path.endswith(("/client.py", "/models.py"))]
    classes = [node for text in texts for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    for node in [inner for outer in classes for inner in ast.walk(outer)]:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [part for part in node.body if not isinstance(part, ast.Expr)]
    return [ast.unparse(class_) for class_ in classes]
