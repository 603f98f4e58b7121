"""Every wire rule's witness is executed: which findings it gives, and what the old version's client really does.

A witness has `before` and `after` (the shorthand of documents.py), the other rules that the comparison gives (`also`),
and

- either an `answer` that the new server sends (with `status`, `media_type` and `headers`, if these are not 200 and
  JSON), which is one that `after` allows, and what the old client `shows` of it; with `reads`, the class as which it
  reads what is meant as another one;
- or a `call` of the old client, whose request `before` allows; `judged`: whether it is `valid` or `invalid` under
  `after`, which follows from the severity. `client` holds the constructor's arguments, and `granted` how its owner has
  got the token among them;
- or the body of a `webhook`, which is one that `before` or `after` sends, and what the old package `shows` of it; or
  `judged`: whether `after` still sends it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.diff.finding import Finding
from generator.diff.rules import Rule, load_rules
from generator.diff.wire.api import compare
from tests.diff.rules.documents import document, generated, read
from tests.diff.rules.observed import check_answer, judged, sends, sent_request, shown, shown_webhook
from tests.loopback import Loopback, Reply
from tests.packages import imported

ROOT = Path(__file__).parents[3]
RULES = {id_: rule for id_, rule in load_rules().items() if rule.layer == "wire"}
KEYS = {"before", "after", "also", "answer", "status", "media_type", "headers", "shows", "call", "client", "judged"}
KEYS |= {"webhook", "reads", "granted"}
BAD = {"fails", "misreads", "invalid"}
pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning:openapi_core")
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


def plain(rule: Rule) -> dict[str, Any]:
    """The witness without the lines that it comes from."""
    witness: dict[str, Any] = json.loads(json.dumps(rule.witness))
    return witness


@every_rule
def test_the_witness_is_found_under_its_rule(rule: Rule, tmp_path: Path) -> None:
    witness = plain(rule)
    old, new = read(witness["before"], tmp_path / "old"), read(witness["after"], tmp_path / "new")
    findings = list(compare(old, new))
    assert sorted({finding.rule for finding in findings}) == sorted({rule.id, *witness.get("also", ())}), findings
    assert all(finding.place for finding in findings)
    assert all(place.line > 0 for finding in findings for place in (finding.old, finding.new) if place)
    assert list(compare(old, read(witness["before"], tmp_path / "again"))) == []


@every_rule
def test_the_old_client_behaves_as_the_witness_shows(rule: Rule, tmp_path: Path, server: Loopback) -> None:
    witness = plain(rule)
    assert set(witness) <= KEYS
    old = generated(witness["before"], tmp_path)
    operation, module = old.api.operations[0], imported(old, tmp_path)
    call = {"client": witness.get("client", {}), "arguments": {"id": "1", **witness.get("call", {})}}
    request = sent_request(module, operation, call)
    request.granted = witness.get("granted")
    before, after = document(witness["before"]), document(witness["after"])
    assert judged(before, request) == "valid"
    if "webhook" in witness:
        body, webhook = witness["webhook"], old.api.webhooks[0]
        assert sends(before if "judged" in witness else after, webhook, body) == "valid"
        outcome: str = sends(after, webhook, body) if "judged" in witness else shown_webhook(module, webhook, body)
        assert outcome == witness["judged" if "judged" in witness else "shows"]
    elif "judged" in witness:
        outcome = judged(after, request)
        assert outcome == witness["judged"]
    else:
        headers = {"Content-Type": witness.get("media_type", "application/json"), **witness.get("headers", {})}
        reply = Reply(witness.get("status", 200), witness["answer"].encode(), headers)
        check_answer(after, request, reply)
        outcome = shown(module, operation, server, reply, call, witness.get("reads", ""))
        assert outcome == witness["shows"]
    assert (rule.severity == "breaking") == (outcome in BAD)
    assert rule.severity == "attention" or outcome != "tolerated"


def test_every_rule_that_is_found_is_in_a_table(tmp_path: Path) -> None:
    """Compare the two sides of each witness, also in the wrong order, and each side with every eighth of all sides.

    `make torture` compares drawn documents: its subject `pairs`.
    """
    witnesses = [
        [json.dumps(rule.witness[side], sort_keys=True) for side in ("before", "after")] for rule in RULES.values()
    ]
    sides = list(dict.fromkeys(side for witness in witnesses for side in witness))
    packages = {side: read(json.loads(side), tmp_path / str(i)) for i, side in enumerate(sides)}
    pairs = {pair for old, new in witnesses for pair in ((old, new), (new, old))}
    pairs |= {(old, new) for i, old in enumerate(sides) for new in sides[i % 8 :: 8]}
    by_rule: dict[str, Finding] = {}
    for old, new in pairs:
        by_rule |= {finding.rule: finding for finding in compare(packages[old], packages[new])}
    for package in packages.values():
        by_rule |= {f.rule: f for f in (*compare(package, None), *compare(None, package))}
    assert set(by_rule) == set(RULES), {id_: by_rule.get(id_) for id_ in set(by_rule) ^ set(RULES)}


def test_every_rule_s_id_stands_in_the_code_that_reports_it() -> None:
    modules = [path.read_text("utf-8") for path in (ROOT / "generator" / "diff" / "wire").rglob("*.py")]
    nodes = [node for text in modules for node in ast.walk(ast.parse(text))]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert RULES.keys() <= texts  # so none is put together of parts
    firsts = [node.args[:1] for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "Finding"]
    assert {first.value for (first,) in filter(None, firsts) if isinstance(first, ast.Constant)} <= RULES.keys()
