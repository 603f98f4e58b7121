"""The corpus tool, on documents and packages small enough to know what it must say of them."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import generator
from tests.corpus.document import Document, specs
from tests.corpus.goals import missed, totals
from tests.corpus.measure import measured
from tests.corpus.report import causes, untyped_causes
from tests.corpus.run import ROOT, Result, distribution
from tests.corpus.untyped import LOST_BY_GENERATOR, reason
from tests.type_checking import fill_cache

SPECS = ROOT / "tests" / "corpus" / "specs"

# A generator that damages the real one's package for tea.yaml, in the way that the document's name says.
SPOILER = """
import os, pathlib, shutil, sys
spec = sys.argv[sys.argv.index("client") + 1]
kind = pathlib.Path(spec).stem
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
if kind == "refused":
    sys.exit(spec + ":3: error[not-tea]: this is coffee\\n1 problem; nothing was written.")
if kind == "crash":
    raise RuntimeError("no tea")
shutil.copytree({package!r}, out / (kind + "-client"))
(out / (kind + "-client") / "tea_client").rename(out / (kind + "-client") / (kind + "_client"))
ADDED = {{
    "import": ("client.py", "raise ImportError('no tea')"),
    "types": ("client.py", "TEA: int = 'tea'"),
    "seeds": ("client.py", "# " + os.environ["PYTHONHASHSEED"]),
    "lost": ("models.py", "class Order(Struct):  # type: ignore[no-redef]\\n    pass"),
}}
REPLACED = {{
    "calls": [('method="GET"', 'method="HEAD"'), ('path="/menu"', 'path="/tea"')],
    "untyped": [("json\\", _models.Order)", "json\\", __import__('typing').Any)")],
}}
for module in next(out.glob("*-client")).rglob("*.py"):
    text = module.read_text().replace("tea_client", kind + "_client")
    for old, new in REPLACED.get(kind, ()):
        text = text.replace(old, new)
    name, more = ADDED.get(kind, ("", ""))
    module.write_text(text + "\\n\\n" + more + "\\n" if module.name == name else text)
