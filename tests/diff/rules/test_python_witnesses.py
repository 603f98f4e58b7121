"""Every Python rule's witness is executed: callers' code against clients that were really generated of both versions.

A witness's `before` and `after` are documents as in `tests.diff.rules.documents`, or null where there is no package.
`code` knows `ThingsClient`, a `client` of it, `models` and `assert_never`; `passes` says with which versions it works:
with the old one alone where the rule breaks, else with both, unless the witness says otherwise.
It is executed (`by: run`), with a server that gives `answer` ({}) with `status` (200) and `headers`, and with
`environment` set; or its types are checked (`by: mypy`). `also` are other Python rules that the comparison gives.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, assert_never

import httpx2
import pytest
from workflow_client_core import CredentialsError, Retry

from generator.diff.finding import Finding
from generator.diff.python.api import compare
from generator.diff.rules import Rule, load_rules
from generator.ir.model import Package
from tests.diff.rules import documents
from tests.packages import imported
from tests.type_checking import mypy

ROOT = Path(__file__).parents[3]
SIDES = ("before", "after")
KEYS = {"before", "after", "code", "passes", "by", "answer", "status", "environment", "also", "headers"}
RULES = {id_: rule for id_, rule in load_rules().items() if rule.layer == "python"}
HEADER = """\
from typing import assert_never
from {module} import {stem}Client as ThingsClient, models
def caller(client: ThingsClient) -> None:
"""


def by(how: str) -> pytest.MarkDecorator:
    reported = {id_: rule.witness for id_, rule in RULES.items() if how in ("", rule.witness["by"])}
    return pytest.mark.parametrize("witness", reported.values(), ids=reported.keys())


def package(document: Mapping[str, Any] | None, folder: Path) -> Package | None:
    return None if document is None else documents.read(document, folder)


def findings(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, folder: Path) -> list[Finding]:
    return list(compare(package(before, folder / "before"), package(after, folder / "after")))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_the_comparison_gives_the_rule(rule: Rule, tmp_path: Path) -> None:
    witness = rule.witness
    assert witness.keys() <= KEYS
    assert witness["by"] in ("run", "mypy")
    reported = findings(witness["before"], witness["after"], tmp_path)
    assert sorted(finding.rule for finding in reported) == sorted([rule.id, *witness.get("also", ())])
    breaks = witness["passes"] == ["before"]
    assert (rule.severity == "breaking") == (rule.bump == "major")
    assert breaks if rule.severity == "breaking" else not breaks or rule.severity == "attention"
    for side in SIDES:
        assert findings(witness[side], witness[side], tmp_path) == []


@by("run")
def test_code_runs_with_the_versions_that_the_witness_says(
    witness: Mapping[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("THINGS_")]:
        monkeypatch.delenv(name)
    for name, value in witness.get("environment", {}).items():
        monkeypatch.setenv(name, value)
    assert [side for side in SIDES if runs(witness, witness[side], tmp_path / side)] == witness["passes"]


def runs(witness: Mapping[str, Any], document: Mapping[str, Any] | None, folder: Path) -> bool:
    """Whether the code does what its caller expects."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "things_client", None)
        names: dict[str, Any] = {"assert_never": assert_never}
        if document is not None:
            module = imported(documents.generated(document, folder), folder)
            patch.setitem(sys.modules, "things_client", module)
            names |= {"models": module.models, "ThingsClient": client_class(module, witness)}
        code = str(witness["code"])
        try:
            if re.search(r"\bclient\b", code):
                names["client"] = names["ThingsClient"]()
            exec(compile(ast.parse(code), "witness", "exec"), names)
        except (AssertionError, AttributeError, CredentialsError, ImportError, TypeError, ValueError):
            return False
    return True


def client_class(module: ModuleType, witness: Mapping[str, Any]) -> type:
    """The generated class, with a server that sends the witness's response."""
    content = str(witness.get("answer", "{}")).encode()
    headers = {"content-type": "application/json", **witness.get("headers", {})}

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(witness.get("status", 200), content=content, headers=headers)

    class Client(module.ThingsClient):  # type: ignore[name-defined, misc]
        def __init__(self, **arguments: Any) -> None:
            super().__init__(transport=httpx2.MockTransport(answer), retry=Retry(max_retries=0), **arguments)

    return Client


def test_types_fit_with_the_versions_that_the_witnesses_say(tmp_path: Path) -> None:
    expected, folders = dict[str, list[str]](), [ROOT / "templates" / "runtime"]
    (tmp_path / "callers").mkdir()
    for number, (id_, rule) in enumerate(RULES.items()):
        if rule.witness["by"] == "mypy":
            expected[id_] = rule.witness["passes"]
            for side in SIDES:
                name = f"things{number}-{side}"
                generated = documents.generated(rule.witness[side], tmp_path / name, name)
                header = HEADER.format(module=generated.module, stem=generated.client)
                text = header + textwrap.indent(str(rule.witness["code"]), "    ")
                (tmp_path / "callers" / f"{id_.replace('-', '_')}__{side}.py").write_text(text, "utf-8")
                folders.append(tmp_path / name / name)
    done = mypy("--no-error-summary", *sorted((tmp_path / "callers").iterdir()), cwd=tmp_path, path=folders)
    assert done.stderr == ""
    failed = {match[1] for match in re.finditer(r"^(.+?)\.py:\d+: error: ", done.stdout, re.MULTILINE)}
    assert all(path.startswith("callers") for path in failed), done.stdout
    passed = {id_: [s for s in SIDES if f"callers/{id_.replace('-', '_')}__{s}" not in failed] for id_ in expected}
    assert passed == expected, done.stdout


def test_the_code_names_the_rules_of_the_table_and_no_others() -> None:
    modules = [path.read_text("utf-8") for path in (ROOT / "generator" / "diff" / "python").glob("*.py")]
    nodes = [node for text in modules for node in ast.walk(ast.parse(text))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert {text for text in texts if text.startswith("python-")} == RULES.keys()  # so none is put together of parts