"""

EXPECTED = {
    "refused": "no package was made of crash, refused",
    "import": "the package cannot be imported of import",
    "types": "mypy --strict finds errors in the package of types",
    "seeds": "a second run does not write the same bytes of seeds",
    "calls": "operations are left out without a word of calls",
    "untyped": "answers have a type in the document, and none in the package of untyped",
    "lost": "values do not survive a round trip through the package of lost",
}


def corpus(folder: Path, out: Path, *options: str) -> tuple[int, str, dict[str, Any]]:
    """The tool's exit status, what it printed, and its JSON."""
    fill_cache(out / "mypy" / "corpus_0")
    command = [sys.executable, "-m", "tests.corpus", str(folder), "--out", str(out), "--jobs=1", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert run.stderr == ""
    return run.returncode, run.stdout, json.loads((out / "corpus.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "options", "judged"), [("varied", [], (8, 28)), ("files", ["--standalone"], (1, 3))])
def test_documents_of_our_own_reach_every_goal(
    name: str, options: list[str], judged: tuple[int, int], tmp_path: Path
) -> None:
    """Two of them: `make corpus SPECS=tests/corpus/specs` judges all, and `test_judge.py` most of what it looks at."""
    status, printed, report = corpus(SPECS, tmp_path, f"--only={name}", *options)
    assert (status, report["missed"]) == (0, []), printed
    assert "Every goal is reached." in printed
    sums = report["totals"]
    operations = len(Document(specs(SPECS)[name]).calls)
    assert sums["operations"] == sums["generated"] == sums["importable"] == sums["callable"] == operations >= 1
    assert (sums["answers"], sums["values"]) == judged
    assert sums["untyped"] == sums["lost"] == 0


def test_what_is_wrong_with_a_package_is_found_and_each_missed_goal_is_named(tmp_path: Path) -> None:
    fake = tmp_path / "fake"
    (fake / "generator").mkdir(parents=True)
    (fake / "generated").symlink_to(ROOT / "generated")
    run = generator("client", str(SPECS / "tea.yaml"), "--name=tea-client", "--out", str(tmp_path / "good"), cwd=ROOT)
    assert run.status == 0, run.err
    spoiler = SPOILER.format(package=str(tmp_path / "good" / "tea-client"))
    (fake / "generator" / "__main__.py").write_text(spoiler, encoding="utf-8")
    folder = tmp_path / "specs"
    folder.mkdir()
    kinds = ("refused", "crash", "import", "types", "seeds", "calls", "lost", "untyped")
    for name in kinds:
        (folder / f"{name}.yaml").write_bytes((SPECS / "tea.yaml").read_bytes())
    (folder / "part.yaml").write_text("Order: {type: object}\n", encoding="utf-8")
    status, printed, report = corpus(folder, tmp_path / "out", "--generator", str(fake))
    assert status == 1
    assert [d["name"] for d in report["documents"]] == sorted(kinds)
    for sentence in report["missed"]:
        assert f"missed: {sentence}" in printed
    for name, sentence in EXPECTED.items():
        assert sentence in report["missed"], name
    documents = {d["name"]: d for d in report["documents"]}
    assert documents["calls"]["silent"] == ["GET /orders/{orderId}", "GET /orders", "GET /menu"]
    assert documents["calls"]["findings"]["missing"] == ["GET /orders/{orderId}", "GET /orders", "GET /menu"]
    assert documents["lost"]["findings"]["lost"]["PUT /orders/{orderId}"] == ["sent: the body: /state is lost"]
    (untyped,) = documents["untyped"]["findings"]["untyped"]
    assert (untyped["operation"], untyped["status"]) == ("GET /orders/{orderId}", "200")
    assert f"untyped answers: 1 x {LOST_BY_GENERATOR}" in printed
    assert documents["refused"]["problems"][0][2] == "not-tea"
    markdown = (tmp_path / "out" / "corpus.md").read_text(encoding="utf-8")
    assert "| not-tea | 1 | 1 | 4 |" in markdown
    assert "| crash | 1 | 1 | 4 |" in markdown
    assert "RuntimeError: no tea" in markdown


GOOD = Result(
    name="good",
    findings={
        "operations": [f"GET /{i}" for i in range(500)],
        "import_error": "",
        "missing": [],
        "replaced": [],
        "failed": {},
        "lost": {},
        "untried": {},
        "values": 900,
        "models": 3,
        "answers": 500,
        "untyped": [],
        "schemas": 7,
        "untyped_schemas": {},
    },
    generated=True,
    status=0,
    seconds=1.0,
    megabytes=50.0,
    problems=(("x.yaml:3", "warning", "ignored-keyword", "left out"),),
    last_line="",
    identical=True,
    mypy_errors=0,
)


def with_findings(**changes: Any) -> Result:
    return dataclasses.replace(GOOD, findings={**GOOD.findings, **changes})


def test_goals_are_shares_of_all_operations() -> None:
    assert missed([GOOD]) == []
    assert missed([with_findings(missing=["GET /1"])]) == []
    assert missed([with_findings(missing=["GET /1", "GET /2"])]) == [
        f"498 of 500 (99.60%) of the operations are {word}, not 99.8%"
        for word in ("generated", "importable", "callable")
    ]
    assert missed([with_findings(failed={"GET /1": "", "GET /2": ""})]) == [
        "498 of 500 (99.60%) of the operations are callable, not 99.8%"
    ]
    assert missed([]) == ["there is no document to judge"]


def test_operations_left_out_without_a_message_and_lost_values_miss_a_goal() -> None:
    silent = dataclasses.replace(with_findings(missing=["GET /1"]), silent=("GET /1",))
    assert missed([silent]) == ["operations are left out without a word of good"]
    assert missed([with_findings(lost={"GET /1": ["/a: wrong"]})]) == [
        "values do not survive a round trip through the package of good"
    ]


def test_responses_may_be_untyped_in_the_package_only_where_they_are_in_the_document() -> None:
    response = {"operation": "GET /1", "status": "200", "reason": "no schema"}
    assert missed([with_findings(untyped=[response] * 10)]) == []
    assert untyped_causes([with_findings(untyped=[response] * 10)]) == {"no schema": 10}
    lost = {**response, "reason": LOST_BY_GENERATOR}
    assert missed([with_findings(untyped=[response, lost])]) == [
        "answers have a type in the document, and none in the package of good"
    ]


def test_a_document_without_a_package_loses_all_its_operations() -> None:
    lost = dataclasses.replace(GOOD, name="lost", generated=False, status=None, identical=None, mypy_errors=None)
    assert totals([lost]).operations == 500
    assert totals([lost]).callable == 0
    assert causes([lost]) == [("out-of-time", 1, 1, 500)]
    assert "no package was made of lost" in missed([GOOD, lost])


def test_names_of_distributions() -> None:
    assert [distribution(n) for n in ("n8n_2.8.4", "32tags", "__")] == [
        "n8n-2-8-4-client",
        "api-32tags-client",
        "document-client",
    ]


def test_a_process_is_measured_with_what_it_started(tmp_path: Path) -> None:
    child = "x = bytearray(60_000_000); import time; time.sleep(0.3)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); print('done'); sys.exit(3)"
    run = measured([sys.executable, "-c", code], limit=20, cwd=tmp_path)
    assert (run.status, run.stdout) == (3, "done\n")
    assert 60 < run.megabytes < 200
    assert 0.3 < run.seconds < 20
    assert 0 < run.processor < 20
    late = measured([sys.executable, "-c", "import time; time.sleep(30)"], limit=0.2, cwd=tmp_path)
    assert late.status is None
    assert late.seconds < 15


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (True, "`true`"),
        ({}, "an empty schema"),
        ({"description": "x"}, "no type"),
        ({"not": {}}, "`not: {}`"),
        ({"$ref": "#/nowhere"}, "its reference leads nowhere"),
        ({"anyOf": [{"type": "string"}, {}]}, "a union with a member without a type (an empty schema)"),
        ({"allOf": [{"description": "x"}]}, "no type"),
        ({"allOf": [{"type": "object"}]}, ""),
        ({"$ref": Document(SPECS / "tea.yaml").component("Order")}, ""),
        ({"items": {}}, ""),
    ],
)
def test_reasons_of_untyped_schemas(schema: Any, why: str) -> None:
    assert reason(Document(SPECS / "tea.yaml"), schema) == why


def test_a_description_is_read_without_the_generator(tmp_path: Path) -> None:
    (tmp_path / "parts.yaml").write_text("item:\n  get: {responses: {200: {description: on}}}\n", encoding="utf-8")
    spec = tmp_path / "openapi.yaml"
    paths = "  /a: {$ref: 'parts.yaml#/item'}\n  x-b: {get: {}}\n  /c: {on: 1, trace: {}, get: no}\n"
    spec.write_text(f"openapi: 3.1.0\npaths:\n{paths}", encoding="utf-8")
    document = Document(spec)
    assert [call.name for call in document.calls] == ["GET /a", "TRACE /c"]
    assert document.responses(document.calls[0]) == {"200": {"description": "on"}}
    assert specs(tmp_path) == {"openapi": spec}
    (tmp_path / "garden").mkdir()
    (tmp_path / "garden" / "ENTRY").write_text("api.yaml\n", encoding="utf-8")
    (tmp_path / "old.json").write_text('{"swagger": "2.0"}', encoding="utf-8")
    assert specs(tmp_path) == {
        "openapi": spec,
        "garden": tmp_path / "garden" / "api.yaml",
        "old": tmp_path / "old.json",
    }
